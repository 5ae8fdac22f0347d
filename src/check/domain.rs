//! The domain that a site belongs to, as people register it.

use url::Url;

use super::{Case, Stop};
use crate::facts::{Silence, SilenceKind};

/// The registered domain of a site; an address without a name has none.
pub(super) fn domain_of(url: &Url) -> Option<&str> {
    registered(url.host_str()?)
}

/// The domain that somebody registered, of which a host is a name (Public Suffix List); none for a suffix itself.
pub(super) fn registered(host: &str) -> Option<&str> {
    // An address is no domain: the list would take its last two numbers for one.
    let is_address = host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
    if is_address { None } else { psl::domain_str(host.trim_end_matches('.')) }
}

/// The domain that is looked at for this site, or nothing when the web site stands for it already: several services of one domain
/// would all say the same.
pub(super) fn own_domain<'c>(case: &Case<'c>) -> Result<Option<&'c str>, Stop> {
    let url = case.address()?;
    let Some(domain) = domain_of(url) else {
        return Err(Stop::Silent(Silence::new(SilenceKind::DnsFailed, url)));
    };
    let home = case.hoster.home();
    let told_there = case.site.subject != home.subject && home.url.as_ref().and_then(domain_of) == Some(domain);
    Ok((!told_there).then_some(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_no_domain_and_a_shared_suffix_is_nobodys() {
        for address in ["127.0.0.1", "[::1]"] {
            assert_eq!(registered(address), None);
            assert_eq!(domain_of(&format!("https://{address}/").parse().unwrap()), None);
        }
        assert_eq!(registered("a.github.io"), registered("b.a.github.io"));
        assert_ne!(registered("a.github.io"), registered("b.github.io"));
        assert_eq!(domain_of(&"https://www.a.example./".parse().unwrap()), Some("a.example"));
    }
}

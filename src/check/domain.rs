//! The domain that a site belongs to, as people register it.

use url::Url;

use super::{Case, Stop};
use crate::facts::{Silence, SilenceKind};

/// The registered domain of a site; an address without a name has none.
pub(super) fn domain_of(url: &Url) -> Option<&str> {
    url.domain().and_then(|host| psl::domain_str(host.trim_end_matches('.')))
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

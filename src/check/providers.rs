//! Who is seen behind a site: providers, and how each of them was seen.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use url::Url;

use super::domain::{domain_of, registered};
use super::spf::{Include, spf};
use super::{Case, Stop};
use crate::criteria::{HeaderMark, Provider, Role, pattern_of};
use crate::facts::{Headers, Need, RecordKind, Silence, reverse_name};

/// Addresses of a site whose names are asked for.
const MOST_ADDRESSES: usize = 4;

/// How a provider was seen. What a header field or an SPF record says may come from elsewhere; the other signs are the domain's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    Mx(String),
    Spf(String),
    Ns(String),
    Cname(String),
    /// The part of the address's name that is the provider's: the rest changes with the address.
    Ptr(String),
    Header(String),
}

impl Sign {
    pub(super) fn told(&self) -> String {
        match self {
            Self::Mx(host) => format!("MX {host}"),
            Self::Spf(domain) => format!("SPF {domain}"),
            Self::Ns(host) => format!("NS {host}"),
            Self::Cname(host) => format!("CNAME {host}"),
            Self::Ptr(pattern) => format!("PTR *.{pattern}"),
            Self::Header(name) => format!("HTTP {name}"),
        }
    }

    /// What it shows for certain.
    pub(super) fn shows(&self) -> Shows {
        match self {
            Self::Mx(_) | Self::Cname(_) | Self::Ptr(_) => Shows::Carries,
            Self::Ns(_) => Shows::Answers,
            Self::Spf(_) => Shows::MaySend,
            Self::Header(_) => Shows::Hint,
        }
    }
}

/// How much a sign shows, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shows {
    /// Something between the site and us bears its mark.
    Hint,
    /// It may send mail in the domain's name; whether it receives any is not told.
    MaySend,
    /// It answers for the names.
    Answers,
    /// It carries what people entrust: mail or pages.
    Carries,
}

/// What was seen of a domain or a site, in a stable order.
#[derive(Default)]
pub(super) struct Sights<'a> {
    pub(super) known: BTreeMap<(Role, &'a str), (&'a Provider, BTreeSet<Sign>)>,
    /// Domains of hosts that no list knows, by role.
    pub(super) unknown: BTreeSet<(Role, String)>,
    /// What did not answer.
    pub(super) silence: Option<Silence>,
}

impl<'a> Sights<'a> {
    fn add(&mut self, role: Role, provider: &'a Provider, sign: Sign) {
        self.known.entry((role, &provider.id)).or_insert_with(|| (provider, BTreeSet::new())).1.insert(sign);
    }

    /// What was seen; nothing, and a silence kept, when nobody answered.
    fn heard<T>(&mut self, seen: Result<T, Stop>) -> Result<Option<T>, Stop> {
        match seen {
            Ok(seen) => Ok(Some(seen)),
            Err(Stop::Silent(silence)) => {
                self.silence.get_or_insert(silence);
                Ok(None)
            }
            Err(stop) => Err(stop),
        }
    }

    /// Who receives the mail of a domain, who may send it, who answers for its names.
    pub(super) fn of_domain(&mut self, case: &Case<'a>, domain: &str) -> Result<(), Stop> {
        case.expect([RecordKind::Mx, RecordKind::Ns, RecordKind::Txt].map(|kind| Need::Records(domain.to_owned(), kind)));
        if let Some(records) = self.heard(case.records(domain, RecordKind::Mx))? {
            for host in records.mail_hosts().filter(|host| !is_own(case, host)) {
                self.name(case, Role::Mail, host, |provider| &provider.mx, Sign::Mx);
            }
        }
        if let Some(records) = self.heard(case.records(domain, RecordKind::Ns))? {
            for host in records.names().filter(|host| !is_own(case, host)) {
                self.name(case, Role::NameServers, host, |provider| &provider.ns, Sign::Ns);
            }
        }
        // Whom a provider lets send in turn is its choice: it would be unjust to tell that of its customer.
        let own = |by: &str| registered(by) == registered(domain) || is_own(case, by);
        let includes = self.heard(spf(case, domain))?.flatten().into_iter().flat_map(|spf| spf.includes);
        for Include { name, .. } in includes.filter(|include| own(&include.by)) {
            if let Some((provider, _)) = find(case, &name, |provider| &provider.spf) {
                self.add(Role::Mail, provider, Sign::Spf(name));
            }
        }
        Ok(())
    }

    fn name(&mut self, case: &Case<'a>, role: Role, host: &str, patterns: fn(&Provider) -> &Vec<String>, sign: fn(String) -> Sign) {
        match find(case, host, patterns) {
            Some((provider, _)) => self.add(role, provider, sign(host.to_owned())),
            None if host.is_empty() => {}
            None => {
                self.unknown.insert((role, registered(host).unwrap_or(host).to_owned()));
            }
        }
    }

    /// Where a site leads: its aliases, and the names of its addresses.
    pub(super) fn of_host(&mut self, case: &Case<'a>, url: &Url) -> Result<(), Stop> {
        let Some(host) = url.domain() else { return Ok(()) };
        let Some(records) = self.heard(case.records(host, RecordKind::A))? else { return Ok(()) };
        for alias in records.aliases.iter().filter(|alias| !is_own(case, alias)) {
            if let Some((provider, _)) = find(case, alias, |provider| &provider.cname) {
                self.add(serving(provider), provider, Sign::Cname(alias.clone()));
            }
        }
        let addresses: Vec<IpAddr> = records.addresses().take(MOST_ADDRESSES).collect();
        case.expect(addresses.iter().map(|address| Need::Records(reverse_name(*address), RecordKind::Ptr)));
        for address in addresses {
            // Many an address has no name, and its name server no voice: that tells nothing.
            let names = match case.records(&reverse_name(address), RecordKind::Ptr) {
                Ok(records) => records,
                Err(Stop::Silent(_)) => continue,
                Err(stop) => return Err(stop),
            };
            for name in names.names().filter(|name| !is_own(case, name)) {
                if let Some((provider, pattern)) = find(case, name, |provider| &provider.ptr) {
                    self.add(serving(provider), provider, Sign::Ptr(pattern.to_owned()));
                }
            }
        }
        Ok(())
    }

    /// What the answer itself bears, even when it refuses the page.
    pub(super) fn of_headers(&mut self, case: &Case<'a>, url: &Url) -> Result<(), Stop> {
        let Some(exchange) = self.heard(case.hop(url))? else { return Ok(()) };
        for provider in &case.charter.providers {
            if let Some(mark) = mark_of(provider, &exchange.headers) {
                self.add(serving(provider), provider, Sign::Header(mark.name.clone()));
            }
        }
        Ok(())
    }
}

/// What it does for whom a site leads to it.
fn serving(provider: &Provider) -> Role {
    if provider.role == Role::ContentNetwork { Role::ContentNetwork } else { Role::Hosting }
}

/// The provider that a host belongs to, and the pattern that says so; the longest wins.
fn find<'a>(case: &Case<'a>, host: &str, patterns: fn(&Provider) -> &Vec<String>) -> Option<(&'a Provider, &'a str)> {
    longest(&case.charter.providers, host, patterns)
}

fn longest<'a>(providers: &'a [Provider], host: &str, patterns: fn(&Provider) -> &Vec<String>) -> Option<(&'a Provider, &'a str)> {
    let known = providers.iter().filter_map(|provider| Some((provider, pattern_of(patterns(provider), host)?)));
    known.max_by_key(|(_, pattern)| pattern.len())
}

/// A field that bears its mark.
fn mark_of<'p>(provider: &'p Provider, headers: &Headers) -> Option<&'p HeaderMark> {
    let holds = |value: &String, word: &str| value.to_ascii_lowercase().contains(word);
    provider.headers.iter().find(|mark| {
        let values = headers.get(&mark.name);
        values.is_some_and(|values| values.iter().any(|value| mark.holds.as_deref().is_none_or(|word| holds(value, word))))
    })
}

/// A host of the hoster itself.
fn is_own(case: &Case<'_>, host: &str) -> bool {
    let own = case.hoster.sites.iter().filter(|site| !site.customers).filter_map(|site| domain_of(site.url.as_ref()?));
    registered(host).is_some_and(|domain| own.into_iter().any(|own| own == domain))
}

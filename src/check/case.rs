//! One subject before one check: what it may ask, and what has been seen so far.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use url::Url;

use super::domain::domain_of;
use super::{Facts, Finding};
use crate::criteria::Charter;
use crate::day::Day;
use crate::facts::{
    Authority, Body, Certificate, Door, Exchange, Fact, MOST_REDIRECTS, Need, Protocols, RecordKind, Records, Seen, Signature, Silence,
    SilenceKind,
};
use crate::hoster::{Hoster, Site};

/// Why a check stops before it has judged; `?` hands it on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// A fact has not been seen yet: the engine goes to look and judges again.
    Wanting,
    /// Nobody answered: law 1, this is never a verdict.
    Silent(Silence),
    /// The site belongs to customers, for whom a hoster does not answer; with what was seen there, for information.
    CustomersSite(Vec<Finding>),
}

/// One subject before one check. A check asks by using: `case.page(url)?` gives the page or leaves the check.
pub struct Case<'a> {
    pub charter: &'a Charter,
    pub hoster: &'a Hoster,
    pub site: &'a Site,
    /// The day of the audit. Time is an input.
    pub today: Day,
    pub(super) facts: &'a Facts,
    wanted: RefCell<BTreeSet<Need>>,
    /// Of what is wanted, that without which the check could not go on.
    missed: RefCell<BTreeSet<Need>>,
}

impl<'a> Case<'a> {
    pub fn new(charter: &'a Charter, hoster: &'a Hoster, site: &'a Site, today: Day, facts: &'a Facts) -> Self {
        Self { charter, hoster, site, today, facts, wanted: RefCell::default(), missed: RefCell::default() }
    }

    /// Does something, and tells apart what it asked for.
    pub(super) fn asking<T>(&self, work: impl FnOnce() -> T) -> (T, BTreeSet<Need>) {
        let before = self.wanted.take();
        let done = work();
        (done, self.wanted.replace(before))
    }

    /// Asks for what was asked for apart.
    pub(super) fn want(&self, needs: BTreeSet<Need>) {
        self.wanted.borrow_mut().extend(needs);
    }

    /// What was asked for and has not been seen.
    pub fn wanted(&self) -> BTreeSet<Need> {
        self.wanted.take()
    }

    /// Of this, that at which the check stopped: only its arrival lets it go further.
    pub fn missed(&self) -> BTreeSet<Need> {
        self.missed.take()
    }

    /// The address of the site under audit.
    pub fn address(&self) -> Result<&'a Url, Stop> {
        match (&self.site.url, self.site.customers) {
            (Some(url), false) => Ok(url),
            _ => Err(Stop::CustomersSite(Vec::new())),
        }
    }

    /// The front page of a site of customers: nothing else of theirs is asked for. One that is silent, or that leads to
    /// another site, tells nothing.
    pub fn customers_front(&self) -> Result<Arc<Exchange>, Stop> {
        let nothing = || Stop::CustomersSite(Vec::new());
        let url = self.site.url.as_ref().ok_or_else(nothing)?;
        match self.page(url) {
            Ok(page) if same_site(url, page.url()) => Ok(page),
            Err(Stop::Wanting) => Err(Stop::Wanting),
            _ => Err(nothing()),
        }
    }

    /// The front page of the site under audit, redirects followed.
    pub fn front(&self) -> Result<Arc<Exchange>, Stop> {
        self.page(self.address()?)
    }

    /// A page that answers 2xx, redirects followed; anything else is a silence with its reason.
    pub fn page(&self, url: &Url) -> Result<Arc<Exchange>, Stop> {
        let exchange = self.visit(url)?;
        match exchange.status {
            200..=299 if exchange.body.is_blank() => Err(silent(SilenceKind::EmptyPage, url)),
            200..=299 => Ok(exchange),
            status => Err(silent(SilenceKind::HttpError(status), url)),
        }
    }

    /// The same, for a page that must show its words without a program; a browser may have run that program.
    pub fn readable(&self, url: &Url) -> Result<Arc<Exchange>, Stop> {
        let exchange = self.page(url)?;
        if exchange.page().needs_javascript() { self.lived(exchange.url()) } else { Ok(exchange) }
    }

    /// An answer, redirects followed: 2xx, or a 404 or 410 that says that there is no such page. Other answers tell
    /// nothing about the page and are silences.
    pub fn visit(&self, url: &Url) -> Result<Arc<Exchange>, Stop> {
        let mut at = url.clone();
        at.set_fragment(None);
        for _ in 0..=MOST_REDIRECTS {
            let exchange = self.hop(&at)?;
            match exchange.location().or_else(|| exchange.refresh()) {
                Some(next) => at = next,
                None => return understood(exchange, &at),
            }
        }
        Err(silent(SilenceKind::RedirectLoop, url))
    }

    /// Every hop that leads to an answer, that one last; to be asked after [`Case::visit`], which tells of loops.
    pub fn way(&self, url: &Url) -> Result<Vec<Arc<Exchange>>, Stop> {
        let mut at = url.clone();
        at.set_fragment(None);
        let mut way = Vec::new();
        for _ in 0..=MOST_REDIRECTS {
            let exchange = self.hop(&at)?;
            let next = exchange.location().or_else(|| exchange.refresh());
            way.push(exchange);
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        Ok(way)
    }

    /// One request and its answer, whatever it is; redirects are not followed.
    pub fn hop(&self, url: &Url) -> Result<Arc<Exchange>, Stop> {
        self.knock(url)?.map_err(Stop::Silent)
    }

    /// For the few checks to which silence is itself the answer (is plain HTTP closed?): it is told, not handed on.
    pub fn knock(&self, url: &Url) -> Result<Result<Arc<Exchange>, Silence>, Stop> {
        Ok(match self.seen(Need::Exchange(url.clone()))? {
            Ok(Fact::Exchange(exchange)) => Ok(Arc::clone(exchange)),
            Ok(_) => unreachable!("an exchange is brought back for an exchange"),
            Err(silence) => Err(silence.clone()),
        })
    }

    pub fn certificate(&self, authority: &Authority) -> Result<Arc<Certificate>, Stop> {
        match self.seen(Need::Certificate(authority.clone()))? {
            Ok(Fact::Certificate(certificate)) => Ok(Arc::clone(certificate)),
            Ok(_) => unreachable!("a certificate is brought back for a certificate"),
            Err(silence) => Err(Stop::Silent(silence.clone())),
        }
    }

    pub fn protocols(&self, authority: &Authority) -> Result<Arc<Protocols>, Stop> {
        match self.seen(Need::Protocols(authority.clone()))? {
            Ok(Fact::Protocols(protocols)) => Ok(Arc::clone(protocols)),
            Ok(_) => unreachable!("versions are brought back for versions"),
            Err(silence) => Err(Stop::Silent(silence.clone())),
        }
    }

    pub fn addresses(&self, name: &str) -> Result<Arc<[IpAddr]>, Stop> {
        match self.seen(Need::Addresses(name.to_owned()))? {
            Ok(Fact::Addresses(addresses)) => Ok(Arc::clone(addresses)),
            Ok(_) => unreachable!("addresses are brought back for a name"),
            Err(silence) => Err(Stop::Silent(silence.clone())),
        }
    }

    pub fn ipv6_door(&self, authority: &Authority) -> Result<Door, Stop> {
        match self.seen(Need::Ipv6(authority.clone()))? {
            Ok(Fact::Ipv6(door)) => Ok(*door),
            Ok(_) => unreachable!("a door is brought back for a door"),
            Err(silence) => Err(Stop::Silent(silence.clone())),
        }
    }

    pub fn records(&self, name: &str, kind: RecordKind) -> Result<Arc<Records>, Stop> {
        match self.seen(Need::Records(name.to_owned(), kind))? {
            Ok(Fact::Records(records)) => Ok(Arc::clone(records)),
            Ok(_) => unreachable!("records are brought back for records"),
            Err(silence) => Err(Stop::Silent(silence.clone())),
        }
    }

    pub fn signature(&self, domain: &str) -> Result<Signature, Stop> {
        match self.seen(Need::Signature(domain.to_owned()))? {
            Ok(Fact::Signature(signature)) => Ok(*signature),
            Ok(_) => unreachable!("a signature is brought back for a domain"),
            Err(silence) => Err(Stop::Silent(silence.clone())),
        }
    }

    /// Stops here until these have come.
    pub(super) fn lack(&self, needs: impl IntoIterator<Item = Need>) -> Stop {
        for need in needs {
            self.missed.borrow_mut().insert(need.clone());
            self.wanted.borrow_mut().insert(need);
        }
        Stop::Wanting
    }

    /// Asks for several things at once, so that they are looked at side by side; each is then read in its turn.
    pub fn expect(&self, needs: impl IntoIterator<Item = Need>) {
        for need in needs {
            if !self.facts.contains_key(&need) {
                self.wanted.borrow_mut().insert(need);
            }
        }
    }

    pub(super) fn seen(&self, need: Need) -> Result<&'a Seen, Stop> {
        let Some(seen) = self.facts.get(&need) else {
            return Err(self.lack([need]));
        };
        Ok(seen)
    }
}

/// The same place under that scheme, on its usual port.
pub fn with_scheme(url: &Url, scheme: &str) -> Url {
    let mut other = url.clone();
    if url.scheme() != scheme {
        other.set_scheme(scheme).expect("http and https take each other's place");
        other.set_port(None).expect("a web address has a port");
    }
    other
}

/// Same host, or same registrable domain (Public Suffix List).
pub fn same_site(a: &Url, b: &Url) -> bool {
    a.host_str() == b.host_str() || domain_of(a).is_some_and(|domain| domain_of(b) == Some(domain))
}

/// An answer from which something can be learnt about the page; a challenge, a refusal or a breakdown is a silence.
fn understood(exchange: Arc<Exchange>, url: &Url) -> Result<Arc<Exchange>, Stop> {
    if exchange.body == Body::TooLarge {
        return Err(silent(SilenceKind::TooLarge, url));
    }
    if is_challenge(&exchange) {
        return Err(silent(SilenceKind::Challenge, url));
    }
    match exchange.status {
        200..=299 | 404 | 410 => Ok(exchange),
        status => Err(silent(SilenceKind::HttpError(status), url)),
    }
}

/// What stands in the pages by which anti-robot services greet a program.
const CHALLENGES: [&str; 6] = [
    "/cdn-cgi/challenge-platform/",
    "<title>Just a moment...</title>",
    "Making sure you're not a bot!",
    "id=\"anubis_challenge\"",
    "<title>DDoS-Guard</title>",
    "_Incapsula_Resource",
];

/// A page that wants to know whether a person is reading.
fn is_challenge(exchange: &Exchange) -> bool {
    if exchange.header("cf-mitigated").is_some_and(|value| value == "challenge") {
        return true;
    }
    let short = exchange.text().len() < 50_000;
    short && CHALLENGES.iter().any(|mark| exchange.text().contains(mark)) && exchange.page().links.len() < 5
}

fn silent(kind: SilenceKind, place: impl std::fmt::Display) -> Stop {
    Stop::Silent(Silence::new(kind, place))
}

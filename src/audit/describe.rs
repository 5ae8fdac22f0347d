//! Describes a hoster that nobody has described yet, from its site alone.

use std::collections::BTreeMap;

use url::Url;

use crate::check::{Case, Facts, Stop, propose, survey};
use crate::criteria::Charter;
use crate::day::Day;
use crate::facts::{Observer, Silence, SilenceKind};
use crate::hoster::{Hoster, HosterId, Offer, Proposal, Site, Subject};

/// What the site proposes; or why it could not be read.
pub fn describe(charter: &Charter, website: &Url, edition: &str, today: Day, observer: &mut dyn Observer) -> Result<Proposal, Silence> {
    let mut facts = Facts::new();
    let host = website.host_str().unwrap_or_default();
    let stranger = hoster("stranger", host, website, edition, &[]);
    let seen = settle(charter, &stranger, today, &mut facts, observer, survey)?;
    let name = seen.name.as_ref().map_or(host, |name| &name.value);
    let known = hoster("known", name, website, edition, &seen.offers);
    settle(charter, &known, today, &mut facts, observer, |case| propose(case, &seen))
}

/// The finder keeps what it found by the id of a hoster: each look has its own.
fn hoster(id: &str, name: &str, website: &Url, edition: &str, offers: &[Offer]) -> Hoster {
    let site =
        |subject, name: &str, url: &Url| Site { subject, name: name.to_owned(), url: Some(url.clone()), software: None, customers: false };
    let services = offers.iter().map(|offer| site(Subject::Service(offer.id.clone()), &offer.name, &offer.url));
    let id: HosterId = id.parse().expect("a name made here");
    Hoster {
        id,
        name: name.to_owned(),
        legal_form: None,
        country: None,
        employees: None,
        edition: edition.to_owned(),
        hosting: None,
        documents: BTreeMap::new(),
        keep: Vec::new(),
        sites: std::iter::once(site(Subject::Hoster, name, website)).chain(services).collect(),
    }
}

/// Asks for what is wanted until nothing is; a fact that has been seen is never asked for again.
fn settle<T>(
    charter: &Charter,
    hoster: &Hoster,
    today: Day,
    facts: &mut Facts,
    observer: &mut dyn Observer,
    work: impl Fn(&Case<'_>) -> Result<T, Stop>,
) -> Result<T, Silence> {
    loop {
        let case = Case::new(charter, hoster, hoster.home(), today, facts);
        let done = work(&case);
        let wanted = case.wanted();
        match done {
            Ok(done) => return Ok(done),
            Err(Stop::Silent(silence)) => return Err(silence),
            Err(Stop::CustomersSite(_)) => unreachable!("a hoster's own site is its own"),
            Err(Stop::Wanting) => {}
        }
        assert!(!wanted.is_empty(), "a look that waits has asked for something");
        let mut arrived = 0;
        for need in wanted {
            observer.ask(need);
        }
        while let Some((need, seen)) = observer.next() {
            facts.insert(need, seen);
            arrived += 1;
        }
        if arrived == 0 {
            return Err(Silence::new(SilenceKind::NotAsked, hoster.home().url.as_ref().expect("a hoster has a web site")));
        }
    }
}

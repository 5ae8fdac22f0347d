//! The places looked at for one kind of document, and what they came to.

use std::sync::Arc;

use url::Url;

use super::evidence::Evidence;
use super::ground::{Ground, frames, nowhere, settle};
use super::hint::{Candidate, Hint};
use super::same::{is_home, is_the_same_page};
use super::{Document, Doubt, How, MOST_ORIGINS, Search};
use crate::check::{Case, Stop};
use crate::criteria::DocumentKind;
use crate::facts::{Body, Exchange, Silence, SilenceKind};

pub(super) struct Visits<'v> {
    case: &'v Case<'v>,
    kind: &'v DocumentKind,
    ground: &'v Ground,
    looked_at: Vec<Url>,
    dead: Vec<Url>,
    declared_dead: Option<Url>,
    /// Places that did not answer, with what was said of them.
    silences: Vec<(Silence, How, Hint)>,
    unsure: bool,
    doubtful: Option<(Url, Doubt)>,
    found: Vec<Found>,
    /// Pages that were read and were not it, with their score.
    others: Vec<(Url, u32)>,
    /// What other hosts answer where nothing can be.
    lost: Vec<Arc<Exchange>>,
}

struct Found {
    exchange: Arc<Exchange>,
    how: How,
    evidence: Evidence,
}

impl<'v> Visits<'v> {
    pub(super) fn new(case: &'v Case<'v>, kind: &'v DocumentKind, ground: &'v Ground) -> Self {
        Self {
            case,
            kind,
            ground,
            looked_at: Vec::new(),
            dead: Vec::new(),
            declared_dead: None,
            silences: Vec::new(),
            unsure: false,
            doubtful: None,
            found: Vec::new(),
            others: Vec::new(),
            lost: Vec::new(),
        }
    }

    /// Visits all of these places, or waits for all of them.
    pub(super) fn visit(&mut self, candidates: Vec<Candidate>) -> Result<(), Stop> {
        let fresh: Vec<Candidate> = candidates.into_iter().filter(|candidate| self.is_fresh(candidate)).collect();
        let seen = settle(self.case, fresh.iter().map(|candidate| &candidate.url))?;
        self.lose(seen.iter().flatten())?;
        for (candidate, seen) in fresh.into_iter().zip(seen) {
            if !self.looked_at.contains(&candidate.url) {
                self.looked_at.push(candidate.url.clone());
            }
            match seen {
                Ok(exchange) => self.weigh(&candidate, exchange)?,
                Err(silence) => self.silent(silence, &candidate),
            }
        }
        Ok(())
    }

    pub(super) fn has_found(&self) -> bool {
        !self.found.is_empty()
    }

    /// Something is named as that document, whether it can be read or not.
    pub(super) fn has_named(&self) -> bool {
        self.doubtful.is_some() || !self.silences.is_empty()
    }

    /// Nothing better is to be expected elsewhere.
    pub(super) fn is_sure(&self) -> bool {
        self.found.iter().any(|found| found.evidence.is_sure(found.how)) || self.silences.iter().any(|(_, how, _)| *how == How::Declared)
    }

    pub(super) fn conclude(mut self) -> Result<Search, Stop> {
        // The best score; of equals, the one that was told first.
        let rank = |found: &Found| (found.how == How::Declared, found.evidence.score());
        self.found.sort_by_key(|found| std::cmp::Reverse(rank(found)));
        let mut found = self.found.into_iter();
        if let Some(best) = found.next() {
            let louder = |(_, how, hint): &&(Silence, How, Hint)| {
                best.how != How::Declared && (*how == How::Declared || hint.exact && !best.evidence.hint.strong)
            };
            if let Some((silence, ..)) = self.silences.iter().find(louder) {
                return Err(Stop::Silent(silence.clone()));
            }
            let second = found.map(|found| (found.exchange.url().clone(), found.evidence.score())).chain(self.others);
            let second = second.filter(|(url, score)| url != best.exchange.url() && *score > 0);
            let runner_up = second.reduce(|best, next| if next.1 > best.1 { next } else { best });
            let Found { exchange, how, evidence } = best;
            let (home, dead) = (Arc::clone(&self.ground.home), self.declared_dead);
            return Ok(Search::Found(Document { exchange, how, evidence, runner_up, home, dead }));
        }
        if let Some((url, doubt)) = self.doubtful {
            return Ok(Search::Doubtful(url, doubt));
        }
        if let Some((silence, ..)) = self.silences.into_iter().next() {
            // The hoster names the place, and the place does not answer: the document is probably there.
            return Err(Stop::Silent(silence));
        }
        Ok(Search::Absent { looked_at: self.looked_at, dead: self.dead, unsure: self.unsure })
    }

    fn is_fresh(&self, candidate: &Candidate) -> bool {
        !self.looked_at.contains(&candidate.url) || candidate.hint == Hint::default()
    }

    /// Asks other hosts of the hoster what they answer where nothing can be.
    fn lose<'e>(&mut self, seen: impl Iterator<Item = &'e Arc<Exchange>>) -> Result<(), Stop> {
        let mut places: Vec<Url> = Vec::new();
        for exchange in seen.filter(|exchange| exchange.status == 200 && self.ground.is_own(exchange.url())) {
            let place = nowhere(exchange.url());
            let known = |other: &Url| other.host() == place.host();
            let asked = self.lost.iter().filter_map(|lost| lost.url.as_ref()).any(known);
            if !known(self.ground.home.url()) && !asked && !places.iter().any(known) {
                places.push(place);
            }
        }
        places.truncate(MOST_ORIGINS);
        self.lost.extend(settle(self.case, places.iter())?.into_iter().flatten());
        Ok(())
    }

    fn weigh(&mut self, candidate: &Candidate, exchange: Arc<Exchange>) -> Result<(), Stop> {
        let (how, hint) = (candidate.how, candidate.hint);
        let guessed = is_guess(how);
        if exchange.status != 200 {
            if !guessed && self.ground.is_own(&candidate.url) {
                self.is_dead(candidate);
            }
            return Ok(());
        }
        if !self.ground.is_own(exchange.url()) && how != How::Declared && !self.ground.is_named_in(&self.case.facts.notes.text(&exchange)) {
            return Ok(());
        }
        if exchange.body == Body::Binary && !guessed {
            self.silences.push((Silence::new(SilenceKind::Unreadable, exchange.url()), how, hint));
            return Ok(());
        }
        let reading = self.case.facts.notes.reading(&exchange, self.kind);
        let evidence = Evidence::new(hint, reading);
        let one_page = is_home(&exchange, &self.ground.home) && exchange.url() == self.ground.home.url() && reading.is_titled();
        if !one_page && self.is_lost(&exchange) {
            if !guessed && hint.total() > 0 || how == How::Declared {
                self.is_dead(candidate);
            }
            // An empty shell for every address may hold anything.
            self.unsure |= guessed && exchange.page().needs_javascript();
            return Ok(());
        }
        match evidence.doubt(&exchange, how) {
            None => self.found.push(Found { exchange, how, evidence }),
            Some(doubt) => self.doubt(candidate, &exchange, evidence, doubt)?,
        }
        Ok(())
    }

    fn doubt(&mut self, candidate: &Candidate, exchange: &Exchange, evidence: Evidence, doubt: Doubt) -> Result<(), Stop> {
        let (how, hint) = (candidate.how, candidate.hint);
        if doubt == Doubt::TooShort {
            for frame in frames(self.case, exchange)? {
                let evidence = Evidence::new(hint, self.case.facts.notes.reading(&frame, self.kind));
                if evidence.doubt(&frame, how).is_none() {
                    self.found.push(Found { exchange: frame, how, evidence });
                    return Ok(());
                }
            }
        }
        let named = matches!(how, How::Declared | How::Application) || hint.exact || hint.strong && hint.path > 0;
        let told = match doubt {
            // What an address promises, a page that cannot be read does not deny.
            _ if is_guess(how) => doubt == Doubt::TooShort && evidence.title() == 3,
            Doubt::Unlike => named && self.ground.is_own(exchange.url()),
            _ => named || hint.strong,
        };
        if told {
            self.doubtful.get_or_insert((candidate.url.clone(), doubt));
        } else {
            self.others.push((exchange.url().clone(), evidence.score()));
        }
        Ok(())
    }

    fn is_lost(&self, exchange: &Exchange) -> bool {
        let elsewhere = self.lost.iter().filter(|lost| lost.url().host() == exchange.url().host());
        self.ground.is_lost(exchange) || elsewhere.into_iter().any(|lost| is_the_same_page(exchange, lost, &self.ground.home))
    }

    fn is_dead(&mut self, candidate: &Candidate) {
        if candidate.how == How::Declared {
            self.declared_dead = Some(candidate.url.clone());
        }
        if candidate.how == How::Declared || candidate.hint.strong {
            self.dead.push(candidate.url.clone());
        }
    }

    fn silent(&mut self, silence: Silence, candidate: &Candidate) {
        let hint = candidate.hint;
        if candidate.how == How::Declared || !is_guess(candidate.how) && (hint.strong || hint.exact) {
            self.silences.push((silence, candidate.how, hint));
        } else {
            self.unsure = true;
        }
    }
}

/// Nobody of the hoster said that it is there.
fn is_guess(how: How) -> bool {
    matches!(how, How::Sitemap | How::SisterHost | How::UsualAddress)
}

//! What a site says of its hoster, for whoever describes it: no check, but it asks as checks do.
//!
//! Two looks: [`survey`] reads the home page and the page of the services; [`propose`] then sees the hoster with these services,
//! as a run will.

mod legal;
mod naming;
mod offers;

use std::collections::BTreeSet;
use std::sync::Arc;

use url::Url;

use super::case::same_site;
use super::finder::{How, Search, find};
use super::identify::identify;
use super::{Case, Stop};
use crate::criteria::DocumentKind;
use crate::facts::{Body, Exchange};
use crate::hoster::{Offer, Proposal, Quoted, Site};

/// What the first look brings.
#[derive(Debug, Clone)]
pub struct Survey {
    pub name: Option<Quoted<String>>,
    pub offers: Vec<Offer>,
    aside: Vec<Url>,
    /// Offers below the site's own host: services only where another program answers.
    paths: BTreeSet<String>,
}

/// Kinds of documents that say who the hoster is, the surest first.
const TELLING: [&str; 5] = ["legal", "terms", "about", "privacy", "contact"];

/// The services that the site links to, and its name. The home page must answer.
pub fn survey(case: &Case<'_>) -> Result<Survey, Stop> {
    let home = case.readable(case.address()?)?;
    let listed = match case.charter.document("services").map(|kind| find(case, kind)) {
        Some(Ok(Search::Found(document))) => Some(document.exchange),
        Some(Err(Stop::Wanting)) => return Err(Stop::Wanting),
        _ => None,
    };
    let pages: Vec<Arc<Exchange>> = listed.into_iter().chain([Arc::clone(&home)]).collect();
    let found = offers::offers(case, &home, &pages);
    Ok(Survey { name: naming::name(&home), offers: found.services, aside: found.aside, paths: found.paths })
}

/// What is proposed, once the services of a survey are the services of the hoster, in the same order.
pub fn propose(case: &Case<'_>, survey: &Survey) -> Result<Proposal, Stop> {
    let home = case.readable(case.address()?)?;
    let mut proposal = Proposal::bare(case.address()?.clone(), &case.hoster.edition);
    let mut wanting = false;
    let mut ready = |stop: &Stop| wanting |= *stop == Stop::Wanting;
    let own: Vec<String> = match identify(case, case.hoster.home()) {
        Ok(seen) => seen
            .programs
            .iter()
            .map(|program| {
                if !program.software.platform && proposal.software.is_none() {
                    proposal.software = Some((program.software.id.clone(), program.at.clone()));
                }
                program.software.id.clone()
            })
            .collect(),
        Err(stop) => {
            ready(&stop);
            Vec::new()
        }
    };
    let mut telling = Vec::new();
    for kind in &case.charter.documents {
        match find(case, kind) {
            Ok(search) => note(&mut proposal, &mut telling, kind, search),
            Err(stop) => ready(&stop),
        }
    }
    for (offer, site) in survey.offers.iter().zip(case.hoster.services()) {
        match look(case, &home, offer, site) {
            Ok(Some(offer)) => {
                let below = survey.paths.contains(&offer.id);
                let other = offer.software.as_ref().is_some_and(|(software, _)| !own.contains(software));
                if !below || other {
                    proposal.services.push(offer);
                }
            }
            Ok(None) => {}
            Err(stop) => ready(&stop),
        }
    }
    if wanting {
        return Err(Stop::Wanting);
    }
    telling.sort_by_key(|(rank, _)| *rank);
    let pages: Vec<Arc<Exchange>> = telling.into_iter().map(|(_, page)| page).chain([Arc::clone(&home)]).collect();
    proposal.name.clone_from(&survey.name);
    proposal.language.clone_from(&home.page().lang);
    let said = legal::read(case, &pages, survey.name.as_ref().map(|name| name.value.as_str()));
    (proposal.legal_forms, proposal.country, proposal.hosting) = (said.forms, said.country, said.hosting);
    proposal.aside.clone_from(&survey.aside);
    Ok(proposal)
}

fn note(proposal: &mut Proposal, telling: &mut Vec<(usize, Arc<Exchange>)>, kind: &DocumentKind, search: Search) {
    let Search::Found(document) = search else {
        proposal.missing.push(kind.name.clone());
        return;
    };
    let hard = matches!(document.how, How::Sitemap | How::SisterHost | How::UsualAddress);
    proposal.documents.push((kind.id.clone(), kind.name.clone(), document.exchange.url().clone(), hard));
    let rank = TELLING.iter().position(|telling| *telling == kind.id);
    let fresh = telling.iter().all(|(_, page)| page.url() != document.exchange.url());
    if let Some(rank) = rank.filter(|_| fresh && document.exchange.body != Body::Binary) {
        telling.push((rank, document.exchange));
    }
}

/// A service once it was visited; nothing when it leads back to the site, or to others.
fn look<'a>(case: &Case<'a>, home: &Exchange, offer: &Offer, site: &'a Site) -> Result<Option<Offer>, Stop> {
    let mut offer = offer.clone();
    match case.visit(&offer.url) {
        Ok(front) => {
            let back = front.url().host() == home.url().host() && offer.url.host() != home.url().host();
            if back || !same_site(front.url(), &offer.url) {
                return Ok(None);
            }
        }
        Err(Stop::Silent(silence)) => offer.silent = Some(silence.because()),
        Err(stop) => return Err(stop),
    }
    match identify(case, site) {
        Ok(seen) => {
            let certain = seen.programs.iter().find(|program| !program.software.platform);
            offer.software = certain.map(|program| (program.software.id.clone(), program.at.clone()));
        }
        Err(Stop::Wanting) => return Err(Stop::Wanting),
        Err(_) => {}
    }
    Ok(Some(offer))
}

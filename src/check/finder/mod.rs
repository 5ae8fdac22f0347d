//! Where a hoster publishes a kind of document: declared, linked, named by a program or a sitemap, or at a usual address.
//!
//! Stages, each looked at only when those before it found nothing sure: what is declared; links of the home page and of each
//! service, and what the services' programs name; pages that lead to others (two clicks); the sitemap and sister hosts; usual
//! addresses. A score decides among what was read: see [`Evidence`].

mod evidence;
mod front;
mod ground;
mod hint;
mod notes;
mod same;
mod usual;
mod visits;

use std::rc::Rc;
use std::sync::Arc;

use url::Url;

use super::{Case, Stop};
use crate::criteria::{Charter, DocumentKind};
use crate::facts::{Exchange, Need};

pub(super) use evidence::Evidence;
pub(super) use front::Fronts;
pub(super) use ground::Ground;
use hint::{Candidate, Hint};
pub(super) use hint::{Promise, best_links, is_post};
pub(super) use notes::{Notes, SearchablePassage};
use visits::Visits;

/// What the search for a document came to.
#[derive(Clone)]
pub(super) enum Search {
    Found(Document),
    /// A page is there, but it is not that document for sure.
    Doubtful(Url, Doubt),
    Absent {
        /// Places that were looked at.
        looked_at: Vec<Url>,
        /// Places that should lead to it and lead nowhere.
        dead: Vec<Url>,
        /// A place did not answer, so the document may be there.
        unsure: bool,
    },
}

#[derive(Clone)]
pub(super) struct Document {
    pub(super) exchange: Arc<Exchange>,
    pub(super) how: How,
    pub(super) evidence: Evidence,
    /// The page that came second, and its score.
    pub(super) runner_up: Option<(Url, u32)>,
    /// The page that the search started from.
    pub(super) home: Arc<Exchange>,
    /// The address of `hoster.toml`, when it leads nowhere.
    pub(super) dead: Option<Url>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    Declared,
    Linked,
    FromService,
    /// The program of a service names it.
    Application,
    TwoClicks,
    Sitemap,
    SisterHost,
    UsualAddress,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    TooShort,
    NeedsJavascript,
    /// A login form stands in its place.
    Login,
    /// It is linked as that document, and does not look like it.
    Unlike,
}

/// Neither a page nor a host is ever called so: what a site answers there, it answers where nothing is.
pub(super) const NOWHERE: &str = "chatons-audit-nothing-is-here";

/// Links that are followed for one kind of document, at each stage.
const MOST_LINKS: usize = 3;
/// Addresses that are tried for one kind of document when nothing names it.
const MOST_GUESSES: usize = 8;
/// Pages that are read for the sake of their links.
const MOST_HUBS: usize = 8;
/// A page with less text than this and a frame shows the frame.
const LITTLE_TEXT: usize = 200;
/// Frames that are read for a page that has no words of its own.
const MOST_FRAMES: usize = 3;
/// Pages of a sitemap that are tried for one kind of document.
const MOST_MAPPED: usize = 2;
/// Parts of a sitemap that are read.
const MOST_MAPS: usize = 3;
/// Hosts on which a place where nothing can be is asked for.
const MOST_ORIGINS: usize = 3;

/// The most requests that the search for all documents of a hoster with so many services makes, redirects and frames aside. Most
/// pages are asked for once for many kinds, and usual addresses only for what nothing else names: it takes far fewer as a rule.
pub fn budget(charter: &Charter, services: usize) -> usize {
    let shared = 3 + services + MOST_FRAMES + MOST_HUBS + 2 + MOST_MAPS + MOST_MAPS - 1 + MOST_ORIGINS;
    let one = |kind: &DocumentKind| {
        let applications = if kind.applications.is_empty() { 0 } else { 2 * services };
        1 + applications + 2 * MOST_LINKS + MOST_MAPPED + kind.hosts.len() + if kind.paths.is_empty() { 0 } else { MOST_GUESSES }
    };
    shared + charter.documents.iter().map(one).sum::<usize>()
}

/// Looks for a kind of document of the hoster. The home page must answer, or nothing can be said.
pub(super) fn find(case: &Case<'_>, kind: &DocumentKind) -> Result<Search, Stop> {
    case.facts.documents.once(case, &kind.id, || search(case, kind))
}

fn search(case: &Case<'_>, kind: &DocumentKind) -> Result<Search, Stop> {
    let ground = case.facts.grounds.once(case, "", || Ground::look(case).map(Rc::new))?;
    let declared = case.hoster.documents.get(&kind.id).map(|url| Candidate { url: url.clone(), how: How::Declared, hint: Hint::default() });
    let linked = ground.candidates(kind);
    // What is visited first is asked for at once.
    let first = declared.as_ref().map_or(&linked[..], std::slice::from_ref);
    case.expect(first.iter().map(|candidate| Need::Exchange(candidate.url.clone())));
    ground.lose(case)?;
    let mut visits = Visits::new(case, kind, &ground);
    if let Some(declared) = declared {
        visits.visit(vec![declared])?;
        if visits.is_sure() {
            return visits.conclude();
        }
    }
    let mut named = linked;
    named.extend(ground.applications(case, kind)?);
    visits.visit(named)?;
    if visits.is_sure() {
        return visits.conclude();
    }
    visits.visit(ground.two_clicks(case, kind)?)?;
    if visits.is_sure() {
        return visits.conclude();
    }
    let mut told = usual::mapped(case, kind, &ground)?;
    told.extend(usual::sisters(case, kind, &ground)?);
    visits.visit(told)?;
    if !visits.has_found() && !visits.has_named() {
        visits.visit(usual::guesses(kind, &ground))?;
    }
    visits.conclude()
}

#[cfg(test)]
mod tests;

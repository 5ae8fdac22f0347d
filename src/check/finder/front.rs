//! What a search needs of a page where it starts or that leads further: read once, and kept when the page itself is put away.
//!
//! A search starts from the pages of all the services. Were the pages themselves to be at hand each time that a search is taken up,
//! as many as one hoster may have would have to be read again for each kind of document.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use url::Url;

use super::LITTLE_TEXT;
use super::ground::domain;
use super::hint::{Hint, best, is_host, is_post, promises};
use super::usual::Manner;
use crate::check::Case;
use crate::criteria::{DocumentKind, fold};
use crate::facts::{Exchange, ResourceKind};
use crate::hoster::{Hoster, HosterId};

/// Places that are kept of one page, for one kind of document: those of many pages are ranked together, and far fewer are visited.
const MOST_PROMISED: usize = 32;
/// Hosts with the name of a page that leads to others; far fewer are visited.
const MOST_SISTERS: usize = 32;

pub(super) struct Front {
    pub(super) url: Url,
    pub(super) status: u16,
    /// It is only what the site shows for a wrong address; known of pages that lead to others.
    pub(super) is_lost: OnceCell<bool>,
    /// How it writes its addresses; known of home pages.
    pub(super) manner: OnceCell<Manner>,
    /// Folded; empty when it does not name one.
    pub(super) generator: String,
    /// Its frames, if it has no words of its own.
    pub(super) frames: Vec<Url>,
    /// Places on hosts of the hoster whose name says that they lead to others.
    pub(super) sisters: Vec<Url>,
    /// What it links to, by kind of document.
    promised: BTreeMap<String, Vec<(Hint, Url)>>,
}

impl Front {
    fn read(case: &Case<'_>, exchange: &Exchange, is_own: &dyn Fn(&Url) -> bool) -> Self {
        let links = promises(case, exchange);
        let leading: Vec<&DocumentKind> = case.charter.documents.iter().filter(|kind| kind.leads).collect();
        let mut once = BTreeSet::new();
        let sisters = links
            .iter()
            .map(|promise| &promise.url)
            .filter(|url| url.path() == "/" && is_own(url) && leading.iter().any(|kind| is_host(url, kind)) && once.insert((*url).clone()));
        let sisters = sisters.take(MOST_SISTERS).cloned().collect();
        let promised = case.charter.documents.iter().enumerate().map(|(rank, kind)| {
            let promising = links.iter().filter_map(|promise| Some((promise.hint(rank)?, &promise.url)));
            let worth = promising.filter(|(hint, url)| {
                let enough = if is_own(url) { hint.total() >= 2 } else { hint.exact };
                enough && !is_post(url, kind)
            });
            (kind.id.clone(), best(worth.map(|(hint, url)| (hint, url.clone())), MOST_PROMISED))
        });
        Self {
            url: exchange.url().clone(),
            status: exchange.status,
            is_lost: OnceCell::new(),
            manner: OnceCell::new(),
            generator: exchange.page().generator.as_deref().map(fold).unwrap_or_default(),
            frames: frames(exchange),
            sisters,
            promised: promised.filter(|(_, places)| !places.is_empty()).collect(),
        }
    }

    /// What it links to as that kind of document.
    pub(super) fn promised(&self, kind: &DocumentKind) -> &[(Hint, Url)] {
        self.promised.get(&kind.id).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The frames that a page shows in place of words of its own.
pub(super) fn frames(exchange: &Exchange) -> Vec<Url> {
    let page = exchange.page();
    if page.text.chars().count() >= LITTLE_TEXT {
        return Vec::new();
    }
    let frames = page.resources.iter().filter(|resource| resource.kind == ResourceKind::Frame);
    let frames = frames.map(|resource| &resource.url).filter(|url| domain(url) == domain(exchange.url()));
    frames.take(super::MOST_FRAMES).cloned().collect()
}

/// By the hoster for which they were read (which places are its own depends on it), and the place that was visited.
#[derive(Default)]
pub(in crate::check) struct Fronts(RefCell<BTreeMap<HosterId, BTreeMap<Url, Rc<Front>>>>);

impl Fronts {
    pub(super) fn get(&self, hoster: &Hoster, place: &Url) -> Option<Rc<Front>> {
        self.0.borrow().get(&hoster.id)?.get(place).cloned()
    }

    pub(super) fn read(&self, case: &Case<'_>, place: &Url, exchange: &Exchange, is_own: &dyn Fn(&Url) -> bool) -> Rc<Front> {
        let front = Rc::new(Front::read(case, exchange, is_own));
        self.0.borrow_mut().entry(case.hoster.id.clone()).or_default().insert(place.clone(), Rc::clone(&front));
        front
    }

    /// Nothing more is asked about a hoster.
    pub(in crate::check) fn part_with(&self, hoster: &Hoster) {
        self.0.borrow_mut().remove(&hoster.id);
    }
}

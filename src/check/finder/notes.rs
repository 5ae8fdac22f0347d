//! What was made of the facts once: checks are judged again whenever a fact arrives, and reading is dear.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use url::Url;

use super::Search;
use super::evidence::Reading;
use super::hint::Anchor;
use crate::check::Stop;
use crate::criteria::{DocumentKind, fold};
use crate::facts::{Exchange, Link, Need};
use crate::hoster::Hoster;

/// How far the search for a document is.
#[derive(Clone)]
pub(super) enum Known {
    Waiting(BTreeSet<Need>),
    Done(Box<Result<Search, Stop>>),
}

/// A fact is told by its address: it is asked once in a run. Documents are told by their kind, and hosters by their id.
#[derive(Default)]
pub(in crate::check) struct Notes {
    searches: RefCell<BTreeMap<(String, String), Known>>,
    readings: RefCell<BTreeMap<(Url, String), Reading>>,
    texts: RefCell<BTreeMap<Url, Rc<str>>>,
    anchors: RefCell<BTreeMap<Url, Rc<[Anchor]>>>,
}

impl Notes {
    pub(super) fn search(&self, hoster: &Hoster, kind: &DocumentKind) -> Option<Known> {
        self.searches.borrow().get(&(hoster.id.to_string(), kind.id.clone())).cloned()
    }

    pub(super) fn keep(&self, hoster: &Hoster, kind: &DocumentKind, known: Known) {
        self.searches.borrow_mut().insert((hoster.id.to_string(), kind.id.clone()), known);
    }

    /// What was made of a fact goes with it.
    pub(in crate::check) fn forget(&self, need: &Need) {
        let Need::Exchange(url) = need else { return };
        self.readings.borrow_mut().retain(|(of, _), _| of != url);
        self.texts.borrow_mut().remove(url);
        self.anchors.borrow_mut().remove(url);
    }

    /// Nothing more is asked about a hoster.
    pub(in crate::check) fn part_with(&self, hoster: &Hoster) {
        self.searches.borrow_mut().retain(|(id, _), _| *id != hoster.id.to_string());
    }

    pub(super) fn reading(&self, exchange: &Exchange, kind: &DocumentKind) -> Reading {
        let key = (exchange.url().clone(), kind.id.clone());
        if let Some(known) = self.readings.borrow().get(&key) {
            return *known;
        }
        let reading = Reading::of(exchange, &self.text(exchange), kind);
        self.readings.borrow_mut().insert(key, reading);
        reading
    }

    /// The text of a page, folded.
    pub(in crate::check) fn text(&self, exchange: &Exchange) -> Rc<str> {
        Rc::clone(self.texts.borrow_mut().entry(exchange.url().clone()).or_insert_with(|| fold(&exchange.page().text).into()))
    }

    /// The links of a page that lead to pages.
    pub(super) fn anchors(&self, exchange: &Exchange) -> Rc<[Anchor]> {
        let read = || exchange.page().links.iter().filter_map(|link| Some(Anchor::new(link, Link::page(link)?))).collect();
        Rc::clone(self.anchors.borrow_mut().entry(exchange.url().clone()).or_insert_with(read))
    }
}

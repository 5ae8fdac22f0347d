//! What was made of the facts once: checks are judged again whenever facts arrive, and reading is dear.

use std::cell::{RefCell, RefMut};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use url::Url;

use super::evidence::Reading;
use super::hint::Promise;
use crate::criteria::{Charter, DocumentKind, Searchable, fold};
use crate::facts::{Exchange, Need, Passage};

/// A fact is told by its address: it is asked once in a run. Documents are told by their kind.
#[derive(Default)]
pub(in crate::check) struct Notes {
    pages: RefCell<BTreeMap<Url, OfPage>>,
}

/// What was made of one page, each as soon as it is asked for.
#[derive(Default)]
struct OfPage {
    text: Option<Rc<str>>,
    passages: Option<Rc<[SearchablePassage]>>,
    promises: Option<Rc<[Promise]>>,
    doors: Option<Rc<[Url]>>,
    /// By kind of document.
    readings: BTreeMap<String, Reading>,
}

/// A passage in which topics are looked for.
pub(in crate::check) struct SearchablePassage {
    pub(in crate::check) passage: Passage,
    pub(in crate::check) heading: Option<Searchable>,
    pub(in crate::check) text: Searchable,
    /// The ranks of the topics that it may speak of.
    topics: BTreeSet<usize>,
}

impl SearchablePassage {
    fn new(charter: &Charter, passage: Passage) -> Self {
        let (heading, text) = (passage.heading.as_deref().map(Searchable::new), Searchable::new(&passage.text));
        let topics = charter.topics_near(heading.as_ref().map(|heading| heading.folded.as_str()), &text.folded);
        Self { passage, heading, text, topics }
    }

    pub(in crate::check) fn may_speak_of(&self, topic: usize) -> bool {
        self.topics.contains(&topic)
    }
}

impl Notes {
    /// What was made of a fact goes with it.
    pub(in crate::check) fn forget(&self, need: &Need) {
        let Need::Exchange(url) = need else { return };
        self.pages.borrow_mut().remove(url);
    }

    pub(super) fn reading(&self, exchange: &Exchange, kind: &DocumentKind) -> Reading {
        let text = self.text(exchange);
        let mut page = self.page(exchange);
        match page.readings.get(&kind.id) {
            Some(known) => *known,
            None => *page.readings.entry(kind.id.clone()).or_insert(Reading::of(exchange, &text, kind)),
        }
    }

    /// The text of a page, folded.
    pub(in crate::check) fn text(&self, exchange: &Exchange) -> Rc<str> {
        Rc::clone(self.page(exchange).text.get_or_insert_with(|| fold(&exchange.page().text).into()))
    }

    /// What a page says, heading by heading.
    pub(in crate::check) fn passages(&self, charter: &Charter, exchange: &Exchange) -> Rc<[SearchablePassage]> {
        let read = || exchange.article().passages().into_iter().map(|passage| SearchablePassage::new(charter, passage)).collect();
        Rc::clone(self.page(exchange).passages.get_or_insert_with(read))
    }

    /// The links that promise a document.
    pub(super) fn promises(&self, exchange: &Exchange, read: impl FnOnce() -> Rc<[Promise]>) -> Rc<[Promise]> {
        Rc::clone(self.page(exchange).promises.get_or_insert_with(read))
    }

    /// The links to pages where people say who they are.
    pub(in crate::check) fn doors(&self, exchange: &Exchange, read: impl FnOnce() -> Rc<[Url]>) -> Rc<[Url]> {
        Rc::clone(self.page(exchange).doors.get_or_insert_with(read))
    }

    fn page(&self, exchange: &Exchange) -> RefMut<'_, OfPage> {
        RefMut::map(self.pages.borrow_mut(), |pages| pages.entry(exchange.url().clone()).or_default())
    }
}

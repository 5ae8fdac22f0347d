//! A text in which topics are looked for, and what is made of it once.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;

use crate::criteria::fold;
use crate::text::{Text, sentences};

/// What is made of a text once, whichever topics are looked for in it; `text` is always the one of which it was made.
pub struct Searchable {
    pub folded: String,
    /// As soon as one of the topics is near.
    sentences: OnceCell<Vec<Sentence>>,
}

pub(super) struct Sentence {
    pub(super) range: Range<usize>,
    pub(super) folded: String,
}

impl Searchable {
    pub fn new(text: &str) -> Self {
        Self { folded: fold(text), sentences: OnceCell::new() }
    }

    /// In their order.
    pub(super) fn sentences(&self, text: &str) -> &[Sentence] {
        let made = |range: Range<usize>| Sentence { folded: fold(&text[range.clone()]), range };
        self.sentences.get_or_init(|| sentences(text).into_iter().map(made).collect())
    }
}

/// A text in which one topic is looked for, and what is read of it, once.
pub(super) struct Passage<'t, 's> {
    pub(super) text: &'t str,
    pub(super) searchable: &'s Searchable,
    pub(super) values: OnceCell<Vec<Text>>,
    /// By where a sentence starts and ends.
    pub(super) read: RefCell<BTreeMap<(usize, usize), Reading>>,
}

/// What is read of a sentence.
#[derive(Clone)]
pub(super) struct Reading {
    pub(super) asks: bool,
    pub(super) negated: bool,
    pub(super) values: Vec<Text>,
}

impl<'t, 's> Passage<'t, 's> {
    pub(super) fn new(text: &'t str, searchable: &'s Searchable) -> Self {
        Self { text, searchable, values: OnceCell::new(), read: RefCell::default() }
    }

    /// The sentences that hold a place.
    pub(super) fn around(&self, place: &Range<usize>) -> Range<usize> {
        let sentences = self.searchable.sentences(self.text);
        let first = sentences.partition_point(|sentence| sentence.range.end <= place.start);
        let held = &sentences[first..sentences.partition_point(|sentence| sentence.range.start < place.end).max(first)];
        match held {
            [] => place.clone(),
            [first, ..] => first.range.start..held[held.len() - 1].range.end,
        }
    }

    /// A range of it, folded.
    pub(super) fn folded(&self, range: &Range<usize>) -> Cow<'_, str> {
        let sentences = self.searchable.sentences(self.text);
        match sentences.binary_search_by_key(&range.start, |sentence| sentence.range.start) {
            Ok(at) if sentences[at].range == *range => Cow::Borrowed(&sentences[at].folded),
            _ => Cow::Owned(fold(&self.text[range.clone()])),
        }
    }
}

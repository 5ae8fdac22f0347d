//! Everything seen so far in a run, and what was made of it once.

use std::rc::Rc;

use super::finder::{Fronts, Ground, Notes, Promise, Search};
use super::identify;
use super::searches::Searches;
use crate::facts::{ByNeed, Need, Seen};
use crate::hoster::Hoster;

/// Everything seen so far in a run. A fact never changes, so what was made of it is kept beside it.
#[derive(Default)]
pub struct Facts {
    /// Nothing for what is not at hand: a check that asks for it is judged again once it is.
    seen: ByNeed<Option<Seen>>,
    pub(super) notes: Notes,
    /// By kind of document.
    pub(super) documents: Searches<Search>,
    /// One for each hoster.
    pub(super) grounds: Searches<Rc<Ground>>,
    /// By site.
    pub(super) programs: Searches<Rc<identify::Seen>>,
    /// By site.
    pub(super) signs: Searches<Rc<identify::Shown>>,
    pub(super) fronts: Fronts,
    /// What the sitemap of a web site promises.
    pub(super) maps: Searches<Rc<[Promise]>>,
}

impl Facts {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn insert(&mut self, need: Need, seen: Seen) {
        self.seen.insert(need, Some(seen));
    }

    /// What was seen and is at hand.
    pub fn get(&self, need: &Need) -> Option<&Seen> {
        self.seen.get(need)?.as_ref()
    }

    /// Whether it was seen, at hand or not.
    pub fn contains_key(&self, need: &Need) -> bool {
        self.seen.contains_key(need)
    }

    /// Takes a fact away, and all that was made of it; it counts as seen.
    pub fn put_away(&mut self, need: &Need) {
        self.notes.forget(need);
        if let Some(seen) = self.seen.get_mut(need) {
            *seen = None;
        }
    }

    /// It cannot be brought back: it is as if it had never been seen.
    pub fn lose(&mut self, need: &Need) {
        self.seen.swap_remove(need);
    }

    /// Nothing more is asked about a hoster.
    pub fn part_with(&mut self, hoster: &Hoster) {
        self.documents.part_with(hoster);
        self.grounds.part_with(hoster);
        self.programs.part_with(hoster);
        self.signs.part_with(hoster);
        self.fronts.part_with(hoster);
        self.maps.part_with(hoster);
    }
}

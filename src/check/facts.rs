//! Everything seen so far in a run, and what the finder made of it once.

use std::collections::BTreeMap;

use super::finder::Notes;
use crate::facts::{Need, Seen};

/// Everything seen so far in a run. A fact never changes, so what was made of it is kept beside it.
#[derive(Default)]
pub struct Facts {
    seen: BTreeMap<Need, Seen>,
    pub(super) notes: Notes,
}

impl Facts {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn insert(&mut self, need: Need, seen: Seen) {
        self.seen.insert(need, seen);
    }

    pub fn get(&self, need: &Need) -> Option<&Seen> {
        self.seen.get(need)
    }

    pub fn contains_key(&self, need: &Need) -> bool {
        self.seen.contains_key(need)
    }

    pub fn len(&self) -> usize {
        self.seen.len()
    }
}

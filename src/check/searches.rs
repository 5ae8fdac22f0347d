//! Searches that several checks share: each is made once, and taken up again when all that it asked for has come.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::{Case, Stop};
use crate::facts::Need;
use crate::hoster::{Hoster, HosterId};

/// Searches of one kind: by hoster, then by what was looked for.
pub(super) struct Searches<T>(RefCell<BTreeMap<HosterId, BTreeMap<String, Known<T>>>>);

/// How far a search is.
enum Known<T> {
    Waiting(BTreeSet<Need>),
    Done(Result<T, Stop>),
}

impl<T> Default for Searches<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: Clone> Searches<T> {
    /// What was found stays found.
    pub(super) fn once(&self, case: &Case<'_>, what: &str, search: impl FnOnce() -> Result<T, Stop>) -> Result<T, Stop> {
        if let Some(known) = self.0.borrow().get(&case.hoster.id).and_then(|of_hoster| of_hoster.get(what)) {
            match known {
                Known::Done(found) => return found.clone(),
                Known::Waiting(needs) => {
                    let missing: Vec<Need> = needs.iter().filter(|need| !case.facts.contains_key(need)).cloned().collect();
                    if !missing.is_empty() {
                        return Err(case.lack(missing));
                    }
                }
            }
        }
        let (found, wanted) = case.asking(search);
        let known = match &found {
            Err(Stop::Wanting) => {
                case.want(wanted.clone());
                Known::Waiting(wanted)
            }
            _ => Known::Done(found.clone()),
        };
        self.0.borrow_mut().entry(case.hoster.id.clone()).or_default().insert(what.to_owned(), known);
        found
    }

    /// Nothing more is asked about a hoster.
    pub(super) fn part_with(&self, hoster: &Hoster) {
        self.0.borrow_mut().remove(&hoster.id);
    }
}

//! What name servers said, for as long as they said that it holds.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::patience::{Moment, Patience};

/// Names of which something is remembered; one more, and all are forgotten.
pub(super) const MOST_KNOWN: usize = 4096;

#[derive(Debug)]
pub(super) struct Memory<T>(Mutex<BTreeMap<String, (T, Moment)>>);

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Memory<T> {
    pub(super) fn of(&self, name: &str) -> Option<T> {
        let known = self.known();
        let (said, until) = known.get(name)?;
        (Patience::moment() < *until).then(|| said.clone())
    }

    pub(super) fn keep(&self, name: &str, said: T, until: Moment) {
        let mut known = self.known();
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(name.to_owned(), (said, until));
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, (T, Moment)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_holds_no_more_is_not_told() {
        let (memory, now) = (Memory::default(), Patience::moment());
        memory.keep("lasting.test", 1, now + Duration::from_mins(1));
        memory.keep("passing.test", 2, now);
        assert_eq!((memory.of("lasting.test"), memory.of("passing.test"), memory.of("other.test")), (Some(1), None, None));
    }

    #[test]
    fn so_many_names_are_remembered() {
        let (memory, until) = (Memory::default(), Patience::moment() + Duration::from_mins(1));
        for n in 0..=MOST_KNOWN {
            memory.keep(&format!("n{n}.test"), n, until);
            assert!(memory.known().len() <= MOST_KNOWN);
        }
        assert_eq!(memory.of(&format!("n{MOST_KNOWN}.test")), Some(MOST_KNOWN));
    }
}

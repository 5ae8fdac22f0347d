//! What changed between two records of one hoster, and why.

mod cause;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::combine::Standing;
use super::record::{Entry, Record};
use crate::criteria::{CriterionId, Level};
use crate::day::Day;
use crate::hoster::{Action, Answers, Subject};
pub use cause::Cause;

/// A criterion that no longer stands as it did, before one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub criterion: CriterionId,
    pub subject: Subject,
    pub level: Level,
    /// Nothing where it was not judged.
    pub before: Option<Standing>,
    /// Nothing where it is not judged any more.
    pub after: Option<Standing>,
    pub cause: Cause,
}

/// Every change of standing, by criterion and subject.
pub fn diff(old: &Record, new: &Record) -> Vec<Change> {
    let (before, after) = (by_place(old), by_place(new));
    let places: BTreeSet<&Place> = before.keys().chain(after.keys()).collect();
    let changes = places.into_iter().filter_map(|place| {
        let (was, is) = (before.get(place).copied(), after.get(place).copied());
        if was.map(|entry| entry.standing) == is.map(|entry| entry.standing) {
            return None;
        }
        let (criterion, subject) = place.clone();
        Some(Change {
            criterion,
            subject,
            level: is.or(was)?.level,
            before: was.map(|entry| entry.standing),
            after: is.map(|entry| entry.standing),
            cause: cause::of(old, was, new, is),
        })
    });
    changes.collect()
}

type Place = (CriterionId, Subject);

fn by_place(record: &Record) -> BTreeMap<Place, &Entry> {
    record.standings.iter().map(|entry| ((entry.criterion, entry.subject.clone()), entry)).collect()
}

/// The changes for the worse that a hoster answers for: a gap that was none, unless it is the rules or the tool that moved.
pub fn regressions(changes: &[Change]) -> Vec<&Change> {
    changes
        .iter()
        .filter(|change| change.after == Some(Standing::Unmet) && change.level != Level::Info)
        .filter(|change| !matches!(change.cause, Cause::Rule | Cause::Tool | Cause::Edition))
        .collect()
}

/// The criteria that are unmet, as the report counts them: those for information are no gaps.
pub fn gaps(record: &Record) -> BTreeSet<CriterionId> {
    let unmet = record.standings.iter().filter(|entry| entry.standing == Standing::Unmet && entry.level != Level::Info);
    unmet.map(|entry| entry.criterion).collect()
}

/// The gaps that were closed: all that was unmet of a criterion is met or out of question now. What is unseen, contested or excused
/// is closed by nobody.
pub fn closed(old: &Record, new: &Record) -> BTreeSet<CriterionId> {
    let after = by_place(new);
    let still_open = |entry: &&Entry| {
        let now = after.get(&(entry.criterion, entry.subject.clone())).map(|entry| entry.standing);
        entry.standing == Standing::Unmet && !matches!(now, None | Some(Standing::Met | Standing::NotApplicable))
    };
    let open: BTreeSet<CriterionId> = old.standings.iter().filter(still_open).map(|entry| entry.criterion).collect();
    let unmet = gaps(new);
    gaps(old).into_iter().filter(|id| !open.contains(id) && !unmet.contains(id)).collect()
}

/// The actions whose day is past while their criterion is still unmet, in the order of `answers.toml`.
pub fn overdue<'a>(record: &Record, answers: &'a Answers, today: Day) -> Vec<&'a Action> {
    let unmet = |action: &Action| {
        let here = |entry: &&Entry| entry.criterion == action.criterion() && action.is_about(&entry.subject);
        record.standings.iter().filter(here).any(|entry| entry.standing == Standing::Unmet)
    };
    answers.actions.iter().filter(|action| action.due.is_some_and(|due| due < today) && unmet(action)).collect()
}

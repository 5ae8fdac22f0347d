//! Why a standing changed: told from two records alone, and never more than they tell.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::audit::combine::{By, Standing};
use crate::audit::record::{Entry, Record, RemarkKind};
use crate::check::Outcome;
use crate::hoster::AnswerOutcome;

/// What made a standing change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// What is seen of the hoster differs, by the same rules and the same tool.
    Hoster,
    /// The criterion is another than it was.
    Rule,
    /// Another version of the tool judges the same differently.
    Tool,
    /// What is seen differs, and the rules changed in between, though not this criterion.
    HosterOrRule,
    /// What is seen differs, and so does the version of the tool.
    HosterOrTool,
    AnswerGiven,
    AnswerLapsed,
    /// A text that it rested on was changed by the hoster.
    AnswerOutdated,
    AnswerWithdrawn,
    WaiverGiven,
    WaiverLapsed,
    WaiverWithdrawn,
    /// Nobody answered this time.
    MeasureFailed,
    /// What could not be seen was seen again.
    MeasureBack,
    /// The description names a service that it did not name.
    ServiceAdded,
    ServiceRemoved,
    /// The hoster is held to another edition of the charter.
    Edition,
    /// `hoster.toml` says something else of the hoster.
    Description,
}

/// The cause of a change between two entries of one place; one of them may be missing.
pub(super) fn of(old: &Record, was: Option<&Entry>, new: &Record, is: Option<&Entry>) -> Cause {
    let pair = Pair { old, new };
    match (was, is) {
        (Some(was), Some(is)) => {
            pair.waiver(was, is).or_else(|| pair.answer(was, is)).or_else(|| description(was, is)).unwrap_or_else(|| pair.machine(was, is))
        }
        (None, Some(entry)) => pair.on_one_side(old, entry, Cause::ServiceAdded),
        (Some(entry), None) => pair.on_one_side(new, entry, Cause::ServiceRemoved),
        (None, None) => Cause::Description,
    }
}

struct Pair<'r> {
    old: &'r Record,
    new: &'r Record,
}

impl Pair<'_> {
    fn rules_differ(&self) -> bool {
        self.old.rules != self.new.rules
    }

    fn tool_differs(&self) -> bool {
        self.old.tool != self.new.tool
    }

    /// An entry that the other record does not have.
    fn on_one_side(&self, other: &Record, entry: &Entry, service: Cause) -> Cause {
        let known = other.standings.iter().any(|there| there.subject == entry.subject);
        if !known {
            service
        } else if self.old.edition != self.new.edition {
            Cause::Edition
        } else if self.rules_differ() {
            Cause::Rule
        } else if self.tool_differs() {
            Cause::Tool
        } else {
            Cause::Description
        }
    }

    fn waiver(&self, was: &Entry, is: &Entry) -> Option<Cause> {
        match (was.standing, is.standing) {
            // A waiver that was there before, unneeded, does not explain why it is needed now.
            (_, Standing::Waived) if !self.had_unused_waiver(is) => Some(Cause::WaiverGiven),
            // What is met needs no waiver: its end does not explain that.
            (Standing::Waived, Standing::Met | Standing::NotApplicable) => None,
            (Standing::Waived, _) => {
                let lapsed = was.waiver.as_ref().is_some_and(|waiver| waiver.until < self.new.date);
                Some(if lapsed { Cause::WaiverLapsed } else { Cause::WaiverWithdrawn })
            }
            _ => None,
        }
    }

    fn had_unused_waiver(&self, entry: &Entry) -> bool {
        self.old.remarks.iter().any(|remark| {
            remark.kind == RemarkKind::WaiverUnused
                && remark.criterion == entry.criterion
                && remark.subject.as_ref().is_none_or(|subject| *subject == entry.subject)
        })
    }

    fn answer(&self, was: &Entry, is: &Entry) -> Option<Cause> {
        let outcome = |entry: &Entry| -> Option<AnswerOutcome> { entry.answer.as_ref().map(|answer| answer.outcome) };
        if outcome(was) == outcome(is) {
            return None;
        }
        if is.answer.is_some() {
            return Some(Cause::AnswerGiven);
        }
        let lapsed = was.answer.as_ref().is_some_and(|answer| answer.until < self.new.date);
        if !lapsed && self.is_outdated(is) {
            return Some(Cause::AnswerOutdated);
        }
        Some(match (lapsed, was.revision == is.revision) {
            (true, _) => Cause::AnswerLapsed,
            // The question is another: what was answered no longer answers it.
            (false, false) => Cause::Rule,
            (false, true) => Cause::AnswerWithdrawn,
        })
    }

    /// Whether the new record says that a text has changed under the answer.
    fn is_outdated(&self, entry: &Entry) -> bool {
        self.new.remarks.iter().any(|remark| {
            remark.kind == RemarkKind::AnswerOutdated
                && remark.criterion == entry.criterion
                && remark.subject.as_ref().is_none_or(|subject| *subject == entry.subject)
        })
    }

    fn machine(&self, was: &Entry, is: &Entry) -> Cause {
        let (before, after) = (seen_by_check(was), seen_by_check(is));
        // The very same, silences included, may be weighed in another way by another version.
        let seen_alike = !after.is_empty() && before == after;
        if is.standing == Standing::Unseen && !seen_alike {
            return Cause::MeasureFailed;
        }
        if was.standing == Standing::Unseen && !seen_alike {
            return Cause::MeasureBack;
        }
        let same_checks = before.keys().eq(after.keys());
        if was.revision != is.revision || (self.rules_differ() && !same_checks) {
            return Cause::Rule;
        }
        let differing: Vec<_> = after.iter().filter_map(|(check, now)| Some((before.get(check)?, now))).filter(|(a, b)| a != b).collect();
        if differing.is_empty() && same_checks {
            // The same was seen, and weighed differently.
            return if self.rules_differ() { Cause::Rule } else { Cause::Tool };
        }
        if !differing.is_empty() && differing.iter().all(|(_, now)| is_silent(now)) {
            return Cause::MeasureFailed;
        }
        if !differing.is_empty() && differing.iter().all(|(then, _)| is_silent(then)) {
            return Cause::MeasureBack;
        }
        match (self.tool_differs(), self.rules_differ()) {
            (true, _) => Cause::HosterOrTool,
            (false, true) => Cause::HosterOrRule,
            (false, false) => Cause::Hoster,
        }
    }
}

fn description(was: &Entry, is: &Entry) -> Option<Cause> {
    let by_description = |entry: &Entry| entry.by == By::Description;
    let changed = by_description(was) != by_description(is);
    changed.then_some(if was.revision == is.revision { Cause::Description } else { Cause::Rule })
}

/// What a check came to: its cases, without the words and the places that vary from day to day.
type Seen<'e> = BTreeSet<(&'e str, Outcome, bool)>;

fn seen_by_check(entry: &Entry) -> BTreeMap<&str, Seen<'_>> {
    let mut seen: BTreeMap<&str, Seen<'_>> = BTreeMap::new();
    for finding in &entry.findings {
        seen.entry(&finding.check).or_default().insert((&finding.code, finding.outcome, finding.silent));
    }
    seen
}

fn is_silent(seen: &Seen<'_>) -> bool {
    seen.iter().any(|(_, _, silent)| *silent)
}

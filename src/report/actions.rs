//! What the group decided to do: what is overdue first.

use super::{Report, Row};
use crate::audit::Standing;
use crate::hoster::Action;
use crate::text::{Text, say};

/// An action, with where it stands on the day of the record.
pub(super) struct Planned<'r, 'a> {
    pub(super) row: &'r Row<'a>,
    pub(super) action: &'a Action,
    pub(super) progress: Progress,
}

/// In the order in which a reader should see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Progress {
    Overdue,
    Open,
    /// What it was meant for is met, or does not apply any more.
    Reached,
}

impl Progress {
    pub(super) fn name(self) -> Text {
        match self {
            Self::Overdue => say!(fr: "en retard", en: "overdue"),
            Self::Open => say!(fr: "à faire", en: "to do"),
            Self::Reached => say!(fr: "critère respecté", en: "criterion met"),
        }
    }
}

impl<'a> Report<'a> {
    /// Actions for criteria of this record: overdue first, then by day; those without a day come after those with one.
    pub(super) fn actions(&self) -> Vec<Planned<'_, 'a>> {
        let mut actions: Vec<Planned<'_, 'a>> = self
            .answers
            .actions
            .iter()
            .filter_map(|action| {
                let row = self.rows().find(|row| row.criterion.id() == action.criterion())?;
                let judged = row.entries.iter().any(|entry| action.is_about(&entry.subject));
                judged.then(|| Planned { row, action, progress: self.progress(row, action) })
            })
            .collect();
        actions.sort_by_key(|planned| (planned.progress, planned.action.due.is_none(), planned.action.due, planned.row.criterion.id()));
        actions
    }

    pub(super) fn overdue(&self) -> usize {
        self.actions().iter().filter(|planned| planned.progress == Progress::Overdue).count()
    }

    fn progress(&self, row: &Row<'_>, action: &Action) -> Progress {
        let reached = |standing| matches!(standing, Standing::Met | Standing::NotApplicable);
        if row.entries.iter().filter(|entry| action.is_about(&entry.subject)).all(|entry| reached(entry.standing)) {
            Progress::Reached
        } else if action.due.is_some_and(|due| due < self.record.date) {
            // The day itself is still in time.
            Progress::Overdue
        } else {
            Progress::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::sample;
    use super::*;
    use crate::day::Day;

    #[test]
    fn what_is_overdue_comes_first_and_what_is_reached_last() {
        let sample = sample();
        let report = sample.report();
        let told: Vec<String> =
            report.actions().iter().map(|planned| format!("{} {:?}", planned.row.criterion.id(), planned.progress)).collect();
        assert_eq!(told, ["T8 Overdue", "T1 Open", "S3 Open", "A1 Reached"]);
    }

    #[test]
    fn the_day_itself_is_in_time() {
        let mut sample = sample();
        sample.record.date = Day::new(2026, 11, 1);
        assert_eq!(sample.report().actions()[0].progress, Progress::Open);
        sample.record.date = Day::new(2026, 11, 2);
        assert_eq!(sample.report().actions()[0].progress, Progress::Overdue);
    }
}

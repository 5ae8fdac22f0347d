//! The gap report: one type, made from a record; each rendering is a function from it to text.

mod actions;
mod candidature;
mod changes;
mod commit_message;
mod comparison;
mod criteria;
mod csv;
mod curve;
mod documents;
mod explain;
mod gaps;
mod html;
mod json;
mod markdown;
mod places;
mod progress;
mod question;
mod questions;
#[cfg(test)]
mod sample;
mod sheet;
mod table;
mod words;

use std::collections::BTreeMap;

pub use candidature::candidature;
pub use changes::Changes;
pub use commit_message::commit_message;
pub use comparison::comparison;
pub use criteria::criteria_table;
pub use csv::{csv, csv_head};
pub use curve::curve;
pub use explain::{explain, explain_record};
pub use html::html;
pub use json::{JSON_OF_MANY, json, json_of_one_of_many};
pub use markdown::markdown;
pub use progress::{progress_json, progress_table};
pub use question::{decided, gap, question, remedy};
pub use sheet::sheet;
pub use table::{USUAL_WIDTH, table};

use crate::audit::{Counts, Entry, Record, Standing};
use crate::criteria::{Charter, Criterion, CriterionId, Section};
use crate::hoster::{Answers, Hoster, Subject};
use crate::text::clean;

/// Everything that the renderings tell, in the order in which a reader needs it.
pub struct Report<'a> {
    pub record: &'a Record,
    pub charter: &'a Charter,
    pub hoster: &'a Hoster,
    pub answers: &'a Answers,
    /// In the order of the charter; each with the criteria of the record.
    pub sections: Vec<SectionReport<'a>>,
    /// The records before this one, oldest first, each with what it is known by: a commit.
    past: &'a [(&'a str, &'a Record)],
}

pub struct SectionReport<'a> {
    pub section: Section,
    /// Criteria, each by the standing that a reader should see first.
    pub counts: Counts,
    /// Gaps first.
    pub rows: Vec<Row<'a>>,
}

/// One criterion, on all the subjects that it was judged on.
pub struct Row<'a> {
    pub criterion: &'a Criterion,
    /// The standing that a reader should see first.
    pub standing: Standing,
    pub entries: Vec<&'a Entry>,
}

impl<'a> Report<'a> {
    pub fn new(record: &'a Record, charter: &'a Charter, hoster: &'a Hoster, answers: &'a Answers) -> Self {
        let mut by_criterion: BTreeMap<CriterionId, Vec<&Entry>> = BTreeMap::new();
        for entry in &record.standings {
            by_criterion.entry(entry.criterion).or_default().push(entry);
        }
        let mut sections: BTreeMap<Section, Vec<Row<'a>>> = BTreeMap::new();
        for (id, entries) in by_criterion {
            // A record may name a criterion that the rules have dropped since.
            let Some(criterion) = charter.criterion(id) else { continue };
            let standing = entries.iter().map(|entry| entry.standing).min().expect("a criterion is there by its entries");
            sections.entry(id.section()).or_default().push(Row { criterion, standing, entries });
        }
        let sections = sections
            .into_iter()
            .map(|(section, mut rows)| {
                rows.sort_by_key(|row| (row.standing, row.level(), row.criterion.id()));
                let counts = crate::audit::count(rows.iter().map(|row| row.standing));
                SectionReport { section, counts, rows }
            })
            .collect();
        Self { record, charter, hoster, answers, sections, past: &[] }
    }

    /// The same, knowing what came before. The record itself may be among them: it is not its own past.
    pub fn after(self, past: &'a [(&'a str, &'a Record)]) -> Self {
        let before = past.iter().rposition(|(_, old)| *old != self.record).map_or(0, |last| last + 1);
        Self { past: &past[..before], ..self }
    }

    /// What changed since the record before this one; nothing for a first one.
    fn changes(&self) -> Option<Changes<'a>> {
        let (known_as, old) = self.past.last()?;
        Some(Changes::new(old, self.record, known_as, self.charter, self.hoster))
    }

    /// Criteria of all sections, counted as in each.
    fn counts(&self) -> Counts {
        crate::audit::count(self.rows().map(|row| row.standing))
    }

    fn rows(&self) -> impl Iterator<Item = &Row<'a>> {
        self.sections.iter().flat_map(|section| &section.rows)
    }

    /// The name of a subject as people know it.
    fn subject_name(&self, subject: &Subject) -> String {
        match self.hoster.site(subject) {
            Some(site) => clean(&site.name),
            None => subject.to_string(),
        }
    }
}

impl Row<'_> {
    pub fn level(&self) -> crate::criteria::Level {
        self.entries[0].level
    }

    /// The entries that stand as asked.
    fn entries_at(&self, standing: Standing) -> impl Iterator<Item = &Entry> {
        self.entries.iter().copied().filter(move |entry| entry.standing == standing)
    }

    fn has(&self, standing: Standing) -> bool {
        self.entries_at(standing).next().is_some()
    }
}

//! What a working group has to do: gaps with their remedies, and questions that a person must answer.

use std::collections::BTreeMap;

use super::actions::Planned;
use super::{Report, Row, clean};
use crate::audit::{Entry, Standing};
use crate::check::{Finding, Outcome};
use crate::criteria::{CriterionId, Level};
use crate::text::{Lang, say};

/// A finding of a gap; the same sentence may stand in a gap before it.
pub(super) struct Told<'r> {
    pub(super) finding: &'r Finding,
    /// The first gap that tells it, with its advice.
    pub(super) before: Option<CriterionId>,
}

impl Told<'_> {
    /// What was seen and what to change; where an earlier gap has said it all, what was seen and where to read the rest.
    pub(super) fn words(&self, lang: Lang) -> String {
        let whole = clean(self.finding.because.in_lang(lang));
        let seen = first_sentence(&whole);
        match self.before {
            Some(id) if seen != whole => say!(fr: "{seen} : voir {id}", en: "{seen}: see {id}").in_lang(lang).to_owned(),
            _ => whole,
        }
    }

    /// What stands there, unless an earlier gap has quoted it.
    pub(super) fn excerpt(&self) -> Option<String> {
        excerpt(self.finding).filter(|_| self.before.is_none())
    }
}

/// An unmet criterion, with what to do.
pub(super) struct Gap<'r, 'a> {
    pub(super) row: &'r Row<'a>,
    /// The subjects on which it is unmet.
    pub(super) subjects: Vec<String>,
    pub(super) findings: Vec<Told<'r>>,
    /// Overdue first.
    pub(super) actions: Vec<Planned<'r, 'a>>,
}

impl<'a> Report<'a> {
    /// The charter first, what it requires before what it encourages; then what costs least.
    pub(super) fn gaps(&self) -> Vec<Gap<'_, 'a>> {
        let mut gaps: Vec<Gap<'_, 'a>> = self
            .rows()
            .filter(|row| is_gap(row))
            .map(|row| Gap {
                subjects: self.subjects(row, Standing::Unmet),
                findings: row
                    .entries_at(Standing::Unmet)
                    .flat_map(|entry| &entry.findings)
                    .filter(|finding| finding.outcome == Outcome::Refutes)
                    .map(|finding| Told { finding, before: None })
                    .collect(),
                actions: self
                    .actions()
                    .into_iter()
                    .filter(|planned| planned.action.criterion() == row.criterion.id())
                    .filter(|planned| row.entries_at(Standing::Unmet).any(|entry| planned.action.is_about(&entry.subject)))
                    .collect(),
                row,
            })
            .collect();
        gaps.sort_by_key(|gap| (gap.row.criterion.family(), gap.row.level(), gap.row.criterion.effort, gap.row.criterion.id()));
        tell_once(&mut gaps);
        gaps
    }

    /// Criteria that wait for a person, in the order of the charter.
    pub(super) fn questions(&self) -> Vec<&Row<'a>> {
        let mut rows: Vec<&Row<'a>> = self.rows().filter(|row| row.has(Standing::Pending) && row.criterion.ask.is_some()).collect();
        rows.sort_by_key(|row| row.criterion.id());
        rows
    }

    pub(super) fn rows_with(&self, standing: Standing) -> Vec<&Row<'a>> {
        let mut rows: Vec<&Row<'a>> = self.rows().filter(|row| row.has(standing)).collect();
        rows.sort_by_key(|row| row.criterion.id());
        rows
    }

    /// Criteria with replies that are neither a gap nor contested: those show theirs beside the finding.
    pub(super) fn other_replies(&self) -> Vec<&Row<'a>> {
        let shown = |row: &Row<'_>| is_gap(row) || row.has(Standing::Contested);
        let mut rows: Vec<&Row<'a>> = self.rows().filter(|row| !shown(row)).collect();
        rows.sort_by_key(|row| row.criterion.id());
        rows
    }

    /// Why things could not be seen, and which criteria wait for them.
    pub(super) fn silences(&self, lang: Lang) -> Vec<(String, Vec<String>)> {
        let rows = self.rows_with(Standing::Unseen);
        let unseen = rows.iter().map(|row| (*row, row.entries_at(Standing::Unseen).flat_map(|entry| &entry.findings)));
        once(unseen.flat_map(|(row, findings)| findings.filter(|finding| finding.silent).map(move |finding| (row, finding))), lang)
    }

    /// What was seen on sites of customers, for information, and which criteria would mind.
    pub(super) fn at_customers(&self, lang: Lang) -> Vec<(String, Vec<String>)> {
        let mut rows: Vec<&Row<'_>> = self.rows().collect();
        rows.sort_by_key(|row| row.criterion.id());
        let findings = rows.iter().flat_map(|row| row.entries.iter().flat_map(|entry| &entry.findings).map(move |finding| (*row, finding)));
        once(findings.filter(|(_, finding)| finding.outcome == Outcome::ForInformation), lang)
    }

    /// The names of the subjects of a row that stand so; empty when the criterion binds the hoster as a whole.
    pub(super) fn subjects(&self, row: &Row<'_>, standing: Standing) -> Vec<String> {
        if row.criterion.binds == crate::criteria::Binds::Hoster {
            return Vec::new();
        }
        row.entries_at(standing).map(|entry| self.subject_name(&entry.subject)).collect()
    }
}

/// Marks each finding that a gap before it tells in the same words.
fn tell_once(gaps: &mut [Gap<'_, '_>]) {
    let mut told: BTreeMap<&str, CriterionId> = BTreeMap::new();
    for gap in gaps {
        let id = gap.row.criterion.id();
        for Told { finding, before } in &mut gap.findings {
            let first = *told.entry(finding.because.fr.as_str()).or_insert(id);
            *before = Some(first).filter(|first| *first != id);
        }
    }
}

/// The sentence that says what was seen; what follows it is advice.
pub(super) fn first_sentence(text: &str) -> &str {
    let end = text.match_indices(". ").find(|(at, _)| text[at + 2..].starts_with(char::is_uppercase));
    end.map_or(text, |(at, _)| &text[..at])
}

/// Each sentence once, with the criteria under which it is told, in their order.
fn once<'f>(findings: impl Iterator<Item = (&'f Row<'f>, &'f Finding)>, lang: Lang) -> Vec<(String, Vec<String>)> {
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (row, finding) in findings {
        let criteria = told.entry(clean(finding.because.in_lang(lang))).or_default();
        let id = row.criterion.id().to_string();
        if criteria.last() != Some(&id) {
            criteria.push(id);
        }
    }
    told.into_iter().collect()
}

fn is_gap(row: &Row<'_>) -> bool {
    row.has(Standing::Unmet) && row.level() != Level::Info
}

/// The finding that a reader should see of an entry: what refutes, else what is doubtful, else what supports.
pub(super) fn telling(entry: &Entry) -> Option<&Finding> {
    let first = |outcome| entry.findings.iter().find(move |finding| finding.outcome == outcome);
    first(Outcome::Refutes).or_else(|| first(Outcome::Inconclusive)).or_else(|| first(Outcome::Supports))
}

/// The first excerpt of a finding, harmless.
pub(super) fn excerpt(finding: &Finding) -> Option<String> {
    let excerpt = finding.evidence.iter().find_map(|evidence| evidence.excerpt.as_deref())?;
    let excerpt = clean(excerpt);
    (!excerpt.is_empty()).then_some(excerpt)
}

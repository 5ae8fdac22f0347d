//! `record.toml`: what is kept of an audit. The same facts give the same bytes (law 2).

mod make;
mod toml_text;
mod tree;

pub use tree::Tree;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::combine::{By, Standing};
use super::documents::DocumentKept;
use crate::check::{Finding, Outcome};
use crate::criteria::{CriterionId, Level};
use crate::day::Day;
use crate::file::{Fault, Faults, Source, read};
use crate::hoster::{AnswerOutcome, Subject};
use crate::text::{Text, say};

/// The form of the file; raised when an older program could not read it.
const FORMAT: u32 = 1;

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "record.toml")]
pub struct Record {
    pub format: u32,
    /// The name of the folder in `audits/`.
    pub hoster: String,
    pub name: String,
    pub edition: String,
    pub date: Day,
    /// Version of chatons-audit.
    pub tool: String,
    /// Digest of the rules.
    pub rules: String,
    pub counts: Counts,
    /// The texts that are kept in `documents/`, by kind.
    #[serde(rename = "document", default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentKept>,
    /// Sorted by criterion, then the hoster and its services as `hoster.toml` has them.
    #[serde(rename = "standing", default)]
    pub standings: Vec<Entry>,
    #[serde(rename = "remark", default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
}

/// How many standings of each kind; there is no score.
pub type Counts = BTreeMap<Standing, usize>;

/// Where one criterion stands, for one subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Entry {
    pub criterion: CriterionId,
    pub subject: Subject,
    pub level: Level,
    /// The revision of the criterion that was judged.
    #[serde(default = "first_revision", skip_serializing_if = "is_first_revision")]
    pub revision: u32,
    pub standing: Standing,
    pub by: By,
    /// What a person said, while it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerKept>,
    /// The exception that was granted, while it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<WaiverKept>,
    /// What the hoster says to it.
    #[serde(rename = "reply", default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<ReplyKept>,
    #[serde(rename = "finding", default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

fn first_revision() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands references")]
fn is_first_revision(revision: &u32) -> bool {
    *revision == first_revision()
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AnswerKept {
    pub outcome: AnswerOutcome,
    pub by: String,
    pub on: Day,
    /// The last day on which it holds.
    pub until: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Url>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WaiverKept {
    pub because: Text,
    pub granted_by: String,
    /// The last day on which it holds.
    pub until: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Url>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ReplyKept {
    pub by: String,
    pub on: Day,
    pub text: String,
}

/// Something of `answers.toml` that did not count, and why: never dropped in silence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Remark {
    pub kind: RemarkKind,
    pub criterion: CriterionId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    pub because: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RemarkKind {
    AnswerLapsed,
    /// The criterion has changed its meaning since.
    AnswerStale,
    /// It was given for another edition, where the question is another one.
    AnswerOtherEdition,
    /// A text that the criterion's checks read has changed since.
    AnswerOutdated,
    AnswerNotYet,
    WaiverLapsed,
    WaiverNotYet,
    WaiverUnused,
}

impl Record {
    /// Whether some criterion was looked at without a silence, or decided beside one; a record without any says nothing of its hoster,
    /// whatever its customers' sites show.
    pub fn has_seen_anything(&self) -> bool {
        let own = |entry: &Entry| entry.findings.iter().any(|finding| finding.outcome != Outcome::ForInformation);
        let whole = |entry: &Entry| own(entry) && !entry.findings.iter().any(|finding| finding.silent);
        let decided = |entry: &Entry| matches!(entry.by, By::Check | By::CheckAndAnswer);
        self.standings.iter().any(|entry| whole(entry) || decided(entry))
    }
}

/// Counts every kind, zeros included.
pub fn count(standings: impl IntoIterator<Item = Standing>) -> Counts {
    let mut counts: Counts = Standing::ALL.into_iter().map(|standing| (standing, 0)).collect();
    for standing in standings {
        *counts.entry(standing).or_default() += 1;
    }
    counts
}

/// Reads a record that was written earlier, by this program or by an older one.
pub fn read_record(source: &Source) -> Result<Record, Faults> {
    let record = read::<Record>(source);
    // A newer one may have keys that are not known here: that it is newer is all there is to tell.
    let format = record.as_ref().map_or_else(|_| format(&source.text), |record| Some(record.format.into()));
    match format {
        Some(format) if format > i64::from(FORMAT) => Err(vec![Fault::new(
            source.place_of_word(0, "format ="),
            say!(fr: "ce relevé vient d'une version plus récente (format {format})", en: "this record comes from a newer version (format {format})"),
            say!(fr: "Mettre chatons-audit à jour.", en: "Update chatons-audit."),
        )]),
        _ => record,
    }
}

/// The form that a record says it has.
fn format(text: &str) -> Option<i64> {
    text.parse::<toml::Table>().ok()?.get("format")?.as_integer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_a_newer_program_is_a_fault_that_says_so() {
        let like_ours = "hoster = 'a'\nname = 'A'\nedition = '2023'\ndate = 2026-11-22\ntool = '9'\nrules = ''\ncounts = {}";
        for more in ["news = true", like_ours] {
            let source = Source::new("record.toml", format!("format = 2\n{more}\n"));
            let faults = read_record(&source).unwrap_err();
            assert_eq!(faults.len(), 1);
            assert!(faults[0].what.en.contains("newer version"), "{faults:?}");
        }
    }
}

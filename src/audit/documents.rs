//! The published texts that are kept beside the record: which changed, and which answers rested on them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::record::Record;
use crate::check::{Check, Published, Reference};
use crate::criteria::{Criterion, fold};
use crate::day::Day;
use crate::hoster::{Answer, Answers, Subject};

/// Kinds of `lists/documents.toml` whose text is kept of every hoster; `keep` of hoster.toml adds to them.
pub(super) const KEPT: [&str; 3] = ["terms", "legal", "privacy"];

/// How texts are read, as the head of each digest: when that changes, it is not the hoster who changed anything.
const READING: &str = "1";

/// A text that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DocumentKept {
    /// An id of `lists/documents.toml`; the text is in `documents/<kind>.md`.
    pub kind: String,
    pub url: Url,
    /// Of its words: another address or another comma is not another text.
    pub digest: String,
    /// The day of the last record before the words changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_since: Option<Day>,
    /// The day on which the change was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_on: Option<Day>,
}

/// What a run says of a kind of document.
#[derive(Debug, Clone)]
pub struct Reading {
    pub kind: String,
    pub published: Published,
}

impl Reading {
    /// The file that keeps it, and what the file holds; nothing where there is no text.
    pub fn file(&self) -> Option<String> {
        let Published::Text(exchange) = &self.published else { return None };
        let (kind, url) = (&self.kind, exchange.url());
        let note = "Text as chatons-audit reads it; the page itself prevails. / Texte lu par chatons-audit ; la page fait foi.";
        Some(format!("<!-- chatons-audit {kind}: {url} -->\n<!-- {note} -->\n\n{}", exchange.article().markdown()))
    }
}

/// What is kept of the texts, given what the last record kept. A silence, and a partial audit, leave things as they were.
pub(super) fn kept(readings: &[Reading], before: Option<&Record>, today: Day) -> Vec<DocumentKept> {
    let old = before.map(|record| record.documents.as_slice()).unwrap_or_default();
    let unread = old.iter().filter(|old| !readings.iter().any(|reading| reading.kind == old.kind)).cloned();
    let read = readings.iter().filter_map(|reading| {
        let old = old.iter().find(|old| old.kind == reading.kind);
        match &reading.published {
            Published::Gone => None,
            Published::Unknown => old.cloned(),
            Published::Text(exchange) => {
                let digest = digest(&exchange.article().words());
                let changed = before.zip(old).filter(|(_, old)| old.digest != digest && reads_alike(&old.digest));
                let (since, on) = match (changed, old) {
                    (Some((before, _)), _) => (Some(before.date), Some(today)),
                    (None, Some(old)) => (old.changed_since, old.changed_on),
                    (None, None) => (None, None),
                };
                let mut url = exchange.url().clone();
                url.set_fragment(None);
                Some(DocumentKept { kind: reading.kind.clone(), url, digest, changed_since: since, changed_on: on })
            }
        }
    });
    let mut kept: Vec<DocumentKept> = read.chain(unread).collect();
    kept.sort_by(|a, b| a.kind.cmp(&b.kind));
    kept
}

fn digest(words: &str) -> String {
    let bare: String = fold(words).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let digest = Sha256::digest(bare.as_bytes());
    digest.iter().take(8).fold(format!("{READING}-"), |text, byte| format!("{text}{byte:02x}"))
}

fn reads_alike(digest: &str) -> bool {
    digest.split('-').next() == Some(READING)
}

/// The text that changed after an answer to a criterion whose checks read it.
pub fn outdated_by<'d>(documents: &'d [DocumentKept], criterion: &Criterion, answer: &Answer) -> Option<&'d DocumentKept> {
    let reads = |kind: &str| criterion.checks.iter().flat_map(Check::references).any(|reference| reference == Reference::Document(kind));
    documents.iter().find(|document| document.changed_on.is_some_and(|on| answer.on < on) && reads(&document.kind))
}

/// The latest answer that counts on that day, and was given on the texts as they are.
pub(super) fn in_force<'a>(
    answers: &'a Answers,
    criterion: &Criterion,
    subject: &Subject,
    edition: &str,
    today: Day,
    documents: &[DocumentKept],
) -> Option<&'a Answer> {
    let about = answers.about(criterion.id(), subject).filter(|answer| outdated_by(documents, criterion, answer).is_none());
    about.filter(|answer| answer.holds(criterion, edition, today)).max_by_key(|answer| (answer.service.is_some(), answer.on))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::facts::{Body, Exchange, Headers};

    const THEN: Day = Day::new(2026, 9, 2);
    const TODAY: Day = Day::new(2026, 11, 22);

    fn text(words: &str) -> Published {
        let headers = Headers::from([("content-type".to_owned(), vec!["text/html".to_owned()])]);
        let body = Body::Text(format!("<h1>CGU</h1><p>{words}</p>"));
        Published::Text(Arc::new(Exchange::new("https://a.example/cgu".parse().unwrap(), 200, headers, None, body)))
    }

    fn read(published: Published) -> [Reading; 1] {
        [Reading { kind: "terms".into(), published }]
    }

    fn record(documents: Vec<DocumentKept>, date: Day) -> Record {
        Record {
            format: 1,
            hoster: "a".into(),
            name: "A".into(),
            edition: "2023".into(),
            date,
            tool: "0".into(),
            rules: "0".into(),
            counts: super::super::record::count([]),
            documents,
            standings: vec![],
            remarks: vec![],
        }
    }

    #[test]
    fn a_change_is_dated_and_stays_so() {
        let first = record(kept(&read(text("Un.")), None, THEN), THEN);
        assert_eq!(first.documents[0].changed_on, None);
        let second = record(kept(&read(text("Deux.")), Some(&first), TODAY), TODAY);
        assert_eq!((second.documents[0].changed_since, second.documents[0].changed_on), (Some(THEN), Some(TODAY)));
        assert_eq!(kept(&read(text("Deux.")), Some(&second), TODAY), second.documents, "run twice");
        assert_eq!(kept(&read(text("DEUX !")), Some(&second), TODAY), second.documents, "the same words");
    }

    #[test]
    fn what_was_not_read_is_as_it_was() {
        let first = record(kept(&read(text("Un.")), None, THEN), THEN);
        assert_eq!(kept(&read(Published::Unknown), Some(&first), TODAY), first.documents);
        assert_eq!(kept(&[], Some(&first), TODAY), first.documents);
        assert_eq!(kept(&read(Published::Gone), Some(&first), TODAY), []);
    }

    #[test]
    fn another_way_of_reading_is_no_change_of_the_hoster() {
        let mut first = record(kept(&read(text("Un.")), None, THEN), THEN);
        first.documents[0].digest = "0-0123".into();
        assert_eq!(kept(&read(text("Deux.")), Some(&first), TODAY)[0].changed_on, None);
    }

    #[test]
    fn the_file_names_its_page_and_no_day() {
        let [reading] = read(text("Un. Deux."));
        let file = reading.file().unwrap();
        assert!(file.starts_with("<!-- chatons-audit terms: https://a.example/cgu -->\n"), "{file}");
        assert!(file.ends_with("\n\n# CGU\n\nUn.\nDeux.\n"), "{file}");
    }
}

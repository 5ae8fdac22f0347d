//! The texts that changed, each on a line.

use super::{Report, clean};
use crate::audit::{DocumentKept, Record};
use crate::criteria::Charter;
use crate::text::{Text, say};

/// What a text is called.
fn name(charter: &Charter, kind: &str) -> Text {
    charter.document(kind).map_or_else(|| Text::same(clean(kind)), |kind| kind.name.clone())
}

/// The texts whose change the record holds, with their addresses.
pub(super) fn changed(report: &Report<'_>) -> Vec<Text> {
    report.record.documents.iter().filter_map(|document| told(report.charter, document)).collect()
}

fn told(charter: &Charter, document: &DocumentKept) -> Option<Text> {
    let (name, since, on) = (name(charter, &document.kind), document.changed_since?, document.changed_on?);
    let (kind, url) = (clean(&document.kind), &document.url);
    Some(say!(
        fr: "{n_fr} : texte modifié depuis le {since} (constaté le {on}), voir documents/{kind}.md : {url}",
        en: "{n_en}: text changed since {since} (seen on {on}), see documents/{kind}.md: {url}",
        with: n_fr = name.fr, n_en = name.en
    ))
}

/// The texts that differ between two records, by name.
pub(super) fn differing(charter: &Charter, old: &Record, new: &Record) -> Vec<Text> {
    let differs = |document: &&DocumentKept| {
        let before = old.documents.iter().find(|before| before.kind == document.kind);
        before.is_some_and(|before| before.digest != document.digest && document.changed_on != before.changed_on)
    };
    new.documents.iter().filter(differs).map(|document| name(charter, &document.kind)).collect()
}

//! The message of the commit that keeps a record: what changed, in names that are ours.

use super::changes::{Changes, step};
use super::clean;
use crate::audit::{Record, gaps};
use crate::hoster::HosterId;
use crate::text::{Lang, count, say};

/// A longer name of a service is cut.
const LONGEST_NAME: usize = 60;

/// The whole message; `changes` is nothing for the first record. Of what others wrote, it holds names of services alone, cleaned.
pub fn commit_message(id: &HosterId, record: &Record, changes: Option<&Changes<'_>>, lang: Lang) -> String {
    let what = match changes {
        None => first(record, lang),
        Some(changes) => subject(changes, lang),
    };
    let head = say!(fr: "audit {id} : {what}", en: "audit {id}: {what}");
    let mut lines = vec![head.in_lang(lang).to_owned(), String::new(), dates(record, changes, lang)];
    if let Some(changes) = changes.filter(|changes| !changes.list.is_empty()) {
        lines.push(String::new());
        lines.extend(changes.list.iter().map(|change| {
            let name: String = changes.subject(&change.subject).chars().take(LONGEST_NAME).collect();
            let name = if name.is_empty() { name } else { format!(" [{name}]") };
            format!("- {}{name} {}", change.criterion, step(change).in_lang(lang))
        }));
    }
    format!("{}\n", lines.join("\n"))
}

fn first(record: &Record, lang: Lang) -> String {
    let n = gaps(record).len();
    match lang {
        Lang::Fr => format!("premier relevé, {}", count(lang, n, "écart", "écarts")),
        Lang::En => format!("first record, {}", count(lang, n, "gap", "gaps")),
    }
}

fn subject(changes: &Changes<'_>, lang: Lang) -> String {
    if let Some(gaps) = changes.gap_counts(lang) {
        return gaps;
    }
    match (lang, changes.list.len()) {
        (Lang::Fr, 0) => "mêmes situations, détails mis à jour".to_owned(),
        (Lang::En, 0) => "same standings, details updated".to_owned(),
        (Lang::Fr, n) => count(lang, n, "situation changée", "situations changées"),
        (Lang::En, n) => count(lang, n, "standing changed", "standings changed"),
    }
}

fn dates(record: &Record, changes: Option<&Changes<'_>>, lang: Lang) -> String {
    let (date, edition) = (record.date, clean(&record.edition));
    let text = match changes {
        None => say!(fr: "Relevé du {date}, édition {edition}.", en: "Record of {date}, edition {edition}."),
        Some(changes) => {
            let (then, commit) = (changes.old.date, changes.known_as);
            say!(
                fr: "Relevé du {date}, édition {edition}, comparé à celui du {then} ({commit}).",
                en: "Record of {date}, edition {edition}, compared with that of {then} ({commit})."
            )
        }
    };
    text.in_lang(lang).to_owned()
}

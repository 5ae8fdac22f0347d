//! Every criterion, section by section, folded until somebody asks.

use maud::{Markup, html as markup};

use super::{Part, answered, plain, seen, subject, told};
use crate::audit::{Entry, Standing};
use crate::report::words::pick;
use crate::report::{Report, Row, SectionReport, words};
use crate::text::Lang;

pub(super) fn everything(report: &Report<'_>, lang: Lang) -> Part {
    let content = markup! { @for section in &report.sections { (of_section(report, section, lang)) } };
    Part::always("everything", pick(lang, "Tous les critères", "Every criterion").to_owned(), content)
}

fn of_section(report: &Report<'_>, section: &SectionReport<'_>, lang: Lang) -> Markup {
    let title = section.section.title();
    let mut rows: Vec<&Row<'_>> = section.rows.iter().collect();
    rows.sort_by_key(|row| row.criterion.id());
    markup! {
        details {
            summary { (section.section.letter()) " · " (title.in_lang(lang)) " " small { (words::counts(&section.counts, lang)) } }
            table {
                caption { (title.in_lang(lang)) }
                thead { tr {
                    th scope="col" { (pick(lang, "Critère", "Criterion")) }
                    th.short scope="col" { (pick(lang, "Situation", "Standing")) }
                } }
                tbody { @for row in rows { (one_row(report, row, lang)) } }
            }
        }
    }
}

fn one_row(report: &Report<'_>, row: &Row<'_>, lang: Lang) -> Markup {
    let kinds: Vec<Standing> = Standing::ALL.into_iter().filter(|standing| row.has(*standing)).collect();
    markup! {
        tr {
            th scope="row" {
                span.id { (row.criterion.id()) } (plain(row.criterion.title.in_lang(lang)))
                p.aside { (words::level(row.level()).in_lang(lang)) }
                @for alike in alike(row) { (one_view(report, row, &alike, lang)) }
            }
            td { @for standing in kinds {
                p { (told(standing, lang)) @if row.entries.len() > 1 { " (" (row.entries_at(standing).count()) "/" (row.entries.len()) ")" } }
            } }
        }
    }
}

/// Subjects of which the very same is seen and said, together.
fn alike<'r>(row: &'r Row<'_>) -> Vec<Vec<&'r Entry>> {
    let mut groups: Vec<Vec<&Entry>> = Vec::new();
    for entry in row.entries.iter().copied() {
        let same = |other: &Entry| (other.standing, &other.answer, &other.findings) == (entry.standing, &entry.answer, &entry.findings);
        match groups.iter_mut().find(|group| same(group[0])) {
            Some(group) => group.push(entry),
            None => groups.push(vec![entry]),
        }
    }
    groups
}

/// What was seen and said of subjects that are alike.
fn one_view(report: &Report<'_>, row: &Row<'_>, alike: &[&Entry], lang: Lang) -> Markup {
    let entry = alike[0];
    let names: Vec<String> = alike.iter().map(|entry| subject(report, &entry.subject)).collect();
    markup! {
        div.aside.entry {
            @if row.entries.len() > 1 { p { (told(entry.standing, lang)) " " (names.join(", ")) } }
            @if let Some(answer) = answered(entry, lang) { div { (answer) } }
            @for finding in &entry.findings { div { (seen(finding, lang)) } }
        }
    }
}

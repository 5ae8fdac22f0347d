//! The forms of a report, for `report`, `run` and `demo` alike.

use clap::ValueEnum;

use super::audits::Audit;
use super::lang::tr;
use super::terminal::Terminal;
use crate::audit::Record;
use crate::criteria::Charter;
use crate::file::Fault;
use crate::report::{JSON_OF_MANY, Report, candidature, csv, csv_head, html, json, json_of_one_of_many, markdown, table};
use crate::text::{Lang, say};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Table,
    Markdown,
    Html,
    Json,
    /// Gaps as issues to import.
    Csv,
    /// The reviewers' checklist, filled in.
    Candidature,
}

/// As the help shows them.
pub(super) const FORMATS: &str = "table|markdown|html|json|csv|candidature";

pub(super) fn help() -> &'static str {
    tr(
        "La forme du rapport ; csv : les écarts, à importer comme tickets ; candidature : la grille des relecteurs (par défaut : table)",
        "The form of the report; csv: the gaps, to import as issues; candidature: the reviewers' checklist (default: table)",
    )
}

/// How many hosters the output is for: JSON of several is a list even when only one could be audited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    One,
    Several,
}

impl Format {
    /// A page of HTML has one title and one subject; to be asked before anything is observed.
    pub(super) fn check(self, asked: Asked) -> Result<(), Fault> {
        if (self, asked) != (Self::Html, Asked::Several) {
            return Ok(());
        }
        Err(Fault::nowhere(
            say!(fr: "une page HTML ne montre qu'un hébergeur", en: "a page of HTML shows one hoster only"),
            say!(
                fr: "Nommer un seul audit, ou lancer « run » sans « --format », puis « report ID --format html » pour chacun.",
                en: "Name one audit only, or launch `run` without `--format`, then `report ID --format html` for each."
            ),
        ))
    }

    /// What it shows of one hoster.
    pub(super) fn one(self, record: &Record, audit: &Audit, asked: Asked, charter: &Charter, lang: Lang) -> String {
        let report = || Report::new(record, charter, &audit.hoster, &audit.answers);
        match (self, asked) {
            (Self::Table, _) => table(&report(), lang, Terminal::width()),
            (Self::Markdown, _) => markdown(&report(), lang),
            (Self::Html, _) => page(record, audit, charter, lang),
            (Self::Json, Asked::One) => json(record),
            (Self::Json, Asked::Several) => json_of_one_of_many(record),
            (Self::Csv, _) => csv(&report(), lang),
            (Self::Candidature, _) => candidature(&report(), lang),
        }
    }

    /// What is shown of each hoster as one text, to be written piece by piece.
    pub(super) fn all(self, each: impl Iterator<Item = String>, asked: Asked) -> impl Iterator<Item = String> {
        let [before, between, after] = match (self, asked) {
            (Self::Json, Asked::Several) => JSON_OF_MANY.map(str::to_owned),
            (Self::Csv, _) => [csv_head(), String::new(), String::new()],
            (Self::Json | Self::Html, _) => Default::default(),
            (Self::Table | Self::Markdown | Self::Candidature, _) => [String::new(), "\n".to_owned(), String::new()],
        };
        let each = each.enumerate().flat_map(move |(n, one)| [if n == 0 { String::new() } else { between.clone() }, one]);
        std::iter::once(before).chain(each).chain(std::iter::once(after))
    }
}

/// The page tells what changed since the last time, if git remembers it.
fn page(record: &Record, audit: &Audit, charter: &Charter, lang: Lang) -> String {
    let kept = audit.past();
    let past: Vec<(&str, &Record)> = kept.iter().filter_map(|kept| Some((kept.commit.short(), kept.record.as_ref().ok()?))).collect();
    html(&Report::new(record, charter, &audit.hoster, &audit.answers).after(&past), lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_is_of_one_hoster() {
        for format in Format::value_variants() {
            assert!(format.check(Asked::One).is_ok());
            assert_eq!(format.check(Asked::Several).is_err(), *format == Format::Html, "{format:?}");
        }
    }

    #[test]
    fn what_is_shown_of_several_hosters_is_one_text() {
        let all = |format: Format, count: usize| {
            let asked = if count == 1 { Asked::One } else { Asked::Several };
            format.all((1..=count).map(|n| format!("{n}\n")), asked).collect::<String>()
        };
        let head = csv_head();
        for format in Format::value_variants() {
            let (one, two) = match format {
                Format::Table | Format::Markdown | Format::Candidature => ("1\n".to_owned(), "1\n\n2\n".to_owned()),
                Format::Csv => (format!("{head}1\n"), format!("{head}1\n2\n")),
                Format::Json => ("1\n".to_owned(), "{\n  \"hosters\": [1\n,2\n\n  ]\n}\n".to_owned()),
                // Of several there is none.
                Format::Html => ("1\n".to_owned(), "1\n2\n".to_owned()),
            };
            assert_eq!((all(*format, 1), all(*format, 2)), (one, two), "{format:?}");
        }
    }

    #[test]
    fn the_help_names_every_format() {
        let names: Vec<_> =
            Format::value_variants().iter().filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned())).collect();
        assert_eq!(names.join("|"), FORMATS);
    }
}

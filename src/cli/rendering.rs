//! The forms of a report, for `report`, `run` and `demo` alike.

use clap::ValueEnum;

use super::audits::Audit;
use super::lang::tr;
use super::terminal::Terminal;
use crate::audit::Record;
use crate::criteria::Charter;
use crate::file::Fault;
use crate::report::{Report, candidature, csv, html, json, json_of_many, markdown, table};
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

/// A text, part by part.
pub(super) type Pieces<'s> = Box<dyn Iterator<Item = String> + 's>;

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

    /// In pieces, to be written one after the other.
    pub(super) fn render<'s>(self, shown: &'s [(&Record, &Audit)], asked: Asked, charter: &Charter, lang: Lang) -> Pieces<'s> {
        if (self, asked) == (Self::Json, Asked::Several) {
            return Box::new(json_of_many(shown.iter().map(|(record, _)| *record)));
        }
        let reports: Vec<Report<'_>> =
            shown.iter().map(|(record, audit)| Report::new(record, charter, &audit.hoster, &audit.answers)).collect();
        let each = |one: &dyn Fn(&Report<'_>) -> String| reports.iter().map(one).collect::<Vec<_>>().join("\n");
        let whole = match self {
            Self::Table => each(&|report| table(report, lang, Terminal::width())),
            Self::Markdown => each(&|report| markdown(report, lang)),
            Self::Html => shown.iter().map(|(record, audit)| page(record, audit, charter, lang)).collect(),
            Self::Candidature => each(&|report| candidature(report, lang)),
            Self::Csv => csv(&reports, lang),
            Self::Json => shown.iter().map(|(record, _)| json(record)).collect(),
        };
        Box::new(std::iter::once(whole))
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
    fn the_help_names_every_format() {
        let names: Vec<_> =
            Format::value_variants().iter().filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned())).collect();
        assert_eq!(names.join("|"), FORMATS);
    }
}

//! Gaps as issues to import, in the columns of GitLab: `title,description,due date`. A spreadsheet runs nothing of it.

use ::csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

use super::gaps::{Gap, Told, excerpt};
use super::markdown::{escape, note, sentence};
use super::places::{is_told, more, pieces, web_address};
use super::words::pick;
use super::{Report, clean, words};
use crate::audit::Standing;
use crate::text::{Lang, Text, say};

/// The names of the columns: GitLab's, in every language.
pub fn csv_head() -> String {
    rows(|table| table.write_record(["title", "description", "due date"]))
}

/// One row a gap.
pub fn csv(report: &Report<'_>, lang: Lang) -> String {
    rows(|table| {
        report.gaps().iter().try_for_each(|gap| {
            let due = gap.actions.iter().find_map(|planned| planned.action.due).map(|due| due.to_string()).unwrap_or_default();
            table.write_record([&tame(&title(report, gap, lang)), &tame(&description(gap, lang)), &due])
        })
    })
}

fn rows(write: impl FnOnce(&mut Writer<Vec<u8>>) -> ::csv::Result<()>) -> String {
    let mut table = WriterBuilder::new().quote_style(QuoteStyle::Always).terminator(Terminator::CRLF).from_writer(Vec::new());
    write(&mut table).expect("memory takes every row");
    let bytes = table.into_inner().expect("memory takes every row");
    String::from_utf8(bytes).expect("rows are text")
}

fn title(report: &Report<'_>, gap: &Gap<'_, '_>, lang: Lang) -> String {
    let criterion = gap.row.criterion;
    let (id, name) = (criterion.id(), clean(&report.record.name));
    let title = clean(criterion.title.in_lang(lang));
    say!(fr: "{id} {title} ({name})", en: "{id} {title} ({name})").in_lang(lang).to_owned()
}

/// Markdown, as GitLab shows it. No line begins with what others wrote: a `/close` there would be obeyed.
fn description(gap: &Gap<'_, '_>, lang: Lang) -> String {
    let criterion = gap.row.criterion;
    let mut lines = Vec::new();
    let mut tell = |label: Text, words: &str| lines.push(format!("**{}** {words}", label.in_lang(lang)));
    let (family, level, effort) = (words::family(criterion.family()), words::level(gap.row.level()), words::effort(criterion.effort));
    let about = format!("{}, {}, {}", family.in_lang(lang), level.in_lang(lang), effort.in_lang(lang));
    tell(say!(fr: "Obligation et effort :", en: "Obligation and effort:"), &about);
    if !gap.subjects.is_empty() {
        let subjects = gap.subjects.iter().map(|subject| escape(subject)).collect::<Vec<_>>().join(", ");
        tell(say!(fr: "Où :", en: "Where:"), &subjects);
    }
    for Told { finding, .. } in &gap.findings {
        let told = pieces(finding.because.in_lang(lang));
        tell(say!(fr: "Constat :", en: "Seen:"), &sentence(&told));
        for evidence in more(finding, lang).filter(|evidence| !is_told(&told, evidence)) {
            let place = web_address(&evidence.at).map_or_else(|| escape(&evidence.at), |url| format!("<{url}>"));
            tell(say!(fr: "Vu à :", en: "Seen at:"), &place);
        }
        if let Some(excerpt) = excerpt(finding) {
            tell(say!(fr: "On y lit :", en: "It reads:"), &words::quoted(&escape(&excerpt), lang));
        }
    }
    for entry in gap.row.entries_at(Standing::Unmet) {
        if let Some(answer) = words::answered(entry) {
            tell(say!(fr: "Réponse :", en: "Answer:"), &format!("{}{}", escape(answer.in_lang(lang)), note(entry)));
        }
    }
    for reply in words::replied(gap.row.entries_at(Standing::Unmet)) {
        tell(say!(fr: "Droit de réponse :", en: "Right of reply:"), &escape(reply.in_lang(lang)));
    }
    tell(say!(fr: "À faire :", en: "To do:"), &escape(criterion.remedy.in_lang(lang)));
    for planned in &gap.actions {
        tell(say!(fr: "Décidé :", en: "Decided:"), &escape(&words::action(planned, lang)));
    }
    let source = format!("<{}>, {}", criterion.source.url, pick(lang, "que ce texte paraphrase", "which this text paraphrases"));
    tell(say!(fr: "Source :", en: "Source:"), &source);
    lines.join("\n\n")
}

/// Puts a `'` before each sign that begins a formula: at the start, and wherever a spreadsheet that splits at something
/// else than our commas could see the start of a cell.
fn tame(field: &str) -> String {
    let mut tamed = String::with_capacity(field.len());
    let mut starts = true;
    for c in field.chars() {
        let formula = matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
        if starts && (formula || matches!(c, '\t' | '\r' | '\0')) {
            tamed.push('\'');
        }
        tamed.push(c);
        starts = match c {
            ';' | ',' | '\t' | '\r' | '\n' | '"' => true,
            ' ' | '\'' => starts,
            _ => false,
        };
    }
    tamed
}

#[cfg(test)]
mod tests {
    use super::super::sample::{golden, sample};
    use super::*;

    #[test]
    fn the_csv_is_golden() {
        let sample = sample();
        for (lang, file) in [(Lang::Fr, "report.fr.csv"), (Lang::En, "report.en.csv")] {
            golden(file, &(csv_head() + &csv(&sample.report(), lang)));
        }
    }

    /// Read again with each separator that a spreadsheet may take for ours.
    #[test]
    fn a_spreadsheet_runs_nothing_of_it() {
        let text = csv_head() + &csv(&sample().report(), Lang::Fr);
        assert!(text.starts_with("\"title\",\"description\",\"due date\"\r\n"), "{text}");
        for separator in [b',', b';', b'\t'] {
            let mut reader =
                ::csv::ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(false).from_reader(text.as_bytes());
            for field in reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
                let start = field.trim_start_matches([' ', '"']).chars().next();
                assert!(!matches!(start, Some('=' | '+' | '-' | '@' | '\t' | '\r')), "{field}");
            }
        }
    }

    #[test]
    fn a_formula_is_tamed_wherever_a_cell_may_start() {
        assert_eq!(tame("=1+1"), "'=1+1");
        assert_eq!(tame("a;=1"), "a;'=1");
        assert_eq!(tame("a\n @b"), "a\n '@b");
        assert_eq!(tame(", \\@b"), ", \\@b", "a mention stays escaped, and no spreadsheet reads `\\@` as a formula");
        assert_eq!(tame("\t=1"), "'\t'=1");
        assert_eq!(tame("l'été, à-coup x=1"), "l'été, à-coup x=1");
    }

    #[test]
    fn rows_are_what_gitlab_reads() {
        let sample = sample();
        let text = csv_head() + &csv(&sample.report(), Lang::Fr);
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), sample.report().gaps().len());
        assert!(rows.iter().any(|row| row[0].starts_with("T8 ") && &row[2] == "2026-11-01"));
        assert!(rows.iter().all(|row| row[1].lines().all(|line| line.is_empty() || line.starts_with("**"))), "no line that GitLab obeys");
    }
}

//! The questions as a sheet, for people who answer in a spreadsheet.

use super::clean;
use super::question::{last_answer, seen};
use crate::audit::Question;
use crate::day::Day;
use crate::hoster::{Column, Key, guarded, separator};
use crate::text::Lang;

/// CSV that spreadsheets open with a double click: in UTF-8 with its mark, the separator that the language expects, every cell quoted.
pub fn sheet(questions: &[Question<'_>], edition: &str, by: Option<&str>, today: Day, lang: Lang) -> String {
    let mut rows = csv::WriterBuilder::new()
        .delimiter(separator(lang))
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let titles = Column::ALL.map(|column| column.title().in_lang(lang).to_owned());
    let cells = questions.iter().map(|question| Column::ALL.map(|column| guarded(&cell(question, column, edition, by, today, lang))));
    for row in std::iter::once(titles).chain(cells) {
        rows.write_record(row).expect("memory takes it, and all rows are as long");
    }
    let bytes = rows.into_inner().expect("memory takes it");
    format!("\u{feff}{}", String::from_utf8(bytes).expect("made of texts"))
}

fn cell(question: &Question<'_>, column: Column, edition: &str, by: Option<&str>, today: Day, lang: Lang) -> String {
    let criterion = question.criterion();
    match column {
        Column::Id => Key::new(criterion, edition).to_string(),
        Column::Service => question.service().map(ToString::to_string).unwrap_or_default(),
        Column::Question => {
            let ask = criterion.ask.as_ref().unwrap_or(&criterion.title).in_lang(lang).to_owned();
            match question.service() {
                Some(_) => format!("[{}] {ask}", clean(&question.step.site.name)),
                None => ask,
            }
        }
        Column::Seen => {
            let mut lines = question.entry.map(|entry| seen(entry, lang)).unwrap_or_default();
            lines.extend(question.last.map(|last| last_answer(last, criterion, today, lang)).unwrap_or_default());
            lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n")
        }
        Column::By => by.map(clean).unwrap_or_default(),
        Column::Answer | Column::Note | Column::Links | Column::On => String::new(),
    }
}

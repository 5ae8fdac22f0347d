//! The compliance table, for a terminal.

use anstyle::Style;
use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width};

use super::actions::Progress;
use super::gaps::{first_sentence, telling};
use super::{Report, Row, SectionReport, clean, documents, words};
use crate::audit::Standing;
use crate::text::{Lang, count, say};

/// How wide the terminal is when nobody says; and when the output is no terminal.
pub const USUAL_WIDTH: u16 = 100;

/// The whole report for a terminal of that many columns.
pub fn table(report: &Report<'_>, lang: Lang, width: u16) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        text.push_str(&words);
        text.push('\n');
    };
    line(bold(&title(report, lang)));
    line(String::new());
    for section in &report.sections {
        line(bold(&heading(section, lang)));
        line(section_table(report, section, lang, width));
        line(String::new());
    }
    line(summary(report, lang));
    for part in [texts(report, lang), actions(report, lang), gaps(report, lang), questions(report, lang), others(report, lang)]
        .into_iter()
        .filter(|part| !part.is_empty())
    {
        line(String::new());
        line(part.join("\n"));
    }
    wrap(&text, width)
}

/// Rows told apart without a cage.
pub(super) const STYLE: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')).row_separator(LineStyle::none().fill('┈').junction('┈'));

fn title(report: &Report<'_>, lang: Lang) -> String {
    let record = report.record;
    let (name, date) = (clean(&record.name), record.date);
    let edition = report.charter.edition(&record.edition).map(|edition| edition.title.clone());
    let edition = edition.unwrap_or_else(|| crate::text::Text::same(clean(&record.edition)));
    let text = say!(fr: "{name} — {e_fr} — relevé du {date}", en: "{name} — {e_en} — record of {date}", with: e_fr = edition.fr, e_en = edition.en);
    text.in_lang(lang).to_owned()
}

fn heading(section: &SectionReport<'_>, lang: Lang) -> String {
    let title = section.section.title();
    format!("{} · {}{} {}", letter(section), title.in_lang(lang), words::colon(lang), words::counts(&section.counts, lang))
}

fn letter(section: &SectionReport<'_>) -> String {
    section.rows.first().map(|row| row.criterion.id().to_string().chars().take(1).collect()).unwrap_or_default()
}

fn section_table(report: &Report<'_>, section: &SectionReport<'_>, lang: Lang, width: u16) -> String {
    let header = match lang {
        Lang::Fr => ["", "Critère", "Situation", "Constat"],
        Lang::En => ["", "Criterion", "Standing", "What was seen"],
    };
    let mut table = Table::new();
    table.load_style(STYLE);
    table.enforce_styling();
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.set_header(header.map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
    for row in &section.rows {
        let standing = format!("{} {}", words::sign(row.standing), standing(row, lang));
        table.add_row([
            Cell::new(row.criterion.id()),
            Cell::new(bind(row.criterion.title.in_lang(lang))),
            Cell::new(standing).fg(colour(row.standing)),
            Cell::new(bind(&brief(&seen(row, lang), report))),
        ]);
    }
    table.column_mut(0).expect("four columns").set_constraint(ColumnConstraint::Absolute(Width::Fixed(5)));
    table.column_mut(2).expect("four columns").set_constraint(ColumnConstraint::Absolute(Width::Fixed(19)));
    table.column_mut(3).expect("four columns").set_constraint(ColumnConstraint::UpperBoundary(Width::Percentage(38)));
    table.trim_fmt()
}

/// The standing, with how many of its subjects stand so and which level it has when it is not the usual one.
fn standing(row: &Row<'_>, lang: Lang) -> String {
    let mut words = row.standing.name().in_lang(lang).to_owned();
    if row.entries.len() > 1 {
        let so = row.entries_at(row.standing).count();
        words.push_str(&format!(" ({so}/{})", row.entries.len()));
    }
    if row.level() != crate::criteria::Level::Required {
        words.push_str(&format!(", {}", words::level(row.level()).in_lang(lang)));
    }
    words
}

/// Addresses as a reader says them: no `https://`, and on the hoster's own site the path alone.
fn brief(text: &str, report: &Report<'_>) -> String {
    let home = report.hoster.home().url.as_ref().and_then(url::Url::host_str).unwrap_or_default();
    let own = format!("https://{home}/");
    let words = text.split(' ').map(|word| match word.strip_prefix(&own) {
        Some(path) if !path.is_empty() => format!("/{path}"),
        _ => word.replace("https://", ""),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// One line of what was seen: the finding that matters most.
fn seen(row: &Row<'_>, lang: Lang) -> String {
    let entry = row.entries_at(row.standing).next().expect("a row stands as one of its entries");
    if let Some(answer) = words::answered(entry).filter(|_| matches!(entry.by, crate::audit::By::Answer)) {
        return clean(answer.in_lang(lang));
    }
    if let Some(waiver) = &entry.waiver {
        return clean(waiver.because.in_lang(lang));
    }
    telling(entry).map(|finding| shorten(first_sentence(&clean(finding.because.in_lang(lang))), 160)).unwrap_or_default()
}

fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most - 1).collect();
    let at = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", &cut[..at])
}

fn summary(report: &Report<'_>, lang: Lang) -> String {
    let (counts, total) = (words::counts(&report.counts(), lang), report.rows().count());
    let text = match lang {
        Lang::Fr => format!("En tout, {} : {counts}.", count(lang, total, "critère", "critères")),
        Lang::En => format!("In all, {}: {counts}.", count(lang, total, "criterion", "criteria")),
    };
    bold(&text)
}

/// What the hoster wrote anew.
fn texts(report: &Report<'_>, lang: Lang) -> Vec<String> {
    documents::changed(report).iter().map(|text| format!("! {}", clean(text.in_lang(lang)))).collect()
}

/// What the group decided; a sign and a word for what is overdue.
fn actions(report: &Report<'_>, lang: Lang) -> Vec<String> {
    let actions = report.actions();
    if actions.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![bold(&words::actions(report, lang))];
    lines.extend(actions.iter().map(|planned| {
        let sign = if planned.progress == Progress::Overdue { "!" } else { " " };
        format!("{sign} {:<4} {}", planned.row.criterion.id(), words::action(planned, lang))
    }));
    lines
}

fn gaps(report: &Report<'_>, lang: Lang) -> Vec<String> {
    let gaps = report.gaps();
    if gaps.is_empty() {
        return Vec::new();
    }
    let n = gaps.len();
    let mut lines = vec![bold(&match lang {
        Lang::Fr => format!("{} à combler", count(lang, n, "écart", "écarts")),
        Lang::En => format!("{} to close", count(lang, n, "gap", "gaps")),
    })];
    for gap in gaps {
        let criterion = gap.row.criterion;
        let family = words::family(criterion.family());
        let (level, effort) = (words::level(gap.row.level()), words::effort(criterion.effort));
        let about = format!("({}, {}, {})", family.in_lang(lang), level.in_lang(lang), effort.in_lang(lang));
        lines.push(String::new());
        lines.push(format!(
            "{} {} {} {about}",
            words::sign(Standing::Unmet),
            bold(&criterion.id().to_string()),
            criterion.title.in_lang(lang)
        ));
        if !gap.subjects.is_empty() {
            lines.push(format!("    {} {}", words::pick(lang, "Où :", "Where:"), gap.subjects.join(", ")));
        }
        for told in &gap.findings {
            lines.push(format!("    {} {}", words::pick(lang, "Constat :", "Seen:"), told.words(lang)));
            if let Some(excerpt) = told.excerpt() {
                lines.push(format!("      {}", words::quoted(&shorten(&excerpt, 160), lang)));
            }
        }
        for entry in gap.row.entries_at(Standing::Unmet) {
            lines.extend(words::answered(entry).map(|answer| format!("    {}", clean(answer.in_lang(lang)))));
        }
        let replies = words::replied(gap.row.entries_at(Standing::Unmet));
        lines.extend(replies.iter().map(|reply| format!("    {}", clean(reply.in_lang(lang)))));
        lines.push(format!("    {} {}", words::pick(lang, "À faire :", "To do:"), criterion.remedy.in_lang(lang)));
        lines.extend(
            gap.actions.iter().map(|action| format!("    {} {}", words::pick(lang, "Décidé :", "Decided:"), words::action(action, lang))),
        );
    }
    lines
}

fn questions(report: &Report<'_>, lang: Lang) -> Vec<String> {
    let rows = report.questions();
    if rows.is_empty() {
        return Vec::new();
    }
    let n = rows.len();
    let mut lines = vec![bold(&match lang {
        Lang::Fr => format!("{} pour une personne (réponses dans answers.toml)", count(lang, n, "question", "questions")),
        Lang::En => format!("{} for a person (answers go to answers.toml)", count(lang, n, "question", "questions")),
    })];
    for row in rows {
        let subjects = report.subjects(row, Standing::Pending);
        let all = row.entries.len() > 1 && subjects.len() == row.entries.len();
        let of = if subjects.is_empty() || all { String::new() } else { format!(" [{}]", subjects.join(", ")) };
        let ask = row.criterion.ask.as_ref().expect("questions have one").in_lang(lang);
        lines.push(format!("  {:<4} {ask}{of}", row.criterion.id()));
    }
    lines
}

/// Contested, unseen, and what did not count.
fn others(report: &Report<'_>, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    for row in report.rows_with(Standing::Contested) {
        for entry in row.entries_at(Standing::Contested) {
            let id = row.criterion.id();
            let seen = telling(entry).map(|finding| clean(finding.because.in_lang(lang))).unwrap_or_default();
            let said = words::answered(entry).map(|answer| clean(answer.in_lang(lang))).unwrap_or_default();
            lines.push(match lang {
                Lang::Fr => format!("{} {id} à départager — le contrôle : {seen} — la personne : {said}", words::sign(Standing::Contested)),
                Lang::En => format!("{} {id} contested — the check: {seen} — the person: {said}", words::sign(Standing::Contested)),
            });
            lines.extend(words::replied([entry]).iter().map(|reply| format!("  {}", clean(reply.in_lang(lang)))));
        }
    }
    for row in report.other_replies() {
        let (sign, id) = (words::sign(row.standing), row.criterion.id());
        let replies = words::replied(row.entries.iter().copied());
        lines.extend(replies.iter().map(|reply| format!("{sign} {id} {}", clean(reply.in_lang(lang)))));
    }
    for (reason, criteria) in report.silences(lang) {
        let sign = words::sign(Standing::Unseen);
        lines.push(match lang {
            Lang::Fr => format!("{sign} non constaté : {reason} ({})", criteria.join(", ")),
            Lang::En => format!("{sign} unseen: {reason} ({})", criteria.join(", ")),
        });
    }
    for (seen, criteria) in report.at_customers(lang) {
        let (title, seen) = (words::at_customers(lang), shorten(first_sentence(&seen), 160));
        lines.push(format!("– {title}{} {seen} ({})", words::colon(lang), criteria.join(", ")));
    }
    for remark in &report.record.remarks {
        let subject = remark.subject.as_ref().map(|subject| format!(" [{}]", report.subject_name(subject))).unwrap_or_default();
        lines.push(format!("! {}{subject} {}", remark.criterion, clean(remark.because.in_lang(lang))));
    }
    lines
}

pub(super) fn bold(text: &str) -> String {
    let style = Style::new().bold();
    format!("{style}{text}{style:#}")
}

fn colour(standing: Standing) -> Color {
    match standing {
        Standing::Unmet => Color::Red,
        Standing::Contested => Color::Magenta,
        Standing::Pending | Standing::Unseen => Color::Yellow,
        Standing::Waived => Color::Cyan,
        Standing::Met => Color::Green,
        Standing::NotApplicable => Color::DarkGrey,
    }
}

/// Folds the lines that no table has folded, at blanks, under their own indent.
pub(super) fn wrap(text: &str, width: u16) -> String {
    let width = usize::from(width);
    let text = &bind(text);
    let mut folded = String::with_capacity(text.len());
    for line in text.lines() {
        if columns(line) <= width {
            folded.push_str(line);
        } else {
            fold_line(line, width, &mut folded);
        }
        folded.push('\n');
    }
    // The blanks that held words together have done their work: people search for plain ones.
    folded.replace('\u{a0}', " ")
}

/// French signs stay with their word at the end of a line.
pub(super) fn bind(text: &str) -> String {
    let mut bound = text.replace("« ", "«\u{a0}");
    for sign in ["»", ":", ";", "?", "!"] {
        bound = bound.replace(&format!(" {sign}"), &format!("\u{a0}{sign}"));
    }
    bound
}

fn fold_line(line: &str, width: usize, folded: &mut String) {
    let indent = line.len() - line.trim_start().len();
    let hang = indent + 2;
    let mut at = 0;
    for (n, word) in line.split(' ').enumerate() {
        let wide = columns(word);
        if n > 0 && at + 1 + wide > width && at > hang {
            folded.push('\n');
            folded.push_str(&" ".repeat(hang));
            at = hang;
        } else if n > 0 {
            folded.push(' ');
            at += 1;
        }
        folded.push_str(word);
        at += wide;
    }
}

/// Columns on a terminal, colours aside.
fn columns(text: &str) -> usize {
    let mut wide = 0;
    let mut in_escape = false;
    for c in text.chars() {
        match (in_escape, c) {
            (false, '\u{1b}') => in_escape = true,
            (true, 'm') => in_escape = false,
            (true, _) => {}
            (false, c) => wide += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0),
        }
    }
    wide
}

#[cfg(test)]
mod tests {
    use super::super::sample::{golden, sample};
    use super::*;

    #[test]
    fn the_table_is_golden() {
        let sample = sample();
        for (lang, file) in [(Lang::Fr, "report.fr.txt"), (Lang::En, "report.en.txt")] {
            let text = anstream::adapter::strip_str(&table(&sample.report(), lang, 80)).to_string();
            assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text}");
            golden(file, &text);
        }
    }
}

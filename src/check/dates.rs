//! Dates as people write them, in French, English, German, Dutch and Spanish.

use std::sync::LazyLock;

use regex::Regex;

use crate::criteria::{expression, fold};
use crate::day::Day;

/// Longer lines are not read to their end.
const LONGEST_LINE: usize = 20_000;

/// Months by their first letters, folded; `juil` before `jui`, and so on.
#[rustfmt::skip] // a word list
const MONTHS: [(&str, i8); 40] = [
    ("januar", 1), ("janvier", 1), ("janv", 1), ("enero", 1), ("ene", 1), ("jan", 1),
    ("fevrier", 2), ("fevr", 2), ("fev", 2), ("febr", 2), ("feb", 2),
    ("maerz", 3), ("maart", 3), ("mrt", 3), ("mar", 3),
    ("avril", 4), ("avr", 4), ("abril", 4), ("abr", 4), ("apr", 4),
    ("mayo", 5), ("mai", 5), ("may", 5), ("mei", 5),
    ("juin", 6), ("jun", 6),
    ("juil", 7), ("jul", 7),
    ("aout", 8), ("aug", 8), ("ago", 8),
    ("sept", 9), ("sep", 9),
    ("okt", 10), ("oct", 10),
    ("nov", 11),
    ("dez", 12), ("dec", 12), ("dic", 12), ("desember", 12),
];

/// A month's name: its first letters, and what may follow them in one of the languages.
const MONTH: &str = r"(jan(?:uar[iy]?|vier|v)?|enero|ene|fev(?:rier|r)?|feb(?:ruar[iy]?|rero|r)?|mars|maerz|marz|marzo|march|maart|mrt|mar|avril|avr|abril|abr|april|apr|mayo|mai|may|mei|juin|jun[eio]?|juillet|juil|jul[yio]?|aout|aug(?:ust|ustus)?|agosto|ago|sept(?:embre|ember|iembre)?|sep|o[ck]t(?:obre|ober|ubre)?|nov(?:embre|ember|iembre)?|de[cz](?:embre|ember)?|dic(?:iembre)?)";

/// 2026-11-22, also before an hour.
static ISO: LazyLock<Regex> = LazyLock::new(|| expression(r"\b((?:19|20)\d\d)[-/](\d\d)[-/](\d\d)(?:\b|t)"));
/// 22/11/2026, 22.11.2026.
static FIGURES: LazyLock<Regex> = LazyLock::new(|| expression(r"\b(\d\d?)[./-](\d\d?)[./-]((?:19|20)\d\d)\b"));
/// 22 novembre 2026, 1er mai 2026, 22. November 2026, 22 de noviembre de 2026, 22nd of November 2026.
static DAY_FIRST: LazyLock<Regex> =
    LazyLock::new(|| expression(&format!(r"\b(\d\d?)(?:er|st|nd|rd|th|\.)? (?:de |of )?{MONTH}\.?,? (?:de |del )?((?:19|20)\d\d)\b")));
/// November 22, 2026.
static MONTH_FIRST: LazyLock<Regex> = LazyLock::new(|| expression(&format!(r"\b{MONTH}\.? (\d\d?)(?:st|nd|rd|th)?,? ((?:19|20)\d\d)\b")));
/// Novembre 2026.
static MONTH_ALONE: LazyLock<Regex> = LazyLock::new(|| expression(&format!(r"\b{MONTH}\.? (?:de )?((?:19|20)\d\d)\b")));

/// The latest day of a text that is not after `today`, and the line where it stands.
pub fn latest<'t>(text: &'t str, today: Day) -> Option<(Day, &'t str)> {
    let mut best: Option<(Day, &'t str)> = None;
    for line in text.lines() {
        let line = &line[..line.floor_char_boundary(LONGEST_LINE)];
        // Most lines have no year: they cost nothing.
        if !line.contains("19") && !line.contains("20") {
            continue;
        }
        let days = in_folded(&fold(line)).into_iter().filter(|day| *day <= today);
        if let Some(day) = days.max().filter(|day| best.is_none_or(|(known, _)| known < *day)) {
            best = Some((day, line));
        }
    }
    best
}

fn in_folded(line: &str) -> Vec<Day> {
    let mut days = Vec::new();
    let number = |text: &str| text.parse::<i8>().unwrap_or(0);
    for found in ISO.captures_iter(line) {
        days.extend(day(&found[1], number(&found[2]), number(&found[3])));
    }
    for found in FIGURES.captures_iter(line) {
        let (first, second) = (number(&found[1]), number(&found[2]));
        // The day comes first, but where it cannot.
        let (day_of, month) = if second > 12 { (second, first) } else { (first, second) };
        days.extend(day(&found[3], month, day_of));
    }
    for found in DAY_FIRST.captures_iter(line) {
        days.extend(day(&found[3], month(&found[2]), number(&found[1])));
    }
    for found in MONTH_FIRST.captures_iter(line) {
        days.extend(day(&found[3], month(&found[1]), number(&found[2])));
    }
    for found in MONTH_ALONE.captures_iter(line) {
        days.extend(day(&found[2], month(&found[1]), 1));
    }
    days
}

fn month(name: &str) -> i8 {
    MONTHS.iter().find(|(start, _)| name.starts_with(start)).map_or(0, |(_, month)| *month)
}

fn day(year: &str, month: i8, day: i8) -> Option<Day> {
    format!("{year}-{month:02}-{day:02}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Day = Day::new(2026, 11, 22);

    #[test]
    fn dates_are_read_as_they_are_written() {
        for (text, expected) in [
            ("Mise à jour le 12 novembre 2026.", "2026-11-12"),
            ("le 1er août 2025", "2025-08-01"),
            ("Stand: 3. März 2026", "2026-03-03"),
            ("5 de febrero de 2024", "2024-02-05"),
            ("22 maart 2023", "2023-03-22"),
            ("Last updated: November 2, 2026", "2026-11-02"),
            ("on 2nd of May 2026", "2026-05-02"),
            ("Tue, 10 Nov 2026 08:00:00 GMT", "2026-11-10"),
            ("2026-10-01T08:00:00Z", "2026-10-01"),
            ("12/03/2026", "2026-03-12"),
            ("03/25/2026", "2026-03-25"),
            ("31.12.2025", "2025-12-31"),
            ("Bilan de juin 2026", "2026-06-01"),
            ("14 déc. 2025", "2025-12-14"),
            ("7 juil. 2026", "2026-07-07"),
        ] {
            assert_eq!(latest(text, TODAY).map(|(day, _)| day.to_string()).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_or_to_come_is_left() {
        for text in ["© 2026", "version 20.26.1", "31/02/2026", "le 24 décembre 2026", "2027-01-01", "appelez le 01 20 26 20 26", ""] {
            assert_eq!(latest(text, TODAY), None, "{text}");
        }
    }

    #[test]
    fn the_latest_is_told_with_its_line() {
        let text = "Le 3 mars 2026 : panne.\nLe 2 mai 2026 : disque plein.\nLe 4 mai 2030 : fête.";
        assert_eq!(latest(text, TODAY), Some((Day::new(2026, 5, 2), "Le 2 mai 2026 : disque plein.")));
    }
}

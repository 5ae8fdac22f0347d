//! Amounts of money, and what costs nothing or what one likes.

use std::sync::LazyLock;

use regex::Regex;

use super::{number, number_words};
use crate::criteria::expression;
use crate::text::{Text, say};

static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    let words = number_words();
    let figures = r"\d{1,3}(?:[ .,']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?";
    let period = r"(?: ?(?:par|/|per|a|each|pro|im) ?(?P<period>mois|month|monat|an|annee|year|jahr))?";
    expression(&format!(
        r"(?:\b(?P<n>{figures}|{words}) ?(?P<sign>€|euros?\b|eur\b|chf\b|francs?\b)|(?P<before>€|\bchf|\beur) ?(?P<m>{figures})){period}|(?P<open>\bprix libre|\bparticipation libre|\bpay what you (?:want|can)|\bpay as you wish|\bspendenbasiert)|(?P<free>\bgratuit\w*|\bfree of charge|\bat no cost|\bsans frais|\bgratis|\bkostenlos\w*|\bkostenfrei\w*)"
    ))
});

pub(super) fn read(folded: &str) -> Vec<Text> {
    AMOUNT.captures_iter(folded).filter_map(|found| of(&found)).collect()
}

fn of(found: &regex::Captures<'_>) -> Option<Text> {
    if found.name("open").is_some() {
        return Some(say!(fr: "prix libre", en: "pay what you want"));
    }
    if found.name("free").is_some() {
        return Some(say!(fr: "gratuit", en: "free of charge"));
    }
    let figures = found.name("n").or(found.name("m"))?.as_str();
    let figures = if figures.starts_with(|c: char| c.is_ascii_digit()) { figures.to_owned() } else { number(figures)?.to_string() };
    let sign = match found.name("sign").or(found.name("before"))?.as_str() {
        "chf" | "franc" | "francs" => "CHF",
        _ => "€",
    };
    Some(match found.name("period").map(|period| period.as_str()) {
        Some("mois" | "month" | "monat") => say!(fr: "{figures} {sign} par mois", en: "{figures} {sign} a month"),
        Some(_) => say!(fr: "{figures} {sign} par an", en: "{figures} {sign} a year"),
        None => say!(fr: "{figures} {sign}", en: "{figures} {sign}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::fold;

    fn told(sentence: &str) -> Vec<String> {
        read(&fold(sentence)).into_iter().map(|value| value.fr).collect()
    }

    #[test]
    fn amounts_are_read() {
        for (sentence, value) in [
            ("Un budget de 1\u{202f}200\u{a0}€.", "1 200 €"),
            ("L'adhésion coûte dix euros par an.", "10 € par an"),
            ("5,50 € / mois", "5,50 € par mois"),
            ("It costs €12 per month.", "12 € par mois"),
            ("1,200 euros of income", "1,200 €"),
            ("CHF 40 im Jahr", "40 CHF par an"),
            ("à prix libre", "prix libre"),
            ("Pay what you want!", "prix libre"),
            ("Nos services sont gratuits.", "gratuit"),
            ("free of charge", "gratuit"),
        ] {
            assert_eq!(told(sentence), [value], "{sentence}");
        }
        assert_eq!(told("de 5 € à 20 €"), ["5 €", "20 €"]);
        assert_eq!(told("En 2024, 12 personnes ; free software, libre."), [""; 0]);
    }
}

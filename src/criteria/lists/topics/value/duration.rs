//! Durations, in five languages.

use std::sync::LazyLock;

use regex::Regex;

use super::{number, number_words};
use crate::criteria::expression;
use crate::text::{Text, say};

/// The words of a unit, and what it is in French and in English, alone and as many.
struct Unit {
    words: &'static str,
    fr: [&'static str; 2],
    en: [&'static str; 2],
}

const UNITS: [Unit; 5] = [
    Unit { words: "heures?|hours?|stunden?|uur|uren|horas?", fr: ["heure", "heures"], en: ["hour", "hours"] },
    Unit { words: "jours?|days?|tage?n?|dag|dagen|dias?", fr: ["jour", "jours"], en: ["day", "days"] },
    Unit { words: "semaines?|weeks?|wochen?|weken|semanas?", fr: ["semaine", "semaines"], en: ["week", "weeks"] },
    Unit { words: "mois|months?|monate?n?|maand|maanden|mes|meses", fr: ["mois", "mois"], en: ["month", "months"] },
    Unit { words: "ans?|annees?|years?|jahre?n?|jaar|jaren|anos?", fr: ["an", "ans"], en: ["year", "years"] },
];

static DURATION: LazyLock<Regex> = LazyLock::new(|| {
    let units: Vec<String> = UNITS.iter().map(|unit| format!("({})", unit.words)).collect();
    // `douze (12) mois` is said once.
    expression(&format!(r"\b(?P<n>\d{{1,4}}|{})(?: ?\((?P<m>\d{{1,4}})\))?[ -](?:{})\b", number_words(), units.join("|")))
});

pub(super) fn read(folded: &str) -> Vec<Text> {
    let of = |found: regex::Captures<'_>| {
        let n = number(found.name("m").or(found.name("n"))?.as_str())?;
        let unit = &UNITS[(0..UNITS.len()).find(|unit| found.get(unit_group(*unit)).is_some())?];
        let many = usize::from(n > 1);
        let (fr, en) = (unit.fr[many], unit.en[many]);
        Some(say!(fr: "{n} {fr}", en: "{n} {en}"))
    };
    DURATION.captures_iter(folded).filter_map(of).collect()
}

/// The groups `n` and `m` go before those of the units.
fn unit_group(unit: usize) -> usize {
    unit + 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::fold;

    fn told(sentence: &str) -> Vec<String> {
        read(&fold(sentence)).into_iter().map(|value| format!("{} / {}", value.fr, value.en)).collect()
    }

    #[test]
    fn durations_are_read_in_figures_and_in_words() {
        for (sentence, value) in [
            ("Les journaux sont conservés douze mois.", "12 mois / 12 months"),
            ("Durée : un an.", "1 an / 1 year"),
            ("kept for 365 days", "365 jours / 365 days"),
            ("pendant douze (12) mois au plus", "12 mois / 12 months"),
            ("14 Tage lang", "14 jours / 14 days"),
            ("gedurende een jaar", "1 an / 1 year"),
            ("durante dos semanas", "2 semaines / 2 weeks"),
            ("une période de 48\u{a0}heures", "48 heures / 48 hours"),
        ] {
            assert_eq!(told(sentence), [value], "{sentence}");
        }
        assert_eq!(told("trois jours, puis un mois"), ["3 jours / 3 days", "1 mois / 1 month"]);
        assert_eq!(told("chaque mois, en 2024, trente personnes"), [""; 0]);
    }
}

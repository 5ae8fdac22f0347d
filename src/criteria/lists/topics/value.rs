//! What a clause says in figures or in names: a duration, a year, a place, a provider, an amount.

mod amount;
mod duration;
mod place;

use std::sync::LazyLock;

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::criteria::expression;
use crate::text::Text;

/// What a topic looks for besides its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ValueKind {
    /// `12 months`
    Duration,
    /// `2025`
    Year,
    /// The country, also told by a town.
    Place,
    /// Who houses the hardware, and in which country.
    Provider,
    /// `10 € a year`, `free of charge`
    Amount,
}

/// More values than this in one sentence are a table.
const MOST: usize = 4;

impl ValueKind {
    /// What the sentence, and the same folded, say: in its order, each once.
    pub(super) fn read(self, sentence: &str, folded: &str) -> Vec<Text> {
        let read = match self {
            Self::Duration => duration::read(folded),
            Self::Year => years(folded),
            Self::Place => place::countries(folded),
            Self::Provider => place::providers(sentence, folded).into_iter().chain(place::countries(folded)).collect(),
            Self::Amount => amount::read(folded),
        };
        let mut once: Vec<Text> = Vec::new();
        for value in read {
            if once.len() < MOST && !once.contains(&value) {
                once.push(value);
            }
        }
        once
    }
}

fn years(folded: &str) -> Vec<Text> {
    static YEAR: LazyLock<Regex> = LazyLock::new(|| expression(r"\b(?:19[89]\d|20[0-4]\d)\b"));
    YEAR.find_iter(folded).map(|year| Text::same(year.as_str())).collect()
}

/// A number in figures or in words.
fn number(words: &str) -> Option<u32> {
    if let Ok(number) = words.parse() {
        return Some(number);
    }
    NUMBERS.iter().find(|(names, _)| names.contains(&words)).map(|(_, number)| *number)
}

/// Numbers that people write in letters.
const NUMBERS: [(&[&str], u32); 22] = [
    (&["un", "une", "one", "a", "ein", "eine", "einen", "einem", "een", "uno", "una"], 1),
    (&["deux", "two", "zwei", "twee", "dos"], 2),
    (&["trois", "three", "drei", "drie", "tres"], 3),
    (&["quatre", "four", "vier", "cuatro"], 4),
    (&["cinq", "five", "funf", "vijf", "cinco"], 5),
    (&["six", "sechs", "zes", "seis"], 6),
    (&["sept", "seven", "sieben", "zeven", "siete"], 7),
    (&["huit", "eight", "acht", "ocho"], 8),
    (&["neuf", "nine", "neun", "negen", "nueve"], 9),
    (&["dix", "ten", "zehn", "tien", "diez"], 10),
    (&["onze", "eleven"], 11),
    (&["douze", "twelve", "zwolf", "twaalf", "doce"], 12),
    (&["treize", "thirteen"], 13),
    (&["quatorze", "fourteen", "vierzehn", "veertien", "catorce"], 14),
    (&["quinze", "fifteen"], 15),
    (&["dix-huit", "eighteen"], 18),
    (&["vingt", "twenty"], 20),
    (&["vingt-quatre", "twenty-four"], 24),
    (&["trente", "thirty", "dreissig", "dertig", "treinta"], 30),
    (&["trente-six", "thirty-six"], 36),
    (&["soixante", "sixty"], 60),
    (&["quatre-vingt-dix", "ninety"], 90),
];

/// The same as an expression, the longest first.
fn number_words() -> String {
    let mut words: Vec<&str> = NUMBERS.iter().flat_map(|(words, _)| *words).copied().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.join("|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::fold;
    use crate::text::Lang;

    fn read(kind: ValueKind, sentence: &str) -> String {
        kind.read(sentence, &fold(sentence)).iter().map(|value| value.in_lang(Lang::Fr).to_owned()).collect::<Vec<_>>().join(" ; ")
    }

    #[test]
    fn years_are_read() {
        assert_eq!(read(ValueKind::Year, "Comptes de l'exercice 2024-2025, 12000 € en 2025."), "2024 ; 2025");
        assert_eq!(read(ValueKind::Year, "Le 20 mai, 1901, 20256."), "");
    }

    #[test]
    fn a_provider_is_told_with_its_country() {
        let told = "Hébergeur : Hetzner Online GmbH, Gunzenhausen, Allemagne.";
        assert_eq!(read(ValueKind::Provider, told), "Hetzner Online GmbH ; Allemagne");
    }

    #[test]
    fn a_sentence_says_a_few_things_each_once() {
        let years = "2020 2020 2021 2022 2023 2024 2025";
        assert_eq!(ValueKind::Year.read(years, years).len(), MOST);
    }
}

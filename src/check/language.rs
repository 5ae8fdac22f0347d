//! The language of a text, by its small words: what a page says of its own language is often left from a model.

use crate::text::{Text, say};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    French,
    English,
    German,
    Dutch,
    Spanish,
}

/// Words that each language has in every other sentence, and the others do not have; folded.
const SMALL_WORDS: [(Language, &[&str]); 5] = [
    (Language::French, &["les", "nous", "vous", "est", "pour", "une", "dans", "sont", "du", "aux", "ce"]),
    (Language::English, &["the", "and", "of", "to", "you", "is", "we", "our", "are", "by", "this"]),
    (Language::German, &["der", "die", "und", "wir", "nicht", "das", "mit", "ist", "ein", "sie", "den"]),
    (Language::Dutch, &["het", "een", "wij", "van", "niet", "voor", "uw", "zijn", "naar", "wordt", "onze"]),
    (Language::Spanish, &["los", "las", "el", "por", "que", "una", "nuestros", "su", "para", "usted", "con"]),
];

/// A shorter text may be in any language.
const FEW: usize = 12;

impl Language {
    /// `text` is folded; nothing when it is short, or mixed.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut counts = [0_usize; SMALL_WORDS.len()];
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            for (n, (_, small)) in SMALL_WORDS.iter().enumerate() {
                counts[n] += usize::from(small.contains(&word));
            }
        }
        let (best, most) = counts.iter().enumerate().max_by_key(|(_, count)| **count)?;
        let clear = counts.iter().enumerate().all(|(n, count)| n == best || count * 2 <= *most);
        (*most >= FEW && clear).then(|| SMALL_WORDS[best].0)
    }

    /// As after "in".
    pub(super) fn name(self) -> Text {
        match self {
            Self::French => say!(fr: "français", en: "French"),
            Self::English => say!(fr: "anglais", en: "English"),
            Self::German => say!(fr: "allemand", en: "German"),
            Self::Dutch => say!(fr: "néerlandais", en: "Dutch"),
            Self::Spanish => say!(fr: "espagnol", en: "Spanish"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_told_by_its_small_words() {
        let french = "nous sommes une association pour les gens du quartier et ce que vous nous confiez est dans nos machines, pour vous, les jours ou vous venez, aux heures dites";
        assert_eq!(Language::of(french), Some(Language::French));
        let english = "by using the service you agree to the rules of this house, and we are glad of it; our volunteers look after the machines, and you look after the rest of it";
        assert_eq!(Language::of(english), Some(Language::English));
        assert_eq!(Language::of("bonjour"), None);
        assert_eq!(Language::of(&format!("{french} {english}")), None, "both are there");
    }
}

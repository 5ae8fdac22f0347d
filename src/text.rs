//! Sentences for people, always in both languages.

mod clean;
mod sentences;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use clean::{clean, is_obeyed_or_unseen, is_unseen};
pub use sentences::sentences;

/// A language that the program speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, clap::ValueEnum)]
pub enum Lang {
    #[default]
    Fr,
    En,
}

impl Lang {
    /// The language of a POSIX locale such as `en_GB.UTF-8`; nothing for a locale that names none (`C`, `POSIX`).
    pub fn of_locale(locale: &str) -> Option<Self> {
        match locale.split(['_', '.', '@', '-']).next()? {
            "fr" => Some(Self::Fr),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

/// The only type for human sentences.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub fr: String,
    pub en: String,
}

impl Text {
    /// The same words in every language: a name, an address.
    pub fn same(words: impl Into<String>) -> Self {
        let fr = words.into();
        Self { en: fr.clone(), fr }
    }

    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }
}

/// Makes a [`Text`]; names in braces are taken from the scope, in both languages. A missing language does not compile.
macro_rules! say {
    (fr: $fr:literal, en: $en:literal $(,)?) => {
        $crate::text::Text { fr: format!($fr), en: format!($en) }
    };
    // Names that are not simple ones: each language takes those that it writes.
    (fr: $fr:literal, en: $en:literal, with: $($name:ident = $value:expr),+ $(,)?) => {{
        $(let $name = $value;)+
        $crate::text::Text { fr: format!($fr), en: format!($en) }
    }};
}
pub(crate) use say;

/// `1 écart`, `2 écarts`: French takes the plural from two, English for all but one.
pub fn count(lang: Lang, n: usize, one: &str, many: &str) -> String {
    let plural = match lang {
        Lang::Fr => n >= 2,
        Lang::En => n != 1,
    };
    format!("{n} {}", if plural { many } else { one })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_names_a_language_or_none() {
        assert_eq!(Lang::of_locale("en_GB.UTF-8"), Some(Lang::En));
        assert_eq!(Lang::of_locale("fr"), Some(Lang::Fr));
        assert_eq!(Lang::of_locale("C.UTF-8"), None);
        assert_eq!(Lang::of_locale(""), None);
    }

    #[test]
    fn zero_is_singular_in_french_only() {
        assert_eq!(count(Lang::Fr, 0, "écart", "écarts"), "0 écart");
        assert_eq!(count(Lang::En, 0, "gap", "gaps"), "0 gaps");
        assert_eq!(count(Lang::Fr, 2, "écart", "écarts"), "2 écarts");
    }
}

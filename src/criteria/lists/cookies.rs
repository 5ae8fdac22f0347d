//! Cookies that common programs set: who sets them, and what they are for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// Cookies of one program.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CookieName {
    /// As written; `_ga_*` is any name that begins so.
    names: Vec<String>,
    /// The program that sets it.
    pub setter: String,
    pub purpose: Purpose,
    /// What it does, as the end of a sentence: "keeps the login".
    pub what: Text,
}

/// What a cookie is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Nothing works, or is safe, without it: lawful without consent.
    Technical,
    Preference,
    Statistics,
    /// Follows people for a third party.
    Tracking,
}

impl CookieName {
    /// How many characters of the name are known; nothing when it is another one.
    pub(in crate::criteria) fn fits(&self, name: &str) -> Option<usize> {
        let fits = |known: &String| match known.strip_suffix('*') {
            Some(start) => name.starts_with(start).then_some(start.len()),
            None => (known == name).then_some(usize::MAX),
        };
        self.names.iter().filter_map(fits).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::shipped;

    #[test]
    fn an_exact_name_wins_and_a_look_alike_is_another() {
        let of = |name: &str| shipped().cookie(name).map(|cookie| cookie.setter.as_str());
        assert_eq!(of("_ga"), Some("Google Analytics"));
        assert_eq!(of("_ga_XYZ12"), Some("Google Analytics"));
        assert_eq!(of("_gallery"), None);
        assert_eq!(of("PHPSESSID"), Some("PHP"));
        assert_eq!(of("phpsessid"), None);
        assert_eq!(shipped().cookie("_pk_id.1.abcd").unwrap().purpose, Purpose::Statistics);
    }
}

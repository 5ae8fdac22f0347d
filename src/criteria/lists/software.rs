//! Programs: their licence, and the signs by which they are known.

use std::sync::OnceLock;

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::text::Text;

/// A program that hosters run.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Software {
    pub id: String,
    pub name: String,
    /// Other spellings of `hoster.toml`, in small letters.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// An SPDX expression.
    pub licence: String,
    /// Only where SPDX does not say whether the licence is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free: Option<bool>,
    /// Why it is free, or not, where SPDX does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Text>,
    pub website: Url,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<Url>,
    #[serde(default, rename = "sign")]
    pub signs: Vec<Sign>,
    #[serde(default, rename = "edition")]
    pub editions: Vec<SoftwareEdition>,
}

/// An edition of a program under another licence.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SoftwareEdition {
    pub id: String,
    pub name: String,
    pub licence: String,
    #[serde(default, rename = "sign")]
    pub signs: Vec<Sign>,
}

/// What a program shows of itself, and where.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Sign {
    /// Relative to the service's address; left out: its own page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(rename = "in")]
    pub spot: Spot,
    /// A regular expression on the value there; its first group is the version.
    matches: String,
    pub sure: Sure,
    #[serde(default)]
    pub examples: Vec<String>,
    #[serde(default)]
    pub counter_examples: Vec<String>,
    #[serde(skip)]
    regex: OnceLock<Option<Regex>>,
}

/// Where in an answer a sign stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Spot {
    /// A JSON pointer (RFC 6901).
    Json(String),
    /// A header field.
    Header(String),
    /// `<meta name="generator">`.
    Generator,
    Title,
    Body,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sure {
    Likely,
    Certain,
}

impl Software {
    /// Whether a name of `hoster.toml` is this program.
    pub fn is_called(&self, claim: &str) -> bool {
        let claim = claim.trim().to_lowercase();
        claim == self.id || claim == self.name.to_lowercase() || self.aliases.contains(&claim)
    }

    /// Whether its licence is free: for SPDX (OSI-approved or FSF-free), or as the list says.
    pub fn is_free(&self) -> bool {
        self.free.unwrap_or_else(|| licence_is_free(&self.licence))
    }
}

/// Free for the FSF or approved by the OSI: both lists have gaps that the other one fills.
pub fn licence_is_free(expression: &str) -> bool {
    spdx::Expression::parse_mode(expression, spdx::ParseMode::LAX).is_ok_and(|expression| {
        expression.evaluate(|licence| licence.license.id().is_some_and(|id| id.is_osi_approved() || id.is_fsf_free_libre()))
    })
}

impl Sign {
    /// The version, empty when the sign tells none; nothing when the value is not that of the program.
    pub fn reads(&self, value: &str) -> Option<String> {
        let found = self.regex()?.captures(value)?;
        Some(found.get(1).map(|version| version.as_str().to_owned()).unwrap_or_default())
    }

    /// Nothing when the expression is faulty; the lint says so.
    pub fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| regex::RegexBuilder::new(&self.matches).size_limit(1 << 20).build().ok()).as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_is_free_when_one_of_the_lists_says_so() {
        for free in ["AGPL-3.0-only", "MIT", "CECILL-2.1", "WTFPL", "MIT OR LicenseRef-Commercial"] {
            assert!(licence_is_free(free), "{free}");
        }
        for not in ["SSPL-1.0", "BUSL-1.1", "LicenseRef-Commercial", "MIT AND LicenseRef-Commercial", "nonsense here"] {
            assert!(!licence_is_free(not), "{not}");
        }
    }
}

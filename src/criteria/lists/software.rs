//! Programs: their licence, and the signs by which they are known.

use std::sync::OnceLock;

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::versions::{BranchEnd, Insecure};
use crate::criteria::{Words, fold, in_ascii};
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
    /// What it calls itself in `NodeInfo` (`software.name`), in small letters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodeinfo: Vec<String>,
    /// Ids of programs that often stand at the same address: once it is known, they are looked for too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub companions: Vec<String>,
    /// It carries other programs, such as `YunoHost`: seeing it never ends the search.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub platform: bool,
    /// How users take their data away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<Export>,
    /// Who can delete a user's account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete_account: Option<DeleteAccount>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anti_features: Vec<AntiFeature>,
    /// Branches that their authors no longer mend.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<BranchEnd>,
    /// Versions with holes that are publicly known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub insecure: Vec<Insecure>,
    #[serde(default, rename = "sign")]
    pub signs: Vec<Sign>,
    #[serde(default, rename = "edition")]
    pub editions: Vec<SoftwareEdition>,
    #[serde(skip)]
    words: OnceLock<Words>,
}

/// How users take their data away from a program.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Export {
    pub how: Text,
    /// Open formats, as people call them: "HTML", "iCalendar".
    pub formats: Vec<String>,
}

/// Whether a program lets an account be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeleteAccount {
    /// By the person whose account it is.
    User,
    /// By those who administer the service, on request.
    Admin,
    /// The program has no accounts.
    NoAccount,
    /// By nobody, short of working on the database.
    No,
}

/// What `YunoHost` warns of in a program that is free all the same (`antifeatures.toml` of its catalogue).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AntiFeature {
    AlphaSoftware,
    ArbitraryLimitations,
    BadSecurityReputation,
    DeprecatedSoftware,
    NonFreeAddons,
    NonFreeAssets,
    NonFreeDependencies,
    NonFreeNetwork,
    NotTotallyFreeUpstream,
    PackageNotMaintained,
    PaidContent,
    ReplacedByAnotherApp,
    Tracking,
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
    /// Where the version stands in the same JSON answer, when it is not in that value: a JSON pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
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
    /// The names of the cookies that it sets, one after the other.
    Cookie,
    /// The addresses on the same host that the page makes a browser fetch, one after the other: path and query.
    Asset,
    /// `<meta name="generator">`.
    Generator,
    Title,
    Body,
    /// The SHA-256 of the icon that the page shows in a browser's tab, in hexadecimal.
    Icon,
}

impl Spot {
    /// As it is written in the list.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Json(_) => "json",
            Self::Header(_) => "header",
            Self::Cookie => "cookie",
            Self::Asset => "asset",
            Self::Generator => "generator",
            Self::Title => "title",
            Self::Body => "body",
            Self::Icon => "icon",
        }
    }
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
        self.is_called_by().any(|name| name == claim)
    }

    /// Every name by which `hoster.toml` may mean it.
    pub(in crate::criteria) fn is_called_by(&self) -> impl Iterator<Item = String> {
        [self.id.clone(), self.name.to_lowercase()].into_iter().chain(self.aliases.iter().cloned())
    }

    /// Its own signs, then those of its editions.
    pub fn all_signs(&self) -> impl Iterator<Item = &Sign> {
        self.signs.iter().chain(self.editions.iter().flat_map(|edition| &edition.signs))
    }

    /// Those that a front page may show, its icon aside.
    pub fn page_signs(&self) -> impl Iterator<Item = &Sign> {
        self.all_signs().filter(|sign| sign.path.is_none() && sign.spot != Spot::Icon)
    }

    /// Whether a folded text names it, under any of its names.
    pub fn is_named_in(&self, folded: &str) -> bool {
        self.words().is_in(folded)
    }

    /// All its names.
    pub(in crate::criteria) fn words(&self) -> &Words {
        let names = || [&self.name, &self.id].into_iter().chain(&self.aliases);
        self.words.get_or_init(|| Words::new(names().map(|name| fold(name))))
    }

    /// The ended branch that a version belongs to; the longest, when several hold it.
    pub fn end_of(&self, version: &str) -> Option<&BranchEnd> {
        self.ends.iter().filter(|end| end.holds(version)).max_by_key(|end| end.branch.len())
    }

    /// What is publicly known to be broken in a version.
    pub fn holes_of(&self, version: &str) -> Option<&Insecure> {
        self.insecure.iter().find(|insecure| insecure.holds(version))
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

    /// Whether it tells the version besides the program.
    pub fn tells_version(&self) -> bool {
        self.version.is_some() || self.regex().is_some_and(|regex| regex.captures_len() > 1)
    }

    /// Whether it is read in the page itself or its icon, which anybody may copy, and not in what only a running program gives.
    pub fn is_copyable(&self) -> bool {
        let in_page = matches!(self.spot, Spot::Generator | Spot::Title | Spot::Body | Spot::Asset);
        self.spot == Spot::Icon || self.path.is_none() && in_page
    }

    /// Nothing when the expression is faulty; the lint says so.
    pub fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| regex::RegexBuilder::new(&in_ascii(&self.matches)).size_limit(1 << 20).build().ok()).as_ref()
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

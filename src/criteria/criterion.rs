//! One criterion, as its TOML table.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;
use url::Url;

use super::id::{CriterionId, Family};
use crate::check::Check;
use crate::day::{Day, Period};
use crate::hoster::Hoster;
use crate::text::Text;

/// A clause put to test.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Criterion {
    #[schemars(with = "CriterionId")]
    id: Spanned<CriterionId>,
    /// The editions of the charter that hold it, and its level in each.
    pub levels: BTreeMap<String, Level>,
    pub kind: Kind,
    pub binds: Binds,
    /// Raised when the meaning changes: older answers are asked again.
    pub revision: u32,
    /// The commitment, true when it is kept.
    pub title: Text,
    /// The question for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<Text>,
    /// What to do about a gap.
    pub remedy: Text,
    pub effort: Effort,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// What the checks decide alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proves: Option<Proves>,
    /// How long a person's answer holds.
    pub renew: Period,
    /// `false`: the question is another one in each edition, so that an answer counts in its own only.
    #[serde(default = "carries", skip_serializing_if = "Clone::clone")]
    pub carry: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies_to: Option<AppliesTo>,
    /// Criteria that ask nearly the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub see: Vec<CriterionId>,
    pub source: ClauseSource,
}

fn carries() -> bool {
    true
}

impl Criterion {
    pub fn id(&self) -> CriterionId {
        *self.id.get_ref()
    }

    pub fn family(&self) -> Family {
        self.id().section().family()
    }

    /// Where its id stands in its file, in bytes.
    pub(super) fn id_span(&self) -> std::ops::Range<usize> {
        self.id.span()
    }

    /// Its level in an edition; nothing when the edition does not hold it.
    pub fn level(&self, edition: &str) -> Option<Level> {
        self.levels.get(edition).copied()
    }

    /// What its checks decide alone; without any check, nothing.
    pub fn proves(&self) -> Proves {
        self.proves.unwrap_or(Proves::Nothing)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Required,
    Encouraged,
    Info,
}

/// The two lists that the charter makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Technical,
    Ethical,
}

/// Who answers for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Binds {
    Hoster,
    EachService,
    /// The web site and each service.
    EachSite,
}

impl Binds {
    /// Whether an answer says of which site it speaks.
    pub fn names_service(self) -> bool {
        self != Self::Hoster
    }
}

/// What the remedy usually takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effort {
    Minutes,
    Hours,
    Days,
}

/// What a machine may decide alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Proves {
    /// Met and unmet.
    Both,
    /// Unmet only: a person says what is met.
    Breach,
    /// Evidence for a person.
    Nothing,
}

/// To which hosters it applies; what a hoster does not say leaves it applicable.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AppliesTo {
    /// Only to hosters that employ somebody.
    #[serde(default)]
    pub employees: bool,
    /// Only in these countries (ISO 3166-1 alpha-2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<String>,
}

impl AppliesTo {
    pub fn includes(&self, hoster: &Hoster) -> bool {
        let nobody_employed = self.employees && hoster.employees == Some(0);
        let elsewhere = !self.countries.is_empty() && hoster.country.as_ref().is_some_and(|country| !self.countries.contains(country));
        !nobody_employed && !elsewhere
    }
}

/// Where the commitment is written, and how sure we are of it.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ClauseSource {
    pub url: Url,
    pub section: String,
    /// Words by which the published sentence is recognised.
    pub words: Vec<String>,
    pub status: SourceStatus,
    /// By edition, a digest of the published sentence as it was when `criteria verify --write` last compared it. It says nothing
    /// of what the criterion means, so the digest of the rules leaves it out.
    #[serde(default, skip_serializing)]
    pub compared: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SourceStatus {
    /// Read in the published text.
    Verified,
    /// A page of the collective or of a member proves that it exists.
    Summarised,
    /// From memory.
    Unverified,
}

/// An edition of the charter.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Edition {
    pub id: String,
    pub title: Text,
    pub since: Day,
}

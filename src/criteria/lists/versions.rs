//! Versions of a program that people should leave: branches that nobody mends any more, and holes that are publicly known.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::day::Day;

/// The last day of a branch.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct BranchEnd {
    /// The beginning of its version numbers: `1` or `1.20`, never `1.`.
    pub branch: String,
    /// The last day on which its authors mended it.
    pub on: Day,
    /// What to move to.
    pub successor: String,
}

/// Versions with a hole that is publicly known, and the version that mends it.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Insecure {
    /// The first version concerned; left out: all older ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The version that mends it.
    pub mended: String,
    /// The public names of the holes: `CVE-2025-49113`, `GHSA-xxxx-xxxx-xxxx`.
    pub holes: Vec<String>,
}

impl BranchEnd {
    /// Whether a version belongs to the branch: `1.2` holds `1.2.3` and not `1.20`.
    pub fn holds(&self, version: &str) -> bool {
        version.strip_prefix(&self.branch).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
    }
}

impl Insecure {
    /// Whether a version is from `from` on and before `mended`. One that cannot be compared is held by nothing.
    pub fn holds(&self, version: &str) -> bool {
        let (Some(version), Some(mended)) = (numbers(version), numbers(&self.mended)) else { return false };
        let first = self.from.as_deref().and_then(numbers).unwrap_or_default();
        first <= version && version < mended
    }
}

/// `2.4.1` as numbers; nothing for what is not only numbers and dots: `2.4.1-rc1` or `2.4.1+deb12u1` may be mended already.
pub fn numbers(version: &str) -> Option<Vec<u64>> {
    let numbers: Option<Vec<u64>> = version.split('.').map(|part| part.parse().ok()).collect();
    numbers.filter(|numbers| !numbers.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_holds_its_versions_and_no_others() {
        let end = BranchEnd { branch: "1.2".into(), on: Day::new(2025, 1, 1), successor: "1.3".into() };
        assert!(end.holds("1.2") && end.holds("1.2.9") && end.holds("1.2-rc1"));
        assert!(!end.holds("1.20") && !end.holds("11.2") && !end.holds(""));
    }

    #[test]
    fn a_hole_is_between_two_versions() {
        let hole =
            |from: Option<&str>| Insecure { from: from.map(Into::into), mended: "1.6.11".into(), holes: vec!["CVE-2025-49113".into()] };
        for held in ["1.6.0", "1.6.10", "1.6.2", "1.6"] {
            assert!(hole(Some("1.6")).holds(held), "{held}");
        }
        for not in ["1.6.11", "1.6.12", "1.7.0", "1.5.9", "1.6.10+deb12u1", "1.6.10-rc1", "", "nightly"] {
            assert!(!hole(Some("1.6")).holds(not), "{not}");
        }
        assert!(hole(None).holds("0.9"));
    }
}

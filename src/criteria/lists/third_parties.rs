//! Hosts that pages call: who owns them, what they are, what to use instead.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::day::Day;
use crate::text::Text;

/// A third party.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Party {
    /// These names and all names under them.
    pub domains: Vec<String>,
    pub owner: String,
    pub kind: PartyKind,
    /// How it stands with the charter; what owns it and what it does may each be a matter.
    class: Vec<Class>,
    pub why: Text,
    /// A free or self-hosted replacement, and what to change.
    pub instead: Text,
    /// Where its owner says what it is.
    source: Url,
    /// The day on which public documents were seen to lead there; left out where nobody looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    looked_up: Option<Day>,
    /// The same program on the hoster's own hosts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub self_hosted: Option<SelfHosted>,
}

/// A program that counts visits, run by the hoster itself.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SelfHosted {
    pub name: String,
    /// What stands in the scripts of a page that it counts.
    pub signs: Vec<String>,
    /// What must be known of its settings.
    pub ask: Text,
}

/// What it serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PartyKind {
    Fonts,
    Scripts,
    Avatar,
    Captcha,
    Map,
    Video,
    Analytics,
    Advertising,
    Payment,
    Errors,
    Push,
    Social,
    Other,
}

/// How it stands with the charter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    Tracker,
    Advertising,
    BigTech,
    Contested,
    Neutral,
}

impl Party {
    pub fn is_looked_up(&self) -> bool {
        self.looked_up.is_some()
    }

    pub fn is(&self, class: Class) -> bool {
        self.class.contains(&class)
    }

    /// The first of its classes that is among those refused.
    pub fn refused(&self, refused: &[Class]) -> Option<Class> {
        self.class.iter().copied().find(|class| refused.contains(class))
    }

    /// How many characters of the domain agree with `host`; nothing when it is not theirs.
    pub fn owns(&self, host: &str) -> Option<usize> {
        let of = |domain: &&String| host == domain.as_str() || host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.ends_with('.'));
        self.domains.iter().filter(of).map(String::len).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn a_domain_owns_the_names_under_it_and_no_look_alike() {
        let party = Party {
            domains: vec!["example.org".into(), "fonts.example.org".into()],
            owner: "X".into(),
            kind: PartyKind::Fonts,
            class: vec![Class::Neutral],
            why: Text::same("x"),
            instead: Text::same("x"),
            source: "https://example.org/".parse().unwrap(),
            looked_up: None,
            self_hosted: None,
        };
        assert_eq!(party.owns("example.org"), Some(11));
        assert_eq!(party.owns("a.fonts.example.org"), Some(17));
        assert_eq!(party.owns("badexample.org"), None);
    }
}

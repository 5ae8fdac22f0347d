//! What a check says, with what it saw.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// Whether a finding speaks for the criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Supports,
    Refutes,
    Inconclusive,
}

/// What a check says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Finding {
    /// The check's name, as `certificate-valid`.
    pub check: String,
    /// The case, as `expired`; or the reason of a silence, as `timed-out`.
    pub code: String,
    pub outcome: Outcome,
    /// Nothing was seen, so nothing is said: the reason is in `because`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub silent: bool,
    pub because: Text,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
}

/// Where it was seen, and a short excerpt of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Evidence {
    /// A URL, `host:port`, or a host name.
    pub at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
}

/// The longest excerpt kept, in characters.
const LONGEST_EXCERPT: usize = 300;

impl Finding {
    /// Adds where it was seen.
    #[must_use]
    pub fn at(mut self, place: impl ToString) -> Self {
        self.evidence.push(Evidence { at: place.to_string(), excerpt: None });
        self
    }

    /// Adds where it was seen and what stands there, cut to 300 characters.
    #[must_use]
    pub fn quote(mut self, place: impl ToString, excerpt: &str) -> Self {
        let mut short: String = excerpt.chars().take(LONGEST_EXCERPT).collect();
        if short.len() < excerpt.len() {
            short.pop();
            short.push('…');
        }
        self.evidence.push(Evidence { at: place.to_string(), excerpt: Some(short) });
        self
    }

    /// The one finding of a check.
    pub fn alone(self) -> super::Judgement {
        Ok(vec![self])
    }
}

/// The closed list of what a check can say: `codes! { Ok = "ok", Missing = "missing" }`.
///
/// A code is stable: people script against it.
macro_rules! codes {
    ($($case:ident = $code:literal),+ $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Code { $($case),+ }

        /// Every code of this check, in the order of the manual.
        pub(super) const CODES: &[&str] = &[$($code),+];

        impl Code {
            fn as_str(self) -> &'static str {
                match self { $(Self::$case => $code),+ }
            }

            #[allow(dead_code, reason = "not every check can say all three")]
            fn supports(self, because: $crate::text::Text) -> $crate::check::Finding {
                self.finding($crate::check::Outcome::Supports, because)
            }

            #[allow(dead_code, reason = "not every check can say all three")]
            fn refutes(self, because: $crate::text::Text) -> $crate::check::Finding {
                self.finding($crate::check::Outcome::Refutes, because)
            }

            #[allow(dead_code, reason = "not every check can say all three")]
            fn inconclusive(self, because: $crate::text::Text) -> $crate::check::Finding {
                self.finding($crate::check::Outcome::Inconclusive, because)
            }

            fn finding(self, outcome: $crate::check::Outcome, because: $crate::text::Text) -> $crate::check::Finding {
                $crate::check::Finding {
                    // The name of the check is written once, in `checks! { }`; the engine adds it.
                    check: String::new(),
                    code: self.as_str().to_owned(),
                    outcome,
                    silent: false,
                    because,
                    evidence: Vec::new(),
                }
            }
        }
    };
}
pub(crate) use codes;

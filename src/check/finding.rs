//! What a check says, with what it saw.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::{Text, clean};

/// Whether a finding speaks for the criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Supports,
    Refutes,
    Inconclusive,
    /// It was seen on a site that the hoster does not answer for: it weighs nothing.
    ForInformation,
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
    pub fn at(mut self, place: &(impl ToString + ?Sized)) -> Self {
        self.evidence.push(Evidence { at: clean(&place.to_string()), excerpt: None });
        self
    }

    /// Adds where it was seen and what stands there, cut to 300 characters.
    #[must_use]
    pub fn quote(mut self, place: &(impl ToString + ?Sized), excerpt: &str) -> Self {
        let excerpt = clean(excerpt);
        let mut short: String = excerpt.chars().take(LONGEST_EXCERPT).collect();
        if short.len() < excerpt.len() {
            short.pop();
            short.push('…');
        }
        self.evidence.push(Evidence { at: clean(&place.to_string()), excerpt: Some(short) });
        self
    }

    /// The same of a site of customers: told apart, and never held against anybody.
    #[must_use]
    pub fn for_information(self) -> Self {
        Self { outcome: Outcome::ForInformation, ..self }
    }

    /// The one finding of a check.
    pub fn alone(self) -> super::Judgement {
        Ok(vec![self])
    }
}

/// A case of a check, which makes its findings.
pub(super) trait Says: Copy {
    fn code(self) -> &'static str;

    fn supports(self, because: Text) -> Finding {
        finding(self.code(), Outcome::Supports, because)
    }

    fn refutes(self, because: Text) -> Finding {
        finding(self.code(), Outcome::Refutes, because)
    }

    fn inconclusive(self, because: Text) -> Finding {
        finding(self.code(), Outcome::Inconclusive, because)
    }
}

fn finding(code: &str, outcome: Outcome, because: Text) -> Finding {
    // What strangers wrote stands in these sentences and goes into a record that people print: it is made clean here, once.
    let Text { fr, en } = because;
    let because = Text { fr: clean(&fr), en: clean(&en) };
    // The name of the check is written once, in `checks! { }`; the engine adds it.
    Finding { check: String::new(), code: code.to_owned(), outcome, silent: false, because, evidence: Vec::new() }
}

/// The closed list of what a check can say: `codes! { Ok = "ok", Missing = "missing" }`.
///
/// A code is stable: people script against it.
macro_rules! codes {
    ($($case:ident = $code:literal),+ $(,)?) => {
        use $crate::check::finding::Says as _;

        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Code { $($case),+ }

        /// Every code of this check, in the order of the manual.
        pub(super) const CODES: &[&str] = &[$($code),+];

        impl $crate::check::finding::Says for Code {
            fn code(self) -> &'static str {
                match self { $(Self::$case => $code),+ }
            }
        }
    };
}
pub(crate) use codes;

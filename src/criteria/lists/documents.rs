//! Kinds of published documents, and how they are found.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::criteria::Words;
use crate::text::Text;

/// A kind of document that a hoster publishes. All words are folded: small letters, no accents.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DocumentKind {
    pub id: String,
    pub name: Text,
    /// Words of links and titles, by language.
    words: BTreeMap<String, Vec<String>>,
    /// Values of `rel` (IANA link relations).
    #[serde(default)]
    pub rel: Vec<String>,
    /// Usual addresses, tried in this order when no link is found.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Words that the document itself holds.
    #[serde(default)]
    marks: Vec<String>,
    /// Shorter pages are not that document; in characters of readable text.
    pub min_chars: usize,
    #[serde(skip)]
    found: OnceLock<[Words; 2]>,
}

impl DocumentKind {
    /// Words of links and titles.
    pub fn words(&self) -> &Words {
        &self.searchers()[0]
    }

    /// Words of the document itself.
    pub fn marks(&self) -> &Words {
        &self.searchers()[1]
    }

    fn searchers(&self) -> &[Words; 2] {
        self.found.get_or_init(|| {
            let words = self.words.values().flatten().map(String::as_str);
            [Words::new(words), Words::new(self.marks.iter().map(String::as_str))]
        })
    }
}

//! What a document may speak of, as groups of words that stand near each other.

use std::ops::Range;
use std::sync::OnceLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::criteria::{Words, fold};
use crate::text::Text;

/// A text speaks of a topic when it has a word of each group within `within` characters.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Topic {
    pub id: String,
    pub name: Text,
    groups: Vec<Vec<String>>,
    within: usize,
    /// Sentences that speak of it, and that do not: `criteria lint` tries them.
    #[serde(default)]
    pub examples: Vec<String>,
    #[serde(default)]
    pub counter_examples: Vec<String>,
    #[serde(skip)]
    searchers: OnceLock<Vec<Words>>,
}

impl Topic {
    /// The sentence of `text` that speaks of the topic, if one does.
    pub fn excerpt<'t>(&self, text: &'t str) -> Option<&'t str> {
        // Line by line first, so that the excerpt is one paragraph where it can be.
        let paragraph = text.lines().find(|line| self.find_in(&fold(line)).is_some());
        paragraph.map(|line| around(line, self.first_hit(line))).or_else(|| {
            let start = self.find_in(&fold(text))?.start;
            // Folding changes lengths little; the excerpt is for a person, from about there.
            let start = text.floor_char_boundary(start.saturating_sub(100).min(text.len()));
            let end = text.floor_char_boundary((start + 300).min(text.len()));
            Some(text[start..end].trim())
        })
    }

    /// The bytes of `folded` from the first to the last word of one hit.
    fn find_in(&self, folded: &str) -> Option<Range<usize>> {
        let hits: Vec<Vec<Range<usize>>> = self.searchers().iter().map(|words| words.find_in(folded)).collect();
        let (first, others) = hits.split_first()?;
        first.iter().find_map(|anchor| {
            let mut span = anchor.clone();
            for group in others {
                let near = group.iter().find(|hit| {
                    let start = span.start.min(hit.start);
                    let end = span.end.max(hit.end);
                    end - start <= self.within
                })?;
                span = span.start.min(near.start)..span.end.max(near.end);
            }
            Some(span)
        })
    }

    fn first_hit(&self, line: &str) -> usize {
        self.find_in(&fold(line)).map_or(0, |hit| hit.start)
    }

    fn searchers(&self) -> &[Words] {
        self.searchers.get_or_init(|| self.groups.iter().map(|group| Words::new(group.iter().map(String::as_str))).collect())
    }

    pub fn is_in(&self, text: &str) -> bool {
        self.find_in(&fold(text)).is_some()
    }

    /// Whether it has words to look for.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() || self.groups.iter().any(Vec::is_empty)
    }
}

/// At most 300 bytes of a long paragraph, around byte `hit`.
fn around(line: &str, hit: usize) -> &str {
    if line.len() <= 300 {
        return line.trim();
    }
    let start = line.floor_char_boundary(hit.saturating_sub(100).min(line.len()));
    let end = line.floor_char_boundary((start + 300).min(line.len()));
    line[start..end].trim()
}

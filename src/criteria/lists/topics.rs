//! What a document may speak of, as groups of words that stand near each other.

mod negation;
mod passage;
#[cfg(test)]
mod tests;
mod value;

use std::ops::Range;
use std::sync::OnceLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::criteria::{FoldedText, Words, fold};
use crate::text::Text;
pub use passage::Searchable;
use passage::{Passage, Reading};
pub use value::ValueKind;

/// A text speaks of a topic when it has a word of each group within `within` characters.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Topic {
    pub id: String,
    pub name: Text,
    groups: Vec<Vec<String>>,
    within: usize,
    /// Words of a heading under which a paragraph needs no word of the first group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    headings: Vec<String>,
    pub negation: Negation,
    /// What the clause should say in figures or in names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<ValueKind>,
    /// Sentences that speak of it, and that do not: `criteria lint` tries them.
    #[serde(default)]
    pub examples: Examples,
    #[serde(default)]
    pub counter_examples: Examples,
    /// Sentences that say no: for a topic whose meaning that turns round.
    #[serde(default)]
    pub negated: Examples,
    #[serde(skip)]
    searchers: OnceLock<Vec<Words>>,
    #[serde(skip)]
    titles: OnceLock<Words>,
}

/// What a `no` makes of a sentence about the topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Negation {
    /// It says the contrary: "we make no backups".
    Flips,
    /// It answers all the same: "we keep no logs".
    Keeps,
}

/// Sentences, by language.
#[derive(Debug, Default, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    #[serde(default)]
    pub fr: Vec<String>,
    #[serde(default)]
    pub en: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub de: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nl: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub es: Vec<String>,
}

impl Examples {
    pub fn iter(&self) -> impl Iterator<Item = &String> {
        [&self.fr, &self.en, &self.de, &self.nl, &self.es].into_iter().flatten()
    }
}

/// A place where a text speaks of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention<'t> {
    /// As it stands in the text, at most [`LONGEST`] characters.
    pub excerpt: &'t str,
    /// The sentence says no.
    pub negated: bool,
    /// What it says in figures or in names, each once.
    pub values: Vec<Text>,
}

/// The longest excerpt, in characters.
const LONGEST: usize = 300;

/// More places than this in one passage are not looked at: that is no text for people.
const MOST: usize = 200;

/// A paragraph with fewer characters says nothing by itself under its heading.
const LITTLE: usize = 20;

impl Topic {
    /// Where `text`, which stands under `heading`, speaks of the topic; a sentence that says yes goes first.
    pub fn mention<'t>(&self, heading: Option<&str>, text: &'t str) -> Option<Mention<'t>> {
        self.mention_in(heading.map(fold).as_deref(), text, &Searchable::new(text))
    }

    /// The same for whoever has folded the heading, and made the text ready, already.
    pub fn mention_in<'t>(&self, heading: Option<&str>, text: &'t str, searchable: &Searchable) -> Option<Mention<'t>> {
        if self.spans(heading, &searchable.folded).is_empty() {
            return None;
        }
        let passage = Passage::new(text, searchable);
        // A sentence that says it all goes before words of several.
        let sentences = searchable.sentences(text);
        let alone = sentences.iter().filter(|_| sentences.len() > 1).map(|sentence| (sentence.range.clone(), sentence.folded.as_str()));
        let mut denied = None;
        for mention in alone.chain([(0..text.len(), searchable.folded.as_str())]).flat_map(|part| self.mentions(heading, &passage, part)) {
            if !mention.negated {
                return Some(mention);
            }
            denied.get_or_insert(mention);
        }
        denied
    }

    /// All places in a range of a passage, and the same folded, but those in questions.
    fn mentions<'p, 't, 's>(
        &'p self,
        heading: Option<&str>,
        passage: &'p Passage<'t, 's>,
        (range, folded): (Range<usize>, &str),
    ) -> impl Iterator<Item = Mention<'t>> + use<'p, 't, 's> {
        let part = &passage.text[range.clone()];
        let spans = self.spans(heading, folded);
        // Most parts hold none, and need not be read letter by letter.
        let placed = if spans.is_empty() { FoldedText::default() } else { FoldedText::new(part) };
        spans.into_iter().filter_map(move |span| {
            let place = placed.in_original(&span, part);
            let place = range.start + place.start..range.start + place.end;
            let sentence = passage.around(&place);
            let Reading { asks, negated, values } = self.reading(passage, &sentence);
            (!asks).then(|| Mention { excerpt: shortened(passage.text, &sentence, &place), negated, values })
        })
    }

    /// What is read of a sentence; a long one may hold many places, and is read once.
    fn reading(&self, passage: &Passage<'_, '_>, sentence: &Range<usize>) -> Reading {
        let read = || {
            let words = &passage.text[sentence.clone()];
            let folded = passage.folded(sentence);
            let values = Some(self.values(words, &folded)).filter(|values| !values.is_empty() || self.value != Some(ValueKind::Year));
            // The year of a report often stands above the sentence.
            let values =
                values.unwrap_or_else(|| passage.values.get_or_init(|| self.values(passage.text, &passage.searchable.folded)).clone());
            Reading { asks: is_question(words), negated: self.is_denied(&folded), values }
        };
        passage.read.borrow_mut().entry((sentence.start, sentence.end)).or_insert_with(read).clone()
    }

    /// The bytes of `folded` from the first to the last word of each hit, those that need no heading first.
    fn spans(&self, heading: Option<&str>, folded: &str) -> Vec<Range<usize>> {
        let found = |words: &Words| -> Vec<Range<usize>> { words.find_in(folded).into_iter().take(MOST).collect() };
        let heading = heading.filter(|heading| self.titles().is_in(heading));
        let mut hits: Vec<Vec<Range<usize>>> = Vec::new();
        for words in self.searchers() {
            hits.push(found(words));
            // Most texts speak of something else, and have no word of one of the groups.
            if heading.is_none() && hits.last().is_some_and(Vec::is_empty) {
                return Vec::new();
            }
        }
        let mut spans = self.near(&hits);
        let Some(heading) = heading else { return spans };
        // The heading names the topic, and may say more of it.
        let told = |n: usize, words: &Words| n == 0 || words.is_in(heading);
        let rest: Vec<Vec<Range<usize>>> = hits
            .into_iter()
            .zip(self.searchers())
            .enumerate()
            .filter(|(n, (_, words))| !told(*n, words))
            .map(|(_, (hits, _))| hits)
            .collect();
        if !rest.is_empty() {
            spans.extend(self.near(&rest));
        } else if folded.chars().count() >= LITTLE {
            spans.push(0..1);
        }
        spans
    }

    /// Every place where a word of each group stands near one of the first.
    fn near(&self, groups: &[Vec<Range<usize>>]) -> Vec<Range<usize>> {
        let Some((first, others)) = groups.split_first() else { return Vec::new() };
        let span = |anchor: &Range<usize>| {
            others.iter().try_fold(anchor.clone(), |span, group| {
                let joined = |hit: &Range<usize>| span.start.min(hit.start)..span.end.max(hit.end);
                group.iter().map(joined).filter(|joined| joined.len() <= self.within).min_by_key(ExactSizeIterator::len)
            })
        };
        first.iter().filter_map(span).take(MOST).collect()
    }

    /// Whether the folded sentence says no, in other words than those that the topic looks for.
    fn is_denied(&self, folded: &str) -> bool {
        let hits: Vec<Range<usize>> = self.searchers().iter().flat_map(|words| words.find_in(folded)).collect();
        negation::is_denied(folded, &hits)
    }

    /// What a sentence, and the same folded, says in figures or in names.
    pub(in crate::criteria) fn values(&self, sentence: &str, folded: &str) -> Vec<Text> {
        self.value.map(|kind| kind.read(sentence, folded)).unwrap_or_default()
    }

    /// The words of each group.
    pub(in crate::criteria) fn searchers(&self) -> &[Words] {
        self.searchers.get_or_init(|| self.groups.iter().map(Words::with_plurals).collect())
    }

    /// The words of headings.
    pub(in crate::criteria) fn titles(&self) -> &Words {
        self.titles.get_or_init(|| Words::with_plurals(&self.headings))
    }

    /// Whether a sentence speaks of it, and means what the rule looks for.
    pub fn is_said(&self, text: &str) -> bool {
        self.mention(None, text).is_some_and(|mention| !mention.negated || self.negation == Negation::Keeps)
    }

    pub fn is_in(&self, text: &str) -> bool {
        self.mention(None, text).is_some()
    }

    /// Whether it has words to look for.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() || self.groups.iter().any(Vec::is_empty)
    }
}

/// What is asked is not said: the answer may stand below.
fn is_question(sentence: &str) -> bool {
    sentence.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '»' | '"' | ')')).ends_with('?')
}

/// The sentence, or the part of it about the place, cut between words.
fn shortened<'t>(text: &'t str, sentence: &Range<usize>, place: &Range<usize>) -> &'t str {
    let whole = &text[sentence.clone()];
    if whole.chars().count() <= LONGEST {
        return whole.trim();
    }
    let lead = text[sentence.start..place.start.max(sentence.start)].char_indices().rev().take(100).last().map_or(0, |(at, _)| at);
    let rest = &whole[lead..];
    let start = if lead == 0 { 0 } else { rest.find(' ').map_or(0, |blank| blank + 1) };
    let rest = &rest[start..];
    let end = rest.char_indices().nth(LONGEST).map_or(rest.len(), |(at, _)| at);
    let cut = if end < rest.len() { rest[..end].rfind(char::is_whitespace).unwrap_or(end) } else { end };
    rest[..cut].trim()
}

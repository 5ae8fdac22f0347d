//! Looking for words in folded text, many of them in one pass.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::Regex;

/// A set of words and phrases to find in folded text, on word boundaries; a trailing `*` stands for the rest of a word.
#[derive(Debug, Clone)]
pub struct Words {
    /// The longest first, so that `cgu du service` is found before `cgu`.
    forms: Vec<Form>,
    /// One automaton for all of them: an expression of a thousand words takes megabytes and milliseconds to compile. Many a set is
    /// never looked for, and has none.
    automaton: OnceLock<AhoCorasick>,
}

/// What stands in a text, letter by letter.
#[derive(Debug, Clone)]
struct Form {
    letters: String,
    /// It is but the beginning of a word.
    is_stem: bool,
}

impl Words {
    /// `words` are folded already.
    pub fn new<W: AsRef<str>>(words: impl IntoIterator<Item = W>) -> Self {
        Self::written(words, |word| vec![word.to_owned()])
    }

    /// The same, and their plurals: `serveur dedie` also finds `serveurs dedies`.
    pub fn with_plurals<W: AsRef<str>>(words: impl IntoIterator<Item = W>) -> Self {
        Self::written(words, with_plurals)
    }

    fn written<W: AsRef<str>>(words: impl IntoIterator<Item = W>, forms: impl Fn(&str) -> Vec<String>) -> Self {
        let words: Vec<W> = words.into_iter().collect();
        let mut words: Vec<&str> = words.iter().map(AsRef::as_ref).filter(|word| !word.trim_end_matches('*').is_empty()).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let written = |word: &&str| match word.strip_suffix('*') {
            Some(stem) => vec![Form { letters: stem.to_owned(), is_stem: true }],
            None => forms(word).into_iter().map(|letters| Form { letters, is_stem: false }).collect(),
        };
        Self { forms: words.iter().flat_map(written).collect(), automaton: OnceLock::new() }
    }

    /// The bytes of each hit in `folded`.
    pub fn find_in(&self, folded: &str) -> Vec<Range<usize>> {
        let mut found: Vec<(usize, usize, Range<usize>)> = self.hits(folded).map(|(rank, hit)| (hit.start, rank, hit)).collect();
        found.sort_unstable_by_key(|(start, rank, _)| (*start, *rank));
        let mut hits: Vec<Range<usize>> = Vec::new();
        for (start, _, hit) in found {
            if hits.last().is_none_or(|last| last.end < start) {
                hits.push(hit);
            }
        }
        hits
    }

    /// Every hit of every word, its rank before it, in the order of their ends.
    fn hits(&self, folded: &str) -> impl Iterator<Item = (usize, Range<usize>)> {
        self.automaton().find_overlapping_iter(folded).filter_map(|found| {
            let (rank, start) = (found.pattern().as_usize(), found.start());
            if folded[..start].ends_with(is_of_a_word) {
                return None;
            }
            let rest = &folded[found.end()..];
            if self.forms[rank].is_stem {
                let more = rest.find(|c| !is_of_a_word(c)).unwrap_or(rest.len());
                return Some((rank, start..found.end() + more));
            }
            (!rest.starts_with(is_of_a_word)).then_some((rank, start..found.end()))
        })
    }

    fn automaton(&self) -> &AhoCorasick {
        self.automaton.get_or_init(|| {
            let letters = self.forms.iter().map(|form| &form.letters);
            AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(letters).expect("a list of words is never that long")
        })
    }

    pub fn is_in(&self, folded: &str) -> bool {
        self.hits(folded).next().is_some()
    }

    /// Whether the whole of `folded`, signs around it aside, is one of the words.
    pub fn is(&self, folded: &str) -> bool {
        let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
        self.find_in(bare).first().is_some_and(|hit| hit.len() == bare.len())
    }
}

/// Many sets of words that are looked for in the same texts: one pass tells which of them a text has a word of.
#[derive(Debug, Clone)]
pub struct WordSets {
    words: Words,
    /// Of each word, the rank of its set.
    set_of: Vec<usize>,
}

impl WordSets {
    pub fn new<'w>(sets: impl IntoIterator<Item = &'w Words>) -> Self {
        let words = sets.into_iter().enumerate().flat_map(|(set, words)| words.forms.iter().map(move |form| (set, form.clone())));
        let (set_of, forms) = words.unzip();
        Self { words: Words { forms, automaton: OnceLock::new() }, set_of }
    }

    /// The ranks of the sets that have a word in `folded`.
    pub fn found_in(&self, folded: &str) -> BTreeSet<usize> {
        self.words.hits(folded).map(|(rank, _)| self.set_of[rank]).collect()
    }

    /// The same, each with the byte at which the first of its words starts.
    pub fn first_in(&self, folded: &str) -> BTreeMap<usize, usize> {
        let mut first = BTreeMap::new();
        for (rank, hit) in self.words.hits(folded) {
            first.entry(self.set_of[rank]).and_modify(|start: &mut usize| *start = hit.start.min(*start)).or_insert(hit.start);
        }
        first
    }
}

/// Each word of a phrase, or its plural.
fn with_plurals(phrase: &str) -> Vec<String> {
    phrase.split(' ').fold(Vec::new(), |phrases: Vec<String>, word| {
        let forms = forms(word);
        if phrases.is_empty() {
            return forms;
        }
        phrases.iter().flat_map(|phrase| forms.iter().map(move |form| format!("{phrase} {form}"))).collect()
    })
}

/// A word and its plural; of short words and of those that end as plurals do, the word alone.
fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    if word.len() < 4 || !word.ends_with(|c: char| c.is_ascii_lowercase() && !matches!(c, 's' | 'x' | 'z')) {
        return forms;
    }
    if let Some(stem) = word.strip_suffix("al") {
        forms.extend([format!("{stem}als"), format!("{stem}aux")]);
    } else if word.ends_with("eau") || word.ends_with("eu") {
        forms.push(format!("{word}x"));
    } else {
        forms.push(format!("{word}s"));
    }
    forms
}

/// As `\w` of regular expressions.
fn is_of_a_word(c: char) -> bool {
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\w").expect("a fixed expression"));
    if c.is_ascii() { c.is_ascii_alphanumeric() || c == '_' } else { c.is_alphabetic() || OTHERS.is_match(c.encode_utf8(&mut [0; 4])) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_are_found_with_the_word() {
        let words = Words::with_plurals(["serveur dedie", "bureau", "legal", "ram"]);
        for found in ["deux serveurs dedies", "un serveur dedie", "nos bureaux", "avis legaux", "la ram"] {
            assert!(words.is_in(found), "{found}");
        }
        assert!(!words.is_in("les rams") && !words.is_in("legales"));
    }

    #[test]
    fn words_are_found_whole() {
        let words = Words::new(["cgu", "sauvegarde*"]);
        assert!(words.is_in("lire les cgu."));
        assert!(words.is_in("nos sauvegardes"));
        assert!(!words.is_in("la cgurie"));
        assert_eq!(words.find_in("cgu cgu,cgu").len(), 3);
        assert!(!Words::new([""; 0]).is_in("cgu"));
    }

    #[test]
    fn a_whole_title_is_told_from_a_mention() {
        let words = Words::new(["mentions legales", "mentions"]);
        assert!(words.is("» mentions legales"));
        assert!(!words.is("mentions de nos amis"));
    }

    #[test]
    fn one_pass_tells_which_sets_have_a_word_there() {
        let sets = [Words::new(["cgu", "conditions*"]), Words::with_plurals(["serveur dedie"]), Words::new([""; 0]), Words::new(["cgu"])];
        let found = |text: &str| WordSets::new(&sets).found_in(text).into_iter().collect::<Vec<_>>();
        assert_eq!(found("les cgu"), [0, 3]);
        assert_eq!(found("nos condiments, deux serveurs dedies"), [1]);
        assert_eq!(found("la cgurie"), [0; 0]);
        for text in ["cgu, conditions d'un serveur dedie", "rien", ""] {
            let alone: Vec<usize> = (0..sets.len()).filter(|set| sets[*set].is_in(text)).collect();
            assert_eq!(found(text), alone, "{text}");
            let first = alone.iter().map(|set| (*set, sets[*set].find_in(text)[0].start)).collect();
            assert_eq!(WordSets::new(&sets).first_in(text), first, "{text}");
        }
    }

    /// Words within words, without a blank between them: nothing is found, and where they stand apart each place counts once.
    #[test]
    fn a_text_made_of_the_words_themselves_is_found_word_by_word() {
        let words = Words::new(["a", "aa", "aaa", "aaa*", "a a"]);
        assert_eq!(words.hits(&"a".repeat(10_000)).count(), 1);
        assert!(words.is(&"a".repeat(10_000)));
        assert_eq!(Words::new(["a", "aa", "aaa"]).hits(&"a".repeat(10_000)).count(), 0);
        assert_eq!(words.hits(&"aa ".repeat(1000)).count(), 1000);
        assert_eq!(words.find_in(&"a a ".repeat(500)).len(), 500);
        assert_eq!(WordSets::new([&words, &words]).found_in(&"aaa ".repeat(1000)), BTreeSet::from([0, 1]));
    }
}

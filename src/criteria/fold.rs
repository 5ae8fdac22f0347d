//! Looking for words as a reader does: `É` is `e`, a line break is a blank, `C.G.U.` is `cgu`.

use std::borrow::Cow;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Small letters, no accents, straight apostrophes, single blanks; inclusive dots and dotted initials closed up.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return close_initials(&fold_ascii(text)).into_owned();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_combining_mark(*c) && *c != '\u{ad}') {
        match c {
            '’' | '‘' | 'ʼ' => folded.push('\''),
            'œ' | 'Œ' => folded.push_str("oe"),
            'æ' | 'Æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            // utilisateur·ices reads as utilisateurices.
            '·' | '•' | '‧' => {}
            c if c.is_whitespace() => {
                if !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            c => folded.extend(c.to_lowercase()),
        }
    }
    close_initials(folded.trim()).into_owned()
}

/// The same for most of what is read, and many times faster.
fn fold_ascii(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.trim().chars() {
        if c.is_whitespace() {
            if !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else {
            folded.push(c.to_ascii_lowercase());
        }
    }
    folded
}

/// `c.g.u.` becomes `cgu`.
fn close_initials(text: &str) -> Cow<'_, str> {
    static INITIALS: std::sync::LazyLock<Regex> =
        std::sync::LazyLock::new(|| Regex::new(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?").expect("a fixed expression"));
    if !text.contains('.') {
        return Cow::Borrowed(text);
    }
    INITIALS.replace_all(text, |found: &regex::Captures<'_>| found[0].replace('.', ""))
}

/// A set of words and phrases to find in folded text, on word boundaries; a trailing `*` stands for the rest of a word.
#[derive(Debug, Clone)]
pub struct Words {
    /// One automaton for all of them: an expression of a thousand words takes megabytes and milliseconds to compile.
    automaton: AhoCorasick,
    /// Whether each stands for the beginning of a word, in the order of the automaton: the longest first, so that `cgu du service` is
    /// found before `cgu`.
    stems: Vec<bool>,
}

impl Words {
    /// `words` are folded already.
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut words: Vec<&str> = words.into_iter().filter(|word| !word.trim_end_matches('*').is_empty()).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(words.iter().map(|word| word.strip_suffix('*').unwrap_or(word)))
            .expect("a list of words is never that long");
        Self { automaton, stems: words.iter().map(|word| word.ends_with('*')).collect() }
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
        self.automaton.find_overlapping_iter(folded).filter_map(|found| {
            let (rank, start) = (found.pattern().as_usize(), found.start());
            if folded[..start].chars().next_back().is_some_and(is_of_a_word) {
                return None;
            }
            let rest = &folded[found.end()..];
            let more = rest.find(|c| !is_of_a_word(c)).unwrap_or(rest.len());
            (more == 0 || self.stems[rank]).then_some((rank, start..found.end() + more))
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

fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_dots_and_blanks_are_folded() {
        assert_eq!(fold("  Conditions générales\n d’Utilisation "), "conditions generales d'utilisation");
        assert_eq!(fold("C.G.U."), "cgu");
        assert_eq!(fold("les utilisateur·ices"), "les utilisateurices");
    }

    /// Both ways to fold are one.
    #[test]
    fn text_without_accents_is_folded_alike() {
        for text in [" A  b\t\nC.G.U. ", "x\u{b}y\u{c}z", "\r\n", "don't. STOP"] {
            let other = fold(&format!("{text}é"));
            assert_eq!(fold(text), other.strip_suffix('e').unwrap().trim_end(), "{text:?}");
        }
    }

    #[test]
    fn words_are_found_whole() {
        let words = Words::new(["cgu", "sauvegarde*"]);
        assert!(words.is_in("lire les cgu."));
        assert!(words.is_in("nos sauvegardes"));
        assert!(!words.is_in("la cgurie"));
        assert_eq!(words.find_in("cgu cgu,cgu").len(), 3);
        assert!(!Words::new([]).is_in("cgu"));
    }

    #[test]
    fn a_whole_title_is_told_from_a_mention() {
        let words = Words::new(["mentions legales", "mentions"]);
        assert!(words.is("» mentions legales"));
        assert!(!words.is("mentions de nos amis"));
    }
}

//! Looking for words as a reader does: `É` is `e`, a line break is a blank, `C.G.U.` is `cgu`.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Small letters, no accents, straight apostrophes, single blanks; inclusive writing and dotted initials closed up.
pub fn fold(text: &str) -> String {
    FoldedText::of(text, false).text
}

/// A text folded for search, and where each of its bytes comes from.
#[derive(Debug, Default, Clone)]
pub struct FoldedText {
    pub text: String,
    /// For each byte of `text`, the byte of the original at which its character starts.
    places: Option<Vec<usize>>,
}

/// `c.g.u.`
static INITIALS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?").expect("a fixed expression"));

/// `utilisateur·rice·s`, `utilisateur(trice)s`, `utilisateur-ice-s`, `usager.es`, `utilisateurs/trices`.
static INCLUSIVE: LazyLock<Regex> = LazyLock::new(|| {
    let sure = "trices?|rices?|ices?|euses?|ieres?|eres?|ives?|nes?|es?";
    let any = format!("{sure}|esses?|eresses?|ves?|les?|tes?|fes?|ales?");
    let expression = format!(
        r"\b(?P<stem>[a-z]{{2,}})(?P<tail>·(?:{any})(?:·?s)?\b|\((?:{any})\)(?:s\b)?|[./-](?:{sure})(?:[.-]s)?\b|[.-](?:{any})[.-]s\b)"
    );
    Regex::new(&expression).expect("a fixed expression")
});

/// `utilisateurices`, `chercheureuses`.
static MERGED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(?P<stem>[a-z]+eur)(?P<tail>(?:ice|rice|trice|euse)s?)\b").expect("a fixed expression"));

impl FoldedText {
    pub fn new(text: &str) -> Self {
        Self::of(text, true)
    }

    /// Places are dear, and few ask for them.
    fn of(text: &str, placed: bool) -> Self {
        let mut folded = Self { text: String::with_capacity(text.len()), places: placed.then(|| Vec::with_capacity(text.len())) };
        for (at, c) in text.char_indices() {
            folded.push(c, at);
        }
        if folded.text.ends_with(' ') {
            folded.text.pop();
            folded.places.as_mut().map(Vec::pop);
        }
        folded.close_initials();
        folded.close_inclusive(&INCLUSIVE);
        folded.close_inclusive(&MERGED);
        let dots = folded.text.match_indices('·').map(|(at, dot)| at..at + dot.len()).collect::<Vec<_>>();
        folded.delete(&dots);
        folded
    }

    /// The bytes of the original that became these; `original` is what was folded.
    pub fn in_original(&self, range: &Range<usize>, original: &str) -> Range<usize> {
        let places = self.places.as_deref().expect("only `fold` keeps no places, and it hands nothing but the text on");
        let Some(&start) = places.get(range.start) else { return original.len()..original.len() };
        let last = places[range.end.max(range.start + 1) - 1];
        start..last + original[last..].chars().next().map_or(0, char::len_utf8)
    }

    fn push(&mut self, c: char, at: usize) {
        match c {
            // Most of any text, and told at once.
            c if c.is_ascii_alphanumeric() => {
                self.text.push(c.to_ascii_lowercase());
                self.places.iter_mut().for_each(|places| places.push(at));
            }
            '’' | '‘' | 'ʼ' | '′' | '´' | '`' | '＇' => self.write("'", at),
            'œ' | 'Œ' => self.write("oe", at),
            'æ' | 'Æ' => self.write("ae", at),
            'ß' => self.write("ss", at),
            '·' | '•' | '‧' | '⋅' | '∙' => self.write("·", at),
            // Invisible, or signs that would make another word of the one before.
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '™' | '®' | '©' => {}
            '\u{2010}' | '\u{2011}' => self.write("-", at),
            c if c.is_whitespace() => {
                if !self.text.is_empty() && !self.text.ends_with(' ') {
                    self.write(" ", at);
                }
            }
            // Ligatures come apart too: `ﬁ` is `fi`.
            c => {
                for part in std::iter::once(c).nfkd().filter(|part| !is_combining_mark(*part)) {
                    for small in part.to_lowercase() {
                        self.write(small.encode_utf8(&mut [0; 4]), at);
                    }
                }
            }
        }
    }

    fn write(&mut self, words: &str, at: usize) {
        self.text.push_str(words);
        self.places.iter_mut().for_each(|places| places.extend(std::iter::repeat_n(at, words.len())));
    }

    /// `c.g.u.` becomes `cgu`.
    fn close_initials(&mut self) {
        let found: Vec<Range<usize>> = INITIALS.find_iter(&self.text).map(|found| found.range()).collect();
        let dots = found.into_iter().flat_map(|range| {
            let dots: Vec<Range<usize>> =
                self.text[range.clone()].match_indices('.').map(|(at, _)| range.start + at..range.start + at + 1).collect();
            dots
        });
        let dots: Vec<Range<usize>> = dots.collect();
        self.delete(&dots);
    }

    /// Leaves the stem, and the mark of the plural.
    fn close_inclusive(&mut self, endings: &Regex) {
        let mut tails: Vec<Range<usize>> = Vec::new();
        for found in endings.captures_iter(&self.text) {
            let (stem, tail) = (&found["stem"], found.name("tail").expect("the group is always there").range());
            let plural = self.text[tail.clone()].trim_end_matches(')').ends_with('s') && !stem.ends_with('s');
            // `(es)`: the mark of the plural stands before the bracket.
            let bracket = usize::from(self.text[tail.clone()].ends_with(')'));
            if plural {
                tails.push(tail.start..tail.end - bracket - 1);
                tails.extend((bracket > 0).then(|| tail.end - 1..tail.end));
            } else {
                tails.push(tail);
            }
        }
        self.delete(&tails);
    }

    /// Takes out ranges that stand in order and do not overlap.
    fn delete(&mut self, ranges: &[Range<usize>]) {
        if ranges.is_empty() {
            return;
        }
        let kept = || {
            let starts = std::iter::once(0).chain(ranges.iter().map(|range| range.end));
            starts.zip(ranges.iter().map(|range| range.start).chain([self.text.len()])).map(|(start, end)| start..end)
        };
        let text = kept().map(|kept| &self.text[kept]).collect();
        let places = self.places.as_ref().map(|places| kept().flat_map(|kept| places[kept].iter().copied()).collect());
        (self.text, self.places) = (text, places);
    }
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
        Self::written(words, |word| vec![word.to_owned()])
    }

    /// The same, and their plurals: `serveur dedie` also finds `serveurs dedies`.
    pub fn with_plurals<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        Self::written(words, with_plurals)
    }

    fn written<'w>(words: impl IntoIterator<Item = &'w str>, forms: impl Fn(&str) -> Vec<String>) -> Self {
        let mut words: Vec<&str> = words.into_iter().filter(|word| !word.trim_end_matches('*').is_empty()).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let written = |word: &&str| match word.strip_suffix('*') {
            Some(stem) => vec![(stem.to_owned(), true)],
            None => forms(word).into_iter().map(|form| (form, false)).collect(),
        };
        let (forms, stems): (Vec<String>, Vec<bool>) = words.iter().flat_map(written).unzip();
        let automaton =
            AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(&forms).expect("a list of words is never that long");
        Self { automaton, stems }
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
    fn accents_dots_and_blanks_are_folded() {
        assert_eq!(fold("  Conditions générales\n d’Utilisation "), "conditions generales d'utilisation");
        assert_eq!(fold("C.G.U."), "cgu");
        assert_eq!(fold("l\u{2019}h\u{e9}ber\u{ad}gement ef\u{fb01}cace\u{a0}: ﬁni"), "l'hebergement efficace : fini");
    }

    #[test]
    fn inclusive_writing_reads_as_the_plain_word() {
        for written in [
            "les utilisateurs",
            "les utilisateur·ices",
            "les utilisateur·rice·s",
            "les utilisateurices",
            "les utilisateur.rice.s",
            "les utilisateur(trice)s",
            "les utilisateur-ice-s",
            "les utilisateurs/trices",
            "les UTILISATEUR•TRICES",
        ] {
            assert_eq!(fold(written), "les utilisateurs", "{written}");
        }
        assert_eq!(fold("adhérent·e·s, salarié(e)s, citoyen-ne-s, tou·te·s"), "adherents, salaries, citoyens, tous");
        assert_eq!(fold("un·e usager(ère), donnez-le, rendez-vous, e-mail"), "un usager, donnez-le, rendez-vous, e-mail");
        assert_eq!(fold("ami(es) du logiciel libre"), "amis du logiciel libre");
    }

    #[test]
    fn what_is_found_is_shown_as_it_was_written() {
        let text = "Les  utilisateur·ice·s de l’É.N.S. — œuvre";
        let folded = FoldedText::new(text);
        assert_eq!(folded.text, "les utilisateurs de l'ens — oeuvre");
        let shown = |word: &str| {
            let at = folded.text.find(word).unwrap();
            &text[folded.in_original(&(at..at + word.len()), text)]
        };
        assert_eq!(shown("utilisateurs"), "utilisateur·ice·s");
        assert_eq!((shown("ens"), shown("oeuvre")), ("É.N.S", "œuvre"));
    }

    /// Both ways to fold are one.
    #[test]
    fn a_text_is_folded_alike_with_and_without_its_places() {
        for text in
            [" A  b\t\nC.G.U. ", "x\u{b}y\u{c}z", "\r\n", "don't. STOP", "", " ", "les utilisateur·ice·s, É.N.S. ﬁni ", "a(e)s `b` "]
        {
            assert_eq!(fold(text), FoldedText::new(text).text, "{text:?}");
            let other = fold(&format!("{text}é"));
            assert!(!text.is_ascii() || fold(text) == other.strip_suffix('e').unwrap().trim_end(), "{text:?}");
        }
    }

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
        assert!(!Words::new([]).is_in("cgu"));
    }

    #[test]
    fn a_whole_title_is_told_from_a_mention() {
        let words = Words::new(["mentions legales", "mentions"]);
        assert!(words.is("» mentions legales"));
        assert!(!words.is("mentions de nos amis"));
    }
}

//! Reading as one who looks for words: `É` is `e`, a line break is a blank, `C.G.U.` is `cgu`.

use std::ops::Range;
use std::sync::LazyLock;

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

/// An expression to look for by the letters of ASCII: in folded text, where the languages that are read here have no others, or in what
/// programs read.
pub fn expression(written: &str) -> Regex {
    Regex::new(&in_ascii(written)).expect("a fixed expression")
}

/// The same expression, whose `\b`, `\d`, `\s` and `\w` know the characters of ASCII only. To ask Unicode for more makes it twice as dear to
/// compile, and a search ten times slower as soon as a text holds one sign that is not of ASCII, as `«` is.
pub fn in_ascii(written: &str) -> String {
    let mut ascii = String::with_capacity(2 * written.len());
    let mut signs = written.chars();
    while let Some(sign) = signs.next() {
        match (sign, if sign == '\\' { signs.next() } else { None }) {
            ('\\', Some('b')) => ascii.push_str(r"(?-u:\b)"),
            ('\\', Some('d')) => ascii.push_str("[0-9]"),
            ('\\', Some('s')) => ascii.push_str(r"[\t-\r\x20]"),
            ('\\', Some('w')) => ascii.push_str("[0-9A-Za-z_]"),
            (sign, next) => ascii.extend([sign].into_iter().chain(next)),
        }
    }
    ascii
}

/// `c.g.u.`
static INITIALS: LazyLock<Regex> = LazyLock::new(|| expression(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?"));

/// `utilisateur·rice·s`, `utilisateur(trice)s`, `utilisateur-ice-s`, `usager.es`, `utilisateurs/trices`.
static INCLUSIVE: LazyLock<Regex> = LazyLock::new(|| {
    let sure = "trices?|rices?|ices?|euses?|ieres?|eres?|ives?|nes?|es?";
    let any = format!("{sure}|esses?|eresses?|ves?|les?|tes?|fes?|ales?");
    expression(&format!(
        r"\b(?P<stem>[a-z]{{2,}})(?P<tail>·(?:{any})(?:·?s)?\b|\((?:{any})\)(?:s\b)?|[./-](?:{sure})(?:[.-]s)?\b|[.-](?:{any})[.-]s\b)"
    ))
});

/// `utilisateurices`, `chercheureuses`.
static MERGED: LazyLock<Regex> = LazyLock::new(|| expression(r"\b(?P<stem>[a-z]+eur)(?P<tail>(?:ice|rice|trice|euse)s?)\b"));

/// One of these stands in whatever is closed up as inclusive writing.
const SIGNS: [char; 5] = ['·', '(', '.', '/', '-'];

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
        // Most texts are short, and have no sign of what is closed up.
        if folded.text.contains('.') {
            folded.close_initials();
        }
        if folded.text.contains(SIGNS) {
            folded.close_inclusive(&INCLUSIVE);
        }
        if folded.text.contains("eur") {
            folded.close_inclusive(&MERGED);
        }
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
    fn an_expression_in_ascii_means_what_it_meant() {
        for (written, ascii) in
            [(r"\bv?\d+\b", r"(?-u:\b)v?[0-9]+(?-u:\b)"), (r"[\d.]\\d\.\", r"[[0-9].]\\d\.\"), (r"\S\p{L}é", r"\S\p{L}é")]
        {
            assert_eq!(in_ascii(written), ascii);
        }
        let blank = Regex::new(&in_ascii(r"(?x) ^ \s [\w\s]+ $")).unwrap();
        assert!(blank.is_match(" a_1\t\n\r") && !blank.is_match("\u{a0}a") && !blank.is_match(" é"));
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

    /// What is heaped on one letter or joined without end folds away, and each byte that is left has its place.
    #[test]
    fn marks_and_endings_without_end_are_folded() {
        for (text, folded) in [
            ("e\u{301}\u{316}".repeat(2000), "e".repeat(2000)),
            (format!("e{}", "\u{301}".repeat(5000)), "e".to_owned()),
            ("c.g.u.".repeat(1000), "cgu".repeat(1000)),
            ("« tou·te·s » ".repeat(1000), "« tous » ".repeat(1000).trim_end().to_owned()),
        ] {
            let placed = FoldedText::new(&text);
            assert_eq!((&placed.text, placed.places.unwrap().len()), (&folded, folded.len()));
        }
    }
}

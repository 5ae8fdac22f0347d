//! Looking for words as a reader does: `É` is `e`, a line break is a blank, `C.G.U.` is `cgu`.

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Small letters, no accents, straight apostrophes, single blanks; inclusive dots and dotted initials closed up.
pub fn fold(text: &str) -> String {
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
    close_initials(folded.trim())
}

/// `c.g.u.` becomes `cgu`.
fn close_initials(text: &str) -> String {
    static INITIALS: std::sync::LazyLock<Regex> =
        std::sync::LazyLock::new(|| Regex::new(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?").expect("a fixed expression"));
    INITIALS.replace_all(text, |found: &regex::Captures<'_>| found[0].replace('.', "")).into_owned()
}

/// A set of words and phrases to find in folded text, on word boundaries; a trailing `*` stands for the rest of a word.
#[derive(Debug, Clone)]
pub struct Words(Option<Regex>);

impl Words {
    /// `words` are folded already.
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut alternatives: Vec<String> = words
            .into_iter()
            .filter(|word| !word.is_empty())
            .map(|word| {
                let stem = word.strip_suffix('*');
                let escaped = regex::escape(stem.unwrap_or(word));
                if stem.is_some() { format!(r"{escaped}\w*") } else { escaped }
            })
            .collect();
        // The longest first, so that `cgu du service` is found before `cgu`.
        alternatives.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let pattern = format!(r"(?:^|[^\w])(?P<word>{})(?:$|[^\w])", alternatives.join("|"));
        Self((!alternatives.is_empty()).then(|| Regex::new(&pattern).expect("escaped words make an expression")))
    }

    /// The bytes of each hit in `folded`.
    pub fn find_in(&self, folded: &str) -> Vec<std::ops::Range<usize>> {
        let Some(regex) = &self.0 else { return Vec::new() };
        let mut hits = Vec::new();
        let mut from = 0;
        // A separator may close one hit and open the next, so each search starts inside the last boundary.
        while let Some(found) = regex.captures_at(folded, from) {
            let word = found.name("word").expect("the group is always there").range();
            from = word.end;
            hits.push(word);
        }
        hits
    }

    pub fn is_in(&self, folded: &str) -> bool {
        self.0.as_ref().is_some_and(|regex| regex.is_match(folded))
    }

    /// Whether the whole of `folded`, signs around it aside, is one of the words.
    pub fn is(&self, folded: &str) -> bool {
        let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
        self.find_in(bare).first().is_some_and(|hit| hit.len() == bare.len())
    }
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

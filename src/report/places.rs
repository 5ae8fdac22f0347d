//! Addresses inside sentences: what may be a link, and what stays text.

use url::Url;

use super::clean;
use crate::check::{Evidence, Finding};
use crate::text::Lang;

/// An address of the web, and of nothing else: what may be a link.
pub(super) fn web_address(place: &str) -> Option<Url> {
    Url::parse(place).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
}

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Words(String),
    Web(Url),
}

/// A harmless sentence, its web addresses told apart.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut words = String::new();
    for word in clean(text).split_inclusive(' ') {
        let bare = word.trim_end_matches([' ', '.', ',', ';', ':', ')', '!', '?']);
        match Some(bare).filter(|bare| bare.starts_with("http")).and_then(web_address) {
            Some(url) => {
                if !words.is_empty() {
                    pieces.push(Piece::Words(std::mem::take(&mut words)));
                }
                pieces.push(Piece::Web(url));
                words.push_str(&word[bare.len()..]);
            }
            None => words.push_str(word),
        }
    }
    if !words.is_empty() {
        pieces.push(Piece::Words(words));
    }
    pieces
}

/// Evidence that says more than the sentence: another place, or what stands there.
pub(super) fn more(finding: &Finding, lang: Lang) -> impl Iterator<Item = &Evidence> {
    let told = pieces(finding.because.in_lang(lang));
    finding.evidence.iter().filter(move |evidence| evidence.excerpt.is_some() || !is_told(&told, evidence))
}

/// Whether the sentence names the place already.
pub(super) fn is_told(told: &[Piece], evidence: &Evidence) -> bool {
    web_address(&evidence.at).is_some_and(|url| told.contains(&Piece::Web(url)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_linked() {
        for wrong in ["javascript:alert(1)", "data:text/html,x", "mailto:a@b", "ftp://a.example/", "a.example:443", "", "https:"] {
            assert_eq!(web_address(wrong), None, "{wrong}");
        }
        assert!(web_address("https://a.example/é<b>").is_some_and(|url| url.as_str() == "https://a.example/%C3%A9%3Cb%3E"));
    }

    #[test]
    fn a_sentence_keeps_its_words_and_its_signs() {
        let told = pieces("page : https://a.example/cgu, et javascript:x");
        let words = |text: &str| Piece::Words(text.to_owned());
        assert_eq!(told, [words("page : "), Piece::Web("https://a.example/cgu".parse().unwrap()), words(", et javascript:x")]);
        assert_eq!(pieces("rien"), [words("rien")]);
    }
}

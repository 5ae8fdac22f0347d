//! Where one sentence ends and the next begins.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// Words whose full stop ends no sentence, in small letters.
#[rustfmt::skip] // a word list
const SHORTENED: [&str; 26] = [
    "art", "av", "bd", "cf", "chap", "dr", "e.g", "ex", "fig", "i.e", "m", "me", "mm", "mme", "mr", "mrs", "ms", "n", "no", "p", "pp", "prof", "st",
    "tel", "tél", "vs",
];

/// What closes the sentence before it.
const CLOSES: [char; 4] = ['»', '”', ')', ']'];

/// The sentences of a text, blanks around them put aside; a line always ends one.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    // Whether the line ended in the blanks since the last of them.
    let mut line_ended = false;
    for (at, piece) in text.split_sentence_bound_indices() {
        let same_line = !found.is_empty() && !line_ended;
        let closing = piece.len() - piece.trim_start_matches(CLOSES).len();
        if let Some(last) = found.last_mut().filter(|_| same_line && closing > 0) {
            last.end = at + closing;
        }
        let rest = piece[closing..].trim();
        if rest.is_empty() {
            line_ended |= piece.contains('\n');
            continue;
        }
        let start = at + closing + (piece[closing..].len() - piece[closing..].trim_start().len());
        let range = start..start + rest.len();
        line_ended = text[range.end..at + piece.len()].contains('\n');
        match found.last_mut() {
            Some(last) if same_line && open => last.end = range.end,
            _ => found.push(range),
        }
        open = is_open(&text[found.last().expect("one was pushed").clone()]);
    }
    found
}

/// Whether the stop at its end is one of a number, of initials or of a shortened word.
fn is_open(sentence: &str) -> bool {
    let Some(words) = sentence.strip_suffix('.') else { return false };
    let last = words.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '«' | '\'' | '’')).next().unwrap_or_default();
    let numbers = !last.is_empty() && last.len() == words.len() && last.chars().all(|c| c.is_ascii_digit() || c == '.');
    let initial = last.chars().count() == 1 && last.chars().all(char::is_uppercase);
    numbers || initial || SHORTENED.contains(&last.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn sentences_end_where_readers_end_them() {
        assert_eq!(told("Un an. Deux ans ? « Oui. » Non !"), ["Un an.", "Deux ans ?", "« Oui. »", "Non !"]);
        assert_eq!(told("We keep logs for 12.5 days. Then they go."), ["We keep logs for 12.5 days.", "Then they go."]);
        assert_eq!(told("Une ligne\nune autre"), ["Une ligne", "une autre"]);
        assert_eq!(told(" \n "), [""; 0]);
    }

    #[test]
    fn blanks_may_end_a_line_and_a_bracket_closes_what_stands_before_it_on_the_same_line() {
        assert_eq!(told("Voir art. \u{85}\u{2028} 3. Fin"), ["Voir art. \u{85}\u{2028} 3.", "Fin"]);
        assert_eq!(told("Voir art. \n\u{85} 3. Fin"), ["Voir art.", "3. Fin"]);
        assert_eq!(told("Voir art. \u{85} \n 3. Fin"), ["Voir art.", "3. Fin"]);
        assert_eq!(told("Oui.\n» Non. ) Si."), ["Oui.", "Non. )", "Si."]);
    }

    #[test]
    fn a_shortened_word_ends_nothing() {
        assert_eq!(told("M. Dupont et Mme. Durand, cf. Art. 3 de la loi."), ["M. Dupont et Mme. Durand, cf. Art. 3 de la loi."]);
        assert_eq!(told("1. Objet du service. 2. Durée."), ["1. Objet du service.", "2. Durée."]);
        assert_eq!(told("Écrire à J. Martin. Merci."), ["Écrire à J. Martin.", "Merci."]);
    }
}

//! Text from the network or from a file, made harmless for a terminal or a line of Markdown.

use unicode_segmentation::UnicodeSegmentation;

/// More code points than this on one letter are vandalism.
const LONGEST_GRAPHEME: usize = 8;

/// Control characters become U+FFFD, blanks fold to one, and what turns or hides text is dropped.
pub fn clean(text: &str) -> String {
    // What we write ourselves, and much of what others do, is clean already.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !text.contains("  ") {
        return text.trim().to_owned();
    }
    let mut seen = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_whitespace() => {
                if !seen.ends_with(' ') {
                    seen.push(' ');
                }
            }
            c if c.is_control() => seen.push('\u{fffd}'),
            c if is_unseen(c) => {}
            c => seen.push(c),
        }
    }
    // Most of any text: no mark can be heaped on a letter.
    if seen.chars().all(stands_alone) {
        return seen.trim().to_owned();
    }
    // Letters only now: what was dropped could have stood between the marks of one.
    let letters = seen.trim().graphemes(true);
    letters.flat_map(|grapheme| grapheme.chars().take(LONGEST_GRAPHEME)).collect()
}

/// Whether it never joins the character before or after it: what stands before the combining marks, quotes, dashes.
fn stands_alone(c: char) -> bool {
    matches!(c, '\0'..='\u{2ff}' | '\u{2010}'..='\u{2027}' | '€' | '\u{fffd}')
}

/// What a terminal obeys, or nobody sees: where a form keeps text as it is, this is written by its number. A line break is neither.
pub fn is_obeyed_or_unseen(c: char) -> bool {
    // Most of any text, and told at once.
    !matches!(c, ' '..='~' | '\n') && (c.is_control() || is_unseen(c))
}

/// What turns or hides the text around it, and is not seen itself. The joiner of emoji (U+200D) stays.
pub fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_a_terminal_that_is_not_text() {
        assert_eq!(clean("a\u{1b}[31mred\u{9b}0m\u{7}"), "a\u{fffd}[31mred\u{fffd}0m\u{fffd}");
        assert_eq!(clean("abc\u{202e}fdp.exe\u{200b}"), "abcfdp.exe");
        assert_eq!(clean(" two\r\n lines\t "), "two lines");
        assert_eq!(clean("l'été à « Compiègne » 👩‍👩‍👧"), "l'été à « Compiègne » 👩‍👩‍👧");
        assert_eq!(clean("a\u{61c}b\u{ad}c"), "abc");
        for mark in ["\u{301}", "\u{301}\u{200b}", "\u{301}\u{61c}"] {
            let zalgo = format!("a{}", mark.repeat(50));
            assert_eq!(clean(&zalgo).chars().count(), LONGEST_GRAPHEME, "{mark:?}");
        }
    }
}

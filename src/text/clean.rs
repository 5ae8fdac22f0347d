//! Text from the network or from a file, made harmless for a terminal or a line of Markdown.

use unicode_segmentation::UnicodeSegmentation;

/// More code points than this on one letter are vandalism.
const LONGEST_GRAPHEME: usize = 8;

/// Control characters become U+FFFD, blanks fold to one, and what turns or hides text is dropped.
pub fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for grapheme in text.graphemes(true) {
        for c in grapheme.chars().take(LONGEST_GRAPHEME) {
            match c {
                c if c.is_whitespace() => {
                    if !clean.ends_with(' ') {
                        clean.push(' ');
                    }
                }
                c if c.is_control() => clean.push('\u{fffd}'),
                // Directions (UAX 9), invisible joiners and marks, the tag characters.
                '\u{200b}'
                | '\u{200c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{61c}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{e0000}'..='\u{e007f}' => {}
                c => clean.push(c),
            }
        }
    }
    clean.trim().to_owned()
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
        let zalgo = format!("a{}", "\u{301}".repeat(50));
        assert_eq!(clean(&zalgo).chars().count(), LONGEST_GRAPHEME);
    }
}

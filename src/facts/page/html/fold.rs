//! Text as it is read: blanks folded, a line per block.

/// A text that grows. Blanks are written only between words, never at either end.
#[derive(Debug, Default)]
pub(in crate::facts::page) struct Folded {
    text: String,
    pending: Blank,
}

/// What will stand before the next word; a line is stronger than a space.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::facts::page) enum Blank {
    #[default]
    None,
    Space,
    Line,
}

impl Folded {
    pub(in crate::facts::page) fn push(&mut self, words: &str) {
        for c in words.chars() {
            match c {
                // Invisible, and they would cut a word in two for whoever searches it.
                '\u{ad}' | '\u{200b}' | '\u{feff}' => {}
                c if c.is_whitespace() => self.gap(),
                c => self.push_char(c),
            }
        }
    }

    /// At least a space before the next word.
    pub(in crate::facts::page) fn gap(&mut self) {
        self.pending = self.pending.max(Blank::Space);
    }

    /// A new line before the next word.
    pub(in crate::facts::page) fn line(&mut self) {
        self.pending = Blank::Line;
    }

    /// Words that stand apart from what is around them.
    pub(in crate::facts::page) fn push_apart(&mut self, words: &str) {
        self.gap();
        self.push(words);
        self.gap();
    }

    pub(in crate::facts::page) fn as_str(&self) -> &str {
        &self.text
    }

    pub(in crate::facts::page) fn into_text(self) -> String {
        self.text
    }

    fn push_char(&mut self, c: char) {
        let blank = std::mem::take(&mut self.pending);
        if !self.text.is_empty() {
            match blank {
                Blank::None => {}
                Blank::Space => self.text.push(' '),
                Blank::Line => self.text.push('\n'),
            }
        }
        self.text.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_folded_and_a_line_is_stronger_than_a_space() {
        let mut folded = Folded::default();
        folded.line();
        folded.push("  un\u{a0}\n deux ");
        folded.line();
        folded.push(" tr\u{ad}ois ");
        folded.line();
        assert_eq!(folded.into_text(), "un deux\ntrois");
    }
}

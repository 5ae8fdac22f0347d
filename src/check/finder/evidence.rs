//! What a page says of itself once it is read, and the score.

use super::hint::{Hint, Named};
use super::{Doubt, How};
use crate::criteria::{DocumentKind, fold};
use crate::facts::{Body, Exchange};

/// A page scoring less is not that document.
const ENOUGH: u32 = 4;
/// Words of the document itself are counted up to this.
const MOST_MARKS: u32 = 4;

/// What a page says of itself: its title or first heading 3, another heading 2, each word of such documents 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reading {
    title: u32,
    section: u32,
    marks: u32,
    chars: usize,
    min_chars: usize,
    needs_javascript: bool,
    asks_password: bool,
}

/// Why a page is taken for a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::check) struct Evidence {
    pub(in crate::check) hint: Hint,
    reading: Reading,
}

impl Reading {
    /// `text` is the text of the page, folded.
    pub(super) fn of(exchange: &Exchange, text: &str, kind: &DocumentKind) -> Self {
        let page = exchange.page();
        let named = |title: &str| Named::of(&fold(title), kind);
        let first = page.title.iter().chain(page.headings.first()).map(|title| named(title)).max();
        let section = page.headings.iter().skip(1).map(|title| named(title)).max();
        let mut marks: Vec<&str> = kind.marks().find_in(text).into_iter().map(|hit| &text[hit]).collect();
        // What names the document proves nothing about what it holds.
        marks.retain(|mark| !kind.words().is(mark));
        marks.sort_unstable();
        marks.dedup();
        Self {
            title: match first {
                Some(Named::Whole | Named::Starts) => 3,
                Some(Named::Weak) => 2,
                Some(Named::Within) => 1,
                _ => 0,
            },
            section: if matches!(section, Some(Named::Whole | Named::Starts)) { 2 } else { 0 },
            marks: u32::try_from(marks.len()).unwrap_or(MOST_MARKS).min(MOST_MARKS),
            chars: page.text.chars().count(),
            min_chars: kind.min_chars,
            needs_javascript: page.needs_javascript(),
            asks_password: page.asks_password,
        }
    }

    /// Its title or a heading names it, and nothing weak.
    pub(super) fn is_titled(self) -> bool {
        self.title == 3 || self.section > 0
    }

    pub(super) fn is_short(self) -> bool {
        self.chars < self.min_chars
    }
}

impl Evidence {
    pub(super) fn new(hint: Hint, reading: Reading) -> Self {
        Self { hint, reading }
    }

    pub(in crate::check) fn title(&self) -> u32 {
        self.reading.title.max(self.reading.section)
    }

    pub(in crate::check) fn marks(&self) -> u32 {
        self.reading.marks
    }

    pub(in crate::check) fn score(&self) -> u32 {
        self.hint.total() + self.title() + self.marks()
    }

    /// Whether it is that document, the place where it was found taken into account.
    pub(super) fn is_enough(&self, how: How) -> bool {
        let Self { hint, reading } = self;
        let titled = reading.is_titled();
        match how {
            How::Declared => true,
            // Nobody said that it is there: the page alone must prove it.
            How::Sitemap | How::SisterHost | How::UsualAddress => titled && reading.marks >= 1 || reading.marks >= 3,
            _ if hint.total() == 0 => titled && reading.marks >= 2,
            // The link and the title say the same, and nothing else.
            _ if hint.exact && reading.title == 3 => true,
            _ => self.score() >= ENOUGH && reading.marks >= 1 && (titled || hint.strong || reading.marks >= 2),
        }
    }

    /// The same, and no better one is to be expected elsewhere.
    pub(super) fn is_sure(&self, how: How) -> bool {
        how == How::Declared || self.hint.strong && self.score() >= ENOUGH + 2 || self.hint.exact
    }

    /// What keeps it from being read as that document.
    pub(super) fn doubt(&self, exchange: &Exchange, how: How) -> Option<Doubt> {
        let reading = self.reading;
        // Not everything that is published can be read here.
        if exchange.body == Body::Binary {
            return None;
        }
        if reading.needs_javascript {
            return Some(Doubt::NeedsJavascript);
        }
        if reading.asks_password && !(reading.is_titled() && reading.marks >= 2) {
            return Some(Doubt::Login);
        }
        if reading.is_short() {
            return Some(Doubt::TooShort);
        }
        (!self.is_enough(how)).then_some(Doubt::Unlike)
    }
}

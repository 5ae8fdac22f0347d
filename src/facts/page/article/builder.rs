//! Blocks as they are read, whatever the page is written in.

use unicode_normalization::char::is_combining_mark;

use super::block::{Block, Kind};
use crate::facts::page::html::{Blank, MOST};
use crate::text::is_unseen;

/// More marks than this on one letter are vandalism.
const MOST_MARKS: usize = 6;

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Builder {
    blocks: Vec<Block>,
    text: String,
    blank: Blank,
    marks: usize,
    links: Vec<(std::ops::Range<usize>, String)>,
    link: Option<String>,
    cells: Vec<usize>,
    /// A cell of the row was opened.
    in_cell: bool,
    /// What the block that is being read will be; a paragraph, or more of an item, when nothing is said.
    kind: Option<Kind>,
    /// How many lists are open.
    pub(super) depth: usize,
    /// In a row of the table of that number.
    pub(super) row: Option<usize>,
    pub(super) main: bool,
    pub(super) aside: bool,
}

impl Builder {
    /// Words as written, blanks and all.
    pub(super) fn text(&mut self, words: &str) {
        for c in words.chars() {
            match c {
                c if c.is_whitespace() => self.gap(),
                c if c.is_control() || is_unseen(c) => {}
                c => self.letter(c),
            }
        }
    }

    fn letter(&mut self, c: char) {
        self.marks = if is_combining_mark(c) { self.marks + 1 } else { 0 };
        if self.marks > MOST_MARKS {
            return;
        }
        let start = self.text.len();
        match std::mem::take(&mut self.blank) {
            Blank::Line if start > 0 => self.text.push('\n'),
            Blank::Space if start > 0 => self.text.push(' '),
            _ => {}
        }
        let at = self.text.len();
        self.text.push(c);
        let Some(url) = &self.link else { return };
        match self.links.last_mut() {
            Some((range, known)) if range.end == start && known == url => range.end = self.text.len(),
            _ => self.links.push((at..self.text.len(), url.clone())),
        }
    }

    pub(super) fn gap(&mut self) {
        self.blank = self.blank.max(Blank::Space);
    }

    /// The page breaks its line here.
    pub(super) fn line(&mut self) {
        self.blank = Blank::Line;
    }

    pub(super) fn cell(&mut self) {
        self.gap();
        if self.in_cell {
            self.cells.push(self.text.len());
        }
        self.in_cell = true;
    }

    pub(super) fn open_link(&mut self, url: Option<String>) {
        self.link = url;
    }

    /// Ends the block that is being read, and says what the next will be.
    pub(super) fn next(&mut self, kind: Option<Kind>) {
        let (text, links, cells) = (std::mem::take(&mut self.text), std::mem::take(&mut self.links), std::mem::take(&mut self.cells));
        (self.blank, self.in_cell, self.marks) = (Blank::None, false, 0);
        let usual = if self.depth > 0 { Kind::More { depth: self.depth } } else { Kind::Paragraph };
        if text.is_empty() {
            // An item whose first block is yet to come keeps its sign.
            if kind.is_some() || !matches!(self.kind, Some(Kind::Item { .. })) {
                self.kind = kind;
            }
            return;
        }
        let read = self.kind.take().unwrap_or(usual);
        self.kind = kind;
        if self.blocks.len() < MOST {
            self.blocks.push(Block { kind: read, text, links, cells, main: self.main, kept: !self.aside });
        }
    }

    pub(super) fn into_blocks(mut self) -> Vec<Block> {
        self.next(None);
        self.blocks
    }
}

/// A text without mark-up: a paragraph a line.
pub(super) fn of_lines(text: &str) -> Vec<Block> {
    let mut builder = Builder::default();
    for line in text.lines() {
        builder.text(line);
        builder.next(None);
    }
    builder.into_blocks()
}

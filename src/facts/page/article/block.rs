//! One heading, paragraph, item of a list or row of a table.

use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// From 1 to 6.
    Heading(u8),
    /// What a definition list or a folded part is about: it names what follows, and is no heading.
    Term,
    Paragraph,
    /// An item of a list, how deep, and whether its list is numbered.
    Item {
        depth: usize,
        numbered: bool,
    },
    /// More of the item above.
    More {
        depth: usize,
    },
    /// A row of the table of that number.
    Row {
        table: usize,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) kind: Kind,
    /// Blanks folded; a new line where the page breaks one. Cells stand side by side.
    pub(super) text: String,
    /// Bytes of `text` that lead somewhere, in order.
    pub(super) links: Vec<(Range<usize>, String)>,
    /// For a row: where each cell after the first starts.
    pub(super) cells: Vec<usize>,
    /// In the `main` part of the page.
    pub(super) main: bool,
    /// Of the text, and not of a menu, a banner or a footer.
    pub(super) kept: bool,
}

impl Block {
    /// Whether it names what stands below.
    pub(super) fn names(&self) -> bool {
        matches!(self.kind, Kind::Heading(_) | Kind::Term)
    }
}

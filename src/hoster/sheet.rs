//! A sheet of questions, for people who answer in a spreadsheet: its columns, and cells that run nothing.

mod decode;
mod read;

pub use read::Reading;

use std::fmt;

use crate::criteria::{Criterion, CriterionId, fold};
use crate::text::{Lang, Text, say};

/// A column; the order is that of a new sheet, and a sheet that comes back may have another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    Id,
    Service,
    Question,
    Seen,
    Answer,
    Note,
    Links,
    By,
    On,
}

impl Column {
    pub const ALL: [Self; 9] =
        [Self::Id, Self::Service, Self::Question, Self::Seen, Self::Answer, Self::Note, Self::Links, Self::By, Self::On];

    /// Its title; what stands in brackets is help.
    pub fn title(self) -> Text {
        match self {
            Self::Id => Text::same("id"),
            Self::Service => Text::same("service"),
            Self::Question => Text::same("question"),
            Self::Seen => say!(fr: "ce qui a été vu", en: "what was seen"),
            Self::Answer => say!(fr: "réponse (respecté, non respecté, sans objet)", en: "answer (met, unmet, n/a)"),
            Self::Note => Text::same("note"),
            Self::Links => say!(fr: "liens", en: "links"),
            Self::By => say!(fr: "qui", en: "who"),
            Self::On => say!(fr: "date (AAAA-MM-JJ)", en: "date (YYYY-MM-DD)"),
        }
    }

    fn of_title(cell: &str) -> Option<Self> {
        let bare = |title: &str| fold(title.split('(').next().unwrap_or_default());
        let cell = bare(cell);
        Self::ALL.into_iter().find(|column| {
            let title = column.title();
            cell == bare(&title.fr) || cell == bare(&title.en)
        })
    }
}

/// French spreadsheets take the semicolon for the usual separator, since the comma is in their numbers.
pub fn separator(lang: Lang) -> u8 {
    match lang {
        Lang::Fr => b';',
        Lang::En => b',',
    }
}

/// What names a question in the first column: `T8`, `T8/2` for its second revision, `O6@2016` where editions differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub criterion: CriterionId,
    revision: u32,
    edition: Option<String>,
}

impl Key {
    pub fn new(criterion: &Criterion, edition: &str) -> Self {
        let edition = (!criterion.carry).then(|| edition.to_owned());
        Self { criterion: criterion.id(), revision: criterion.revision, edition }
    }

    fn parse(text: &str) -> Option<Self> {
        let (text, edition) = text.split_once('@').map_or((text, None), |(text, edition)| (text, Some(edition.to_owned())));
        let (id, revision) = text.split_once('/').map_or((text, Some(1)), |(id, revision)| (id, revision.parse().ok()));
        Some(Self { criterion: id.parse().ok()?, revision: revision?, edition })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.criterion)?;
        if self.revision > 1 {
            write!(f, "/{}", self.revision)?;
        }
        self.edition.as_ref().map_or(Ok(()), |edition| write!(f, "@{edition}"))
    }
}

/// What makes a spreadsheet take a cell for a formula; and the apostrophe, which guards them.
fn is_active(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '\''])
}

/// A cell that a spreadsheet takes for text.
pub fn guarded(cell: &str) -> String {
    if is_active(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// The cell as it was before it was guarded.
fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_active(rest)).unwrap_or(cell)
}

/// The words of an answer, for whoever must choose one.
fn answers() -> Text {
    say!(fr: "respecté (ou oui), non respecté (ou non), sans objet", en: "met (or yes), unmet (or no), n/a")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::shipped;

    #[test]
    fn no_cell_is_a_formula_and_each_is_read_back() {
        for cell in ["=1+1", "+33 6", "-5", "@x", "\t=1", "＝1", "'quoted'", "''", "'", "'=1", "-", ""] {
            let guarded = guarded(cell);
            assert!(!guarded.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']), "{guarded}");
            assert_eq!(unguarded(&guarded), cell);
        }
        assert_eq!(guarded("l'été = chaud"), "l'été = chaud");
        assert_eq!(unguarded("'tis so"), "'tis so", "a person's own apostrophe");
    }

    #[test]
    fn a_column_is_known_by_its_title_in_both_languages() {
        for column in Column::ALL {
            let title = column.title();
            assert_eq!(Column::of_title(&title.fr), Some(column));
            assert_eq!(Column::of_title(&title.en.to_uppercase()), Some(column));
        }
        assert_eq!(Column::of_title("Reponse"), Some(Column::Answer));
        assert_eq!(Column::of_title(""), None);
    }

    #[test]
    fn a_key_is_read_back_as_written() {
        let id = |id: &str| shipped().criterion(id.parse().unwrap()).unwrap();
        assert_eq!(Key::new(id("T8"), "2023").to_string(), "T8");
        assert_eq!(Key::new(id("O6"), "2016").to_string(), "O6@2016");
        for text in ["T8", "T8/2", "O6@2016", "R9a/12@2023"] {
            assert_eq!(Key::parse(text).unwrap().to_string(), text);
        }
        for wrong in ["", "8", "T8/", "T8/x", "t8"] {
            assert_eq!(Key::parse(wrong), None, "{wrong}");
        }
    }
}

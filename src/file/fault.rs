//! A fault that a person can mend: where it is, what is wrong, what to do.

use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Element, Level, Origin, Renderer, Snippet};

use crate::text::{Lang, Text, is_unseen};

/// Where a fault stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub file: PathBuf,
    /// Line and column, from 1, and the bytes of the file that are at fault.
    spot: Option<Spot>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Spot {
    line: usize,
    column: usize,
    /// The faulty line alone, and the faulty bytes in it.
    text: String,
    span: Range<usize>,
}

impl Place {
    /// The file as a whole.
    pub fn file(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into(), spot: None }
    }

    /// `span` is in bytes of `text`.
    pub fn in_text(file: &Path, text: &str, span: Range<usize>) -> Self {
        let start = text.floor_char_boundary(span.start.min(text.len()));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = text.floor_char_boundary(span.end.clamp(start, line_end));
        Self {
            file: file.to_owned(),
            spot: Some(Spot {
                line: text[..start].matches('\n').count() + 1,
                column: text[line_start..start].chars().count() + 1,
                text: harmless(&text[line_start..line_end]),
                span: start - line_start..end - line_start,
            }),
        }
    }

    #[cfg(test)]
    pub fn line(&self) -> Option<usize> {
        self.spot.as_ref().map(|spot| spot.line)
    }

    #[cfg(test)]
    pub fn column(&self) -> Option<usize> {
        self.spot.as_ref().map(|spot| spot.column)
    }
}

/// Without control characters, of which the renderer lets some pass (U+0080 to U+009F), and without what is not seen; byte for byte, so that
/// the spans hold.
fn harmless(line: &str) -> String {
    let obeyed = |c: char| c.is_control() && c != '\t' || is_unseen(c);
    line.chars().map(|c| if obeyed(c) { "?".repeat(c.len_utf8()) } else { c.to_string() }).collect()
}

/// Something wrong that a person can mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Boxed: faults travel in results that are mostly fine.
    pub at: Option<Box<Place>>,
    pub what: Text,
    pub remedy: Text,
}

/// All the faults found; never empty.
pub type Faults = Vec<Fault>;

impl Fault {
    pub fn new(at: Place, what: Text, remedy: Text) -> Self {
        Self { at: Some(Box::new(at)), what, remedy }
    }

    /// A fault of the command line or of the machine, that no file holds.
    pub fn nowhere(what: Text, remedy: Text) -> Self {
        Self { at: None, what, remedy }
    }

    /// As a compiler would show it, with the faulty line.
    pub fn show(&self, lang: Lang, colour: bool) -> String {
        let error = match lang {
            // French puts a blank before the colon that follows.
            Lang::Fr => "erreur ",
            Lang::En => "error",
        };
        let help = match lang {
            Lang::Fr => "à faire ",
            Lang::En => "to do",
        };
        let (what, remedy) = (crate::text::clean(self.what.in_lang(lang)), crate::text::clean(self.remedy.in_lang(lang)));
        if self.at.is_none() {
            // Nothing to point at: two plain lines.
            return format!("{error}: {what}\n  {help}: {remedy}");
        }
        let path = self.at.as_ref().map(|at| at.file.display().to_string());
        let mut parts: Vec<Element<'_>> = Vec::new();
        match self.at.as_ref().map(|at| &at.spot) {
            Some(Some(spot)) => {
                let annotation = AnnotationKind::Primary.span(spot.span.clone());
                parts.push(Snippet::source(spot.text.as_str()).line_start(spot.line).path(path.as_deref()).annotation(annotation).into());
            }
            Some(None) => parts.push(Origin::path(path.as_deref().unwrap_or_default()).into()),
            None => {}
        }
        parts.push(Level::HELP.with_name(help).message(&remedy).into());
        let group = Level::ERROR.with_name(error).primary_title(&what).elements(parts);
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::say;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let text = "é = 1\nclé = 2\n";
        let place = Place::in_text(Path::new("x.toml"), text, 14..15);
        assert_eq!((place.line(), place.column()), (Some(2), Some(7)));
    }

    #[test]
    fn a_place_past_the_end_is_the_end() {
        let place = Place::in_text(Path::new("x.toml"), "a = 1", 40..50);
        assert_eq!((place.line(), place.column()), (Some(1), Some(6)));
    }

    #[test]
    fn a_fault_shows_its_line_and_what_to_do() {
        let place = Place::in_text(Path::new("a/hoster.toml"), "name = 3\n", 7..8);
        let fault = Fault::new(
            place,
            say!(fr: "un texte est attendu", en: "a text is expected"),
            say!(fr: "Écrire le nom.", en: "Write the name."),
        );
        let shown = fault.show(Lang::Fr, false);
        for part in ["erreur", "un texte est attendu", "a/hoster.toml:1:8", "name = 3", "à faire", "Écrire le nom."] {
            assert!(shown.contains(part), "{part} not in:\n{shown}");
        }
    }
}

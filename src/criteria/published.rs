//! The charter as it is published: Markdown, parsed into its commitments.

use std::sync::LazyLock;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::criterion::Level;
use super::fold::fold;
use super::id::Section;
use super::words::Words;

/// One commitment: a point of a list, or a paragraph of its own where a section has no list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commitment {
    /// The section under whose heading it stands.
    pub section: Option<Section>,
    /// What the nearest heading or introduction says of it, if it says anything.
    pub level: Option<Level>,
    /// Blanks folded.
    pub text: String,
}

/// More than this of a document is not a charter.
const MOST: usize = 500;

/// The points of every list, in the order of the document. Points that only lead to points under them are no commitments.
pub fn commitments(markdown: &str) -> Vec<Commitment> {
    let mut reader = Reader::default();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        reader.read(&event);
    }
    reader.found.truncate(MOST);
    reader.found
}

#[derive(Debug, Default)]
struct Reader {
    found: Vec<Commitment>,
    section: Option<Section>,
    level: Option<Level>,
    /// The points that are open, outermost first, each with its text so far.
    points: Vec<String>,
    /// The text of a heading or of a paragraph outside every list.
    title: Option<String>,
    in_heading: bool,
}

impl Reader {
    fn read(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::Heading { .. }) => (self.title, self.in_heading) = (Some(String::new()), true),
            Event::Start(Tag::Paragraph) if self.points.is_empty() => self.title = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                self.heading();
                self.in_heading = false;
            }
            Event::End(TagEnd::Paragraph) if self.points.is_empty() => self.introduction(),
            Event::Start(Tag::Item) => self.points.push(String::new()),
            Event::End(TagEnd::Item) => {
                let text = self.points.pop().unwrap_or_default();
                self.point(&text);
            }
            // What a list stands under introduces it: it is no commitment of its own.
            Event::Start(Tag::List(_)) => {
                if let Some(point) = self.points.last_mut() {
                    let introduction = std::mem::take(point);
                    self.level = told(&introduction).or(self.level);
                }
            }
            Event::Text(text) | Event::Code(text) => self.push(text),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph) => self.push(" "),
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(open) = self.points.last_mut().or(self.title.as_mut()) {
            open.push_str(text);
        }
    }

    fn heading(&mut self) {
        let title = fold(&self.title.take().unwrap_or_default());
        match section(&title) {
            // A new section begins without a level of its own.
            Some(section) => (self.section, self.level) = (Some(section), told(&title)),
            None => self.level = told(&title).or(self.level),
        }
    }

    fn introduction(&mut self) {
        if let Some(text) = self.title.take() {
            self.level = told(&text).or(self.level);
        }
    }

    fn point(&mut self, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            self.found.push(Commitment { section: self.section, level: self.level, text });
        }
    }
}

/// The word of each section, in French or in English.
static SECTIONS: LazyLock<[(Section, Words); 7]> = LazyLock::new(|| {
    [
        (Section::C, Words::new(["collectif", "collective", "preambule", "preamble"])),
        (Section::H, Words::new(["hebergeur*", "hosters", "hosting providers", "hosts"])),
        (Section::A, Words::new(["alternatif*", "alternative*"])),
        (Section::T, Words::new(["transparent*"])),
        (Section::O, Words::new(["ouvert*", "open"])),
        (Section::N, Words::new(["neutre*", "neutral"])),
        (Section::S, Words::new(["solidaire*", "solidarity", "supportive", "solidary"])),
    ]
});

static LEVELS: LazyLock<[(Level, Words); 2]> = LazyLock::new(|| {
    [
        (Level::Encouraged, Words::new(["encourage*", "recommande*", "souhaitable*", "encouraged", "recommended"])),
        (Level::Required, Words::new(["requis*", "obligatoire*", "imperatif*", "required", "mandatory"])),
    ]
});

/// The section that a heading names: by its own word.
fn section(heading: &str) -> Option<Section> {
    // The whole name of the collective spells all seven: such a heading names none.
    let named: Vec<Section> = SECTIONS.iter().filter(|(_, words)| words.is_in(heading)).map(|(section, _)| *section).collect();
    if let [section] = named[..] { Some(section) } else { None }
}

/// The level that a heading or an introduction tells.
fn told(text: &str) -> Option<Level> {
    let text = fold(text);
    LEVELS.iter().find(|(_, words)| words.is_in(&text)).map(|(level, _)| *level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stand_under_their_section_and_level() {
        let text = "# Charte du Collectif des Hébergeurs Alternatifs, Transparents, Ouverts, Neutres et Solidaires\n\n\
            - Présentation\n\n## Transparents\n\nCe que cela veut dire.\n\n### Critères requis\n\n- publier des **CGU** ;\n- tenir un journal\n  des incidents.\n\n\
            ### Critères recommandés\n\n- publier des statistiques.\n\n## Ouverts\n\n- Les logiciels :\n  - sont libres ;\n  - sont listés.\n";
        let found: Vec<_> = commitments(text).into_iter().map(|one| (one.section, one.level, one.text)).collect();
        let (required, encouraged) = (Some(Level::Required), Some(Level::Encouraged));
        let expected = [
            (None, None, "Présentation"),
            (Some(Section::T), required, "publier des CGU ;"),
            (Some(Section::T), required, "tenir un journal des incidents."),
            (Some(Section::T), encouraged, "publier des statistiques."),
            (Some(Section::O), None, "sont libres ;"),
            (Some(Section::O), None, "sont listés."),
        ];
        assert_eq!(found, expected.map(|(section, level, text)| (section, level, text.to_owned())));
    }

    #[test]
    fn no_text_makes_it_panic_and_none_is_no_charter() {
        for text in
            ["", "- ", "* * *", "- [ ] x\n\n  > y\n", "# Ouverts\n# Neutres", "- a\n    - b\n        - c\n- d", "\u{0}\u{202e}<ul><li>x"]
        {
            let _ = commitments(text);
        }
        assert!(commitments("Bonjour.\n\n# Recette\n\nDu sel.").is_empty());
        assert_eq!(commitments(&"- a\n".repeat(2_000)).len(), MOST);
        assert!(commitments(&"# a\n".repeat(100_000)).is_empty());
    }
}

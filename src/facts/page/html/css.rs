//! The addresses that a style sheet makes a browser fetch.

use crate::facts::{How, When};

/// An address of a style, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::facts) struct Found {
    pub(in crate::facts) address: String,
    pub(in crate::facts) how: How,
    /// [`When::Loading`] where every page that takes the style fetches it; [`When::Perhaps`] where it depends on what the page holds.
    pub(in crate::facts) when: When,
    /// `.hero`: the address is fetched where the page holds such an element. Nothing where it takes more to know.
    pub(in crate::facts) selector: Option<String>,
    pub(in crate::facts) written: String,
}

/// More addresses than this in one style are not read, nor more families of fonts.
const MOST: usize = 500;
const MOST_FAMILIES: usize = 200;
/// Of a longer selector or declaration, only the start is read.
const LONGEST_PART: usize = 2048;
/// More nested blocks than this are no style.
const DEEPEST: usize = 32;

/// What a style sheet or a `style` element names, in order.
pub(in crate::facts) fn of_sheet(style: &str) -> Vec<Found> {
    read(style, false)
}

/// What a `style` attribute names: its element is there, so all of it is fetched.
pub(super) fn of_attribute(style: &str) -> Vec<Found> {
    read(style, true)
}

fn read(style: &str, attribute: bool) -> Vec<Found> {
    let mut reader = Reader { attribute, ..Reader::default() };
    reader.read(style);
    reader.close();
    // `url(#gradient)` names a part of the page itself.
    reader.found.retain(|found| !found.address.is_empty() && !found.address.starts_with('#'));
    reader.found
}

#[derive(Default)]
struct Reader {
    attribute: bool,
    found: Vec<Found>,
    /// The preludes of the open blocks: `@media print`, `.hero`; and how many are open beyond them.
    open: Vec<String>,
    beyond: usize,
    /// What has been read since the last `;`, `{` or `}`, addresses as `url()`.
    part: String,
    /// A block has been seen: an `@import` after it counts for nothing (CSS Cascade, 2).
    blocks: bool,
    /// The fonts of the open `@font-face`, and its family.
    fonts: Vec<usize>,
    family: String,
    /// Families declared, each with its addresses, and all values that may name one.
    families: Vec<(String, Vec<usize>)>,
    named: String,
}

impl Reader {
    fn read(&mut self, style: &str) {
        let mut rest = style;
        while let Some(c) = rest.chars().next() {
            if let Some(comment) = rest.strip_prefix("/*") {
                rest = after(comment, "*/");
            } else if c == '"' || c == '\'' {
                let (string, next) = quoted(rest);
                self.string(string);
                rest = next;
            } else if let Some(address) =
                strip_word(rest, "url(").filter(|_| !self.part.ends_with(|c: char| c.is_alphanumeric() || c == '-'))
            {
                let (address, next) = parenthesised(address);
                self.address(address, &format!("url({})", short(address)));
                rest = next;
            } else {
                self.mark(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }

    fn mark(&mut self, c: char) {
        match c {
            ';' => self.declaration(),
            '{' => {
                self.blocks = true;
                let prelude = std::mem::take(&mut self.part).trim().to_ascii_lowercase();
                if self.open.len() < DEEPEST {
                    self.open.push(prelude);
                } else {
                    self.beyond += 1;
                }
            }
            '}' => {
                self.declaration();
                if self.beyond > 0 {
                    self.beyond -= 1;
                } else if self.open.pop().is_some_and(|prelude| prelude.starts_with("@font-face")) {
                    self.end_font();
                }
            }
            c if self.part.len() < LONGEST_PART => self.part.push(c),
            _ => {}
        }
    }

    fn string(&mut self, string: &str) {
        let before = self.part.trim().to_ascii_lowercase();
        let in_set = before.contains("image-set(") && before.ends_with(['(', ',']) && !before.ends_with("type(");
        if before == "@import" || in_set {
            self.address(string, &format!("\"{}\"", short(string)));
        } else {
            // Quotes are left out: a family may be written with or without.
            let room = LONGEST_PART.saturating_sub(self.part.len());
            self.part.push_str(&string[..string.floor_char_boundary(room)]);
        }
    }

    /// An address, and how it is written.
    fn address(&mut self, address: &str, form: &str) {
        if self.found.len() >= MOST {
            return;
        }
        let statement = self.part.trim_start().to_ascii_lowercase();
        if statement.starts_with("@namespace") {
            return;
        }
        let import = statement.starts_with("@import");
        if import && (self.blocks || self.attribute || statement.contains("url()")) {
            return;
        }
        let font = self.open.iter().any(|prelude| prelude.starts_with("@font-face"));
        let how = match (import, font) {
            (true, _) => How::Import,
            (_, true) => How::Font,
            _ => How::StyleUrl,
        };
        let (when, selector) = self.taken(how, &statement);
        let written = match how {
            How::Import => format!("@import {form}"),
            How::Font => format!("@font-face {{ src: {form} }}"),
            _ => format!("{} {form}", statement.split(['(', ' ']).next().unwrap_or_default()).trim_start().to_owned(),
        };
        if font {
            self.fonts.push(self.found.len());
        }
        self.found.push(Found { address: address.trim().to_owned(), how, when, selector, written });
        self.part.push_str("url()");
    }

    /// Whether whoever takes the style takes this address, or which elements must be there.
    fn taken(&self, how: How, statement: &str) -> (When, Option<String>) {
        match how {
            How::Import => (When::Loading, None),
            How::Font => (When::Perhaps, None),
            // A variable is fetched where it is used, and a pointer where it hovers.
            _ if statement.starts_with("--") || statement.starts_with("cursor") => (When::Perhaps, None),
            _ if self.attribute => (When::Loading, None),
            _ => match self.open.as_slice() {
                [selectors] if !selectors.starts_with('@') => {
                    let mut each = selectors.split(',').map(str::trim);
                    if each.clone().any(|one| matches!(one, "html" | "body" | "*" | ":root")) {
                        return (When::Loading, None);
                    }
                    let simple = |one: &&str| {
                        let name = one.trim_start_matches(['.', '#']);
                        one.len() <= name.len() + 1 && !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_".contains(c))
                    };
                    (When::Perhaps, each.find(simple).map(str::to_owned))
                }
                _ => (When::Perhaps, None),
            },
        }
    }

    /// The end of a declaration or of a statement.
    fn declaration(&mut self) {
        let part = std::mem::take(&mut self.part).to_ascii_lowercase();
        let may_precede = ["@charset", "@import", "@layer"].iter().any(|word| part.trim_start().starts_with(word));
        self.blocks |= !part.trim().is_empty() && !may_precede;
        let Some((property, value)) = part.split_once(':') else { return };
        let property = property.trim();
        if self.open.last().is_some_and(|prelude| prelude.starts_with("@font-face")) {
            if property == "font-family" {
                value.trim().clone_into(&mut self.family);
            }
        } else if property.starts_with("--") || matches!(property, "font" | "font-family") {
            self.named.push_str(value);
            self.named.push('\n');
        }
    }

    fn end_font(&mut self) {
        let family = std::mem::take(&mut self.family);
        let fonts = std::mem::take(&mut self.fonts);
        if !fonts.is_empty() && self.families.len() < MOST_FAMILIES {
            self.families.push((family, fonts));
        }
    }

    /// A font that no rule of the sheet names is perhaps never fetched.
    fn close(&mut self) {
        self.declaration();
        for (family, fonts) in &self.families {
            if !family.is_empty() && self.named.contains(family.as_str()) {
                for font in fonts {
                    self.found[*font].when = When::Loading;
                }
            }
        }
    }
}

/// As much of an address as is shown.
fn short(address: &str) -> String {
    address.chars().take(160).collect()
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let start = text.get(..word.len())?;
    start.eq_ignore_ascii_case(word).then(|| &text[word.len()..])
}

fn after<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or("", |(_, after)| after)
}

/// The string at the start of a text, and what follows it. A line end closes it too (CSS Syntax, 4.3.5).
fn quoted(text: &str) -> (&str, &str) {
    let (quote, inside) = text.split_at(1);
    let mut escaped = false;
    let end = inside.find(|c| {
        let ends = !escaped && (quote.starts_with(c) || c == '\n');
        escaped = !escaped && c == '\\';
        ends
    });
    end.map_or((inside, ""), |end| (&inside[..end], &inside[end + 1..]))
}

/// The address up to the closing parenthesis, and what follows.
fn parenthesised(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let (address, rest) = if text.starts_with(['"', '\'']) { quoted(text) } else { ("", text) };
    let end = rest.find(')');
    let (bare, next) = end.map_or((rest, ""), |end| (&rest[..end], &rest[end + 1..]));
    (if address.is_empty() { bare.trim() } else { address.trim() }, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(style: &str) -> Vec<String> {
        of_sheet(style).into_iter().map(|found| found.address).collect()
    }

    fn certain(style: &str) -> Vec<String> {
        of_sheet(style).into_iter().filter(|found| found.when == When::Loading).map(|found| found.address).collect()
    }

    #[test]
    fn urls_and_imports_are_found() {
        let style = "@import 'a.css'; @IMPORT url(b.css) screen; p { background: URL( \"c.png\" ) } @font-face { src: url(d.woff2) format('woff2'), url(e.woff) } q { background: image-set(\"f.avif\" type(\"image/avif\") 1x, 'g.png' 2x) }";
        assert_eq!(addresses(style), ["a.css", "b.css", "c.png", "d.woff2", "e.woff", "f.avif", "g.png"]);
    }

    #[test]
    fn comments_strings_namespaces_and_fragments_name_nothing() {
        let style = "/* url(a) */ @namespace svg url(http://www.w3.org/2000/svg); q { content: 'url(b)'; fill: url(#c) } @import; x { content: \"d\" } y { background: curl(z) }";
        assert!(addresses(style).is_empty(), "{:?}", addresses(style));
    }

    #[test]
    fn an_import_after_a_rule_counts_for_nothing() {
        assert_eq!(addresses("@charset 'utf-8'; @layer a, b; @import 'a.css';"), ["a.css"]);
        assert!(addresses("p { color: red } @import 'a.css';").is_empty());
        assert!(of_attribute("@import 'a.css'").is_empty());
    }

    #[test]
    fn only_what_every_page_takes_is_certain() {
        assert_eq!(certain("body { background: url(a) } .x { background: url(b) } @media print { body { background: url(c) } }"), ["a"]);
        assert_eq!(of_sheet("h1, .x { background: url(a) }")[0].selector.as_deref(), Some("h1"));
        assert_eq!(of_sheet(".x .y { background: url(a) }")[0].selector, None);
        assert!(certain("body { --picture: url(a); cursor: url(b) }").is_empty());
        assert_eq!(of_attribute("background:url(a)")[0].when, When::Loading);
    }

    #[test]
    fn a_font_is_certain_when_a_rule_names_it() {
        let face = "@font-face { font-family: 'My Font'; src: url(a.woff2) }";
        assert_eq!(certain(&format!("{face} body {{ font: 1em/2 \"My Font\", serif }}")), ["a.woff2"]);
        assert_eq!(certain(&format!("p {{ font-family: my font }} {face}")), ["a.woff2"]);
        assert!(certain(face).is_empty());
    }

    #[test]
    fn what_is_not_closed_ends() {
        assert_eq!(addresses("url(a"), ["a"]);
        assert_eq!(addresses("url('a"), ["a"]);
        assert!(addresses("@import").is_empty());
        assert!(addresses("/* url(a)").is_empty());
        assert!(addresses("url(é").len() == 1 && addresses("ur\u{e9}l(").is_empty());
        assert!(addresses(&"{".repeat(100_000)).is_empty());
    }
}

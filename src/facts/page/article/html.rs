//! The blocks of a page of HTML, read in one pass and linear time.

mod around;

use std::convert::Infallible;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};
use url::Url;

use super::block::{Block, Kind};
use super::builder::Builder;
use super::{Addresses, lasting_link};
use crate::facts::page::html::Tag;
use around::{is_around, is_main};

/// Elements whose content is no text to read, and comes as one string.
const RAW: [&str; 8] = ["iframe", "noembed", "noframe", "noscript", "script", "style", "textarea", "title"];

pub(super) fn read(url: &Url, html: &str) -> Vec<Block> {
    let mut reader = Reader {
        url,
        addresses: Addresses::new(url),
        blocks: Builder::default(),
        tag: None,
        raw: false,
        templates: 0,
        around: None,
        main: None,
        lists: Vec::new(),
        tables: 0,
        pre: 0,
    };
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
        reader.event(&event);
        None
    });
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
    reader.blocks.into_blocks()
}

/// An element of any name, until its own end tag.
struct Region {
    name: String,
    depth: usize,
}

impl Region {
    fn open(name: &str) -> Self {
        Self { name: name.to_owned(), depth: 1 }
    }
}

struct Reader<'u> {
    url: &'u Url,
    addresses: Addresses,
    blocks: Builder,
    tag: Option<Tag>,
    /// In an element whose content is no text.
    raw: bool,
    templates: usize,
    /// A menu, a banner, a footer.
    around: Option<Region>,
    main: Option<Region>,
    /// For each list that is open, whether it is numbered.
    lists: Vec<bool>,
    tables: usize,
    pre: usize,
}

impl Reader<'_> {
    fn event(&mut self, event: &CallbackEvent<'_>) {
        match event {
            CallbackEvent::OpenStartTag { name } => self.tag = Some(Tag::new(name)),
            CallbackEvent::AttributeName { name } => self.tag.iter_mut().for_each(|tag| tag.attribute(name)),
            CallbackEvent::AttributeValue { value } => self.tag.iter_mut().for_each(|tag| tag.value(value)),
            CallbackEvent::CloseStartTag { self_closing } => {
                if let Some(tag) = self.tag.take() {
                    self.start(&tag, *self_closing);
                }
            }
            CallbackEvent::EndTag { name } => self.end(&String::from_utf8_lossy(name)),
            CallbackEvent::String { value } if !self.raw && self.templates == 0 => self.text(&String::from_utf8_lossy(value)),
            _ => {}
        }
    }

    fn text(&mut self, words: &str) {
        if self.pre == 0 {
            return self.blocks.text(words);
        }
        for (n, line) in words.split('\n').enumerate() {
            if n > 0 {
                self.blocks.line();
            }
            self.blocks.text(line);
        }
    }

    fn start(&mut self, tag: &Tag, self_closing: bool) {
        let name = tag.name.as_str();
        if RAW.contains(&name) {
            self.raw = true;
        }
        if name == "template" {
            self.templates += 1;
        }
        if self.templates > 0 {
            return;
        }
        self.lay_out(name);
        if !self_closing && !is_void(name) {
            self.regions(tag);
        }
        self.element(tag);
    }

    fn regions(&mut self, tag: &Tag) {
        let depth = |region: &mut Option<Region>| {
            if let Some(region) = region.as_mut().filter(|region| region.name == tag.name) {
                region.depth += 1;
            }
        };
        depth(&mut self.around);
        depth(&mut self.main);
        if self.main.is_none() && is_main(tag) {
            self.blocks.next(None);
            self.main = Some(Region::open(&tag.name));
            self.blocks.main = true;
        }
        if self.around.is_none() && is_around(tag, self.main.is_some()) {
            self.blocks.next(None);
            self.around = Some(Region::open(&tag.name));
            self.blocks.aside = true;
        }
    }

    fn end(&mut self, name: &str) {
        self.raw = false;
        if name == "template" {
            self.templates = self.templates.saturating_sub(1);
        }
        if self.templates > 0 {
            return;
        }
        self.lay_out(name);
        match name {
            "a" => self.blocks.open_link(None),
            "ul" | "ol" | "menu" | "dir" => {
                self.lists.pop();
                self.blocks.depth = self.lists.len();
            }
            "tr" | "table" => {
                self.blocks.next(None);
                self.blocks.row = None;
            }
            "pre" => self.pre = self.pre.saturating_sub(1),
            _ => {}
        }
        let closed = |region: &mut Option<Region>| {
            let Some(open) = region.as_mut().filter(|open| open.name == name) else { return false };
            open.depth -= 1;
            let closed = open.depth == 0;
            if closed {
                *region = None;
            }
            closed
        };
        if closed(&mut self.around) {
            self.blocks.next(None);
            self.blocks.aside = false;
        }
        if closed(&mut self.main) {
            self.blocks.next(None);
            self.blocks.main = false;
        }
    }

    /// What an element makes of the block before it; in the cell of a table, a gap.
    fn lay_out(&mut self, name: &str) {
        match name {
            "br" => self.blocks.line(),
            "button" | "select" | "input" | "textarea" => self.blocks.gap(),
            "td" | "th" => {}
            // A table that holds lists, headings or tables is there for the eye.
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "li" | "table" | "pre" if self.blocks.row.is_some() => {
                self.blocks.row = None;
                self.blocks.next(None);
            }
            name if is_block(name) && self.blocks.row.is_some() && name != "tr" => self.blocks.gap(),
            name if is_block(name) => self.blocks.next(None),
            _ => {}
        }
    }

    fn element(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "base" => tag.get("href").into_iter().for_each(|href| self.addresses.rebase(href)),
            "a" => {
                let url = tag.get("href").and_then(|href| self.addresses.link(href));
                self.blocks.open_link(url.and_then(|url| lasting_link(self.url, &url)));
            }
            name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => self.blocks.next(Some(Kind::Heading(name.as_bytes()[1] - b'0'))),
            "dt" | "summary" | "caption" => self.blocks.next(Some(Kind::Term)),
            "ul" | "ol" | "menu" | "dir" => {
                self.lists.push(tag.name == "ol");
                self.blocks.depth = self.lists.len();
            }
            "li" => {
                let numbered = self.lists.last().copied().unwrap_or(false);
                self.blocks.next(Some(Kind::Item { depth: self.lists.len().max(1), numbered }));
            }
            "table" => self.tables += 1,
            "tr" => {
                self.blocks.row = Some(self.tables);
                self.blocks.next(Some(Kind::Row { table: self.tables }));
            }
            "td" | "th" => match self.blocks.row {
                Some(_) => self.blocks.cell(),
                None => self.blocks.next(None),
            },
            "pre" => self.pre += 1,
            _ => {}
        }
    }
}

fn is_void(name: &str) -> bool {
    matches!(name, "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "source" | "track" | "wbr")
}

#[rustfmt::skip] // a word list
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address" | "article" | "aside" | "blockquote" | "body" | "caption" | "center" | "dd" | "details" | "dialog" | "div" | "dl" | "dt"
            | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "header" | "hgroup" | "hr"
            | "legend" | "li" | "main" | "menu" | "nav" | "ol" | "optgroup" | "option" | "p" | "pre" | "section" | "summary" | "table" | "tbody"
            | "tfoot" | "thead" | "tr" | "ul"
    )
}

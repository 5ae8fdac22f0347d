//! The blocks of a document written in Markdown.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use url::Url;

use super::block::{Block, Kind};
use super::builder::Builder;
use super::{Addresses, lasting_link};

pub(super) fn read(url: &Url, markdown: &str) -> Vec<Block> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader { url, addresses: Addresses::new(url), blocks: Builder::default(), lists: Vec::new(), tables: 0, skipping: 0 };
    for event in Parser::new_ext(markdown, options) {
        reader.event(event);
    }
    reader.blocks.into_blocks()
}

struct Reader<'u> {
    url: &'u Url,
    addresses: Addresses,
    blocks: Builder,
    lists: Vec<bool>,
    tables: usize,
    /// In metadata, or in the words of a picture.
    skipping: usize,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(words) | Event::Code(words) if self.skipping == 0 => self.blocks.text(&words),
            Event::SoftBreak => self.blocks.gap(),
            Event::HardBreak => self.blocks.line(),
            Event::Rule => self.blocks.next(None),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::MetadataBlock(_) | Tag::Image { .. } => self.skipping += 1,
            Tag::Link { dest_url, .. } => {
                let url = self.addresses.link(&dest_url).and_then(|url| lasting_link(self.url, &url));
                self.blocks.open_link(url);
            }
            Tag::Heading { level, .. } => self.blocks.next(Some(Kind::Heading(depth(level)))),
            Tag::List(first) => {
                self.blocks.next(None);
                self.lists.push(first.is_some());
                self.blocks.depth = self.lists.len();
            }
            Tag::Item => {
                let numbered = self.lists.last().copied().unwrap_or(false);
                self.blocks.next(Some(Kind::Item { depth: self.lists.len().max(1), numbered }));
            }
            Tag::Table(_) => self.tables += 1,
            Tag::TableHead | Tag::TableRow => {
                self.blocks.row = Some(self.tables);
                self.blocks.next(Some(Kind::Row { table: self.tables }));
            }
            Tag::TableCell => self.blocks.cell(),
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {}
            _ => self.blocks.next(None),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::MetadataBlock(_) | TagEnd::Image => self.skipping = self.skipping.saturating_sub(1),
            TagEnd::Link => self.blocks.open_link(None),
            TagEnd::List(_) => {
                self.blocks.next(None);
                self.lists.pop();
                self.blocks.depth = self.lists.len();
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                self.blocks.next(None);
                self.blocks.row = None;
            }
            TagEnd::TableCell | TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {}
            _ => self.blocks.next(None),
        }
    }
}

fn depth(level: HeadingLevel) -> u8 {
    level as u8
}

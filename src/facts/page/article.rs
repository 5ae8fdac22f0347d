//! A page as a careful reader reads it: headings, paragraphs, lists and tables, what is around the text put aside.

mod block;
mod builder;
mod html;
mod markdown;
#[cfg(test)]
mod tests;
mod volatile;
mod write;

use url::Url;

use super::Exchange;
use super::html::Addresses;
use block::{Block, Kind};

/// What a page says, in its order.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Article {
    title: Option<String>,
    blocks: Vec<Block>,
}

/// A heading and what stands under it, to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    pub heading: Option<String>,
    /// As in [`super::Page::text`]: blanks folded, a line per block; without the heading.
    pub text: String,
}

/// Text shorter than this cannot be all that a page is about, in characters.
const LITTLE: usize = 200;

impl Article {
    /// Reads the body of an exchange: HTML, Markdown, or any text.
    pub fn read(exchange: &Exchange) -> Self {
        let page = exchange.page();
        let blocks = match exchange.media_type().as_deref() {
            Some("text/html" | "application/xhtml+xml") => html::read(exchange.url(), exchange.text()),
            None if exchange.text().trim_start().starts_with('<') => html::read(exchange.url(), exchange.text()),
            Some("text/markdown" | "text/x-markdown") => markdown::read(exchange.url(), exchange.text()),
            _ => builder::of_lines(&page.text),
        };
        Self { title: page.title.clone(), blocks: sorted_out(blocks) }
    }

    /// The passages of the text, then those of menus, banners and footers.
    pub fn passages(&self) -> Vec<Passage> {
        let (kept, others): (Vec<_>, Vec<_>) = self.runs().into_iter().partition(|(kept, _)| *kept);
        kept.into_iter().chain(others).map(|(_, passage)| passage).collect()
    }

    /// Runs of blocks of one kind under one heading, in the order of the page.
    fn runs(&self) -> Vec<(bool, Passage)> {
        let mut runs: Vec<(bool, Passage)> = Vec::new();
        for block in &self.blocks {
            let heading = block.names().then(|| block.text.replace('\n', " "));
            match runs.last_mut() {
                Some((kept, passage)) if heading.is_none() && *kept == block.kept => {
                    if !passage.text.is_empty() {
                        passage.text.push('\n');
                    }
                    passage.text.push_str(&block.text);
                }
                _ => {
                    let text = if heading.is_some() { String::new() } else { block.text.clone() };
                    runs.push((block.kept, Passage { heading, text }));
                }
            }
        }
        runs
    }

    /// The text alone, for people who compare: no address, nothing that changes from visit to visit.
    pub fn words(&self) -> String {
        self.lasting().map(|block| block.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// Inert Markdown: a sentence a line, nothing that changes from visit to visit.
    pub fn markdown(&self) -> String {
        let blocks: Vec<&Block> = self.lasting().collect();
        let titled = blocks.iter().any(|block| block.kind == Kind::Heading(1));
        write::markdown(self.title.as_deref().filter(|_| !titled), &blocks)
    }

    fn lasting(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(|block| block.kept && !volatile::is_volatile(&block.text))
    }
}

/// Keeps the main part of the page where there is one, else all but what is around it, else all.
fn sorted_out(mut blocks: Vec<Block>) -> Vec<Block> {
    let size = |kept: fn(&Block) -> bool| blocks.iter().filter(|block| kept(block)).map(|block| block.text.chars().count()).sum::<usize>();
    let inside: fn(&Block) -> bool = |block| block.kept && block.main;
    let outside: fn(&Block) -> bool = |block| block.kept;
    let all: fn(&Block) -> bool = |_| true;
    let enough = |kept: fn(&Block) -> bool, of: usize| size(kept) >= LITTLE || size(kept) * 2 >= of && size(kept) > 0;
    let kept = if enough(inside, size(outside)) {
        inside
    } else if enough(outside, size(all)) {
        outside
    } else {
        all
    };
    for block in &mut blocks {
        block.kept = kept(block);
    }
    blocks
}

/// The address of a link, if it is one to keep: without the marks of a visit, and not one to the page itself.
fn lasting_link(page: &Url, address: &str) -> Option<String> {
    let mut url = Url::parse(address).ok()?;
    match url.scheme() {
        "mailto" => url.set_query(None),
        "http" | "https" => {
            let (mut here, mut there) = (page.clone(), url.clone());
            here.set_fragment(None);
            there.set_fragment(None);
            if here == there || url.path().contains("/cdn-cgi/") || !url.username().is_empty() {
                return None;
            }
            let pairs: Vec<(String, String)> =
                url.query_pairs().filter(|(key, _)| !is_of_a_visit(key)).map(|(k, v)| (k.into(), v.into())).collect();
            if pairs.len() < url.query_pairs().count() {
                url.set_query(None);
                if !pairs.is_empty() {
                    url.query_pairs_mut().extend_pairs(pairs);
                }
            }
        }
        _ => return None,
    }
    Some(String::from(url)).filter(|url| url.len() <= LONGEST_LINK)
}

/// A longer address holds more than a place.
const LONGEST_LINK: usize = 400;

/// Whether a key of a query names a session, a one-time sign or a campaign.
fn is_of_a_visit(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let parts = ["token", "csrf", "nonce", "sess", "sectok", "utm_", "fbclid", "gclid", "_wpnonce", "timestamp"];
    key == "sid" || key == "ts" || parts.iter().any(|part| key.contains(part))
}

//! What a page makes a browser contact.

use std::collections::BTreeSet;

use url::Url;

use super::address::{Addresses, of_srcset};
use super::tag::Tag;
use super::{MOST, css, named};
use crate::facts::{Call, How, Resource, ResourceKind, When};

/// What a `link` is to a browser that acts upon it by itself.
#[rustfmt::skip] // a word list
const LINKS: [(&str, How); 12] = [
    ("stylesheet", How::Style), ("icon", How::Icon), ("apple-touch-icon", How::Icon), ("apple-touch-icon-precomposed", How::Icon),
    ("mask-icon", How::Icon), ("manifest", How::Manifest), ("preload", How::Preload), ("modulepreload", How::Preload),
    ("prefetch", How::Prefetch), ("prerender", How::Prefetch), ("preconnect", How::Connect), ("dns-prefetch", How::Connect),
];

/// Attributes in which scripts keep an address for later.
const KEPT_FOR_LATER: [&str; 4] = ["data-src", "data-srcset", "data-bg", "data-background"];

/// Calls in the order of appearance, each once.
#[derive(Debug)]
pub(super) struct Resources {
    page: Url,
    list: Vec<Call>,
    seen: BTreeSet<(Url, How, When)>,
    /// Addresses of styles that are fetched where the page holds such an element: the place in the list, and `.hero`.
    styled: Vec<(usize, String)>,
    /// `h1`, `.hero`, `#top`: what the page holds.
    marks: BTreeSet<String>,
    /// Inside an `audio` or `video` that loads nothing before it is played.
    waits: bool,
    without_scripts: bool,
}

/// What a `link` element with these words asks of a browser.
pub(super) fn how_linked(rel: &[String]) -> Option<How> {
    LINKS.iter().find(|(word, _)| rel.iter().any(|known| known == word)).map(|(_, how)| *how)
}

impl Resources {
    pub(super) fn new(page: &Url) -> Self {
        let (list, seen) = (Vec::new(), BTreeSet::new());
        Self { page: page.clone(), list, seen, styled: Vec::new(), marks: BTreeSet::new(), waits: false, without_scripts: false }
    }

    /// In a `noscript`, only browsers without scripts look.
    pub(super) fn without_scripts(&mut self, without: bool) {
        self.without_scripts = without;
    }

    /// Reads a start tag.
    pub(super) fn read(&mut self, tag: &Tag, addresses: &Addresses, in_svg: bool) {
        self.mark(tag);
        if let Some(style) = tag.get("style") {
            self.take_style(css::of_attribute(style), addresses);
        }
        match tag.name.as_str() {
            "link" => self.link(tag, addresses),
            "image" if in_svg => self.add(How::Drawing, tag, &["href", "xlink:href"], addresses),
            "img" | "image" => self.add(How::Image, tag, &["src"], addresses),
            "feimage" => self.add(How::Drawing, tag, &["href", "xlink:href"], addresses),
            "source" => self.media(tag, addresses, &["src"]),
            "iframe" if tag.get("srcdoc").is_some() => {}
            "iframe" | "frame" => self.add(How::Frame, tag, &["src"], addresses),
            "audio" | "video" => {
                self.waits = tag.is("preload", &["none"]) && tag.get("autoplay").is_none();
                self.media(tag, addresses, &["src"]);
                self.add(How::Image, tag, &["poster"], addresses);
            }
            "track" if tag.get("default").is_some() => self.add(How::Media, tag, &["src"], addresses),
            "track" => self.add_when(How::Media, When::Acting, tag, &["src"], addresses),
            "embed" => self.add(How::Object, tag, &["src"], addresses),
            "object" => self.add(How::Object, tag, &["data"], addresses),
            "input" if tag.is("type", &["image"]) => self.add(How::Image, tag, &["src"], addresses),
            "form" => self.add_when(How::Form, When::Acting, tag, &["action"], addresses),
            "a" | "area" => self.ping(tag, addresses),
            "body" | "table" | "tr" | "td" | "th" => self.add(How::Image, tag, &["background"], addresses),
            "meta" => self.refresh(tag, addresses),
            _ => {}
        }
        if matches!(tag.name.as_str(), "input" | "button") {
            self.add_when(How::Form, When::Acting, tag, &["formaction"], addresses);
        }
        for name in KEPT_FOR_LATER {
            let found = tag.filled(name).map(of_srcset).unwrap_or_default();
            let absolute = found.into_iter().filter(|address| address.starts_with("//") || address.contains("://"));
            self.push(How::Data, When::Perhaps, absolute, addresses, &written(tag, name));
        }
    }

    pub(super) fn end(&mut self, name: &str) {
        if matches!(name, "audio" | "video") {
            self.waits = false;
        }
    }

    /// What a frame written in the page calls.
    pub(super) fn adopt(&mut self, calls: Vec<Call>) {
        for call in calls {
            let when = if self.without_scripts && call.when == When::Loading { When::WithoutScripts } else { call.when };
            if self.list.len() < MOST && self.seen.insert((call.url.clone(), call.how, when)) {
                self.list.push(Call { page: self.page.clone(), when, ..call });
            }
        }
    }

    /// A program: its own address, or the hosts that it names.
    pub(super) fn script(&mut self, tag: &Tag, content: &str, addresses: &Addresses) {
        // Browsers of today leave out what is for those that know no modules.
        let when = if tag.get("nomodule").is_some() { When::Perhaps } else { When::Loading };
        let attributes = ["src", "href", "xlink:href"];
        match attributes.into_iter().find(|name| tag.filled(name).is_some()) {
            Some(name) => self.add_when(How::Script, when, tag, &[name], addresses),
            None => self.named(How::Program, content, addresses),
        }
    }

    /// Data for a program.
    pub(super) fn data(&mut self, kind: &str, content: &str, addresses: &Addresses) {
        match kind {
            "importmap" => self.named(How::ImportMap, content, addresses),
            "speculationrules" => self.named(How::Prefetch, content, addresses),
            // What is written for search engines is fetched by nobody.
            "application/ld+json" => {}
            kind if kind.ends_with("json") => self.named(How::Data, content, addresses),
            _ => {}
        }
    }

    pub(super) fn style(&mut self, style: &str, addresses: &Addresses) {
        self.take_style(css::of_sheet(style), addresses);
    }

    /// Calls of the page, and the same as resources.
    pub(super) fn into_lists(mut self) -> (Vec<Call>, Vec<Resource>, BTreeSet<String>) {
        for (at, selector) in &self.styled {
            if self.marks.contains(selector) {
                self.list[*at].when = When::Loading;
            }
        }
        let mut resources: Vec<Resource> = Vec::new();
        let mut known = BTreeSet::new();
        for resource in self.list.iter().filter_map(resource) {
            if known.insert(resource.clone()) {
                resources.push(resource);
            }
        }
        (self.list, resources, self.marks)
    }

    fn named(&mut self, how: How, content: &str, addresses: &Addresses) {
        for (address, written) in named::hosts(content) {
            self.push(how, When::Perhaps, [address.as_str()], addresses, &written);
        }
    }

    fn take_style(&mut self, found: Vec<css::Found>, addresses: &Addresses) {
        for found in found {
            let at = self.list.len();
            self.push(found.how, found.when, [found.address.as_str()], addresses, &found.written);
            if let (Some(selector), true) = (found.selector, self.list.len() > at) {
                self.styled.push((at, selector));
            }
        }
    }

    fn mark(&mut self, tag: &Tag) {
        if self.marks.len() >= MOST {
            return;
        }
        self.marks.insert(tag.name.clone());
        self.marks.extend(tag.filled("id").map(|id| format!("#{}", id.to_ascii_lowercase())));
        self.marks.extend(tag.words("class").into_iter().take(50).map(|class| format!(".{class}")));
    }

    fn link(&mut self, tag: &Tag, addresses: &Addresses) {
        let rel = tag.words("rel");
        let Some(how) = how_linked(&rel) else { return };
        // To look a name up tells the name server, and nothing to the host itself.
        let only_looked_up = how == How::Connect && !rel.iter().any(|word| word == "preconnect");
        let disabled = how == How::Style && tag.get("disabled").is_some();
        let when = if only_looked_up || disabled { When::Perhaps } else { When::Loading };
        self.add_when(how, when, tag, &["href"], addresses);
        let pictures = tag.get("imagesrcset").map(of_srcset).unwrap_or_default();
        self.push(How::Preload, When::Loading, pictures, addresses, &written(tag, "imagesrcset"));
    }

    fn media(&mut self, tag: &Tag, addresses: &Addresses, attributes: &[&str]) {
        let when = if self.waits { When::Acting } else { When::Loading };
        self.add_when(How::Media, when, tag, attributes, addresses);
    }

    fn ping(&mut self, tag: &Tag, addresses: &Addresses) {
        let targets: Vec<&str> = tag.get("ping").unwrap_or_default().split_ascii_whitespace().take(20).collect();
        self.push(How::Ping, When::Acting, targets, addresses, &written(tag, "ping"));
    }

    fn refresh(&mut self, tag: &Tag, addresses: &Addresses) {
        if tag.is("http-equiv", &["refresh"])
            && let Some(target) = tag.get("content").and_then(refresh_target)
        {
            self.push(How::Refresh, When::Loading, [target], addresses, &written(tag, "content"));
        }
    }

    fn add(&mut self, how: How, tag: &Tag, attributes: &[&str], addresses: &Addresses) {
        self.add_when(how, When::Loading, tag, attributes, addresses);
    }

    /// What some attributes of an element name; a `srcset` is always pictures.
    fn add_when(&mut self, how: How, when: When, tag: &Tag, attributes: &[&str], addresses: &Addresses) {
        for name in attributes {
            self.push(how, when, tag.filled(name), addresses, &written(tag, name));
        }
        if matches!(tag.name.as_str(), "img" | "source") {
            let pictures = tag.get("srcset").map(of_srcset).unwrap_or_default();
            self.push(How::Image, When::Loading, pictures, addresses, &written(tag, "srcset"));
        }
    }

    fn push<'a>(&mut self, how: How, when: When, found: impl IntoIterator<Item = &'a str>, addresses: &Addresses, written: &str) {
        let when = if self.without_scripts && when == When::Loading { When::WithoutScripts } else { when };
        for url in found.into_iter().filter_map(|address| addresses.resource(address)) {
            if self.list.len() < MOST && self.seen.insert((url.clone(), how, when)) {
                let (page, written) = (self.page.clone(), Some(written.to_owned()));
                self.list.push(Call { url, how, page, via: Vec::new(), when, written });
            }
        }
    }
}

/// The address of `0; url=https://…` (HTML, 4.2.5.3).
pub(in crate::facts::page) fn refresh_target(content: &str) -> Option<&str> {
    let (_, rest) = content.split_once([';', ','])?;
    let rest = rest.trim();
    let bare = match rest.get(..3) {
        Some(word) if word.eq_ignore_ascii_case("url") => rest[3..].trim_start().strip_prefix('=').map_or(rest, str::trim_start),
        _ => rest,
    };
    let bare = match bare.chars().next() {
        Some(quote @ ('"' | '\'')) => bare[1..].split(quote).next().unwrap_or_default(),
        _ => bare,
    };
    Some(bare).filter(|bare| !bare.is_empty())
}

/// `<img src="…">`: enough to find it again in the file.
fn written(tag: &Tag, attribute: &str) -> String {
    let value: String = tag.filled(attribute).unwrap_or_default().chars().take(160).collect();
    let rel = tag.filled("rel").filter(|_| tag.name == "link").map(|rel| format!(" rel=\"{rel}\"")).unwrap_or_default();
    format!("<{}{rel} {attribute}=\"{value}\">", tag.name)
}

/// The same as a resource: what a browser fetches by itself.
fn resource(call: &Call) -> Option<Resource> {
    let kind = match call.how {
        How::Script => ResourceKind::Script,
        How::Style => ResourceKind::Style,
        How::Image | How::Drawing => ResourceKind::Image,
        How::Frame => ResourceKind::Frame,
        How::Media | How::Object => ResourceKind::Media,
        How::Import | How::Font | How::StyleUrl => ResourceKind::InlineStyle,
        How::Icon | How::Manifest | How::Connect | How::Preload => ResourceKind::Hint,
        How::Prefetch if call.when != When::Perhaps => ResourceKind::Hint,
        _ => return None,
    };
    Some(Resource { url: call.url.clone(), kind })
}

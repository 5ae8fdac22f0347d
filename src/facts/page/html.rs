//! Reads a page of HTML, however broken or hostile, in one pass and linear time.

mod address;
mod controls;
mod css;
mod fold;
mod named;
mod programs;
mod resources;
mod safety;
mod sheet;
mod tag;
#[cfg(test)]
mod tests;

use std::convert::Infallible;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};
use url::Url;

use super::{Link, Page};
pub(super) use address::Addresses;
use controls::Controls;
pub(in crate::facts) use css::{Found, of_sheet};
pub(super) use fold::{Blank, Folded};
pub(super) use resources::refresh_target;
use resources::{Resources, how_linked};
use safety::Safety;
pub(super) use sheet::style_calls;
pub(super) use tag::Tag;

/// A page with more links, or more of anything else, is no page for people; the rest of them is not read.
pub(super) const MOST: usize = 10_000;

/// Elements whose content is not markup for the tokenizer: it comes as one string.
const RAW: [&str; 8] = ["iframe", "noembed", "noframe", "noscript", "script", "style", "textarea", "title"];

/// Values of `rel` by which a `link` element names a document of the site: no visitor sees it, but it is a way to find one.
const DOCUMENTS: [&str; 9] = ["about", "author", "contact", "copyright", "help", "license", "me", "privacy-policy", "terms-of-service"];

pub(super) fn read(url: &Url, html: &str) -> Page {
    let mut reader = Reader::new(url);
    reader.tokenise(html);
    reader.into_page()
}

/// A frame in a frame in a frame is not read.
const DEEPEST_FRAME: usize = 2;

/// What has been read so far.
struct Reader {
    page: Page,
    addresses: Addresses,
    text: Folded,
    /// The start tag that is being read.
    tag: Option<Tag>,
    raw: Option<Raw>,
    link: Option<OpenLink>,
    heading: Option<Folded>,
    footer: Option<Region>,
    templates: usize,
    svgs: usize,
    in_noscript: bool,
    /// How many frames written in place (`srcdoc`) this one stands in.
    frames: usize,
    controls: Controls,
    resources: Resources,
    safety: Safety,
}

/// An element whose content is not markup.
struct Raw {
    tag: Tag,
    content: String,
}

/// A link whose end has not been read.
struct OpenLink {
    link: Link,
    text: Folded,
    /// Names that are not shown, said after the text.
    titles: Vec<String>,
}

/// An element of any name, until its own end tag.
struct Region {
    name: String,
    depth: usize,
}

impl Reader {
    fn new(url: &Url) -> Self {
        Self {
            page: Page::default(),
            addresses: Addresses::new(url),
            text: Folded::default(),
            tag: None,
            raw: None,
            link: None,
            heading: None,
            footer: None,
            templates: 0,
            svgs: 0,
            in_noscript: false,
            frames: 0,
            controls: Controls::default(),
            resources: Resources::new(url),
            safety: Safety::default(),
        }
    }

    fn tokenise(&mut self, html: &str) {
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
            self.event(&event);
            None
        });
        emitter.naively_switch_states(true);
        let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
        self.tag = None;
        self.close_raw();
    }

    fn event(&mut self, event: &CallbackEvent<'_>) {
        match event {
            CallbackEvent::OpenStartTag { name } => self.tag = Some(Tag::new(name)),
            CallbackEvent::AttributeName { name } => self.tag.iter_mut().for_each(|tag| tag.attribute(name)),
            CallbackEvent::AttributeValue { value } => self.tag.iter_mut().for_each(|tag| tag.value(value)),
            CallbackEvent::CloseStartTag { self_closing } => {
                if let Some(tag) = self.tag.take() {
                    self.start(tag, *self_closing);
                }
            }
            CallbackEvent::EndTag { name } => self.end(&String::from_utf8_lossy(name)),
            CallbackEvent::String { value } => self.characters(&String::from_utf8_lossy(value)),
            _ => {}
        }
    }

    fn characters(&mut self, characters: &str) {
        if let Some(raw) = &mut self.raw {
            raw.content.push_str(characters);
        } else if self.templates == 0 {
            self.text.push(characters);
            self.name(|text| text.push(characters));
        }
    }

    /// Adds to the link and to the heading that are open.
    fn name(&mut self, add: impl Fn(&mut Folded)) {
        self.link.iter_mut().for_each(|link| add(&mut link.text));
        self.heading.iter_mut().for_each(&add);
    }

    fn start(&mut self, tag: Tag, self_closing: bool) {
        if tag.name == "template" {
            self.templates += 1;
        }
        if self.templates == 0 {
            self.lay_out(&tag.name);
            self.region(&tag);
            self.element(&tag, self_closing);
            self.resources.read(&tag, &self.addresses, self.svgs > 0);
            self.safety.add(&tag, &self.addresses);
        }
        if RAW.contains(&tag.name.as_str()) {
            self.raw = Some(Raw { tag, content: String::new() });
        }
    }

    fn end(&mut self, name: &str) {
        self.close_raw();
        if name == "template" {
            self.templates = self.templates.saturating_sub(1);
        }
        if self.templates > 0 {
            return;
        }
        self.lay_out(name);
        self.resources.end(name);
        match name {
            "a" => self.close_link(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.close_heading(),
            "label" => self.controls.close_label(),
            "svg" => self.svgs = self.svgs.saturating_sub(1),
            _ => {}
        }
        if let Some(footer) = self.footer.as_mut().filter(|footer| footer.name == name) {
            footer.depth -= 1;
            if footer.depth == 0 {
                self.footer = None;
            }
        }
    }

    /// The blank that an element makes around itself.
    fn lay_out(&mut self, name: &str) {
        match name {
            "td" | "th" | "button" | "select" | "input" | "textarea" => self.text.gap(),
            name if is_block(name) => self.text.line(),
            _ => return,
        }
        self.name(Folded::gap);
    }

    fn region(&mut self, tag: &Tag) {
        match &mut self.footer {
            Some(footer) if footer.name == tag.name => footer.depth += 1,
            None if tag.name == "footer" || tag.is("role", &["contentinfo"]) => {
                self.footer = Some(Region { name: tag.name.clone(), depth: 1 });
            }
            _ => {}
        }
    }

    fn element(&mut self, tag: &Tag, self_closing: bool) {
        match tag.name.as_str() {
            "html" => self.html(tag),
            "base" => tag.filled("href").into_iter().for_each(|href| self.addresses.rebase(href)),
            "meta" => self.meta(tag),
            "a" => self.open_link(tag),
            "area" => self.area(tag),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.close_heading();
                self.heading = Some(Folded::default());
            }
            "link" => self.link_element(tag),
            "img" => self.picture(tag),
            "input" | "select" | "textarea" => {
                self.page.asks_password |= tag.name == "input" && tag.is("type", &["password"]);
                self.controls.add(tag);
            }
            "iframe" => self.frame(tag),
            "label" => self.controls.open_label(tag),
            "time" => tag.filled("datetime").into_iter().for_each(|when| keep(&mut self.page.times, when.to_owned())),
            "svg" if !self_closing => self.svgs += 1,
            _ => {}
        }
    }

    /// A page written in place calls whom it calls.
    fn frame(&mut self, tag: &Tag) {
        if let Some(html) = tag.filled("srcdoc").filter(|_| self.frames < DEEPEST_FRAME) {
            let mut inside = Self { frames: self.frames + 1, ..Self::new(self.addresses.base()) };
            inside.tokenise(html);
            self.resources.adopt(inside.into_page().calls);
        }
    }

    fn html(&mut self, tag: &Tag) {
        if self.page.lang.is_none() {
            self.page.lang = tag.filled("lang").or_else(|| tag.filled("xml:lang")).map(str::to_owned);
        }
    }

    fn meta(&mut self, tag: &Tag) {
        if self.page.generator.is_none() && tag.is("name", &["generator"]) {
            self.page.generator = tag.filled("content").map(str::to_owned);
        }
        self.page.site_name = self.page.site_name.take().or_else(|| tag.content_of("og:site_name"));
        if self.page.refresh.is_none() && !self.in_noscript && tag.is("http-equiv", &["refresh"]) {
            self.page.refresh = tag.filled("content").and_then(|content| self.addresses.refresh(content));
        }
    }

    fn open_link(&mut self, tag: &Tag) {
        self.close_link();
        let Some(url) = tag.get("href").and_then(|href| self.addresses.link(href)) else { return };
        let link = Link { url, text: String::new(), rel: tag.words("rel"), in_footer: self.footer.is_some() };
        let titles = ["aria-label", "title"].into_iter().filter_map(|name| tag.filled(name)).map(str::to_owned).collect();
        self.link = Some(OpenLink { link, text: Folded::default(), titles });
    }

    fn close_link(&mut self) {
        let Some(OpenLink { mut link, mut text, titles }) = self.link.take() else { return };
        for title in titles.iter().filter(|title| !text.as_str().contains(title.as_str())).collect::<Vec<_>>() {
            text.push_apart(title);
        }
        link.text = text.into_text();
        keep(&mut self.page.links, link);
    }

    fn area(&mut self, tag: &Tag) {
        let link = self.link.take();
        self.open_link(tag);
        if let (Some(alt), Some(area)) = (tag.get("alt"), &mut self.link) {
            area.text.push(alt);
        }
        self.close_link();
        self.link = link;
    }

    fn close_heading(&mut self) {
        if let Some(text) = self.heading.take().map(Folded::into_text).filter(|text| !text.is_empty()) {
            keep(&mut self.page.headings, text);
        }
    }

    fn link_element(&mut self, tag: &Tag) {
        let rel = tag.words("rel");
        let feed = || tag.is("type", &["application/rss+xml", "application/atom+xml"]) && rel.iter().any(|value| value == "alternate");
        if let Some(url) = tag.filled("href").filter(|_| feed()).and_then(|href| self.addresses.resource(href)) {
            keep(&mut self.page.feeds, url);
        }
        if how_linked(&rel).is_none()
            && rel.iter().any(|value| DOCUMENTS.contains(&value.as_str()))
            && let Some(url) = tag.filled("href").and_then(|href| self.addresses.link(href))
        {
            let text = tag.filled("title").unwrap_or_default().to_owned();
            keep(&mut self.page.links, Link { url, text, rel, in_footer: false });
        }
    }

    fn picture(&mut self, tag: &Tag) {
        if let Some(alt) = tag.get("alt") {
            self.name(|text| text.push_apart(alt));
        }
        let named = tag.get("alt").or(tag.filled("aria-label")).or(tag.filled("aria-labelledby")).or(tag.filled("title"));
        if named.is_none() && !tag.is("role", &["presentation", "none"]) && !tag.is_hidden() {
            let address = self.shown_address(tag.filled("src").unwrap_or_default());
            keep(&mut self.page.pictures_without_alt, address);
        }
    }

    /// The address of a picture, for people; a `data:` address is cut before its data.
    fn shown_address(&self, src: &str) -> String {
        let short = || src.split([';', ',']).next().unwrap_or_default().chars().take(80).collect();
        self.addresses.resource(src).filter(|_| !src.is_empty()).map_or_else(short, String::from)
    }

    fn close_raw(&mut self) {
        let Some(Raw { tag, content }) = self.raw.take().filter(|_| self.templates == 0) else { return };
        match tag.name.as_str() {
            "title" => self.title(&content),
            "script" => self.script(&tag, &content),
            "style" => self.resources.style(&content, &self.addresses),
            // Inside another one, it is text that no browser reads.
            "noscript" if !self.in_noscript => {
                self.in_noscript = true;
                self.resources.without_scripts(true);
                self.tokenise(&content);
                self.resources.without_scripts(false);
                self.in_noscript = false;
            }
            _ => {}
        }
    }

    /// In a drawing, a title names the drawing.
    fn title(&mut self, content: &str) {
        if self.svgs > 0 {
            self.name(|text| text.push_apart(content));
        } else if self.page.title.is_none() {
            let mut title = Folded::default();
            title.push(content);
            self.page.title = Some(title.into_text()).filter(|title| !title.is_empty());
        }
    }

    /// Data in a script element is no program, and a program in a `noscript` never runs.
    fn script(&mut self, tag: &Tag, content: &str) {
        let kind = tag.filled("type").unwrap_or("module").to_ascii_lowercase();
        let runs = kind == "module" || kind.contains("javascript") || kind.contains("ecmascript");
        if self.in_noscript {
            return;
        }
        if !runs {
            return self.resources.data(&kind, content, &self.addresses);
        }
        self.resources.script(tag, content, &self.addresses);
        self.safety.script(tag, &self.addresses);
        programs::show(&mut self.page.programs, tag, content);
        self.page.scripts += usize::from(tag.filled("src").is_some() || !content.trim().is_empty());
    }

    fn into_page(mut self) -> Page {
        self.close_link();
        self.close_heading();
        let Self { page, text, controls, resources, safety, .. } = self;
        let (calls, resources, marks) = resources.into_lists();
        safety.into_page(Page { text: text.into_text(), controls: controls.into_controls(), resources, calls, marks, ..page })
    }
}

fn keep<T>(list: &mut Vec<T>, item: T) {
    if list.len() < MOST {
        list.push(item);
    }
}

#[rustfmt::skip] // a word list
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address" | "article" | "aside" | "blockquote" | "body" | "br" | "caption" | "center" | "dd" | "details" | "dialog" | "div" | "dl" | "dt"
            | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "header" | "hgroup" | "hr"
            | "legend" | "li" | "main" | "menu" | "nav" | "ol" | "optgroup" | "option" | "p" | "pre" | "section" | "summary" | "table" | "tbody"
            | "tfoot" | "thead" | "tr" | "ul"
    )
}

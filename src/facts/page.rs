//! What a page holds, read in one pass over its HTML.

mod announced;
mod article;
mod html;
mod markdown;
mod wiki;

use std::collections::BTreeSet;

use url::Url;

use super::{Call, Exchange};
pub use article::{Article, Passage};
pub(super) use html::{Found, of_sheet};

/// A page as a visitor without JavaScript finds it. Addresses are absolute.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Page {
    pub title: Option<String>,
    /// `lang` of the `html` element.
    pub lang: Option<String>,
    /// `content` of `<meta name="generator">`.
    pub generator: Option<String>,
    /// `content` of `<meta property="og:site_name">`.
    pub site_name: Option<String>,
    pub links: Vec<Link>,
    pub resources: Vec<Resource>,
    /// The same and all else that may make a browser contact a host, with what stands there; header fields included.
    pub calls: Vec<Call>,
    /// Names, classes (`.hero`) and ids (`#top`) of its elements, in small letters: a style sheet is fetched for them.
    pub marks: BTreeSet<String>,
    /// Readable text, blanks folded; a line per block.
    pub text: String,
    pub headings: Vec<String>,
    /// Pictures without any `alt` attribute: their addresses.
    pub pictures_without_alt: Vec<String>,
    /// Form fields that a person fills in.
    pub controls: Vec<Control>,
    pub scripts: usize,
    /// What its programs show: addresses, attributes of theirs, and the start of those written in the page.
    pub programs: String,
    /// `content` of each `<meta http-equiv="Content-Security-Policy">`.
    pub policies: Vec<String>,
    /// Where forms send what is written in them, other than to the page itself.
    pub forms: Vec<Url>,
    /// Programs asked for without an `integrity` that browsers would check.
    pub unsealed_scripts: Vec<Url>,
    /// `content` of the last `<meta name="referrer">`, in small letters.
    pub referrer: Option<String>,
    /// Where `<meta http-equiv="refresh">` leads at once.
    pub refresh: Option<Url>,
    /// It asks for a password.
    pub asks_password: bool,
    /// Feeds of news that it names.
    pub feeds: Vec<Url>,
    /// `datetime` of its `time` elements, as written.
    pub times: Vec<String>,
}

/// A link that a visitor can follow.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Link {
    pub url: String,
    /// Its text, `title`, `aria-label` and the `alt` of its pictures, blanks folded.
    pub text: String,
    /// Values of `rel`, in small letters.
    pub rel: Vec<String>,
    /// In a `footer` element.
    pub in_footer: bool,
}

impl Link {
    /// The target without its fragment, if it is a page.
    pub fn page(&self) -> Option<Url> {
        let mut url = Url::parse(&self.url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        url.set_fragment(None);
        Some(url)
    }
}

/// Something that the page makes a browser fetch by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resource {
    pub url: Url,
    pub kind: ResourceKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResourceKind {
    Script,
    Style,
    Image,
    Frame,
    Media,
    /// `url(...)` or `@import` of a style written in the page.
    InlineStyle,
    /// `preconnect`, `preload`, `prefetch`, `dns-prefetch`, icons, manifests.
    Hint,
}

impl ResourceKind {
    /// The element, as it is named in a finding.
    pub fn element(self) -> &'static str {
        match self {
            Self::Script => "<script>",
            Self::Style => "<link rel=stylesheet>",
            Self::Image => "<img>",
            Self::Frame => "<iframe>",
            Self::Media => "<video>, <audio>, <object>",
            Self::InlineStyle => "<style>",
            Self::Hint => "<link>",
        }
    }
}

/// A form field and whether something names it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Control {
    /// Its `name` or `id`, for people to find it.
    pub name: String,
    /// By a `label`, `aria-label`, `aria-labelledby` or `title`.
    pub labelled: bool,
}

/// A page with less text than this, and programs, shows nothing without them.
const LITTLE_TEXT: usize = 80;

impl Page {
    /// Reads the body of an exchange: HTML, Markdown or plain text; empty for what is not a page.
    pub fn read(exchange: &Exchange) -> Self {
        let mut page = Self::read_body(exchange);
        page.calls.extend(announced::calls(exchange));
        page
    }

    fn read_body(exchange: &Exchange) -> Self {
        match exchange.media_type().as_deref() {
            Some("text/html" | "application/xhtml+xml") => html::read(exchange.url(), exchange.text()),
            None if exchange.text().trim_start().starts_with('<') => html::read(exchange.url(), exchange.text()),
            Some("text/markdown" | "text/x-markdown") => markdown::read(exchange.url(), exchange.text()),
            Some("text/plain") if exchange.url().path().to_ascii_lowercase().ends_with(".md") => {
                markdown::read(exchange.url(), exchange.text())
            }
            Some(kind) if wiki::is_raw(kind, exchange.url()) => wiki::read(exchange.url(), exchange.text()),
            // What is called a PDF here is the text that the probe took out of it.
            Some("application/pdf") => {
                Self { title: first_line(exchange.text()), text: exchange.text().trim().to_owned(), ..Self::default() }
            }
            Some(kind) if kind.starts_with("text/") => Self { text: exchange.text().trim().to_owned(), ..Self::default() },
            _ => Self::default(),
        }
    }

    /// What a style sheet makes a browser contact; `holds` are the marks of the page that takes it.
    pub fn read_style(exchange: &Exchange, page: &Url, via: &[Url], holds: &BTreeSet<String>) -> Vec<Call> {
        html::style_calls(exchange, page, via, holds)
    }

    /// Whether it is an empty shell that a program would fill.
    pub fn needs_javascript(&self) -> bool {
        self.scripts > 0 && self.text.chars().count() < LITTLE_TEXT && self.links.len() < 3 && self.controls.is_empty()
    }
}

fn first_line(text: &str) -> Option<String> {
    text.lines().map(str::trim).find(|line| !line.is_empty()).map(|line| line.chars().take(200).collect())
}

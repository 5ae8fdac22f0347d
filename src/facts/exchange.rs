//! One HTTP request and its answer.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{LazyLock, OnceLock};

use regex::Regex;
use serde::{Deserialize, Serialize};
use url::Url;

use super::page::{Found, of_sheet};
use super::{Article, Page, Policies};

/// Header fields by their name in small letters; each value as received, in order (RFC 9110, section 5).
pub type Headers = BTreeMap<String, Vec<String>>;

/// More hops than this are a loop.
pub const MOST_REDIRECTS: usize = 10;

/// One GET and its answer, redirects not followed.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Exchange {
    pub url: Option<Url>,
    pub status: u16,
    pub headers: Headers,
    /// The address that answered.
    pub address: Option<IpAddr>,
    pub body: Body,
    /// The SHA-256 of a small picture, in hexadecimal: nothing else of it is kept.
    pub picture: Option<String>,
    #[serde(skip)]
    page: OnceLock<Page>,
    #[serde(skip)]
    article: OnceLock<Article>,
    #[serde(skip)]
    style: OnceLock<Vec<Found>>,
    #[serde(skip)]
    policies: OnceLock<Policies>,
}

/// A body after decompression and decoding.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    #[default]
    Empty,
    Text(String),
    /// Not text: a picture, a PDF...
    Binary,
    /// Larger than the limit; nothing of it is kept.
    TooLarge,
}

impl Body {
    /// Nothing to read: no byte, or blanks alone.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Binary | Self::TooLarge => false,
        }
    }
}

impl Exchange {
    pub fn new(url: Url, status: u16, headers: Headers, address: Option<IpAddr>, body: Body) -> Self {
        Self { url: Some(url), status, headers, address, body, ..Self::default() }
    }

    /// The same, whose body is a picture of that digest.
    #[must_use]
    pub fn showing(self, picture: Option<String>) -> Self {
        Self { picture, ..self }
    }

    pub fn url(&self) -> &Url {
        self.url.as_ref().expect("every exchange but the default one has its URL")
    }

    /// The first value of a header field; `name` in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.first().map(String::as_str)
    }

    /// The media type without its parameters, in small letters.
    pub fn media_type(&self) -> Option<String> {
        Some(self.header("content-type")?.split(';').next()?.trim().to_ascii_lowercase())
    }

    /// The text of the body, empty when there is none.
    pub fn text(&self) -> &str {
        match &self.body {
            Body::Text(text) => text,
            _ => "",
        }
    }

    /// Where a redirect leads (RFC 9110, section 15.4).
    pub fn location(&self) -> Option<Url> {
        if !matches!(self.status, 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        let mut target = self.url().join(self.header("location")?).ok()?;
        target.set_fragment(None);
        Some(target)
    }

    /// Where the page itself leads at once, by `<meta http-equiv="refresh">`.
    pub fn refresh(&self) -> Option<Url> {
        // The name of an attribute is written in one way only, and to read a page for nothing is dear.
        static HTTP_EQUIV: LazyLock<Regex> = LazyLock::new(|| Regex::new("(?i-u)http-equiv").expect("a fixed expression"));
        if !(200..300).contains(&self.status) || !HTTP_EQUIV.is_match(self.text()) {
            return None;
        }
        let target = self.page().refresh.as_ref()?;
        (target != self.url()).then(|| target.clone())
    }

    /// The body read as a page, once.
    pub fn page(&self) -> &Page {
        self.page.get_or_init(|| Page::read(self))
    }

    /// The body read as a text, once.
    pub fn article(&self) -> &Article {
        self.article.get_or_init(|| Article::read(self))
    }

    /// The policies of its header fields and of its page, read once.
    pub fn policies(&self) -> &Policies {
        self.policies.get_or_init(|| self.read_policies())
    }

    /// The body read as a style sheet, once.
    pub(super) fn style(&self) -> &[Found] {
        self.style.get_or_init(|| of_sheet(self.text()))
    }
}

//! What a link promises before its page is read.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use regex::Regex;
use url::Url;

use super::{How, MOST_LINKS};
use crate::check::Case;
use crate::criteria::{Charter, DocumentKind, bare_path, fold};
use crate::facts::{Exchange, Fact, Link, Need};

/// A place to look at, and why.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) url: Url,
    pub(super) how: How,
    pub(super) hint: Hint,
}

/// Points of a link: its words 3, its `rel` 4, its address 2.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hint {
    pub(in crate::check) words: u32,
    pub(in crate::check) rel: u32,
    pub(in crate::check) path: u32,
    /// Its words, or its `rel`, name that document and nothing else.
    pub(super) exact: bool,
    /// Its words are not weak ones.
    pub(super) strong: bool,
}

impl Hint {
    pub(in crate::check) fn total(self) -> u32 {
        self.words + self.rel + self.path
    }

    /// What is told of a kind by how a link names it, how many words it has, its `rel`, and its address.
    fn of(named: Named, long: bool, rel: bool, usual: bool) -> Self {
        let words = match named {
            Named::Whole | Named::Starts => 3,
            Named::Within | Named::Weak => 2,
            Named::Not => 0,
        };
        Self {
            words: if long { words.min(1) } else { words },
            rel: if rel { 4 } else { 0 },
            path: if usual { 2 } else { 0 },
            exact: named == Named::Whole && !long || rel,
            strong: matches!(named, Named::Whole | Named::Starts | Named::Within) && !long || rel,
        }
    }
}

/// A link in a sentence of so many words speaks of many things.
const MANY_WORDS: usize = 10;

/// A link that leads to a page, and what it promises: read once for all kinds of documents.
pub(in crate::check) struct Promise {
    pub(super) url: Url,
    /// By the rank of the kind, of those that it promises at all.
    hints: Vec<(usize, Hint)>,
}

impl Promise {
    /// Nothing for what promises no document.
    fn of(charter: &Charter, link: &Link) -> Option<Self> {
        let url = link.page()?;
        let text = fold(&link.text);
        let long = text.split(' ').count() > MANY_WORDS;
        let (may_be_named, in_address) = (charter.documents_named_in(&text), usual_places(charter, &url));
        let hint = |(rank, kind): (usize, &DocumentKind)| {
            let named = if may_be_named.contains(&rank) { Named::of(&text, kind) } else { Named::Not };
            let rel = link.rel.iter().any(|rel| kind.rel.contains(rel));
            (rank, Hint::of(named, long, rel, in_address.contains(&rank)))
        };
        let hints: Vec<(usize, Hint)> = charter.documents.iter().enumerate().map(hint).filter(|(_, hint)| hint.total() > 0).collect();
        (!hints.is_empty()).then_some(Self { url, hints })
    }

    /// Of what stands in a sitemap: its address alone tells.
    pub(super) fn at(charter: &Charter, url: Url) -> Option<Self> {
        let hints: Vec<(usize, Hint)> =
            usual_places(charter, &url).into_iter().map(|rank| (rank, Hint::of(Named::Not, false, false, true))).collect();
        (!hints.is_empty()).then_some(Self { url, hints })
    }

    /// What it promises of the kind of that rank.
    pub(super) fn hint(&self, kind: usize) -> Option<Hint> {
        self.hints.iter().find(|(rank, _)| *rank == kind).map(|(_, hint)| *hint)
    }
}

/// The links of a page that promise a document, read once. What a browser has made of a page has links of its own under the same
/// address: they are not kept.
pub(super) fn promises(case: &Case<'_>, exchange: &Exchange) -> Rc<[Promise]> {
    let read = || exchange.page().links.iter().filter_map(|link| Promise::of(case.charter, link)).collect();
    match case.facts.get(&Need::Exchange(exchange.url().clone())) {
        Some(Ok(Fact::Exchange(seen))) if std::ptr::eq(Arc::as_ptr(seen), exchange) => case.facts.notes.promises(exchange, read),
        _ => read(),
    }
}

/// How a title, a heading or a link names a kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Named {
    Not,
    /// By a word that means many things.
    Weak,
    Within,
    Starts,
    Whole,
}

/// Between a page's own title and the name of its site.
static PARTS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r" [–—|·»:-] |: |[\[\]()¶]").expect("a fixed expression"));

/// Before the name of a document.
static ARTICLES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:lire|voir|consulter|read|see|notre|nos|vos|votre|les|la|le|l'|the|our|unsere?|onze|nuestr[ao]s?|las|los|el|de|des|du|page) ?)+\b")
        .expect("a fixed expression")
});

impl Named {
    /// `text` is folded.
    pub(super) fn of(text: &str, kind: &DocumentKind) -> Self {
        if text.is_empty() || kind.except().is_in(text) {
            return Self::Not;
        }
        PARTS.split(text).map(|part| Self::of_part(part.trim(), kind)).max().unwrap_or(Self::Not)
    }

    fn of_part(part: &str, kind: &DocumentKind) -> Self {
        let words = kind.words();
        let bare = &part[ARTICLES.find(part).map_or(0, |found| found.end())..].trim_start();
        let weak = kind.weak();
        match words.find_in(bare).first() {
            _ if words.is(part) || words.is(bare) => Self::Whole,
            Some(hit) if bare[..hit.start].chars().all(|c| !c.is_alphanumeric()) => Self::Starts,
            Some(_) => Self::Within,
            None if weak.is(part) || weak.is(bare) => Self::Weak,
            None => Self::Not,
        }
    }
}

/// The pages that a page links to as that kind of document, best first.
pub(in crate::check) fn best_links(case: &Case<'_>, exchange: &Exchange, kind: &DocumentKind) -> Vec<Url> {
    let Some(rank) = rank(case, kind) else { return Vec::new() };
    let promises = promises(case, exchange);
    let named = promises.iter().filter_map(|promise| Some((promise.hint(rank)?, &promise.url)));
    let found = named.filter(|(hint, url)| hint.strong && !is_post(url, kind)).map(|(hint, url)| (hint, url.clone()));
    ranked(found).into_iter().map(|(_, url)| url).collect()
}

/// The few that are worth a visit.
pub(super) fn ranked(found: impl IntoIterator<Item = (Hint, Url)>) -> Vec<(Hint, Url)> {
    best(found, MOST_LINKS)
}

/// Each place once with the best that is said of it, best first, so many of them; of equals, the first.
pub(super) fn best(found: impl IntoIterator<Item = (Hint, Url)>, most: usize) -> Vec<(Hint, Url)> {
    let mut best: Vec<(Hint, Url)> = Vec::new();
    let mut places = BTreeMap::new();
    for (hint, url) in found {
        let place = *places.entry(url.clone()).or_insert(best.len());
        match best.get_mut(place) {
            Some(known) if known.0.total() < hint.total() => known.0 = hint,
            Some(_) => {}
            None => best.push((hint, url)),
        }
    }
    best.sort_by_key(|(hint, _)| std::cmp::Reverse(hint.total()));
    best.truncate(most);
    best
}

/// Where a kind of document stands in its list.
pub(super) fn rank(case: &Case<'_>, kind: &DocumentKind) -> Option<usize> {
    case.charter.documents.iter().position(|known| known.id == kind.id)
}

/// The ranks of the kinds of documents of which it is a usual address, whatever stands around that: `/fr/CGU.html` is `/cgu`; or whose
/// words are in the address.
fn usual_places(charter: &Charter, url: &Url) -> BTreeSet<usize> {
    let path = bare_path(url.path());
    let mut found = charter.documents_in_slug(&slug(url));
    found.extend(charter.documents.iter().enumerate().filter(|(_, kind)| is_usual_path(url, &path, kind)).map(|(rank, _)| rank));
    found
}

/// By its path, which is `bare` without its ending, or by its host.
fn is_usual_path(url: &Url, bare: &str, kind: &DocumentKind) -> bool {
    kind.has_usual_path(bare) || url.path() == "/" && is_host(url, kind)
}

/// Its host has a usual name.
pub(super) fn is_host(url: &Url, kind: &DocumentKind) -> bool {
    url.domain().and_then(|host| host.split('.').next()).is_some_and(|label| kind.hosts.iter().any(|usual| usual == label))
}

/// The words of an address: `/a-propos/Mentions_l%C3%A9gales` is `a propos mentions legales`.
fn slug(url: &Url) -> String {
    let said = format!("{} {}", url.path(), url.query().unwrap_or_default());
    let bytes: Vec<u8> = url::form_urlencoded::parse(format!("x={}", said.replace(['&', '='], " ")).as_bytes())
        .next()
        .map(|(_, value)| value.into_owned().into_bytes())
        .unwrap_or_default();
    fold(&String::from_utf8_lossy(&bytes)).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect()
}

/// Where blogs, forums, search engines and tags write.
static POSTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)/(?:blog|news|actualites?|actus?|forum|t|topic|thread|viewtopic(?:\.php)?|discussions?|tags?|category|categories|categorie|etiquettes?|search|recherche|guides?|tutoriels?|agenda|events?|loans?)/|/viewtopic\.php|/(?:19|20)\d\d/\d\d?(?:/|$)|[?&](?:s|q|search|query)=",
    )
    .expect("a fixed expression")
});

/// A post that speaks of the document, or a list of posts. Files are kept by the month in some sites, and are none.
pub(in crate::check) fn is_post(url: &Url, kind: &DocumentKind) -> bool {
    let file = [".pdf", ".odt", ".md", ".txt"].iter().any(|end| url.path().to_ascii_lowercase().ends_with(end));
    let written = &url[url::Position::BeforePath..];
    !kind.posts && !file && (POSTS.is_match(written) || url.host_str().is_some_and(|host| host.starts_with("blog.")))
}

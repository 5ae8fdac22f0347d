//! Where a hoster publishes a kind of document: declared, linked from the home page, or at a usual address.

use std::sync::Arc;

use url::Url;

use super::{Case, Stop};
use crate::criteria::{DocumentKind, fold};
use crate::facts::{Body, Exchange, Link, Need, Page, Silence};

/// What the search for a document came to.
pub(super) enum Search {
    Found(Document),
    /// A page is there, but it is not that document: too short, or it shows nothing without JavaScript.
    Doubtful(Url, Doubt),
    Absent {
        /// Places that were looked at.
        looked_at: Vec<Url>,
        /// Places that should lead to it and lead nowhere.
        dead: Vec<Url>,
        /// A place did not answer, so the document may be there.
        unsure: bool,
    },
}

pub(super) struct Document {
    pub(super) exchange: Arc<Exchange>,
    pub(super) how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Declared,
    Linked,
    UsualAddress,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    TooShort,
    NeedsJavascript,
}

/// An address where nothing can be.
const NOWHERE: &str = "/chatons-audit-nothing-is-here";
/// Links that are followed for one kind of document.
const MOST_LINKS: usize = 3;
/// A link must score this to be followed.
const GOOD_LINK: u32 = 3;

/// Looks for a kind of document of the hoster. The home page must answer, or nothing can be said.
pub(super) fn find(case: &Case<'_>, kind: &DocumentKind) -> Result<Search, Stop> {
    let home = case.readable(case.hoster.home().url.as_ref().expect("a hoster has a web site"))?;
    let declared = case.hoster.documents.get(&kind.id).map(|url| (url.clone(), How::Declared));
    let linked = best_links(home.page(), kind).into_iter().map(|url| (url, How::Linked));
    let named: Vec<_> = declared.into_iter().chain(linked).collect();
    let nowhere = home.url().join(NOWHERE).expect("a fixed path");
    case.expect(named.iter().map(|(url, _)| url).chain([&nowhere]).cloned().map(Need::Exchange));
    let nowhere = match case.visit(&nowhere) {
        Ok(exchange) => Some(exchange),
        Err(Stop::Silent(_)) => None,
        Err(stop) => return Err(stop),
    };
    let mut tried = Tried::new(&home, nowhere);
    for (url, how) in named {
        if let Some(found) = tried.visit(case, kind, &url, how)? {
            return Ok(found);
        }
    }
    if let Some((url, doubt)) = tried.doubtful.take() {
        return Ok(Search::Doubtful(url, doubt));
    }
    match tried.silence.take() {
        // The hoster names the place, and the place does not answer: the document is probably there.
        Some(silence) => Err(Stop::Silent(silence)),
        None => usual_addresses(case, kind, home.url(), tried),
    }
}

/// The pages that a home page links to as that kind of document, best first.
pub(super) fn best_links(page: &Page, kind: &DocumentKind) -> Vec<Url> {
    let mut scored: Vec<(u32, Url)> = Vec::new();
    for link in &page.links {
        let Some(url) = link.page() else { continue };
        let score = score(link, &url, kind);
        if score < GOOD_LINK {
            continue;
        }
        match scored.iter_mut().find(|(_, known)| *known == url) {
            Some(known) => known.0 = known.0.max(score),
            None => scored.push((score, url)),
        }
    }
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().take(MOST_LINKS).map(|(_, url)| url).collect()
}

/// How much a link looks like one to that kind of document.
fn score(link: &Link, url: &Url, kind: &DocumentKind) -> u32 {
    let text = fold(&link.text);
    let mut score: u32 = 0;
    if link.rel.iter().any(|rel| kind.rel.contains(rel)) {
        score += 4;
    }
    if kind.words().is(&text) {
        score += 4;
    } else if kind.words().is_in(&text) {
        score += 3;
    }
    if is_usual(url, kind) {
        score += 2;
    }
    // A link in a sentence of ten words or more speaks of many things.
    if text.split(' ').count() > 10 {
        score = score.saturating_sub(2);
    }
    score
}

fn is_usual(url: &Url, kind: &DocumentKind) -> bool {
    let bare = |path: &str| path.trim_end_matches('/').trim_end_matches(".html").to_ascii_lowercase();
    let path = bare(url.path());
    kind.paths.iter().any(|usual| {
        let usual = bare(usual);
        path == usual || path.ends_with(&usual) && usual.starts_with('/')
    })
}

struct Tried<'h> {
    home: &'h Exchange,
    /// What the site answers where nothing can be.
    nowhere: Option<Arc<Exchange>>,
    looked_at: Vec<Url>,
    dead: Vec<Url>,
    silence: Option<Silence>,
    doubtful: Option<(Url, Doubt)>,
}

impl<'h> Tried<'h> {
    fn new(home: &'h Exchange, nowhere: Option<Arc<Exchange>>) -> Self {
        Self { home, nowhere, looked_at: Vec::new(), dead: Vec::new(), silence: None, doubtful: None }
    }

    /// Visits one place.
    fn visit(&mut self, case: &Case<'_>, kind: &DocumentKind, url: &Url, how: How) -> Result<Option<Search>, Stop> {
        self.looked_at.push(url.clone());
        let exchange = match case.visit(url) {
            Ok(exchange) => exchange,
            Err(Stop::Silent(silence)) => {
                self.silence.get_or_insert(silence);
                return Ok(None);
            }
            Err(stop) => return Err(stop),
        };
        if exchange.status != 200 {
            if how != How::UsualAddress {
                self.dead.push(url.clone());
            }
            return Ok(None);
        }
        if how == How::UsualAddress && !looks_like(&exchange, kind) {
            return Ok(None);
        }
        if self.is_elsewhere(&exchange, kind) {
            if how != How::UsualAddress {
                self.dead.push(url.clone());
            }
            return Ok(None);
        }
        match doubt(&exchange, kind) {
            None => Ok(Some(Search::Found(Document { exchange, how }))),
            Some(doubt) => {
                self.doubtful.get_or_insert((url.clone(), doubt));
                Ok(None)
            }
        }
    }
}

impl Tried<'_> {
    /// A wrong address often shows the home page, or the same page as any other wrong address.
    fn is_elsewhere(&self, exchange: &Exchange, kind: &DocumentKind) -> bool {
        let lost = self.nowhere.as_deref().is_some_and(|nowhere| is_the_same_page(exchange, nowhere));
        // Of a site of one page, the home page is the document too.
        lost || is_the_same_page(exchange, self.home) && !is_titled(exchange, kind)
    }
}

/// Tries the usual addresses.
fn usual_addresses(case: &Case<'_>, kind: &DocumentKind, home: &Url, mut tried: Tried<'_>) -> Result<Search, Stop> {
    let places: Vec<Url> = kind.paths.iter().filter_map(|path| home.join(path).ok()).collect();
    case.expect(places.iter().cloned().map(Need::Exchange));
    for url in places {
        if let Some(found) = tried.visit(case, kind, &url, How::UsualAddress)? {
            return Ok(found);
        }
    }
    Ok(match tried.doubtful {
        Some((url, doubt)) => Search::Doubtful(url, doubt),
        None => Search::Absent { looked_at: tried.looked_at, dead: tried.dead, unsure: tried.silence.is_some() },
    })
}

fn is_the_same_page(exchange: &Exchange, other: &Exchange) -> bool {
    other.status == 200 && exchange.body != Body::Binary && (exchange.url() == other.url() || exchange.page().text == other.page().text)
}

/// Its title or a heading names it.
fn is_titled(exchange: &Exchange, kind: &DocumentKind) -> bool {
    let page = exchange.page();
    let mut titles = page.title.iter().chain(&page.headings).map(|title| fold(title));
    titles.any(|title| kind.words().is_in(&title))
}

/// It is titled so, or it speaks as such a document does.
fn looks_like(exchange: &Exchange, kind: &DocumentKind) -> bool {
    is_titled(exchange, kind) || kind.marks().is_in(&fold(&exchange.page().text))
}

fn doubt(exchange: &Exchange, kind: &DocumentKind) -> Option<Doubt> {
    // A PDF or a picture is published, but nobody here has read it.
    if exchange.body == Body::Binary {
        return None;
    }
    let page = exchange.page();
    if page.needs_javascript() {
        return Some(Doubt::NeedsJavascript);
    }
    (page.text.chars().count() < kind.min_chars).then_some(Doubt::TooShort)
}

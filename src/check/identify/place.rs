//! A site as a search for programs sees it: its front page, and what its special addresses answer.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use url::Url;

use crate::check::finder::NOWHERE;
use crate::check::{Case, Stop};
use crate::criteria::{Sign, Software, Spot, fold};
use crate::facts::{Exchange, How, MOST_REDIRECTS, Need, SilenceKind};

/// Icons of a page that are looked at.
const MOST_ICONS: usize = 2;

/// A sign that was read.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Empty when it is not told.
    pub(super) version: String,
    pub(super) at: Url,
    pub(super) excerpt: String,
}

pub(super) struct Place {
    /// What the site's own host answered, redirects included: their headers and cookies speak too.
    hops: Vec<Arc<Exchange>>,
    /// The page that a visitor reads; nothing when visitors are refused or led to another host.
    page: Option<Arc<Exchange>>,
    /// The folders that special addresses are relative to, best first.
    bases: Vec<Url>,
    icons: Vec<Url>,
}

impl Place {
    pub(super) fn open(case: &Case<'_>, address: &Url) -> Result<Self, Stop> {
        let last = front(case, address)?;
        let mut hops = Vec::new();
        let mut at = address.clone();
        at.set_fragment(None);
        for _ in 0..=MOST_REDIRECTS {
            if !is_same_host(address, &at) {
                break;
            }
            let hop = case.hop(&at)?;
            let next = hop.location();
            hops.push(hop);
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        let page = last.filter(|page| is_same_host(address, page.url()) && (200..300).contains(&page.status));
        let mut bases = vec![folder(address)];
        if let Some(page) = &page {
            bases.push(parent(page.url()));
        }
        if !address.path().ends_with('/') {
            bases.push(parent(address));
        }
        let mut seen = Vec::new();
        bases.retain(|base| {
            !seen.contains(base) && {
                seen.push(base.clone());
                true
            }
        });
        let icons = page.as_deref().map(|page| icons(page, &bases[0])).unwrap_or_default();
        Ok(Self { hops, page, bases, icons })
    }

    /// The folder that the site was declared at.
    pub(super) fn base(&self) -> &Url {
        &self.bases[0]
    }

    /// The special addresses of signs, each once; `widely` tries every folder that may hold the program.
    pub(super) fn urls(&self, signs: &[Sign], widely: bool) -> Vec<Url> {
        let bases = if widely { &self.bases[..] } else { &self.bases[..1] };
        let mut urls: Vec<Url> = Vec::new();
        for url in bases.iter().flat_map(|base| special(base, signs)) {
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
        urls
    }

    /// A sign of the front page: in the page itself, or in any header on the way to it.
    pub(super) fn read(&self, sign: &Sign) -> Option<Found> {
        match sign.spot {
            Spot::Header(_) | Spot::Cookie => self.hops.iter().find_map(|hop| read(sign, hop)),
            _ => read(sign, self.page.as_ref()?),
        }
    }

    /// Where the icons of the page are.
    pub(super) fn icons(&self) -> &[Url] {
        &self.icons
    }

    pub(super) fn has_page(&self) -> bool {
        self.page.is_some()
    }

    /// The ranks of the programs that the page names.
    pub(super) fn named(&self, case: &Case<'_>) -> BTreeSet<usize> {
        let Some(page) = &self.page else { return BTreeSet::new() };
        let of = |words: &str| case.charter.programs_named_in(words);
        let titles = [&page.page().generator, &page.page().title];
        let in_titles = titles.into_iter().flatten().flat_map(|words| of(&fold(words)));
        in_titles.chain(of(&case.facts.notes.text(page))).collect()
    }

    /// What a person would look at first.
    pub(super) fn clues(&self) -> Vec<(Url, String)> {
        let Some(exchange) = &self.page else { return Vec::new() };
        let (at, page) = (exchange.url(), exchange.page());
        let title = page.title.iter().filter(|title| !title.is_empty()).map(|title| (at.clone(), title.clone()));
        title.chain(page.generator.iter().map(|generator| (at.clone(), format!("generator: {generator}")))).collect()
    }
}

/// What is asked for in any case once the front page has answered: it may be asked for beside it. Where special addresses are asked for,
/// so is one where nothing can be, as soon as one of them shows its sign.
pub(super) fn ahead<'s>(address: &Url, signs: impl IntoIterator<Item = &'s Sign>) -> Vec<Url> {
    let base = folder(address);
    let mut urls: Vec<Url> = special(&base, signs).collect();
    if !urls.is_empty() {
        urls.push(nowhere(&base));
    }
    urls
}

/// The special addresses of signs in a folder.
fn special<'s>(base: &Url, signs: impl IntoIterator<Item = &'s Sign>) -> impl Iterator<Item = Url> {
    signs.into_iter().filter_map(|sign| base.join(sign.path.as_ref()?.trim_start_matches('/')).ok())
}

/// A place where nothing can be.
fn nowhere(base: &Url) -> Url {
    base.join(NOWHERE).expect("a fixed path")
}

/// The front page; one that refuses visitors does not hide what stands behind it.
fn front(case: &Case<'_>, address: &Url) -> Result<Option<Arc<Exchange>>, Stop> {
    match case.visit(address) {
        Ok(exchange) => Ok(Some(exchange)),
        Err(Stop::Silent(silence)) if matches!(silence.kind, SilenceKind::HttpError(400..=428 | 430..=499)) => Ok(None),
        Err(stop) => Err(stop),
    }
}

/// Where the icons of a page are, on its own host: as it says, else where browsers look by themselves. Under a path, that would be the
/// icon of whatever stands above.
fn icons(page: &Exchange, base: &Url) -> Vec<Url> {
    let told = page.page().calls.iter().filter(|call| call.how == How::Icon && call.via.is_empty());
    let mut urls: Vec<Url> = Vec::new();
    for call in told {
        if urls.len() < MOST_ICONS && !urls.contains(&call.url) {
            urls.push(call.url.clone());
        }
    }
    if urls.is_empty() && base.path() == "/" {
        urls.extend(base.join("favicon.ico"));
    }
    urls.retain(|url| is_same_host(page.url(), url));
    urls
}

/// A leading `www.` aside.
fn is_same_host(one: &Url, other: &Url) -> bool {
    fn bare(url: &Url) -> Option<&str> {
        url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host))
    }
    bare(one) == bare(other)
}

/// The address with a final slash, so that special addresses are found under a path too.
fn folder(address: &Url) -> Url {
    let mut base = address.clone();
    base.set_query(None);
    base.set_fragment(None);
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", address.path()));
    }
    base
}

/// The folder that a page stands in; what follows `index.php` is no folder.
fn parent(page: &Url) -> Url {
    let mut base = page.clone();
    base.set_query(None);
    base.set_fragment(None);
    let path = page.path();
    let path = path.find("/index.php").map_or(path, |end| &path[..=end]);
    let end = path.rfind('/').map_or(0, |slash| slash + 1);
    let folder = path[..end].to_owned();
    base.set_path(&folder);
    base
}

/// Special addresses that were asked, and what they answered.
#[derive(Default)]
pub(super) struct Asked {
    answers: BTreeMap<Url, Answer>,
    /// What the site answers where nothing can be.
    nowhere: Option<Arc<Exchange>>,
    /// What they show of a sign, until more is asked.
    shown: RefCell<BTreeMap<*const Sign, Option<Found>>>,
}

enum Answer {
    Yes(Arc<Exchange>),
    /// Nothing is there, or nobody answered: it tells nothing either way.
    No,
}

impl Asked {
    /// Asks all at once, then reads each.
    pub(super) fn ask(&mut self, case: &Case<'_>, urls: impl IntoIterator<Item = Url>) -> Result<(), Stop> {
        let urls: Vec<Url> = urls.into_iter().filter(|url| !self.answers.contains_key(url)).collect();
        case.expect(urls.iter().cloned().map(Need::Exchange));
        for url in urls {
            let answer = match case.visit(&url) {
                Ok(exchange) if exchange.status == 200 && is_same_host(&url, exchange.url()) => Answer::Yes(exchange),
                Ok(_) | Err(Stop::Silent(_)) => Answer::No,
                Err(stop) => return Err(stop),
            };
            self.answers.insert(url, answer);
            self.shown.take();
        }
        Ok(())
    }

    pub(super) fn knows(&self, url: &Url) -> bool {
        self.answers.contains_key(url)
    }

    pub(super) fn has_answered(&self, url: &Url) -> bool {
        matches!(self.answers.get(url), Some(Answer::Yes(_)))
    }

    /// Once a special address shows a sign: what does the site answer where nothing can be?
    pub(super) fn compare(&mut self, case: &Case<'_>, place: &Place, programs: &[Arc<Software>]) -> Result<(), Stop> {
        let shows = programs.iter().flat_map(|program| &program.signs).any(|sign| sign.path.is_some() && self.read(place, sign).is_some());
        if !shows || self.nowhere.is_some() {
            return Ok(());
        }
        match case.visit(&nowhere(place.base())) {
            Ok(exchange) => {
                self.nowhere = Some(exchange);
                self.shown.take();
            }
            Err(Stop::Silent(_)) => {}
            Err(stop) => return Err(stop),
        }
        Ok(())
    }

    /// The sign of an icon; `icons` were asked.
    pub(super) fn icon(&self, icons: &[Url], sign: &Sign) -> Option<Found> {
        icons.iter().find_map(|url| match self.answers.get(url) {
            Some(Answer::Yes(exchange)) => read(sign, exchange),
            _ => None,
        })
    }

    /// A sign at its special address. What the site answers everywhere is not special.
    pub(super) fn read(&self, place: &Place, sign: &Sign) -> Option<Found> {
        self.shown.borrow_mut().entry(std::ptr::from_ref(sign)).or_insert_with(|| self.look_for(place, sign)).clone()
    }

    fn look_for(&self, place: &Place, sign: &Sign) -> Option<Found> {
        // Of hundreds of addresses, a few were asked: the others are not even written out.
        let path = sign.path.as_deref()?.trim_start_matches('/');
        if !self.answers.keys().any(|url| url.as_str().ends_with(path)) {
            return None;
        }
        let found = place.urls(std::slice::from_ref(sign), true).iter().find_map(|url| match self.answers.get(url) {
            Some(Answer::Yes(exchange)) => read(sign, exchange),
            _ => None,
        })?;
        let everywhere = self.nowhere.as_ref().is_some_and(|nowhere| read(sign, nowhere).is_some());
        (!everywhere).then_some(found)
    }
}

fn read(sign: &Sign, exchange: &Exchange) -> Option<Found> {
    let at = || exchange.url().clone();
    let one = |value: &str| {
        let version = sign.reads(value)?;
        Some(Found { version, at: at(), excerpt: value.to_owned() })
    };
    match &sign.spot {
        Spot::Json(pointer) => {
            let json: serde_json::Value = serde_json::from_str(exchange.text()).ok()?;
            let value = told(json.pointer(pointer)?);
            let key = pointer.rsplit('/').next().unwrap_or_default();
            let mut found = Found { excerpt: format!("{key}: {value}"), ..one(&value)? };
            if let Some(version) = sign.version.as_ref().and_then(|version| json.pointer(version)) {
                found.version = told(version);
            }
            Some(found)
        }
        Spot::Header(name) => exchange.headers.get(&name.to_ascii_lowercase())?.iter().find_map(|value| one(value)),
        Spot::Cookie => exchange.headers.get("set-cookie")?.iter().find_map(|value| one(value.split('=').next()?.trim())),
        Spot::Generator => one(exchange.page().generator.as_ref()?),
        Spot::Title => one(exchange.page().title.as_ref()?),
        Spot::Asset => {
            let own = exchange.page().resources.iter().map(|resource| &resource.url).filter(|url| is_same_host(exchange.url(), url));
            own.map(|url| url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()).find_map(|asset| one(&asset))
        }
        Spot::Icon => {
            let digest = exchange.picture.as_ref()?;
            Some(Found { excerpt: format!("SHA-256 {digest}"), ..one(digest)? })
        }
        Spot::Body => {
            let version = sign.reads(exchange.text())?;
            Some(Found { excerpt: version.clone(), version, at: at() })
        }
    }
}

fn told(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

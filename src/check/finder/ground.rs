//! Where a search starts: the home page, the pages of the services, and what they lead to.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use url::Url;

use super::front::{self, Front};
use super::hint::{Candidate, Hint, ranked};
use super::same::{is_home, is_the_same_page, says_nothing_is_here};
use super::usual::Manner;
use super::{How, MOST_HUBS, NOWHERE};
use crate::check::domain::domain_of;
use crate::check::{Case, Stop};
use crate::criteria::{DocumentKind, fold};
use crate::facts::{Exchange, Need, Silence};

/// The same for all kinds of documents.
pub(in crate::check) struct Ground {
    pub(super) home: Arc<Exchange>,
    /// The home page and those of the services, each with its frames.
    fronts: Vec<(Rc<Front>, How)>,
    /// What the site answers where nothing can be; known once it was waited for.
    nowhere: OnceCell<Option<Arc<Exchange>>>,
    /// Registrable domains of the hoster.
    own: BTreeSet<String>,
    /// Words by which a page of another domain names the hoster.
    names: Vec<String>,
}

impl Ground {
    /// The home page must answer; a service that does not is left out. What the site answers where nothing can be is asked for beside it,
    /// at the address that leads to it as a rule, and told by [`Ground::lose`].
    pub(super) fn look(case: &Case<'_>) -> Result<Self, Stop> {
        let address = case.hoster.home().url.as_ref().expect("a hoster has a web site");
        let services = case.hoster.services().iter().filter(|site| !site.customers).filter_map(|site| site.url.clone());
        let services: Vec<Url> = services.collect();
        case.expect(services.iter().cloned().chain([address.clone(), nowhere(address)]).map(Need::Exchange));
        let home = case.readable(address)?;
        case.expect([Need::Exchange(nowhere(home.url()))]);
        let own = own_domains(case, &home);
        let mut ground = Self { names: names(case, &home), home, fronts: Vec::new(), nowhere: OnceCell::new(), own };
        let known = case.facts.fronts.get(case.hoster, address);
        let front = known.unwrap_or_else(|| case.facts.fronts.read(case, address, &ground.home, &|url| ground.is_own(url)));
        let services = ground.read(case, services.iter());
        let services = services?.into_iter().filter(|front| front.status == 200).map(|front| (front, How::FromService));
        ground.fronts = std::iter::once((front, How::Linked)).chain(services).collect();
        for n in 0..ground.fronts.len() {
            let (front, how) = ground.fronts[n].clone();
            let frames = ground.read(case, front.frames.iter())?.into_iter();
            ground.fronts.extend(frames.filter(|frame| frame.status == 200).map(|frame| (frame, how)));
        }
        Ok(ground)
    }

    /// Sees what the site answers where nothing can be.
    pub(super) fn lose(&self, case: &Case<'_>) -> Result<(), Stop> {
        if self.nowhere.get().is_none() {
            let lost = nowhere(self.home.url());
            let answer = settle(case, std::iter::once(&lost))?.pop().and_then(Result::ok);
            self.nowhere.get_or_init(|| answer);
        }
        Ok(())
    }

    /// What is needed of those of these places that answer, or nothing until all have been seen; what was read once is not read again.
    fn read<'u>(&self, case: &Case<'_>, places: impl Iterator<Item = &'u Url>) -> Result<Vec<Rc<Front>>, Stop> {
        let fronts = &case.facts.fronts;
        let seen = all(places, |place| {
            if let Some(known) = fronts.get(case.hoster, place) {
                return Ok(known);
            }
            let page = case.visit(place)?;
            Ok(fronts.read(case, place, &page, &|url| self.is_own(url)))
        });
        Ok(seen?.into_iter().flatten().collect())
    }

    /// Whether a place belongs to the hoster, as far as its name tells.
    pub(super) fn is_own(&self, url: &Url) -> bool {
        domain(url).is_some_and(|domain| self.own.contains(&domain))
    }

    /// Whether a page of another domain speaks of the hoster.
    pub(super) fn is_named_in(&self, text: &str) -> bool {
        self.names.iter().any(|name| text.contains(name.as_str()))
    }

    /// How the web site writes its addresses, told once for all kinds of documents.
    pub(super) fn manner(&self, tell: impl FnOnce() -> Manner) -> Manner {
        *self.fronts[0].0.manner.get_or_init(tell)
    }

    /// The registrable domain of the web site.
    pub(super) fn domain(&self) -> Option<String> {
        domain(self.home.url())
    }

    /// Places to which the home page and those of the services lead as that kind of document.
    pub(super) fn candidates(&self, kind: &DocumentKind) -> Vec<Candidate> {
        linked(self.fronts.iter().map(|(front, how)| (front, *how)), kind)
    }

    /// What the programs of the services name, where their answer has come.
    pub(super) fn applications(&self, case: &Case<'_>, kind: &DocumentKind) -> Result<Vec<Candidate>, Stop> {
        let mut found = Vec::new();
        let mut answers = Vec::new();
        let hint = Hint { words: 3, strong: true, ..Hint::default() };
        for site in case.hoster.sites.iter().filter(|site| !site.customers) {
            let Some(url) = &site.url else { continue };
            let front = self.fronts.iter().find(|(front, _)| front.url.host() == url.host());
            let generator = front.map(|(front, _)| front.generator.as_str()).unwrap_or_default();
            let claimed = site.software.as_deref().map(fold).unwrap_or_default();
            let told = kind.applications.iter().find(|(program, _)| claimed == **program || generator.starts_with(program.as_str()));
            let Some((_, path)) = told else { continue };
            let (path, pointer) = path.split_once('#').map_or((path.as_str(), None), |(path, pointer)| (path, Some(pointer)));
            let Ok(place) = folder(url).join(path) else { continue };
            match pointer {
                Some(pointer) => answers.push((place, pointer)),
                None => found.push(Candidate { url: place, how: How::Application, hint }),
            }
        }
        let seen = settle(case, answers.iter().map(|(place, _)| place))?;
        for ((_, pointer), answer) in answers.iter().zip(seen) {
            let Ok(answer) = answer else { continue };
            let json: Option<serde_json::Value> = serde_json::from_str(answer.text()).ok();
            let link = json.as_ref().and_then(|json| json.pointer(pointer)).and_then(|link| link.as_str()?.parse::<Url>().ok());
            let link = link.filter(|link| matches!(link.scheme(), "http" | "https"));
            found.extend(link.map(|url| Candidate { url, how: How::Application, hint }));
        }
        Ok(found)
    }

    /// Places two clicks away, and the pages on the way, which may hold the document themselves.
    pub(super) fn two_clicks(&self, case: &Case<'_>, kind: &DocumentKind) -> Result<Vec<Candidate>, Stop> {
        let hubs = self.hubs(case)?;
        let mut found = linked(hubs.iter().map(|hub| (hub, How::TwoClicks)), kind);
        found.retain(|candidate| candidate.hint.words > 0 || candidate.hint.rel > 0);
        let pages = hubs.iter().map(|hub| (&hub.url, How::Linked)).chain([(self.home.url(), How::Linked)]);
        found.extend(pages.map(|(url, how)| Candidate { url: url.clone(), how, hint: Hint::default() }));
        Ok(found)
    }

    /// Pages that lead to others: about, documentation, legal notice...
    fn hubs(&self, case: &Case<'_>) -> Result<Vec<Rc<Front>>, Stop> {
        let kinds: Vec<&DocumentKind> = case.charter.documents.iter().filter(|kind| kind.leads).collect();
        let mut places: Vec<Url> = Vec::new();
        for kind in &kinds {
            let best = self.candidates(kind).into_iter().find(|candidate| candidate.hint.strong || candidate.hint.path > 0);
            places.extend(best.map(|best| best.url).filter(|url| self.is_own(url)));
        }
        for (front, _) in &self.fronts {
            places.extend(front.sisters.iter().cloned());
        }
        let mut once = BTreeSet::new();
        places.retain(|place| once.insert(place.clone()) && place != self.home.url());
        places.truncate(MOST_HUBS);
        let hubs = all(places.iter(), |place| self.hub(case, place))?;
        Ok(hubs.into_iter().flatten().filter(|hub| hub.status == 200 && hub.is_lost.get() == Some(&false)).collect())
    }

    fn hub(&self, case: &Case<'_>, place: &Url) -> Result<Rc<Front>, Stop> {
        let known = case.facts.fronts.get(case.hoster, place);
        if let Some(known) = known.as_ref().filter(|known| known.is_lost.get().is_some()) {
            return Ok(Rc::clone(known));
        }
        let page = case.visit(place)?;
        let hub = known.unwrap_or_else(|| case.facts.fronts.read(case, place, &page, &|url| self.is_own(url)));
        hub.is_lost.get_or_init(|| self.is_lost(&page));
        Ok(hub)
    }

    /// A wrong address often shows the home page, or the same page as any other wrong address.
    pub(super) fn is_lost(&self, exchange: &Exchange) -> bool {
        let nowhere = self.nowhere.get().and_then(Option::as_deref);
        let nowhere = nowhere.filter(|nowhere| nowhere.url().host() == exchange.url().host() || nowhere.url() == exchange.url());
        nowhere.is_some_and(|nowhere| is_the_same_page(exchange, nowhere, &self.home))
            || is_home(exchange, &self.home)
            || says_nothing_is_here(exchange)
    }
}

/// What these pages link to as that kind of document.
fn linked<'f>(pages: impl Iterator<Item = (&'f Rc<Front>, How)>, kind: &DocumentKind) -> Vec<Candidate> {
    let promised: Vec<(Hint, &Url, How)> =
        pages.flat_map(|(page, how)| page.promised(kind).iter().map(move |(hint, url)| (*hint, url, how))).collect();
    let how = |url: &Url| promised.iter().find(|(_, known, _)| *known == url).map_or(How::Linked, |(_, _, how)| *how);
    let best = ranked(promised.iter().map(|(hint, url, _)| (*hint, (*url).clone())));
    best.into_iter().map(|(hint, url)| Candidate { how: how(&url), url, hint }).collect()
}

/// All of these places, or nothing until all have been seen.
pub(super) fn settle<'u>(case: &Case<'_>, places: impl Iterator<Item = &'u Url>) -> Result<Vec<Result<Arc<Exchange>, Silence>>, Stop> {
    all(places, |place| case.visit(place))
}

fn all<'u, T>(places: impl Iterator<Item = &'u Url>, look: impl Fn(&'u Url) -> Result<T, Stop>) -> Result<Vec<Result<T, Silence>>, Stop> {
    let mut seen = Vec::new();
    let mut wanting = false;
    for place in places {
        match look(place) {
            Ok(found) => seen.push(Ok(found)),
            Err(Stop::Silent(silence)) => seen.push(Err(silence)),
            Err(Stop::Wanting) => wanting = true,
            Err(stop) => return Err(stop),
        }
    }
    if wanting { Err(Stop::Wanting) } else { Ok(seen) }
}

/// The frames of a page that has no words of its own.
pub(super) fn frames(case: &Case<'_>, page: &Exchange) -> Result<Vec<Arc<Exchange>>, Stop> {
    let seen = settle(case, front::frames(page).iter())?;
    Ok(seen.into_iter().flatten().filter(|frame| frame.status == 200).collect())
}

/// A place of the same host where nothing can be.
pub(super) fn nowhere(url: &Url) -> Url {
    url.join(&format!("/{NOWHERE}")).expect("a fixed path")
}

/// The folder that a service stands in.
fn folder(url: &Url) -> Url {
    let mut folder = url.clone();
    folder.set_fragment(None);
    folder.set_query(None);
    if !folder.path().ends_with('/') {
        folder.set_path(&format!("{}/", folder.path()));
    }
    folder
}

pub(super) fn domain(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(domain_of(url).unwrap_or(host).to_owned())
}

fn own_domains(case: &Case<'_>, home: &Exchange) -> BTreeSet<String> {
    let sites = case.hoster.sites.iter().filter(|site| !site.customers).filter_map(|site| site.url.as_ref());
    sites.chain(case.hoster.documents.values()).chain([home.url()]).filter_map(domain).collect()
}

fn names(case: &Case<'_>, home: &Exchange) -> Vec<String> {
    let name = Some(fold(&case.hoster.name)).filter(|name| name.chars().count() >= 4);
    name.into_iter().chain(domain(home.url())).collect()
}

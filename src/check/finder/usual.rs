//! Where a document often is when nothing names it: the sitemap, sister hosts, usual addresses.

use std::rc::Rc;
use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::ground::{Ground, settle};
use super::hint::{Candidate, Hint, Promise, is_post, rank};
use super::{How, MOST_GUESSES, MOST_MAPPED, MOST_MAPS, NOWHERE};
use crate::check::{Case, Stop};
use crate::criteria::{DocumentKind, expression};
use crate::facts::{Need, SilenceKind};

/// Places of a sitemap that are read.
const MOST_PLACES: usize = 20_000;

static PLACE: LazyLock<Regex> = LazyLock::new(|| expression(r"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)"));
static MAP: LazyLock<Regex> = LazyLock::new(|| expression(r"(?im)^\s*sitemap:\s*([^\s]+)"));

/// Pages of the sitemap whose address names that kind of document.
pub(super) fn mapped(case: &Case<'_>, kind: &DocumentKind, ground: &Ground) -> Result<Vec<Candidate>, Stop> {
    let Some(rank) = rank(case, kind) else { return Ok(Vec::new()) };
    let promises = case.facts.maps.once(case, ground.home.url().as_str(), || {
        let own = places(case, ground)?.into_iter().filter(|url| ground.is_own(url));
        Ok(own.filter_map(|url| Promise::at(case.charter, url)).collect::<Rc<[Promise]>>())
    })?;
    let named = promises.iter().filter(|promise| promise.hint(rank).is_some() && !is_post(&promise.url, kind));
    Ok(named.take(MOST_MAPPED).map(|promise| Candidate { url: promise.url.clone(), how: How::Sitemap, hint: in_address() }).collect())
}

/// What the sitemap names, within limits.
pub(in crate::check) fn places(case: &Case<'_>, ground: &Ground) -> Result<Vec<Url>, Stop> {
    let home = ground.home.url();
    let at = |path: &str| home.join(path).expect("a fixed path");
    let first = settle(case, [at("/robots.txt"), at("/sitemap.xml")].iter())?;
    let text = |n: usize| first[n].as_ref().ok().filter(|answer| answer.status == 200).map(|answer| answer.text()).unwrap_or_default();
    let named = MAP.captures_iter(text(0)).filter_map(|found| home.join(&found[1]).ok()).filter(|url| ground.is_own(url));
    let named: Vec<Url> = named.filter(|url| *url != at("/sitemap.xml")).take(MOST_MAPS - 1).collect();
    let mut maps = vec![text(1).to_owned()];
    maps.extend(settle(case, named.iter())?.into_iter().flatten().map(|map| map.text().to_owned()));
    let mut places = Vec::new();
    let mut parts = Vec::new();
    for map in &maps {
        let into = if map.contains("<sitemapindex") { &mut parts } else { &mut places };
        into.extend(PLACE.captures_iter(map).take(MOST_PLACES).filter_map(|found| found[1].replace("&amp;", "&").parse::<Url>().ok()));
    }
    // Documents are pages, where the parts of a map are told apart.
    parts.retain(|part| ground.is_own(part));
    parts.sort_by_key(|part| !part.path().contains("page"));
    parts.truncate(MOST_MAPS);
    for part in settle(case, parts.iter())?.into_iter().flatten() {
        places.extend(PLACE.captures_iter(part.text()).take(MOST_PLACES).filter_map(|found| found[1].parse::<Url>().ok()));
    }
    Ok(places)
}

/// Hosts with a usual name under the hoster's domain, if they exist and not every name does.
pub(super) fn sisters(case: &Case<'_>, kind: &DocumentKind, ground: &Ground) -> Result<Vec<Candidate>, Stop> {
    let Some(domain) = ground.domain().filter(|_| ground.home.url().domain().is_some() && !kind.hosts.is_empty()) else {
        return Ok(Vec::new());
    };
    let names: Vec<String> = kind.hosts.iter().map(|label| format!("{label}.{domain}")).collect();
    let none = format!("{NOWHERE}.{domain}");
    case.expect(names.iter().chain([&none]).cloned().map(Need::Addresses));
    match case.addresses(&none) {
        Err(Stop::Silent(silence)) if silence.kind == SilenceKind::DnsFailed => {}
        // Every name exists, or none can be asked: a name tells nothing.
        Ok(_) | Err(Stop::Silent(_)) => return Ok(Vec::new()),
        Err(stop) => return Err(stop),
    }
    let mut found = Vec::new();
    for name in names {
        match case.addresses(&name) {
            Ok(addresses) if !addresses.is_empty() => {
                let url = format!("https://{name}/").parse().expect("a label before a domain");
                found.push(Candidate { url, how: How::SisterHost, hint: in_address() });
            }
            Ok(_) | Err(Stop::Silent(_)) => {}
            Err(stop) => return Err(stop),
        }
    }
    Ok(found)
}

/// Usual addresses, written as the site writes its own.
pub(super) fn guesses(kind: &DocumentKind, ground: &Ground) -> Vec<Candidate> {
    let (prefix, suffix) = ground.manner(|| manner(ground));
    let mut paths: Vec<String> = Vec::new();
    let mut add = |path: String| {
        if !paths.contains(&path) {
            paths.push(path);
        }
    };
    if !prefix.is_empty() || !suffix.is_empty() {
        let plain = kind.paths.iter().filter(|path| !path.rsplit('/').next().unwrap_or_default().contains('.'));
        plain.take(3).for_each(|path| add(format!("{prefix}{path}{suffix}")));
    }
    kind.paths.iter().for_each(|path| add(path.clone()));
    for path in kind.paths.iter().take(1) {
        add(path.to_uppercase());
        add(format!("/fr{path}"));
    }
    paths.truncate(MOST_GUESSES);
    let urls = paths.iter().filter_map(|path| ground.home.url().join(path).ok());
    urls.map(|url| Candidate { url, how: How::UsualAddress, hint: in_address() }).collect()
}

/// What stands before and after.
pub(super) type Manner = (&'static str, &'static str);

/// The language before, and the ending after, the addresses of most pages that the home page links to.
fn manner(ground: &Ground) -> Manner {
    let home = ground.home.url();
    let own = ground.home.page().links.iter().filter_map(crate::facts::Link::page).filter(|url| url.host() == home.host());
    let paths: Vec<String> = own.map(|url| url.path().to_owned()).filter(|path| path != "/").collect();
    let most = |holds: &dyn Fn(&str) -> bool| paths.iter().filter(|path| holds(path)).count() * 2 > paths.len();
    let prefix = ["/fr", "/en", "/de", "/nl", "/es"].into_iter().find(|lang| most(&|path| path.starts_with(&format!("{lang}/"))));
    let suffix = [".html", ".htm", ".php"].into_iter().find(|end| most(&|path| path.ends_with(end)));
    (prefix.unwrap_or_default(), suffix.unwrap_or_default())
}

fn in_address() -> Hint {
    Hint { path: 2, ..Hint::default() }
}

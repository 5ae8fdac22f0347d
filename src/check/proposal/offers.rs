//! The services that a site links to: hosts below its own, and other programs on its own host.

use std::collections::BTreeSet;
use std::sync::Arc;

use url::Url;

use super::naming;
use crate::check::Case;
use crate::check::case::{same_site, with_scheme};
use crate::check::domain::domain_of;
use crate::criteria::fold;
use crate::facts::{Exchange, Link};
use crate::hoster::Offer;

/// Services that are proposed, and other addresses that are named.
const MOST: usize = 30;
const MOST_ASIDE: usize = 10;
/// Places below the site's own host that are tried.
const MOST_PATHS: usize = 6;
/// A longer address is that of no service.
const LONGEST_URL: usize = 200;

/// First labels of hosts that carry the site, or what serves it, and are no service to others.
#[rustfmt::skip] // a word list
const SITE: [&str; 40] = [
    "www", "www2", "accueil", "home", "asso", "association", "site", "blog", "news", "actu", "actus", "journal", "wiki", "doc", "docs", "aide",
    "help", "support", "faq", "api", "static", "assets", "cdn", "img", "images", "media", "auth", "sso", "login", "account", "accounts", "compte",
    "id", "don", "dons", "donate", "adhesion", "adherer", "planet", "autodiscover",
];
/// First labels of forges: their root may be a service, a project there is source code.
const FORGES: [&str; 8] = ["git", "gitlab", "gitea", "forgejo", "forge", "code", "sources", "src"];

pub(super) struct Offers {
    pub(super) services: Vec<Offer>,
    pub(super) aside: Vec<Url>,
    /// Ids of those below the site's own host.
    pub(super) paths: BTreeSet<String>,
}

/// All links to one place.
struct Place {
    /// The host, or the host and a path.
    key: String,
    label: String,
    links: Vec<(Url, String, Url)>,
    is_path: bool,
}

/// What `pages`, the best first, link to.
pub(super) fn offers(case: &Case<'_>, home: &Exchange, pages: &[Arc<Exchange>]) -> Offers {
    let mut places: Vec<Place> = Vec::new();
    let mut aside: Vec<Url> = Vec::new();
    for page in pages {
        for link in &page.page().links {
            let Some(url) = web(link, home) else { continue };
            let Some((key, label, is_path)) = place(case, home.url(), &url, &link.text) else {
                continue;
            };
            let root = root(&url);
            if !is_path && is_beside(case, home.url(), &url, &label) {
                if !aside.contains(&root) && aside.len() < MOST_ASIDE {
                    aside.push(root);
                }
                continue;
            }
            let told = (url, link.text.clone(), page.url().clone());
            match places.iter_mut().find(|place| place.key == key) {
                Some(place) => place.links.push(told),
                None => places.push(Place { key, label, links: vec![told], is_path }),
            }
        }
    }
    let mut found = Offers { services: Vec::new(), aside, paths: BTreeSet::new() };
    let mut tried = 0;
    for place in places {
        tried += usize::from(place.is_path);
        if found.services.len() == MOST || (place.is_path && tried > MOST_PATHS) {
            continue;
        }
        let offer = place.offer(&found.services);
        found.aside.retain(|url| url.host() != offer.url.host());
        if place.is_path {
            found.paths.insert(offer.id.clone());
        }
        found.services.push(offer);
    }
    found
}

/// A link of the hoster's own domain.
fn web(link: &Link, home: &Exchange) -> Option<Url> {
    let mut url = link.page()?;
    url.set_query(None);
    let plain = url.username().is_empty() && url.password().is_none() && url.as_str().len() <= LONGEST_URL;
    (plain && url.host_str().is_some_and(|host| !host.is_empty()) && same_site(&url, home.url())).then_some(url)
}

fn bare(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

/// What a link leads to: its key, its label, and whether it is below the site's own host.
fn place(case: &Case<'_>, home: &Url, url: &Url, text: &str) -> Option<(String, String, bool)> {
    if bare(home) != bare(url) {
        let label = bare(url).split('.').next().unwrap_or_default().to_owned();
        return Some((bare(url).to_owned(), label, false));
    }
    let folder = url.path().trim_matches('/');
    if folder.is_empty() || folder.contains(['/', '.', '%']) || url.path() == home.path() {
        return None;
    }
    let said = format!("{} {}", fold(&folder.replace(['-', '_'], " ")), fold(text));
    let named = case.charter.programs_named_in(&said);
    (!named.is_empty()).then(|| (format!("{}/{folder}", bare(url)), folder.to_owned(), true))
}

/// A host of the same domain that is no service as far as its name tells, or whose domain the hoster may share with others.
fn is_beside(case: &Case<'_>, home: &Url, url: &Url, label: &str) -> bool {
    let domain = domain_of(home).unwrap_or_default();
    let first = bare(home).split('.').next().unwrap_or_default();
    let shared = bare(home) != domain && !SITE.contains(&first) && !bare(url).ends_with(&format!(".{}", bare(home)));
    let document = case.charter.documents.iter().any(|kind| kind.hosts.iter().any(|host| host == label));
    let project = FORGES.contains(&label) && url.path() != "/";
    // `fr.` and `en.` are the site in other languages.
    shared || document || project || SITE.contains(&label) || label.len() < 3 || bare(url) == domain
}

fn root(url: &Url) -> Url {
    let mut root = url.clone();
    root.set_path("/");
    root
}

impl Place {
    fn offer(&self, others: &[Offer]) -> Offer {
        let named = self.links.iter().find_map(|(url, text, at)| Some((naming::of_link(text, url)?, at.clone())));
        let (name, at) = named.unwrap_or_else(|| (naming::of_label(&self.label), self.links[0].2.clone()));
        Offer { id: self.id(others), name, url: self.url(), at, software: None, silent: None }
    }

    /// The root of its host; the folder, when all links lead to that one.
    fn url(&self) -> Url {
        let first = &self.links[0].0;
        let one = self.links.iter().all(|(url, ..)| url.path() == first.path()) && first.path().ends_with('/');
        let mut url = if self.is_path || one { first.clone() } else { root(first) };
        if self.links.iter().any(|(url, ..)| url.scheme() == "https") {
            url = with_scheme_kept(&url);
        }
        url
    }

    /// Its label as an id, and a number when it is taken.
    fn id(&self, others: &[Offer]) -> String {
        let letters = self.label.to_ascii_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect::<String>();
        let id: String = letters.trim_matches('-').chars().take(40).collect();
        let id = match id.trim_matches('-') {
            "" => "service".to_owned(),
            id => id.to_owned(),
        };
        let taken = |id: &str| id == "hoster" || others.iter().any(|other| other.id == id);
        if !taken(&id) {
            return id;
        }
        (2..=MOST + 2).map(|n| format!("{id}-{n}")).find(|id| !taken(id)).expect("there are fewer services than numbers")
    }
}

/// By HTTPS; a port of its own is kept.
fn with_scheme_kept(url: &Url) -> Url {
    if url.scheme() == "https" { url.clone() } else { with_scheme(url, "https") }
}

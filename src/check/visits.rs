//! The pages of a site that its visitors open first, and the hosts that are the hoster's own.

use std::rc::Rc;
use std::sync::Arc;

use url::Url;

use super::domain::registered;
use super::finder::{self, Search};
use super::{Case, Stop};
use crate::criteria::{Class, fold};
use crate::facts::{Exchange, Link, MOST_REDIRECTS, Need, Page};

/// Pages to log in or to sign up that are opened, besides the front page.
const MOST_DOORS: usize = 2;

/// Words of links to such a page, small letters, no accents: the whole text of the link.
const DOORS: [&str; 16] = [
    "connexion",
    "se connecter",
    "s'identifier",
    "identification",
    "inscription",
    "s'inscrire",
    "creer un compte",
    "mon compte",
    "log in",
    "login",
    "sign in",
    "sign up",
    "register",
    "create an account",
    "create account",
    "anmelden",
];

/// The front page, then the terms (of the web site) and the pages to log in or to sign up that it links to. The front
/// page must answer; another one that does not is left out, since nothing is said of a page that is not named.
pub(super) fn pages(case: &Case<'_>) -> Result<Vec<Arc<Exchange>>, Stop> {
    let front = case.front()?;
    let mut found = vec![Arc::clone(&front)];
    let doors = doors(case, &front);
    case.expect(doors.iter().cloned().map(Need::Exchange));
    if case.site.subject == case.hoster.home().subject {
        match terms(case) {
            Err(Stop::Silent(_)) | Ok(None) => {}
            Ok(Some(terms)) => found.push(terms),
            Err(stop) => return Err(stop),
        }
    }
    for door in doors {
        match case.page(&door) {
            Ok(page) if is_own(case, front.url(), page.url().host_str().unwrap_or_default()) => found.push(page),
            Ok(_) | Err(Stop::Silent(_)) => {}
            Err(stop) => return Err(stop),
        }
    }
    let mut seen = Vec::new();
    found.retain(|page| {
        let fresh = !seen.contains(page.url());
        seen.push(page.url().clone());
        fresh
    });
    Ok(found)
}

/// Every answer on the way to an address, redirects included; an address that leads nowhere ends it.
pub(super) fn hops(case: &Case<'_>, url: &Url) -> Result<Vec<Arc<Exchange>>, Stop> {
    let mut at = url.clone();
    at.set_fragment(None);
    let mut answers = Vec::new();
    for _ in 0..=MOST_REDIRECTS {
        let exchange = case.hop(&at)?;
        let next = exchange.location();
        answers.push(exchange);
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    Ok(answers)
}

fn terms(case: &Case<'_>) -> Result<Option<Arc<Exchange>>, Stop> {
    let Some(kind) = case.charter.document("terms") else { return Ok(None) };
    match finder::find(case, kind)? {
        Search::Found(document) if is_own(case, case.address()?, document.exchange.url().host_str().unwrap_or_default()) => {
            Ok(Some(document.exchange))
        }
        _ => Ok(None),
    }
}

/// Links to pages where people say who they are, on the hoster's own hosts. Another site's own page is that site's matter.
fn doors(case: &Case<'_>, front: &Exchange) -> Vec<Url> {
    let at = front.url();
    let mut found: Vec<Url> = Vec::new();
    for url in case.facts.notes.doors(front, || named_doors(front.page())).iter() {
        let mut others = case.hoster.sites.iter().filter_map(|site| site.url.as_ref()?.host_str());
        let host = url.host_str();
        let here = host == at.host_str() || !others.any(|other| Some(other) == host) && is_own(case, at, host.unwrap_or_default());
        if here && url != at && !found.contains(url) {
            found.push(url.clone());
        }
        if found.len() == MOST_DOORS {
            break;
        }
    }
    found
}

/// Whatever host they are on.
fn named_doors(page: &Page) -> Rc<[Url]> {
    page.links.iter().filter(|link| DOORS.contains(&fold(&link.text).trim())).filter_map(Link::page).collect()
}

/// A host of the site's own registrable domain, of another site of the hoster, or of its declared documents (Public
/// Suffix List). What the list knows as somebody else's is theirs, but for the very host on which the hoster has a site.
pub(super) fn is_own(case: &Case<'_>, at: &Url, host: &str) -> bool {
    let sites = case.hoster.sites.iter().filter(|site| !site.customers).filter_map(|site| site.url.as_ref());
    let own = || sites.clone().chain(case.hoster.documents.values()).chain([at]).filter_map(Url::host_str);
    if own().any(|own| own == host) {
        return true;
    }
    let Some(domain) = registered(host) else { return false };
    let known = case.charter.party(host).is_some_and(|party| !party.is(Class::Neutral));
    !known && own().any(|own| registered(own) == Some(domain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sample::{HOME, sample, sample_of};

    #[test]
    fn a_document_at_a_known_third_party_does_not_make_it_ones_own() {
        let own = |documents: &str, host: &str| {
            let sample = sample_of(documents).page(HOME, "<p>hello");
            sample.with_case(|case| Ok(is_own(case, &HOME.parse().unwrap(), host)))
        };
        let google = "[documents]\nterms = 'https://docs.google.com/d'\n";
        assert!(own(google, "docs.google.com") && !own(google, "www.google.com"));
        let other = "[documents]\nterms = 'https://docs.other.example/d'\n";
        assert!(own(other, "www.other.example") && !own("", "www.other.example"));
        assert!(own("", "static.a.example") && own("", "pad.a.example") && !own("", "a.example.org"));
    }

    #[test]
    fn the_front_page_comes_first_and_each_page_once() {
        let home =
            "<p>hello</p><a href=/login>Connexion</a><a href=/login#top>Se connecter</a><a href=https://pad.a.example/login>Connexion</a>";
        let seen = sample().page(HOME, home).page("https://a.example/login", "<p>in");
        let pages = seen.with_case(|case| Ok(pages(case)?.iter().map(|page| page.url().to_string()).collect::<Vec<_>>()));
        assert_eq!(pages, [HOME, "https://a.example/login"]);
    }
}

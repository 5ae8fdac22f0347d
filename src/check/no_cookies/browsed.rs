//! What a browser kept of the pages, set by their answers or by their programs: cookies, and local storage.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use url::Url;

use super::{Code, Kept};
use crate::check::finding::Says as _;
use crate::check::visits::is_own;
use crate::check::{Case, Finding, Stop};
use crate::facts::{self, Cookie, Exchange, Life, SameSite, Stay, Visit, steady};
use crate::text::{Text, say};

/// Keys of one sentence.
const MOST_KEYS: usize = 8;

/// One of each page that a browser was wanted for, and a silence if there was one: it weighs only where no cookie was seen.
pub(super) fn visits(case: &Case<'_>, pages: &[Arc<Exchange>]) -> Result<(Vec<Arc<Visit>>, Option<Stop>), Stop> {
    for page in pages {
        case.expect_visit(page.url());
    }
    let (mut visits, mut silence) = (Vec::new(), None);
    for page in pages {
        match case.browsed(page.url()) {
            Ok(visit) => visits.extend(visit),
            Err(Stop::Silent(why)) => silence = Some(Stop::Silent(why)),
            Err(stop) => return Err(stop),
        }
    }
    Ok((visits, silence))
}

/// Where each cookie that the answers do not tell goes back to: an address made of its domain.
pub(super) fn homes(visits: &[Arc<Visit>], known: &Kept<'_>) -> BTreeMap<String, (Url, Vec<facts::Kept>)> {
    let mut homes: BTreeMap<String, (Url, Vec<facts::Kept>)> = BTreeMap::new();
    for kept in visits.iter().flat_map(|visit| &visit.cookies) {
        // The answer that set it tells more: it stays as it is.
        let told = known.iter().any(|((host, name), (_, cookie))| {
            steady(name) == kept.name && (*host == kept.domain || cookie.domain.as_deref() == Some(kept.domain.as_str()))
        });
        let Some(home) = Url::parse(&format!("https://{}/", kept.domain)).ok().filter(|_| !told) else { continue };
        let cookies = &mut homes.entry(kept.domain.clone()).or_insert_with(|| (home, Vec::new())).1;
        if !cookies.contains(kept) {
            cookies.push(kept.clone());
        }
    }
    homes
}

pub(super) fn cookies(homes: &BTreeMap<String, (Url, Vec<facts::Kept>)>) -> impl Iterator<Item = ((String, String), (&Url, Cookie))> {
    homes.values().flat_map(|(home, kept)| kept.iter().map(move |kept| ((kept.domain.clone(), kept.name.clone()), (home, cookie(kept)))))
}

fn cookie(kept: &facts::Kept) -> Cookie {
    let same_site = match kept.same_site.as_deref() {
        Some("Strict") => Some(SameSite::Strict),
        Some("Lax") => Some(SameSite::Lax),
        Some("None") => Some(SameSite::None),
        _ => None,
    };
    // How many days would change from one day to the next: one stands for all.
    let life = if kept.stay == Stay::Session { Life::Session } else { Life::Days(1) };
    let (name, secure, http_only) = (kept.name.clone(), kept.secure, kept.http_only);
    Cookie { name, domain: None, path: "/".to_owned(), secure, http_only, same_site, life }
}

pub(super) fn kept_none(at: &Url) -> Text {
    say!(
        fr: "un navigateur qui a ouvert {at} n'en a gardé aucun témoin (cookie)",
        en: "a browser that opened {at} kept no cookie of it"
    )
}

/// The law takes it for a cookie. On the site's own hosts, what is kept may be needed: it is told, and not held against it.
pub(super) fn stored(case: &Case<'_>, at: &Url, visits: &[Arc<Visit>]) -> Vec<Finding> {
    let mut hosts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for stored in visits.iter().flat_map(|visit| &visit.stored) {
        hosts.entry(&stored.host).or_default().insert(&stored.key);
    }
    let told = |(host, keys): (&str, BTreeSet<&str>)| {
        let mut names: Vec<&str> = keys.iter().copied().take(MOST_KEYS).collect();
        if keys.len() > MOST_KEYS {
            names.push("…");
        }
        let names = names.join(", ");
        let because = say!(
            fr: "{host} écrit dans le stockage local du navigateur, avant tout consentement : {names}",
            en: "{host} writes to the browser's local storage, before any consent: {names}"
        );
        let finding = if is_own(case, at, host) { Code::LocalStorage.supports(because) } else { Code::LocalStorage.inconclusive(because) };
        finding.at(at)
    };
    hosts.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{HOME, codes, is_silent, sample};
    use crate::facts::{SilenceKind, Stay};

    const CHECK: &str = "no-cookies = {}";
    const PAGE: &str = "<p>Bonjour<script src=/a.js></script>";

    fn judged(cookies: &[(&str, &str, Stay)], stored: &[(&str, &str)]) -> Vec<String> {
        codes(sample().page(HOME, PAGE).keeping(HOME, cookies, stored).judge(CHECK))
    }

    #[test]
    fn what_a_program_sets_is_seen_by_a_browser() {
        assert_eq!(judged(&[], &[]), ["none"]);
        assert_eq!(judged(&[("a.example", "x", Stay::Session)], &[]), ["first-party-only"]);
        assert_eq!(judged(&[("a.example", "x", Stay::Lasting)], &[]), ["persistent-cookie"]);
        assert_eq!(judged(&[("a.example", "_ga", Stay::Lasting)], &[]), ["tracking-cookie"]);
        assert_eq!(judged(&[("elsewhere.example", "x", Stay::Session)], &[]), ["third-party-cookie"]);
        assert_eq!(judged(&[], &[("a.example", "k"), ("elsewhere.example", "k")]), ["none", "local-storage", "local-storage"]);
    }

    #[test]
    fn what_an_answer_sets_is_told_once() {
        let headers = [("content-type", "text/html"), ("set-cookie", "sid=x; HttpOnly")];
        let page = sample().answer(HOME, 200, &headers, PAGE);
        let told = page.keeping(HOME, &[("a.example", "sid", Stay::Session)], &[]).judge(CHECK);
        assert_eq!(codes(told), ["first-party-only"]);
    }

    #[test]
    fn the_silence_of_a_browser_is_no_verdict() {
        assert!(is_silent(&sample().page(HOME, PAGE).unbrowsed(HOME, SilenceKind::TimedOut).judge(CHECK)));
        assert_eq!(codes(sample().page(HOME, "<p>Bonjour").unbrowsed(HOME, SilenceKind::NoBrowser).judge(CHECK)), ["none"]);
    }
}

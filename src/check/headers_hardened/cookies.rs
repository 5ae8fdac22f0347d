//! Cookies that others than the site could read or use.

use std::collections::BTreeMap;

use super::Code;
use crate::check::finding::Says as _;
use crate::check::{Case, Finding, Stop};
use crate::facts::Cookie;
use crate::text::say;

/// More cookies than this are not each shown.
const MOST_SHOWN: usize = 10;

/// Letters of a name that are shown.
const LONGEST_NAME: usize = 60;

/// Of every hop that leads to the page: an address that redirects sets cookies too.
pub(super) fn unprotected(case: &Case<'_>) -> Result<Option<Finding>, Stop> {
    let mut found: BTreeMap<String, (String, Vec<&'static str>)> = BTreeMap::new();
    let way = case.way(case.address()?)?;
    for exchange in &way {
        for cookie in exchange.cookies(case.today) {
            let lacks = lacks(&cookie);
            if !lacks.is_empty() {
                found.entry(cookie.name.chars().take(LONGEST_NAME).collect()).or_insert_with(|| (exchange.url().to_string(), lacks));
            }
        }
    }
    let at = way.last().map(|end| end.url().to_string()).unwrap_or_default();
    Ok((!found.is_empty()).then(|| told(&at, &found)))
}

fn told(at: &str, found: &BTreeMap<String, (String, Vec<&'static str>)>) -> Finding {
    let names = found.keys().take(MOST_SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    let because =
        say!(fr: "{at} pose des témoins (cookies) mal protégés : {names}", en: "{at} sets cookies that are ill protected: {names}");
    found.iter().take(MOST_SHOWN).fold(Code::CookieInsecure.inconclusive(because), |finding, (name, (place, lacks))| {
        finding.quote(place, &format!("set-cookie: {name} (- {})", lacks.join(", ")))
    })
}

/// The attributes that it should have.
fn lacks(cookie: &Cookie) -> Vec<&'static str> {
    let name = cookie.name.to_ascii_lowercase();
    let mut lacks = Vec::new();
    if !cookie.secure {
        lacks.push("Secure");
    }
    if is_session(&name) && !cookie.http_only {
        lacks.push("HttpOnly");
    }
    // Left to themselves, some browsers send it along with what other sites ask.
    if is_guard(&name) && cookie.same_site.is_none() {
        lacks.push("SameSite");
    }
    lacks
}

/// Whoever holds it is taken for the person who logged in. Only names that say so: others may be meant for programs of the page.
fn is_session(name: &str) -> bool {
    !is_guard(name) && (["sess", "login"].iter().any(|part| name.contains(part)) || name.rsplit('.').next() == Some("sid"))
}

/// A token against forged requests; programs of the page read it.
fn is_guard(name: &str) -> bool {
    name.contains("csrf") || name.contains("xsrf")
}

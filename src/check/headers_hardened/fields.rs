//! Header fields that say one word: what it must be, and what browsers make of another.

use super::{Code, as_sent, listed};
use crate::check::Finding;
use crate::check::finding::Says as _;
use crate::facts::Exchange;
use crate::text::say;

pub(super) fn all(page: &Exchange) -> Vec<Finding> {
    [nosniff(page), referrer(page), cors(page), resource_policy(page), opener_policy(page), embedder_policy(page)]
        .into_iter()
        .flatten()
        .collect()
}

/// X-Content-Type-Options: of several values, browsers hear the first (Fetch, "determine nosniff").
fn nosniff(page: &Exchange) -> Option<Finding> {
    const NAME: &str = "x-content-type-options";
    let at = page.url();
    let values = listed(page, NAME);
    match values.first() {
        Some(first) if first.eq_ignore_ascii_case("nosniff") => None,
        Some(_) => {
            let because = say!(fr: "{at} envoie un X-Content-Type-Options que les navigateurs n'entendent pas : seul « nosniff » compte", en: "{at} sends an X-Content-Type-Options that browsers do not hear: only 'nosniff' counts");
            Some(Code::NosniffMissing.inconclusive(because).quote(at, &as_sent(page, NAME)))
        }
        None => {
            let because = say!(fr: "{at} n'envoie pas X-Content-Type-Options : un navigateur peut prendre un fichier pour un programme", en: "{at} does not send X-Content-Type-Options: a browser may take a file for a program");
            Some(Code::NosniffMissing.inconclusive(because).at(at))
        }
    }
}

/// What browsers send to the sites that a page links to. The last known word counts, that of the page after those of the
/// header; without any, browsers are careful by themselves.
fn referrer(page: &Exchange) -> Option<Finding> {
    const NAME: &str = "referrer-policy";
    let at = page.url();
    let mut words = listed(page, NAME);
    let header = as_sent(page, NAME);
    let (said, quoted) = match page.page().referrer.clone() {
        Some(meta) if is_known(&meta) => (Some(meta.clone()), format!("<meta name=\"referrer\" content=\"{meta}\">")),
        _ => (words.iter().rev().find(|word| is_known(word)).cloned(), header),
    };
    words.retain(|word| !word.is_empty());
    match said.map(|word| word.to_ascii_lowercase()).as_deref() {
        Some(word @ ("unsafe-url" | "always" | "no-referrer-when-downgrade")) => {
            let because = say!(fr: "{at} fait dire aux autres sites l'adresse entière d'où viennent ses visiteurs ({word})", en: "{at} has other sites told the whole address from which its visitors come ({word})");
            Some(Code::ReferrerUnsafe.inconclusive(because).quote(at, &quoted))
        }
        Some(word @ ("origin" | "origin-when-cross-origin" | "origin-when-crossorigin")) => {
            let because = say!(fr: "{at} fait dire aux autres sites, même en clair, d'où viennent ses visiteurs ({word})", en: "{at} has other sites told, even in clear, from where its visitors come ({word})");
            Some(Code::ReferrerUnsafe.inconclusive(because).quote(at, &quoted))
        }
        None if !words.is_empty() => {
            let because = say!(fr: "{at} envoie un Referrer-Policy qu'aucun navigateur ne connaît", en: "{at} sends a Referrer-Policy that no browser knows");
            Some(Code::ReferrerInvalid.inconclusive(because).quote(at, &quoted))
        }
        _ => None,
    }
}

fn is_known(word: &str) -> bool {
    const KNOWN: [&str; 12] = [
        "no-referrer",
        "no-referrer-when-downgrade",
        "same-origin",
        "origin",
        "strict-origin",
        "origin-when-cross-origin",
        "strict-origin-when-cross-origin",
        "unsafe-url",
        // Older words that browsers still hear in a page.
        "never",
        "default",
        "always",
        "origin-when-crossorigin",
    ];
    KNOWN.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Cross-origin reading. Whether a site echoes whoever asks is not seen: no request says `Origin`, as no visitor's would.
fn cors(page: &Exchange) -> Option<Finding> {
    const NAME: &str = "access-control-allow-origin";
    let at = page.url();
    let values = page.headers.get(NAME)?;
    // Browsers refuse several fields, and a list (Fetch, "CORS check").
    let [value] = &values[..] else { return None };
    let with_credentials = page.header("access-control-allow-credentials").is_some_and(|value| value.trim() == "true");
    match value.trim() {
        "*" => {
            let because = say!(
                fr: "{at} laisse tous les sites lire cette page (Access-Control-Allow-Origin: *) : sans danger tant qu'elle est la même pour tous",
                en: "{at} lets all sites read this page (Access-Control-Allow-Origin: *): harmless as long as it is the same for everyone"
            );
            Some(Code::CorsWildcard.inconclusive(because).quote(at, &as_sent(page, NAME)))
        }
        "null" if with_credentials => {
            let because = say!(
                fr: "{at} laisse n'importe quel site lire, au nom de ses visiteurs, ce qu'elle leur montre (Access-Control-Allow-Origin: null)",
                en: "{at} lets any site read, in the name of its visitors, what it shows them (Access-Control-Allow-Origin: null)"
            );
            Some(Code::CorsNull.inconclusive(because).quote(at, &as_sent(page, NAME)))
        }
        _ => None,
    }
}

/// Cross-Origin-Resource-Policy: one word, in small letters; a second copy makes it void (Fetch, 3.7).
fn resource_policy(page: &Exchange) -> Option<Finding> {
    void(page, Code::CorpInvalid, "cross-origin-resource-policy", &["same-origin", "same-site", "cross-origin"])
}

fn opener_policy(page: &Exchange) -> Option<Finding> {
    let words = ["unsafe-none", "same-origin", "same-origin-allow-popups", "noopener-allow-popups"];
    void(page, Code::CoopInvalid, "cross-origin-opener-policy", &words)
}

fn embedder_policy(page: &Exchange) -> Option<Finding> {
    void(page, Code::CoepInvalid, "cross-origin-embedder-policy", &["unsafe-none", "require-corp", "credentialless"])
}

/// A field that is there and says nothing to a browser. That it is not there is no fault: few sites need it.
fn void(page: &Exchange, code: Code, name: &str, words: &[&str]) -> Option<Finding> {
    let at = page.url();
    let values = page.headers.get(name)?;
    let word = |value: &String| value.split(';').next().unwrap_or_default().trim().to_owned();
    if let [alone] = &values[..]
        && words.contains(&word(alone).as_str())
    {
        return None;
    }
    let because =
        say!(fr: "{at} envoie un {name} que les navigateurs n'entendent pas", en: "{at} sends a {name} that browsers do not hear");
    Some(code.inconclusive(because).quote(at, &as_sent(page, name)))
}

//! What a page may hold, and who may hold it: programs, frames, seals.

use url::Url;

use super::{Code, as_sent, listed};
use crate::check::Finding;
use crate::check::case::same_site;
use crate::check::finding::Says as _;
use crate::facts::{Exchange, Policies, Resource, ResourceKind};
use crate::text::{Text, say};

const CSP: &str = "content-security-policy";
const FRAMES: &str = "x-frame-options";

/// More programs than this are not each named.
const MOST_NAMED: usize = 5;

/// Content-Security-Policy. Plug-ins (`object-src`) do not count: no browser runs them any more. Nor do styles, as with the Observatory.
pub(super) fn policy(page: &Exchange) -> Option<Finding> {
    let (at, policies) = (page.url(), page.policies());
    if policies.is_empty() {
        return Some(Code::CspMissing.inconclusive(why_missing(page, policies)).at(at));
    }
    if policies.sources("script-src").next().is_none() {
        let because = say!(
            fr: "la Content-Security-Policy de {at} ne dit rien des programmes (ni script-src, ni default-src)",
            en: "the Content-Security-Policy of {at} says nothing of programs (neither script-src nor default-src)"
        );
        return Some(Code::CspUnsafe.inconclusive(because).quote(at, &said_of_scripts(page, policies)));
    }
    let faults = faults(policies);
    if faults.is_empty() {
        return None;
    }
    let joined = |words: fn(&Text) -> &str| faults.iter().map(words).collect::<Vec<_>>().join(", ");
    let because = say!(
        fr: "la Content-Security-Policy de {at} laisse passer {fr}",
        en: "the Content-Security-Policy of {at} lets through {en}",
        with: fr = joined(|fault| &fault.fr), en = joined(|fault| &fault.en)
    );
    Some(Code::CspUnsafe.inconclusive(because).quote(at, &said_of_scripts(page, policies)))
}

fn why_missing(page: &Exchange, policies: &Policies) -> Text {
    let at = page.url();
    if page.headers.contains_key(CSP) || !page.page().policies.is_empty() {
        return say!(fr: "la Content-Security-Policy de {at} ne dit rien qu'un navigateur comprenne", en: "the Content-Security-Policy of {at} says nothing that a browser understands");
    }
    if policies.is_tried() {
        return say!(
            fr: "{at} ne fait qu'essayer sa Content-Security-Policy (Report-Only) : elle n'empêche encore rien",
            en: "{at} only tries its Content-Security-Policy (Report-Only): it prevents nothing yet"
        );
    }
    say!(
        fr: "{at} n'envoie pas de politique de sécurité (Content-Security-Policy, ou CSP) : rien ne limite les programmes que la page peut charger",
        en: "{at} sends no security policy (Content-Security-Policy, or CSP): nothing limits the programs that the page may load"
    )
}

fn faults(policies: &Policies) -> Vec<Text> {
    let mut faults = Vec::new();
    if policies.takes_scripts_from_anywhere() {
        faults.push(say!(fr: "les programmes de n'importe quel site", en: "programs of any site"));
    }
    if policies.lets_inline_scripts_run() {
        faults.push(say!(fr: "ceux que quelqu'un aurait glissés dans la page ('unsafe-inline')", en: "those that someone slipped into the page ('unsafe-inline')"));
    }
    if policies.lets_eval() {
        faults.push(say!(fr: "ceux qui sont faits à partir d'un texte ('unsafe-eval')", en: "those made out of a text ('unsafe-eval')"));
    }
    faults
}

/// The directives on programs alone: they are what is judged, and nothing else of a policy changes the record. A nonce is
/// drawn anew for each visit.
fn said_of_scripts(page: &Exchange, policies: &Policies) -> String {
    let said: Vec<String> = policies
        .sources("script-src")
        .map(|sources| sources.iter().map(|source| without_nonce(source)).collect::<Vec<_>>().join(" "))
        .collect();
    match (said.is_empty(), page.headers.contains_key(CSP)) {
        (false, _) => format!("{CSP} (script-src): {}", said.join(" | ")),
        (true, true) => without_nonces(&as_sent(page, CSP)),
        (true, false) => format!("<meta http-equiv=\"{CSP}\">"),
    }
}

fn without_nonces(text: &str) -> String {
    text.split(' ').map(without_nonce).collect::<Vec<_>>().join(" ")
}

fn without_nonce(source: &str) -> String {
    let marked = source.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("'nonce-"));
    if marked { "'nonce-…'".to_owned() } else { source.to_owned() }
}

/// Frame protection: `frame-ancestors` of a header's policy makes browsers forget X-Frame-Options (CSP3, 6.4.2.2).
pub(super) fn frames(page: &Exchange) -> Option<Finding> {
    let at = page.url();
    let policies = page.policies();
    if policies.has("frame-ancestors") {
        let open = policies.sources("frame-ancestors").all(|sources| sources.iter().any(|source| anybody(source)));
        let because = || say!(fr: "n'importe quel site peut afficher {at} dans un cadre et piéger ses visiteurs", en: "any site may show {at} in a frame and trap its visitors");
        let said = policies.sources("frame-ancestors").map(|sources| sources.join(" ")).collect::<Vec<_>>().join(" | ");
        return open.then(|| Code::FramesAllowed.inconclusive(because()).quote(at, &format!("frame-ancestors {said}")));
    }
    if refuses_frames(&listed(page, FRAMES)) {
        return None;
    }
    let because = say!(
        fr: "n'importe quel site peut afficher {at} dans un cadre et piéger ses visiteurs : ni frame-ancestors, ni X-Frame-Options valable",
        en: "any site may show {at} in a frame and trap its visitors: neither frame-ancestors nor a valid X-Frame-Options"
    );
    let finding = Code::FramesAllowed.inconclusive(because);
    Some(if page.headers.contains_key(FRAMES) { finding.quote(at, &as_sent(page, FRAMES)) } else { finding.at(at) })
}

fn anybody(source: &str) -> bool {
    ["*", "http:", "https:", "http://*", "https://*"].iter().any(|anybody| source.eq_ignore_ascii_case(anybody))
}

/// HTML, 7.7: one value in several copies is that value; several of which one is known refuse everybody. No browser hears `ALLOW-FROM`.
fn refuses_frames(values: &[String]) -> bool {
    let mut values: Vec<String> = values.iter().map(|value| value.to_ascii_lowercase()).filter(|value| !value.is_empty()).collect();
    values.sort();
    values.dedup();
    let known = |value: &String| matches!(value.as_str(), "deny" | "sameorigin");
    match &values[..] {
        [alone] => known(alone),
        several => several.iter().any(|value| known(value) || value == "allowall"),
    }
}

/// Programs of other sites that could change without the page noticing (Subresource Integrity).
pub(super) fn scripts(page: &Exchange) -> Option<Finding> {
    let at = page.url();
    let policies = page.policies();
    // What the page's own policy keeps away is not loaded.
    let loaded = |url: &&Url| policies.may_load(&Resource { url: (*url).clone(), kind: ResourceKind::Script });
    let mut foreign: Vec<&Url> = page.page().unsealed_scripts.iter().filter(|url| !same_site(url, at)).filter(loaded).collect();
    foreign.sort();
    foreign.dedup();
    let (first, count) = (foreign.first()?, foreign.len());
    let because = match count {
        1 => say!(
            fr: "{at} charge {first}, d'un autre site, sans sceau (attribut integrity) : ce programme peut changer à son insu",
            en: "{at} loads {first}, from another site, without a seal (integrity attribute): this program may change without its knowledge"
        ),
        _ => say!(
            fr: "{at} charge {count} programmes d'autres sites sans sceau (attribut integrity) : ils peuvent changer à son insu",
            en: "{at} loads {count} programs from other sites without a seal (integrity attribute): they may change without its knowledge"
        ),
    };
    let finding = Code::SriMissing.inconclusive(because).at(at);
    Some(foreign.into_iter().take(MOST_NAMED).fold(finding, Finding::at))
}

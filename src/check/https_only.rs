//! HTTPS answers, plain HTTP leads there or is closed, and the page fetches nothing in clear.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::case::{same_site, with_scheme};
use super::finding::codes;
use super::{Case, Finding, Judge, Judgement, Stop};
use crate::facts::{Exchange, MOST_REDIRECTS, Resource, ResourceKind, SilenceKind};
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HttpsOnly {}

codes! {
    Ok = "ok",
    NoHttps = "no-https",
    NotRedirected = "not-redirected",
    RedirectsElsewhere = "redirects-elsewhere",
    RedirectLoop = "redirect-loop",
    ClearHop = "clear-hop",
    LeadsToHttp = "leads-to-http",
    MixedContent = "mixed-content",
    FormInClear = "form-in-clear",
}

impl Judge for HttpsOnly {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let address = case.address()?;
        let (plain, secure) = (with_scheme(address, "http"), with_scheme(address, "https"));
        case.expect([plain.clone(), secure.clone()].map(crate::facts::Need::Exchange));
        match case.knock(&secure)? {
            Err(silence) if silence.kind == SilenceKind::Refused => return without_https(case, &plain, &secure),
            // Somebody speaks TLS there; the certificate is judged by its own check.
            Err(silence) if silence.kind != SilenceKind::CertificateRefused => return Err(Stop::Silent(silence)),
            _ => {}
        }
        let mut findings = vec![plain_http(case, &plain)?];
        let followed = [follow(case, &plain)?, follow(case, &secure)?];
        findings.extend(clear_hop(&followed));
        match case.visit(&secure) {
            Ok(end) => findings.extend(led_to_http(&secure, &end).into_iter().chain(mixed_content(&end))),
            Err(Stop::Wanting) => return Err(Stop::Wanting),
            Err(Stop::Silent(silence)) if silence.kind == SilenceKind::RedirectLoop => {
                findings.push(
                    Code::RedirectLoop
                        .inconclusive(say!(fr: "{secure} renvoie sans fin", en: "{secure} redirects without end"))
                        .at(&secure),
                );
            }
            // A page that cannot be read has nothing to tell.
            Err(_) => {}
        }
        Ok(findings)
    }
}

fn without_https(case: &Case<'_>, plain: &Url, secure: &Url) -> Judgement {
    case.page(plain)?;
    let finding = Code::NoHttps
        .refutes(say!(fr: "{plain} répond, mais {secure} refuse la connexion", en: "{plain} answers, but {secure} refuses the connection"));
    finding.at(plain).at(secure).alone()
}

/// Where plain HTTP leads.
fn plain_http(case: &Case<'_>, plain: &Url) -> Result<Finding, Stop> {
    let mut at = plain.clone();
    for _ in 0..=MOST_REDIRECTS {
        let exchange = match case.knock(&at)? {
            Ok(exchange) => exchange,
            Err(silence) if silence.kind == SilenceKind::Refused => {
                return Ok(Code::Ok
                    .supports(say!(fr: "{plain} est fermé : tout passe par HTTPS", en: "{plain} is closed: everything goes through HTTPS"))
                    .at(plain));
            }
            Err(silence) => return Err(Stop::Silent(silence)),
        };
        match exchange.location() {
            Some(next) if next.scheme() == "https" => return Ok(led_to_https(plain, &next)),
            Some(next) => at = next,
            None => {
                let status = exchange.status;
                let finding = match status {
                    200..=299 => Code::NotRedirected.refutes(
                        say!(fr: "{at} répond en clair, sans renvoyer vers HTTPS", en: "{at} answers in clear, without leading to HTTPS"),
                    ),
                    _ => Code::NotRedirected.inconclusive(
                        say!(fr: "{at} répond en clair par l'erreur {status}", en: "{at} answers in clear with error {status}"),
                    ),
                };
                return Ok(finding.at(&at));
            }
        }
    }
    Ok(Code::RedirectLoop.inconclusive(say!(fr: "{plain} renvoie sans fin", en: "{plain} redirects without end")).at(plain))
}

fn led_to_https(plain: &Url, next: &Url) -> Finding {
    let finding = if same_site(plain, next) {
        Code::Ok.supports(say!(fr: "{plain} renvoie vers {next}", en: "{plain} leads to {next}"))
    } else {
        Code::RedirectsElsewhere
            .inconclusive(say!(fr: "{plain} renvoie vers un autre site : {next}", en: "{plain} leads to another site: {next}"))
    };
    finding.at(plain).at(next)
}

/// An HTTPS address that sends its visitors to a page in clear.
fn led_to_http(secure: &Url, end: &Exchange) -> Option<Finding> {
    let at = end.url();
    let in_clear = at.scheme() == "http" && (200..=299).contains(&end.status);
    in_clear.then(|| {
        Code::LeadsToHttp
            .refutes(say!(fr: "{secure} renvoie vers {at}, en clair", en: "{secure} leads to {at}, in clear"))
            .at(secure)
            .at(at)
    })
}

/// The addresses of the same site through which a visitor passes, for as long as somebody answers.
fn follow(case: &Case<'_>, from: &Url) -> Result<Vec<Url>, Stop> {
    let mut way = vec![from.clone()];
    while way.len() <= MOST_REDIRECTS {
        let Some(at) = way.last() else { break };
        // Who does not answer is no hop; that nobody answers is told elsewhere.
        let Ok(exchange) = case.knock(at)? else { break };
        match exchange.location() {
            Some(next) if same_site(from, &next) && !way.contains(&next) => way.push(next),
            _ => break,
        }
    }
    Ok(way)
}

/// A hop in clear on the way to HTTPS, other than the address that the visitor typed: one more chance to lead visitors astray.
fn clear_hop(ways: &[Vec<Url>]) -> Option<Finding> {
    let is_clear = |url: &&Url| url.scheme() == "http";
    let hop = ways.iter().find_map(|way| {
        let end = way.last().filter(|end| end.scheme() == "https")?;
        let hop = way.iter().skip(1).find(is_clear)?;
        Some((way.first()?, hop, end))
    });
    hop.map(|(from, hop, end)| {
        let because = say!(fr: "{from} passe par {hop}, en clair, avant {end}", en: "{from} goes through {hop}, in clear, before {end}");
        Code::ClearHop.inconclusive(because).at(from).at(hop)
    })
}

/// More resources in clear than this say nothing new.
const MOST_IN_CLEAR: usize = 200;

/// What an HTTPS page fetches or sends in clear.
fn mixed_content(exchange: &Exchange) -> Vec<Finding> {
    let (at, page, policies) = (exchange.url(), exchange.page(), exchange.policies());
    if at.scheme() != "https" || policies.upgrades_insecure_requests() {
        return Vec::new();
    }
    let in_clear = |url: &Url| url.scheme() == "http" && !is_this_machine(url);
    let loaded: Vec<&Resource> = page
        .resources
        .iter()
        .filter(|resource| resource.kind != ResourceKind::Hint && in_clear(&resource.url))
        .take(MOST_IN_CLEAR)
        .filter(|resource| policies.may_load(resource))
        .collect();
    let (active, passive): (Vec<&Resource>, Vec<&Resource>) = loaded.into_iter().partition(|resource| is_active(resource.kind));
    let mut findings = Vec::new();
    if let Some(Resource { url, kind }) = active.first() {
        let element = kind.element();
        let because = say!(fr: "{at} charge {url} en clair ({element}) : les navigateurs le refusent, et la page peut en être cassée", en: "{at} loads {url} in clear ({element}): browsers refuse it, which may break the page");
        findings.push(Code::MixedContent.inconclusive(because).at(at).at(url));
    }
    if let Some(Resource { url, kind }) = passive.first() {
        let element = kind.element();
        let because = say!(fr: "{at} charge {url} en clair ({element})", en: "{at} loads {url} in clear ({element})");
        findings.push(Code::MixedContent.inconclusive(because).at(at).at(url));
    }
    if let Some(form) = page.forms.iter().find(|url| in_clear(url)) {
        let because = say!(fr: "{at} envoie en clair, à {form}, ce que l'on écrit dans un formulaire", en: "{at} sends in clear, to {form}, what one writes in a form");
        findings.push(Code::FormInClear.inconclusive(because).at(at).at(form));
    }
    findings
}

/// What could change the whole page (Mixed Content, 3): browsers refuse it in clear; pictures, sound and films they fetch over HTTPS instead.
fn is_active(kind: ResourceKind) -> bool {
    match kind {
        ResourceKind::Script | ResourceKind::Style | ResourceKind::Frame => true,
        ResourceKind::Image | ResourceKind::Media | ResourceKind::InlineStyle | ResourceKind::Hint => false,
    }
}

/// What never leaves the visitor's machine is not in clear for anybody (Secure Contexts, 3.1).
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{HOME, Sample, codes, is_silent, sample};
    use crate::facts::SilenceKind;

    const PLAIN: &str = "http://a.example/";

    fn over_https() -> Sample {
        sample().page(HOME, "<p>hello")
    }

    fn judged(sample: Sample) -> Vec<String> {
        codes(sample.judge("https-only = {}"))
    }

    #[test]
    fn plain_http_that_leads_to_https_or_is_closed_is_met() {
        assert_eq!(judged(over_https().answer(PLAIN, 301, &[("location", HOME)], "")), ["ok"]);
        assert_eq!(judged(over_https().answer(PLAIN, 301, &[("location", "https://www.a.example/")], "")), ["ok"]);
        assert_eq!(judged(over_https().silent(PLAIN, SilenceKind::Refused)), ["ok"]);
    }

    #[test]
    fn plain_http_that_answers_is_unmet() {
        assert_eq!(judged(over_https().page(PLAIN, "hello")), ["not-redirected"]);
    }

    #[test]
    fn no_https_is_only_said_when_plain_http_answers() {
        assert_eq!(judged(sample().silent(HOME, SilenceKind::Refused).page(PLAIN, "hello")), ["no-https"]);
        let nobody = sample().silent(HOME, SilenceKind::Refused).silent(PLAIN, SilenceKind::Refused);
        assert!(is_silent(&nobody.judge("https-only = {}")));
    }

    #[test]
    fn each_hop_is_judged() {
        let bare = || over_https().answer(PLAIN, 301, &[("location", "http://www.a.example/")], "");
        let www = bare().answer("http://www.a.example/", 301, &[("location", "https://www.a.example/")], "");
        assert_eq!(judged(www.page("https://www.a.example/", "hello")), ["ok", "clear-hop"]);
        assert_eq!(judged(bare().page("http://www.a.example/", "hello")), ["not-redirected"]);
        let back = sample().answer(HOME, 301, &[("location", "http://a.example/in")], "").silent(PLAIN, SilenceKind::Refused);
        let back = back.answer("http://a.example/in", 301, &[("location", "https://a.example/in")], "");
        assert_eq!(judged(back.page("https://a.example/in", "hello")), ["ok", "clear-hop"]);
    }

    #[test]
    fn a_loop_is_told_from_wherever_it_is_entered() {
        let flexible = sample().answer(HOME, 302, &[("location", PLAIN)], "").answer(PLAIN, 302, &[("location", HOME)], "");
        assert_eq!(judged(flexible), ["ok", "redirect-loop"]);
        let own = sample().answer(HOME, 302, &[("location", HOME)], "").silent(PLAIN, SilenceKind::Refused);
        assert_eq!(judged(own), ["ok", "redirect-loop"]);
    }

    #[test]
    fn what_is_loaded_or_sent_in_clear_is_told_once_a_kind() {
        let of =
            |headers: &[(&str, &str)], html: &str| judged(sample().answer(HOME, 200, headers, html).silent(PLAIN, SilenceKind::Refused));
        let html = [("content-type", "text/html")];
        let all = "<p>a<script src=http://b.example/x.js></script><img src=http://b.example/1.png alt=''><img src=http://b.example/2.png alt=''>\
                   <form action=http://b.example/in></form>";
        assert_eq!(of(&html, all), ["ok", "mixed-content", "mixed-content", "form-in-clear"]);
        assert_eq!(of(&html, "<p>a<button formaction=http://b.example/in>"), ["ok", "form-in-clear"]);
        assert_eq!(
            of(&html, "<p>a<a href=http://b.example/>b</a><form action=/in></form><link rel=preconnect href=http://b.example/>"),
            ["ok"]
        );
        assert_eq!(of(&html, "<p>a<img src=http://127.0.0.1/1.png alt=''>"), ["ok"]);
        let upgraded = [html[0], ("content-security-policy", "Upgrade-Insecure-Requests")];
        assert_eq!(of(&upgraded, all), ["ok"]);
        let written = format!("<meta http-equiv=Content-Security-Policy content=upgrade-insecure-requests>{all}");
        assert_eq!(of(&html, &written), ["ok"]);
        let tried = [html[0], ("content-security-policy-report-only", "upgrade-insecure-requests")];
        assert_eq!(of(&tried, "<p>a<img src=http://b.example/1.png alt=''>"), ["ok", "mixed-content"]);
        let blocked = [html[0], ("content-security-policy", "img-src https:")];
        assert_eq!(of(&blocked, "<p>a<img src=http://b.example/1.png alt=''>"), ["ok"], "no browser fetches it");
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(HOME, SilenceKind::TimedOut).page(PLAIN, "hello").judge("https-only = {}")));
        assert!(is_silent(&over_https().silent(PLAIN, SilenceKind::TimedOut).judge("https-only = {}")));
    }

    #[test]
    fn https_that_leads_to_plain_http_is_unmet() {
        let back = sample().answer(HOME, 301, &[("location", "http://www.a.example/")], "").page("http://www.a.example/", "hello");
        assert_eq!(judged(back.answer(PLAIN, 301, &[("location", HOME)], "")), ["ok", "leads-to-http"]);
    }

    #[test]
    fn another_site_a_loop_and_a_picture_in_clear_are_told() {
        assert_eq!(judged(over_https().answer(PLAIN, 301, &[("location", "https://b.example/")], "")), ["redirects-elsewhere"]);
        assert_eq!(judged(over_https().answer(PLAIN, 301, &[("location", PLAIN)], "")), ["redirect-loop"]);
        let abroad = over_https().answer(PLAIN, 301, &[("location", "http://b.example/")], "");
        let abroad = abroad.answer("http://b.example/", 301, &[("location", "https://b.example/")], "");
        assert_eq!(judged(abroad), ["redirects-elsewhere"], "another site's hops are its own");
        let mixed = sample().page(HOME, "<img src='http://a.example/i.png' alt=''>").silent(PLAIN, SilenceKind::Refused);
        assert_eq!(judged(mixed), ["ok", "mixed-content"]);
    }
}

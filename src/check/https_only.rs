//! HTTPS answers, plain HTTP leads there or is closed, and the page fetches nothing in clear.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::case::with_scheme;
use super::finding::codes;
use super::{Case, Finding, Judge, Judgement, Stop};
use crate::facts::{Exchange, MOST_REDIRECTS, ResourceKind, SilenceKind};
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
    LeadsToHttp = "leads-to-http",
    MixedContent = "mixed-content",
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
        match case.visit(&secure) {
            Ok(end) => findings.extend(led_to_http(&secure, &end).into_iter().chain(mixed_content(&end))),
            Err(Stop::Wanting) => return Err(Stop::Wanting),
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
    let in_clear = at.scheme() == "http" && end.status == 200;
    in_clear.then(|| {
        Code::LeadsToHttp
            .refutes(say!(fr: "{secure} renvoie vers {at}, en clair", en: "{secure} leads to {at}, in clear"))
            .at(secure)
            .at(at)
    })
}

/// Same registrable domain (Public Suffix List).
fn same_site(a: &Url, b: &Url) -> bool {
    a.host_str() == b.host_str() || (a.domain().is_some() && a.domain().and_then(psl::domain_str) == b.domain().and_then(psl::domain_str))
}

/// What the page fetches over plain HTTP.
fn mixed_content(exchange: &Exchange) -> Option<Finding> {
    let clear = exchange.page().resources.iter().find(|resource| resource.url.scheme() == "http" && resource.kind != ResourceKind::Hint);
    clear.map(|resource| {
        let (page, url, element) = (exchange.url(), &resource.url, resource.kind.element());
        let because = say!(fr: "{page} charge {url} en clair ({element})", en: "{page} loads {url} in clear ({element})");
        Code::MixedContent.inconclusive(because).at(page).at(url)
    })
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
        let mixed = sample().page(HOME, "<img src='http://a.example/i.png' alt=''>").silent(PLAIN, SilenceKind::Refused);
        assert_eq!(judged(mixed), ["ok", "mixed-content"]);
    }
}

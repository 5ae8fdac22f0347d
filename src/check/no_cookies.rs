//! A page leaves no cookie in the browser before any consent, or only those without which it could not work.

mod browsed;

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::finding::codes;
use super::visits::{hops, is_own, pages};
use super::{Case, Finding, Judge, Judgement, Outcome, Stop};
use crate::criteria::{CookieName, Purpose};
use crate::facts::{Call, Cookie, Exchange, SameSite};
use crate::text::{Text, say};

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NoCookies {}

codes! {
    None = "none",
    FirstPartyOnly = "first-party-only",
    ThirdParty = "third-party-cookie",
    Persistent = "persistent-cookie",
    Tracking = "tracking-cookie",
    LocalStorage = "local-storage",
}

/// Cookies told one by one.
const MOST: usize = 12;

impl Judge for NoCookies {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        if case.site.customers {
            return Err(Stop::CustomersSite(of_customers(case)?));
        }
        let pages = pages(case)?;
        let at = pages[0].url();
        let mut answers: Vec<Arc<Exchange>> = hops(case, case.address()?)?;
        answers.extend(pages.iter().cloned());
        let mut kept = kept(case, &answers);
        let (visits, silence) = browsed::visits(case, &pages)?;
        let homes = browsed::homes(&visits, &kept);
        kept.extend(browsed::cookies(&homes));
        let stored = browsed::stored(case, at, &visits);
        if kept.is_empty() {
            if let Some(silence) = silence {
                return Err(silence);
            }
            if pages[0].page().needs_javascript() {
                case.lived(at)?;
            }
            let because = if visits.len() == pages.len() {
                browsed::kept_none(at)
            } else if pages.iter().any(|page| page.page().scripts > 0) {
                say!(
                    fr: "{at} ne pose aucun témoin (cookie) par ses réponses ; ceux que poseraient ses programmes (JavaScript) et ce qu'ils chargent n'ont pas été vus",
                    en: "{at} sets no cookie in its answers; those that its programs (JavaScript) and what they load may set were not seen"
                )
            } else if pages.iter().any(|page| page.page().calls.iter().any(Call::is_certain)) {
                say!(
                    fr: "{at} ne pose aucun témoin (cookie) par ses réponses ; ceux que poseraient les images, les styles ou les cadres que la page charge n'ont pas été vus",
                    en: "{at} sets no cookie in its answers; those that the images, styles or frames that the page loads may set were not seen"
                )
            } else {
                say!(fr: "{at} ne pose aucun témoin (cookie)", en: "{at} sets no cookie")
            };
            let none = pages.iter().fold(Code::None.supports(because), |finding, page| finding.at(page.url()));
            return Ok(std::iter::once(none).chain(stored).collect());
        }
        let told = kept.iter().take(MOST).map(|((_, name), (place, cookie))| told(case, at, name, place, cookie));
        Ok(told.chain(stored).collect())
    }
}

/// What the answers of a site of customers set that is worth a look.
fn of_customers(case: &Case<'_>) -> Result<Vec<Finding>, Stop> {
    let front = case.customers_front()?;
    let answers = case.site.url.as_ref().map_or(Ok(Vec::new()), |url| hops(case, url))?;
    let kept = kept(case, &answers);
    let told = kept.iter().take(MOST).map(|((_, name), (place, cookie))| told(case, front.url(), name, place, cookie));
    Ok(told.filter(|finding| finding.outcome != Outcome::Supports).collect())
}

/// By host and name, where each was first set.
type Kept<'e> = BTreeMap<(String, String), (&'e Url, Cookie)>;

fn kept<'e>(case: &Case<'_>, answers: &'e [Arc<Exchange>]) -> Kept<'e> {
    let mut kept = Kept::new();
    for answer in answers {
        for cookie in answer.cookies(case.today) {
            let host = answer.url().host_str().unwrap_or_default().to_owned();
            kept.entry((host, cookie.name.clone())).or_insert((answer.url(), cookie));
        }
    }
    kept
}

/// What is said of one cookie. Only one that is known to follow people speaks against the site.
fn told(case: &Case<'_>, at: &Url, name: &str, place: &Url, cookie: &Cookie) -> Finding {
    let known = case.charter.cookie(name);
    let name = if name.is_empty() { "(sans nom)" } else { name };
    let host = place.host_str().unwrap_or_default();
    let (life, what) = (life(cookie), what(known));
    let because = say!(
        fr: "{host} pose le témoin (cookie) {name} avant tout consentement, {life_fr} : {what_fr}",
        en: "{host} sets the cookie {name} before any consent, {life_en}: {what_en}",
        with: life_fr = &life.fr, life_en = &life.en, what_fr = &what.fr, what_en = &what.en
    );
    let finding = match (known.map(|known| known.purpose), is_own(case, at, host)) {
        (Some(Purpose::Tracking), _) => Code::Tracking.refutes(because),
        (_, false) => Code::ThirdParty.inconclusive(because),
        (Some(Purpose::Statistics), _) => Code::Persistent.inconclusive(because),
        (None, _) if cookie.is_lasting() => Code::Persistent.inconclusive(because),
        (Some(Purpose::Technical | Purpose::Preference) | None, _) => Code::FirstPartyOnly.supports(because),
    };
    finding.quote(place, &attributes(name, cookie))
}

/// No figure: it would change from day to day where the site gives a fixed date.
fn life(cookie: &Cookie) -> Text {
    if cookie.is_lasting() {
        say!(fr: "gardé après la fermeture du navigateur", en: "kept after the browser is closed")
    } else {
        say!(fr: "effacé à la fermeture du navigateur", en: "erased when the browser is closed")
    }
}

fn what(known: Option<&CookieName>) -> Text {
    let Some(CookieName { setter, what, purpose, .. }) = known else {
        return say!(
            fr: "notre liste ne le connaît pas ; dire à quoi il sert dans la politique de confidentialité, ou s'en passer",
            en: "our list does not know it; say what it is for in the privacy policy, or do without it"
        );
    };
    let (fr, en) = match purpose {
        Purpose::Technical => ("permis sans consentement", "allowed without consent"),
        Purpose::Preference => {
            ("permis sans consentement s'il garde un choix de la personne", "allowed without consent if it keeps a person's choice")
        }
        Purpose::Statistics => (
            "permis sans consentement sous conditions : vérifier ses réglages",
            "allowed without consent on conditions: check its settings",
        ),
        Purpose::Tracking => ("à retirer", "to be removed"),
    };
    say!(
        fr: "{setter} ; il {what_fr} ; {fr}",
        en: "{setter}; it {what_en}; {en}",
        with: what_fr = &what.fr, what_en = &what.en
    )
}

/// `sid; Domain=a.example; Secure; HttpOnly; SameSite=Lax`: never its value.
fn attributes(name: &str, cookie: &Cookie) -> String {
    let mut shown = name.to_owned();
    if let Some(domain) = &cookie.domain {
        shown.push_str(&format!("; Domain={domain}"));
    }
    if cookie.secure {
        shown.push_str("; Secure");
    }
    if cookie.http_only {
        shown.push_str("; HttpOnly");
    }
    let same_site = match cookie.same_site {
        Some(SameSite::Strict) => "; SameSite=Strict",
        Some(SameSite::Lax) => "; SameSite=Lax",
        Some(SameSite::None) => "; SameSite=None",
        None => "",
    };
    shown.push_str(same_site);
    shown
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{HOME, codes, is_silent, sample, sample_of};
    use crate::check::{Finding, Outcome, Stop};
    use crate::facts::SilenceKind;

    const CHECK: &str = "no-cookies = {}";

    fn told(set_cookie: &[&str]) -> Vec<Finding> {
        let mut headers = vec![("content-type", "text/html")];
        headers.extend(set_cookie.iter().map(|value| ("set-cookie", *value)));
        sample().answer(HOME, 200, &headers, "<p>hello").judge(CHECK).unwrap()
    }

    fn judged(set_cookie: &[&str]) -> Vec<(String, Outcome)> {
        told(set_cookie).into_iter().map(|finding| (finding.code, finding.outcome)).collect()
    }

    #[test]
    fn no_cookie_is_none() {
        assert_eq!(judged(&[]), [("none".into(), Outcome::Supports)]);
        // Taken back at once.
        assert_eq!(judged(&["a=; Max-Age=0"]), [("none".into(), Outcome::Supports)]);
    }

    #[test]
    fn none_says_what_was_not_looked_at() {
        let because = |html: &str| {
            let page = format!("<p>{}{html}", "Hello, this is a page that can be read. ".repeat(9));
            sample().page(HOME, &page).judge(CHECK).unwrap()[0].because.en.clone()
        };
        assert_eq!(because(""), "https://a.example/ sets no cookie");
        assert!(because("<img src='https://b.example/i.png'>").ends_with("that the page loads may set were not seen"));
        assert!(because("<script src=/a.js></script>").ends_with("what they load may set were not seen"));
    }

    #[test]
    fn a_session_cookie_is_lawful() {
        for field in ["PHPSESSID=x; Path=/", "anything=x; Secure", "MMCSRF=x; Max-Age=2592000", "lang=fr; Max-Age=9999999"] {
            assert_eq!(judged(&[field]), [("first-party-only".into(), Outcome::Supports)], "{field}");
        }
    }

    #[test]
    fn what_lasts_is_asked_about_and_what_follows_people_is_refused() {
        assert_eq!(judged(&["visitor=x; Max-Age=31536000"]), [("persistent-cookie".into(), Outcome::Inconclusive)]);
        assert_eq!(judged(&["_pk_id.1.1fff=x; Max-Age=31536000"]), [("persistent-cookie".into(), Outcome::Inconclusive)]);
        assert_eq!(judged(&["_ga=x; Max-Age=31536000"]), [("tracking-cookie".into(), Outcome::Refutes)]);
        assert_eq!(judged(&["_gallery=x"]), [("first-party-only".into(), Outcome::Supports)]);
    }

    #[test]
    fn a_third_party_on_the_way_is_told() {
        let away = sample().answer(HOME, 302, &[("location", "https://login.example/in")], "");
        let away = away.answer("https://login.example/in", 302, &[("location", "https://a.example/home"), ("set-cookie", "x=1")], "");
        assert_eq!(codes(away.page("https://a.example/home", "<p>hello").judge(CHECK)), ["third-party-cookie"]);
    }

    #[test]
    fn a_site_of_customers_is_seen_and_never_judged() {
        let seen = |field: &str| {
            let headers = [("content-type", "text/html"), ("set-cookie", field)];
            let seen = sample_of("scope = 'customers'").answer("https://pad.a.example/", 200, &headers, "<p>hello");
            let Err(Stop::CustomersSite(seen)) = seen.judge_service(CHECK) else { panic!("a site of customers is judged") };
            seen.into_iter().map(|finding| finding.code).collect::<Vec<_>>()
        };
        assert_eq!(seen("_ga=x; Max-Age=31536000"), ["tracking-cookie"]);
        assert_eq!(seen("PHPSESSID=x"), [""; 0]);
    }

    #[test]
    fn the_value_is_never_shown() {
        let findings = told(&["sid=secret; HttpOnly; SameSite=Lax"]);
        assert!(!format!("{findings:?}").contains("secret"));
        assert_eq!(findings[0].evidence[0].excerpt.as_deref(), Some("sid; HttpOnly; SameSite=Lax"));
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(HOME, SilenceKind::TimedOut).judge(CHECK)));
        assert!(is_silent(&sample().page(HOME, "<div id=app></div><script src=/a.js></script>").judge(CHECK)));
    }
}

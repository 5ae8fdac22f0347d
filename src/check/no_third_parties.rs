//! A page does not make its visitors' browsers call others: fonts, statistics, avatars, advertising.

mod browsed;
#[cfg(test)]
mod fixtures;
mod follow;
mod told;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::finding::codes;
use super::visits::{is_own, pages};
use super::{Case, Finding, Judge, Judgement, Stop};
use crate::criteria::Class;
use crate::day::Day;
use crate::facts::{Call, Exchange, Fetch, Policies, When};
use crate::text::{Text, say};
use follow::{Called, alone, called, on_the_way};
use told::{ByHost, unknown_names, worst};

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NoThirdParties {
    /// Classes of third parties that break the criterion.
    refuse: Vec<Class>,
}

codes! {
    None = "none",
    BigTech = "big-tech",
    Tracker = "tracker",
    Advertising = "advertising",
    Other = "other-third-party",
    NamedOnly = "named-only",
    OwnStatistics = "own-statistics",
    PartlyRead = "partly-read",
    StaleList = "stale-list",
}

/// After so many days, a list of hosts no longer tells the world as it is.
const STALE_AFTER: i32 = 365;

impl Judge for NoThirdParties {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        if case.site.customers {
            return Err(Stop::CustomersSite(self.of_customers(case)?));
        }
        let pages = pages(case)?;
        let mut seen: Vec<Called> = vec![on_the_way(case, &pages[0])?];
        let mut waiting = false;
        for page in &pages {
            match called(case, page) {
                // All pages ask before any waits, so that they are looked at side by side.
                Err(Stop::Wanting) => waiting = true,
                called => seen.push(called?),
            }
        }
        if waiting {
            return Err(Stop::Wanting);
        }
        let at = pages[0].url();
        let (certain, uncertain) = by_host(case, at, &seen);
        let mut findings = worst(at, certain.iter().filter_map(|(host, calls)| self.certain(case, host, calls)).collect());
        if findings.is_empty() {
            if pages[0].page().needs_javascript() {
                // Unless a browser has shown it.
                case.lived(at)?;
            }
            if let Some(silence) = seen.iter().flat_map(|called| &called.silences).next() {
                return Err(Stop::Silent(silence.clone()));
            }
        }
        if findings.is_empty() {
            findings.push(none(case, &pages.iter().map(AsRef::as_ref).collect::<Vec<_>>(), &seen));
        }
        let (known, unknown): (ByHost<'_>, ByHost<'_>) = uncertain.into_iter().partition(|(host, _)| case.charter.party(host).is_some());
        findings.extend(worst(at, known.iter().filter_map(|(host, calls)| self.uncertain(case, host, calls)).collect()));
        findings.extend(unknown_names(&unknown));
        if self.refuse.contains(&Class::Tracker) {
            findings.extend(own_statistics(case, &pages.iter().map(AsRef::as_ref).collect::<Vec<_>>(), &certain));
        }
        findings.extend(stale(case.charter.parties_date, case.today));
        Ok(findings)
    }
}

impl NoThirdParties {
    /// What the front page of a site of customers calls, of what this criterion minds. Its style sheets are not asked for,
    /// so that it calls nobody is never said.
    fn of_customers(&self, case: &Case<'_>) -> Result<Vec<Finding>, Stop> {
        let front = case.customers_front()?;
        let seen = [alone(case, &front)];
        let (certain, _) = by_host(case, front.url(), &seen);
        Ok(worst(front.url(), certain.iter().filter_map(|(host, calls)| self.certain(case, host, calls)).collect()))
    }
}

/// Hosts of others that each visit calls, and those that are only named.
fn by_host<'c>(case: &Case<'_>, at: &Url, seen: &'c [Called]) -> (ByHost<'c>, ByHost<'c>) {
    let (mut certain, mut uncertain): (ByHost<'c>, ByHost<'c>) = (BTreeMap::new(), BTreeMap::new());
    for call in seen.iter().flat_map(|called| &called.calls) {
        let host = call.host();
        if host.is_empty() || call.when == When::Blocked || is_own(case, at, host) {
            continue;
        }
        let kept = if call.is_certain() { &mut certain } else { &mut uncertain };
        kept.entry(host).or_default().push(call);
    }
    uncertain.retain(|host, _| !certain.contains_key(host));
    (certain, uncertain)
}

/// No host in question, and how far that goes.
fn none(case: &Case<'_>, pages: &[&Exchange], seen: &[Called]) -> Finding {
    let at = pages.iter().map(|page| page.url().as_str()).collect::<Vec<_>>().join(", ");
    let list = dated(case);
    let finding = if seen.iter().any(|called| called.cut) {
        let because = say!(
            fr: "{at} a trop de feuilles de style et de cadres pour tout lire ; aucun tiers en cause dans ce qui a été lu{list_fr}",
            en: "{at} has too many style sheets and frames to read them all; none of these third parties in what was read{list_en}",
            with: list_fr = &list.fr, list_en = &list.en
        );
        Code::PartlyRead.inconclusive(because)
    } else {
        let reach = reach(pages, seen);
        let (list_fr, list_en, reach_fr, reach_en) = (&list.fr, &list.en, &reach.fr, &reach.en);
        let because = if pages.len() == 1 {
            say!(
                fr: "{at} n'appelle aucun tiers en cause dans son HTML ni ses feuilles de style{list_fr}{reach_fr}",
                en: "{at} calls none of these third parties in its HTML and style sheets{list_en}{reach_en}",
                with: at = &at
            )
        } else {
            say!(
                fr: "ces pages n'appellent aucun tiers en cause dans leur HTML ni leurs feuilles de style{list_fr}{reach_fr} : {at}",
                en: "these pages call none of these third parties in their HTML and style sheets{list_en}{reach_en}: {at}",
                with: at = &at
            )
        };
        Code::None.supports(because)
    };
    pages.iter().fold(finding, |finding, page| finding.at(page.url()))
}

/// What a policy or programs add to what was read.
fn reach(pages: &[&Exchange], seen: &[Called]) -> Text {
    if pages.iter().all(|page| is_locked(page.policies())) {
        return say!(
            fr: ", et la politique de sécurité (CSP) interdit d'en appeler d'autres",
            en: ", and the security policy (CSP) forbids calling others"
        );
    }
    let mut blocked: Vec<&str> =
        seen.iter().flat_map(|called| &called.calls).filter(|call| call.when == When::Blocked).map(Call::host).collect();
    blocked.sort_unstable();
    blocked.dedup();
    blocked.truncate(5);
    if !blocked.is_empty() {
        let hosts = blocked.join(", ");
        return say!(
            fr: ", et la politique de sécurité (CSP) empêche d'appeler {hosts}, pourtant nommé",
            en: ", and the security policy (CSP) keeps {hosts}, though named, from being called"
        );
    }
    if seen.iter().any(|called| called.browsed) && !seen.iter().any(|called| called.runs_programs && !called.browsed) {
        return browsed::saw_no_other();
    }
    if seen.iter().any(|called| called.runs_programs && !called.browsed) {
        return say!(
            fr: ", mais ce que les programmes (JavaScript) appellent ensuite n'a pas été vu",
            en: ", but what the programs (JavaScript) call later was not seen"
        );
    }
    Text::same("")
}

/// A policy under which no program, however clever, calls another host by any of the usual ways.
fn is_locked(policies: &Policies) -> bool {
    let elsewhere: Url = "https://elsewhere.invalid/x".parse().expect("a fixed address");
    let kinds = [Fetch::Script, Fetch::Style, Fetch::Image, Fetch::Font, Fetch::Media, Fetch::Object, Fetch::Frame, Fetch::Connect];
    let ways = ["script-src", "style-src"];
    let one_by_one = |source: &String| source.starts_with("'nonce-") || source.starts_with("'sha") || source == "'strict-dynamic'";
    // Another host that the policy names is not locked out.
    let named = |directive: &&str| policies.sources(directive).flatten().any(|source| source.contains('.') || source.ends_with(':'));
    let directives =
        ["default-src", "script-src", "style-src", "img-src", "font-src", "media-src", "object-src", "frame-src", "connect-src"];
    !policies.is_empty()
        && !ways.iter().any(|way| policies.sources(way).flatten().any(one_by_one))
        && !directives.iter().any(named)
        && kinds.iter().all(|kind| !policies.allows(*kind, &elsewhere))
}

/// A program that counts visits on the hoster's own hosts: lawful or not by its settings, which nobody sees from outside.
fn own_statistics(case: &Case<'_>, pages: &[&Exchange], certain: &ByHost<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for party in &case.charter.parties {
        let Some(program) = &party.self_hosted else { continue };
        if certain.keys().any(|host| party.owns(host).is_some()) {
            continue;
        }
        let found = pages.iter().find_map(|page| {
            let sign = program.signs.iter().find(|sign| page.page().programs.contains(sign.as_str()))?;
            Some((page.url(), sign))
        });
        if let Some((at, sign)) = found {
            let because = say!(
                fr: "{at} semble compter ses visites avec {name}. {ask_fr}",
                en: "{at} seems to count its visits with {name}. {ask_en}",
                with: name = &program.name, ask_fr = &program.ask.fr, ask_en = &program.ask.en
            );
            findings.push(Code::OwnStatistics.inconclusive(because).quote(at, sign));
        }
    }
    findings
}

/// ` (liste du 2026-11-22)`.
fn dated(case: &Case<'_>) -> Text {
    case.charter.parties_date.map_or(Text::same(""), |date| say!(fr: " (liste du {date})", en: " (list of {date})"))
}

/// Says when the list is too old to be trusted.
fn stale(date: Option<Day>, today: Day) -> Option<Finding> {
    let date = date.filter(|date| date.days_until(today) > STALE_AFTER)?;
    let because = say!(
        fr: "notre liste de tiers date du {date}, il y a plus d'un an : des hôtes plus récents peuvent lui manquer ; mettre à jour le programme",
        en: "our list of third parties is of {date}, more than a year ago: it may lack newer hosts; update the program"
    );
    Some(Code::StaleList.inconclusive(because))
}

#[cfg(test)]
mod tests {
    use super::stale;
    use crate::check::Stop;
    use crate::check::sample::{HOME, Sample, codes, is_silent, sample, sample_of};
    use crate::day::Day;
    use crate::facts::SilenceKind;

    const BIG_TECH: &str = "no-third-parties = { refuse = ['big-tech'] }";
    const TRACKERS: &str = "no-third-parties = { refuse = ['tracker', 'advertising'] }";
    const FONTS: &str = "<p>hello</p><link rel=stylesheet href='https://fonts.googleapis.com/css2?family=Roboto'>";
    const STATISTICS: &str = "<p>hello</p><script src='https://www.google-analytics.com/analytics.js'></script>";

    /// Enough words for a page that runs programs to be read without them.
    const WORDS: &str =
        "<p>Une association de Compiègne héberge des services libres, ouverts à toutes et à tous, sans publicité ni pistage.";

    fn judged(html: &str, check: &str) -> Vec<String> {
        codes(sample().page(HOME, html).judge(check))
    }

    #[test]
    fn each_criterion_minds_its_own_classes() {
        assert_eq!(judged(FONTS, BIG_TECH), ["big-tech"]);
        assert_eq!(judged(FONTS, TRACKERS), ["none"]);
        assert_eq!(judged(STATISTICS, TRACKERS), ["tracker"]);
        assert_eq!(judged(STATISTICS, BIG_TECH), ["big-tech"]);
        assert_eq!(judged("<script src='https://cdn.unknown.example.net/a.js'></script><p>hello", TRACKERS), ["other-third-party"]);
    }

    #[test]
    fn a_font_imported_by_a_style_sheet_of_a_style_sheet_tells_both_what_it_means_and_what_to_change() {
        let css = [("content-type", "text/css")];
        let seen = sample().page(HOME, "<p>hello</p><link rel=stylesheet href=/style.css>");
        let seen = seen.answer("https://a.example/style.css", 200, &css, "@import 'fonts.css';");
        let seen = seen.answer("https://a.example/fonts.css", 200, &css, "@import url(https://fonts.googleapis.com/css2?family=Roboto);");
        let findings = seen.judge(BIG_TECH).unwrap();
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!(finding.code, "big-tech");
        let told = [
            ("https://a.example/ appelle fonts.googleapis.com (Google)", "https://a.example/ calls fonts.googleapis.com (Google)"),
            ("adresse IP", "IP address"),
            (
                "La page charge https://a.example/style.css, qui charge https://a.example/fonts.css",
                "The page loads https://a.example/style.css, which loads https://a.example/fonts.css",
            ),
            ("À changer dans https://a.example/fonts.css (@import).", "To change in https://a.example/fonts.css (@import)."),
            ("Télécharger les polices", "Download the fonts"),
        ];
        for (fr, en) in told {
            assert!(finding.because.fr.contains(fr) && finding.because.en.contains(en), "{fr}\n{:?}", finding.because);
        }
    }

    #[test]
    fn what_is_only_named_is_for_a_person() {
        let program = format!("{WORDS}<script>load('https://www.google-analytics.com/analytics.js')</script>");
        assert_eq!(judged(&program, TRACKERS), ["none", "named-only"]);
        assert_eq!(judged("<p>hello</p><link rel=dns-prefetch href=//fonts.googleapis.com>", BIG_TECH), ["none", "named-only"]);
        assert_eq!(judged("<p>hello</p><form action=https://third.example/send></form>", BIG_TECH), ["none", "named-only"]);
    }

    #[test]
    fn a_strict_policy_is_evidence_of_absence() {
        let html = format!("{WORDS}<script src=/a.js></script><script src=https://www.google-analytics.com/a.js></script>");
        let told = |policy: &str| {
            let headers = [("content-type", "text/html"), ("content-security-policy", policy)];
            sample().answer(HOME, 200, &headers, &html).judge(TRACKERS).unwrap().remove(0)
        };
        let locked = told("default-src 'self'; base-uri 'none'");
        assert!(locked.code == "none" && locked.because.fr.contains("interdit d'en appeler d'autres"), "{locked:?}");
        let narrow = told("script-src 'self'");
        assert!(narrow.code == "none" && narrow.because.fr.contains("empêche d'appeler www.google-analytics.com"), "{narrow:?}");
        assert_eq!(told("script-src 'self' https:").code, "tracker");
        // A policy that names programs one by one is not weighed.
        assert_eq!(told("script-src 'nonce-abc'").code, "tracker");
    }

    #[test]
    fn statistics_of_ones_own_are_asked_about() {
        let matomo = format!("{WORDS}<script>var _paq = []; var u = '//stats.a.example/'; s.src = u + 'matomo.js'</script>");
        assert_eq!(judged(&matomo, TRACKERS), ["none", "own-statistics"]);
        assert_eq!(judged(&matomo, BIG_TECH), ["none"]);
        assert_eq!(judged("<p>we removed matomo.js</p><!-- matomo.js -->", TRACKERS), ["none"]);
    }

    #[test]
    fn the_terms_and_the_login_page_are_looked_at_too() {
        let home = "<p>hello</p><a href=/login>Connexion</a>";
        let seen = sample().page(HOME, home).page("https://a.example/login", STATISTICS);
        assert_eq!(codes(seen.judge(TRACKERS)), ["tracker"]);
        let elsewhere = "<p>hello</p><a href=https://other.example/login>Connexion</a>";
        assert_eq!(codes(sample().page(HOME, elsewhere).page("https://other.example/login", STATISTICS).judge(TRACKERS)), ["none"]);
    }

    #[test]
    fn a_list_of_more_than_a_year_says_so() {
        let date = Some(Day::new(2026, 11, 22));
        assert!(stale(date, Day::new(2027, 11, 22)).is_none() && stale(None, Day::new(2040, 1, 1)).is_none());
        let told = stale(date, Day::new(2027, 11, 23)).unwrap();
        assert!(told.code == "stale-list" && told.because.fr.contains("2026-11-22"), "{told:?}");
        assert!(!told.because.fr.contains("366"), "no figure that changes from day to day");
    }

    #[test]
    fn a_third_party_on_the_way_to_the_page_is_called_too() {
        let away = sample().answer(HOME, 302, &[("location", "https://www.google.com/sso")], "");
        let away = away.answer("https://www.google.com/sso", 302, &[("location", "https://a.example/home")], "");
        let findings = away.page("https://a.example/home", "<p>hello").judge(BIG_TECH).unwrap();
        assert!(
            findings[0].code == "big-tech" && findings[0].because.fr.contains("l'adresse https://a.example/ renvoie là-bas"),
            "{findings:?}"
        );
        let own = sample().answer(HOME, 302, &[("location", "https://www.a.example/")], "");
        assert_eq!(codes(own.page("https://www.a.example/", "<p>hello").judge(BIG_TECH)), ["none"]);
    }

    #[test]
    fn the_hosters_own_hosts_are_no_third_parties() {
        assert_eq!(judged("<img src='https://static.a.example/i.png' alt=''><img src='/j.png' alt=''>", BIG_TECH), ["none"]);
    }

    /// What is seen for information of a site of customers; nothing else may come of it.
    fn of_customers(sample: Sample) -> Vec<String> {
        let Err(Stop::CustomersSite(seen)) = sample.judge_service(BIG_TECH) else { panic!("a site of customers is judged") };
        seen.into_iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn a_site_of_customers_is_seen_and_never_judged() {
        let clubs = || sample_of("scope = 'customers'");
        let sheet = format!("{FONTS}<link rel=stylesheet href=/never-asked.css>");
        let never = |seen: Sample| seen.silent("https://pad.a.example/never-asked.css", SilenceKind::TimedOut);
        assert_eq!(of_customers(never(clubs().page("https://pad.a.example/", &sheet))), ["big-tech"]);
        assert_eq!(of_customers(clubs().page("https://pad.a.example/", "<p>hello")), [""; 0]);
        assert_eq!(of_customers(clubs().silent("https://pad.a.example/", SilenceKind::TimedOut)), [""; 0]);
        let away = clubs().answer("https://pad.a.example/", 302, &[("location", "https://other.example/")], "");
        assert_eq!(of_customers(away.page("https://other.example/", FONTS)), [""; 0]);
    }

    #[test]
    fn a_look_alike_is_not_the_third_party() {
        assert_eq!(judged("<a href='https://fonts.googleapis.com/'>about fonts</a>", BIG_TECH), ["none"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(HOME, SilenceKind::TimedOut).judge(BIG_TECH)));
        assert!(is_silent(&sample().page(HOME, "<div id=app></div><script src=/a.js></script>").judge(BIG_TECH)));
        let sheet = sample().page(HOME, "<p>hello</p><link rel=stylesheet href=/style.css>");
        assert!(is_silent(&sheet.silent("https://a.example/style.css", SilenceKind::TimedOut).judge(BIG_TECH)));
    }
}

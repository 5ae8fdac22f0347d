//! A page does not make its visitors' browsers call others: fonts, statistics, avatars, advertising.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::finding::codes;
use super::{Case, Finding, Judge, Judgement, Stop};
use crate::criteria::{Class, Party};
use crate::facts::{Resource, Silence, SilenceKind};
use crate::text::say;

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
}

impl Judge for NoThirdParties {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let front = case.page(case.address()?)?;
        let (page, at) = (front.page(), front.url());
        let mut by_host: BTreeMap<&str, &Resource> = BTreeMap::new();
        for resource in &page.resources {
            if let Some(host) = resource.url.host_str().filter(|host| !is_own(case, at, host)) {
                by_host.entry(host).or_insert(resource);
            }
        }
        let mut findings: Vec<Finding> = by_host.iter().filter_map(|(host, resource)| self.told(case, at, host, resource)).collect();
        if findings.is_empty() && page.needs_javascript() {
            return Err(Stop::Silent(Silence::new(SilenceKind::NeedsJavascript, at)));
        }
        if findings.is_empty() {
            findings.push(Code::None.supports(say!(fr: "{at} n'appelle aucun tiers en cause dans son HTML", en: "the HTML of {at} calls none of these third parties")).at(at));
        }
        Ok(findings)
    }
}

impl NoThirdParties {
    /// What is said of one host; nothing of those that this criterion does not mind.
    fn told(&self, case: &Case<'_>, at: &Url, host: &str, resource: &Resource) -> Option<Finding> {
        let element = resource.kind.element();
        let Some(party) = case.charter.party(host) else {
            let because = say!(fr: "{at} appelle {host} ({element}), que nos listes ne connaissent pas", en: "{at} calls {host} ({element}), which our lists do not know");
            return Some(Code::Other.inconclusive(because).at(at).at(&resource.url));
        };
        let Party { owner, why, instead, .. } = party;
        let because = say!(
            fr: "{at} appelle {host} ({owner}, {element}). {why_fr} {instead_fr}",
            en: "{at} calls {host} ({owner}, {element}). {why_en} {instead_en}",
            with: why_fr = &why.fr, why_en = &why.en, instead_fr = &instead.fr, instead_en = &instead.en
        );
        let finding = match party.refused(&self.refuse) {
            None => return party.is(Class::Contested).then(|| Code::Other.inconclusive(because).at(at).at(&resource.url)),
            Some(Class::Tracker) => Code::Tracker.refutes(because),
            Some(Class::Advertising) => Code::Advertising.refutes(because),
            Some(Class::BigTech) => Code::BigTech.refutes(because),
            Some(Class::Contested | Class::Neutral) => Code::Other.refutes(because),
        };
        Some(finding.at(at).at(&resource.url))
    }
}

/// The site's own registrable domain, or that of another site of the hoster (Public Suffix List).
fn is_own(case: &Case<'_>, at: &Url, host: &str) -> bool {
    let own = case.hoster.sites.iter().filter(|site| !site.customers).filter_map(|site| site.url.as_ref()?.host_str());
    own.chain(at.host_str()).any(|own| own == host || registrable(own).is_some() && registrable(own) == registrable(host))
}

fn registrable(host: &str) -> Option<&str> {
    // An address is no domain: the list would take its last two numbers for one.
    let is_address = host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
    if is_address { None } else { psl::domain_str(host) }
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{HOME, codes, is_silent, sample};
    use crate::facts::SilenceKind;

    const BIG_TECH: &str = "no-third-parties = { refuse = ['big-tech'] }";
    const TRACKERS: &str = "no-third-parties = { refuse = ['tracker', 'advertising'] }";
    const FONTS: &str = "<p>hello</p><link rel=stylesheet href='https://fonts.googleapis.com/css2?family=Roboto'>";
    const STATISTICS: &str = "<p>hello</p><script src='https://www.google-analytics.com/analytics.js'></script>";

    fn judged(html: &str, check: &str) -> Vec<String> {
        codes(sample().page(HOME, html).judge(check))
    }

    #[test]
    fn each_criterion_minds_its_own_classes() {
        assert_eq!(judged(FONTS, BIG_TECH), ["big-tech"]);
        assert_eq!(judged(FONTS, TRACKERS), ["none"]);
        assert_eq!(judged(STATISTICS, TRACKERS), ["tracker"]);
        assert_eq!(judged(STATISTICS, BIG_TECH), ["big-tech"]);
        assert_eq!(judged("<script src='https://cdn.unknown.example.net/a.js'></script>", TRACKERS), ["other-third-party"]);
    }

    #[test]
    fn the_hosters_own_hosts_are_no_third_parties() {
        assert_eq!(judged("<img src='https://static.a.example/i.png' alt=''><img src='/j.png' alt=''>", BIG_TECH), ["none"]);
    }

    #[test]
    fn a_look_alike_is_not_the_third_party() {
        assert_eq!(judged("<a href='https://fonts.googleapis.com/'>about fonts</a>", BIG_TECH), ["none"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(HOME, SilenceKind::TimedOut).judge(BIG_TECH)));
        assert!(is_silent(&sample().page(HOME, "<div id=app></div><script src=/a.js></script>").judge(BIG_TECH)));
    }
}

//! What is said of a host that a page calls: to whoever pays, what it means; to whoever administers, what to change.

use std::collections::BTreeMap;

use url::Url;

use super::browsed::means;
use super::{Code, NoThirdParties};
use crate::check::finding::Says as _;
use crate::check::{Case, Finding, Outcome};
use crate::criteria::{Class, Party};
use crate::facts::{Call, How, When};
use crate::text::{Text, say};

/// Hosts of one sentence; the rest is counted.
const MOST_NAMED: usize = 8;

/// Hosts of one page that are told one by one: a record of more is of no use to anybody.
const MOST_TOLD: usize = 200;

/// Calls by host, each with the calls that reach it: certain ones first, then in the order of the pages.
pub(super) type ByHost<'c> = BTreeMap<&'c str, Vec<&'c Call>>;

impl NoThirdParties {
    /// What is said of one host that each visit calls; nothing of those that this criterion does not mind.
    pub(super) fn certain(&self, case: &Case<'_>, host: &str, calls: &[&Call]) -> Option<Finding> {
        let call = calls.first()?;
        let (at, led, change, means) = (&call.page, led(call), change(call), means(calls));
        let Some(party) = case.charter.party(host) else {
            let because = say!(
                fr: "{at} appelle {host}, que nos listes ne connaissent pas. {led_fr}{change_fr}{means_fr}",
                en: "{at} calls {host}, which our lists do not know. {led_en}{change_en}{means_en}",
                with: led_fr = &led.fr, led_en = &led.en, change_fr = &change.fr, change_en = &change.en,
                means_fr = &means.fr, means_en = &means.en
            );
            return Some(shown(Code::Other.inconclusive(because), calls));
        };
        let because = say!(
            fr: "{at} appelle {host} ({owner}). {why_fr} {led_fr}{change_fr}{means_fr} {instead_fr}",
            en: "{at} calls {host} ({owner}). {why_en} {led_en}{change_en}{means_en} {instead_en}",
            with: owner = &party.owner, why_fr = &party.why.fr, why_en = &party.why.en, led_fr = &led.fr, led_en = &led.en,
            change_fr = &change.fr, change_en = &change.en, instead_fr = &party.instead.fr, instead_en = &party.instead.en,
            means_fr = &means.fr, means_en = &means.en
        );
        let finding = match party.refused(&self.refuse) {
            None => party.is(Class::Contested).then(|| Code::Other.inconclusive(because))?,
            Some(Class::Tracker) => Code::Tracker.refutes(because),
            Some(Class::Advertising) => Code::Advertising.refutes(because),
            Some(Class::BigTech) => Code::BigTech.refutes(because),
            Some(Class::Contested | Class::Neutral) => Code::Other.refutes(because),
        };
        Some(shown(finding, calls))
    }

    /// What is said of a host that this criterion refuses, where it is called on a condition only: a person looks.
    pub(super) fn uncertain(&self, case: &Case<'_>, host: &str, calls: &[&Call]) -> Option<Finding> {
        let call = calls.first()?;
        let party = case.charter.party(host).filter(|party| party.refused(&self.refuse).is_some())?;
        let Party { owner, why, .. } = party;
        let (at, when, change) = (&call.page, condition(call.when), change(call));
        let because = say!(
            fr: "{at} nomme {host} ({owner}), {when_fr}. {why_fr} {change_fr}",
            en: "{at} names {host} ({owner}), {when_en}. {why_en} {change_en}",
            with: when_fr = &when.fr, when_en = &when.en, why_fr = &why.fr, why_en = &why.en, change_fr = &change.fr, change_en = &change.en
        );
        Some(shown(Code::NamedOnly.inconclusive(because), calls))
    }
}

/// All of these, or as many as a person may read, the worst first, and how many there are.
pub(super) fn worst(at: &Url, mut findings: Vec<Finding>) -> Vec<Finding> {
    let count = findings.len();
    if count > MOST_TOLD {
        findings.sort_by_key(|finding| finding.outcome != Outcome::Refutes);
        findings.truncate(MOST_TOLD);
        let because = say!(
            fr: "{count} hôtes de tiers sont appelés ou nommés à partir de {at} : seuls {MOST_TOLD} sont détaillés ici",
            en: "{count} hosts of third parties are called or named from {at}: only {MOST_TOLD} are told here"
        );
        findings.push(Code::PartlyRead.inconclusive(because).at(at));
    }
    findings
}

/// One sentence for all hosts that no list knows and that no visit is sure to call.
pub(super) fn unknown_names(hosts: &ByHost<'_>) -> Option<Finding> {
    let first = hosts.values().next()?.first()?;
    let mut names: Vec<&str> = hosts.keys().copied().take(MOST_NAMED).collect();
    let more = format!("… (+{})", hosts.len().saturating_sub(MOST_NAMED));
    if hosts.len() > MOST_NAMED {
        names.push(&more);
    }
    let (at, names) = (&first.page, names.join(", "));
    let because = say!(
        fr: "{at} nomme aussi, sans les appeler à coup sûr (programme, données, formulaire, style sans emploi visible) : {names}",
        en: "{at} also names, without being sure to call them (program, data, form, style of no visible use): {names}"
    );
    let places: Vec<&Call> = hosts.values().filter_map(|calls| calls.first().copied()).take(MOST_NAMED).collect();
    Some(shown(Code::NamedOnly.inconclusive(because), &places))
}

/// Where it stands, and every page that leads there.
fn shown(finding: Finding, calls: &[&Call]) -> Finding {
    let mut finding = finding;
    let mut pages: Vec<&Url> = Vec::new();
    for call in calls {
        let written = call.written.as_deref().unwrap_or(call.url.as_str());
        if !pages.contains(&&call.page) {
            pages.push(&call.page);
            if call.place() != &call.page {
                finding = finding.at(&call.page);
            }
            finding = finding.quote(call.place(), written);
        } else if calls.len() <= MOST_NAMED && calls.first().is_some_and(|first| first.host() != call.host()) {
            finding = finding.quote(call.place(), written);
        }
    }
    finding
}

/// The chain of style sheets or frames, if there is one.
fn led(call: &Call) -> Text {
    let via: Vec<&str> = call.via.iter().map(Url::as_str).collect();
    match via.as_slice() {
        [] => Text::same(""),
        [one] => say!(fr: "La page charge {one}, qui fait cet appel. ", en: "The page loads {one}, which makes this call. "),
        [first, rest @ ..] => {
            let (fr, en) = (rest.join(", qui charge "), rest.join(", which loads "));
            say!(
                fr: "La page charge {first}, qui charge {fr}, qui fait cet appel. ",
                en: "The page loads {first}, which loads {en}, which makes this call. "
            )
        }
    }
}

/// The file to change, and what stands there.
fn change(call: &Call) -> Text {
    let (place, element) = (call.place(), call.how.element());
    // A browser tells a page that a program opened in the same way, but writes nothing beside it.
    if call.how == How::Document && call.written.is_some() {
        return say!(fr: "À changer : l'adresse {place} renvoie là-bas.", en: "To change: the address {place} redirects there.");
    }
    if place == &call.page {
        return say!(fr: "À changer dans cette page ({element}).", en: "To change in this page ({element}).");
    }
    say!(fr: "À changer dans {place} ({element}).", en: "To change in {place} ({element}).")
}

/// When the host is called, if it is.
fn condition(when: When) -> Text {
    match when {
        When::Loading => say!(fr: "appelé à chaque visite", en: "called at each visit"),
        When::Acting => {
            say!(fr: "appelé seulement si l'on envoie le formulaire, suit le lien ou lance la lecture", en: "called only if one sends the form, follows the link or starts playing")
        }
        When::WithoutScripts => {
            say!(fr: "appelé seulement par les navigateurs sans JavaScript", en: "called only by browsers without JavaScript")
        }
        When::Failing => say!(fr: "auquel les navigateurs envoient les erreurs", en: "to which browsers report errors"),
        When::Perhaps => {
            say!(fr: "dans un programme, des données ou un style : l'appel n'est pas certain", en: "in a program, data or a style: the call is not certain")
        }
        When::Blocked => {
            say!(fr: "que sa politique de sécurité empêche d'appeler", en: "which its security policy keeps from being called")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MOST_TOLD;
    use crate::check::Outcome;
    use crate::check::sample::{HOME, sample};

    #[test]
    fn a_page_that_calls_thousands_of_hosts_is_told_by_the_worst_of_them() {
        let many = (0..3000).map(|n| format!("<img src=https://a{n}.example/>")).collect::<Vec<_>>().concat();
        let page = format!("<p>Bonjour{many}<img src=https://www.google-analytics.com/i>");
        let told = sample().page(HOME, &page).judge("no-third-parties = { refuse = ['tracker'] }").unwrap();
        assert_eq!(told.len(), MOST_TOLD + 1);
        assert_eq!((told[0].code.as_str(), told[0].outcome), ("tracker", Outcome::Refutes));
        assert_eq!((told[1].code.as_str(), told[MOST_TOLD].code.as_str()), ("other-third-party", "partly-read"));
        assert!(told[MOST_TOLD].because.en.starts_with("3001 hosts"), "{}", told[MOST_TOLD].because.en);
    }
}

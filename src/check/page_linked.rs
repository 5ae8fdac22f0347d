//! A visitor is led to a kind of document: by a link of the home page, or of each service.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finder::{Search, best_links, find};
use super::finding::codes;
use super::{Case, Finding, Judge, Judgement, Reference, Stop};
use crate::criteria::DocumentKind;
use crate::facts::Need;
use crate::hoster::Site;
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PageLinked {
    /// An id of `lists/documents.toml`.
    page: String,
    from: From,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum From {
    Home,
    EachService,
}

codes! { Linked = "linked", NotLinked = "not-linked" }

impl Judge for PageLinked {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let kind = case.charter.document(&self.page).expect("the lint knows the kinds of documents");
        let sites: Vec<&Site> = match self.from {
            From::Home => vec![case.hoster.home()],
            From::EachService => case.hoster.services().iter().filter(|site| !site.customers && site.url.is_some()).collect(),
        };
        case.expect(sites.iter().filter_map(|site| site.url.clone()).map(Need::Exchange));
        sites.into_iter().map(|site| link_of(case, kind, site)).collect()
    }

    fn references(&self) -> Vec<Reference<'_>> {
        vec![Reference::Document(&self.page)]
    }
}

fn link_of(case: &Case<'_>, kind: &DocumentKind, site: &Site) -> Result<Finding, Stop> {
    let front = case.readable(site.url.as_ref().expect("sites without an address were left out"))?;
    let (at, fr, en) = (front.url(), &kind.name.fr, &kind.name.en);
    if let Some(target) = best_links(front.page(), kind).first() {
        return Ok(Code::Linked.supports(say!(fr: "{at} mène à {target} ({fr})", en: "{at} leads to {target} ({en})")).at(at).at(target));
    }
    // A document under another name may be linked by its address.
    let Search::Found(document) = find(case, kind)? else {
        return Ok(Code::NotLinked
            .refutes(say!(fr: "{at} n'a pas de lien reconnu vers : {fr}", en: "{at} has no recognised link to: {en}"))
            .at(at));
    };
    let target = document.exchange.url();
    let linked = front.page().links.iter().filter_map(crate::facts::Link::page).any(|link| link == *target);
    Ok(if linked {
        Code::Linked.supports(say!(fr: "{at} mène à {target} ({fr})", en: "{at} leads to {target} ({en})")).at(at).at(target)
    } else {
        // It is published; that it is hard to find is for a person to say.
        Code::NotLinked.inconclusive(say!(fr: "{target} existe ({fr}), mais {at} n'y mène pas directement", en: "{target} exists ({en}), but {at} does not lead there directly")).at(at).at(target)
    })
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{HOME, codes, is_silent, sample};
    use crate::facts::SilenceKind;

    const PAD: &str = "https://pad.a.example/";
    const LINKED: &str = "<p>hello</p><a href='https://a.example/cgu'>Conditions d'utilisation</a>";
    const HOME_CHECK: &str = "page-linked = { page = 'terms', from = 'home' }";
    const SERVICES_CHECK: &str = "page-linked = { page = 'terms', from = 'each-service' }";

    #[test]
    fn a_link_is_met_its_absence_is_not() {
        assert_eq!(codes(sample().page(HOME, LINKED).judge(HOME_CHECK)), ["linked"]);
        assert_eq!(codes(sample().page(HOME, "hello").judge(HOME_CHECK)), ["not-linked"]);
    }

    #[test]
    fn each_service_is_looked_at() {
        assert_eq!(codes(sample().page(HOME, "hello").page(PAD, LINKED).judge(SERVICES_CHECK)), ["linked"]);
        assert_eq!(codes(sample().page(HOME, LINKED).page(PAD, "hello").judge(SERVICES_CHECK)), ["not-linked"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(HOME, SilenceKind::TimedOut).judge(HOME_CHECK)));
        assert!(is_silent(&sample().page(HOME, LINKED).silent(PAD, SilenceKind::TimedOut).judge(SERVICES_CHECK)));
    }
}

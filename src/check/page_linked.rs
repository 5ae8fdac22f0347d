//! A visitor is led to a kind of document: in one or two clicks, from the home page or from each service.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::finder::{Search, best_links, find};
use super::finding::codes;
use super::{Case, Finding, Judge, Judgement, Reference, Stop};
use crate::criteria::DocumentKind;
use crate::facts::{Exchange, Link, Need};
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

codes! { Linked = "linked", LinkedInTwo = "linked-in-two", NotLinked = "not-linked" }

/// Pages on the way that are read for a second click.
const MOST_STEPS: usize = 6;

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
    // A document under another name is linked by its address.
    let Search::Found(document) = find(case, kind)? else {
        return Ok(match best_links(case, &front, kind).first() {
            // What it leads to could not be taken for the document: to say what it is, is not the matter here.
            Some(target) => Code::Linked
                .supports(say!(fr: "{at} mène à {target} ({fr}) en un clic", en: "{at} leads to {target} ({en}) in one click"))
                .at(at)
                .at(target),
            None => Code::NotLinked
                .refutes(say!(fr: "{at} n'a pas de lien reconnu vers : {fr}", en: "{at} has no recognised link to: {en}"))
                .at(at),
        });
    };
    let target = document.exchange.url();
    let named = best_links(case, &front, kind);
    if let Some(target) = named.first().filter(|link| *link == target).or_else(|| leads(&front, target).then_some(target)).or(named.first())
    {
        return Ok(Code::Linked
            .supports(say!(fr: "{at} mène à {target} ({fr}) en un clic", en: "{at} leads to {target} ({en}) in one click"))
            .at(at)
            .at(target));
    }
    if let Some(step) = step_to(case, &front, target)? {
        let because =
            say!(fr: "{at} mène à {target} ({fr}) en deux clics, par {step}", en: "{at} leads to {target} ({en}) in two clicks, by {step}");
        return Ok(Code::LinkedInTwo.supports(because).at(at).at(&step).at(target));
    }
    // It is published; that it is hard to find is for a person to say.
    Ok(Code::NotLinked
        .inconclusive(say!(fr: "{target} existe ({fr}), mais {at} n'y mène pas en deux clics", en: "{target} exists ({en}), but {at} does not lead there in two clicks"))
        .at(at)
        .at(target))
}

/// The page between, if one is: the home page, or one that leads to other documents.
fn step_to(case: &Case<'_>, front: &Exchange, target: &Url) -> Result<Option<Url>, Stop> {
    let home = case.hoster.home().url.as_ref().expect("a hoster has a web site");
    let mut steps: Vec<Url> = front.page().links.iter().filter_map(Link::page).filter(|link| link == home).take(1).collect();
    for kind in case.charter.documents.iter().filter(|kind| kind.leads) {
        steps.extend(best_links(case, front, kind).into_iter().take(1));
    }
    steps.truncate(MOST_STEPS);
    case.expect(steps.iter().cloned().map(Need::Exchange));
    for step in steps {
        match case.visit(&step) {
            Ok(page) if page.status == 200 && leads(&page, target) => return Ok(Some(step)),
            // A page that does not answer leads nobody anywhere today; the document itself was found.
            Ok(_) | Err(Stop::Silent(_)) => {}
            Err(stop) => return Err(stop),
        }
    }
    Ok(None)
}

fn leads(page: &Exchange, target: &Url) -> bool {
    page.page().links.iter().filter_map(Link::page).any(|link| link == *target)
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{HOME, codes, is_silent, sample};
    use crate::facts::SilenceKind;

    const PAD: &str = "https://pad.a.example/";
    const LINKED: &str = "<p>hello</p><a href='https://a.example/cgu'>Conditions d'utilisation</a>";
    const HOME_CHECK: &str = "page-linked = { page = 'terms', from = 'home' }";
    const SERVICES_CHECK: &str = "page-linked = { page = 'terms', from = 'each-service' }";

    fn terms() -> String {
        format!("<title>Conditions d'utilisation</title><p>{}", "En utilisant ce service, vous acceptez ceci. ".repeat(40))
    }

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
    fn two_clicks_are_told() {
        let about = || sample().page(HOME, "hello <a href='/about'>À propos</a>").page("https://a.example/about", LINKED);
        let found = about().page("https://a.example/cgu", &terms());
        assert_eq!(codes(found.judge(HOME_CHECK)), ["linked-in-two"]);
        let by_home = sample().page(HOME, LINKED).page("https://a.example/cgu", &terms());
        assert_eq!(codes(by_home.page(PAD, "<p>pads</p><a href='https://a.example/'>A</a>").judge(SERVICES_CHECK)), ["linked-in-two"]);
        let alone = sample().page(HOME, "hello").page("https://a.example/cgu", &terms());
        assert_eq!(codes(alone.judge(HOME_CHECK)), ["not-linked"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(HOME, SilenceKind::TimedOut).judge(HOME_CHECK)));
        assert!(is_silent(&sample().page(HOME, LINKED).silent(PAD, SilenceKind::TimedOut).judge(SERVICES_CHECK)));
    }
}

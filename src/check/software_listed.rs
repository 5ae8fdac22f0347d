//! The programs that the services show are named in the list of software that the site publishes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finder::{Search, find};
use super::finding::codes;
use super::identify::identify;
use super::{Case, Judge, Judgement, Stop};
use crate::criteria::{Software, fold};
use crate::facts::{Body, Need};
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SoftwareListed {}

codes! { Listed = "listed", Missing = "missing", NoList = "no-list", Unreadable = "unreadable", NothingSeen = "nothing-seen" }

impl Judge for SoftwareListed {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let kind = case.charter.document("software").expect("the lint knows the kinds of documents");
        let document = match find(case, kind)? {
            Search::Found(document) => document.exchange,
            Search::Doubtful(at, _) => {
                let because = say!(fr: "{at} semble être la liste des logiciels, mais on n'y lit presque rien", en: "{at} looks like the list of software, but there is almost nothing to read");
                return Code::Unreadable.inconclusive(because).at(&at).alone();
            }
            Search::Absent { .. } => {
                let because =
                    say!(fr: "aucune liste des logiciels n'a été trouvée sur le site", en: "no list of software was found on the site");
                return Code::NoList.inconclusive(because).alone();
            }
        };
        let at = document.url();
        if document.body == Body::Binary {
            return Code::Unreadable
                .inconclusive(say!(fr: "{at} n'est pas une page que l'on sait lire", en: "{at} is not a page that can be read"))
                .at(at)
                .alone();
        }
        let Run { programs, silent } = programs(case)?;
        let text = fold(&document.page().text);
        let (named, missing): (Vec<&Software>, Vec<&Software>) = programs.into_values().partition(|program| program.is_named_in(&text));
        let finding = if !missing.is_empty() {
            let absent = joined(&missing);
            Code::Missing.inconclusive(say!(fr: "{at} ne nomme pas : {absent}", en: "{at} does not name: {absent}"))
        } else if named.is_empty() {
            Code::NothingSeen
                .inconclusive(say!(fr: "aucun logiciel reconnu à comparer avec {at}", en: "no recognised program to compare with {at}"))
        } else if silent.is_empty() {
            let all = joined(&named);
            Code::Listed
                .supports(say!(fr: "{at} nomme tous les logiciels reconnus : {all}", en: "{at} names all recognised programs: {all}"))
        } else {
            let (those, silent) = (joined(&named), silent.join(", "));
            Code::Listed.inconclusive(
                say!(fr: "{at} nomme {those} ; n'ont pas répondu : {silent}", en: "{at} names {those}; did not answer: {silent}"),
            )
        };
        finding.at(at).alone()
    }

    fn references(&self) -> Vec<super::Reference<'_>> {
        vec![super::Reference::Document("software")]
    }
}

/// What the services run.
struct Run<'a> {
    programs: BTreeMap<&'a str, &'a Software>,
    /// Services that did not answer.
    silent: Vec<&'a str>,
}

/// The programs seen for certain on each site, all sites side by side; what is claimed of a site counts too.
fn programs<'a>(case: &Case<'a>) -> Result<Run<'a>, Stop> {
    let sites = || case.hoster.sites.iter().filter(|site| !site.customers && site.url.is_some());
    case.expect(sites().filter_map(|site| site.url.clone()).map(Need::Exchange));
    let mut run = Run { programs: BTreeMap::new(), silent: Vec::new() };
    let mut wanting = false;
    for site in sites() {
        match identify(case, site) {
            Ok(seen) => run.programs.extend(seen.programs.iter().map(|program| (program.software.id.as_str(), program.software))),
            Err(Stop::Wanting) => wanting = true,
            Err(_) => run.silent.push(&site.name),
        }
        let claimed = case.charter.software.iter().filter(|program| site.software.as_ref().is_some_and(|claim| program.is_called(claim)));
        run.programs.extend(claimed.map(|program| (program.id.as_str(), program)));
    }
    if wanting { Err(Stop::Wanting) } else { Ok(run) }
}

fn joined(programs: &[&Software]) -> String {
    programs.iter().map(|program| program.name.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{Sample, codes, is_silent, sample, sample_of};
    use crate::facts::SilenceKind;

    const HOME: &str = "https://a.example/";
    const PAD: &str = "https://pad.a.example/";
    const CHECK: &str = "software-listed = {}";

    fn site(sample: Sample, list: &str) -> Sample {
        let page = format!("<h1>Logiciels</h1><p>{} {list}</p>", "Voici nos logiciels et leur licence. ".repeat(10));
        sample.page(HOME, "<a href='/logiciels'>Logiciels</a>").page("https://a.example/logiciels", &page)
    }

    #[test]
    fn programs_that_run_are_looked_for_in_the_list() {
        let pad = || sample_of("software = 'etherpad'").page(PAD, "hello");
        assert_eq!(codes(site(pad(), "Etherpad (Apache-2.0)").judge(CHECK)), ["listed"]);
        let missing = site(pad(), "Nextcloud (AGPL)").judge(CHECK).unwrap();
        assert_eq!(missing[0].code, "missing");
        assert!(missing[0].because.fr.ends_with("Etherpad"), "{}", missing[0].because.fr);
        assert_eq!(missing[0].outcome, crate::check::Outcome::Inconclusive);
        assert_eq!(codes(pad().page(HOME, "hello").judge(CHECK)), ["no-list"]);
    }

    #[test]
    fn nothing_seen_is_nothing_missing() {
        assert_eq!(codes(site(sample().page(PAD, "hello"), "Etherpad").judge(CHECK)), ["nothing-seen"]);
        let silent = sample_of("software = 'etherpad'").silent(PAD, SilenceKind::TimedOut);
        let found = site(silent, "Etherpad").judge(CHECK).unwrap();
        assert_eq!((found[0].code.as_str(), found[0].outcome), ("listed", crate::check::Outcome::Inconclusive));
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(HOME, SilenceKind::TimedOut).judge(CHECK)));
    }
}

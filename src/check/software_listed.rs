//! The programs that the services show are named in the list of software that the site publishes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finder::{Search, find};
use super::finding::codes;
use super::identify::{claimed, identify};
use super::{Case, Finding, Judge, Judgement, Stop};
use crate::criteria::{Software, fold};
use crate::facts::{Body, Need};
use crate::hoster::Subject;
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SoftwareListed {}

codes! { Listed = "listed", Missing = "missing", Superfluous = "superfluous", NoList = "no-list", Unreadable = "unreadable", NothingSeen = "nothing-seen" }

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
        let run = programs(case)?;
        let written = &document.page().text;
        let superfluous = superfluous(case, &run, written).map(|finding| finding.at(at));
        let Run { programs, silent, .. } = run;
        let text = fold(written);
        let (named, missing): (Vec<Arc<Software>>, Vec<Arc<Software>>) =
            programs.into_values().partition(|program| program.is_named_in(&text));
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
        Ok([Some(finding.at(at)), superfluous].into_iter().flatten().collect())
    }

    fn references(&self) -> Vec<super::Reference<'_>> {
        vec![super::Reference::Document("software")]
    }
}

/// What the services run.
struct Run<'a> {
    programs: BTreeMap<String, Arc<Software>>,
    /// Services that did not answer.
    silent: Vec<&'a str>,
    /// A service answered, and nobody knows what it runs.
    unknown: bool,
}

/// Programs that the list names and no service shows. A list may rightly name more than the services, so a person judges; and
/// nothing is said while a service may run them unseen.
fn superfluous(case: &Case<'_>, run: &Run<'_>, written: &str) -> Option<Finding> {
    if run.unknown || !run.silent.is_empty() || run.programs.is_empty() {
        return None;
    }
    let words: BTreeSet<&str> =
        written.split(|c: char| !(c.is_alphanumeric() || "-.+".contains(c))).map(|word| word.trim_matches('.')).collect();
    let is_seen = |program: &Software| run.programs.contains_key(program.id.as_str());
    // As its authors write it: "element" and "plume" are words of every day too.
    let is_written = |program: &&Arc<Software>| match program.name.split_once(' ') {
        Some(_) => written.contains(&program.name),
        None => words.contains(program.name.as_str()),
    };
    let others: Vec<Arc<Software>> =
        case.charter.software.iter().filter(|program| !program.platform && !is_seen(program)).filter(is_written).cloned().collect();
    (!others.is_empty()).then(|| {
        let names = joined(&others);
        Code::Superfluous.inconclusive(say!(
            fr: "la liste nomme aussi {names}, qu'aucun service ne montre : sont-ils encore en usage ?",
            en: "the list also names {names}, which no service shows: are they still in use?"
        ))
    })
}

/// The programs seen for certain on each site, all sites side by side; what is claimed of a site counts too.
fn programs<'a>(case: &Case<'a>) -> Result<Run<'a>, Stop> {
    let sites = || case.hoster.sites.iter().filter(|site| !site.customers && site.url.is_some());
    case.expect(sites().filter_map(|site| site.url.clone()).map(Need::Exchange));
    let mut run = Run { programs: BTreeMap::new(), silent: Vec::new(), unknown: false };
    let mut wanting = false;
    for site in sites() {
        let claimed: Vec<&Arc<Software>> = claimed(case, site).collect();
        // The web site itself may well be plain pages.
        let told = !claimed.is_empty() || site.subject == Subject::Hoster;
        match identify(case, site) {
            Ok(seen) if seen.programs.is_empty() && !told => run.unknown = true,
            Ok(seen) => run.programs.extend(seen.programs.iter().map(|program| named(&program.software))),
            Err(Stop::Wanting) => wanting = true,
            Err(_) => run.silent.push(&site.name),
        }
        run.programs.extend(claimed.into_iter().map(named));
    }
    if wanting { Err(Stop::Wanting) } else { Ok(run) }
}

fn named(program: &Arc<Software>) -> (String, Arc<Software>) {
    (program.id.clone(), Arc::clone(program))
}

fn joined(programs: &[Arc<Software>]) -> String {
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
    fn a_list_that_names_more_is_told_unless_a_service_may_run_it() {
        let pad = || sample_of("software = 'etherpad'").page(PAD, "hello");
        let more = "Etherpad (Apache-2.0), Nextcloud (AGPL), et chaque element compte";
        let found = site(pad(), more).judge(CHECK).unwrap();
        assert_eq!((found[1].code.as_str(), found[1].outcome), ("superfluous", crate::check::Outcome::Inconclusive));
        assert!(found[1].because.fr.contains("aussi Nextcloud, qu'"), "{}", found[1].because.fr);
        let unknown = sample().page(PAD, "hello");
        assert_eq!(codes(site(unknown, more).judge(CHECK)), ["nothing-seen"]);
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

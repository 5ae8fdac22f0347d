//! The program that answers is known by its signs, and its licence is free.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finder::{Search, find};
use super::finding::codes;
use super::identify::{Edition, Identified, Seen, identify};
use super::{Case, Finding, Judge, Judgement, Stop};
use crate::criteria::{fold, licence_is_free};
use crate::facts::Body;
use crate::text::{Text, say};

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FreeSoftware {}

codes! {
    Free = "free",
    Proprietary = "proprietary",
    Unknown = "unknown-software",
    CoveredByException = "covered-by-exception",
    ListedNotJudged = "listed-not-judged",
    ContradictsClaim = "contradicts-claim",
}

impl Judge for FreeSoftware {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let seen = identify(case, case.site)?;
        if seen.programs.is_empty() {
            return Ok(vec![unknown(case, &seen)]);
        }
        let mut findings = Vec::new();
        for program in &seen.programs {
            findings.push(licence(case, program)?.quote(&program.at, &program.excerpt));
        }
        let claim = case.site.software.as_deref();
        // What carries the program says nothing of the program itself.
        let shown = || seen.programs.iter().filter(|program| !program.software.platform);
        if let Some(claim) = claim.filter(|claim| shown().count() > 0 && !shown().any(|program| program.software.is_called(claim))) {
            let address = case.address()?;
            let names = shown().map(|program| program.software.name.as_str()).collect::<Vec<_>>().join(", ");
            let because = say!(fr: "hoster.toml annonce {claim}, mais {address} montre {names}", en: "hoster.toml claims {claim}, but {address} shows {names}");
            findings.push(Code::ContradictsClaim.inconclusive(because).at(&seen.programs[0].at));
        }
        Ok(findings)
    }
}

/// Nothing certain: a person is told what was seen. A page that looks like a program may be a copy, or speak of it.
fn unknown(case: &Case<'_>, seen: &Seen) -> Finding {
    let address = case.site.url.as_ref().expect("a site without an address was not identified");
    let claim = case.site.software.as_deref();
    let because = if let Some(seems) = seen.seems.first() {
        let name = seems.called();
        match claim {
            Some(claim) if !seems.software.is_called(claim) => {
                say!(fr: "{address} : {claim} est annoncé, mais la page ressemble à {name} ; aucun signe n'est sûr", en: "{address}: {claim} is claimed, but the page looks like {name}; no sign is certain")
            }
            _ => {
                say!(fr: "{address} semble être {name}, sans signe sûr : une page peut être une copie, ou porter une étiquette fausse", en: "{address} seems to be {name}, without a certain sign: a page may be a copy, or carry a false label")
            }
        }
    } else if let Some(claim) = claim {
        say!(fr: "{address} : {claim} est annoncé, mais aucun signe ne le confirme", en: "{address}: {claim} is claimed, but no sign confirms it")
    } else {
        say!(fr: "{address} : aucun logiciel connu n'a été reconnu", en: "{address}: no known program was recognised")
    };
    let mut finding = Code::Unknown.inconclusive(because).at(address);
    for seems in &seen.seems {
        finding = finding.quote(&seems.at, if seems.excerpt.is_empty() { &seems.software.name } else { &seems.excerpt });
    }
    seen.clues.iter().fold(finding, |finding, (at, clue)| finding.quote(at, clue))
}

fn licence(case: &Case<'_>, seen: &Identified) -> Result<Finding, Stop> {
    let (name, software) = (seen.called(), &seen.software);
    let (licence, free) = match seen.other_edition() {
        Some(edition) => (&edition.licence, licence_is_free(&edition.licence)),
        None => (&software.licence, software.is_free()),
    };
    if !free {
        return proprietary(case, seen, &name, &called(licence));
    }
    if let Some(exception) = case.charter.exceptions.iter().find(|exception| exception.software.contains(&software.id)) {
        let (title, condition) = (&exception.title, &exception.condition);
        return Ok(Code::CoveredByException.inconclusive(say!(
            fr: "{name} ({licence}) repose sur l'exception « {t_fr} ». À vérifier : {c_fr}",
            en: "{name} ({licence}) rests on the exception “{t_en}”. To verify: {c_en}",
            with: t_fr = &title.fr, t_en = &title.en, c_fr = &condition.fr, c_en = &condition.en
        )));
    }
    if matches!(seen.edition, Edition::Unread) && !software.editions.is_empty() {
        let other = &software.editions[0].name;
        return Ok(Code::Free.inconclusive(say!(
            fr: "{name} est libre ({licence}), mais l'édition n'a pas pu être lue : {other} ne l'est pas",
            en: "{name} is free software ({licence}), but the edition could not be read: {other} is not"
        )));
    }
    Ok(Code::Free.supports(say!(fr: "{name} est libre ({licence})", en: "{name} is free software ({licence})")))
}

/// A licence in words. SPDX has no name for one that a publisher wrote for itself: its mark would tell a reader nothing.
fn called(licence: &str) -> Text {
    match licence.strip_prefix("LicenseRef-") {
        // One with a number is used by others as well, by its name.
        Some(name) if name.ends_with(|c: char| c.is_ascii_digit()) => say!(fr: "licence {name}", en: "licence {name}"),
        Some(_) => say!(fr: "licence propre à son éditeur", en: "its publisher's own licence"),
        None => say!(fr: "licence {licence}", en: "licence {licence}"),
    }
}

/// Whether the site lists a program among its exceptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listed {
    Yes,
    No,
    /// There may be a list that could not be read.
    Unsure,
}

/// The 2023 clause: a known exception, or one that the site lists for the collective to judge, is for people to weigh.
fn proprietary(case: &Case<'_>, seen: &Identified, name: &str, licence: &Text) -> Result<Finding, Stop> {
    let (l_fr, l_en) = (&licence.fr, &licence.en);
    let listed = listed(case, seen)?;
    let exception = case.charter.exceptions.iter().find(|exception| exception.software.contains(&seen.software.id));
    let (on_fr, on_en) = match listed {
        Listed::Yes => ("et listée sur le site", "and listed on the site"),
        Listed::No => ("mais non trouvée dans une liste publiée sur le site", "but not found in a list published on the site"),
        Listed::Unsure => ("la liste du site n'a pas pu être lue", "the site's list could not be read"),
    };
    Ok(match (exception, listed) {
        (Some(exception), _) => {
            let (title, condition) = (&exception.title, &exception.condition);
            Code::CoveredByException.inconclusive(say!(
                fr: "{name} n'est pas libre ({l_fr}) ; exception « {t_fr} », {on_fr}. À vérifier : {c_fr}",
                en: "{name} is not free software ({l_en}); exception “{t_en}”, {on_en}. To verify: {c_en}",
                with: t_fr = &title.fr, t_en = &title.en, c_fr = &condition.fr, c_en = &condition.en
            ))
        }
        (None, Listed::Yes) => Code::ListedNotJudged.inconclusive(say!(
            fr: "{name} n'est pas libre ({l_fr}) ; le site le liste parmi ses exceptions, que le collectif n'a pas encore jugées",
            en: "{name} is not free software ({l_en}); the site lists it among its exceptions, which the collective has not judged yet"
        )),
        (None, Listed::Unsure) => Code::Proprietary.inconclusive(say!(
            fr: "{name} n'est pas libre ({l_fr}) ; la liste des exceptions du site n'a pas pu être lue",
            en: "{name} is not free software ({l_en}); the site's list of exceptions could not be read"
        )),
        (None, Listed::No) => {
            Code::Proprietary.refutes(say!(fr: "{name} n'est pas libre ({l_fr})", en: "{name} is not free software ({l_en})"))
        }
    })
}

fn listed(case: &Case<'_>, seen: &Identified) -> Result<Listed, Stop> {
    let Some(kind) = case.charter.document("exceptions") else { return Ok(Listed::No) };
    Ok(match find(case, kind) {
        Ok(Search::Found(document)) if document.exchange.body == Body::Binary => Listed::Unsure,
        Ok(Search::Found(document)) if seen.software.is_named_in(&fold(&document.exchange.page().text)) => Listed::Yes,
        Ok(Search::Found(_) | Search::Absent { unsure: false, .. }) => Listed::No,
        Ok(Search::Doubtful(..) | Search::Absent { .. }) | Err(Stop::Silent(_)) => Listed::Unsure,
        Err(stop) => return Err(stop),
    })
}

#[cfg(test)]
mod tests {
    use crate::check::Outcome;
    use crate::check::sample::{codes, is_silent, sample, sample_of};
    use crate::criteria::{Charter, shipped_with};
    use crate::facts::SilenceKind;

    const PAD: &str = "https://pad.a.example/";
    const HEALTH: &str = "https://pad.a.example/health";
    const CONFIG: &str = "https://pad.a.example/api/v4/config/client?format=old";
    const CHECK: &str = "free-software = {}";
    const HOME: &str = "https://a.example/";
    const LIST: &str = "https://a.example/exceptions";
    const JSON: &[(&str, &str)] = &[("content-type", "application/health+json")];
    const ETHERPAD: &str = r#"{"status":"pass","releaseId":"2.2.7"}"#;

    #[test]
    fn a_free_program_is_met() {
        let findings = sample().page(PAD, "<title>Etherpad</title>hello").answer(HEALTH, 200, JSON, ETHERPAD).judge_service(CHECK).unwrap();
        assert_eq!(findings[0].code, "free");
        assert!(findings[0].because.fr.contains("Etherpad 2.2.7"), "{}", findings[0].because.fr);
    }

    #[test]
    fn an_edition_that_is_not_free_is_unmet() {
        let config = |ready: &str| format!(r#"{{"Version":"10.5.1","BuildNumber":"10.5.1","BuildEnterpriseReady":"{ready}"}}"#);
        let answer = |ready: &str| {
            let sample = sample_of("software = 'mattermost'").page(HOME, "hello").page(PAD, "hello");
            codes(sample.answer(CONFIG, 200, JSON, &config(ready)).judge_service(CHECK))
        };
        assert_eq!(answer("true"), ["proprietary"]);
        assert_eq!(answer("false"), ["free"]);
    }

    /// A proprietary program, known by its header, before a list of exceptions.
    fn confluence(list: Option<&str>) -> crate::check::sample::Sample {
        let sample = sample().answer(PAD, 200, &[("content-type", "text/html"), ("x-confluence-request-time", "1732272000000")], "hello");
        match list {
            Some(list) => {
                let page = format!(
                    "<h1>Exceptions</h1><p>Voici nos exceptions au logiciel libre, avec la raison de chacune : {list}. Elles seront revues chaque année par l'association."
                );
                sample.page(HOME, "<a href='/exceptions'>Exceptions</a>").page(LIST, &page)
            }
            None => sample.page(HOME, "hello"),
        }
    }

    #[test]
    fn a_proprietary_program_is_a_breach_unless_the_site_lists_it() {
        assert_eq!(codes(confluence(None).judge_service(CHECK)), ["proprietary"]);
        assert_eq!(codes(confluence(Some("le BIOS")).judge_service(CHECK)), ["proprietary"]);
        assert_eq!(codes(confluence(Some("Confluence, faute de mieux")).judge_service(CHECK)), ["listed-not-judged"]);
        let unread = confluence(None).silent(HOME, SilenceKind::TimedOut).judge_service(CHECK).unwrap();
        assert_eq!((unread[0].code.as_str(), unread[0].outcome), ("proprietary", Outcome::Inconclusive));
    }

    #[test]
    fn a_proprietary_program_of_a_known_exception_is_for_people_to_weigh() {
        static RULES: std::sync::LazyLock<Charter> = std::sync::LazyLock::new(|| {
            let more = "[[exception]]\nid = 'wiki'\ntitle = { fr = 'Wiki', en = 'Wiki' }\ncondition = { fr = 'le dire', en = 'say so' }\nsoftware = ['confluence']\nsource = 'https://forum.example/1'";
            shipped_with("lists/exceptions.toml", more)
        });
        for (list, told) in
            [(None, "mais non trouvée dans une liste publiée"), (Some("Confluence, faute de mieux"), "et listée sur le site")]
        {
            let found = confluence(list).by(&RULES).judge_service(CHECK).unwrap();
            assert_eq!((found[0].code.as_str(), found[0].outcome), ("covered-by-exception", Outcome::Inconclusive));
            assert!(found[0].because.fr.contains(told) && found[0].because.fr.contains("À vérifier : le dire"), "{}", found[0].because.fr);
        }
    }

    #[test]
    fn an_edition_that_could_not_be_read_is_not_called_free() {
        let headers = &[("content-type", "text/html"), ("x-version-id", "10.5.1.10.5.1.5e8a3c.true")];
        let found = sample().answer(PAD, 200, headers, "hello").silent(CONFIG, SilenceKind::TimedOut).judge_service(CHECK).unwrap();
        assert_eq!((found[0].code.as_str(), found[0].outcome), ("free", Outcome::Inconclusive));
    }

    #[test]
    fn a_page_about_a_program_is_not_the_program() {
        let blog = sample().page(PAD, "<title>Etherpad, un bel outil</title><p>Nous aimons Etherpad et Mattermost.");
        assert_eq!(codes(blog.judge_service(CHECK)), ["unknown-software"]);
    }

    #[test]
    fn a_claim_is_compared_with_what_is_seen() {
        let page = || sample_of("software = 'nextcloud'").page(PAD, "hello");
        assert_eq!(codes(page().judge_service(CHECK)), ["unknown-software"]);
        assert_eq!(codes(page().answer(HEALTH, 200, JSON, ETHERPAD).judge_service(CHECK)), ["free", "contradicts-claim"]);
    }

    #[test]
    fn a_front_page_that_refuses_does_not_hide_the_program() {
        assert_eq!(codes(sample().answer(PAD, 401, &[], "").answer(HEALTH, 200, JSON, ETHERPAD).judge_service(CHECK)), ["free"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(PAD, SilenceKind::TimedOut).judge_service(CHECK)));
    }
}

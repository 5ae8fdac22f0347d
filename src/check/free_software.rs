//! The program that answers is known by its signs, and its licence is free.

mod identify;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::identify::{Identified, identify};
use super::finding::codes;
use super::{Case, Finding, Judge, Judgement};
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FreeSoftware {}

codes! {
    Free = "free",
    Proprietary = "proprietary",
    Unknown = "unknown-software",
    CoveredByException = "covered-by-exception",
    ContradictsClaim = "contradicts-claim",
}

impl Judge for FreeSoftware {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let address = case.address()?;
        let claim = case.site.software.as_deref();
        let Some(seen) = identify(case, address, claim)? else {
            let because = match claim {
                Some(claim) => {
                    say!(fr: "{address} : {claim} est annoncé, mais aucun signe ne le confirme", en: "{address}: {claim} is claimed, but no sign confirms it")
                }
                None => say!(fr: "{address} : aucun logiciel connu n'a été reconnu", en: "{address}: no known program was recognised"),
            };
            return Code::Unknown.inconclusive(because).at(address).alone();
        };
        let mut findings = vec![licence(case, &seen)];
        if let Some(claim) = claim.filter(|claim| !seen.software.is_called(claim)) {
            let name = &seen.software.name;
            let because = say!(fr: "hoster.toml annonce {claim}, mais {address} montre {name}", en: "hoster.toml claims {claim}, but {address} shows {name}");
            findings.push(Code::ContradictsClaim.inconclusive(because).at(&seen.at));
        }
        Ok(findings)
    }
}

fn licence(case: &Case<'_>, seen: &Identified<'_>) -> Finding {
    let Identified { software, edition, version, at, excerpt } = seen;
    let name = edition.map_or(&software.name, |edition| &edition.name);
    let name = if version.is_empty() { name.clone() } else { format!("{name} {version}") };
    let licence = edition.map_or(&software.licence, |edition| &edition.licence);
    let free = edition.map_or_else(|| software.is_free(), |edition| crate::criteria::licence_is_free(&edition.licence));
    let exception = case.charter.exceptions.iter().find(|exception| exception.software.contains(&software.id));
    let finding = match (free, exception) {
        (true, Some(exception)) => {
            let (title, condition) = (&exception.title, &exception.condition);
            Code::CoveredByException.inconclusive(say!(
                fr: "{name} ({licence}) repose sur l'exception « {t_fr} ». À vérifier : {c_fr}",
                en: "{name} ({licence}) rests on the exception “{t_en}”. To verify: {c_en}",
                with: t_fr = &title.fr, t_en = &title.en, c_fr = &condition.fr, c_en = &condition.en
            ))
        }
        (true, None) => Code::Free.supports(say!(fr: "{name} est libre ({licence})", en: "{name} is free software ({licence})")),
        (false, Some(exception)) => {
            let (title, condition) = (&exception.title, &exception.condition);
            Code::CoveredByException.inconclusive(say!(
                fr: "{name} n'est pas libre ({licence}) ; exception « {t_fr} ». À vérifier : {c_fr}",
                en: "{name} is not free software ({licence}); exception “{t_en}”. To verify: {c_en}",
                with: t_fr = &title.fr, t_en = &title.en, c_fr = &condition.fr, c_en = &condition.en
            ))
        }
        (false, None) => {
            Code::Proprietary.refutes(say!(fr: "{name} n'est pas libre ({licence})", en: "{name} is not free software ({licence})"))
        }
    };
    finding.quote(at, excerpt)
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{codes, is_silent, sample, sample_of};
    use crate::facts::SilenceKind;

    const PAD: &str = "https://pad.a.example/";
    const HEALTH: &str = "https://pad.a.example/health";
    const CONFIG: &str = "https://pad.a.example/api/v4/config/client?format=old";
    const CHECK: &str = "free-software = {}";
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
            codes(sample_of("software = 'mattermost'").page(PAD, "hello").answer(CONFIG, 200, JSON, &config(ready)).judge_service(CHECK))
        };
        assert_eq!(answer("true"), ["proprietary"]);
        assert_eq!(answer("false"), ["free"]);
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

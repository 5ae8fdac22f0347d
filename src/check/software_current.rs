//! The program is of a branch that its authors still mend. A version that is not told is never a fault.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::codes;
use super::identify::{Identified, identify};
use super::{Case, Finding, Judge, Judgement};
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SoftwareCurrent {}

codes! {
    Current = "current",
    EndOfLife = "end-of-life",
    KnownInsecure = "known-insecure",
    UnknownVersion = "unknown-version",
    UnknownDates = "unknown-dates",
}

impl Judge for SoftwareCurrent {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let seen = identify(case, case.site)?;
        if seen.programs.is_empty() {
            let at = case.address()?;
            let because = say!(fr: "{at} : logiciel non reconnu, donc version inconnue", en: "{at}: unknown program, so unknown version");
            return Code::UnknownVersion.inconclusive(because).at(at).alone();
        }
        Ok(seen.programs.iter().map(|program| age(case, program).quote(&program.at, &program.excerpt)).collect())
    }
}

/// Only a branch whose end is known with its date is called old: distributions mend versions without changing their number.
fn age(case: &Case<'_>, seen: &Identified) -> Finding {
    let (name, software) = (seen.called(), &seen.software);
    if seen.version.is_empty() {
        return Code::UnknownVersion.inconclusive(
            say!(fr: "{name} ne dit pas sa version ; la charte le permet", en: "{name} does not tell its version; the charter allows that"),
        );
    }
    if let Some(insecure) = software.holes_of(&seen.version) {
        let (mended, holes) = (&insecure.mended, insecure.holes.join(", "));
        return Code::KnownInsecure.inconclusive(say!(
            fr: "{name} a une faille publique ({holes}), corrigée dans la version {mended} : mettre à jour, sauf si votre distribution l'a déjà corrigée sans changer de numéro",
            en: "{name} has a publicly known weakness ({holes}), fixed in version {mended}: update, unless your distribution has already fixed it without changing the number"
        ));
    }
    if software.ends.is_empty() {
        return Code::UnknownDates
            .inconclusive(say!(fr: "{name} : nos listes ne disent pas jusqu'à quand cette version est suivie", en: "{name}: our lists do not say how long this version is maintained"));
    }
    match software.end_of(&seen.version).filter(|end| end.on < case.today) {
        Some(end) => {
            let (branch, on, successor) = (&end.branch, end.on, &end.successor);
            Code::EndOfLife.inconclusive(say!(
                fr: "{name} : ses auteurs ne corrigent plus la branche {branch} depuis le {on} ; passer à {successor}, sauf si votre distribution la corrige encore",
                en: "{name}: its authors stopped fixing branch {branch} on {on}; move to {successor}, unless your distribution still fixes it"
            ))
        }
        None => Code::Current
            .supports(say!(fr: "{name} n'est d'aucune branche que nos listes disent abandonnée", en: "{name} is of no branch that our lists call abandoned")),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{codes, is_silent, sample, sample_of};
    use crate::facts::SilenceKind;

    const PAD: &str = "https://pad.a.example/";
    const STATUS: &str = "https://pad.a.example/status.php";
    const CHECK: &str = "software-current = {}";

    fn nextcloud(version: &str) -> Vec<String> {
        let status = format!(r#"{{"installed":true,"versionstring":"{version}","productname":"Nextcloud"}}"#);
        codes(sample_of("software = 'nextcloud'").page(PAD, "hello").answer(STATUS, 200, &[], &status).judge_service(CHECK))
    }

    #[test]
    fn an_ended_branch_is_told_from_a_living_one() {
        assert_eq!(nextcloud("25.0.13"), ["end-of-life"]);
        assert_eq!(nextcloud("32.0.2"), ["current"]);
    }

    #[test]
    fn a_public_hole_is_told_with_its_name_and_is_for_a_person_to_judge() {
        let etherpad = |version: &str| {
            let health = format!(r#"{{"status":"pass","releaseId":"{version}"}}"#);
            let sample = sample_of("software = 'etherpad'").page(PAD, "hello");
            sample.answer("https://pad.a.example/health", 200, &[], &health).judge_service(CHECK).unwrap().remove(0)
        };
        let old = etherpad("1.8.13");
        assert_eq!((old.code.as_str(), old.outcome), ("known-insecure", crate::check::Outcome::Inconclusive), "{}", old.because.fr);
        assert!(old.because.fr.contains("CVE-2021-34816") && old.because.fr.contains("1.8.14"), "{}", old.because.fr);
        assert_eq!(etherpad("1.8.14").code, "unknown-dates");
    }

    #[test]
    fn a_version_that_is_not_told_is_no_fault() {
        let hidden = sample().answer(PAD, 200, &[("content-type", "text/html"), ("composed-by", "SPIP @ www.spip.net")], "hello");
        assert_eq!(codes(hidden.judge_service(CHECK)), ["unknown-version"]);
        assert_eq!(codes(sample().page(PAD, "hello").judge_service(CHECK)), ["unknown-version"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(PAD, SilenceKind::TimedOut).judge_service(CHECK)));
    }
}

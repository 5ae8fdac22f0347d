//! The program lets each person take their data away, in open formats: what our catalogue knows of it, for a person to confirm.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::codes;
use super::identify::programs;
use super::{Case, Judge, Judgement};
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DataPortable {}

codes! { Portable = "portable", Unknown = "unknown-export", UnknownSoftware = "unknown-software" }

impl Judge for DataPortable {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let programs = programs(case)?;
        if programs.is_empty() {
            let at = case.address()?;
            let because = say!(fr: "{at} : logiciel non reconnu, donc export des données inconnu", en: "{at}: unknown program, so unknown export of data");
            return Code::UnknownSoftware.inconclusive(because).at(at).alone();
        }
        let findings = programs.into_iter().map(|(software, at)| {
            let name = &software.name;
            let finding = match &software.export {
                Some(export) => {
                    let (how, formats) = (&export.how, export.formats.join(", "));
                    Code::Portable.supports(say!(
                        fr: "{name} : {h_fr} Formats : {formats}",
                        en: "{name}: {h_en} Formats: {formats}",
                        with: h_fr = &how.fr, h_en = &how.en
                    ))
                }
                None => Code::Unknown.inconclusive(say!(
                    fr: "{name} : nos listes ne disent pas comment reprendre ses données",
                    en: "{name}: our lists do not say how one takes one's data back"
                )),
            };
            finding.at(&at)
        });
        Ok(findings.collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::check::Outcome;
    use crate::check::sample::{codes, is_silent, sample, sample_of};
    use crate::facts::SilenceKind;

    const PAD: &str = "https://pad.a.example/";
    const CHECK: &str = "data-portable = {}";

    #[test]
    fn what_the_catalogue_knows_is_told_with_its_formats() {
        let found = sample_of("software = 'etherpad'").page(PAD, "hello").judge_service(CHECK).unwrap();
        assert_eq!((found[0].code.as_str(), found[0].outcome), ("portable", Outcome::Supports));
        assert!(found[0].because.fr.ends_with("Formats : HTML, texte, Etherpad (JSON)"), "{}", found[0].because.fr);
    }

    #[test]
    fn what_is_not_known_is_for_a_person() {
        assert_eq!(codes(sample().page(PAD, "hello").judge_service(CHECK)), ["unknown-software"]);
        let unknown = sample_of("software = 'snappymail'").page(PAD, "hello").judge_service(CHECK).unwrap();
        assert_eq!((unknown[0].code.as_str(), unknown[0].outcome), ("unknown-export", Outcome::Inconclusive));
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(PAD, SilenceKind::TimedOut).judge_service(CHECK)));
    }
}

//! The zone of the domain is signed (DNSSEC, RFC 4033), so that its answers cannot be forged on the way.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::domain::own_domain;
use super::finding::codes;
use super::{Case, Judge, Judgement};
use crate::facts::Signature;
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Dnssec {}

codes! { Ok = "ok", Missing = "missing", Bogus = "bogus" }

impl Judge for Dnssec {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let Some(domain) = own_domain(case)? else { return Ok(Vec::new()) };
        let finding = match case.signature(domain)? {
            Signature::Signed => Code::Ok.supports(say!(
                fr: "le domaine {domain} est signé, de la racine jusqu'à lui (DNSSEC) : ses adresses ne peuvent pas être falsifiées en chemin",
                en: "the domain {domain} is signed, from the root down to it (DNSSEC): its addresses cannot be forged on the way",
            )),
            // Many careful hosters do without, and say why: never an accusation.
            Signature::Unsigned => Code::Missing.inconclusive(say!(
                fr: "le domaine {domain} n'est pas signé contre la falsification de ses adresses (DNSSEC) : un plus, et non une obligation",
                en: "the domain {domain} is not signed against the forgery of its addresses (DNSSEC): a bonus, and no duty",
            )),
            Signature::Bogus => Code::Bogus.refutes(say!(
                fr: "les signatures (DNSSEC) du domaine {domain} ne tiennent pas : une partie des internautes ne peut pas le joindre",
                en: "the signatures (DNSSEC) of the domain {domain} do not hold: part of the visitors cannot reach it",
            )),
        };
        finding.at(domain).alone()
    }
}

#[cfg(test)]
mod tests {
    use crate::check::Outcome;
    use crate::check::sample::{codes, is_silent, sample};
    use crate::facts::Signature;

    const CHECK: &str = "dnssec = {}";

    #[test]
    fn a_signed_domain_speaks_for_it_and_a_bogus_one_against() {
        for (signature, code, outcome) in [
            (Signature::Signed, "ok", Outcome::Supports),
            (Signature::Unsigned, "missing", Outcome::Inconclusive),
            (Signature::Bogus, "bogus", Outcome::Refutes),
        ] {
            let found = sample().signature("a.example", signature).judge(CHECK).unwrap();
            assert_eq!((found[0].code.as_str(), found[0].outcome), (code, outcome));
        }
    }

    #[test]
    fn a_domain_is_told_once_for_all_its_services() {
        assert_eq!(codes(sample().signature("a.example", Signature::Signed).judge_service(CHECK)), [""; 0]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().judge(CHECK)));
    }
}

//! The domain says which authorities may issue its certificates (CAA, RFC 8659).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::domain::domain_of;
use super::finding::codes;
use super::{Case, Judge, Judgement, Stop};
use crate::facts::{Need, RecordKind, Silence, SilenceKind};
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Caa {}

codes! { Ok = "ok", Missing = "missing" }

/// Labels that are climbed at most.
const MOST_LABELS: usize = 10;

impl Judge for Caa {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let url = case.address()?;
        let Some((host, domain)) = url.domain().zip(domain_of(url)) else {
            return Err(Stop::Silent(Silence::new(SilenceKind::DnsFailed, url)));
        };
        // RFC 8659, section 3: the name itself, then each name above it. Public suffixes have nothing to say here.
        let climbed = climb(host.trim_end_matches('.'), domain);
        case.expect(climbed.iter().map(|name| Need::Records((*name).to_owned(), RecordKind::Caa)));
        for name in climbed {
            let records = case.records(name, RecordKind::Caa)?;
            if records.found.is_empty() {
                continue;
            }
            let mut issuers: Vec<&str> =
                records.issuers().filter(|(tag, _)| matches!(*tag, "issue" | "issuewild")).map(|(_, value)| value).collect();
            issuers.dedup();
            if issuers.is_empty() {
                break;
            }
            let named = issuers.iter().map(|value| value.split(';').next().unwrap_or_default().trim()).filter(|name| !name.is_empty());
            let named = named.collect::<Vec<_>>().join(", ");
            let because = if named.is_empty() {
                say!(fr: "{name} n'autorise aucune autorité à délivrer des certificats (CAA)", en: "{name} allows no authority to issue certificates (CAA)")
            } else {
                say!(fr: "{name} dit qui peut délivrer ses certificats (CAA) : {named}", en: "{name} says who may issue its certificates (CAA): {named}")
            };
            return Code::Ok.supports(because).quote(&name, &issuers.join(" ")).alone();
        }
        Code::Missing
            .inconclusive(say!(
                fr: "{host} ne dit pas qui peut délivrer ses certificats (enregistrement CAA) : un plus, et non une obligation",
                en: "{host} does not say who may issue its certificates (CAA record): a bonus, and no duty",
            ))
            .at(host)
            .alone()
    }
}

/// The host, and the names above it up to the domain; the domain is there however deep the host is.
fn climb<'h>(host: &'h str, domain: &'h str) -> Vec<&'h str> {
    let above = |name: &&'h str| name.split_once('.').map(|(_, above)| above);
    let mut names: Vec<&str> =
        std::iter::successors(Some(host), above).take_while(|name| name.len() > domain.len()).take(MOST_LABELS).collect();
    names.push(domain);
    names
}

#[cfg(test)]
mod tests {
    use super::climb;
    use crate::check::sample::{Sample, codes, is_silent, sample};
    use crate::facts::{Record, RecordKind};

    const CHECK: &str = "caa = {}";

    fn caa(value: &str) -> Record {
        Record::Caa { tag: "issue".into(), value: value.into() }
    }

    fn judged(of_pad: &[Record], of_domain: &[Record]) -> Vec<String> {
        codes(both(of_pad, of_domain).judge_service(CHECK))
    }

    fn both(of_pad: &[Record], of_domain: &[Record]) -> Sample {
        sample().records("pad.a.example", RecordKind::Caa, of_pad).records("a.example", RecordKind::Caa, of_domain)
    }

    #[test]
    fn the_nearest_name_that_speaks_decides() {
        assert_eq!(judged(&[], &[caa("letsencrypt.org")]), ["ok"]);
        assert_eq!(judged(&[caa(";")], &[]), ["ok"]);
        assert_eq!(judged(&[], &[]), ["missing"]);
        let mail_only = Record::Caa { tag: "iodef".into(), value: "mailto:a@a.example".into() };
        assert_eq!(judged(&[mail_only], &[caa("letsencrypt.org")]), ["missing"], "what is above is not asked any more");
        let told = both(&[], &[caa("letsencrypt.org; validationmethods=dns-01")]).judge_service(CHECK).unwrap();
        assert!(told[0].because.fr.ends_with("letsencrypt.org"), "{}", told[0].because.fr);
    }

    #[test]
    fn a_deep_name_is_climbed_up_to_its_domain() {
        assert_eq!(climb("a.b.c.test", "c.test"), ["a.b.c.test", "b.c.test", "c.test"]);
        assert_eq!(climb("c.test", "c.test"), ["c.test"]);
        let deep = "x.".repeat(50) + "c.test";
        assert_eq!((climb(&deep, "c.test").len(), climb(&deep, "c.test").last()), (11, Some(&"c.test")));
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().judge(CHECK)));
        assert!(is_silent(&sample().records("pad.a.example", RecordKind::Caa, &[]).judge_service(CHECK)));
    }
}

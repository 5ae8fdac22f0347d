//! The TLS certificate of a site is one that a browser accepts, and its renewal is not forgotten.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case::with_scheme;
use super::finding::codes;
use super::{Case, Finding, Judge, Judgement};
use crate::day::Day;
use crate::facts::{Authority, Certificate, Trust};
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CertificateValid {
    /// Fewer days left than this: a person should see whether the renewal works.
    min_days: u16,
}

codes! {
    Ok = "ok",
    Expired = "expired",
    NotYetValid = "not-yet-valid",
    SelfSigned = "self-signed",
    UnknownIssuer = "unknown-issuer",
    IncompleteChain = "incomplete-chain",
    WrongHost = "wrong-host",
    ExpiresSoon = "expires-soon",
}

impl Judge for CertificateValid {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let secure = with_scheme(case.address()?, "https");
        let authority = Authority::of(&secure).expect("a site has a host and a port");
        let certificate = case.certificate(&authority)?;
        let host = &authority.host;
        let mut findings: Vec<Finding> = dates(&certificate, host, case.today, self.min_days).into_iter().collect();
        findings.extend(name(&certificate, host));
        findings.extend(trust(&certificate, host));
        if findings.is_empty() {
            let (until, issuer) = (certificate.not_after, &certificate.issuer);
            findings.push(Code::Ok.supports(say!(
                fr: "le certificat de {host} ({issuer}) est valable jusqu'au {until}",
                en: "the certificate of {host} ({issuer}) is valid until {until}"
            )));
        }
        Ok(findings.into_iter().map(|finding| finding.at(&authority)).collect())
    }
}

fn dates(certificate: &Certificate, host: &str, today: Day, min_days: u16) -> Option<Finding> {
    let (from, until) = (certificate.not_before, certificate.not_after);
    if until < today {
        return Some(
            Code::Expired
                .refutes(say!(fr: "le certificat de {host} a expiré le {until}", en: "the certificate of {host} expired on {until}")),
        );
    }
    if from > today {
        return Some(Code::NotYetValid.refutes(
            say!(fr: "le certificat de {host} ne vaut qu'à partir du {from}", en: "the certificate of {host} is only valid from {from}"),
        ));
    }
    // A short-lived certificate is renewed late by design: a third of its life is enough warning.
    let warning = i32::from(min_days).min(from.days_until(until) / 3);
    (today.days_until(until) < warning).then(|| {
        Code::ExpiresSoon.inconclusive(say!(
            fr: "le certificat de {host} expire le {until} : le renouvellement automatique marche-t-il ?",
            en: "the certificate of {host} expires on {until}: does its automatic renewal work?"
        ))
    })
}

fn name(certificate: &Certificate, host: &str) -> Option<Finding> {
    (!certificate.names_the_host).then(|| {
        let names = certificate.names.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
        Code::WrongHost.refutes(
            say!(fr: "le certificat de {host} est au nom de : {names}", en: "the certificate of {host} is in the name of: {names}"),
        )
    })
}

fn trust(certificate: &Certificate, host: &str) -> Option<Finding> {
    let issuer = &certificate.issuer;
    Some(match certificate.trust {
        Trust::Trusted => return None,
        Trust::SelfSigned => Code::SelfSigned
            .refutes(say!(fr: "le certificat de {host} est signé par lui-même", en: "the certificate of {host} is signed by itself")),
        Trust::UnknownIssuer => Code::UnknownIssuer.refutes(say!(
            fr: "le certificat de {host} vient d'une autorité inconnue des navigateurs : {issuer}",
            en: "the certificate of {host} comes from an authority that browsers do not know: {issuer}"
        )),
        Trust::IncompleteChain => Code::IncompleteChain.refutes(say!(
            fr: "{host} ne sert pas le certificat intermédiaire de {issuer} : une partie des visiteurs voit une erreur",
            en: "{host} does not serve the intermediate certificate of {issuer}: some visitors see an error"
        )),
    })
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{codes, is_silent, sample};
    use crate::day::Day;
    use crate::facts::{Certificate, Trust};

    fn judged(change: impl FnOnce(&mut Certificate)) -> Vec<String> {
        codes(sample().certificate(change).judge("certificate-valid = { min-days = 14 }"))
    }

    #[test]
    fn a_good_certificate_is_met() {
        assert_eq!(judged(|_| ()), ["ok"]);
        // The last day still counts.
        assert_eq!(judged(|c| (c.not_before, c.not_after) = (Day::new(2026, 11, 20), Day::new(2026, 11, 22))), ["ok"]);
    }

    #[test]
    fn each_fault_has_its_code() {
        assert_eq!(judged(|c| c.not_after = Day::new(2026, 11, 21)), ["expired"]);
        assert_eq!(judged(|c| c.not_before = Day::new(2026, 11, 23)), ["not-yet-valid"]);
        assert_eq!(judged(|c| c.not_after = Day::new(2026, 12, 1)), ["expires-soon"]);
        assert_eq!(judged(|c| c.names_the_host = false), ["wrong-host"]);
        assert_eq!(judged(|c| c.trust = Trust::SelfSigned), ["self-signed"]);
        assert_eq!(judged(|c| c.trust = Trust::UnknownIssuer), ["unknown-issuer"]);
        assert_eq!(judged(|c| c.trust = Trust::IncompleteChain), ["incomplete-chain"]);
    }

    #[test]
    fn several_faults_are_all_told() {
        let all = judged(|c| (c.not_after, c.names_the_host, c.trust) = (Day::new(2026, 1, 1), false, Trust::SelfSigned));
        assert_eq!(all, ["expired", "wrong-host", "self-signed"]);
    }

    #[test]
    fn a_short_lived_certificate_is_not_late() {
        assert_eq!(judged(|c| (c.not_before, c.not_after) = (Day::new(2026, 11, 20), Day::new(2026, 11, 26))), ["ok"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().judge("certificate-valid = { min-days = 14 }")));
    }
}

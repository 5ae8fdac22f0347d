//! The TLS certificate of a site is one that a browser accepts, and its renewal is not forgotten.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case::with_scheme;
use super::finding::codes;
use super::{Case, Finding, Judge, Judgement};
use crate::day::Day;
use crate::facts::{Authority, Certificate, Served, Trust};
use crate::text::say;

/// Dates, name, authority, keys and signatures are questions of their own, so that several faults are told at once.
///
/// `expires-soon` is for a person, and means that a renewal is late: fewer than `min-days` are left, and less than a third of the certificate's
/// life. Both, because robots renew when a third is left: a certificate of 90 days is renewed with 30 to go, so that under 14 something went
/// wrong; one of six days is renewed with two to go, and always has fewer than 14; one of a year has a third left for four months.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CertificateValid {
    /// Fewer days left than this, and less than a third of its life: a person should see whether the renewal works.
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
    WeakKey = "weak-key",
    WeakSignature = "weak-signature",
    ExpiresSoon = "expires-soon",
    Unproven = "unproven",
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
        findings.extend(weak_key(&certificate, host));
        findings.extend(weak_signature(&certificate, host));
        if findings.is_empty() {
            findings.push(faultless(&certificate, host));
        }
        Ok(findings.into_iter().map(|finding| finding.at(&authority)).collect())
    }
}

/// A certificate is public: that a host shows one without fault is worth nothing until it shows that it holds the key. Faults, on the
/// other hand, are met by every visitor to whom it is shown.
fn faultless(certificate: &Certificate, host: &str) -> Finding {
    let (until, issuer) = (certificate.leaf.not_after, &certificate.leaf.issuer);
    let Some(version) = certificate.handshake.version.filter(|_| certificate.handshake.in_clear) else {
        return Code::Ok.supports(say!(
            fr: "le certificat de {host} ({issuer}) est valable jusqu'au {until}",
            en: "the certificate of {host} ({issuer}) is valid until {until}"
        ));
    };
    Code::Unproven.inconclusive(say!(
        fr: "le certificat que montre {host} ({issuer}) est valable jusqu'au {until} ; mais le serveur ne s'entend avec aucun logiciel actuel (il répond en {version}) : rien ne prouve qu'il en tienne la clé",
        en: "the certificate that {host} shows ({issuer}) is valid until {until}; but the server agrees with no current software (it answers in {version}): nothing proves that it holds its key"
    ))
}

fn dates(certificate: &Certificate, host: &str, today: Day, min_days: u16) -> Option<Finding> {
    let mut intermediates = certificate.others.iter().filter(|other| other.counts);
    leaf_outdated(&certificate.leaf, host, today)
        .or_else(|| intermediates.find_map(|other| intermediate_outdated(other, host, today)))
        .or_else(|| expires_soon(&certificate.leaf, host, today, min_days))
}

fn leaf_outdated(leaf: &Served, host: &str, today: Day) -> Option<Finding> {
    let (from, until) = (leaf.not_before, leaf.not_after);
    if until < today {
        return Some(
            Code::Expired
                .refutes(say!(fr: "le certificat de {host} a expiré le {until}", en: "the certificate of {host} expired on {until}")),
        );
    }
    (from > today).then(|| {
        Code::NotYetValid.refutes(
            say!(fr: "le certificat de {host} ne vaut qu'à partir du {from}", en: "the certificate of {host} is only valid from {from}"),
        )
    })
}

fn expires_soon(leaf: &Served, host: &str, today: Day, min_days: u16) -> Option<Finding> {
    let until = leaf.not_after;
    let warning = i32::from(min_days).min(leaf.not_before.days_until(until) / 3);
    (today.days_until(until) < warning).then(|| {
        Code::ExpiresSoon.inconclusive(say!(
            fr: "le certificat de {host} expire le {until} : le renouvellement automatique marche-t-il ?",
            en: "the certificate of {host} expires on {until}: does its automatic renewal work?"
        ))
    })
}

/// An intermediate certificate, without which no authority is reached.
fn intermediate_outdated(other: &Served, host: &str, today: Day) -> Option<Finding> {
    let (name, from, until) = (&other.subject, other.not_before, other.not_after);
    if until < today {
        return Some(Code::Expired.refutes(say!(
            fr: "le certificat intermédiaire {name} que sert {host} a expiré le {until}",
            en: "the intermediate certificate {name} that {host} serves expired on {until}"
        )));
    }
    (from > today).then(|| {
        Code::NotYetValid.refutes(say!(
            fr: "le certificat intermédiaire {name} que sert {host} ne vaut qu'à partir du {from}",
            en: "the intermediate certificate {name} that {host} serves is only valid from {from}"
        ))
    })
}

fn name(certificate: &Certificate, host: &str) -> Option<Finding> {
    (!certificate.names_the_host).then(|| {
        let names = certificate.names.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
        if names.is_empty() {
            return Code::WrongHost
                .refutes(say!(fr: "le certificat de {host} ne nomme aucun site", en: "the certificate of {host} names no site"));
        }
        Code::WrongHost.refutes(
            say!(fr: "le certificat de {host} est au nom de : {names}", en: "the certificate of {host} is in the name of: {names}"),
        )
    })
}

/// Of the first certificate that has one: the leaf, or one on which its trust rests.
fn weak_key(certificate: &Certificate, host: &str) -> Option<Finding> {
    let weak = certificate.chain().find(|served| served.counts && served.key.is_weak())?;
    let (key, name) = (weak.key, &weak.subject);
    Some(Code::WeakKey.refutes(say!(
        fr: "la clé du certificat {name} que sert {host} est trop courte : {key} bits",
        en: "the key of the certificate {name} that {host} serves is too short: {key} bits"
    )))
}

fn weak_signature(certificate: &Certificate, host: &str) -> Option<Finding> {
    let weak = certificate.chain().find(|served| served.counts && served.digest.is_weak())?;
    let (digest, name) = (weak.digest, &weak.subject);
    Some(Code::WeakSignature.refutes(say!(
        fr: "le certificat {name} que sert {host} est signé avec {digest}, un procédé que l'on sait contrefaire",
        en: "the certificate {name} that {host} serves is signed with {digest}, a method that can be forged"
    )))
}

fn trust(certificate: &Certificate, host: &str) -> Option<Finding> {
    let issuer = &certificate.leaf.issuer;
    Some(match certificate.trust {
        Trust::Trusted => return None,
        Trust::SelfSigned => Code::SelfSigned
            .refutes(say!(fr: "le certificat de {host} est signé par lui-même", en: "the certificate of {host} is signed by itself")),
        Trust::UnknownIssuer => Code::UnknownIssuer.refutes(say!(
            fr: "le certificat de {host} vient d'une autorité inconnue des navigateurs : {issuer}",
            en: "the certificate of {host} comes from an authority that browsers do not know: {issuer}"
        )),
        Trust::IncompleteChain => Code::IncompleteChain.refutes(say!(
            fr: "{host} ne sert pas le certificat intermédiaire de {issuer} : une partie des visiteurs voit une erreur. Faire servir la chaîne entière (souvent un fichier nommé « fullchain »), puis relancer l'audit : rien n'a été lu derrière",
            en: "{host} does not serve the intermediate certificate of {issuer}: some visitors see an error. Have the whole chain served (often a file called 'fullchain'), then run the audit again: nothing was read behind it"
        )),
    })
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{codes, is_silent, sample};
    use crate::day::Day;
    use crate::facts::{Certificate, Digest, Key, KeyKind, Trust, Version};

    fn judged(change: impl FnOnce(&mut Certificate)) -> Vec<String> {
        codes(sample().certificate(change).judge("certificate-valid = { min-days = 14 }"))
    }

    #[test]
    fn a_good_certificate_is_met() {
        assert_eq!(judged(|_| ()), ["ok"]);
        // The last day still counts.
        assert_eq!(judged(|c| (c.leaf.not_before, c.leaf.not_after) = (Day::new(2026, 11, 20), Day::new(2026, 11, 22))), ["ok"]);
    }

    #[test]
    fn each_fault_has_its_code() {
        assert_eq!(judged(|c| c.leaf.not_after = Day::new(2026, 11, 21)), ["expired"]);
        assert_eq!(judged(|c| c.leaf.not_before = Day::new(2026, 11, 23)), ["not-yet-valid"]);
        assert_eq!(judged(|c| c.leaf.not_after = Day::new(2026, 12, 1)), ["expires-soon"]);
        assert_eq!(judged(|c| c.names_the_host = false), ["wrong-host"]);
        assert_eq!(judged(|c| c.trust = Trust::SelfSigned), ["self-signed"]);
        assert_eq!(judged(|c| c.trust = Trust::UnknownIssuer), ["unknown-issuer"]);
        assert_eq!(judged(|c| c.trust = Trust::IncompleteChain), ["incomplete-chain"]);
    }

    #[test]
    fn weak_keys_and_signatures_have_their_codes() {
        let rsa = |bits| Key { kind: KeyKind::Rsa, bits };
        assert_eq!(judged(|c| c.leaf.key = rsa(1024)), ["weak-key"]);
        assert_eq!(judged(|c| c.leaf.key = rsa(2048)), ["ok"]);
        assert_eq!(judged(|c| c.leaf.digest = Digest::Sha1), ["weak-signature"]);
        assert_eq!(judged(|c| (c.leaf.key, c.leaf.digest) = (rsa(512), Digest::Md5)), ["weak-key", "weak-signature"]);
    }

    #[test]
    fn the_faults_of_an_intermediate_count_where_trust_rests_on_it() {
        let fault = |change: fn(&mut Certificate)| {
            let unneeded = judged(change);
            assert_eq!(unneeded, ["ok"], "what nobody needs harms nobody");
            judged(|c| {
                change(c);
                c.others[0].counts = true;
            })
        };
        assert_eq!(fault(|c| c.others[0].digest = Digest::Sha1), ["weak-signature"]);
        assert_eq!(fault(|c| c.others[0].key.bits = 160), ["weak-key"]);
        assert_eq!(fault(|c| c.others[0].not_after = Day::new(2026, 11, 21)), ["expired"]);
        assert_eq!(fault(|c| c.others[0].not_before = Day::new(2026, 11, 23)), ["not-yet-valid"]);
    }

    #[test]
    fn an_intermediate_that_has_expired_is_not_hidden_by_a_leaf_that_will() {
        let both = judged(|c| {
            c.leaf.not_after = Day::new(2026, 12, 1);
            (c.others[0].not_after, c.others[0].counts) = (Day::new(2026, 11, 21), true);
        });
        assert_eq!(both, ["expired"]);
    }

    #[test]
    fn several_faults_are_all_told() {
        let all = judged(|c| (c.leaf.not_after, c.names_the_host, c.trust) = (Day::new(2026, 1, 1), false, Trust::SelfSigned));
        assert_eq!(all, ["expired", "wrong-host", "self-signed"]);
    }

    #[test]
    fn a_short_lived_certificate_is_not_late() {
        assert_eq!(judged(|c| (c.leaf.not_before, c.leaf.not_after) = (Day::new(2026, 11, 20), Day::new(2026, 11, 26))), ["ok"]);
        assert_eq!(judged(|c| (c.leaf.not_before, c.leaf.not_after) = (Day::new(2026, 11, 18), Day::new(2026, 11, 23))), ["ok"]);
        assert_eq!(judged(|c| (c.leaf.not_before, c.leaf.not_after) = (Day::new(2026, 11, 14), Day::new(2026, 11, 23))), ["expires-soon"]);
    }

    #[test]
    fn a_certificate_that_waits_for_its_renewal_is_not_late() {
        // Renewed when a third of its 90 days is left, today or tomorrow.
        assert_eq!(judged(|c| (c.leaf.not_before, c.leaf.not_after) = (Day::new(2026, 9, 22), Day::new(2026, 12, 21))), ["ok"]);
        // A third of a year is left.
        assert_eq!(judged(|c| (c.leaf.not_before, c.leaf.not_after) = (Day::new(2026, 2, 1), Day::new(2027, 2, 1))), ["ok"]);
        assert_eq!(judged(|c| c.leaf.not_after = Day::new(2026, 12, 6)), ["ok"]);
        assert_eq!(judged(|c| c.leaf.not_after = Day::new(2026, 12, 5)), ["expires-soon"]);
    }

    #[test]
    fn what_no_current_software_can_go_through_with_is_not_praised_and_its_faults_are_told() {
        let old = |c: &mut Certificate| (c.handshake.version, c.handshake.in_clear) = (Some(Version::Tls10), true);
        assert_eq!(judged(old), ["unproven"]);
        let expired = judged(|c| {
            old(c);
            c.leaf.not_after = Day::new(2026, 11, 21);
        });
        assert_eq!(expired, ["expired"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().judge("certificate-valid = { min-days = 14 }")));
    }
}

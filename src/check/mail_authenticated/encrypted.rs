//! Whether the mail servers encrypt, where a person asked to look (STARTTLS, RFC 3207), and as their zone announces it (DANE, RFC 7672).
//!
//! The charter asks for none of it, and mail servers do without a certificate that others can verify more often than web sites do: all of it
//! is told for information, and nothing refutes.

use super::{Code, Finding};
use crate::check::finding::Says as _;
use crate::check::mail_extras::{Announced, MailHost};
use crate::day::Day;
use crate::facts::{Certificate, Silence, Starttls, Trust};
use crate::text::{Text, say};

/// Nothing where nobody was asked.
pub(super) fn told(hosts: &[MailHost], today: Day) -> Vec<Finding> {
    let (mut encrypted, mut findings, mut plain, mut silences) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for host in hosts {
        match &host.seen {
            None => {}
            Some(Err(silence)) => silences.push((host, silence)),
            Some(Ok(starttls)) => {
                match &**starttls {
                    Starttls::NotOffered => plain.push(host),
                    Starttls::Encrypted(certificate, _) => {
                        encrypted.push(host);
                        findings.extend(certificate_finding(host, certificate, today));
                    }
                }
                findings.extend(mismatch(host, starttls));
            }
        }
    }
    let joined = |hosts: &[&MailHost]| hosts.iter().map(|host| host.name.as_str()).collect::<Vec<_>>().join(", ");
    let placed = |finding: Finding, hosts: &[&MailHost]| hosts.iter().fold(finding, |finding, host| finding.at(&host.door()));
    let mut all = Vec::new();
    if !encrypted.is_empty() {
        let names = joined(&encrypted);
        let because =
            say!(fr: "le courriel peut arriver chiffré (STARTTLS) : {names}", en: "mail can arrive encrypted (STARTTLS): {names}");
        all.push(placed(Code::Starttls.supports(because), &encrypted));
    }
    if !plain.is_empty() {
        let names = joined(&plain);
        let because = say!(
            fr: "vus d'ici, ces serveurs de courriel ne proposent pas de chiffrer (STARTTLS) : {names}",
            en: "as seen from here, these mail servers do not offer to encrypt (STARTTLS): {names}",
        );
        all.push(placed(Code::NoStarttls.inconclusive(because), &plain));
    }
    all.extend(findings);
    all.extend(unseen(&silences));
    all
}

/// Asked for, and not seen: who asked would take no word for a good one.
fn unseen(silences: &[(&MailHost, &Silence)]) -> Option<Finding> {
    let reasons = |pick: fn(Text) -> String| silences.iter().map(|(_, silence)| pick(silence.because())).collect::<Vec<_>>().join(" ; ");
    let (fr, en) = (reasons(|text| text.fr), reasons(|text| text.en).replace(" ; ", "; "));
    let because = say!(
        fr: "rien n'a été vu du chiffrement du courriel : {fr}. Beaucoup de réseaux empêchent de joindre les serveurs de courriel (port 25) : refaire l'essai depuis un serveur",
        en: "nothing was seen of the encryption of mail: {en}. Many networks keep one from reaching mail servers (port 25): try again from a server",
    );
    let finding = Code::StarttlsUnseen.inconclusive(because);
    (!silences.is_empty()).then(|| silences.iter().fold(finding, |finding, (host, _)| finding.at(&host.door())))
}

/// What keeps a sender from being sure whom it talks to. A zone that names the very certificate answers for it, whatever it says (RFC 7672,
/// section 3.1.1), and one that names its issuer answers for the issuer.
fn certificate_finding(host: &MailHost, certificate: &Certificate, today: Day) -> Option<Finding> {
    let announced = host.announced();
    if announced == Announced::Certificate {
        return None;
    }
    let (from, until, issuer) = (certificate.leaf.not_before, certificate.leaf.not_after, &certificate.leaf.issuer);
    let mut faults = Vec::new();
    if until < today {
        faults.push(say!(fr: "il a expiré le {until}", en: "it expired on {until}"));
    } else if from > today {
        faults.push(say!(fr: "il ne vaut qu'à partir du {from}", en: "it is only valid from {from}"));
    }
    if !certificate.names_the_host {
        let names = certificate.names.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
        faults.push(if names.is_empty() {
            say!(fr: "il ne nomme aucun serveur", en: "it names no server")
        } else {
            say!(fr: "il est au nom de : {names}", en: "it is in the name of: {names}")
        });
    }
    match certificate.trust {
        _ if announced == Announced::Issuer => {}
        Trust::Trusted => {}
        Trust::SelfSigned => faults.push(say!(fr: "il est signé par lui-même", en: "it is signed by itself")),
        Trust::UnknownIssuer => faults.push(say!(fr: "il vient d'une autorité inconnue : {issuer}", en: "it comes from an unknown authority: {issuer}")),
        Trust::IncompleteChain => faults.push(say!(fr: "le certificat intermédiaire de {issuer} n'est pas servi", en: "the intermediate certificate of {issuer} is not served")),
    }
    let joined = |pick: fn(&Text) -> &str| faults.iter().map(pick).collect::<Vec<_>>().join(", ");
    let (name, fr, en) = (&host.name, joined(|text| &text.fr), joined(|text| &text.en));
    let because = say!(
        fr: "{name} chiffre le courriel, mais son certificat ne prouve pas à tous qui il est : {fr}",
        en: "{name} encrypts mail, but its certificate does not prove to everybody who it is: {en}",
    );
    (!faults.is_empty()).then(|| Code::StarttlsCertificate.inconclusive(because).at(&host.door()))
}

/// A signed zone announces what is not there: senders that follow it keep their mail to themselves.
fn mismatch(host: &MailHost, starttls: &Starttls) -> Option<Finding> {
    let name = &host.name;
    if host.announced() != Announced::Other {
        return None;
    }
    let because = match starttls {
        Starttls::Encrypted(..) => say!(
            fr: "{name} ne montre pas le certificat que sa zone annonce (DANE) : les expéditeurs qui la suivent n'y remettent pas leur courriel",
            en: "{name} does not show the certificate that its zone announces (DANE): senders that follow it do not deliver their mail",
        ),
        Starttls::NotOffered => say!(
            fr: "la zone de {name} annonce un certificat (DANE), et il ne propose pas de chiffrer : les expéditeurs qui la suivent n'y remettent pas leur courriel",
            en: "the zone of {name} announces a certificate (DANE), and it does not offer to encrypt: senders that follow it do not deliver their mail",
        ),
    };
    Some(Code::DaneMismatch.inconclusive(because).at(&host.door()))
}

#[cfg(test)]
mod tests;

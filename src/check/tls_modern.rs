//! A site no longer speaks the old versions of TLS, which browsers have given up (RFC 8996).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case::with_scheme;
use super::finding::codes;
use super::{Case, Finding, Judge, Judgement, Stop};
use crate::facts::{Authority, Protocols, Reply, Silence, SilenceKind, Version};
use crate::text::say;

/// TLS 1.0 or 1.1 accepted: a fault, whoever may still need it. TLS 1.3 refused: for a person, since TLS 1.2 is enough (RFC 9325).
/// Accepted means that the server went on in that version as far as its part of the greeting goes; silence to an old greeting is neither.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TlsModern {}

codes! {
    Ok = "ok",
    AcceptsTls10 = "accepts-tls10",
    AcceptsTls11 = "accepts-tls11",
    NoTls13 = "no-tls13",
}

impl Judge for TlsModern {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let secure = with_scheme(case.address()?, "https");
        let authority = Authority::of(&secure).expect("a site has a host and a port");
        let protocols = case.protocols(&authority)?;
        let findings = old_versions(&protocols, &authority)?;
        let newest = match protocols.reply(Version::Tls13) {
            Reply::Refused => Some(without_tls13(&authority.host)),
            _ if findings.is_empty() => Some(modern(&authority.host)),
            _ => None,
        };
        let spoken = protocols.accepted().map(|version| version.to_string()).collect::<Vec<_>>().join(", ");
        Ok(findings.into_iter().chain(newest).map(|finding| finding.quote(&authority, &spoken)).collect())
    }
}

/// One finding for each that is accepted. When none is, all must be known to be refused.
fn old_versions(protocols: &Protocols, authority: &Authority) -> Result<Vec<Finding>, Stop> {
    let host = &authority.host;
    let mut findings = Vec::new();
    let mut unknown: Option<SilenceKind> = None;
    for (version, code) in [(Version::Tls10, Code::AcceptsTls10), (Version::Tls11, Code::AcceptsTls11)] {
        match protocols.reply(version) {
            Reply::Accepted => findings.push(code.refutes(say!(
                fr: "{host} accepte encore {version}, une version ancienne que les navigateurs ont abandonnée",
                en: "{host} still accepts {version}, an old version that browsers have given up"
            ))),
            Reply::Refused => {}
            Reply::Silent(kind) => unknown = Some(kind),
        }
    }
    match unknown.filter(|_| findings.is_empty()) {
        Some(kind) => Err(Stop::Silent(Silence::new(kind, authority))),
        None => Ok(findings),
    }
}

fn without_tls13(host: &str) -> Finding {
    Code::NoTls13.inconclusive(say!(
        fr: "{host} n'offre pas TLS 1.3, la version la plus récente : ce n'est pas une faute, mais souvent le signe d'un logiciel ancien",
        en: "{host} does not offer TLS 1.3, the newest version: it is no fault, but often the sign of old software"
    ))
}

fn modern(host: &str) -> Finding {
    Code::Ok.supports(say!(
        fr: "{host} n'accepte que des versions actuelles du chiffrement (TLS)",
        en: "{host} accepts current versions of encryption (TLS) only"
    ))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{codes, is_silent, sample};
    use crate::facts::Reply::{Accepted, Refused, Silent};
    use crate::facts::{Reply, SilenceKind};

    fn judged(replies: [Reply; 4]) -> Vec<String> {
        codes(sample().protocols(replies).judge("tls-modern = {}"))
    }

    #[test]
    fn current_versions_alone_are_met() {
        assert_eq!(judged([Refused, Refused, Accepted, Accepted]), ["ok"]);
        assert_eq!(judged([Refused, Refused, Refused, Accepted]), ["ok"]);
        let said = sample().protocols([Refused, Refused, Accepted, Accepted]).judge("tls-modern = {}").unwrap();
        assert_eq!(said[0].evidence[0].excerpt.as_deref(), Some("TLS 1.2, TLS 1.3"));
    }

    #[test]
    fn each_old_version_has_its_code() {
        assert_eq!(judged([Accepted, Refused, Accepted, Accepted]), ["accepts-tls10"]);
        assert_eq!(judged([Refused, Accepted, Accepted, Accepted]), ["accepts-tls11"]);
        assert_eq!(judged([Accepted, Accepted, Accepted, Refused]), ["accepts-tls10", "accepts-tls11", "no-tls13"]);
    }

    #[test]
    fn the_newest_version_is_no_duty() {
        let said = sample().protocols([Refused, Refused, Accepted, Refused]).judge("tls-modern = {}").unwrap();
        assert_eq!((said[0].code.as_str(), said[0].outcome), ("no-tls13", crate::check::Outcome::Inconclusive));
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().judge("tls-modern = {}")));
        let timed_out = Silent(SilenceKind::TimedOut);
        for replies in [[timed_out, Refused, Accepted, Accepted], [Refused, timed_out, Accepted, Accepted]] {
            assert!(is_silent(&sample().protocols(replies).judge("tls-modern = {}")), "what keeps silent is not known to refuse");
        }
        assert_eq!(judged([timed_out, Accepted, Accepted, Accepted]), ["accepts-tls11"], "what was seen is told");
        assert_eq!(judged([Refused, Refused, Accepted, timed_out]), ["ok"]);
    }
}

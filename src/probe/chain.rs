//! What a chain of certificates says. Dates, name and authority are three questions: verifiers stop at the first fault.

use std::time::Duration;

use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::ParsedCertificate;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::oid_registry::asn1_rs::{Oid, oid};
use x509_parser::prelude::FromDer;
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

use super::tls::{Tls, moment, server_name};
use crate::day::Day;
use crate::facts::{Certificate, Trust};

/// Where the certificate of the issuer can be fetched (RFC 5280, 4.2.2.1).
const CA_ISSUERS: Oid<'static> = oid!(1.3.6.1.5.5.7.48.2);

/// Reads the leaf and judges its chain for a host; nothing when the leaf is not an X.509 certificate.
pub(super) fn read(chain: &[CertificateDer<'_>], host: &str, tls: &Tls) -> Option<Certificate> {
    let (leaf, others) = chain.split_first()?;
    let (_, parsed) = X509Certificate::from_der(leaf).ok()?;
    let names = names(&parsed);
    Some(Certificate {
        subject: common_name(parsed.subject()).or_else(|| names.first().cloned()).unwrap_or_else(|| clean(&parsed.subject().to_string())),
        names,
        issuer: organisation(parsed.issuer())
            .or_else(|| common_name(parsed.issuer()))
            .unwrap_or_else(|| clean(&parsed.issuer().to_string())),
        not_before: Day::of_unix(parsed.validity().not_before.timestamp()),
        not_after: Day::of_unix(parsed.validity().not_after.timestamp()),
        names_the_host: names_the_host(leaf, host),
        trust: if leads_to_a_root(leaf, others, &parsed, tls) { Trust::Trusted } else { distrust(&parsed, others) },
    })
}

fn names_the_host(leaf: &CertificateDer<'_>, host: &str) -> bool {
    let (Ok(leaf), Some(name)) = (ParsedCertificate::try_from(leaf), server_name(host)) else {
        return false;
    };
    verify_server_name(&leaf, &name).is_ok()
}

fn leads_to_a_root(leaf: &CertificateDer<'_>, others: &[CertificateDer<'_>], parsed: &X509Certificate<'_>, tls: &Tls) -> bool {
    let at = within_validity(moment(std::iter::once(leaf).chain(others), tls.noon), parsed);
    ParsedCertificate::try_from(leaf)
        .and_then(|leaf| verify_server_cert_signed_by_trust_anchor(&leaf, &tls.roots, others, at, tls.algorithms().all))
        .is_ok()
}

/// The moment nearest to that one at which the leaf is valid, so that its dates do not hide who signed it.
fn within_validity(moment: UnixTime, leaf: &X509Certificate<'_>) -> UnixTime {
    let [from, until] =
        [leaf.validity().not_before, leaf.validity().not_after].map(|time| u64::try_from(time.timestamp()).unwrap_or_default());
    UnixTime::since_unix_epoch(Duration::from_secs(moment.as_secs().min(until).max(from)))
}

/// Why no root is reached.
fn distrust(leaf: &X509Certificate<'_>, others: &[CertificateDer<'_>]) -> Trust {
    let issuer_is_served = others
        .iter()
        .any(|other| X509Certificate::from_der(other).is_ok_and(|(_, other)| other.subject().as_raw() == leaf.issuer().as_raw()));
    if issuer_is_served {
        Trust::UnknownIssuer
    } else if leaf.issuer().as_raw() == leaf.subject().as_raw() {
        Trust::SelfSigned
    } else if says_where_its_issuer_is(leaf) {
        // Browsers that fetch it succeed; others do not.
        Trust::IncompleteChain
    } else {
        Trust::UnknownIssuer
    }
}

fn says_where_its_issuer_is(leaf: &X509Certificate<'_>) -> bool {
    leaf.iter_extensions().any(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityInfoAccess(access) => access.iter().any(|description| description.access_method == CA_ISSUERS),
        _ => false,
    })
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else {
        return Vec::new();
    };
    let dns_name = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some(clean(name)),
        _ => None,
    };
    extension.value.general_names.iter().filter_map(dns_name).collect()
}

fn common_name(name: &X509Name<'_>) -> Option<String> {
    first(name.iter_common_name())
}

fn organisation(name: &X509Name<'_>) -> Option<String> {
    first(name.iter_organization())
}

fn first<'a>(mut values: impl Iterator<Item = &'a AttributeTypeAndValue<'a>>) -> Option<String> {
    Some(clean(values.next()?.as_str().ok()?)).filter(|value| !value.is_empty())
}

/// Anybody may write a certificate: no escape sequence of its author reaches a terminal.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

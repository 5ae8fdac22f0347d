//! What a chain of certificates says. Dates, name and authority are three questions: verifiers stop at the first fault.

mod words;

use std::time::Duration;

use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use rustls::server::ParsedCertificate;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::ParsedExtension;
use x509_parser::oid_registry::asn1_rs::{Oid, oid};
use x509_parser::prelude::FromDer;

use super::tls::{Tls, moment, server_name};
use super::weak;
use crate::facts::{Certificate, Handshake, Trust};
pub(super) use words::key;
use words::{names, served};

/// Where the certificate of the issuer can be fetched (RFC 5280, 4.2.2.1).
const CA_ISSUERS: Oid<'static> = oid!(1.3.6.1.5.5.7.48.2);

/// Reads a chain and judges it for a host; nothing when the leaf is not an X.509 certificate. What else is not one is left out.
pub(super) fn read(chain: &[CertificateDer<'_>], host: &str, handshake: Handshake, tls: &Tls) -> Option<Certificate> {
    let (leaf, others) = chain.split_first()?;
    let (_, parsed) = X509Certificate::from_der(leaf).ok()?;
    let parsed_others: Vec<_> = others.iter().filter_map(|other| Some(X509Certificate::from_der(other).ok()?.1)).collect();
    let path = path(&parsed, &parsed_others);
    let at = moment(chain, tls.noon);
    let strict = leads_to_a_root(leaf, others, within_validity(at, &[&parsed]), tls, tls.algorithms().all);
    let trust = if strict || leads_to_a_root_if_weak(leaf, others, within_validity_of_all(at, &parsed, &path), tls) {
        Trust::Trusted
    } else {
        distrust(&parsed, &parsed_others)
    };
    let names = names(&parsed);
    Some(Certificate {
        leaf: served(&parsed, names.first(), true),
        others: parsed_others
            .iter()
            // A verifier that finds its way without a fault needs none that has one.
            .map(|other| served(other, None, !strict && path.iter().any(|on_path| std::ptr::eq(*on_path, other))))
            .collect(),
        names,
        names_the_host: names_the_host(leaf, host),
        trust,
        handshake,
    })
}

fn names_the_host(leaf: &CertificateDer<'_>, host: &str) -> bool {
    let (Ok(leaf), Some(name)) = (ParsedCertificate::try_from(leaf), server_name(host)) else {
        return false;
    };
    verify_server_name(&leaf, &name).is_ok()
}

/// From the leaf's issuer up, as far as it is served, by names; what signed itself is an authority, known or not, and no part of it.
fn path<'c, 'd>(leaf: &'c X509Certificate<'d>, others: &'c [X509Certificate<'d>]) -> Vec<&'c X509Certificate<'d>> {
    let mut path: Vec<&X509Certificate<'_>> = Vec::new();
    let mut last = leaf;
    while let Some(next) = others.iter().find(|other| {
        let fresh = !path.iter().any(|known| std::ptr::eq(*known, *other));
        fresh && other.subject().as_raw() == last.issuer().as_raw() && !is_self_issued(other)
    }) {
        path.push(next);
        last = next;
    }
    path
}

fn is_self_issued(certificate: &X509Certificate<'_>) -> bool {
    certificate.issuer().as_raw() == certificate.subject().as_raw()
}

fn leads_to_a_root(
    leaf: &CertificateDer<'_>,
    others: &[CertificateDer<'_>],
    at: UnixTime,
    tls: &Tls,
    algorithms: &[&dyn SignatureVerificationAlgorithm],
) -> bool {
    ParsedCertificate::try_from(leaf)
        .and_then(|leaf| verify_server_cert_signed_by_trust_anchor(&leaf, &tls.roots, others, at, algorithms))
        .is_ok()
}

/// The same for who still takes weak signatures, and looks away from dates.
fn leads_to_a_root_if_weak(leaf: &CertificateDer<'_>, others: &[CertificateDer<'_>], at: UnixTime, tls: &Tls) -> bool {
    let algorithms: Vec<_> = weak::ALGORITHMS.into_iter().chain(tls.algorithms().all.iter().copied()).collect();
    leads_to_a_root(leaf, others, at, tls, &algorithms)
}

/// The moment nearest to that one at which the leaf is valid and those on its way too, so that dates do not hide who signed it; that of the
/// leaf alone when there is none.
fn within_validity_of_all(at: UnixTime, leaf: &X509Certificate<'_>, path: &[&X509Certificate<'_>]) -> UnixTime {
    let all: Vec<_> = std::iter::once(leaf).chain(path.iter().copied()).collect();
    let nearest = within_validity(at, &all);
    let valid = all.iter().all(|certificate| within_validity(nearest, &[certificate]) == nearest);
    if valid { nearest } else { within_validity(at, &[leaf]) }
}

fn within_validity(at: UnixTime, all: &[&X509Certificate<'_>]) -> UnixTime {
    let seconds = |time: x509_parser::time::ASN1Time| u64::try_from(time.timestamp()).unwrap_or_default();
    let from = all.iter().map(|certificate| seconds(certificate.validity().not_before)).max().unwrap_or_default();
    let until = all.iter().map(|certificate| seconds(certificate.validity().not_after)).min().unwrap_or(u64::MAX);
    UnixTime::since_unix_epoch(Duration::from_secs(at.as_secs().min(until).max(from)))
}

/// Why no root is reached.
fn distrust(leaf: &X509Certificate<'_>, others: &[X509Certificate<'_>]) -> Trust {
    let another = |other: &&X509Certificate<'_>| other.as_ref() != leaf.as_ref();
    let issuer_is_served = others.iter().filter(another).any(|other| other.subject().as_raw() == leaf.issuer().as_raw());
    if issuer_is_served {
        Trust::UnknownIssuer
    } else if is_self_issued(leaf) {
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

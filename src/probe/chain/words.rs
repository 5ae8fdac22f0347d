//! What one certificate says of itself. Anybody may write one: nothing in it is taken for harmless.

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::oid_registry::asn1_rs::{Oid, oid};
use x509_parser::oid_registry::{
    OID_HASH_SHA1, OID_MD5_WITH_RSA, OID_PKCS1_MD2WITHRSAENC, OID_PKCS1_MD4WITHRSAENC, OID_PKCS1_MD5WITHRSAENC, OID_PKCS1_RSASSAPSS,
    OID_PKCS1_SHA1WITHRSA, OID_SHA1_WITH_RSA,
};
use x509_parser::public_key::PublicKey;
use x509_parser::signature_algorithm::RsaSsaPssParams;
use x509_parser::x509::{AlgorithmIdentifier, AttributeTypeAndValue, SubjectPublicKeyInfo, X509Name};

use crate::day::Day;
use crate::facts::{Digest, Key, KeyKind, Served};

const ECDSA_WITH_SHA1: Oid<'static> = oid!(1.2.840.10045.4.1);
const DSA_WITH_SHA1: Oid<'static> = oid!(1.2.840.10040.4.3);

/// A longer name is no name of the Internet (RFC 1035, 2.3.4), and nobody reads to its end.
const LONGEST_NAME: usize = 253;

/// `name` stands for a subject that has none.
pub(super) fn served(certificate: &X509Certificate<'_>, name: Option<&String>, counts: bool) -> Served {
    let (subject, issuer) = (certificate.subject(), certificate.issuer());
    Served {
        subject: common_name(subject).or_else(|| name.cloned()).unwrap_or_else(|| clean(&subject.to_string())),
        issuer: organisation(issuer).or_else(|| common_name(issuer)).unwrap_or_else(|| clean(&issuer.to_string())),
        not_before: Day::of_unix(certificate.validity().not_before.timestamp()),
        not_after: Day::of_unix(certificate.validity().not_after.timestamp()),
        key: key(certificate.public_key()),
        digest: digest(&certificate.signature_algorithm),
        counts,
    }
}

pub(super) fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else {
        return Vec::new();
    };
    let dns_name = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some(clean(name)),
        _ => None,
    };
    extension.value.general_names.iter().filter_map(dns_name).collect()
}

pub(in crate::probe) fn key(info: &SubjectPublicKeyInfo<'_>) -> Key {
    let (kind, bits) = match info.parsed() {
        Ok(PublicKey::RSA(key)) => (KeyKind::Rsa, significant_bits(key.modulus)),
        Ok(PublicKey::DSA(key)) => (KeyKind::Dsa, significant_bits(key)),
        // A point is written in whole bytes.
        Ok(PublicKey::EC(point)) => (KeyKind::Ec, if point.key_size() == 528 { 521 } else { point.key_size() }),
        _ => (KeyKind::Other, 0),
    };
    // What cannot be measured is not called weak.
    Key { kind: if bits == 0 { KeyKind::Other } else { kind }, bits }
}

fn significant_bits(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros).map_or(0, |first| (number.len() - zeros) * 8 - first.leading_zeros() as usize)
}

fn digest(signature: &AlgorithmIdentifier<'_>) -> Digest {
    let known = [
        (OID_PKCS1_MD2WITHRSAENC, Digest::Md2),
        (OID_PKCS1_MD4WITHRSAENC, Digest::Md4),
        (OID_PKCS1_MD5WITHRSAENC, Digest::Md5),
        (OID_MD5_WITH_RSA, Digest::Md5),
        (OID_PKCS1_SHA1WITHRSA, Digest::Sha1),
        (OID_SHA1_WITH_RSA, Digest::Sha1),
        (ECDSA_WITH_SHA1, Digest::Sha1),
        (DSA_WITH_SHA1, Digest::Sha1),
    ];
    let named = known.into_iter().find(|(oid, _)| *oid == signature.algorithm).map(|(_, digest)| digest);
    named.or_else(|| digest_of_pss(signature)).unwrap_or(Digest::Other)
}

/// RSASSA-PSS names its digest apart; SHA-1 when it does not (RFC 4055, section 3.1).
fn digest_of_pss(signature: &AlgorithmIdentifier<'_>) -> Option<Digest> {
    let parameters = signature.parameters.as_ref().filter(|_| signature.algorithm == OID_PKCS1_RSASSAPSS)?;
    let parameters = RsaSsaPssParams::try_from(parameters).ok()?;
    (*parameters.hash_algorithm_oid() == OID_HASH_SHA1).then_some(Digest::Sha1)
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

/// No escape sequence of its author reaches a terminal.
fn clean(text: &str) -> String {
    crate::text::clean(text).chars().take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_as_long_as_its_first_bit_says() {
        assert_eq!(significant_bits(&[]), 0);
        assert_eq!(significant_bits(&[0, 0]), 0);
        assert_eq!(significant_bits(&[0, 0x80, 0]), 16);
        assert_eq!(significant_bits(&[0x7f, 0xff]), 15);
        assert_eq!(significant_bits(&[1]), 1);
    }
}

//! The certificates of a host, as they are served.

use std::fmt;

use super::Handshake;
use crate::day::Day;

/// The chain of a host, and what can be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// DNS names of the leaf's subjectAltName extension (RFC 5280, 4.2.1.6).
    pub names: Vec<String>,
    /// Whether a name of the leaf is that of the host (RFC 6125).
    pub names_the_host: bool,
    pub trust: Trust,
    pub leaf: Served,
    /// What is served after the leaf, in that order.
    pub others: Vec<Served>,
    pub handshake: Handshake,
}

impl Certificate {
    /// The leaf, then the others.
    pub fn chain(&self) -> impl Iterator<Item = &Served> {
        std::iter::once(&self.leaf).chain(&self.others)
    }
}

/// One certificate of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// Common name of the subject, or its first name; for people to read.
    pub subject: String,
    /// Organisation or common name of the issuer.
    pub issuer: String,
    pub not_before: Day,
    /// The last day on which the whole day is covered may be the one before.
    pub not_after: Day,
    pub key: Key,
    /// What its issuer signed a digest of.
    pub digest: Digest,
    /// Whether trust stands or falls with it: its faults are then those of the chain. Servers also send certificates that nobody needs.
    pub counts: bool,
}

/// Of what kind, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    pub kind: KeyKind,
    pub bits: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    Rsa,
    Dsa,
    /// On a curve, and not Edwards'.
    Ec,
    /// Ed25519, Ed448, or one that is not known here.
    Other,
}

impl Key {
    /// Less than 112 bits of strength (NIST SP 800-57, part 1): RSA under 2048 bits, curves under 224. What is not known is not weak.
    pub fn is_weak(self) -> bool {
        match self.kind {
            KeyKind::Rsa | KeyKind::Dsa => self.bits < 2048,
            KeyKind::Ec => self.bits < 224,
            KeyKind::Other => false,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            KeyKind::Rsa => "RSA",
            KeyKind::Dsa => "DSA",
            KeyKind::Ec => "EC",
            KeyKind::Other => return f.write_str("?"),
        };
        write!(f, "{kind} {}", self.bits)
    }
}

/// What a signature is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    Md2,
    Md4,
    Md5,
    Sha1,
    /// SHA-2, or one that is not known here.
    Other,
}

impl Digest {
    /// Whether two contents with one signature can be made.
    pub fn is_weak(self) -> bool {
        self != Self::Other
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Md2 => "MD2",
            Self::Md4 => "MD4",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Other => "?",
        })
    }
}

/// Whether the chain leads to a known authority; dates, names, and weak keys and signatures put aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    Trusted,
    SelfSigned,
    UnknownIssuer,
    /// An intermediate certificate is not served: some visitors succeed, others do not.
    IncompleteChain,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_weak_under_112_bits_of_strength() {
        let weak = |kind, bits| Key { kind, bits }.is_weak();
        assert!(weak(KeyKind::Rsa, 2047) && weak(KeyKind::Rsa, 1024) && weak(KeyKind::Dsa, 1024) && weak(KeyKind::Ec, 192));
        assert!(!weak(KeyKind::Rsa, 2048) && !weak(KeyKind::Ec, 224) && !weak(KeyKind::Ec, 256) && !weak(KeyKind::Other, 0));
    }
}

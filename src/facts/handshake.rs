//! How a host shakes hands: what was agreed upon, and which versions of TLS it accepts.

use std::collections::BTreeMap;
use std::fmt;

use super::SilenceKind;

/// A version of TLS. SSL 2 and 3, which nothing speaks any more, are not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    Tls10,
    Tls11,
    Tls12,
    Tls13,
}

impl Version {
    pub const ALL: [Self; 4] = [Self::Tls10, Self::Tls11, Self::Tls12, Self::Tls13];
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tls10 => "TLS 1.0",
            Self::Tls11 => "TLS 1.1",
            Self::Tls12 => "TLS 1.2",
            Self::Tls13 => "TLS 1.3",
        })
    }
}

/// What one handshake agreed upon. Behind a proxy only the staple is seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Handshake {
    pub version: Option<Version>,
    /// The protocol that was chosen among those offered (RFC 7301): `h2` is HTTP/2.
    pub alpn: Option<String>,
    /// Whether an OCSP answer came with the certificate (RFC 6066, section 8). Many servers have none at their first handshake, so that it
    /// is for no record.
    pub stapled: bool,
    /// Whether the certificates were read in the clear beginning of a handshake that was not gone through, since nobody here speaks what
    /// the host speaks: nothing then shows that it holds the key of its leaf.
    pub in_clear: bool,
}

/// What a host answers to one who speaks only that version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// It went on in that very version.
    Accepted,
    /// It said no, while another version was accepted.
    Refused,
    /// Neither is known.
    Silent(SilenceKind),
}

/// Which versions a host accepts; at least one, or nothing would be known of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protocols(pub BTreeMap<Version, Reply>);

impl Protocols {
    /// What was not asked is not known.
    pub fn reply(&self, version: Version) -> Reply {
        self.0.get(&version).copied().unwrap_or(Reply::Silent(SilenceKind::NotAsked))
    }

    /// In ascending order.
    pub fn accepted(&self) -> impl Iterator<Item = Version> {
        self.0.iter().filter(|(_, reply)| **reply == Reply::Accepted).map(|(version, _)| *version)
    }
}

//! The certificates of a host, as they are served.

use crate::day::Day;

/// The leaf certificate of a host and what can be said of its chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Common name of the subject, or its first name; for people to read.
    pub subject: String,
    /// DNS names of the subjectAltName extension (RFC 5280, 4.2.1.6).
    pub names: Vec<String>,
    /// Organisation or common name of the issuer.
    pub issuer: String,
    pub not_before: Day,
    /// The last day on which the whole day is covered may be the one before.
    pub not_after: Day,
    /// Whether a name of the certificate is that of the host (RFC 6125).
    pub names_the_host: bool,
    pub trust: Trust,
}

/// Whether the chain leads to a known authority; dates and names put aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    Trusted,
    SelfSigned,
    UnknownIssuer,
    /// An intermediate certificate is not served: some visitors succeed, others do not.
    IncompleteChain,
}

//! What a mail server answers to one who would like to speak encrypted (STARTTLS, RFC 3207), and the digests of what it shows.

use super::Certificate;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Starttls {
    /// It told what it can do, and encryption is not among it.
    NotOffered,
    /// It encrypts, with these certificates; a print of each as served, the leaf first.
    Encrypted(Box<Certificate>, Vec<Print>),
}

/// Digests by which a certificate is named in a zone (TLSA, RFC 6698, section 2.1), in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    /// Of the whole certificate: selector 0.
    pub whole: Digests,
    /// Of its public key: selector 1.
    pub key: Digests,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digests {
    /// Matching type 1.
    pub sha256: String,
    /// Matching type 2.
    pub sha512: String,
}

impl Print {
    /// Whether a TLSA record with this selector and matching type, and this digest, names it.
    pub fn is_named(&self, selector: u8, matching: u8, digest: &str) -> bool {
        let digests = if selector == 0 { &self.whole } else { &self.key };
        digest == if matching == 1 { &digests.sha256 } else { &digests.sha512 }
    }
}

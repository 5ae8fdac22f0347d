//! Whether a zone is signed (DNSSEC), as proved from the root down.

/// What was proved. A resolver that hands on no proofs proves nothing: that is a silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// Every link from the root to the zone holds.
    Signed,
    /// The zone above says, signed, that this one is not.
    Unsigned,
    /// The zone above says that this one is signed, and its signatures do not hold.
    Bogus,
}

//! Whether a zone is signed: what the resolver proved, and nothing less.
//!
//! A library that follows signatures calls all that goes wrong on the way "bogus", a time-out or a router that drops signatures included.
//! An accusation needs more: the root must be proved through the same name server, the zone above must say, signed, that the zone is signed,
//! and it must come out the same twice. Who answers SERVFAIL even when asked not to check anything is broken, and no more.

use hickory_resolver::Resolver;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::dnssec::Proof;
use hickory_resolver::proto::rr::{Name, RecordType};
use tokio::time::timeout;

use super::dns::Dns;
use super::records::{absolute, none};
use super::unchecked::Unchecked;
use crate::facts::{NameState, Signature, SilenceKind};

/// A proof asks a dozen questions, one after the other.
pub(super) const LONGER: u32 = 3;

/// What came of one question, every signature followed.
#[derive(Debug, PartialEq, Eq)]
enum Proved {
    Secure,
    Insecure,
    Bogus,
    /// There is none, or it was not proved either way.
    Nothing,
}

impl Dns {
    pub(super) async fn signature(&self, domain: &str) -> Result<Signature, SilenceKind> {
        let domain = absolute(domain).ok_or(SilenceKind::DnsFailed)?;
        let _turn = self.turns.acquire().await.map_err(|_| SilenceKind::NotAsked)?;
        timeout(self.limit * LONGER, Box::pin(self.prove(&domain))).await.unwrap_or(Err(SilenceKind::TimedOut))
    }

    async fn prove(&self, domain: &Name) -> Result<Signature, SilenceKind> {
        let resolver = self.resolvers.proving().ok_or(SilenceKind::DnsFailed)?;
        match ask(resolver, domain, RecordType::SOA).await? {
            Proved::Secure => return Ok(Signature::Signed),
            Proved::Nothing => return Err(SilenceKind::NotValidated),
            Proved::Insecure | Proved::Bogus => {}
        }
        // From here on nothing is said unless the name server passes proofs on at all.
        if ask(resolver, &Name::root(), RecordType::SOA).await? != Proved::Secure {
            return Err(SilenceKind::NotValidated);
        }
        // Not from memory: what passed once is looked at again.
        let fresh = self.resolvers.fresh().ok_or(SilenceKind::DnsFailed)?;
        let meant_to_be_signed = ask(&fresh, domain, RecordType::DS).await? == Proved::Secure;
        // Keys that do not come for want of an answer are a silence too.
        self.comes(domain, RecordType::DNSKEY).await?;
        match (ask(&fresh, domain, RecordType::SOA).await?, meant_to_be_signed) {
            (Proved::Secure, _) => Ok(Signature::Signed),
            (Proved::Bogus, true) => Ok(Signature::Bogus),
            (Proved::Insecure, false) if !self.comes(domain, RecordType::DS).await? => Ok(Signature::Unsigned),
            _ => Err(SilenceKind::NotValidated),
        }
    }

    /// Whether there are such records, proofs put aside; no answer is a silence.
    async fn comes(&self, name: &Name, kind: RecordType) -> Result<bool, SilenceKind> {
        let resolver = self.resolvers.unchecked().ok_or(SilenceKind::DnsFailed)?;
        match resolver.lookup(name.clone(), kind).await {
            Ok(lookup) => Ok(lookup.answers().iter().any(|record| record.record_type() == kind)),
            Err(error) => none(&error).map(|_| false),
        }
    }
}

async fn ask(resolver: &Resolver<Unchecked>, name: &Name, kind: RecordType) -> Result<Proved, SilenceKind> {
    match resolver.lookup(name.clone(), kind).await {
        Ok(lookup) => {
            let mut proofs = lookup.answers().iter().filter(|record| record.record_type() == kind).map(|record| record.proof).peekable();
            let Some(first) = proofs.peek().copied() else { return Ok(Proved::Nothing) };
            Ok(if proofs.all(|proof| proof == first) { told(first) } else { Proved::Nothing })
        }
        Err(NetError::Dns(DnsError::DnssecBogus)) => Ok(Proved::Bogus),
        Err(error) => match none(&error)? {
            NameState::Exists => Ok(Proved::Nothing),
            NameState::Unknown => Err(SilenceKind::DnsFailed),
        },
    }
}

fn told(proof: Proof) -> Proved {
    match proof {
        Proof::Secure => Proved::Secure,
        Proof::Insecure => Proved::Insecure,
        Proof::Bogus => Proved::Bogus,
        Proof::Indeterminate => Proved::Nothing,
    }
}

//! The certificates that a server shows before TLS 1.3: in clear, right after its `ServerHello`, to whoever greets it.

use rustls::pki_types::CertificateDer;

use super::{SERVER_HELLO, chosen_version, code, records};
use crate::facts::Version;

const CERTIFICATE: u8 = 11;

/// As much as rustls takes of one message.
const LONGEST: usize = 0xffff;

/// The version that a server chose, and its chain as served, the leaf first.
pub(in crate::probe) type Shown = (Version, Vec<CertificateDer<'static>>);

/// No certificate will come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::probe) struct Unshown;

/// Reads what came so far in answer to a greeting; nothing when more must come before anything can be said.
pub(in crate::probe) fn shown(bytes: &[u8]) -> Option<Result<Shown, Unshown>> {
    let (handshake, end) = records(bytes);
    certificates(&handshake).or(end.map(|_| Err(Unshown)))
}

/// `ServerHello`, then `Certificate` (RFC 2246, 4346 and 5246, section 7.3).
fn certificates(handshake: &[u8]) -> Option<Result<Shown, Unshown>> {
    let Ok((hello, rest)) = message(SERVER_HELLO, handshake)? else { return Some(Err(Unshown)) };
    let chosen = chosen_version(hello);
    let in_clear = [Version::Tls10, Version::Tls11, Version::Tls12];
    let Some(version) = in_clear.into_iter().find(|version| Some(code(*version)) == chosen) else { return Some(Err(Unshown)) };
    let served = message(CERTIFICATE, rest)?.and_then(|(served, _)| chain(served).ok_or(Unshown));
    Some(served.map(|chain| (version, chain)))
}

/// What a message holds, and what comes after it.
type Cut<'h> = (&'h [u8], &'h [u8]);

/// A message of that kind.
fn message(kind: u8, handshake: &[u8]) -> Option<Result<Cut<'_>, Unshown>> {
    let (&[found, high, middle, low], rest) = handshake.split_first_chunk()?;
    let length = length([high, middle, low]);
    if found != kind || length > LONGEST {
        return Some(Err(Unshown));
    }
    rest.split_at_checked(length).map(Ok)
}

/// Certificates one after the other, each after its length in three bytes, all after that of the whole. Nothing when there is none.
fn chain(served: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let (whole, mut rest) = served.split_first_chunk()?;
    if length(*whole) != rest.len() {
        return None;
    }
    let mut chain = Vec::new();
    while let Some((size, tail)) = rest.split_first_chunk() {
        let (one, tail) = tail.split_at_checked(length(*size))?;
        chain.push(CertificateDer::from(one.to_vec()));
        rest = tail;
    }
    (rest.is_empty() && !chain.is_empty()).then_some(chain)
}

fn length(bytes: [u8; 3]) -> usize {
    bytes.into_iter().fold(0, |length, byte| length << 8 | usize::from(byte))
}

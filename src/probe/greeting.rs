//! The greeting of one who speaks a single version of TLS, old or new, and what is answered to it. rustls speaks neither 1.0 nor 1.1.

mod shown;

use crate::facts::Version;
pub(super) use shown::{Shown, Unshown, shown};

const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const SERVER_HELLO: u8 = 2;
const SERVER_HELLO_DONE: u8 = 14;
const SUPPORTED_VERSIONS: u16 = 43;

/// A record holds 2^14 bytes and what encryption adds to them (RFC 5246, 6.2.3).
const LONGEST_RECORD: usize = (1 << 14) + 2048;

/// Suites of TLS 1.2 that came with it; it speaks the old ones too.
const SUITES_12: [u16; 17] = [
    0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xccaa, 0x009e, 0x009f, 0x009c, 0x009d, 0xc023, 0xc027, 0x0067, 0x003c, 0x003d, 0xc0ac,
];

/// Forward secret first, then those whose key is RSA, last 3DES and RC4: a server that has nothing better still accepts the version. The
/// last one means that renegotiation is safe (RFC 5746); never the one that means a fallback (RFC 7507), which would be refused.
const SUITES: [u16; 22] = [
    0xc00a, 0xc014, 0x0039, 0x0038, 0xc009, 0xc013, 0x0033, 0x0032, 0x0035, 0x0084, 0x002f, 0x0041, 0x0096, 0xc008, 0xc012, 0x0016, 0x000a,
    0xc007, 0xc011, 0x0005, 0x0004, 0x00ff,
];

const SUITES_13: [u16; 5] = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305];

/// X25519, P-256, P-384, P-521, X448, two of finite fields, and the hybrid of X25519 and ML-KEM: a server that wants another than the first
/// asks for it, which shows that it accepts the version.
const GROUPS: [u16; 8] = [29, 23, 24, 25, 30, 256, 257, 0x11ec];

const SIGNATURES: [u16; 16] =
    [0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201];

/// Nothing is encrypted afterwards, so that nothing need be random.
const RANDOM: [u8; 32] = *b"chatons-audit asks for a version";

/// Any 32 bytes are a key of X25519.
const KEY_SHARE: [u8; 32] = [9; 32];

/// As it is written on the wire.
pub(super) fn code(version: Version) -> u16 {
    match version {
        Version::Tls10 => 0x0301,
        Version::Tls11 => 0x0302,
        Version::Tls12 => 0x0303,
        Version::Tls13 => 0x0304,
    }
}

/// The record of a `ClientHello` (RFC 2246, 4346, 5246 and 8446) for a host; an address has no name to send.
pub(super) fn hello(version: Version, host: Option<&str>) -> Vec<u8> {
    let suites = match version {
        Version::Tls10 | Version::Tls11 => SUITES.to_vec(),
        Version::Tls12 => [&SUITES_12[..], &SUITES].concat(),
        Version::Tls13 => SUITES_13.to_vec(),
    };
    let session: &[u8] = if version == Version::Tls13 { &RANDOM } else { &[] };
    let body = [
        code(version).min(0x0303).to_be_bytes().to_vec(),
        RANDOM.to_vec(),
        short(session),
        long(&words(&suites)),
        short(&[0]),
        long(&extensions(version, host)),
    ];
    let mut message = vec![1, 0];
    message.extend(long(&body.concat()));
    [&[HANDSHAKE, 3, 1][..], &long(&message)].concat()
}

fn extensions(version: Version, host: Option<&str>) -> Vec<u8> {
    let groups = (10, long(&words(&GROUPS)));
    let name = host.map(|host| (0, long(&[&[0][..], &long(host.as_bytes())].concat())));
    let signatures = (13, long(&words(&SIGNATURES)));
    let mut all: Vec<(u16, Vec<u8>)> = name.into_iter().chain([groups]).collect();
    match version {
        Version::Tls10 | Version::Tls11 => all.push((11, short(&[0]))),
        Version::Tls12 => all.extend([(11, short(&[0])), signatures]),
        Version::Tls13 => all.extend([
            signatures,
            (SUPPORTED_VERSIONS, short(&code(version).to_be_bytes())),
            (51, long(&[&words(&[29])[..], &long(&KEY_SHARE)].concat())),
        ]),
    }
    all.into_iter().flat_map(|(kind, value)| [&kind.to_be_bytes()[..], &long(&value)].concat()).collect()
}

fn words(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

/// Preceded by its length in one byte.
fn short(bytes: &[u8]) -> Vec<u8> {
    [&[u8::try_from(bytes.len()).expect("ours are short")], bytes].concat()
}

/// Preceded by its length in two bytes.
fn long(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).expect("a host name has 253 letters at most").to_be_bytes()[..], bytes].concat()
}

/// What a server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// It goes on in this version: up to the end of its own part before TLS 1.3, which then hides the rest.
    GoesOn(u16),
    /// It would go on in another version.
    Instead(u16),
    /// It ends the greeting, for this reason.
    Alert(u8),
    /// This is not TLS.
    Garbled,
}

/// Reads what came so far in answer to a greeting; nothing when more must come before anything can be said.
pub(super) fn answer(to: Version, bytes: &[u8]) -> Option<Answer> {
    let (handshake, end) = records(bytes);
    greeted(to, &handshake).or(end)
}

/// What the records hold of the handshake, and what ends it: an alert, or what is not TLS.
fn records(mut bytes: &[u8]) -> (Vec<u8>, Option<Answer>) {
    let mut handshake = Vec::new();
    loop {
        let Some((&[kind, major, _, high, low], rest)) = bytes.split_first_chunk() else {
            // The first byte may be all that somebody who does not speak TLS ever says.
            let garbled = bytes.first().is_some_and(|kind| ![ALERT, HANDSHAKE].contains(kind));
            return (handshake, garbled.then_some(Answer::Garbled));
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if ![ALERT, HANDSHAKE].contains(&kind) || major != 3 || length == 0 || length > LONGEST_RECORD {
            return (handshake, Some(Answer::Garbled));
        }
        let Some((content, rest)) = rest.split_at_checked(length) else {
            return (handshake, None);
        };
        bytes = rest;
        match (kind, content) {
            // A warning ends nothing.
            (ALERT, [1, _]) => {}
            (ALERT, [_, reason]) => return (handshake, Some(Answer::Alert(*reason))),
            (ALERT, _) => return (handshake, Some(Answer::Garbled)),
            _ => handshake.extend_from_slice(content),
        }
    }
}

/// The messages of the server: `ServerHello`, then what else its part holds, up to `ServerHelloDone`.
fn greeted(to: Version, mut handshake: &[u8]) -> Option<Answer> {
    let mut chosen = None;
    loop {
        let (&[kind, high, middle, low], rest) = handshake.split_first_chunk()?;
        let length = usize::try_from(u32::from_be_bytes([0, high, middle, low])).unwrap_or(usize::MAX);
        if chosen.is_none() && kind != SERVER_HELLO {
            return Some(Answer::Garbled);
        }
        let (message, rest) = rest.split_at_checked(length)?;
        handshake = rest;
        let version = match chosen {
            Some(version) => version,
            None => match chosen_version(message) {
                Some(version) if version == code(to) => version,
                Some(other) => return Some(Answer::Instead(other)),
                None => return Some(Answer::Garbled),
            },
        };
        if to == Version::Tls13 || kind == SERVER_HELLO_DONE {
            return Some(Answer::GoesOn(version));
        }
        chosen = Some(version);
    }
}

/// Of a `ServerHello`: TLS 1.3 says it in an extension.
fn chosen_version(hello: &[u8]) -> Option<u16> {
    let (version, rest) = hello.split_first_chunk()?;
    let (_random, rest) = rest.split_first_chunk::<32>()?;
    let (&length, rest) = rest.split_first().filter(|(length, _)| **length <= 32)?;
    let (_session, rest) = rest.split_at_checked(usize::from(length))?;
    let (_suite_and_compression, rest) = rest.split_first_chunk::<3>()?;
    if rest.is_empty() {
        return Some(u16::from_be_bytes(*version));
    }
    let mut extensions = sized(rest).filter(|(_, rest)| rest.is_empty())?.0;
    while let Some((&kind, rest)) = extensions.split_first_chunk() {
        let (value, rest) = sized(rest)?;
        if u16::from_be_bytes(kind) == SUPPORTED_VERSIONS {
            return Some(u16::from_be_bytes(value.try_into().ok()?));
        }
        extensions = rest;
    }
    extensions.is_empty().then_some(u16::from_be_bytes(*version))
}

/// What the two bytes before it measure, and what comes after.
fn sized(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

#[cfg(test)]
mod tests;

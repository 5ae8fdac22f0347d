//! Feeds made-up bytes to what reads the wire; see `crate::fuzzing`.

use std::sync::LazyLock;

use rustls::pki_types::CertificateDer;

use super::body::Reader;
use super::greeting::{answer, shown};
use super::tls::Tls;
use super::{browser, chain, patience, pdf, records, smtp};
use crate::day::Day;
use crate::facts::{Body, Certificate, Handshake, Headers, Record, Version, Visit};
use crate::text::clean;

/// Bytes of a body.
const LIMIT: usize = 100_000;

/// Certificates of one chain: rustls hands on no more of one handshake than fits into 64 KiB.
const MOST_SERVED: usize = 50;

/// The first line names the media type, the second the codings; all else is the body.
pub fn body(bytes: &[u8]) {
    let mut parts = bytes.splitn(3, |byte| *byte == b'\n');
    let mut line = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let headers = Headers::from([("content-type".to_owned(), vec![line()]), ("content-encoding".to_owned(), vec![line()])]);
    let wire = parts.next().unwrap_or_default().to_vec();
    if let Some(Ok(reader)) = Reader::of(&headers)
        && let Ok(Body::Text(text)) = reader.read(wire, LIMIT)
    {
        // A byte becomes three at most, in whatever encoding; a PDF holds no more than its own limit.
        assert!(text.len() <= 3 * LIMIT.max(pdf::MOST_TEXT) + 64, "{} bytes of text", text.len());
    }
}

pub fn pdf(bytes: &[u8]) {
    let text = pdf::text(bytes).unwrap_or_default();
    assert!(text.len() <= pdf::MOST_TEXT, "{} bytes of text", text.len());
}

/// The first byte tells which version the server was greeted in. What was said of a beginning is not taken back, nor are its certificates.
pub fn greeting(bytes: &[u8]) {
    let Some((version, bytes)) = bytes.split_first() else { return };
    let version = Version::ALL[usize::from(*version) % Version::ALL.len()];
    let whole = answer(version, bytes);
    for end in (0..bytes.len()).take(300) {
        let early = answer(version, &bytes[..end]);
        assert!(early.is_none() || early == whole, "after {end} bytes {early:?}, in the end {whole:?}");
    }
    let whole = shown(bytes);
    for end in (0..bytes.len()).take(300).chain(bytes.len().checked_sub(1)) {
        let early = shown(&bytes[..end]);
        assert!(early.is_none() || early == whole, "after {end} bytes {early:?}, in the end {whole:?}");
    }
    if let Some(Ok((version, chain))) = whole {
        assert!(version < Version::Tls13, "nothing is in clear in {version}");
        assert!(!chain.is_empty() && chain.iter().map(|one| one.len()).sum::<usize>() <= bytes.len(), "made up");
    }
}

/// What a mail server says. What was said of a beginning is not taken back.
pub fn reply(bytes: &[u8]) {
    let whole = smtp::reply::read(bytes);
    for end in (0..bytes.len()).take(300) {
        let early = smtp::reply::read(&bytes[..end]);
        assert!(early == Ok(None) || early == whole, "after {end} bytes {early:?}, in the end {whole:?}");
    }
    if let Ok(Some(reply)) = whole {
        assert!(reply.length <= bytes.len() && (200..600).contains(&reply.code) && !reply.lines.is_empty());
        let _ = reply.offer();
    }
}

/// Certificates one after the other, each after its length in two bytes; without any length that fits, all is one.
pub fn certificate(bytes: &[u8]) -> Option<Certificate> {
    static TLS: LazyLock<Tls> = LazyLock::new(|| Tls::new(Day::new(2026, 11, 22), &[]).unwrap_or_else(|text| panic!("{text:?}")));
    let mut served = Vec::new();
    let mut rest = bytes;
    while let Some((length, tail)) = rest.split_first_chunk::<2>() {
        let Some((one, tail)) = tail.split_at_checked(usize::from(u16::from_be_bytes(*length))) else { break };
        served.push(CertificateDer::from(one));
        rest = tail;
    }
    if served.is_empty() {
        served.push(CertificateDer::from(bytes));
    }
    served.truncate(MOST_SERVED);
    for print in served.iter().map(smtp::print) {
        assert!(print.whole.sha256.len() == 64 && [0, 64].contains(&print.key.sha256.len()), "{print:?}");
    }
    let certificate = chain::read(&served, "www.a.example", Handshake::default(), &TLS)?;
    let told = certificate.chain().flat_map(|one| [&one.subject, &one.issuer]).chain(&certificate.names);
    for words in told {
        assert_eq!(clean(words), *words, "a name that is not clean");
    }
    Some(certificate)
}

/// What a browser says, message by message.
pub fn devtools(bytes: &[u8]) -> Visit {
    browser::hear(bytes)
}

/// What a browser asks of the proxy: a host and a port, or a whole address.
pub fn proxy(bytes: &[u8]) {
    if let Some(url) = browser::asked_of_proxy(bytes) {
        assert!(matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty()), "{url}");
    }
}

/// A message of a name server.
pub fn records(bytes: &[u8]) {
    let Some(found) = records::told(bytes) else { return };
    assert!(found.found.len() <= 100);
    let told = found.found.iter().flat_map(|record| match record {
        Record::Text(text) | Record::Name(text) | Record::Soa(text) | Record::Tlsa(_, _, _, text) => vec![text],
        Record::Mx { host, .. } => vec![host],
        Record::Caa { tag, value } => vec![tag, value],
        Record::Address(_) => Vec::new(),
    });
    for words in told.chain(&found.aliases) {
        assert!(clean(words) == *words && words.len() <= 20_000, "{words:?}");
    }
}

pub fn retry_after(bytes: &[u8]) {
    let headers = Headers::from([("retry-after".to_owned(), vec![String::from_utf8_lossy(bytes).into_owned()])]);
    // However long it is: who asks for more than we ever wait is not asked again.
    let _ = patience::retry_after(&headers);
}

//! Answers to a greeting: honest, cut, mended and mad.

use super::*;

/// A record that holds these bytes.
fn record(kind: u8, content: &[u8]) -> Vec<u8> {
    [&[kind, 3, 1][..], &long(content)].concat()
}

fn message(kind: u8, content: &[u8]) -> Vec<u8> {
    [&[kind, 0][..], &long(content)].concat()
}

fn server_hello(version: u16, extensions: &[u8]) -> Vec<u8> {
    let body = [&version.to_be_bytes()[..], &[7; 32], &[0], &[0, 0x2f, 0], extensions].concat();
    message(SERVER_HELLO, &body)
}

/// The whole part of a server of that version.
fn part(version: u16) -> Vec<u8> {
    [server_hello(version, &[]), message(11, &[0; 500]), message(SERVER_HELLO_DONE, &[])].concat()
}

fn tls13() -> Vec<u8> {
    server_hello(0x0303, &[0, 6, 0, 43, 0, 2, 3, 4])
}

#[test]
fn a_version_is_accepted_when_the_server_ends_its_part_in_it() {
    let whole = record(HANDSHAKE, &part(0x0301));
    assert_eq!(answer(Version::Tls10, &whole), Some(Answer::GoesOn(0x0301)));
    assert_eq!(answer(Version::Tls10, &record(HANDSHAKE, &server_hello(0x0301, &[]))), None, "it may still think better of it");
    let retracted = [record(HANDSHAKE, &server_hello(0x0301, &[])), record(ALERT, &[2, 80])].concat();
    assert_eq!(answer(Version::Tls10, &retracted), Some(Answer::Alert(80)));
    let bytewise: Vec<u8> = part(0x0302).iter().flat_map(|byte| record(HANDSHAKE, &[*byte])).collect();
    assert_eq!(answer(Version::Tls11, &bytewise), Some(Answer::GoesOn(0x0302)));
    for cut in 0..whole.len() {
        assert_eq!(answer(Version::Tls10, &whole[..cut]), None, "{cut}");
    }
}

#[test]
fn the_newest_version_hides_what_follows_and_says_its_name_in_an_extension() {
    assert_eq!(answer(Version::Tls13, &record(HANDSHAKE, &tls13())), Some(Answer::GoesOn(0x0304)));
    assert_eq!(answer(Version::Tls13, &record(HANDSHAKE, &part(0x0303))), Some(Answer::Instead(0x0303)));
    assert_eq!(answer(Version::Tls12, &record(HANDSHAKE, &tls13())), Some(Answer::Instead(0x0304)));
}

#[test]
fn another_version_is_not_the_one_that_was_asked_for() {
    assert_eq!(answer(Version::Tls11, &record(HANDSHAKE, &part(0x0301))), Some(Answer::Instead(0x0301)));
}

#[test]
fn an_alert_ends_the_greeting_and_a_warning_does_not() {
    assert_eq!(answer(Version::Tls10, &record(ALERT, &[2, 70])), Some(Answer::Alert(70)));
    let warned = [record(ALERT, &[1, 112]), record(HANDSHAKE, &part(0x0301))].concat();
    assert_eq!(answer(Version::Tls10, &warned), Some(Answer::GoesOn(0x0301)));
    assert_eq!(answer(Version::Tls10, &record(ALERT, &[2])), Some(Answer::Garbled));
}

#[test]
fn what_is_not_tls_is_garbled() {
    for mad in [
        &b"HTTP/1.1 400 Bad Request\r\n"[..],
        b"S",
        b"SSH-2.0-OpenSSH",
        &[22, 3, 1, 0, 0],
        &[22, 3, 1, 255, 255],
        &[22, 2, 1, 0, 1],
        &record(HANDSHAKE, &message(1, &[0; 40])),
        &record(HANDSHAKE, &message(SERVER_HELLO, &[3, 1])),
        &record(HANDSHAKE, &server_hello(0x0303, &[0, 6, 0, 43, 0, 1, 3, 4])),
        &record(HANDSHAKE, &server_hello(0x0303, &[0, 9, 0, 43, 0, 2, 3, 4])),
    ] {
        assert_eq!(answer(Version::Tls10, mad), Some(Answer::Garbled), "{mad:?}");
    }
}

/// What `openssl s_server -tls1` of Debian 12 answered to a greeting of TLS 1.2, with `tests/tls/certificates/expired.pem`.
const OPENSSL: &[u8] = include_bytes!("../../../fuzz/corpus/greeting/openssl10");

#[test]
fn certificates_of_old_versions_are_read_as_soon_as_they_are_whole() {
    let bytes = &OPENSSL[1..];
    let (version, chain) = shown(bytes).unwrap().unwrap();
    assert_eq!((version, chain.len()), (Version::Tls10, 2));
    assert_eq!(answer(Version::Tls12, bytes), Some(Answer::Instead(0x0301)));
    let last = chain.last().unwrap();
    let whole = bytes.windows(last.len()).position(|part| part == last.as_ref()).unwrap() + last.len();
    for cut in 0..whole {
        assert_eq!(shown(&bytes[..cut]), None, "{cut}");
    }
    assert_eq!(shown(&bytes[..whole]), shown(bytes));
}

#[test]
fn what_shows_no_certificate_shows_none() {
    let after_hello = |message: &[u8]| shown(&record(HANDSHAKE, &[&server_hello(0x0301, &[]), message].concat()));
    assert!(after_hello(&message(11, &[0, 0, 5, 0, 0, 2, 48, 0])).unwrap().is_ok());
    for mad in
        [&[][..], &[0, 0], &[0, 0, 0], &[0, 0, 1, 7], &[0, 0, 4, 0, 0, 1, 7, 7], &[0, 0, 5, 0, 0, 9, 7, 7], &[0, 0, 9, 0, 0, 2, 7, 7]]
    {
        assert_eq!(after_hello(&message(11, mad)), Some(Err(Unshown)), "{mad:?}");
    }
    assert_eq!(after_hello(&message(SERVER_HELLO_DONE, &[])), Some(Err(Unshown)));
    assert_eq!(after_hello(&[11, 1, 0, 0]), Some(Err(Unshown)), "64 KiB and more are not waited for");
    assert_eq!(shown(&record(HANDSHAKE, &tls13())), Some(Err(Unshown)));
    assert_eq!(shown(&record(ALERT, &[2, 70])), Some(Err(Unshown)));
    assert_eq!(shown(b"HTTP/1.1 400 Bad Request\r\n"), Some(Err(Unshown)));
}

/// Xorshift: the same numbers at each run.
fn numbers(mut state: u64) -> impl FnMut(usize) -> usize {
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    }
}

#[test]
fn no_answer_makes_it_panic_nor_takes_one_version_for_another() {
    let honest = [
        (Version::Tls10, record(HANDSHAKE, &part(0x0301))),
        (Version::Tls12, [record(ALERT, &[1, 112]), record(HANDSHAKE, &part(0x0303))].concat()),
        (Version::Tls13, record(HANDSHAKE, &tls13())),
        (Version::Tls11, record(ALERT, &[2, 70])),
    ];
    let mut number = numbers(0x9e37_79b9_7f4a_7c15);
    for round in 0..200_000 {
        let (version, mut bytes) = honest[round % honest.len()].clone();
        // Most of what is read stands at the beginning.
        for _ in 0..=number(4) {
            let at = if number(4) == 0 { number(bytes.len()) } else { number(bytes.len().min(60)) };
            match number(4) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes.insert(at, u8::try_from(number(256)).unwrap()),
                2 => drop(bytes.remove(at)),
                _ => bytes[at] = u8::try_from(number(256)).unwrap(),
            }
            if bytes.is_empty() {
                bytes.push(22);
            }
        }
        match answer(version, &bytes) {
            Some(Answer::GoesOn(other)) => assert_eq!(other, code(version), "{bytes:?}"),
            Some(Answer::Instead(other)) => assert_ne!(other, code(version), "{bytes:?}"),
            _ => {}
        }
    }
}

#[test]
fn a_greeting_says_one_version_only() {
    for version in Version::ALL {
        let bytes = hello(version, Some("a.example"));
        assert_eq!(bytes.len(), 5 + usize::from(u16::from_be_bytes([bytes[3], bytes[4]])), "{version}");
        assert_eq!(bytes.len(), 9 + usize::from(u16::from_be_bytes([bytes[7], bytes[8]])), "{version}");
        assert_eq!(u16::from_be_bytes([bytes[9], bytes[10]]), code(version).min(0x0303));
        assert!(bytes.windows(9).any(|part| part == b"a.example"));
    }
    assert!(!hello(Version::Tls10, None).windows(4).any(|part| part == [0x56, 0, 0, 0xff]), "no fallback is feigned");
}

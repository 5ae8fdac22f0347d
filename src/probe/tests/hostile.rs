//! Servers that try to turn the probe against its user: each ends in a silence with its reason, within the limits.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use rcgen::DnType;

use super::authorities::{leaf, self_signed};
use super::servers::{Server, answer, page};
use super::{certificate, exchange, settings};
use crate::facts::{Body, Exchange, SilenceKind};
use crate::probe::Settings;

const LITTLE: Duration = Duration::from_millis(150);

fn hurried() -> Settings {
    Settings { timeout: LITTLE, connect_timeout: LITTLE, ..settings() }
}

fn seen(settings: Settings, answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Result<Body, SilenceKind> {
    let server = Server::http(answer);
    exchange(settings, &server.url()).map(|exchange| exchange.body.clone())
}

fn html(head: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\n{head}\r\n").as_bytes(), body].concat()
}

#[test]
fn a_flood_of_header_fields_is_cut_short() {
    let endless = Server::endless(
        b"HTTP/1.1 200 OK\r\n",
        b"X-Flood: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
        Duration::ZERO,
    );
    assert_eq!(exchange(settings(), &endless.url()).unwrap_err(), SilenceKind::TooLarge);
    let one = Server::endless(b"HTTP/1.1 200 OK\r\nX-Endless: ", &[b'a'; 4096], Duration::ZERO);
    let kind = exchange(Settings { timeout: Duration::from_secs(5), ..settings() }, &one.url()).unwrap_err();
    assert_eq!(kind, SilenceKind::TooLarge, "one field without end");
}

#[test]
fn a_byte_now_and_then_does_not_hold_us() {
    for start in [&b"HTTP/1.1 200 OK\r\nX-Slow: "[..], b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n"] {
        let slow = Server::endless(start, b"a", Duration::from_millis(20));
        assert_eq!(exchange(hurried(), &slow.url()).unwrap_err(), SilenceKind::TimedOut, "{start:?}");
    }
    // As slowly in the TLS handshake.
    let slow = Server::endless(b"", b"\x16", Duration::from_millis(20));
    let url = slow.url().replace("http:", "https:");
    assert!(matches!(exchange(hurried(), &url).unwrap_err(), SilenceKind::TimedOut | SilenceKind::TlsFailed));
}

#[test]
fn bombs_do_not_go_off_however_they_are_wrapped() {
    let gzip = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let bomb = gzip(&gzip(&vec![b' '; 2 << 20]));
    let coded = |coding: &str| answer("200 OK", &[("Content-Type", "text/html"), ("Content-Encoding", coding)], &bomb);
    let bytes = coded("gzip, gzip");
    assert_eq!(seen(settings(), move |_| bytes.clone()), Ok(Body::TooLarge));
    // Wrapped too often, wrapped as was not offered, and not wrapped as it says.
    for coding in ["gzip,gzip,gzip,gzip,gzip", "zstd", "br"] {
        let bytes = coded(coding);
        assert_eq!(seen(settings(), move |_| bytes.clone()), Err(SilenceKind::Garbled), "{coding}");
    }
}

#[test]
fn wrong_lengths_are_no_pages() {
    let read = |head: &'static str, body: &'static [u8]| seen(hurried(), move |_| html(head, body));
    assert_eq!(read("Content-Length: 3\r\n", b"abcdef"), Ok(Body::Text("abc".to_owned())), "what is beyond is not read");
    assert_eq!(read("Content-Length: 9\r\n", b"abc"), Err(SilenceKind::Garbled));
    assert_eq!(read("Content-Length: 3\r\nContent-Length: 4\r\n", b"abcd"), Err(SilenceKind::Garbled));
    assert_eq!(read("Content-Length: -1\r\n", b"abc"), Err(SilenceKind::Garbled));
    assert_eq!(read("Content-Length: 99999999999999999999999\r\n", b"abc"), Err(SilenceKind::Garbled));
    assert_eq!(read("Transfer-Encoding: chunked\r\n", b"5\r\nabc"), Err(SilenceKind::Garbled), "cut within a chunk");
    assert_eq!(read("Transfer-Encoding: chunked\r\n", b"3\r\nabc\r\n"), Err(SilenceKind::Garbled), "cut between chunks");
    assert_eq!(read("Transfer-Encoding: chunked\r\n", b"zz\r\nabc\r\n0\r\n\r\n"), Err(SilenceKind::Garbled));
    assert_eq!(read("Transfer-Encoding: chunked\r\n", b"ffffffffffffffff1\r\nabc"), Err(SilenceKind::Garbled));
    assert_eq!(read("Transfer-Encoding: chunked\r\n", b"3\r\nabc\r\n0\r\n\r\n"), Ok(Body::Text("abc".to_owned())));
}

#[test]
fn what_is_not_http_is_garbled() {
    for garbage in [
        &b"<html><title>HTTP/0.9</title>"[..],
        b"\0\0\0\0\0\0",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX\0Y: z\r\n\r\n",
    ] {
        assert_eq!(seen(hurried(), move |_| garbage.to_vec()), Err(SilenceKind::Garbled), "{}", garbage.escape_ascii());
    }
    // Interim answers without end.
    let endless = Server::endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", Duration::from_millis(1));
    assert!(exchange(hurried(), &endless.url()).is_err());
}

#[test]
fn bytes_that_are_no_text_are_read_without_panic() {
    let Ok(Body::Text(text)) = seen(settings(), |_| html("Content-Length: 6\r\n", b"\xff\xfe\xfd\x80\xc3(")) else { panic!("a text") };
    assert!(!text.is_empty());
    let odd = seen(settings(), |_| html("Content-Length: 4\r\n", b"a\0\x1b["));
    assert_eq!(odd, Ok(Body::Text("a\0\u{1b}[".to_owned())), "kept as it is: what shows it cleans it");
}

/// Where a redirect leads is looked at as any other address, whatever it is written like.
#[test]
fn a_redirect_into_the_neighbourhood_is_refused() {
    let private = [
        "http://127.0.0.1/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://172.16.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[fc00::1]/",
        "http://[fe80::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://[2002:a00:1::]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://\u{ff11}27.0.0.1/",
        "http://127\u{3002}0\u{3002}0\u{3002}1/",
    ];
    for to in private {
        let url: url::Url = "https://a.example/".parse().unwrap();
        let headers = [("location".to_owned(), vec![to.to_owned()])].into();
        let hop = Exchange::new(url, 302, headers, None, Body::Empty).location().unwrap();
        let strict = || Settings { allow_private: false, ..settings() };
        assert_eq!(exchange(strict(), hop.as_str()).unwrap_err(), SilenceKind::PrivateAddress, "{to}");
        let proxy = Server::http(|_| page("secret"));
        let proxied = Settings { proxy: Some(proxy.url().parse().unwrap()), ..strict() };
        assert_eq!(exchange(proxied, hop.as_str()).unwrap_err(), SilenceKind::PrivateAddress, "{to}, through a proxy");
        assert_eq!(proxy.connections(), 0);
    }
}

#[test]
fn a_redirect_to_what_is_no_web_is_not_followed() {
    for to in ["file:///etc/passwd", "ftp://a.example/", "javascript:alert(1)", "data:text/html,x", "gopher://a.example/"] {
        assert_eq!(exchange(settings(), to).unwrap_err(), SilenceKind::Garbled, "{to}");
    }
}

#[test]
fn odd_names_in_a_certificate_are_kept_as_text() {
    for name in ["a\0.test", "a\u{1b}[31m.test", "a\u{202e}tset.a", "а.test (Cyrillic)", &"x".repeat(5000)] {
        let mut odd = leaf("a.test");
        odd.distinguished_name.push(DnType::CommonName, name);
        odd.distinguished_name.push(DnType::OrganizationName, name);
        let server = Server::https(self_signed(&odd), |_| page("secret"));
        let settings = || Settings { connect_to: server.everything(), ..settings() };
        assert!(certificate(settings(), "a.test", 443).is_ok(), "{name:?}");
        assert_eq!(exchange(settings(), "https://a.test/").unwrap_err(), SilenceKind::CertificateRefused);
    }
}

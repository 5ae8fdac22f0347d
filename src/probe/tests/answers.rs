//! What comes of good and bad answers.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::servers::{Server, answer, answer_once, page};
use super::{exchange, settings};
use crate::facts::{Body, Need, Observer, SilenceKind};
use crate::probe::{Probe, Settings};

/// Five MiB of blanks, as brotli puts them.
const BROTLI_BOMB: [u8; 14] = [0x9f, 0xff, 0xff, 0x4f, 0xf8, 0x25, 0x40, 0xe2, 0xb1, 0x40, 0x20, 0xf7, 0xfe, 0x09];

const PAGE_WITHOUT_END: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";

fn body(answer: Vec<u8>) -> Result<Body, SilenceKind> {
    let server = Server::http(move |_| answer.clone());
    exchange(settings(), &server.url()).map(|exchange| exchange.body.clone())
}

fn text(words: &str) -> Body {
    Body::Text(words.to_owned())
}

#[test]
fn a_page_is_read_with_its_address_and_status() {
    let server = Server::http(|_| page("<p>Bonjour</p>"));
    let exchange = exchange(settings(), &server.url()).unwrap();
    assert_eq!((exchange.status, exchange.address, exchange.url().as_str()), (200, Some(server.address.ip()), server.url().as_str()));
    assert_eq!(exchange.text(), "<p>Bonjour</p>");
}

#[test]
fn the_request_says_who_asks_and_what_it_reads() {
    let server = Server::http(page);
    let asked = exchange(settings(), &server.url()).unwrap().text().to_ascii_lowercase();
    assert!(asked.starts_with("get / http/1.1\r\n"), "{asked}");
    for field in [
        concat!("user-agent: chatons-audit/", env!("CARGO_PKG_VERSION"), " (+https://"),
        "accept: text/html,*/*;q=0.8\r\n",
        "accept-language: fr,en;q=0.8\r\n",
        "accept-encoding: gzip, br\r\n",
    ] {
        assert!(asked.contains(field), "{field} in {asked}");
    }
}

#[test]
fn a_redirect_is_told_and_not_followed() {
    let server = Server::http(|_| answer("302 Found", &[("Location", "/ailleurs#ici")], b""));
    let exchange = exchange(settings(), &server.url()).unwrap();
    assert_eq!((exchange.status, &exchange.body, server.connections()), (302, &Body::Empty, 1));
    assert_eq!(exchange.location().unwrap().as_str(), format!("{}ailleurs", server.url()));
}

#[test]
fn every_value_of_a_field_is_kept_in_order() {
    let server = Server::http(|_| {
        b"HTTP/1.1 200 OK\r\nSet-Cookie: b=2\r\nX-Odd: \xe9t\xe9\r\nset-cookie: a=1\r\nContent-Length: 0\r\n\r\n".to_vec()
    });
    let exchange = exchange(settings(), &server.url()).unwrap();
    assert_eq!(exchange.headers["set-cookie"], ["b=2", "a=1"]);
    assert_eq!(exchange.header("x-odd"), Some("\u{fffd}t\u{fffd}"));
}

#[test]
fn a_page_in_latin_1_is_decoded() {
    assert_eq!(body(answer("200 OK", &[("Content-Type", "text/html; charset=iso-8859-1")], b"h\xe9bergeur")), Ok(text("hébergeur")));
}

#[test]
fn a_picture_is_not_read() {
    let endless = Server::endless(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n", &[0; 1024], Duration::ZERO);
    let endless = exchange(settings(), &endless.url()).unwrap();
    assert_eq!((&endless.body, &endless.picture), (&Body::Binary, &None));
    let icon = Server::http(|_| answer("200 OK", &[("Content-Type", "image/x-icon")], b"abc"));
    let icon = exchange(settings(), &icon.url()).unwrap();
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!((&icon.body, icon.picture.as_deref()), (&Body::Binary, Some(digest)), "its digest alone is kept");
}

#[test]
fn text_coded_in_a_way_that_was_not_offered_is_garbled_and_a_redirect_still_leads() {
    let fields = [("Content-Type", "text/html"), ("Content-Encoding", "zstd"), ("Location", "/ailleurs")];
    assert_eq!(body(answer("200 OK", &fields, b"abc")), Err(SilenceKind::Garbled));
    assert_eq!(body(answer("302 Found", &fields, b"abc")), Ok(Body::Binary));
}

#[test]
fn too_much_is_too_large_on_the_wire_and_after_decompression() {
    let endless = Server::endless(PAGE_WITHOUT_END, &[b' '; 1024], Duration::ZERO);
    assert_eq!(exchange(settings(), &endless.url()).unwrap().body, Body::TooLarge);
    assert_eq!(
        body(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999999\r\n\r\n".to_vec()),
        Ok(Body::TooLarge),
        "as announced"
    );
    assert_eq!(body(coded("br", &BROTLI_BOMB)), Ok(Body::TooLarge));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&vec![b' '; 2 << 20]).unwrap();
    assert_eq!(body(coded("gzip", &gzip.finish().unwrap())), Ok(Body::TooLarge));
}

fn coded(coding: &str, bytes: &[u8]) -> Vec<u8> {
    answer("200 OK", &[("Content-Type", "text/html"), ("Content-Encoding", coding)], bytes)
}

#[test]
fn too_many_header_fields_are_too_large() {
    let long = "x".repeat(1000);
    let fields = |count| answer("200 OK", &vec![("X-Long", long.as_str()); count], b"");
    assert_eq!(body(fields(50)), Ok(Body::Empty));
    assert_eq!(body(fields(90)), Err(SilenceKind::TooLarge), "90 kB in less than 100 fields");
    assert_eq!(body(answer("200 OK", &vec![("X", ""); 200], b"")), Err(SilenceKind::TooLarge), "200 fields");
}

#[test]
fn what_is_cut_or_not_http_is_garbled() {
    assert_eq!(body(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()), Err(SilenceKind::Garbled));
    assert_eq!(body(Vec::new()), Err(SilenceKind::Garbled));
    assert_eq!(body(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\nBonj".to_vec()), Err(SilenceKind::Garbled));
    assert_eq!(body(coded("gzip", b"Bonjour")), Err(SilenceKind::Garbled));
}

#[test]
fn a_closed_port_refuses() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(exchange(settings(), &format!("http://{closed}/")).unwrap_err(), SilenceKind::Refused);
    assert_eq!(exchange(settings(), &format!("https://{closed}/")).unwrap_err(), SilenceKind::Refused);
}

#[test]
fn a_mute_server_times_out_and_is_asked_twice() {
    let mute = Server::mute();
    let settings = Settings { timeout: Duration::from_millis(100), ..settings() };
    let start = Instant::now();
    assert_eq!(exchange(settings, &mute.url()).unwrap_err(), SilenceKind::TimedOut);
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(mute.connections(), 2);
}

#[test]
fn a_slow_body_times_out_as_a_whole() {
    let slow = Server::endless(PAGE_WITHOUT_END, b" ", Duration::from_millis(10));
    let settings = Settings { timeout: Duration::from_millis(100), ..settings() };
    assert_eq!(exchange(settings, &slow.url()).unwrap_err(), SilenceKind::TimedOut);
}

#[test]
fn what_passes_is_looked_at_again_once_at_the_end() {
    for (status, times) in [
        ("502 Bad Gateway", 2),
        ("503 Service Unavailable", 2),
        ("504 Gateway Timeout", 2),
        ("500 Internal Server Error", 1),
        ("404 Not Found", 1),
    ] {
        let server = Server::http(move |_| answer(status, &[], b""));
        assert_eq!(exchange(settings(), &server.url()).unwrap().status.to_string(), status[..3]);
        assert_eq!(server.connections(), times, "{status}");
    }
    let heard = Arc::<Mutex<Vec<String>>>::default();
    let hearing = Arc::clone(&heard);
    let busy = Server::http(move |head| {
        let path = head.split(' ').nth(1).unwrap().to_owned();
        hearing.lock().unwrap().push(path.clone());
        if path == "/busy" { answer("503 Busy", &[], b"") } else { page("") }
    });
    let mut probe = Probe::new(Settings { per_address: 1, ..settings() }).unwrap();
    for path in ["busy", "a", "b", "c"] {
        probe.ask(Need::Exchange(format!("{}{path}", busy.url()).parse().unwrap()));
    }
    assert_eq!(std::iter::from_fn(|| probe.next()).count(), 4);
    let heard = heard.lock().unwrap();
    assert_eq!((heard.len(), heard.last().map(String::as_str)), (5, Some("/busy")), "{heard:?}");
    let asked = AtomicUsize::new(0);
    let recovers =
        Server::http(
            move |_| if asked.fetch_add(1, Ordering::SeqCst) == 0 { answer("503 Busy", &[("Retry-After", "0")], b"") } else { page("") },
        );
    assert_eq!(exchange(settings(), &recovers.url()).unwrap().status, 200);
}

/// Two pages of one place by one connection; a connection that was closed meanwhile is no silence.
#[test]
fn a_connection_is_used_again() {
    let kept =
        |body: &str| format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes();
    for answers in [3, 1] {
        let server = Server::raw(move |stream| (0..answers).for_each(|_| answer_once(stream, &|_| kept("abc"))));
        let mut probe = Probe::new(Settings { per_address: 1, ..settings() }).unwrap();
        for path in ["a", "b", "c"] {
            probe.ask(Need::Exchange(format!("{}{path}", server.url()).parse().unwrap()));
        }
        let seen: Vec<_> = std::iter::from_fn(|| probe.next()).collect();
        assert!(seen.len() == 3 && seen.iter().all(|(_, seen)| seen.is_ok()), "{seen:?}");
        assert_eq!(server.connections(), if answers == 3 { 1 } else { 3 });
    }
}

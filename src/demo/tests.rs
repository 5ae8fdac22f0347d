//! The stage as its visitors see it, and what its imaginary hoster shows.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use url::Url;

use super::site::Scheme;
use super::*;
use crate::facts::{Body, Exchange, Headers, ResourceKind};

const TODAY: Day = Day::new(2026, 11, 22);

/// A client whose clock stands at noon of a day.
#[derive(Debug)]
struct Noon(Day);

impl TimeProvider for Noon {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(self.0.noon_unix()).unwrap())))
    }
}

fn stage(sites: &str) -> Stage {
    Stage::open(Sites::parse(sites).unwrap(), TODAY).unwrap()
}

/// A connection that waits for half a second at most: the stage is near.
fn connect(stage: &Stage) -> TcpStream {
    let stream = TcpStream::connect(stage.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    stream
}

fn waited_in_vain(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

fn asking(host: &str, path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")
}

/// The whole answer; what came before the end of a connection cut without ceremony counts.
fn answer(mut stream: impl Read + Write, request: &str) -> io::Result<String> {
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if answer.is_empty() => Err(error),
        _ => Ok(String::from_utf8(answer).unwrap()),
    }
}

fn http(stage: &Stage, host: &str, path: &str) -> io::Result<String> {
    answer(connect(stage), &asking(host, path))
}

/// A real handshake that trusts the authority of the stage and nobody else.
fn https_on(stage: &Stage, today: Day, host: &str, path: &str) -> io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(stage.ca_pem().as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_details(provider, Arc::new(Noon(today)))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), host.to_owned().try_into().unwrap()).unwrap();
    answer(StreamOwned::new(connection, connect(stage)), &asking(host, path))
}

fn https(stage: &Stage, host: &str, path: &str) -> io::Result<String> {
    https_on(stage, TODAY, host, path)
}

const TWO: &str = "
[[host]]
name = 'a.example'
headers = { strict-transport-security = 'max-age=1', x-who = 'a' }
pages = { '/' = 'page of a' }
[[host]]
name = 'b.example'
plain-http = 'open'
headers = { strict-transport-security = 'max-age=1' }
pages = { '/' = 'page of b' }
";

#[test]
fn a_handshake_succeeds_and_the_name_chooses_the_host() {
    let stage = stage(TWO);
    let first = https(&stage, "a.example", "/").unwrap();
    assert!(first.starts_with("HTTP/1.1 200 OK\r\n") && first.ends_with("\r\n\r\npage of a"), "{first}");
    assert!(first.contains("strict-transport-security: max-age=1\r\n") && first.contains("x-who: a\r\n"), "{first}");
    assert!(https(&stage, "b.example", "/").unwrap().ends_with("page of b"));
    assert!(https(&stage, "a.example", "/none").unwrap().starts_with("HTTP/1.1 404"));
}

#[test]
fn plain_http_redirects_or_shows_the_pages() {
    let stage = stage(TWO);
    let redirected = http(&stage, "A.example:80", "/x?y=1").unwrap();
    assert!(redirected.starts_with("HTTP/1.1 301") && redirected.contains("location: https://a.example/x?y=1\r\n"), "{redirected}");
    let open = http(&stage, "b.example", "/").unwrap();
    assert!(open.ends_with("page of b"), "{open}");
    assert!(![redirected, open].iter().any(|answer| answer.contains("strict-transport")), "HSTS in clear");
}

#[test]
fn plain_http_may_be_cut_at_once() {
    let stage = stage("[[host]]\nname = 'a.example'\nplain-http = 'closed'\npages = { '/' = 'a' }");
    assert!(http(&stage, "a.example", "/").map_or(true, |answer| answer.is_empty()));
    assert!(https(&stage, "a.example", "/").unwrap().ends_with('a'));
}

#[test]
fn a_silent_host_accepts_and_never_answers() {
    let stage =
        stage("[[host]]\nname = 'a.example'\nsilent = true\n[[host]]\nname = 'b.example'\nplain-http = 'open'\npages = { '/' = 'b' }");
    for error in [http(&stage, "a.example", "/").unwrap_err(), https(&stage, "a.example", "/").unwrap_err()] {
        assert!(waited_in_vain(&error), "{error}");
    }
    assert!(http(&stage, "b.example", "/").unwrap().ends_with('b'), "others still answer");
    assert_eq!(stage.requests(), ["http://a.example/", "http://b.example/"], "the handshake was not answered either");
}

#[test]
fn an_unknown_host_is_misdirected() {
    let stage = stage(TWO);
    assert!(http(&stage, "c.example", "/").unwrap().starts_with("HTTP/1.1 421"));
    let error = https(&stage, "c.example", "/").unwrap_err();
    assert!(error.to_string().contains("not valid for name"), "{error}");
}

#[test]
fn each_certificate_fails_for_its_own_reason() {
    let reason = |kind: &str, today: Day| {
        let stage = stage(&format!("[[host]]\nname = 'a.example'\ncertificate = '{kind}'\npages = {{ '/' = 'a' }}"));
        https_on(&stage, today, "a.example", "/").err().map_or_else(|| "trusted".to_owned(), |error| error.to_string())
    };
    assert_eq!(reason("valid", TODAY), "trusted");
    assert_eq!(reason("valid", TODAY.plus_days(59)), "trusted");
    assert!(reason("valid", TODAY.plus_days(61)).contains("expired"));
    assert_eq!(reason("expires-soon", TODAY.plus_days(9)), "trusted");
    assert!(reason("expires-soon", TODAY.plus_days(11)).contains("expired"));
    assert!(reason("expired", TODAY).contains("expired"));
    assert!(reason("wrong-host", TODAY).contains("not valid for name"));
    assert!(reason("self-signed", TODAY).contains("UnknownIssuer"));
    assert!(reason("unknown-issuer", TODAY).contains("UnknownIssuer"));
}

#[test]
fn what_was_asked_is_told_in_order() {
    let stage = stage(TWO);
    http(&stage, "a.example", "/x?y=1").unwrap();
    https(&stage, "b.example", "/").unwrap();
    answer(connect(&stage), "HEAD / HTTP/1.1\r\nhost: b.example\r\nconnection: close\r\n\r\n").unwrap();
    assert_eq!(stage.requests(), ["http://a.example/x?y=1", "https://b.example/", "HEAD http://b.example/"]);
}

#[test]
fn dropped_it_is_gone_with_those_who_wait() {
    let stage = stage("[[host]]\nname = 'a.example'\nsilent = true");
    let address = stage.address();
    let mut waiting = connect(&stage);
    waiting.write_all(asking("a.example", "/").as_bytes()).unwrap();
    drop(stage);
    let read = waiting.read(&mut [0; 1]);
    assert!(read.map_or_else(|error| !waited_in_vain(&error), |read| read == 0), "the connection is closed, not left hanging");
    assert!(TcpStream::connect(address).is_err());
}

/// Every page of the imaginary hoster, read.
fn shown() -> Vec<Exchange> {
    let sites = Sites::parse(SITES).unwrap();
    let exchange = |host: &str, (path, html): (&String, &String)| {
        let url = Url::parse(&format!("https://{host}{path}")).unwrap();
        let headers = Headers::from([("content-type".to_owned(), vec!["text/html".to_owned()])]);
        Exchange::new(url, 200, headers, None, Body::Text(html.clone()))
    };
    sites.hosts.iter().flat_map(|host| host.pages.iter().map(move |page| exchange(&host.name, page))).collect()
}

#[test]
fn the_pages_of_the_imaginary_hoster_are_accessible() {
    for exchange in shown() {
        let (url, page) = (exchange.url(), exchange.page());
        assert_eq!(page.lang.as_deref(), Some("fr"), "{url}");
        assert!(page.title.is_some() && !page.needs_javascript(), "{url}");
        assert!(page.pictures_without_alt.is_empty() && page.controls.iter().all(|control| control.labelled), "{url}");
    }
}

#[test]
fn no_link_of_the_imaginary_hoster_is_broken_and_none_leads_to_a_legal_notice() {
    let sites = Sites::parse(SITES).unwrap();
    for exchange in shown() {
        for link in &exchange.page().links {
            let Some(url) = link.page().filter(|url| url.domain().unwrap().ends_with("chatperche.example")) else { continue };
            assert!(sites.host(url.domain().unwrap()).unwrap().route(Scheme::Https, url.path()).is_some(), "{url}");
            assert!(!link.text.to_lowercase().contains("mentions"), "{url}");
        }
    }
}

#[test]
fn the_imaginary_hoster_calls_the_two_third_parties_that_it_says() {
    let page = shown();
    let calls =
        page.iter().flat_map(|exchange| exchange.page().resources.iter().map(move |resource| (exchange.url().domain().unwrap(), resource)));
    let others: BTreeSet<_> = calls
        .filter(|(host, resource)| resource.url.domain() != Some(host))
        .map(|(host, resource)| (host, resource.url.domain().unwrap(), resource.kind))
        .collect();
    let expected = [
        ("nuage.chatperche.example", "www.google-analytics.com", ResourceKind::Script),
        ("pads.chatperche.example", "fonts.googleapis.com", ResourceKind::Style),
    ];
    assert_eq!(others, BTreeSet::from(expected));
}

#[test]
fn the_imaginary_hoster_is_described() {
    let described: toml::Table = HOSTER.parse().unwrap();
    let services = described["service"].as_array().unwrap().iter();
    let hosts: Vec<_> =
        services.map(|service| Url::parse(service["url"].as_str().unwrap()).unwrap().domain().unwrap().to_owned()).collect();
    assert_eq!(hosts, ["pads.chatperche.example", "chat.chatperche.example", "nuage.chatperche.example"]);
    let stage = Stage::open(Sites::parse(SITES).unwrap(), TODAY).unwrap();
    for host in hosts {
        let answer = https(&stage, &host, "/.well-known/security.txt").unwrap();
        assert!(answer.contains("Expires: 2030-01-01") && answer.contains("max-age=31536000"), "{answer}");
    }
}

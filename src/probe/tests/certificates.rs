//! Good and bad certificates: what is read of them, and that nothing is read behind the bad ones.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, SanType, date_time_ymd};
use rustls::ServerConfig;

use super::authorities::{Authority, leaf, self_signed, with_ca_issuers};
use super::servers::{Server, page};
use super::{TODAY, certificate, exchange, settings};
use crate::day::Day;
use crate::facts::{Certificate, Digest, Handshake, Key, KeyKind, Served, SilenceKind, Trust, Version};
use crate::probe::{Probe, Settings};

/// Both looks at a server of `a.test`: at what it protects, and at its certificate.
fn looks(config: Arc<ServerConfig>, ca_files: &[PathBuf]) -> (Result<u16, SilenceKind>, Arc<Certificate>) {
    let server = Server::https(config, |_| page("secret"));
    let settings = || Settings { connect_to: server.everything(), ca_files: ca_files.to_vec(), ..settings() };
    let status = exchange(settings(), "https://a.test/").map(|exchange| exchange.status);
    (status, certificate(settings(), "a.test", 443).unwrap())
}

/// What is seen of a leaf signed by an authority that is trusted.
fn trusted(leaf: &CertificateParams) -> (Result<u16, SilenceKind>, Arc<Certificate>) {
    let root = Authority::root("Root");
    let (_file, files) = root.file();
    looks(root.serve(leaf, &[]), &files)
}

#[test]
fn a_good_certificate_lets_the_page_be_read() {
    let root = Authority::root("Root");
    let intermediate = root.intermediate("Intermediate");
    let (_file, files) = root.file();
    let (status, seen) = looks(intermediate.serve(&leaf("a.test"), &[&intermediate]), &files);
    assert_eq!(status, Ok(200));
    assert_eq!((seen.names.as_slice(), seen.names_the_host, seen.trust), (&["a.test".to_owned()][..], true, Trust::Trusted));
    let leaf = Served {
        subject: "a.test".into(),
        issuer: "Intermediate & Co".into(),
        not_before: Day::new(2026, 1, 1),
        not_after: Day::new(2027, 1, 1),
        key: Key { kind: KeyKind::Ec, bits: 256 },
        digest: Digest::Other,
        counts: true,
    };
    assert_eq!(seen.leaf, leaf);
    assert_eq!(seen.others.len(), 1);
    let above = &seen.others[0];
    assert_eq!(
        (above.subject.as_str(), above.issuer.as_str(), above.counts),
        ("Intermediate", "Root & Co", false),
        "no fault is looked for"
    );
}

#[test]
fn what_was_agreed_upon_is_kept() {
    let root = Authority::root("Root");
    let mut config = ServerConfig::clone(&root.serve(&leaf("a.test"), &[]));
    config.alpn_protocols = vec![b"h2".to_vec()];
    let server = Server::https(Arc::new(config), |_| page(""));
    let seen = certificate(Settings { connect_to: server.everything(), ..settings() }, "a.test", 443).unwrap();
    assert_eq!(seen.handshake, Handshake { version: Some(Version::Tls13), alpn: Some("h2".into()), ..Handshake::default() });
    let (_, seen) = looks(root.serve_stapled(&leaf("a.test")), &[]);
    assert_eq!(seen.handshake, Handshake { version: Some(Version::Tls13), stapled: true, ..Handshake::default() });
}

#[test]
fn dates_are_told_apart_from_trust() {
    let mut expired = leaf("a.test");
    expired.not_after = date_time_ymd(2026, 11, 22);
    let (status, seen) = trusted(&expired);
    assert_eq!((status, seen.trust, seen.leaf.not_after), (Err(SilenceKind::CertificateRefused), Trust::Trusted, Day::new(2026, 11, 22)));

    let mut early = leaf("a.test");
    early.not_before = date_time_ymd(2026, 11, 23);
    let (status, seen) = trusted(&early);
    assert_eq!((status, seen.trust, seen.leaf.not_before), (Err(SilenceKind::CertificateRefused), Trust::Trusted, Day::new(2026, 11, 23)));
}

#[test]
fn a_certificate_renewed_in_the_afternoon_is_good_for_the_day() {
    let mut renewed = leaf("a.test");
    renewed.not_before = date_time_ymd(2026, 11, 22).replace_hour(18).unwrap();
    let (status, seen) = trusted(&renewed);
    assert_eq!((status, seen.trust, seen.leaf.not_before), (Ok(200), Trust::Trusted, TODAY));
}

#[test]
fn the_day_of_the_run_is_the_one_that_counts() {
    let root = Authority::root("Root");
    let (_file, ca_files) = root.file();
    let server = Server::https(root.serve(&leaf("a.test"), &[]), |_| page(""));
    for (day, status) in [(Day::new(2026, 12, 31), Ok(200)), (Day::new(2027, 1, 1), Err(SilenceKind::CertificateRefused))] {
        let settings = Settings { today: day, connect_to: server.everything(), ca_files: ca_files.clone(), ..settings() };
        assert_eq!(exchange(settings, "https://a.test/").map(|exchange| exchange.status), status, "{day}");
    }
}

#[test]
fn another_name_is_told_apart_from_trust() {
    let (status, seen) = trusted(&leaf("b.test"));
    assert_eq!((status, seen.trust, seen.names_the_host), (Err(SilenceKind::CertificateRefused), Trust::Trusted, false));
}

#[test]
fn a_self_signed_certificate_is_told() {
    let (status, seen) = looks(self_signed(&leaf("a.test")), &[]);
    assert_eq!((status, seen.trust), (Err(SilenceKind::CertificateRefused), Trust::SelfSigned));
    // As made by `openssl req -x509`.
    let mut authority = leaf("a.test");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let (status, seen) = looks(self_signed(&authority), &[]);
    assert_eq!((status, seen.trust), (Err(SilenceKind::CertificateRefused), Trust::SelfSigned));
}

#[test]
fn an_unknown_authority_is_told_apart_from_an_incomplete_chain() {
    let (root, unknown) = (Authority::root("Root"), Authority::root("Unknown"));
    let intermediate = root.intermediate("Intermediate");
    let (_file, files) = root.file();
    let trust = |config| {
        let (status, seen) = looks(config, &files);
        assert_eq!(status, Err(SilenceKind::CertificateRefused));
        seen.trust
    };
    assert_eq!(trust(unknown.serve(&leaf("a.test"), &[])), Trust::UnknownIssuer);
    assert_eq!(trust(unknown.serve(&with_ca_issuers(leaf("a.test")), &[&unknown])), Trust::UnknownIssuer, "its authority is served");
    assert_eq!(trust(intermediate.serve(&with_ca_issuers(leaf("a.test")), &[])), Trust::IncompleteChain);
    assert_eq!(trust(intermediate.serve(&with_ca_issuers(leaf("a.test")), &[&unknown])), Trust::IncompleteChain, "another is served");
}

#[test]
fn every_fault_is_told_at_once() {
    let mut params = leaf("b.test");
    params.not_after = date_time_ymd(2026, 2, 1);
    let (_, seen) = looks(self_signed(&params), &[]);
    assert_eq!((seen.trust, seen.names_the_host, seen.leaf.not_after), (Trust::SelfSigned, false, Day::new(2026, 2, 1)));
}

#[test]
fn control_characters_of_a_certificate_do_not_pass() {
    let mut params = leaf("a.test");
    params.distinguished_name.push(DnType::CommonName, "a\u{1b}[31m.test\u{7}");
    params.distinguished_name.push(DnType::OrganizationName, "a\u{202e}tset\0");
    assert_eq!(trusted(&params).1.leaf.subject, "a\u{fffd}[31m.test\u{fffd}");
}

#[test]
fn control_characters_of_an_issuer_and_of_a_name_do_not_pass() {
    let root = Authority::root("R\u{1b}]0;x\u{7}\u{202e}");
    let mut params = leaf("b.test");
    // What stops reading at a NUL would take this for the name of the host.
    params.subject_alt_names.push(SanType::DnsName("a.test\0.b.test".try_into().unwrap()));
    params.subject_alt_names.push(SanType::DnsName("\u{1b}[31m.b.test".try_into().unwrap()));
    let (status, seen) = looks(root.serve(&params, &[&root]), &[]);
    assert_eq!((status, seen.names_the_host), (Err(SilenceKind::CertificateRefused), false));
    assert_eq!(seen.names, ["b.test", "a.test\u{fffd}.b.test", "\u{fffd}[31m.b.test"]);
    for words in seen.chain().flat_map(|one| [&one.subject, &one.issuer]) {
        assert!(!words.contains(|c: char| c.is_control() || c == '\u{202e}'), "{words:?}");
    }
    assert!(seen.leaf.issuer.contains("R\u{fffd}]0;x"), "{:?}", seen.leaf.issuer);
}

#[test]
fn an_address_can_have_a_certificate() {
    let root = Authority::root("Root");
    let (_file, ca_files) = root.file();
    let server = Server::https(root.serve(&leaf("127.0.0.1"), &[]), |_| page("secret"));
    let settings = || Settings { ca_files: ca_files.clone(), ..settings() };
    assert_eq!(exchange(settings(), &format!("https://{}/", server.address)).unwrap().text(), "secret");
    assert!(certificate(settings(), "127.0.0.1", server.address.port()).unwrap().names_the_host);
}

#[test]
fn without_tls_there_is_no_certificate() {
    let plain = Server::raw(|stream| {
        let _ = stream.read(&mut [0; 10]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let port = plain.address.port();
    assert_eq!(certificate(settings(), "127.0.0.1", port).unwrap_err(), SilenceKind::TlsFailed);
    assert_eq!(exchange(settings(), &format!("https://{}/", plain.address)).unwrap_err(), SilenceKind::TlsFailed);
    let cut = Server::raw(|stream| drop(stream.read(&mut [0; 10])));
    assert_eq!(certificate(settings(), "127.0.0.1", cut.address.port()).unwrap_err(), SilenceKind::TlsFailed);
    assert_eq!(exchange(settings(), &format!("https://{}/", cut.address)).unwrap_err(), SilenceKind::TlsFailed);
}

#[test]
fn a_faulty_authority_file_is_told() {
    for file in ["/nonexistent.pem", "Cargo.toml"] {
        let told = Probe::new(Settings { ca_files: vec![file.into()], ..settings() }).err().unwrap();
        assert!(told.fr.starts_with(file) && told.en.starts_with(file), "{told:?}");
    }
}

//! Mail servers, good and bad: whether they encrypt, with which certificate, and that they are told nothing but hello and good-bye.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::authorities::{Authority, leaf, self_signed};
use super::post::{Post, Script, encrypting, plain};
use super::servers::Server;
use super::{see, settings};
use crate::facts::{Authority as At, Fact, Need, SilenceKind, Starttls, Trust, Version};
use crate::probe::{Settings, smtp};

fn at(address: std::net::SocketAddr) -> Settings {
    let connect_to = vec![format!("mx.test:25:{address}").parse().unwrap()];
    Settings { smtp: true, connect_to, timeout: Duration::from_millis(400), ..settings() }
}

fn look(settings: Settings) -> Result<Arc<Starttls>, SilenceKind> {
    see(settings, &Need::Starttls(At { host: "mx.test".into(), port: 25 })).map(|fact| match fact {
        Fact::Starttls(starttls) => starttls,
        other => panic!("{other:?}"),
    })
}

/// What is seen of a server that says this.
fn told(script: Script) -> Result<Arc<Starttls>, SilenceKind> {
    look(at(Post::new(script).address))
}

#[test]
fn a_server_that_encrypts_shows_its_certificate_and_hears_nothing_of_mail() {
    let root = Authority::root("Root");
    let (_file, ca_files) = root.file();
    let server = Post::new(encrypting(root.serve(&leaf("mx.test"), &[&root])));
    let seen = look(Settings { ca_files, ..at(server.address) }).unwrap();
    let Starttls::Encrypted(certificate, prints) = &*seen else { panic!("{seen:?}") };
    assert_eq!((certificate.names_the_host, certificate.trust), (true, Trust::Trusted));
    assert_eq!((certificate.handshake.version, &certificate.handshake.alpn), (Some(Version::Tls13), &None), "this is no HTTP");
    assert_eq!(prints.len(), 2, "the leaf, and the authority that is served");
    assert_eq!(server.heard(), ["EHLO chatons-audit.invalid", "STARTTLS", "*QUIT"]);
}

#[test]
fn a_print_is_what_a_zone_names() {
    let root = Authority::root("Root");
    let print = smtp::print(&root.der());
    let lengths = [&print.whole, &print.key].map(|digests| (digests.sha256.len(), digests.sha512.len()));
    assert_eq!(lengths, [(64, 128); 2]);
    assert_ne!(print.whole, print.key);
    assert!(print.is_named(0, 1, &print.whole.sha256) && print.is_named(1, 2, &print.key.sha512));
    assert!(!print.is_named(1, 1, &print.whole.sha256) && !print.is_named(0, 2, &print.whole.sha256));
    // `printf abc | sha256sum`; bytes that are no certificate have no key to name.
    let odd = smtp::print(&b"abc".to_vec().into());
    assert!(odd.is_named(0, 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") && odd.key.sha256.is_empty());
}

#[test]
fn a_server_that_does_not_encrypt_is_told_so_and_left() {
    let server = Post::new(plain());
    assert_eq!(*look(at(server.address)).unwrap(), Starttls::NotOffered);
    assert_eq!(server.heard(), ["EHLO chatons-audit.invalid", "QUIT"]);
}

#[test]
fn faults_of_a_certificate_are_seen_and_do_not_close_the_door() {
    let seen = |config| match &*told(encrypting(config)).unwrap() {
        Starttls::Encrypted(certificate, _) => (certificate.names_the_host, certificate.trust, certificate.leaf.not_after.to_string()),
        other @ Starttls::NotOffered => panic!("{other:?}"),
    };
    assert_eq!(seen(self_signed(&leaf("other.test"))), (false, Trust::SelfSigned, "2027-01-01".to_owned()));
    let mut old = leaf("mx.test");
    old.not_after = rcgen::date_time_ymd(2026, 2, 1);
    assert_eq!(seen(Authority::root("Stranger").serve(&old, &[])), (true, Trust::UnknownIssuer, "2026-02-01".to_owned()));
}

/// Nothing of it says that a server does not encrypt.
#[test]
fn what_cannot_be_understood_is_a_silence() {
    let good = || encrypting(self_signed(&leaf("mx.test")));
    let kind = |script| told(script).unwrap_err();
    assert_eq!(kind(Script { greeting: "554 mx.test no service for you\r\n", ..good() }), SilenceKind::Refused);
    assert_eq!(kind(Script { greeting: "421 mx.test too busy\r\n", ..good() }), SilenceKind::Refused);
    assert_eq!(kind(Script { greeting: "HTTP/1.1 400 Bad Request\r\n\r\n", ..good() }), SilenceKind::Garbled);
    assert_eq!(kind(Script { greeting: "220 mx.test\r\n250 you are too slow\r\n", ..good() }), SilenceKind::Garbled);
    assert_eq!(kind(Script { abilities: "550 your name is blocked\r\n", ..good() }), SilenceKind::Refused);
    assert_eq!(kind(Script { abilities: "502 what?\r\n", ..good() }), SilenceKind::Refused, "it may be somebody on the way");
    assert_eq!(kind(Script { abilities: "250-mx.test\r\n250 XXXXXXXA\r\n", ..good() }), SilenceKind::Garbled, "a firewall's hand");
    assert_eq!(kind(Script { ready: "454 not today\r\n", ..good() }), SilenceKind::TlsFailed);
    assert_eq!(kind(Script { ready: "220 go ahead\r\n250-mx.test\r\n250 8BITMIME\r\n", ..good() }), SilenceKind::Garbled, "slipped in");
    assert_eq!(
        kind(Script { ready: "220 go ahead\r\n", abilities: good().abilities, greeting: good().greeting, tls: None }),
        SilenceKind::TlsFailed
    );
}

/// Each within its limits.
#[test]
fn who_never_ends_or_never_begins_is_left() {
    let of = |server: &Server| look(at(server.address)).unwrap_err();
    assert_eq!(of(&Server::mute()), SilenceKind::TimedOut);
    let flood = Server::raw(|stream| while stream.write_all(&b"220-one more line\r\n".repeat(50)).is_ok() {});
    assert_eq!(of(&flood), SilenceKind::TooLarge);
    let one_line = Server::raw(|stream| {
        let _ = stream.write_all(b"220 ");
        while stream.write_all(&[b'x'; 500]).is_ok() {}
    });
    assert_eq!(of(&one_line), SilenceKind::TooLarge);
    let slow = Server::raw(|stream| {
        while stream.write_all(b"220-a\r\n").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    assert_eq!(of(&slow), SilenceKind::TimedOut);
    let garbage = Server::raw(|stream| drop(stream.write_all(b"\x16\x03\x01\0\xff\x80")));
    assert_eq!(of(&garbage), SilenceKind::Garbled);
    let closes = Server::raw(|_| ());
    assert_eq!(of(&closes), SilenceKind::Garbled);
    // After its yes, bytes that are no TLS.
    let no_tls = Server::raw(|stream| {
        for words in [&b"220 a\r\n"[..], b"250-a\r\n250 STARTTLS\r\n", b"220 go\r\n"] {
            let _ = stream.write_all(words);
            let _ = stream.read(&mut [0; 512]);
        }
        let _ = stream.write_all(b"250 not encrypted at all\r\n");
    });
    assert_eq!(of(&no_tls), SilenceKind::TlsFailed);
}

#[test]
fn it_is_asked_only_where_a_person_wants_it_and_where_others_may_be_asked() {
    let server = Post::new(plain());
    assert_eq!(look(Settings { smtp: false, ..at(server.address) }).unwrap_err(), SilenceKind::NotAsked);
    let port = server.address.port();
    let resolve = vec![format!("mx.test:{port}:127.0.0.1").parse().unwrap()];
    let resolved = Settings { connect_to: Vec::new(), resolve, allow_private: false, ..at(server.address) };
    assert!(see(resolved, &Need::Starttls(At { host: "mx.test".into(), port })).is_ok(), "an address that the operator gave");
    let private = Settings { allow_private: false, smtp: true, ..settings() };
    for host in ["127.0.0.1", "10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254"] {
        let seen = see(private.clone(), &Need::Starttls(At { host: host.into(), port: 25 }));
        assert_eq!(seen.map(|_| ()).unwrap_err(), SilenceKind::PrivateAddress, "{host}: whatever its MX record says");
    }
    let proxied = Settings { proxy: Some("http://127.0.0.1:9".parse().unwrap()), smtp: true, ..settings() };
    assert_eq!(look(proxied).unwrap_err(), SilenceKind::BehindProxy);
    assert_eq!(server.heard(), ["EHLO chatons-audit.invalid", "QUIT"], "one visit");
}

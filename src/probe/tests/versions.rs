//! Greetings in each version of TLS, and what of the manners holds for them too.

use super::authorities::{Authority, leaf};
use super::servers::{Server, page};
use super::{certificate, see, settings};
use crate::facts::{self, Fact, Handshake, Need, Protocols, Reply, SilenceKind, Trust, Version};
use crate::probe::Settings;

fn protocols(settings: Settings, host: &str, port: u16) -> Result<Protocols, SilenceKind> {
    see(settings, &Need::Protocols(facts::Authority { host: host.to_owned(), port })).map(|fact| match fact {
        Fact::Protocols(protocols) => Protocols::clone(&protocols),
        other => panic!("{other:?}"),
    })
}

#[test]
fn a_server_of_today_is_greeted_once_in_each_version() {
    let server = Server::https(Authority::root("Root").serve(&leaf("a.test"), &[]), |_| page(""));
    let seen = protocols(settings(), "127.0.0.1", server.address.port()).unwrap();
    assert_eq!(Version::ALL.map(|version| seen.reply(version)), [Reply::Refused, Reply::Refused, Reply::Accepted, Reply::Accepted]);
    assert_eq!(server.connections(), 4);
    let too_old = Server::raw(|stream| {
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(&[21, 3, 1, 0, 2, 2, 70]);
        let _ = stream.read(&mut [0]);
    });
    assert_eq!(protocols(settings(), "127.0.0.1", too_old.address.port()).unwrap_err(), SilenceKind::TlsFailed);
    assert_eq!(too_old.connections(), 3, "who refuses TLS 1.1 because it is too old refuses TLS 1.0");
}

#[test]
fn a_mute_server_is_not_greeted_for_ever() {
    let mute = Server::mute();
    let settings = Settings { connect_timeout: std::time::Duration::from_millis(200), ..settings() };
    assert_eq!(protocols(settings, "127.0.0.1", mute.address.port()).unwrap_err(), SilenceKind::TimedOut);
    assert_eq!(mute.connections(), 2);
}

#[test]
fn what_hangs_up_is_greeted_again() {
    let cut = Server::raw(|stream| drop(stream.read(&mut [0; 10])));
    assert_eq!(protocols(settings(), "127.0.0.1", cut.address.port()).unwrap_err(), SilenceKind::TlsFailed);
    assert_eq!(cut.connections(), 8);
}

#[test]
fn a_certificate_that_two_handshakes_did_not_show_is_asked_for_once_in_clear() {
    let cut = Server::raw(|stream| drop(stream.read(&mut [0; 10])));
    assert_eq!(certificate(settings(), "127.0.0.1", cut.address.port()).unwrap_err(), SilenceKind::TlsFailed);
    assert_eq!(cut.connections(), 3);
    let old = Server::raw(|stream| {
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(&include_bytes!("../../../fuzz/corpus/greeting/openssl10")[1..]);
        let _ = stream.read(&mut [0]);
    });
    let seen = certificate(Settings { connect_to: old.everything(), ..settings() }, "expired.test", 443).unwrap();
    assert_eq!(seen.handshake, Handshake { version: Some(Version::Tls10), in_clear: true, ..Handshake::default() });
    assert_eq!((seen.leaf.subject.as_str(), seen.names_the_host, seen.trust), ("expired.test", true, Trust::UnknownIssuer));
    assert_eq!(old.connections(), 3);
}

#[test]
fn a_private_address_is_not_greeted_and_a_proxy_shows_nothing() {
    let server = Server::mute();
    let strict = Settings { allow_private: false, ..settings() };
    assert_eq!(protocols(strict, "127.0.0.1", server.address.port()).unwrap_err(), SilenceKind::PrivateAddress);
    let proxied = Settings { proxy: Some(server.url().parse().unwrap()), ..settings() };
    assert_eq!(protocols(proxied, "a.test", 443).unwrap_err(), SilenceKind::BehindProxy);
    assert_eq!(server.connections(), 0);
}

#[test]
fn the_next_address_is_greeted_when_one_refuses() {
    let server = Server::https(Authority::root("Root").serve(&leaf("a.test"), &[]), |_| page(""));
    let port = server.address.port();
    // 127.0.0.0 comes first; nobody listens there.
    let settings = Settings { resolve: vec![format!("a.test:{port}:127.0.0.1,127.0.0.0").parse().unwrap()], ..settings() };
    assert_eq!(protocols(settings, "a.test", port).unwrap().reply(Version::Tls13), Reply::Accepted);
    let nobody = Settings { resolve: vec!["a.test:9:127.0.0.1".parse().unwrap()], ..super::settings() };
    assert_eq!(protocols(nobody, "a.test", 9).unwrap_err(), SilenceKind::Refused);
}

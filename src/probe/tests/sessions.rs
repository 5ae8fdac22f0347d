//! Sessions of TLS that are resumed, and those that are not.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rcgen::date_time_ymd;
use rustls::server::NoServerSessionStorage;
use rustls::{HandshakeKind, ServerConfig, ServerConnection, StreamOwned};

use super::authorities::{Authority, leaf};
use super::servers::{Server, answer_once, page};
use super::settings;
use crate::facts::{Need, Observer, SilenceKind};
use crate::probe::{Probe, Settings};

/// A server that answers one request a connection, and keeps how each handshake was; it serves by the first of these, then by the others.
fn server(configs: Vec<ServerConfig>) -> (Server, Arc<Mutex<Vec<Option<HandshakeKind>>>>) {
    let kinds = Arc::<Mutex<Vec<_>>>::default();
    let (keeping, configs) = (Arc::clone(&kinds), configs.into_iter().map(Arc::new).collect::<Vec<_>>());
    let next = Mutex::new(0);
    let server = Server::raw(move |stream| {
        let n = std::mem::replace(&mut *next.lock().unwrap(), 1).min(configs.len() - 1);
        let mut encrypted = StreamOwned::new(ServerConnection::new(Arc::clone(&configs[n])).unwrap(), stream);
        let _ = encrypted.conn.complete_io(&mut encrypted.sock);
        keeping.lock().unwrap().push(encrypted.conn.handshake_kind());
        answer_once(&mut encrypted, &|_| page("abc"));
        encrypted.conn.send_close_notify();
        let _ = std::io::Write::flush(&mut encrypted);
    });
    (server, kinds)
}

/// What comes of these pages, one after the other.
fn pages(server: &Server, ca_files: Vec<PathBuf>, urls: &[&str]) -> Vec<Result<(), SilenceKind>> {
    let mut probe = Probe::new(Settings { connect_to: server.everything(), ca_files, ..settings() }).unwrap();
    let page = |url: &&str| {
        probe.ask(Need::Exchange(url.parse().unwrap()));
        probe.next().unwrap().1.map(drop).map_err(|silence| silence.kind)
    };
    urls.iter().map(page).collect()
}

const THREE: [&str; 3] = ["https://a.test/1", "https://a.test/2", "https://a.test/3"];

#[test]
fn the_session_of_a_host_is_resumed() {
    let (root, name) = (Authority::root("Root"), leaf("a.test"));
    let (_file, files) = root.file();
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let (server, kinds) = server(vec![root.serve_by(&name, version)]);
        assert_eq!(pages(&server, files.clone(), &THREE), [Ok(()); 3]);
        let resumed = Some(HandshakeKind::Resumed);
        assert_eq!(*kinds.lock().unwrap(), [Some(HandshakeKind::Full), resumed, resumed], "{version:?}");
    }
}

#[test]
fn few_sessions_of_a_host_are_kept() {
    let root = Authority::root("Root");
    let (_file, files) = root.file();
    let mut generous = root.serve_by(&leaf("a.test"), &rustls::version::TLS13);
    generous.send_tls13_tickets = 8;
    let mut mean = ServerConfig::clone(&generous);
    mean.send_tls13_tickets = 0;
    let (server, kinds) = server(vec![generous, mean]);
    assert_eq!(pages(&server, files, &["https://a.test/"; 5]).len(), 5);
    let (full, resumed) = (Some(HandshakeKind::Full), Some(HandshakeKind::Resumed));
    assert_eq!(*kinds.lock().unwrap(), [full, resumed, resumed, full, full]);
}

#[test]
fn what_a_server_does_not_resume_is_a_whole_handshake() {
    let root = Authority::root("Root");
    let (_file, files) = root.file();
    // The second knows nothing of what the first gave.
    let forgetful = || ServerConfig::clone(&root.serve(&leaf("a.test"), &[]));
    let (server, kinds) = server(vec![forgetful(), {
        let mut config = forgetful();
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config
    }]);
    assert_eq!(pages(&server, files, &THREE), [Ok(()); 3]);
    assert_eq!(*kinds.lock().unwrap(), [Some(HandshakeKind::Full); 3]);
}

#[test]
fn no_session_makes_up_for_a_bad_certificate() {
    let root = Authority::root("Root");
    let (_file, files) = root.file();
    let mut expired = leaf("a.test");
    expired.not_after = date_time_ymd(2026, 11, 20);
    for bad in [expired, leaf("b.test")] {
        // Who was refused has no session.
        let (always_bad, kinds) = server(vec![ServerConfig::clone(&root.serve(&bad, &[]))]);
        assert_eq!(pages(&always_bad, files.clone(), &THREE), [Err(SilenceKind::CertificateRefused); 3]);
        assert!(!kinds.lock().unwrap().contains(&Some(HandshakeKind::Resumed)));
        // A new certificate is looked at, whatever was agreed upon before.
        let good = ServerConfig::clone(&root.serve(&leaf("a.test"), &[]));
        let (then_bad, _) = server(vec![good, ServerConfig::clone(&root.serve(&bad, &[]))]);
        let refused = Err(SilenceKind::CertificateRefused);
        assert_eq!(pages(&then_bad, files.clone(), &THREE), [Ok(()), refused, refused]);
    }
}

/// One server whose two ports share their sessions, and not their certificates.
#[test]
fn the_session_of_one_port_is_not_that_of_another() {
    let root = Authority::root("Root");
    let (_file, files) = root.file();
    let good = ServerConfig::clone(&root.serve(&leaf("a.test"), &[]));
    let mut bad = ServerConfig::clone(&root.serve(&leaf("b.test"), &[]));
    bad.session_storage = Arc::clone(&good.session_storage);
    bad.ticketer = Arc::clone(&good.ticketer);
    let (server, _) = server(vec![good, bad]);
    let seen = pages(&server, files, &["https://a.test/", "https://a.test:8443/", "https://a.test:8443/"]);
    assert_eq!(seen, [Ok(()), Err(SilenceKind::CertificateRefused), Err(SilenceKind::CertificateRefused)]);
}

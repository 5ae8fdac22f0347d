//! Browsers that hang, and pages that ask or send without end: a program in the place of Chromium, and a client in the place of a page.

use std::fs::{read_to_string, write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::servers::Server;
use super::{see, settings};
use crate::facts::{Need, Observer, SilenceKind};
use crate::probe::browser::proxy::{CONNECTIONS, Proxy};
use crate::probe::browser::visit_for;
use crate::probe::scout::{Scout, VISITS};
use crate::probe::settings::Browser;
use crate::probe::{Probe, Settings};

const LIMIT: Duration = Duration::from_secs(20);

/// A program that does this in the place of a browser.
fn program(folder: &Path, deed: &str) -> PathBuf {
    let file = folder.join("browser");
    write(&file, format!("#!/bin/sh\n{deed}\n")).unwrap();
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o755)).unwrap();
    file
}

fn scout(server: &Server) -> Scout {
    Scout::new(Settings { connect_to: server.everything(), connect_timeout: LIMIT, ..settings() }).unwrap()
}

#[test]
fn so_many_browsers_at_a_time() {
    let folder = TempDir::new().unwrap();
    let place = folder.path().display();
    // Each waits until as many run as may, and a moment longer for one too many, then tells how many do. Nobody waits for the others to tell.
    let deed = format!(
        "cd {place}; touch on.$$; n=0; while [ $(ls on.* | wc -l) -lt {VISITS} ] && [ $n -lt 50 ]; do sleep 0.1; n=$((n + 1)); done\n\
        sleep 0.5; ls on.* | wc -l >> counts; rm on.$$"
    );
    let (server, browser) = (Server::mute(), Browser::At(program(folder.path(), &deed)));
    let mut probe = Probe::new(Settings { browser, connect_to: server.everything(), ..settings() }).unwrap();
    for n in 0..2 * VISITS {
        probe.ask(Need::Visit(format!("http://n{n}.test/").parse().unwrap()));
    }
    let kinds: Vec<_> = std::iter::from_fn(|| probe.next()).map(|(_, seen)| seen.unwrap_err().kind).collect();
    assert_eq!(kinds, [SilenceKind::NoBrowser; 2 * VISITS], "it ends without a word");
    let counts = read_to_string(folder.path().join("counts")).unwrap();
    let counts: Vec<usize> = counts.split_whitespace().map(|count| count.parse().unwrap()).collect();
    assert_eq!(counts.iter().max(), Some(&VISITS), "{counts:?}");
}

#[tokio::test]
async fn a_browser_that_hangs_is_not_waited_for() {
    let (folder, server) = (TempDir::new().unwrap(), Server::mute());
    let hangs = program(folder.path(), "exec sleep 1000");
    let url = "http://a.test/".parse().unwrap();
    let seen = visit_for(Duration::from_millis(500), &scout(&server), &hangs, &url, LIMIT, 1000).await;
    assert_eq!(seen.unwrap_err(), SilenceKind::TimedOut);
}

#[test]
fn what_is_no_browser_is_told() {
    let folder = TempDir::new().unwrap();
    let browser = Browser::At(program(folder.path(), "head -c 1000000 /dev/zero | tr '\\0' a >&4; exit 3"));
    let server = Server::mute();
    let settings = Settings { browser, connect_to: server.everything(), ..settings() };
    assert_eq!(see(settings, &Need::Visit("http://a.test/".parse().unwrap())).unwrap_err(), SilenceKind::NoBrowser);
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_page_that_sends_without_end_is_cut_off() {
    const MOST: usize = 300_000;
    let server = Server::endless(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", &[b'a'; 4096], Duration::ZERO);
    let scout = scout(&server);
    let proxy = Proxy::new(&scout, LIMIT, MOST as u64).unwrap();
    let (listener, address) = Proxy::listen().await.unwrap();
    proxy.let_through("a.test");
    let page = async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n").await.unwrap();
        let (mut received, mut buffer) = (0, vec![0; 65536]);
        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
            received += count;
            assert!(received < 4 * MOST, "it does not end");
        }
        received
    };
    let received = tokio::select! {
        received = page => received,
        () = proxy.serve(listener) => unreachable!("it serves for ever"),
    };
    assert!(received > MOST / 2 && proxy.is_spent(), "{received} bytes");
}

#[tokio::test]
async fn so_many_connections_of_a_browser_at_a_time() {
    let server = Server::mute();
    let scout = scout(&server);
    let proxy = Proxy::new(&scout, LIMIT, u64::MAX).unwrap();
    let (listener, address) = Proxy::listen().await.unwrap();
    proxy.let_through("a.test");
    let page = async {
        let mut streams = Vec::new();
        for _ in 0..CONNECTIONS + 20 {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(b"CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n").await.unwrap();
            streams.push(stream);
        }
        let reached = async |count| {
            while server.connections() < count {
                sleep(Duration::from_millis(10)).await;
            }
            // As much as there is to come has come.
            sleep(Duration::from_millis(300)).await;
            server.connections()
        };
        assert_eq!(reached(CONNECTIONS).await, CONNECTIONS);
        streams.drain(..5);
        assert_eq!(reached(CONNECTIONS + 5).await, CONNECTIONS + 5, "who ends makes room");
    };
    tokio::select! {
        () = page => {}
        () = proxy.serve(listener) => unreachable!("it serves for ever"),
    }
}

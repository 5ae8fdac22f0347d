//! What is dialled, and what never is.

use super::authorities::{leaf, self_signed};
use super::servers::{Server, page};
use super::{certificate, exchange, settings, strict};
use crate::facts::SilenceKind;
use crate::probe::{ConnectTo, Resolve, Settings};

fn resolve(entry: &str) -> Vec<Resolve> {
    vec![entry.parse().unwrap()]
}

fn connect_to(rule: &str) -> Vec<ConnectTo> {
    vec![rule.parse().unwrap()]
}

/// Says which `Host` was asked for.
fn echo() -> Server {
    Server::http(|head| {
        page(head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("host: ").map(str::to_owned)).as_deref().unwrap_or(""))
    })
}

#[test]
fn a_private_address_is_not_even_dialled() {
    let server = echo();
    let port = server.address.port();
    for url in
        [server.url(), format!("http://localhost:{port}/"), format!("http://0x7f.1:{port}/"), format!("http://[::ffff:127.0.0.1]:{port}/")]
    {
        assert_eq!(exchange(strict(), &url).unwrap_err(), SilenceKind::PrivateAddress, "{url}");
    }
    assert_eq!(certificate(strict(), "127.0.0.1", port).unwrap_err(), SilenceKind::PrivateAddress);
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_rule_that_only_moves_the_port_opens_no_door() {
    let server = echo();
    let settings = Settings { connect_to: connect_to(&format!(":::{}", server.address.port())), ..strict() };
    assert_eq!(exchange(settings, "http://127.0.0.1/").unwrap_err(), SilenceKind::PrivateAddress);
    assert_eq!(server.connections(), 0);
}

#[test]
fn what_the_operator_chose_is_dialled() {
    let server = echo();
    let port = server.address.port();
    let settings = Settings { resolve: resolve(&format!("a.test:{port}:127.0.0.1")), ..strict() };
    let url = format!("http://a.test:{port}/");
    assert_eq!(exchange(settings, &url).unwrap().text(), format!("a.test:{port}"));
    let settings = Settings { connect_to: connect_to(&format!("a.test:80:127.0.0.1:{port}")), ..strict() };
    assert_eq!(exchange(settings, "http://a.test/").unwrap().text(), "a.test");
    let settings = Settings {
        connect_to: connect_to(&format!("a.test::b.test:{port}")),
        resolve: resolve(&format!("*:{port}:127.0.0.1")),
        ..strict()
    };
    assert_eq!(exchange(settings, "http://a.test/").unwrap().text(), "a.test");
}

#[test]
fn a_port_that_is_mapped_to_another_is_still_the_one_asked_for() {
    let server = echo();
    let settings = Settings { connect_to: server.everything(), ..strict() };
    let exchange = exchange(settings, "http://a.test:8080/").unwrap();
    assert_eq!((exchange.text(), exchange.url().as_str()), ("a.test:8080", "http://a.test:8080/"));
}

#[test]
fn an_address_that_a_rule_sends_elsewhere_is_not_dialled() {
    let (server, other) = (echo(), echo());
    let (from, to) = (server.address, other.address);
    let settings = Settings { connect_to: connect_to(&format!("127.0.0.1:{}:127.0.0.1:{}", from.port(), to.port())), ..settings() };
    assert_eq!(exchange(settings, &server.url()).unwrap().text(), from.to_string(), "it is asked for as it is written");
    assert_eq!((server.connections(), other.connections()), (0, 1));
}

#[test]
fn the_next_address_is_tried_when_one_refuses() {
    let server = echo();
    let port = server.address.port();
    // 127.0.0.0 comes first; nobody listens there.
    let settings = || Settings { resolve: resolve(&format!("a.test:{port}:127.0.0.1,127.0.0.0,[::1]")), ..strict() };
    let url = format!("http://a.test:{port}/");
    assert_eq!(exchange(settings(), &url).unwrap().address, Some(server.address.ip()));
    let encrypted = Server::https(self_signed(&leaf("a.test")), |_| page(""));
    let port = encrypted.address.port();
    let settings = Settings { resolve: resolve(&format!("a.test:{port}:127.0.0.1,127.0.0.0")), ..strict() };
    assert_eq!(certificate(settings, "a.test", port).unwrap().leaf.subject, "a.test");
}

#[test]
fn only_web_addresses_are_asked_for() {
    assert_eq!(exchange(settings(), "ftp://127.0.0.1/").unwrap_err(), SilenceKind::Garbled);
    assert_eq!(exchange(settings(), "mailto:a@example.org").unwrap_err(), SilenceKind::Garbled);
}

#[test]
fn a_proxy_looks_names_up_and_private_addresses_are_refused_before_it() {
    let proxy = Server::http(|head| page(head.lines().next().unwrap_or_default()));
    let settings = || Settings { proxy: Some(proxy.url().parse().unwrap()), ..strict() };
    let seen = exchange(settings(), "http://a.test/x").unwrap();
    assert_eq!((seen.text(), seen.address), ("GET http://a.test/x HTTP/1.1", None));
    assert_eq!(exchange(settings(), "http://127.0.0.1/").unwrap_err(), SilenceKind::PrivateAddress);
    assert_eq!(proxy.connections(), 1);
}

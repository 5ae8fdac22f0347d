//! Names that lead elsewhere the second time one asks: what was checked is what is dialled, and each time one asks is checked.

use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use hickory_resolver::proto::op::{Message, MessageType};
use hickory_resolver::proto::rr::{RData, Record, RecordType};

use super::servers::{Server, page};
use super::{certificate, exchange, settings, strict};
use crate::facts::{Authority, Fact, Need, Observer, SilenceKind};
use crate::probe::scout::{Scout, Way};
use crate::probe::{Probe, Settings};

/// Says of every name the addresses of the next turn, those of the last one ever after; nothing may be remembered (TTL 0).
struct NameServer {
    address: SocketAddr,
    /// Questions for IPv4 addresses.
    asked: Arc<AtomicUsize>,
}

impl NameServer {
    fn new(turns: &[&[&str]]) -> Self {
        let turns: Vec<Vec<IpAddr>> = turns.iter().map(|turn| turn.iter().map(|address| address.parse().unwrap()).collect()).collect();
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let (address, asked) = (socket.local_addr().unwrap(), Arc::<AtomicUsize>::default());
        let counted = Arc::clone(&asked);
        thread::spawn(move || {
            let mut buffer = [0; 1500];
            let sixes = AtomicUsize::new(0);
            while let Ok((length, client)) = socket.recv_from(&mut buffer) {
                let mut message = Message::from_vec(&buffer[..length]).unwrap();
                message.metadata.message_type = MessageType::Response;
                let question = message.queries.first().unwrap().clone();
                let count = if question.query_type() == RecordType::A { &*counted } else { &sixes };
                let turn = count.fetch_add(1, Ordering::SeqCst);
                let turn = &turns[turn.min(turns.len() - 1)];
                let fits = |address: &&IpAddr| match question.query_type() {
                    RecordType::A => address.is_ipv4(),
                    RecordType::AAAA => address.is_ipv6(),
                    _ => false,
                };
                let record = |address: &IpAddr| Record::from_rdata(question.name().clone(), 0, RData::from(*address));
                message.answers.extend(turn.iter().filter(fits).map(record));
                socket.send_to(&message.to_vec().unwrap(), client).unwrap();
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn ask_it(&self, settings: Settings) -> Settings {
        Settings { dns: Some(self.address), connect_timeout: Duration::from_secs(2), ..settings }
    }

    /// The ways that one after the other are found to a name; nothing is dialled.
    fn ways(&self, count: usize) -> Vec<Result<String, SilenceKind>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let scout = Scout::new(self.ask_it(strict())).unwrap();
            let url = "http://rebind.test/".parse().unwrap();
            let mut ways = Vec::new();
            for _ in 0..count {
                ways.push(scout.way_to(&url).await.map(|way| match way {
                    Way::Direct(addresses) => addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
                    Way::Proxied => "proxy".to_owned(),
                }));
            }
            ways
        })
    }
}

const REFUSED: Result<String, SilenceKind> = Err(SilenceKind::PrivateAddress);

fn led(to: &str) -> Result<String, SilenceKind> {
    Ok(to.to_owned())
}

#[test]
fn each_answer_of_a_name_server_is_checked() {
    let public = || led("1.1.1.1:80");
    assert_eq!(NameServer::new(&[&["1.1.1.1"], &["127.0.0.1"], &["1.1.1.1"]]).ways(3), [public(), REFUSED, public()]);
    assert_eq!(NameServer::new(&[&["10.0.0.1"], &["1.1.1.1"], &["::1"]]).ways(3), [REFUSED, public(), REFUSED]);
    for both in [
        &["1.1.1.1", "127.0.0.1"][..],
        &["1.1.1.1", "169.254.169.254"],
        &["1.1.1.1", "::1"],
        &["2606:4700::1", "fd00::1"],
        &["2606:4700::1", "::ffff:192.168.0.1"],
        &["2606:4700::1", "64:ff9b::a00:1"],
        &["2606:4700::1", "100.64.0.1"],
    ] {
        assert_eq!(NameServer::new(&[both]).ways(1), [REFUSED], "{both:?}");
    }
}

/// Between the check and the connection nobody asks again: a name cannot change in between.
#[test]
fn what_was_checked_is_what_is_dialled() {
    let server = Server::http(|_| page("checked"));
    let port = server.address.port();
    // The same port at another address, where the name leads from the second time on.
    let trap = TcpListener::bind(("127.0.0.2", port)).unwrap();
    let caught = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&caught);
    thread::spawn(move || {
        for _ in trap.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    let names = NameServer::new(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let seen = exchange(names.ask_it(settings()), &format!("http://rebind.test:{port}/")).unwrap();
    assert_eq!((seen.text(), names.asked(), caught.load(Ordering::SeqCst)), ("checked", 1, 0));
}

/// The name was public when it was looked at; when its page, its certificate or its versions are asked for, it is not.
#[test]
fn a_name_that_turns_private_is_not_dialled_for_any_need() {
    let server = Server::http(|_| page("secret"));
    let authority = || Authority { host: "rebind.test".to_owned(), port: server.address.port() };
    let page = format!("http://rebind.test:{}/", server.address.port());
    for need in [
        Need::Exchange(page.parse().unwrap()),
        Need::Exchange(page.replace("http:", "https:").parse().unwrap()),
        Need::Certificate(authority()),
        Need::Protocols(authority()),
    ] {
        let names = NameServer::new(&[&["1.1.1.1"], &["127.0.0.1"]]);
        let mut probe = Probe::new(names.ask_it(strict())).unwrap();
        probe.ask(Need::Addresses("rebind.test".to_owned()));
        let Some((_, Ok(Fact::Addresses(first)))) = probe.next() else { panic!("addresses are told") };
        assert_eq!(first.to_vec(), ["1.1.1.1".parse::<IpAddr>().unwrap()]);
        probe.ask(need.clone());
        let (_, seen) = probe.next().unwrap();
        assert_eq!(seen.unwrap_err().kind, SilenceKind::PrivateAddress, "{need:?}");
    }
    assert_eq!(server.connections(), 0);
}

/// The first hop is where the operator said; where it leads is looked up and checked like any other.
#[test]
fn a_hop_to_a_name_that_is_private_is_refused() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hearing = Arc::clone(&heard);
    let server = Server::http(move |head| {
        hearing.lock().unwrap().push(head.to_owned());
        super::servers::answer("302 Found", &[("Location", "http://rebind.test/secret")], b"")
    });
    let names = NameServer::new(&[&["127.0.0.1"]]);
    let settings = || Settings { connect_to: vec![format!("a.test::{}", server.address).parse().unwrap()], ..names.ask_it(strict()) };
    let hop = exchange(settings(), "http://a.test/").unwrap().location().unwrap();
    assert_eq!(exchange(settings(), hop.as_str()).unwrap_err(), SilenceKind::PrivateAddress);
    assert_eq!(certificate(settings(), "rebind.test", server.address.port()).unwrap_err(), SilenceKind::PrivateAddress);
    assert_eq!(heard.lock().unwrap().len(), 1);
}

/// A proxy would find the address itself: it is not asked to go where our own name server finds something private.
#[test]
fn a_proxy_is_not_asked_for_what_is_private() {
    let proxy = Server::http(|head| page(head.lines().next().unwrap_or_default()));
    let settings = |names: &NameServer| Settings { proxy: Some(proxy.url().parse().unwrap()), ..names.ask_it(strict()) };
    let (public, private) = (NameServer::new(&[&["1.1.1.1"]]), NameServer::new(&[&["1.1.1.1", "192.168.0.1"]]));
    assert_eq!(exchange(settings(&private), "http://rebind.test/").unwrap_err(), SilenceKind::PrivateAddress);
    assert_eq!(certificate(settings(&private), "rebind.test", 443).unwrap_err(), SilenceKind::PrivateAddress);
    for host in ["localhost", "a.localhost", "router", "printer.local", "metadata.google.internal", "127.0.0.1", "[::1]", "0x7f.1", "10.1"]
    {
        assert_eq!(exchange(settings(&public), &format!("http://{host}/")).unwrap_err(), SilenceKind::PrivateAddress, "{host}");
    }
    assert_eq!(proxy.connections(), 0);
    assert_eq!(exchange(settings(&public), "http://rebind.test/").unwrap().text(), "GET http://rebind.test/ HTTP/1.1");
    let turning = NameServer::new(&[&["1.1.1.1"], &["127.0.0.1"]]);
    let mut probe = Probe::new(settings(&turning)).unwrap();
    for (path, seen) in [("first", true), ("second", false)] {
        probe.ask(Need::Exchange(format!("http://rebind.test/{path}").parse().unwrap()));
        assert_eq!(probe.next().unwrap().1.is_ok(), seen, "{path}");
    }
    assert_eq!(proxy.connections(), 2);
    let asked = exchange(Settings { allow_private: true, ..settings(&private) }, "http://localhost/").unwrap();
    assert_eq!(asked.text(), "GET http://localhost/ HTTP/1.1", "by --allow-private it is");
}

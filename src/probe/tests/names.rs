//! What name servers answer, or do not.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::thread;
use std::time::Duration;

use hickory_resolver::proto::op::{Message, MessageType, ResponseCode};
use hickory_resolver::proto::rr::{RData, Record, RecordType};

use super::servers::{Server, page};
use super::{addresses, exchange, settings};
use crate::facts::SilenceKind;
use crate::probe::Settings;

/// The zone of a name server: what it says of some names, and of no other.
fn answer(query: &mut Message) -> Option<()> {
    let question = query.queries.first()?.clone();
    let record = |address: &str| Record::from_rdata(question.name().clone(), 60, RData::from(address.parse::<IpAddr>().unwrap()));
    match (question.name().to_ascii().as_str(), question.query_type()) {
        ("both.test.", RecordType::A) => query.answers.extend([record("192.0.2.2"), record("192.0.2.1")]),
        ("both.test.", RecordType::AAAA) => query.answers.push(record("2001:db8::1")),
        ("v4.test." | "half.test.", RecordType::A) => query.answers.push(record("127.0.0.1")),
        ("mixed.test.", RecordType::A) => query.answers.extend([record("1.1.1.1"), record("127.0.0.1")]),
        ("v4.test." | "mixed.test." | "none.test.", _) => {}
        ("half.test." | "broken.test.", _) => query.metadata.response_code = ResponseCode::ServFail,
        ("mute.test.", _) => return None,
        _ => query.metadata.response_code = ResponseCode::NXDomain,
    }
    Some(())
}

fn name_server() -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    thread::spawn(move || {
        let mut buffer = [0; 1500];
        while let Ok((length, client)) = socket.recv_from(&mut buffer) {
            let mut message = Message::from_vec(&buffer[..length]).unwrap();
            message.metadata.message_type = MessageType::Response;
            if answer(&mut message).is_some() {
                socket.send_to(&message.to_vec().unwrap(), client).unwrap();
            }
        }
    });
    address
}

fn asking() -> Settings {
    Settings { dns: Some(name_server()), connect_timeout: Duration::from_millis(500), ..settings() }
}

/// The addresses of a name, with a blank between them.
fn found(name: &str) -> Result<String, SilenceKind> {
    addresses(asking(), name).map(|addresses| addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
}

#[test]
fn addresses_come_in_a_stable_order() {
    assert_eq!(found("both.test"), Ok("192.0.2.1 192.0.2.2 2001:db8::1".to_owned()));
    assert_eq!(found("v4.test"), Ok("127.0.0.1".to_owned()), "private ones are told too");
}

#[test]
fn no_name_no_address_and_no_answer_are_three_things() {
    assert_eq!(found("nowhere.test"), Err(SilenceKind::DnsFailed));
    assert_eq!(found("none.test"), Ok(String::new()));
    assert_eq!(found("broken.test"), Err(SilenceKind::DnsFailed));
    assert_eq!(found("mute.test"), Err(SilenceKind::DnsFailed));
    assert_eq!(found("not a name"), Err(SilenceKind::DnsFailed));
}

#[test]
fn half_an_answer_is_enough_to_connect_and_not_to_judge() {
    let server = Server::http(|_| page("abc"));
    let url = format!("http://half.test:{}/", server.address.port());
    assert_eq!(exchange(asking(), &url).unwrap().text(), "abc");
    assert_eq!(found("half.test"), Err(SilenceKind::DnsFailed));
}

#[test]
fn one_private_address_among_others_is_refused() {
    let settings = || Settings { allow_private: false, ..asking() };
    assert_eq!(exchange(settings(), "http://mixed.test/").unwrap_err(), SilenceKind::PrivateAddress);
    assert_eq!(exchange(settings(), "http://v4.test/").unwrap_err(), SilenceKind::PrivateAddress);
}

#[test]
fn a_name_that_leads_nowhere_is_a_failure_of_its_name() {
    for name in ["nowhere.test", "none.test", "broken.test", "mute.test"] {
        assert_eq!(exchange(asking(), &format!("http://{name}/")).unwrap_err(), SilenceKind::DnsFailed, "{name}");
    }
}

#[test]
fn what_is_given_is_not_asked_for() {
    let resolve = |entry: &str| vec![entry.parse().unwrap()];
    let given = |entry| addresses(Settings { resolve: resolve(entry), ..asking() }, "both.test");
    assert_eq!(given("both.test:443:192.0.2.9"), Ok(vec!["192.0.2.9".parse().unwrap()]));
    assert_eq!(given("*:80:192.0.2.8"), Ok(vec!["192.0.2.8".parse().unwrap()]));
    assert_eq!(found("192.0.2.7"), Ok("192.0.2.7".to_owned()));
    assert_eq!(found("::1"), Ok("::1".to_owned()));
    assert_eq!(found("[::1]"), Ok("::1".to_owned()));
}

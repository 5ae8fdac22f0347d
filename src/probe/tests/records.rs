//! What real name servers say of a name, prove, or do not say.

use std::sync::Arc;

use super::see;
use super::servers::Server;
use super::zones::{Passing, asking};
use crate::facts::{Authority, Fact, NameState, Need, RecordKind, Records, Signature, SilenceKind};
use crate::probe::Settings;

fn records(name: &str, kind: RecordKind) -> Result<Arc<Records>, SilenceKind> {
    see(asking(Passing::Signatures), &Need::Records(name.to_owned(), kind)).map(|fact| match fact {
        Fact::Records(records) => records,
        other => panic!("{other:?}"),
    })
}

fn signature(passing: Passing, domain: &str) -> Result<Signature, SilenceKind> {
    see(asking(passing), &Need::Signature(domain.to_owned())).map(|fact| match fact {
        Fact::Signature(signature) => signature,
        other => panic!("{other:?}"),
    })
}

#[test]
fn a_zone_is_signed_unsigned_or_bogus() {
    assert_eq!(signature(Passing::Signatures, "good"), Ok(Signature::Signed));
    assert_eq!(signature(Passing::Signatures, "plain"), Ok(Signature::Unsigned));
    assert_eq!(signature(Passing::Signatures, "bogus"), Ok(Signature::Bogus));
}

/// A zone that does not hold and a server that is broken both are SERVFAIL to who leaves the checking to others.
#[test]
fn behind_a_resolver_that_checks_a_bogus_zone_is_told_from_a_broken_server() {
    let behind = |domain| signature(Passing::Checked, domain);
    assert_eq!(behind("bogus"), Ok(Signature::Bogus));
    assert_eq!((behind("good"), behind("plain")), (Ok(Signature::Signed), Ok(Signature::Unsigned)));
    assert_eq!(behind("broken"), Err(SilenceKind::NameServerFailed), "SERVFAIL, checked or not");
    assert!(behind("mute").is_err());
    // A visitor behind it reaches nothing.
    let seen = see(asking(Passing::Checked), &Need::Records("www.bogus".to_owned(), RecordKind::A)).map(|_| ());
    assert_eq!(seen, Err(SilenceKind::NameServerFailed));
}

/// As behind many a home router: nobody is called unsigned, and nobody bogus.
#[test]
fn without_proofs_nothing_is_said() {
    for domain in ["good", "plain", "bogus"] {
        assert_eq!(signature(Passing::None, domain), Err(SilenceKind::NotValidated), "{domain}");
    }
}

#[test]
fn a_zone_that_does_not_answer_is_neither_signed_nor_bogus() {
    assert!(signature(Passing::Signatures, "mute").is_err());
    assert!(signature(Passing::Signatures, "broken").is_err());
    assert!(signature(Passing::Signatures, "nowhere").is_err());
}

#[test]
fn every_kind_of_record_is_read() {
    let shown = |name: &str, kind| format!("{:?}", records(name, kind).unwrap().found);
    assert_eq!(shown("good", RecordKind::Ns), r#"[Name("ns.good")]"#);
    assert_eq!(shown("good", RecordKind::Soa), r#"[Soa("ns.good")]"#);
    assert_eq!(shown("good", RecordKind::Caa), r#"[Caa { tag: "issue", value: "letsencrypt.org" }]"#);
    assert_eq!(
        shown("good", RecordKind::Mx),
        r#"[Mx { preference: 10, host: "a.mail.good" }, Mx { preference: 20, host: "b.mail.good" }]"#
    );
    assert_eq!(shown("www.good", RecordKind::A), "[Address(192.0.2.1)]");
    assert_eq!(shown("www.good", RecordKind::Aaaa), "[Address(2001:db8::1)]");
    assert!(shown("_25._tcp.a.mail.good", RecordKind::Tlsa).starts_with(r#"[Tlsa(3, 1, 1, "0123"#));
    assert_eq!(shown("plain", RecordKind::Txt), r#"[Text("v=spf1 include:_spf1.plain -all")]"#, "strings are joined without a blank");
}

#[test]
fn no_such_name_no_such_record_a_failure_and_no_answer_are_four_things() {
    let none = |name| Ok(Arc::new(Records { name, aliases: Vec::new(), found: Vec::new() }));
    assert_eq!(records("none.good", RecordKind::A), none(NameState::Unknown));
    assert_eq!(records("www.good", RecordKind::Mx), none(NameState::Exists));
    assert_eq!(records("broken", RecordKind::A), Err(SilenceKind::NameServerFailed));
    assert_eq!(records("mute", RecordKind::A), Err(SilenceKind::TimedOut));
    assert_eq!(records("not a name..", RecordKind::A), Err(SilenceKind::DnsFailed));
}

#[test]
fn aliases_are_followed_and_told() {
    let seen = records("www.plain", RecordKind::A).unwrap();
    assert_eq!(seen.aliases, ["web.plain", "host.plain"]);
    assert_eq!(seen.addresses().map(|address| address.to_string()).collect::<Vec<_>>(), ["192.0.2.7"]);
    // A ring of aliases leads nowhere: nobody can say what is at its end.
    assert!(records("ring.plain", RecordKind::A).map_or(true, |seen| seen.found.is_empty()));
}

#[test]
fn answers_are_bounded_and_clean() {
    assert_eq!(records("many.plain", RecordKind::A).unwrap().found.len(), 100);
    let huge = records("huge.plain", RecordKind::Txt).unwrap();
    assert_eq!(huge.texts().map(|text| text.chars().count()).collect::<Vec<_>>(), [4096], "it comes by TCP, and is cut");
    let nasty = records("nasty.plain", RecordKind::Txt).unwrap();
    assert_eq!(nasty.texts().collect::<Vec<_>>(), ["a\u{fffd}[31mred line"]);
}

/// Where the operator leads, whatever the family; a door that nobody opens is told apart from one that nobody answers at.
#[test]
fn a_door_is_open_closed_or_silent() {
    let knock = |to: &str| {
        let connect_to = vec![format!("::{to}").parse().unwrap()];
        let settings = Settings { connect_to, ..super::settings() };
        see(settings, &Need::Ipv6(Authority { host: "a.test".into(), port: 443 })).map(|fact| format!("{fact:?}"))
    };
    let server = Server::mute();
    assert_eq!(knock(&server.address.to_string()), Ok("Ipv6(Open)".to_owned()));
    assert_eq!(knock("127.0.0.1:9"), Ok("Ipv6(Closed)".to_owned()));
    let resolved = |entry: &str| {
        let settings = Settings { resolve: vec![entry.parse().unwrap()], ..super::settings() };
        see(settings, &Need::Ipv6(Authority { host: "a.test".into(), port: 443 })).map(|fact| format!("{fact:?}"))
    };
    assert_eq!(resolved("a.test:443:192.0.2.1"), Err(SilenceKind::DnsFailed), "there is no IPv6 address to try");
}

//! What is told of mail servers: nothing unless somebody asked, nothing that refutes, and no fault that is not theirs.

use crate::check::sample::{Sample, codes, good_certificate, sample};
use crate::check::{Finding, Outcome};
use crate::day::Day;
use crate::facts::{Certificate, Digests, Print, Record, RecordKind, Signature, SilenceKind, Starttls, Trust};

const CHECK: &str = "mail-authenticated = {}";

/// A domain in order, whose mail goes to `mx.a.example`.
fn domain() -> Sample {
    let text = |text: &str| [Record::Text(text.into())];
    let mx = [Record::Mx { preference: 10, host: "mx.a.example".into() }];
    let own = sample().records("a.example", RecordKind::Mx, &mx).records("a.example", RecordKind::Txt, &text("v=spf1 mx -all"));
    own.records("_dmarc.a.example", RecordKind::Txt, &text("v=DMARC1; p=reject"))
}

fn print(mark: &str) -> Print {
    let digests = |start: &str| Digests { sha256: format!("{start}{mark}").repeat(32), sha512: format!("{start}{mark}").repeat(64) };
    Print { whole: digests("0"), key: digests("1") }
}

/// With the prints of a leaf, `a`, and of what is served after it, `b`.
fn encrypted(change: impl FnOnce(&mut Certificate)) -> Result<Starttls, SilenceKind> {
    Ok(Starttls::Encrypted(Box::new(good_certificate("mx.a.example", change)), vec![print("a"), print("b")]))
}

fn judged(seen: Result<Starttls, SilenceKind>) -> Vec<Finding> {
    domain().starttls("mx.a.example", seen).judge(CHECK).unwrap()
}

/// The codes after the first, which is `ok`.
fn more(findings: Vec<Finding>) -> Vec<String> {
    let mut told = codes(Ok(findings));
    assert_eq!(told.remove(0), "ok");
    told
}

#[test]
fn a_server_that_encrypts_speaks_for_its_domain() {
    let findings = judged(encrypted(|_| ()));
    assert_eq!((findings[1].outcome, findings[1].evidence[0].at.as_str()), (Outcome::Supports, "mx.a.example:25"));
    assert_eq!(more(findings), ["starttls"]);
}

#[test]
fn what_is_not_so_is_told_and_refutes_nothing() {
    let faults = |change: fn(&mut Certificate)| {
        let findings = judged(encrypted(change));
        assert!(findings[1..].iter().all(|finding| finding.outcome != Outcome::Refutes), "{findings:?}");
        (findings.last().unwrap().because.en.clone(), more(findings))
    };
    let certificate = ["starttls", "starttls-certificate"].map(str::to_owned).to_vec();
    for (change, words) in [
        ((|c| c.leaf.not_after = Day::new(2026, 11, 21)) as fn(&mut Certificate), "expired on 2026-11-21"),
        (|c| c.leaf.not_before = Day::new(2026, 11, 23), "only valid from 2026-11-23"),
        (|c| (c.names_the_host, c.names) = (false, vec!["b.example".into()]), "in the name of: b.example"),
        (|c| c.trust = Trust::SelfSigned, "signed by itself"),
        (|c| c.trust = Trust::UnknownIssuer, "an unknown authority: Let's Encrypt"),
        (|c| c.trust = Trust::IncompleteChain, "is not served"),
    ] {
        let (because, codes) = faults(change);
        assert!(codes == certificate && because.ends_with(words), "{codes:?} {because}");
    }
    let plain = judged(Ok(Starttls::NotOffered));
    assert_eq!((plain[1].outcome, more(plain)), (Outcome::Inconclusive, vec!["no-starttls".to_owned()]));
}

#[test]
fn nothing_is_told_of_who_was_not_asked() {
    assert_eq!(judged(Err(SilenceKind::NotAsked)), domain().judge(CHECK).unwrap());
    assert_eq!(more(judged(Err(SilenceKind::NotAsked))), [""; 0]);
}

/// A network that lets nobody reach port 25 looks like servers that are all mute.
#[test]
fn silence_is_never_a_verdict() {
    for kind in [SilenceKind::TimedOut, SilenceKind::Refused, SilenceKind::Garbled, SilenceKind::TlsFailed, SilenceKind::DnsFailed] {
        let findings = judged(Err(kind));
        assert_eq!(findings[1].outcome, Outcome::Inconclusive);
        assert_eq!(more(findings), ["starttls-unseen"], "{kind:?}");
    }
    let announced = announcing(&[(3, 1, 1, "1b")], Err(SilenceKind::TimedOut));
    assert_eq!(more(announced), ["dane", "starttls-unseen"]);
}

/// The zone, signed, names certificates so; each digest is its mark over and over.
fn announcing(records: &[(u8, u8, u8, &str)], seen: Result<Starttls, SilenceKind>) -> Vec<Finding> {
    let tlsa = records.iter().map(|(usage, selector, matching, mark)| {
        Record::Tlsa(*usage, *selector, *matching, mark.repeat(if *matching == 2 { 64 } else { 32 }))
    });
    let named = domain().records("_25._tcp.mx.a.example", RecordKind::Tlsa, &tlsa.collect::<Vec<_>>());
    named.signature("a.example", Signature::Signed).starttls("mx.a.example", seen).judge(CHECK).unwrap()
}

#[test]
fn what_a_signed_zone_announces_is_compared() {
    let told = |records: &[(u8, u8, u8, &str)]| more(announcing(records, encrypted(|_| ())));
    for named in [(3, 0, 1, "0a"), (3, 0, 2, "0a"), (3, 1, 1, "1a"), (3, 1, 2, "1a"), (2, 0, 1, "0b"), (2, 1, 2, "1b"), (2, 0, 1, "0a")] {
        assert_eq!(told(&[named]), ["dane", "starttls"], "{named:?}");
    }
    for other in [(3, 0, 1, "0b"), (3, 1, 1, "0a"), (3, 0, 1, "0c"), (2, 1, 1, "1c")] {
        assert_eq!(told(&[other]), ["starttls", "dane-mismatch"], "{other:?}");
        assert_eq!(told(&[other, (3, 1, 1, "1a")]), ["dane", "starttls"], "one that fits is enough: a renewal needs two");
    }
    // What senders pass over, what is not kept in full, what has not the length of a digest: nobody can say that it does not fit.
    for unknown in [(1, 1, 1, "1c"), (0, 0, 1, "0c"), (3, 0, 0, "0c"), (3, 7, 1, "1c"), (3, 1, 9, "1c"), (3, 1, 1, "1c1")] {
        assert_eq!(told(&[unknown]), ["dane", "starttls"], "{unknown:?}");
    }
    assert_eq!(more(announcing(&[(1, 1, 1, "1a")], Ok(Starttls::NotOffered))), ["dane", "no-starttls"], "no sender follows it");
    assert_eq!(told(&[(3, 0, 1, "0c"), (3, 0, 0, "0c")]), ["dane", "starttls"]);
    assert_eq!(more(announcing(&[(3, 1, 1, "1a")], Ok(Starttls::NotOffered))), ["no-starttls", "dane-mismatch"]);
}

#[test]
fn a_certificate_that_is_announced_needs_no_authority() {
    let told = |record, change: fn(&mut Certificate)| more(announcing(&[record], encrypted(change)));
    let odd: fn(&mut Certificate) = |c| (c.trust, c.names_the_host) = (Trust::SelfSigned, false);
    assert_eq!(told((3, 1, 1, "1a"), odd), ["dane", "starttls"], "neither name nor date matters");
    assert_eq!(told((2, 1, 1, "1b"), |c| c.trust = Trust::UnknownIssuer), ["dane", "starttls"]);
    assert_eq!(told((2, 1, 1, "1b"), odd), ["dane", "starttls", "starttls-certificate"], "its name still does");
    assert_eq!(told((3, 1, 1, "1c"), odd), ["starttls", "starttls-certificate", "dane-mismatch"]);
}

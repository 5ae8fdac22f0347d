//! What the wire tells of TLS: one server on loopback for each fault and each mixture, audited by the real program, which names each fault
//! and no other.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without, it may fail on")]

#[path = "../program/mod.rs"]
mod program;
mod servers;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use program::{program, ran};
use serde_json::Value;
use servers::Old::{Alert, Cut, Mute, Retracts, Speaks};
use servers::Version::{Tls10, Tls11, Tls12};
use servers::{Certificate, Server};
use tempfile::TempDir;

/// Hosts, each with its server, in the order in which the outcome names them.
struct Hosts(Vec<(String, Server)>);

/// By host: the codes of one check, `~` before the reason of a silence.
type Codes = BTreeMap<String, String>;

impl Hosts {
    fn new<'n>(servers: impl IntoIterator<Item = (&'n str, Server)>) -> Self {
        Self(servers.into_iter().map(|(name, server)| (name.to_owned(), server)).collect())
    }

    /// Audits them all on the day for which the certificates were made.
    fn audit(&self, criterion: &str, check: &str) -> Codes {
        let folder = TempDir::new().unwrap();
        let (first, _) = &self.0[0];
        let mut hoster = format!("name = 'A'\nwebsite = 'https://{}/'\nedition = '2023'\n", domain(first));
        let mut args: Vec<String> =
            ["run", "--format", "json", "--dry-run", "--today", "2026-11-22", "--timeout", "2"].map(str::to_owned).into();
        args.extend(["--only".to_owned(), criterion.to_owned(), "--ca-file".to_owned()]);
        args.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls/certificates/root.pem").display().to_string());
        for (name, server) in &self.0 {
            let domain = domain(name);
            hoster += &format!("[[service]]\nid = '{name}'\nname = '{name}'\nurl = 'https://{domain}/'\n");
            args.extend(["--connect-to".to_owned(), format!("{domain}:443:{}", server.address)]);
            // Nothing else of the host is there, and nobody is asked for its address.
            args.extend(["--connect-to".to_owned(), format!("{domain}:80:127.0.0.1:9")]);
        }
        args.extend(["--dns".to_owned(), "127.0.0.1:9".to_owned()]);
        fs::create_dir_all(folder.path().join("audits/a")).unwrap();
        fs::write(folder.path().join("audits/a/hoster.toml"), hoster).unwrap();
        let ran = ran(&mut program(folder.path()), &args);
        assert!(matches!(ran.code, 0 | 1), "{}", ran.err);
        let record: Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err));
        let of_a_host = |standing: &&Value| standing["subject"] != "hoster" && criterion.ends_with(standing["criterion"].as_str().unwrap());
        let standings = record["standing"].as_array().unwrap().iter().filter(of_a_host);
        standings.map(|standing| (standing["subject"].as_str().unwrap().to_owned(), codes(standing, check))).collect()
    }
}

/// The good certificate is also one of its own sub-domains.
fn domain(name: &str) -> String {
    name.strip_suffix("-good").map_or_else(|| format!("{name}.test"), |name| format!("{name}.good.test"))
}

fn codes(standing: &Value, check: &str) -> String {
    let findings = standing["finding"].as_array().unwrap().iter().filter(|finding| finding["check"] == check);
    let told = findings.map(|finding| {
        let silent = finding.get("silent").is_some_and(|silent| silent == true);
        format!("{}{}", if silent { "~" } else { "" }, finding["code"].as_str().unwrap())
    });
    told.collect::<Vec<_>>().join(" ")
}

fn expected<'t>(table: impl IntoIterator<Item = (&'t str, &'t str)>) -> Codes {
    table.into_iter().map(|(name, codes)| (name.to_owned(), codes.to_owned())).collect()
}

/// What `tests/tls/certificates/make.sh` makes, and all that is to be said of it.
const CERTIFICATES: [(&str, &str); 30] = [
    ("good", "ok"),
    ("short-lived", "ok"),
    ("soon", "expires-soon"),
    ("expired", "expired"),
    ("early", "not-yet-valid"),
    ("wrong", "wrong-host"),
    ("nameless", "wrong-host"),
    ("self", "self-signed"),
    ("stranger-signed", "unknown-issuer"),
    ("incomplete", "incomplete-chain"),
    ("late-above", "expired"),
    ("sha1", "weak-signature"),
    ("md5", "weak-signature"),
    ("short", "weak-key"),
    ("sha1-above", "weak-signature"),
    ("short-above", "weak-key"),
    ("forged", "unknown-issuer weak-signature"),
    ("expired-wrong", "expired wrong-host"),
    ("early-incomplete", "not-yet-valid incomplete-chain"),
    ("wrong-incomplete", "wrong-host incomplete-chain"),
    ("soon-stranger", "expires-soon unknown-issuer"),
    ("expired-wrong-self", "expired wrong-host self-signed"),
    ("everything", "expired wrong-host unknown-issuer weak-key weak-signature"),
    ("borrowed-good", "~certificate-refused"),
    // No handshake can be gone through with these: their certificates are seen in its beginning.
    ("ten-good", "unproven"),
    ("eleven-good", "unproven"),
    ("ciphers-good", "unproven"),
    ("ten-expired", "expired wrong-host"),
    ("ten-everything", "expired wrong-host unknown-issuer weak-key weak-signature"),
    ("ten-nothing", "~tls-failed"),
];

#[test]
fn each_certificate_has_its_faults_and_no_other() {
    let server = |name: &str| match name {
        // Somebody else's certificate: the server cannot prove that it is its own.
        "borrowed-good" => Server::tls(Certificate::of("good").without_its_key()),
        "ten-nothing" => Server::all(Speaks(&[Tls10])),
        name => match name.split_once('-') {
            Some(("ten", shown)) => Server::relic(&Certificate::of(shown), &[Tls10]),
            Some(("eleven", shown)) => Server::relic(&Certificate::of(shown), &[Tls11]),
            Some(("ciphers", shown)) => Server::relic(&Certificate::of(shown), &[Tls12]),
            _ => Server::tls(Certificate::of(name)),
        },
    };
    let hosts = Hosts::new(CERTIFICATES.map(|(name, _)| (name, server(name))));
    assert_eq!(hosts.audit("N3", "certificate-valid"), expected(CERTIFICATES));
}

const VERSIONS: [(&str, &str); 19] = [
    ("modern", "ok"),
    ("newest-only", "ok"),
    ("no-newest", "no-tls13"),
    ("ten", "accepts-tls10"),
    ("eleven", "accepts-tls11"),
    ("both", "accepts-tls10 accepts-tls11"),
    ("both-no-newest", "accepts-tls10 accepts-tls11 no-tls13"),
    ("relic", "accepts-tls10 no-tls13"),
    ("old-ciphers", "no-tls13"),
    ("handshake-failure", "ok"),
    ("protocol-version", "ok"),
    ("internal-error", "ok"),
    ("retracts", "ok"),
    ("hangs-up", "ok"),
    ("swallows", "~timed-out"),
    ("hangs-up-on-all", "~tls-failed"),
    ("refuses-all", "~tls-failed"),
    ("mute", "~timed-out"),
    ("plain", "~tls-failed"),
];

fn greeted(name: &str) -> Server {
    let good = || Certificate::of("good");
    match name {
        "newest-only" => Server::tls(good().only(&rustls::version::TLS13)),
        "no-newest" => Server::tls(good().only(&rustls::version::TLS12)),
        "ten" => Server::old(good(), Speaks(&[Tls10])),
        "eleven" => Server::old(good(), Speaks(&[Tls11])),
        "both" => Server::old(good(), Speaks(&[Tls10, Tls11])),
        "both-no-newest" => Server::old(good().only(&rustls::version::TLS12), Speaks(&[Tls10, Tls11])),
        "relic" => Server::relic(&good(), &[Tls10]),
        "old-ciphers" => Server::relic(&good(), &[Tls12]),
        "handshake-failure" => Server::old(good(), Alert(40)),
        "protocol-version" => Server::old(good(), Alert(70)),
        "internal-error" => Server::old(good(), Alert(80)),
        "retracts" => Server::old(good(), Retracts),
        "hangs-up" => Server::old(good(), Cut),
        "swallows" => Server::old(good(), Mute),
        "hangs-up-on-all" => Server::all(Cut),
        "refuses-all" => Server::all(Alert(40)),
        "mute" => Server::all(Mute),
        "plain" => Server::plain(),
        "modern" => Server::tls(good()),
        name => panic!("{name}"),
    }
}

#[test]
fn each_old_version_is_told_and_no_other() {
    let hosts = Hosts::new(VERSIONS.map(|(name, _)| (name, greeted(name))));
    assert_eq!(hosts.audit("N3,T2", "tls-modern"), expected(VERSIONS));
}

/// A new code must have its host here.
#[test]
fn every_code_has_its_host() {
    let folder = TempDir::new().unwrap();
    let all = ran(&mut program(folder.path()), ["schema", "codes"]).out;
    for (check, table) in [("certificate-valid.", &CERTIFICATES[..]), ("tls-modern.", &VERSIONS[..])] {
        let codes: BTreeSet<&str> = all.lines().filter_map(|code| code.strip_prefix(check)).collect();
        let shown: BTreeSet<&str> = table.iter().flat_map(|(_, codes)| codes.split(' ')).filter(|code| !code.starts_with('~')).collect();
        assert_eq!(shown, codes, "{check}");
    }
}

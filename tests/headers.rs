//! What header fields say, seen by the real probe on loopback and told in the record.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without, it may fail on")]

mod program;
mod stage;

use std::collections::BTreeSet;

use chatons_audit::Day;
use stage::Scene;
use toml::{Table, Value};

const TODAY: Day = Day::new(2026, 11, 22);
const HOSTER: &str = "name = 'A'\nwebsite = 'https://www.a.example/'\nedition = '2023'\n";

/// The codes of some checks, whatever criterion asks.
fn told(sites: &str, checks: &[&str]) -> BTreeSet<String> {
    told_of(&Scene::new(HOSTER, sites, TODAY), checks)
}

fn told_of(scene: &Scene, checks: &[&str]) -> BTreeSet<String> {
    let ran = scene.run(&[]);
    assert!(ran.code <= 1, "{}{}", ran.out, ran.err);
    let record: Table = scene.read("record.toml").parse().unwrap();
    let findings = record["standing"].as_array().unwrap().iter().filter_map(|entry| entry.get("finding")?.as_array()).flatten();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let said = findings.map(|finding| (text(finding, "check"), text(finding, "code")));
    said.filter(|(check, _)| checks.contains(&check.as_str())).map(|(check, code)| format!("{check}.{code}")).collect()
}

fn codes(expected: &[&str]) -> BTreeSet<String> {
    expected.iter().map(|code| (*code).to_owned()).collect()
}

const ALL: [&str; 3] = ["headers-hardened", "hsts", "https-only"];

#[test]
fn a_careful_site_is_praised() {
    let sites = r#"
[[host]]
name = "www.a.example"
headers = { strict-transport-security = "max-age=31536000; includeSubDomains", x-content-type-options = "nosniff, nosniff", content-security-policy = "default-src 'self', frame-ancestors 'none'", set-cookie = "__Host-sid=x; Path=/; Secure; HttpOnly; SameSite=Lax" }
pages = { "/" = "<!doctype html><html lang=fr><title>A</title><p>Bonjour, voici A.</p><script src=/a.js></script>" }
"#;
    let praise = codes(&["headers-hardened.ok", "hsts.ok", "https-only.ok"]);
    assert_eq!(told(sites, &ALL), praise);
    assert_eq!(told_of(&Scene::of("exemplary", TODAY), &ALL), praise);
}

#[test]
fn each_fault_of_a_careless_site_is_told_and_nothing_else() {
    let sites = r#"
[[host]]
name = "www.a.example"
headers = { strict-transport-security = "max-age=0", x-frame-options = "ALLOW-FROM https://b.example/", content-security-policy = "script-src * 'unsafe-inline'", referrer-policy = "unsafe-url", access-control-allow-origin = "*", set-cookie = "PHPSESSID=secret" }
pages = { "/" = "<!doctype html><html lang=fr><title>A</title><p>Bonjour.</p><script src=https://cdn.b.example/x.js></script><img alt='' src=http://b.example/i.png><form action=http://b.example/in></form>" }
"#;
    let expected = [
        "headers-hardened.cookie-insecure",
        "headers-hardened.cors-wildcard",
        "headers-hardened.csp-unsafe",
        "headers-hardened.frames-allowed",
        "headers-hardened.referrer-policy-unsafe",
        "headers-hardened.sri-missing",
        "headers-hardened.x-content-type-options-missing",
        "hsts.missing",
        "https-only.form-in-clear",
        "https-only.mixed-content",
        "https-only.ok",
    ];
    assert_eq!(told(sites, &ALL), codes(&expected));
}

#[test]
fn a_loop_is_told_and_nothing_is_said_of_headers_that_nobody_saw() {
    let sites = r#"
[[host]]
name = "www.a.example"
[[host.route]]
path = "/"
status = 302
headers = { location = "http://www.a.example/" }
"#;
    let expected = ["headers-hardened.redirect-loop", "hsts.redirect-loop", "https-only.ok", "https-only.redirect-loop"];
    assert_eq!(told(sites, &ALL), codes(&expected), "of which those of headers and HSTS are silences");
}

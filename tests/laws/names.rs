//! What is said of a hoster by its names alone, through the real program and a name server on loopback.

use serde_json::Value;

use crate::TODAY;
use crate::stage::Scene;

const HOSTER: &str = "name = 'A'\nwebsite = 'https://www.names.example/'\nedition = '2023'\n";
const START: &str = "@ 60 IN SOA ns1 root 1 60 60 60 60\n@ 60 IN MX 10 mail\n_dmarc 60 IN TXT \"v=DMARC1; p=reject\"\n";

/// Each `outcome check.code` of a criterion; a silence is `silent`.
fn said(zones: &str, criterion: &str, args: &[&str]) -> Vec<String> {
    let site = "[[host]]\nname = 'www.names.example'\npages = { '/' = '<html lang=fr><title>A</title><p>bonjour</p></html>' }\n";
    let scene = Scene::new(HOSTER, &(zones.to_owned() + site), TODAY);
    // R1: that the site answers is seen in any case, so that there is a record.
    let only = format!("R1,{criterion}");
    let ran = scene.run(&[&["--only", &only, "--format", "json"], args].concat());
    assert!(ran.code < 2, "{}", ran.err);
    let record: Value = serde_json::from_str(&ran.out).unwrap();
    let findings = record["standing"].as_array().unwrap().iter().filter_map(|entry| entry.get("finding")?.as_array()).flatten();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    findings
        .map(|finding| {
            let outcome = if finding.get("silent").is_some() { "silent".to_owned() } else { text(finding, "outcome") };
            format!("{outcome} {}.{}", text(finding, "check"), text(finding, "code"))
        })
        .collect()
}

fn zone(signed: bool, records: &str) -> String {
    format!("[[zone]]\nname = 'names.example'\nsigned = {signed}\nrecords = '''\n{START}{records}'''\n")
}

fn mail(records: &str) -> Vec<String> {
    let mut said = said(&zone(true, records), "T2", &[]);
    said.retain(|told| told.contains("mail-authenticated"));
    said
}

#[test]
fn spf_is_followed_to_its_limit_and_no_further() {
    let chain = |n: usize| {
        let link = |i: usize| format!("_s{i} 60 IN TXT \"v=spf1 include:_s{}.names.example -all\"\n", i + 1);
        let links: String = (1..n).map(link).collect();
        format!("@ 60 IN TXT \"v=spf1 include:_s1.names.example -all\"\n{links}_s{n} 60 IN TXT \"v=spf1 -all\"\n")
    };
    assert_eq!(mail(&chain(10)), ["supports mail-authenticated.ok"]);
    assert_eq!(mail(&chain(11)), ["refutes mail-authenticated.spf-too-many-lookups"]);
    let ring = "@ 60 IN TXT \"v=spf1 include:names.example -all\"\n";
    assert_eq!(mail(ring), ["refutes mail-authenticated.spf-too-many-lookups"], "a ring ends at the limit");
    let nowhere = "@ 60 IN TXT \"v=spf1 include:nowhere.names.example -all\"\n";
    assert_eq!(mail(nowhere), ["refutes mail-authenticated.spf-broken"]);
    let elsewhere = "@ 60 IN TXT \"v=spf1 include:elsewhere.test -all\"\n";
    assert_eq!(mail(elsewhere), ["silent mail-authenticated.name-server-failed"], "a name server that refuses says nothing of its name");
}

#[test]
fn a_signed_zone_is_signed_and_without_its_key_nothing_is_said() {
    let signature = |signed, args: &[&str]| {
        let mut said = said(&zone(signed, "@ 60 IN TXT \"v=spf1 mx -all\"\n"), "T2", args);
        said.retain(|told| told.contains("dnssec"));
        said
    };
    assert_eq!(signature(true, &[]), ["supports dnssec.ok"]);
    let unsigned = signature(false, &[]);
    assert!(unsigned.len() == 1 && unsigned[0].starts_with("silent dnssec."), "{unsigned:?}: no key was given for any zone above");
}

#[test]
fn a_name_server_that_does_not_answer_accuses_nobody() {
    let told = said(&zone(true, ""), "T2", &["--dns", "127.0.0.1:9", "--timeout", "1"]);
    let by_names: Vec<&String> =
        told.iter().filter(|told| ["dnssec", "caa", "mail"].iter().any(|check| told.contains(&format!(" {check}")))).collect();
    assert!(by_names.len() == 3 && by_names.iter().all(|told| told.starts_with("silent ")), "{by_names:?}");
}

#[test]
fn a_provider_is_named_through_an_alias_and_aliases_in_a_ring_accuse_nobody() {
    let of = |records: &str| {
        let more = "[[zone]]\nname = 'github.io'\nrecords = '''\n@ 60 IN SOA ns root 1 60 60 60 60\na 60 IN A 192.0.2.1\n'''\n";
        let mut said = said(&(zone(true, &format!("@ 60 IN NS ns1\n@ 60 IN TXT \"v=spf1 mx -all\"\n{records}")) + more), "H4", &[]);
        said.retain(|told| told.contains("providers"));
        said
    };
    assert_eq!(of("www 60 IN CNAME a.github.io.\n"), ["inconclusive providers-compatible.hosting"]);
    assert_eq!(of("www 60 IN A 192.0.2.1\n"), ["supports providers-compatible.ok"]);
    let ring = of("www 60 IN CNAME ring\nring 60 IN CNAME www\n");
    assert!(ring.iter().all(|told| !told.starts_with("refutes")), "{ring:?}");
}

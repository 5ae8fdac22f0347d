//! What name servers and mail servers tell: one domain for each fault, on a real name server with a signed root, audited by the real program,
//! which names that fault and no other.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without, it may fail on")]

#[path = "../post/mod.rs"]
mod post;
#[path = "../program/mod.rs"]
mod program;
mod servers;
#[path = "../tree/mod.rs"]
mod tree;

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;

use post::{Post, Script, encrypting, plain};
use program::{program, ran};
use serde_json::Value;
use servers::{Authority, door, web};
use tempfile::TempDir;
use tree::{Key, Passing, Tree, name, serve, zone};

const NOBODY: &str = "127.0.0.1:9";

/// A domain in order; each test changes one thing.
#[derive(Clone)]
struct Domain {
    name: &'static str,
    /// Nothing where it is not signed; a key that the zone above does not name where its signatures do not hold.
    signature: Option<bool>,
    /// The SPF record, the DMARC record, and those that are the same for all: each may be replaced, or left out.
    spf: &'static str,
    dmarc: &'static str,
    mx: &'static str,
    caa: &'static str,
    six: &'static str,
    more: String,
    /// `host:port`, and where it is to be found.
    routes: Vec<(String, SocketAddr)>,
    /// Of each check, its codes.
    told: [&'static str; 4],
}

const CHECKS: [&str; 4] = ["dnssec", "caa", "ipv6", "mail-authenticated"];

fn good(name: &'static str) -> Domain {
    Domain {
        name,
        signature: Some(true),
        spf: "@ 60 IN TXT \"v=spf1 mx -all\"",
        dmarc: "_dmarc 60 IN TXT \"v=DMARC1; p=reject\"",
        mx: "@ 60 IN MX 10 mx",
        caa: "@ 60 IN CAA 0 issue \"letsencrypt.org\"",
        six: "@ 60 IN AAAA 2001:db8::1",
        more: String::new(),
        routes: Vec::new(),
        told: ["ok"; 4],
    }
}

/// A domain in order, but for its mail.
fn mail(name: &'static str, told: &'static str) -> Domain {
    Domain { told: ["ok", "ok", "ok", told], ..good(name) }
}

impl Domain {
    fn zone(&self) -> String {
        let Self { spf, dmarc, mx, caa, six, more, .. } = self;
        let start = "@ 60 IN SOA ns root 1 60 60 60 60\n@ 60 IN NS ns\nns 60 IN A 192.0.2.1\nmx 60 IN A 192.0.2.1\n@ 60 IN A 192.0.2.1";
        [start, spf, dmarc, mx, caa, six, more, ""].join("\n")
    }

    fn origin(&self) -> String {
        format!("{}.test.", self.name)
    }
}

/// A name server for these domains, and the key of its root.
fn name_server(domains: &[Domain], passing: Passing) -> (SocketAddr, String) {
    let root = Key::new();
    let mut text = "@ 60 IN SOA ns.test. root.test. 1 60 60 60 60\n@ 60 IN NS ns.test.\n".to_owned();
    let (mut signed, mut zones) = (Vec::new(), Vec::new());
    for domain in domains {
        let (origin, key, other) = (domain.origin(), Key::new(), Key::new());
        text += &format!("{origin} 60 IN NS ns.{origin}\n");
        let signature = domain.signature.filter(|_| passing != Passing::None);
        signed.extend(signature.map(|holds| if holds { &key } else { &other }.ds(&name(&origin))));
        zones.push((origin.clone(), zone(&origin, &domain.zone(), Vec::new(), signature.map(|_| &key))));
    }
    let above = zone(".", &text, signed, (passing != Passing::None).then_some(&root));
    (serve(Tree::new(&above, zones, passing)), format!(". 60 IN DNSKEY {}\n", root.dnskey()))
}

/// By domain, what each check says; `~` before the reason of a silence.
fn audit(domains: &[Domain], passing: Passing, authority: &Authority, more: &[&str]) -> BTreeMap<String, [String; 4]> {
    let folder = TempDir::new().unwrap();
    let (dns, key) = name_server(domains, passing);
    let path = |file: &str| folder.path().join(file).display().to_string();
    fs::write(path("root.key"), key).unwrap();
    fs::write(path("root.pem"), &authority.pem).unwrap();
    let mut hoster = "name = 'A'\nwebsite = 'https://home.test/'\nedition = '2023'\n".to_owned();
    let mut args: Vec<String> = "run --only T2,R1 --format json --dry-run --today 2026-11-22 --timeout 2 --allow-private --fail-on never"
        .split(' ')
        .chain(more.iter().copied())
        .map(str::to_owned)
        .collect();
    // A hoster of whom nothing at all is seen has no record.
    let home = web(authority.certify("home.test", 2030).0, "200 OK", "<html lang='fr'><title>A</title><p>Bonjour");
    let (door, mut routes) = (door(), vec![format!("home.test:443:{home}")]);
    for domain in domains {
        let id = domain.name;
        hoster += &format!("[[service]]\nid = '{id}'\nname = '{id}'\nurl = 'https://{id}.test/'\n");
        routes.extend(domain.routes.iter().map(|(from, to)| format!("{from}:{to}")));
        routes.push(format!("{id}.test:443:{door}"));
    }
    // Nothing else is there.
    routes.push(format!("::{NOBODY}"));
    args.extend(routes.into_iter().flat_map(|route| ["--connect-to".to_owned(), route]));
    args.extend([
        "--dns".to_owned(),
        dns.to_string(),
        "--trust-anchor".to_owned(),
        path("root.key"),
        "--ca-file".to_owned(),
        path("root.pem"),
    ]);
    fs::create_dir_all(folder.path().join("audits/a")).unwrap();
    fs::write(folder.path().join("audits/a/hoster.toml"), hoster).unwrap();
    let ran = ran(&mut program(folder.path()), &args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let record: Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err));
    let services =
        record["standing"].as_array().unwrap().iter().filter(|standing| standing["subject"] != "hoster" && standing["criterion"] == "T2");
    services.map(|standing| (standing["subject"].as_str().unwrap().to_owned(), CHECKS.map(|check| codes(standing, check)))).collect()
}

fn codes(standing: &Value, check: &str) -> String {
    let findings = standing["finding"].as_array().unwrap().iter().filter(|finding| finding["check"] == check);
    let told = findings.map(|finding| {
        let silent = finding.get("silent").is_some_and(|silent| silent == true);
        format!("{}{}", if silent { "~" } else { "" }, finding["code"].as_str().unwrap())
    });
    told.collect::<Vec<_>>().join(" ")
}

fn expected(domains: &[Domain]) -> BTreeMap<String, [String; 4]> {
    domains.iter().map(|domain| (domain.name.to_owned(), domain.told.map(str::to_owned))).collect()
}

#[test]
fn each_domain_has_its_fault_and_no_other() {
    let nobody: SocketAddr = NOBODY.parse().unwrap();
    let domains = [
        good("good"),
        Domain { signature: None, told: ["missing", "ok", "ok", "ok"], ..good("unsigned") },
        Domain { signature: Some(false), told: ["bogus", "ok", "ok", "ok"], ..good("forged") },
        Domain { caa: "", told: ["ok", "missing", "ok", "ok"], ..good("no-caa") },
        Domain { six: "", told: ["ok", "ok", "missing", "ok"], ..good("no-six") },
        Domain { routes: vec![("closed-six.test:443".into(), nobody)], told: ["ok", "ok", "unreachable", "ok"], ..good("closed-six") },
        Domain { told: ["~timed-out", "~timed-out", "~dns-failed", "~timed-out"], ..good("mute") },
        Domain { told: ["~name-server-failed", "~name-server-failed", "~dns-failed", "~name-server-failed"], ..good("broken") },
    ];
    assert_eq!(audit(&domains, Passing::Signatures, &Authority::new(), &[]), expected(&domains));
}

/// Who checks signatures keeps back what does not hold: nothing of it is seen, and yet it is told from a broken server.
#[test]
fn a_bogus_domain_is_told_behind_a_name_server_that_checks() {
    let domains = [
        good("good"),
        Domain { signature: Some(false), told: ["bogus", "~name-server-failed", "~dns-failed", "~name-server-failed"], ..good("bogus") },
        Domain { told: ["~name-server-failed", "~name-server-failed", "~dns-failed", "~name-server-failed"], ..good("broken") },
    ];
    assert_eq!(audit(&domains, Passing::Checked, &Authority::new(), &[]), expected(&domains));
}

#[test]
fn without_proofs_no_domain_is_called_unsigned() {
    let domains = [good("good"), good("other")].map(|domain| Domain { told: ["~not-validated", "ok", "ok", "ok"], ..domain });
    assert_eq!(audit(&domains, Passing::None, &Authority::new(), &[]), expected(&domains));
}

#[test]
fn each_mail_domain_has_its_fault_and_no_other() {
    let authority = Authority::new();
    let sts = |name: &str, status, body| {
        let host = format!("mta-sts.{name}.test");
        vec![(format!("{host}:443"), web(authority.certify(&host, 2030).0, status, body))]
    };
    let announced = "_mta-sts 60 IN TXT \"v=STSv1; id=1\"";
    let crowd = (0..11).map(|n| format!("crowd 60 IN MX 10 mx{n}")).collect::<Vec<_>>().join("\n");
    let mut domains = vec![
        mail("mail", "ok"),
        Domain { mx: "", spf: "", ..mail("no-mail", "no-mail") },
        Domain { mx: "@ 60 IN MX 0 .", spf: "@ 60 IN TXT \"v=spf1 -all\"", ..mail("null-mx", "ok") },
        Domain { spf: "", ..mail("no-spf", "spf-missing") },
        Domain { dmarc: "", ..mail("no-dmarc", "dmarc-missing") },
        Domain { dmarc: "_dmarc 60 IN TXT \"v=DMARC1; p=none\"", ..mail("lax-dmarc", "dmarc-none") },
        Domain { dmarc: "_dmarc 60 IN TXT \"v=DMARC1; rua=mailto:a@b.test\"", ..mail("odd-dmarc", "dmarc-broken") },
        Domain { more: "_smtp._tls 60 IN TXT \"v=TLSRPTv1; rua=mailto:a@b.test\"".into(), ..mail("reports", "ok tls-rpt") },
        Domain { more: format!("_25._tcp.mx 60 IN TLSA 3 1 1 {}", "ab".repeat(32)), ..mail("dane", "ok dane") },
        Domain {
            more: announced.into(),
            routes: sts("sts", "200 OK", "version: STSv1\nmode: enforce\nmx: mx.sts.test\nmax_age: 604800\n"),
            ..mail("sts", "ok mta-sts")
        },
        Domain { more: announced.into(), routes: sts("no-sts", "404 Not Found", "nothing"), ..mail("no-sts", "ok mta-sts-broken") },
        Domain { more: crowd, spf: "@ 60 IN TXT \"v=spf1 mx:crowd.crowded.test -all\"", ..mail("crowded", "spf-too-many-mx") },
    ];
    for (name, spf, told) in [
        ("everybody", "v=spf1 mx +all", "spf-permissive"),
        ("neutral", "v=spf1 mx ?all", "spf-neutral"),
        ("odd-spf", "v=spf1 mx ip4=192.0.2.1 foo:bar -all", "spf-broken"),
        ("far", "v=spf1 a a a a a a a a a a a -all", "spf-too-many-lookups"),
        ("in-vain", "v=spf1 a:x.in-vain.test mx:x.in-vain.test exists:x.in-vain.test -all", "spf-void-lookups"),
        ("twice-in-vain", "v=spf1 a:x.twice-in-vain.test mx:x.twice-in-vain.test -all", "ok"),
        // One more would be too many, and whether it is one nobody knows.
        ("unheard", "v=spf1 a:x.unheard.test mx:x.unheard.test a:mute.unheard.test -all", "~timed-out"),
    ] {
        domains.push(Domain { spf: Box::leak(format!("@ 60 IN TXT \"{spf}\"").into_boxed_str()), ..mail(name, told) });
    }
    assert_eq!(audit(&domains, Passing::Signatures, &authority, &[]), expected(&domains));
}

/// Each mail server has its own fault; without the option nobody calls on them.
#[test]
fn mail_servers_are_told_only_where_they_are_asked_for() {
    let authority = Authority::new();
    let (mut posts, mut domains) = (Vec::new(), Vec::new());
    let mut add = |name: &'static str, told, last_year, certified: Option<&str>, tlsa: Option<bool>, change: fn(Script) -> Script| {
        let host = format!("mx.{name}.test");
        let (tls, digest) = authority.certify(certified.unwrap_or(&host), last_year);
        let post = Post::new(change(encrypting(tls)));
        let more = tlsa.map(|fits| format!("_25._tcp.mx 60 IN TLSA 3 1 1 {}", if fits { digest } else { "ab".repeat(32) }));
        domains.push(Domain { more: more.unwrap_or_default(), routes: vec![(format!("{host}:25"), post.address)], ..mail(name, told) });
        posts.push(post);
    };
    add("encrypts", "ok starttls", 2030, None, None, |good| good);
    add("plain", "ok no-starttls", 2030, None, None, |_| plain());
    add("expired", "ok starttls starttls-certificate", 2025, None, None, |good| good);
    add("wrong", "ok starttls starttls-certificate", 2030, Some("b.test"), None, |good| good);
    add("named", "ok dane starttls", 2025, Some("b.test"), Some(true), |good| good);
    add("misnamed", "ok starttls dane-mismatch", 2030, None, Some(false), |good| good);
    add("named-plain", "ok no-starttls dane-mismatch", 2030, None, Some(true), |_| plain());
    add("blocked", "ok starttls-unseen", 2030, None, None, |good| Script { greeting: "554 not from there\r\n", ..good });
    add("slipped", "ok starttls-unseen", 2030, None, None, |good| Script { ready: "220 go\r\n250 and this\r\n", ..good });
    domains.push(mail("nobody", "ok starttls-unseen"));
    let unasked = audit(&domains, Passing::Signatures, &authority, &[]);
    let silent: Vec<&str> = ["named", "misnamed", "named-plain"].to_vec();
    for (name, [.., told]) in &unasked {
        assert_eq!(told, if silent.contains(&name.as_str()) { "ok dane" } else { "ok" }, "{name}");
    }
    assert!(posts.iter().all(|post| post.heard().is_empty()), "nobody was called on");
    assert_eq!(audit(&domains, Passing::Signatures, &authority, &["--smtp"]), expected(&domains));
    let spoken = |line: &String| ["EHLO chatons-audit.invalid", "STARTTLS", "QUIT", "*QUIT"].contains(&line.as_str());
    assert!(posts.iter().all(|post| post.heard().iter().all(spoken)), "nothing of mail is ever said");
}

#[test]
fn the_plan_tells_of_mail_servers_and_asks_nobody() {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("audits/a")).unwrap();
    fs::write(folder.path().join("audits/a/hoster.toml"), "name = 'A'\nwebsite = 'https://a.test/'\nedition = '2023'\n").unwrap();
    let told = |args: &[&str]| ran(&mut program(folder.path()), [&["run", "--only", "T2"], args].concat());
    let plan = told(&["--plan", "--dns", NOBODY]);
    let with_mail = told(&["--plan", "--dns", NOBODY, "--smtp", "--lang", "fr"]);
    assert_eq!((plan.code, with_mail.code), (0, 0), "{}", with_mail.err);
    let more = with_mail.out.strip_prefix(&plan.out).unwrap();
    assert_eq!(more, "Courriel : domaines dont les serveurs seraient joints (port 25, 4 au plus pour chacun, sans rien envoyer) : 1.\n");
    for other in [&["--offline"][..], &["--proxy", "http://127.0.0.1:9"]] {
        let ran = told(&[&["--smtp"], other].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{other:?}: {}", ran.err);
    }
}

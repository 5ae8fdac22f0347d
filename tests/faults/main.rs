//! Bad hosts on loopback, one for each code of the checks that watch the web: the real program, with all criteria, names each fault in its
//! record, and no other beyond what a good host shows.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without, it may fail on")]

mod headers;
mod host;
mod parties;
#[path = "../program/mod.rs"]
mod program;
mod providers;
mod web;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use chatons_audit::{Day, Sites, Stage};
use host::Host;
use program::{program, ran};
use tempfile::TempDir;
use toml::Table;

const TODAY: Day = Day::new(2026, 11, 22);

/// Checks of which each code must have its host here; those of certificates and of versions have theirs in `tests/tls`.
const CHECKS: [&str; 8] =
    ["https-only", "hsts", "headers-hardened", "hosting-named", "providers-compatible", "no-third-parties", "no-cookies", "security-txt"];

/// What none of these hosts can show: only a browser sees what programs store.
const NOT_HERE: [&str; 1] = ["no-cookies.local-storage"];

/// What a record says of one hoster, as `check.code`; who has no service is one subject.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    /// What speaks against it, or is for a person to weigh.
    faults: BTreeSet<String>,
    praise: BTreeSet<String>,
    /// What could not be seen.
    silences: BTreeSet<String>,
}

/// Audits them all, each a hoster of its own, in one run; reads their records back.
fn audited(hosts: &[Host], today: Day) -> BTreeMap<String, Told> {
    let stage = Stage::open(Sites::parse(&host::sites(hosts)).unwrap(), today).unwrap();
    let folder = TempDir::new().unwrap();
    let path = |file: &str| folder.path().join(file);
    fs::write(path("ca.pem"), stage.ca_pem()).unwrap();
    fs::write(path("keys"), stage.trust_anchor()).unwrap();
    let mut args = vec!["run".to_owned(), "--quiet".to_owned(), "--today".to_owned(), today.to_string()];
    for host in hosts {
        fs::create_dir_all(path("audits").join(host.id())).unwrap();
        fs::write(path("audits").join(host.id()).join("hoster.toml"), host.description()).unwrap();
        // Nobody listens there.
        let closed = host.closed.iter().map(|port| format!("{}:{port}:127.0.0.1:9", host.domain()));
        args.extend(closed.flat_map(|to| ["--connect-to".to_owned(), to]));
    }
    args.extend(["--connect-to".to_owned(), format!("::127.0.0.1:{}", stage.address().port())]);
    args.extend(["--resolve", "*:443:127.0.0.1", "--ca-file", "ca.pem", "--trust-anchor", "keys"].map(str::to_owned));
    args.extend(["--allow-private".to_owned(), "--dns".to_owned(), stage.name_server().to_string()]);
    let ran = ran(&mut program(folder.path()), &args);
    assert!(matches!(ran.code, 0 | 1), "{} {}", ran.code, ran.err);
    hosts.iter().map(|host| (host.id(), told(&path("audits").join(host.id()).join("record.toml")))).collect()
}

fn told(record: &Path) -> Told {
    let record: Table = fs::read_to_string(record).unwrap().parse().unwrap();
    let mut told = Told::default();
    let standings = record["standing"].as_array().unwrap().iter();
    for finding in standings.filter_map(|standing| standing.get("finding")?.as_array()).flatten() {
        let text = |key: &str| finding[key].as_str().unwrap();
        let name = format!("{}.{}", text("check"), text("code"));
        let silent = finding.get("silent").is_some_and(|silent| silent.as_bool() == Some(true));
        let pile = match text("outcome") {
            _ if silent => &mut told.silences,
            "supports" => &mut told.praise,
            _ => &mut told.faults,
        };
        pile.insert(name);
    }
    told
}

/// Each names its faults, and no other than a good host's; each is praised for what it is meant to be praised for.
#[track_caller]
fn each_shows_its_codes_and_no_other(hosts: Vec<Host>) {
    let hosts: Vec<Host> = std::iter::once(Host::good()).chain(hosts).collect();
    let told = audited(&hosts, TODAY);
    let good = &told["good"];
    let own = |faults: &BTreeSet<String>| faults.iter().filter(|code| of_these_checks(code)).cloned().collect::<BTreeSet<_>>();
    assert_eq!(own(&good.faults), BTreeSet::new(), "a good host has none of these faults");
    let astray = hosts.iter().filter_map(|host| against(good, &told[&host.id()], host));
    assert_eq!(astray.collect::<Vec<_>>().join("\n"), "");
}

/// How what was told of a host differs from what is meant; nothing when it does not.
fn against(good: &Told, told: &Told, host: &Host) -> Option<String> {
    let meant = host.codes();
    let new: BTreeSet<String> = told.faults.difference(&good.faults).cloned().collect();
    let unmet: BTreeSet<_> = meant.iter().filter(|code| !new.contains(*code) && !told.praise.contains(*code)).collect();
    let astray: BTreeSet<_> = new.difference(&meant).collect();
    let lost: BTreeSet<_> = good.faults.difference(&told.faults).collect();
    let hidden = |code: &&String| host.hides.is_none_or(|reason| code.split_once('.').is_none_or(|(_, why)| why != reason));
    let silent: BTreeSet<_> = told.silences.difference(&good.silences).filter(hidden).collect();
    // Who hides everything hides the good host's faults too.
    let lost = if host.hides.is_some() { BTreeSet::new() } else { lost };
    let fine = unmet.is_empty() && astray.is_empty() && lost.is_empty() && silent.is_empty();
    (!fine).then(|| format!("{}: not told {unmet:?}, told besides {astray:?}, silent {silent:?}, lost {lost:?}", host.id()))
}

fn of_these_checks(code: &str) -> bool {
    code.split_once('.').is_some_and(|(check, _)| CHECKS.contains(&check))
}

/// A new code must have its host.
#[test]
fn every_code_has_its_host() {
    let folder = TempDir::new().unwrap();
    let codes = ran(&mut program(folder.path()), ["schema", "codes"]).out;
    let codes: BTreeSet<String> = codes.lines().filter(|code| of_these_checks(code)).map(str::to_owned).collect();
    let hosts = [web::hosts(), headers::hosts(), parties::hosts(), providers::hosts(), vec![Host::good(), parties::late()]];
    let shown = hosts.iter().flatten().flat_map(Host::codes);
    let shown: BTreeSet<String> = shown.filter(|code| of_these_checks(code)).chain(NOT_HERE.map(str::to_owned)).collect();
    assert_eq!(shown, codes);
    for check in CHECKS {
        assert!(codes.iter().any(|code| code.starts_with(&format!("{check}."))), "{check} has no code");
    }
}

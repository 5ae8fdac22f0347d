//! Law 1: silence is never a verdict.

use std::collections::BTreeMap;

use toml::Table;

use crate::program::{Ran, program, ran};
use crate::stage::Scene;
use crate::{DEMO, TODAY, sites_with_a_silent_one, whole};

/// How many standings of each kind a JSON record counts.
fn counts(ran: &Ran) -> BTreeMap<String, u64> {
    let record: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err));
    serde_json::from_value(record["counts"].clone()).unwrap()
}

#[test]
fn the_silent_hoster_is_accused_of_nothing() {
    let scene = Scene::of("silent", TODAY);
    let before = whole(&scene.path(""));
    let ran = scene.run(&["--timeout", "1"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{}", ran.err);
    assert!(ran.err.contains("Chat Muet : rien n'a pu être observé, donc rien n'est noté ni reproché."), "{}", ran.err);
    assert!(ran.err.contains("n'a pas répondu à temps"), "{}", ran.err);
    assert_eq!(whole(&scene.path("")), before, "no record is made of nothing");
}

/// Nobody there, in each of the ways in which a machine can be absent: no verdict, and the reason is told.
#[test]
fn whatever_keeps_it_silent_a_hoster_is_accused_of_nothing() {
    let absent: [(&[&str], &str); 4] = [
        (&["--dns", "127.0.0.1:9"], "n'a pas été trouvé"),
        (&["--connect-to", "::127.0.0.1:9", "--resolve", "*:443:127.0.0.1", "--dns", "127.0.0.1:9"], "refuse la connexion"),
        (&["--resolve", "*:443:10.0.0.1", "--resolve", "*:80:10.0.0.1", "--offline"], "n'a pas été visité"),
        (&["--proxy", "http://127.0.0.1:9", "--dns", "127.0.0.1:9"], "refuse la connexion"),
    ];
    let scene = Scene::of("silent", TODAY);
    let folder = scene.path("../..");
    for (args, reason) in absent {
        let words = ["run", "--allow-private", "--timeout", "1", "--today", "2026-11-22", "--format", "json"];
        let ran = ran(&mut program(&folder), words.iter().chain(args));
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(reason), "{args:?}: {}", ran.err);
        assert!(!scene.path("record.toml").exists(), "{args:?}");
    }
}

/// Loopback is somebody else's neighbourhood: it is not visited unless that is asked for.
#[test]
fn a_private_address_is_not_visited_and_not_accused() {
    let scene = Scene::of("silent", TODAY);
    let mut command = program(&scene.path("../.."));
    let hoster = scene.read("hoster.toml").replace("https://www.muet.example/", "https://127.0.0.1/").replace("pads.muet.example", "[::1]");
    scene.write("hoster.toml", &hoster);
    let ran = ran(&mut command, ["run", "--today", "2026-11-22", "--timeout", "1"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("n'est pas publique (voir --allow-private)"), "{}", ran.err);
    assert_eq!(scene.stage.requests(), [""; 0]);
}

/// Answers that say nothing about the page: a breakdown, a refusal, too many questions, an anti-robot page.
#[test]
fn an_answer_that_tells_nothing_is_no_verdict() {
    let challenge = "<title>Just a moment...</title><script src=\"/cdn-cgi/challenge-platform/x.js\"></script>";
    for (status, body, reason) in [
        (500, "", "répond par l'erreur 500"),
        (403, "", "répond par l'erreur 403"),
        (404, "", "répond par l'erreur 404"),
        (429, "", "trop de pages lui sont demandées à la fois (erreur 429)"),
        (200, challenge, "répond par une page anti-robot"),
        (200, "<div id=app></div><script src=/app.js></script>", "n'affiche rien sans JavaScript"),
    ] {
        let host = |name: &str| {
            format!("[[host]]\nname = '{name}.muet.example'\n[[host.route]]\npath = '/'\nstatus = {status}\nbody = '''{body}'''\n")
        };
        let hoster = include_str!("../hosters/silent/hoster.toml");
        let scene = Scene::new(hoster, &(host("www") + &host("pads")), TODAY);
        // Their certificates are seen, so that there is a record; of their pages it says nothing.
        let ran = scene.run(&["--dry-run", "--format", "json"]);
        if status == 429 {
            // It asks for nothing but peace: nothing was seen, and nothing is recorded.
            assert!(ran.code == 3 && ran.err.contains(reason), "{}{}", ran.out, ran.err);
            continue;
        }
        let counts = counts(&ran);
        // A page that shows nothing without a program answers all the same.
        let reachable = if reason.contains("JavaScript") { 2 } else { 0 };
        assert_eq!((counts["met"], counts["unmet"]), (reachable, 0), "{status} {reason}: {counts:?}");
        assert!(counts["unseen"] >= 10 && ran.out.contains(reason), "{status} {reason}: {counts:?} {}", ran.out);
    }
}

/// One mute service among others that answer: it is unseen, they are judged.
#[test]
fn one_silent_service_does_not_hide_the_others() {
    let sites = sites_with_a_silent_one();
    let scene = Scene::new(DEMO, &sites, TODAY);
    let ran = scene.run(&["--timeout", "1"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let record: Table = scene.read("record.toml").parse().unwrap();
    for entry in record["standing"].as_array().unwrap().iter().filter(|entry| entry["subject"].as_str() == Some("chat")) {
        let standing = entry["standing"].as_str().unwrap();
        assert!(matches!(standing, "unseen" | "pending"), "{} {standing}", entry["criterion"]);
    }
    let pads = |entry: &&toml::Value| entry["subject"].as_str() == Some("pads") && entry["standing"].as_str() == Some("unmet");
    assert_eq!(record["standing"].as_array().unwrap().iter().filter(pads).count(), 2, "the font of pads is still seen");
}

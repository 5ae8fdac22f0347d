//! What a run owes to those whom it visits: to say before what it would ask and after what it cost, and to look twice before it accuses.

use chatons_audit::{Sites, Stage};

use crate::small::{SITES, TODAY, scene};
use crate::stage::Scene;

#[test]
fn the_plan_is_told_and_nothing_is_asked() {
    let scene = scene();
    let ran = scene.run(&["--plan", "--lang", "en"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.starts_with("Hosters: 1. Hosts: 2. First visits: "), "{}", ran.out);
    assert!(ran.out.contains("  pad.petit.example\n") && ran.out.contains("  www.petit.example\n"), "{}", ran.out);
    assert_eq!(scene.stage.requests(), [""; 0]);
    assert!(!scene.path("record.toml").exists());
    let first: usize = ran.out.split("First visits: ").nth(1).unwrap().split('.').next().unwrap().parse().unwrap();
    let listed: usize = ran.out.lines().skip(1).map(|line| line.trim().split(' ').next().unwrap().parse::<usize>().unwrap()).sum();
    assert!(first > 2 && first == listed, "{}", ran.out);
    assert_eq!(scene.run(&["--plan", "--offline"]).code, 2);
}

#[test]
fn the_cost_is_told() {
    let scene = scene();
    let ran = scene.run(&["--lang", "en", "-v"]);
    let asked: usize = ran.err.split("Cost: ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(asked >= scene.stage.requests().len(), "handshakes count too: {}", ran.err);
    let chain: usize = ran.err.split("longest chain: ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!((2..10).contains(&chain), "{}", ran.err);
}

/// The same hoster, on a web where plain HTTP of its service is not redirected any more.
fn reopen(scene: &mut Scene) {
    let sites = SITES.replace("name = 'pad.petit.example'", "name = 'pad.petit.example'\nplain-http = 'open'");
    assert_ne!(sites, SITES);
    scene.stage = Stage::open(Sites::parse(&sites).unwrap(), TODAY).unwrap();
    std::fs::write(scene.path("../../ca.pem"), scene.stage.ca_pem()).unwrap();
}

#[test]
fn what_gets_worse_for_good_is_recorded_after_a_second_look() {
    let mut scene = scene();
    scene.run(&[]);
    let before = scene.read("record.toml");
    reopen(&mut scene);
    let ran = scene.run(&["--lang", "en"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(scene.read("record.toml").contains("not-redirected") && !before.contains("not-redirected"));
    let twice = scene.stage.requests().iter().filter(|url| *url == "http://pad.petit.example/").count();
    assert_eq!(twice, 2, "seen twice: {:?}", scene.stage.requests());
    // What has been known for long is not looked at twice.
    reopen(&mut scene);
    scene.run(&[]);
    let once = scene.stage.requests().iter().filter(|url| *url == "http://pad.petit.example/").count();
    assert_eq!(once, 1);
}

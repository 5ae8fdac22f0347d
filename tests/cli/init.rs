//! `init`: what is proposed from a site, and what is never touched.

use std::fs;

use chatons_audit::{Day, SITES};
use toml::Table;

use crate::program::{Ran, program, ran};
use crate::stage::{ID, Scene};

const TODAY: Day = Day::new(2026, 11, 22);
const CHAT: &str = "https://www.chatperche.example/";

/// The web of some sites, where nobody has described the hoster yet.
fn stranger(sites: &str) -> Scene {
    let scene = Scene::new("", sites, TODAY);
    fs::remove_dir_all(scene.path("")).unwrap();
    scene
}

fn init(scene: &Scene, args: &[&str]) -> Ran {
    let folder = scene.path("").join("../..");
    ran(
        &mut program(&folder.canonicalize().unwrap_or_else(|_| scene.path("").ancestors().nth(2).unwrap().to_owned())),
        scene.words("init", args),
    )
}

#[test]
fn the_demo_hoster_is_described_from_its_site_and_audited() {
    let scene = stranger(SITES);
    let done = init(&scene, &[ID, "--website", CHAT]);
    assert_eq!((done.code, done.out.as_str()), (0, ""), "{}", done.err);
    assert!(done.err.contains(&format!("chatons-audit run {ID}")), "{}", done.err);
    let text = scene.read("hoster.toml");
    if let Ok(file) = std::env::var("SHOW_PROPOSAL") {
        fs::write(file, &text).unwrap();
    }
    let proposed: Table = text.parse().unwrap();
    let known: Table = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/demo/hoster.toml")).unwrap().parse().unwrap();
    for key in ["name", "website", "legal-form", "country", "edition", "software"] {
        assert_eq!(proposed[key], known[key], "{key} in\n{text}");
    }
    let services = |table: &Table| -> Vec<[String; 3]> {
        let all = table["service"].as_array().unwrap().iter();
        let mut all: Vec<_> = all.map(|one| ["id", "url", "software"].map(|key| one[key].as_str().unwrap().to_owned())).collect();
        all.sort();
        all
    };
    assert_eq!(services(&proposed), services(&known), "{text}");
    for said in ["association loi 1901", "Octets Voisins", "# terms = \"https://www.chatperche.example/cgu\""] {
        assert!(text.contains(said), "{said} in\n{text}");
    }
    assert!(text.find("name = \"Pads\"").is_some(), "{text}");
    let audited = scene.run(&[ID]);
    assert_eq!(audited.code, 1, "{}", audited.err);
    assert!(!init(&scene, &[ID, "--website", CHAT]).err.is_empty());
    assert_eq!(scene.read("hoster.toml"), text);
}

#[test]
fn nothing_is_overwritten() {
    let scene = Scene::new("mine = 1", SITES, TODAY);
    let done = init(&scene, &[ID, "--website", CHAT, "--lang", "fr"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("n'écrase rien") && done.err.contains("hoster.toml"), "{}", done.err);
    assert_eq!(scene.read("hoster.toml"), "mine = 1");
    assert_eq!(scene.stage.requests(), [""; 0], "it is told before anything is asked");
}

#[test]
fn a_site_that_does_not_answer_leaves_nothing() {
    let scene = stranger(SITES);
    let done = init(&scene, &[ID, "--website", "https://nobody.example/"]);
    assert_eq!(done.code, 3, "{}", done.err);
    assert!(!scene.path("").exists());
    let bad = init(&scene, &["../etc", "--website", CHAT]);
    assert_eq!(bad.code, 2);
    let bad = init(&scene, &[ID, "--website", "ftp://a.example/"]);
    assert_eq!(bad.code, 2);
}

#[test]
fn a_form_without_looking_and_a_look_without_writing() {
    let scene = stranger(SITES);
    let shown = init(&scene, &[ID, "--website", "chatperche.example", "--offline", "--dry-run"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    let table: Table = shown.out.parse().unwrap();
    assert_eq!(table["website"].as_str(), Some("https://chatperche.example/"));
    assert!(!scene.path("").exists());
    assert_eq!(scene.stage.requests(), [""; 0]);
    assert_eq!(init(&scene, &[ID, "--website", CHAT, "--offline"]).code, 0);
    assert!(scene.path("hoster.toml").exists());
}

//! Law 2: the same facts give the same record.

use std::fs;

use chatons_audit::SITES;

use crate::program::{program, ran};
use crate::stage::Scene;
use crate::{DEMO, TODAY};

#[test]
fn two_runs_give_the_same_bytes() {
    let (one, other) = (Scene::new(DEMO, SITES, TODAY), Scene::new(DEMO, SITES, TODAY));
    assert_ne!(one.stage.address().port(), other.stage.address().port(), "what is volatile differs");
    for scene in [&one, &other, &one] {
        assert_eq!(scene.run(&[]).code, 1);
    }
    for file in ["record.toml", "report.md", "documents/terms.md", "documents/privacy.md"] {
        assert_eq!(one.read(file), other.read(file), "{file}");
        assert!(!one.read(file).contains(&one.stage.address().port().to_string()), "{file} keeps what is volatile");
    }
}

#[test]
fn two_demos_give_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let demo = |into: &str| {
        let ran = ran(&mut program(folder.path()), ["demo", "--today", "2026-11-22", "--into", into]);
        assert_eq!(ran.code, 1, "{}", ran.err);
        let read = |file: &str| fs::read_to_string(folder.path().join(into).join("chat-perche").join(file)).unwrap();
        assert!(ran.err.contains("record.toml") && ran.err.contains("report.md"), "it says where it wrote: {}", ran.err);
        (ran.out, read("record.toml"), read("report.md"), read("documents/terms.md"))
    };
    assert_eq!(demo("one"), demo("two"));
}

#[test]
fn on_another_day_only_the_date_changes() {
    let scene = Scene::of("exemplary", TODAY);
    let on = |day: &str| {
        let ran = scene.run(&["--today", day]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        (scene.read("record.toml"), scene.read("report.md"))
    };
    let (first, second) = (on("2026-11-22"), on("2026-11-25"));
    let changed = |a: &str, b: &str| {
        assert_eq!(a.lines().count(), b.lines().count());
        a.lines().zip(b.lines()).filter(|(a, b)| a != b).map(|(_, b)| b.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(changed(&first.0, &second.0), ["date = 2026-11-25"]);
    assert_eq!(changed(&first.1, &second.1).len(), 1, "one line of the report");
}

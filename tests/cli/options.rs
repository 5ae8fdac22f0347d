//! The options of `run`: each does what it says, and nothing else.

use crate::program::{program, ran};
use crate::small::{json, scene, standings};

#[test]
fn only_keeps_the_criteria_named() {
    let scene = scene();
    let (_, record) = json(&scene, &["--only", "R18,R1"]);
    assert_eq!(standings(&record), ["R1 hoster met", "R1 pad met", "R18 hoster unmet"]);
    let (_, twice) = json(&scene, &["--only", "R18", "--only", "R1"]);
    assert_eq!(twice, record);
}

#[test]
fn service_keeps_the_subjects_named() {
    let scene = scene();
    let (_, record) = json(&scene, &["--only", "R1", "--service", "pad"]);
    assert_eq!(standings(&record), ["R1 pad met"]);
    assert!(scene.stage.requests().iter().all(|url| url.contains("//pad.")), "{:?}", scene.stage.requests());
    let (_, record) = json(&scene, &["--only", "R1", "--service", "hoster"]);
    assert_eq!(standings(&record), ["R1 hoster met"]);
}

#[test]
fn families_keep_their_letters() {
    let scene = scene();
    for (families, letters) in [("law", "L"), ("checklist", "R"), ("charter", "CHATONS"), ("law,checklist", "RL")] {
        let (_, record) = json(&scene, &["--families", families, "--service", "hoster"]);
        let met: String = standings(&record).iter().map(|step| step.chars().next().unwrap()).collect();
        assert!(letters.chars().all(|letter| met.contains(letter)), "{families}: {met}");
        assert!(met.chars().all(|letter| letters.contains(letter)), "{families}: {met}");
    }
}

#[test]
fn edition_replaces_that_of_the_hoster() {
    let scene = scene();
    let (_, first) = json(&scene, &["--edition", "2016", "--dry-run"]);
    assert_eq!(first["edition"].as_str(), Some("2016"));
    assert!(!standings(&first).iter().any(|step| step.starts_with("T13 ")));
    let (_, later) = json(&scene, &["--dry-run"]);
    assert!(standings(&later).iter().any(|step| step.starts_with("T13 ")));
}

#[test]
fn dry_and_partial_runs_write_nothing() {
    let scene = scene();
    for args in [&["--dry-run"][..], &["--only", "R1"], &["--service", "pad"], &["--families", "law"]] {
        let ran = scene.run(args);
        assert!(matches!(ran.code, 0 | 1) && !ran.out.is_empty(), "{args:?}: {}", ran.err);
        let files: Vec<_> = std::fs::read_dir(scene.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(files, ["hoster.toml"], "{args:?}");
        assert_eq!(ran.err.contains("Audit partiel"), args[0] != "--dry-run", "{args:?}: {}", ran.err);
    }
}

#[test]
fn a_whole_run_says_what_it_wrote() {
    let scene = scene();
    let ran = scene.run(&[]);
    assert!(ran.err.contains("record.toml") && ran.err.contains("report.md"), "{}", ran.err);
    assert_eq!(scene.run(&["--quiet"]).err, "");
    assert!(scene.run(&["--verbose"]).err.contains("requêtes"));
}

#[test]
fn output_goes_to_a_file_in_each_form() {
    let scene = scene();
    for form in ["table", "markdown", "json"] {
        let file = scene.path(&format!("../../{form}.txt"));
        let shown = scene.run(&["--only", "R18", "--format", form]);
        let ran = scene.run(&["--only", "R18", "--format", form, "--color", "always", "--output", &file.display().to_string()]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""));
        assert_eq!(std::fs::read_to_string(file).unwrap(), shown.out, "{form}: without colours");
    }
}

#[test]
fn output_that_cannot_be_written_is_three() {
    let scene = scene();
    let ran = scene.run(&["--only", "R1", "--output", "/dev/full"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("le disque est plein"), "{}", ran.err);
}

/// `chatons-audit run > file` on a full disk.
#[test]
fn a_full_standard_output_is_three() {
    let scene = scene();
    let mut command = assert_cmd::Command::new("sh");
    command.env_clear().current_dir(scene.path("../..")).args(["-c", r#"exec "$0" "$@" > /dev/full"#, env!("CARGO_BIN_EXE_chatons-audit")]);
    assert_eq!(ran(&mut command, scene.words("run", &["--only", "R1"])).code, 3);
}

/// `chatons-audit run | head -1`: the reader has seen enough.
#[test]
fn a_closed_pipe_is_no_failure() {
    let scene = scene();
    let mut command = assert_cmd::Command::new("sh");
    let piped = r#"{ "$0" "$@"; echo $? >&2; } | head -c 1"#;
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).current_dir(scene.path("../.."));
    command.args(["-c", piped, env!("CARGO_BIN_EXE_chatons-audit")]);
    let ran = ran(&mut command, ["criteria", "list"]);
    assert_eq!((ran.err.trim(), ran.code), ("0", 0));
}

#[test]
fn colours_are_for_terminals_and_on_request() {
    let scene = scene();
    let escape = |args: &[&str]| scene.run(&[&["--only", "R18"], args].concat()).out.contains('\u{1b}');
    assert!(!escape(&[]) && !escape(&["--color", "never"]) && escape(&["--color", "always"]));
}

#[test]
fn the_syntax_of_curl_is_checked_in_both_languages() {
    let scene = scene();
    for (option, value, french, english) in [
        ("--connect-to", "a:b", "il faut hôte1:port1:hôte2:port2", "expected host1:port1:host2:port2"),
        ("--connect-to", "a:x:b:1", "« x » n'est pas un port", "not a port"),
        ("--connect-to", "::b:0", "« 0 » n'est pas un port", "not a port"),
        ("--resolve", "a:443", "il faut hôte:port:adresse", "expected host:port:address"),
        ("--resolve", "a:443:300.0.0.1", "« 300.0.0.1 » n'est pas une adresse IP", "not an IP address"),
        ("--resolve", "a:443:", "n'est pas une adresse IP", "not an IP address"),
        ("--resolve", "*:70000:1.2.3.4", "« 70000 » n'est pas un port", "not a port"),
    ] {
        for (lang, words) in [("fr", french), ("en", english)] {
            let ran = ran(&mut program(&scene.path("../..")), ["run", option, value, "--lang", lang]);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{option} {value}");
            assert!(ran.err.contains(words), "{option} {value} {lang}: {}", ran.err);
        }
    }
}

/// The first rule that fits wins, as in curl: this web is not where everything goes.
#[test]
fn one_host_may_be_elsewhere() {
    let scene = scene();
    let ran = scene.run(&["--only", "R1", "--service", "pad"]);
    assert_eq!(ran.code, 0);
    let words = scene.words("run", &["--only", "R1", "--format", "json"]);
    let args = [&["run".to_owned(), "--connect-to".to_owned(), "pad.petit.example::127.0.0.1:9".to_owned()], &words[1..]].concat();
    let ran = crate::program::ran(&mut program(&scene.path("../..")), args);
    let record: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(standings(&record), ["R1 hoster met", "R1 pad unseen"]);
    assert!(ran.out.contains("\"code\": \"refused\""), "{}", ran.out);
}

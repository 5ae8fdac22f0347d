//! What the program ends with: 0 nothing unmet, 1 gaps, 2 wrong usage or a faulty file, 3 not audited.

use crate::program::{program, ran};
use crate::small::{bare, folder, json, scene, standings};

const ENCOURAGED: &str = "[[answer]]\ncriterion = 'N5'\noutcome = 'unmet'\nby = 'A'\non = 2026-11-22\n";

#[test]
fn nothing_unmet_is_zero() {
    let scene = scene();
    let (code, record) = json(&scene, &["--only", "R1,A3"]);
    assert_eq!((code, standings(&record)[3].as_str()), (0, "R1 pad met"));
}

#[test]
fn a_gap_is_one_unless_told_otherwise() {
    let scene = scene();
    assert_eq!(scene.run(&["--only", "R18"]).code, 1);
    assert_eq!(scene.run(&["--only", "R18", "--fail-on", "required"]).code, 1);
    assert_eq!(scene.run(&["--only", "R18", "--fail-on", "never"]).code, 0);
}

#[test]
fn what_is_only_encouraged_is_a_gap_on_request() {
    let scene = scene();
    scene.write("answers.toml", ENCOURAGED);
    let args = ["--only", "N5", "--offline"];
    assert_eq!(scene.run(&args).code, 0);
    assert_eq!(scene.run(&[&args[..], &["--fail-on", "encouraged"]].concat()).code, 1);
}

/// What is worse than in the last commit is told by `tests/git`.
#[test]
fn without_git_nothing_is_a_regression() {
    let scene = scene();
    for _ in 0..2 {
        let ran = scene.run(&["--fail-on", "regression"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.err.contains("hoster"), "it says that there is nothing to compare with: {}", ran.err);
    }
}

#[test]
fn wrong_usage_is_two() {
    let scene = scene();
    for (args, words) in [
        (&["run", "nobody"][..], "cet audit n'existe pas"),
        (&["run", "../hoster"], "« ../hoster » n'est pas un nom d'audit"),
        (&["run", "--audits", "nowhere"], "ce dossier n'existe pas"),
        (&["run", "--criteria", "nowhere"], "ce dossier de critères n'existe pas"),
        (&["run", "--only", "T99"], "le critère T99 n'existe pas"),
        (&["run", "--service", "chat"], "aucun hoster.toml n'a de service « chat »"),
        (&["run", "--edition", "1999"], "l'édition « 1999 » n'existe pas"),
        (&["run", "--only", "R1", "--families", "law"], "il n'y a rien à juger avec ces options"),
        (&["run", "--ca-file", "nowhere.pem"], "nowhere.pem"),
        (&["run", "--today", "2026-02-30"], "une date comme 2026-11-22 est attendue"),
        (&["explain", "T99"], "le critère T99 n'existe pas"),
    ] {
        let ran = ran(&mut program(&scene.path("../..")), args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{args:?}: {}", ran.err);
    }
    assert_eq!(scene.stage.requests(), [""; 0]);
}

#[test]
fn an_empty_folder_of_audits_is_two() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("audits")).unwrap();
    let ran = ran(&mut program(folder.path()), ["run"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("aucun audit dans ce dossier"), "{}", ran.err);
}

#[test]
fn no_command_is_two_and_tells_the_commands() {
    let ran = bare(&[]);
    assert_eq!(ran.code, 2);
    assert!((ran.out + &ran.err).contains("Observer, juger"));
}

#[test]
fn what_could_not_be_audited_is_three() {
    let scene = scene();
    let ran = scene.run(&["--offline"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{}", ran.err);
    assert!(ran.err.contains("rien n'a pu être observé"), "{}", ran.err);
    assert!(!scene.path("record.toml").exists());
    for command in [&["report", "hoster"][..], &["explain", "T8", "hoster"]] {
        let ran = crate::program::ran(&mut program(&scene.path("../..")), command);
        assert_eq!(ran.code, 3, "{command:?}");
        assert!(ran.err.contains("aucun relevé pour hoster"), "{}", ran.err);
    }
}

/// The outcome of one hoster does not hide that another could not be audited.
#[test]
fn one_hoster_of_two_that_is_silent_is_three() {
    let scene = scene();
    let other = scene.path("../silent");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("hoster.toml"), crate::small::HOSTER.replace("petit.example", "absent.invalid")).unwrap();
    let absent = |host: &str| ["--connect-to".to_owned(), format!("{host}.absent.invalid::127.0.0.1:9")];
    let words = scene.words("run", &["--only", "R1"]);
    let ran = ran(&mut program(&scene.path("../..")), [&["run".to_owned()], &absent("www")[..], &absent("pad"), &words[1..]].concat());
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.out.contains("Petit Chat") && ran.err.contains("refuse la connexion"), "{}{}", ran.out, ran.err);
}

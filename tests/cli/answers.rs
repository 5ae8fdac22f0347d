//! What people wrote in answers.toml, to the day: nothing that lapses is dropped in silence.

use std::path::Path;

use crate::program::{program, ran};
use crate::small::{HOSTER, SITES, TODAY, json, remarks, scene, standings};
use crate::stage::Scene;

fn with(answers: &str) -> Scene {
    let scene = scene();
    scene.write("answers.toml", answers);
    scene
}

/// The standing and the remarks of R18, unmet for who has no legal notice, on a day.
fn notice(scene: &Scene, day: &str) -> (i32, String, Vec<String>) {
    let (code, record) = json(scene, &["--only", "R18", "--today", day]);
    (code, standings(&record).concat(), remarks(&record))
}

const WAIVER: &str = "[[waiver]]\ncriterion = 'R18'\nreason = 'en travaux'\ngranted-by = 'AG'\non = 2026-11-20\nuntil = 2026-11-22\n";

#[test]
fn a_waiver_holds_from_its_first_to_its_last_day() {
    let scene = with(WAIVER);
    let (gap, waived) = ("R18 hoster unmet".to_owned(), "R18 hoster waived".to_owned());
    assert_eq!(notice(&scene, "2026-11-19"), (1, gap.clone(), vec!["waiver-not-yet R18".into()]));
    assert_eq!(notice(&scene, "2026-11-20"), (0, waived.clone(), vec![]));
    assert_eq!(notice(&scene, "2026-11-22"), (0, waived, vec![]));
    assert_eq!(notice(&scene, "2026-11-23"), (1, gap, vec!["waiver-lapsed R18".into()]));
}

#[test]
fn a_waiver_is_counted_apart_and_says_who_granted_it() {
    let scene = with(WAIVER);
    let (_, record) = json(&scene, &["--only", "R18"]);
    assert_eq!((record["counts"]["waived"].as_u64(), record["counts"]["met"].as_u64()), (Some(1), Some(0)));
    let waiver = &record["standing"][0]["waiver"];
    assert_eq!((waiver["granted-by"].as_str(), waiver["until"].as_str()), (Some("AG"), Some("2026-11-22")));
    let table = scene.run(&["--only", "R18"]);
    assert!(table.out.contains("en travaux"), "{}", table.out);
}

#[test]
fn a_waiver_that_excuses_nothing_is_told() {
    let scene = with(&WAIVER.replace("R18", "R1"));
    let (code, record) = json(&scene, &["--only", "R1"]);
    assert_eq!((code, remarks(&record)), (0, vec!["waiver-unused R1".into()]));
    assert_eq!(standings(&record), ["R1 hoster met", "R1 pad met"]);
    let table = scene.run(&["--only", "R1"]);
    assert!(table.out.contains("dérogation sans emploi"), "{}", table.out);
}

/// A service known by its header to run a program that is not free.
fn confluence(waiver: &str) -> Scene {
    let sites = SITES
        .replace("name = 'pad.petit.example'\n", "name = 'pad.petit.example'\nheaders = { x-confluence-request-time = '1732272000000' }\n");
    let scene = Scene::new(HOSTER, &sites, TODAY);
    scene.write("answers.toml", waiver);
    scene
}

#[test]
fn a_proprietary_service_is_waived_on_its_condition_and_only_until_its_day() {
    let waiver = "[[waiver]]\ncriterion = 'O1'\nservice = 'pad'\nexception = 'anti-spam'\ngranted-by = 'le collectif'\non = 2026-11-01\nuntil = 2026-11-30\n";
    let scene = confluence(waiver);
    let on = |day: &str| json(&scene, &["--only", "O1", "--service", "pad", "--today", day]);
    let (code, record) = on("2026-11-30");
    assert_eq!((code, standings(&record)), (0, vec!["O1 pad waived".into()]));
    let because = record["standing"][0]["waiver"]["because"]["fr"].as_str().unwrap();
    assert!(because.contains("anti-spam") && because.contains(" ; à vérifier : "), "{because}");
    assert_eq!(record["standing"][0]["finding"][0]["code"], "proprietary");
    let (code, record) = on("2026-12-01");
    assert_eq!((code, standings(&record), remarks(&record)), (1, vec!["O1 pad unmet".into()], vec!["waiver-lapsed O1".into()]));
}

#[test]
fn an_accepted_exception_is_named() {
    let scene = with(&WAIVER.replace("reason = 'en travaux'", "exception = 'anti-spam'"));
    let (_, record) = json(&scene, &["--only", "R18"]);
    let because = record["standing"][0]["waiver"]["because"].as_object().unwrap();
    assert!(because["fr"].as_str().unwrap().contains("anti-spam") && because["en"].as_str().unwrap().contains("anti-spam"));
}

fn answer(more: &str) -> String {
    format!("[[answer]]\ncriterion = 'T8'\noutcome = 'not-applicable'\nby = 'Ada'\non = 2025-11-25\n{more}")
}

/// `renew` of T8 is a year: from 2025-11-25 to 2026-11-25, that day included.
#[test]
fn an_answer_holds_to_its_last_day() {
    let scene = with(&answer("").replace("not-applicable", "unmet"));
    let on = |day: &str| {
        let (_, record) = json(&scene, &["--only", "T8", "--today", day]);
        (record["standing"][0]["by"].as_str().unwrap().to_owned(), remarks(&record))
    };
    assert_eq!(on("2026-11-25"), ("answer".into(), vec![]));
    assert_eq!(on("2026-11-26"), ("check".into(), vec!["answer-lapsed T8".into()]));
    scene.write("answers.toml", &answer("").replace("2025-11-25", "2026-11-25"));
    assert_eq!(on("2026-11-24"), ("check".into(), vec!["answer-not-yet T8".into()]));
}

#[test]
fn an_answer_may_say_its_own_last_day() {
    let scene = with(&answer("until = 2026-11-12\n").replace("not-applicable", "unmet"));
    let (_, record) = json(&scene, &["--only", "T8", "--today", "2026-11-12"]);
    assert_eq!(record["standing"][0]["answer"]["until"].as_str(), Some("2026-11-12"));
    let (_, record) = json(&scene, &["--only", "T8", "--today", "2026-11-13"]);
    assert_eq!(remarks(&record), ["answer-lapsed T8"]);
}

/// The newest answer counts; one that names the service goes before one for all.
#[test]
fn a_newer_word_replaces_an_older_one() {
    let one =
        |outcome: &str, on: &str, more: &str| format!("[[answer]]\ncriterion = 'O4'\noutcome = '{outcome}'\nby = 'A'\non = {on}\n{more}");
    let scene = with(&(one("met", "2026-11-21", "") + &one("unmet", "2026-11-20", "")));
    let judged = |scene: &Scene| json(scene, &["--only", "O4", "--offline"]).1;
    assert_eq!(standings(&judged(&scene)), ["O4 pad met"]);
    scene.write("answers.toml", &(one("met", "2026-11-21", "") + &one("unmet", "2026-11-20", "service = 'pad'\n")));
    assert_eq!(standings(&judged(&scene)), ["O4 pad unmet"]);
    assert_eq!(remarks(&judged(&scene)), [""; 0]);
}

/// Rules where T8 has changed its meaning since it was answered.
#[test]
fn an_answer_to_an_older_revision_is_asked_again() {
    let scene = with(&answer("until = 2027-01-01\n"));
    let rules = scene.path("../../rules");
    crate::rules::copy(&rules);
    crate::rules::change(&rules, "transparents.toml", "id       = \"T8\"", "revision = 1", "revision = 2");
    let rules = rules.display().to_string();
    let judged = |answers: &str| {
        scene.write("answers.toml", answers);
        let (_, record) = json(&scene, &["--only", "T8", "--criteria", &rules]);
        (standings(&record).concat(), remarks(&record))
    };
    assert_eq!(judged(&answer("until = 2027-01-01\n")), ("T8 hoster unmet".into(), vec!["answer-stale T8".into()]));
    assert_eq!(judged(&answer("until = 2027-01-01\nrevision = 2\n")), ("T8 hoster contested".into(), vec![]));
}

/// Without a network, what people said is judged and the rest is unseen.
#[test]
fn offline_the_answers_are_judged() {
    let scene = with(&answer("until = 2027-01-01\n"));
    let (code, record) = json(&scene, &["--offline"]);
    assert_eq!(code, 0);
    assert!(standings(&record).contains(&"T8 hoster not-applicable".to_owned()));
    assert_eq!((record["counts"]["met"].as_u64(), record["counts"]["unmet"].as_u64()), (Some(0), Some(0)));
    assert_eq!(scene.stage.requests(), [""; 0]);
    assert!(record.to_string().contains("not-asked"));
}

/// A run without a network is no news of the web: it does not take the place of a record that saw something.
#[test]
fn offline_nothing_that_was_seen_is_lost() {
    let scene = with(&answer("until = 2027-01-01\n"));
    scene.run(&[]);
    let seen = scene.read("record.toml");
    let ran = scene.run(&["--offline", "--today", "2026-11-23"]);
    assert!(ran.err.contains("reste tel quel"), "{}", ran.err);
    assert_eq!(scene.read("record.toml"), seen);
}

/// What was decided stands beside the gap that it closes.
#[test]
fn an_action_is_shown_with_its_gap() {
    let action =
        "[[action]]\ncriterion = 'R18'\ntodo = 'Écrire les mentions'\nowner = 'Bob'\ndue = 2027-01-15\nissue = 'https://forge.example/1'\n";
    let scene = with(action);
    let ran = scene.run(&["--only", "R18"]);
    let words: Vec<&str> = ran.out.split_whitespace().collect();
    for word in ["Écrire", "mentions", "Bob", "2027-01-15", "https://forge.example/1"] {
        assert!(words.iter().any(|shown| shown.contains(word)), "{word}: {}", ran.out);
    }
}

/// A report of an old record tells what that record holds, not what answers.toml says now.
#[test]
fn a_report_shows_the_record_again() {
    let scene = with(WAIVER);
    let shown = scene.run(&["--format", "markdown"]);
    let desk: &Path = &scene.path("../..");
    let again = |args: &[&str]| ran(&mut program(desk), [&["report", "hoster", "--format", "markdown"], args].concat()).out;
    assert_eq!(again(&[]), shown.out);
    assert_eq!(again(&[]), scene.read("report.md"));
    scene.write("answers.toml", "");
    assert_eq!(again(&[]), shown.out);
}

//! The rules: listed, linted, replaced.

use std::fs;
use std::path::Path;

use crate::program::{Ran, program, ran};
use crate::small::{bare, folder};

/// Copies the shipped rules to a folder of that name.
pub fn copy(to: &Path) {
    fn copy_folder(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy_folder(&entry.path(), &target);
            } else {
                fs::copy(entry.path(), target).unwrap();
            }
        }
    }
    copy_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("criteria"), to);
}

/// Replaces the first `old` after `anchor` in a file of rules; tells where it stands, as `file:line:column`.
pub fn change(rules: &Path, file: &str, anchor: &str, old: &str, new: &str) -> String {
    let path = rules.join(file);
    let text = fs::read_to_string(&path).unwrap();
    let after = text.find(anchor).unwrap_or_else(|| panic!("{anchor} is not in {file}"));
    let at = after + text[after..].find(old).unwrap_or_else(|| panic!("{old} is not in {file}"));
    fs::write(&path, format!("{}{new}{}", &text[..at], &text[at + old.len()..])).unwrap();
    let line_start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    format!("{file}:{}:{}", text[..at].matches('\n').count() + 1, text[line_start..at].chars().count() + 1)
}

fn lint(desk: &Path, lang: &str) -> Ran {
    ran(&mut program(desk), ["criteria", "lint", "--lang", lang])
}

#[test]
fn the_shipped_rules_have_no_fault() {
    for (lang, words) in [("fr", "règles du programme : aucune faute. 86 critères"), ("en", "built-in rules: no fault. 86 criteria")] {
        let ran = bare(&["criteria", "lint", "--lang", lang]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(ran.out.starts_with(words), "{}", ran.out);
        let sources =
            if lang == "fr" { "Sources restant à trouver ou à vérifier : " } else { "Sources still to be found or verified: " };
        assert!(ran.out.lines().nth(1).is_some_and(|line| line.starts_with(sources)), "{}", ran.out);
    }
}

#[test]
fn a_source_shows_what_its_provider_has() {
    let desk = folder();
    let rules = desk.path().join("criteria");
    copy(&rules);
    change(&rules, "lists/providers.toml", "id    = \"hurricane-electric\"", "shows = [\"ns\"]", "shows = [\"mx\"]");
    let ran = lint(desk.path(), "fr");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("« hurricane-electric » : une source ne montre rien, ou une sorte de nom qu'il n'a pas"), "{}", ran.err);
}

/// `./criteria` and `--criteria DIR` are read instead, and mean the same as what is built in.
#[test]
fn a_folder_of_rules_replaces_those_built_in() {
    let desk = folder();
    copy(&desk.path().join("criteria"));
    copy(&desk.path().join("others"));
    change(&desk.path().join("others"), "transparents.toml", "id       = \"T8\"", "revision = 1", "revision = 2");
    let digest = |args: &[&str]| {
        let out = ran(&mut program(desk.path()), [&["criteria", "lint"], args].concat()).out;
        (out.split(" : ").next().unwrap().to_owned(), out.split("empreinte ").nth(1).unwrap().to_owned())
    };
    let built_in = bare(&["criteria", "lint"]).out.split("empreinte ").nth(1).unwrap().to_owned();
    assert_eq!(digest(&[]), ("criteria".into(), built_in.clone()), "comments and order of keys aside, the same");
    let (name, other) = digest(&["--criteria", "others"]);
    assert_eq!(name, "others");
    assert_ne!(other, built_in);
}

/// Five faults in five files: all are told, each where it stands.
#[test]
fn every_fault_of_the_rules_is_told_at_once() {
    let desk = folder();
    let rules = desk.path().join("criteria");
    copy(&rules);
    let places = [
        change(&rules, "collectif.toml", "id       = \"C1\"", "see      =", "voir     ="),
        change(&rules, "alternatifs.toml", "id       = \"A3\"", "no-third-parties", "no-third-partys"),
        change(&rules, "neutres.toml", "id       = \"N8\"", "\"2016\"", "\"1789\""),
        change(&rules, "transparents.toml", "id       = \"T3\"", "\"backups\"", "\"dreams\""),
        change(&rules, "solidaires.toml", "id       = \"S7\"", "\"S7\"", "\"S6\""),
    ];
    let french = [
        "clé inconnue « voir »",
        "valeur inconnue « no-third-partys »",
        "l'édition « 1789 » n'existe pas",
        "ne connaît pas « dreams »",
        "l'id S6 est déjà pris",
    ];
    let english = [
        "unknown key `voir`",
        "unknown value `no-third-partys`",
        "there is no edition `1789`",
        "does not know `dreams`",
        "the id S6 is already taken",
    ];
    for (lang, words) in [("fr", french), ("en", english)] {
        let ran = lint(desk.path(), lang);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
        let lines: Vec<&str> = ran.err.lines().collect();
        for (place, word) in places.iter().zip(words) {
            let told = lines.windows(2).any(|pair| pair[0].contains(word) && pair[1].ends_with(place.as_str()));
            assert!(told, "{word} at {place} is not in\n{}", ran.err);
        }
    }
}

/// A file that cannot be read hides its criteria: nothing is said of those who name them.
#[test]
fn one_fault_has_no_echo_in_other_files() {
    let desk = folder();
    let rules = desk.path().join("criteria");
    copy(&rules);
    let place = change(&rules, "hebergeurs.toml", "id       = \"H1\"", "\"technical\"", "\"tecnical\"");
    let ran = lint(desk.path(), "fr");
    assert!(ran.err.contains(&place), "{place}: {}", ran.err);
    assert_eq!(ran.err.matches("erreur").count(), 1, "{}", ran.err);
}

#[test]
fn each_fault_of_a_criterion_is_known() {
    for (file, anchor, old, new, words) in [
        ("collectif.toml", "id       = \"C2\"", "title.en = \"", "# title.en = \"", "il manque « en »"),
        ("collectif.toml", "id       = \"C2\"", "ask.fr", "# ask.fr", "il manque « fr »"),
        ("collectif.toml", "id       = \"C2\"", "see      = [\"C3\"]", "see      = [\"C9\"]", "le critère C9 n'existe pas"),
        ("collectif.toml", "id       = \"C3\"", "\"C3\"", "\"C4\"", "déjà pris"),
        ("collectif.toml", "id       = \"C3\"", "page = \"contact\"", "page = \"kontakt\"", "ne connaît pas « kontakt »"),
        ("collectif.toml", "id       = \"C3\"", "proves   = \"nothing\"", "", "« proves » va avec « checks »"),
        ("collectif.toml", "id       = \"C3\"", "renew    = \"1 year\"", "renew    = \"soon\"", "soon"),
        ("neutres.toml", "id       = \"N3\"", "min-days = 14", "min-day = 14", "min-day"),
        ("editions.toml", "id       = \"2023\"", "\"2023\"", "\"2016\"", "pris deux fois"),
        ("lists/topics.toml", "id        = \"backups\"", "within    = 200", "within    = \"200\"", "valeur refusée"),
        ("lists/software.toml", "id         = \"etherpad\"", "licence    = \"Apache-2.0\"", "licence    = \"Apache 2\"", "SPDX"),
        ("lists/software.toml", "id         = \"etherpad\"", "(\\d+\\.\\d+\\.\\d+)$", "(\\d+$", "expression régulière"),
        ("lists/exceptions.toml", "id           = \"proxy\"", "\"invidious\"", "\"invidieux\"", "ne connaît pas « invidieux »"),
    ] {
        let desk = folder();
        let rules = desk.path().join("criteria");
        copy(&rules);
        change(&rules, file, anchor, old, new);
        let ran = lint(desk.path(), "fr");
        assert_eq!(ran.code, 2, "{words}: {}", ran.err);
        assert!(ran.err.contains(words) && ran.err.contains(&format!("criteria/{file}:")), "{words}: {}", ran.err);
    }
}

#[test]
fn nobody_is_audited_by_faulty_rules() {
    let scene = crate::small::scene();
    let rules = scene.path("../../criteria");
    copy(&rules);
    change(&rules, "neutres.toml", "id       = \"N3\"", "min-days = 14", "min-day = 14");
    let ran = scene.run(&[]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    assert_eq!(scene.stage.requests(), [""; 0]);
}

#[test]
fn a_file_of_rules_that_is_missing_is_told() {
    let desk = folder();
    copy(&desk.path().join("criteria"));
    fs::remove_file(desk.path().join("criteria/neutres.toml")).unwrap();
    fs::remove_file(desk.path().join("criteria/lists/topics.toml")).unwrap();
    let ran = lint(desk.path(), "fr");
    assert_eq!(ran.code, 2);
    for file in ["neutres.toml", "lists/topics.toml"] {
        assert!(ran.err.contains(&format!("criteria/{file}")), "{file}: {}", ran.err);
    }
}

#[test]
fn the_list_holds_every_criterion() {
    let ran = bare(&["criteria", "list"]);
    assert_eq!(ran.code, 0);
    let ids: Vec<&str> = ran.out.lines().filter_map(|line| line.split_whitespace().next()).collect();
    for id in ["C1", "H4", "A3", "T13", "O1c", "N8", "S7", "R1", "R9f", "R28", "L3"] {
        assert!(ids.iter().any(|found| found.trim_matches(['│', '|']) == id), "{id}: {}", ran.out);
    }
}

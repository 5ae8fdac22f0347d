//! A faulty file: every fault at once, where it stands and what to do, in the language spoken; never a panic.

use crate::program::{Ran, program, ran};
use crate::small::scene;

/// Runs on a hoster with these files; no fault may reach the network.
fn with(hoster: &[u8], answers: &str, args: &[&str]) -> Ran {
    let scene = scene();
    std::fs::write(scene.path("hoster.toml"), hoster).unwrap();
    scene.write("answers.toml", answers);
    let ran = scene.run(args);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    assert_eq!(scene.stage.requests(), [""; 0]);
    assert!(!scene.path("record.toml").exists());
    ran
}

fn tells(ran: &Ran, faults: &[(&str, &str)]) {
    let lines: Vec<&str> = ran.err.lines().collect();
    for (at, what) in faults {
        let told = lines.windows(2).any(|pair| pair[0].contains(what) && pair[1].trim_end().ends_with(at));
        assert!(told, "{what} at {at} is not in\n{}", ran.err);
    }
    let told = lines.iter().filter(|line| line.starts_with("erreur") || line.starts_with("error")).count();
    assert_eq!(told, faults.len(), "{}", ran.err);
}

const FORM: &str = "\
nom = 'A'
website = 'https://a.example/'
edition = '2023'
legal-form = 'asso'
employees = -1
[[service]]
id = 'Pad'
name = 3
url = 'nowhere'
";

const MEANING: &str = "\
name = 'A'
website = 'mailto:a@a.example'
edition = '1999'
[[service]]
id = 'chat'
name = 'Chat'
[[service]]
id = 'chat'
name = 'Chat'
url = 'ftp://a.example/'
[[service]]
id = 'hoster'
name = 'Site'
url = 'https://a.example/'
";

#[test]
fn every_fault_of_form_is_told_in_french() {
    tells(
        &with(FORM.as_bytes(), "", &[]),
        &[
            ("hoster.toml:1:1", "clé inconnue « nom »"),
            ("hoster.toml:4:14", "valeur inconnue « asso »"),
            ("hoster.toml:5:13", "valeur refusée"),
            ("hoster.toml:7:6", "valeur refusée"),
            ("hoster.toml:8:8", "valeur refusée"),
            ("hoster.toml:9:7", "adresse refusée : elle ne commence pas par « https:// »"),
            ("hoster.toml:1:1", "il manque « name »"),
        ],
    );
}

#[test]
fn every_fault_of_form_is_told_in_english() {
    let ran = with(FORM.as_bytes(), "", &["--lang", "en"]);
    tells(
        &ran,
        &[
            ("hoster.toml:1:1", "unknown key `nom`"),
            ("hoster.toml:4:14", "unknown value `asso`"),
            ("hoster.toml:5:13", "refused"),
            ("hoster.toml:7:6", "refused"),
            ("hoster.toml:8:8", "refused"),
            ("hoster.toml:9:7", "refused address: it does not start with `https://`"),
            ("hoster.toml:1:1", "`name` is missing"),
        ],
    );
    assert!(ran.err.contains("Did you mean `association`?") && ran.err.contains("Known names: "), "{}", ran.err);
}

#[test]
fn every_fault_of_meaning_is_told_in_both_languages() {
    let at = ["2:11", "10:7", "3:11", "5:6", "8:6", "12:6"].map(|at| format!("hoster.toml:{at}"));
    let french = [
        "ce n'est pas une adresse de site",
        "ce n'est pas une adresse de site",
        "édition inconnue « 1999 »",
        "le service « chat » n'a pas d'adresse",
        "le nom de service « chat » est déjà pris",
        "le nom de service « hoster » est déjà pris",
    ];
    let english = [
        "this is not the address of a site",
        "this is not the address of a site",
        "unknown edition `1999`",
        "the service `chat` has no address",
        "the service id `chat` is taken",
        "the service id `hoster` is taken",
    ];
    for (lang, words) in [("fr", french), ("en", english)] {
        let faults: Vec<(&str, &str)> = at.iter().map(String::as_str).zip(words).collect();
        tells(&with(MEANING.as_bytes(), "", &["--lang", lang]), &faults);
    }
}

#[test]
fn a_file_that_is_no_toml_is_told() {
    for (hoster, at) in [
        (&b"name = 'A\nwebsite = "[..], "hoster.toml:1:"),
        (b"\xff\xfe", "hoster.toml"),
        (b"", "il manque \u{ab} name \u{bb}"),
        (b"\0\0\0", "hoster.toml:1:1"),
        (b"[[[", "hoster.toml:1:"),
        (b"name = 'A'\nname = 'B'\n", "hoster.toml:2:1"),
        ("é".repeat(100_000).as_bytes(), "hoster.toml:1:"),
        ("[".repeat(100_000).as_bytes(), "hoster.toml:1:"),
    ] {
        let ran = with(hoster, "", &[]);
        assert!(ran.err.contains(at), "{at}: {}", ran.err.chars().take(2000).collect::<String>());
        assert!(ran.err.contains("à faire"), "{}", ran.err.chars().take(2000).collect::<String>());
    }
}

const HOSTER: &str = crate::small::HOSTER;

#[test]
fn every_fault_of_the_answers_is_told() {
    let answers = "\
[[answer]]
criterion = 'T99'
outcome = 'met'
by = 'A'
on = 2026-11-22
[[answer]]
criterion = 'O1'
service = 'chat'
outcome = 'met'
by = 'A'
on = 2026-11-22
[[waiver]]
criterion = 'O1'
exception = 'nope'
granted-by = 'A'
on = 2026-11-22
until = 2027-11-22
[[waiver]]
criterion = 'O1'
granted-by = 'A'
on = 2026-11-22
until = 2027-11-22
[[action]]
criterion = 'Q1'
todo = 'x'
";
    let valid_ids = answers.replace("'Q1'", "'T98'");
    tells(
        &with(HOSTER.as_bytes(), &valid_ids, &[]),
        &[
            ("answers.toml:2:13", "le critère T99 n'existe pas"),
            ("answers.toml:8:11", "hoster.toml n'a pas de service « chat »"),
            ("answers.toml:24:13", "le critère T98 n'existe pas"),
            ("answers.toml:14:13", "l'exception « nope » n'est pas connue"),
            ("answers.toml:19:13", "cette dérogation ne dit pas pourquoi"),
        ],
    );
    tells(&with(HOSTER.as_bytes(), answers, &["--lang", "en"]), &[("answers.toml:24:13", "refused")]);
}

#[test]
fn a_waiver_without_an_end_and_an_hour_for_a_day_are_faults() {
    let waiver = "[[waiver]]\ncriterion = 'O1'\nreason = 'x'\ngranted-by = 'A'\n";
    let endless = format!("{waiver}on = 2026-11-22\n");
    tells(&with(HOSTER.as_bytes(), &endless, &[]), &[("answers.toml:1:1", "il manque « until »")]);
    let hour = format!("{waiver}on = 2026-11-22T10:00:00Z\nuntil = 2027-11-22\n");
    tells(&with(HOSTER.as_bytes(), &hour, &["--lang", "en"]), &[("answers.toml:5:6", "2026-11-22T10:00:00Z")]);
}

/// The faults of several hosters come together.
#[test]
fn the_faults_of_all_hosters_are_told_at_once() {
    let scene = scene();
    scene.write("hoster.toml", "name = 3\n");
    for other in ["autre", "encore"] {
        std::fs::create_dir(scene.path("..").join(other)).unwrap();
        std::fs::write(scene.path("..").join(other).join("hoster.toml"), "name = 'A'\nwebsite = 'https://a.example/'\nedition = '1'\n")
            .unwrap();
    }
    let ran = ran(&mut program(&scene.path("../..")), ["run"]);
    assert_eq!(ran.code, 2);
    for place in ["autre/hoster.toml:3:11", "encore/hoster.toml:3:11", "hoster/hoster.toml:1:8"] {
        assert!(ran.err.contains(place), "{place}: {}", ran.err);
    }
}

/// What stands in a faulty file reaches the terminal as text only.
#[test]
fn a_hostile_file_cannot_speak_to_the_terminal() {
    let ran = with("name = 'A'\n'\u{202e}\u{9b}31m' = 1\nedition = \"\\u001b]0;title\\u0007\"\n".as_bytes(), "", &["--color", "never"]);
    assert!(!ran.err.chars().any(|c| matches!(c, '\u{1b}' | '\u{7}' | '\u{9b}' | '\u{202e}')), "{:?}", ran.err);
}

/// A record that this program cannot read is a fault, not a crash, and is not overwritten by a report.
#[test]
fn a_faulty_record_is_told() {
    let scene = scene();
    scene.write("record.toml", "format = 1\nhoster = 3\n");
    let ran = ran(&mut program(&scene.path("../..")), ["report", "hoster"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("record.toml:2:10"), "{}", ran.err);
    assert_eq!(scene.read("record.toml"), "format = 1\nhoster = 3\n");
}

//! The finder before the sites of `tests/sites/`: what a careful person finds there, and nothing else.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without, it may fail on")]

use std::collections::BTreeSet;
use std::path::Path;

use chatons_audit::trial::{Outcome, Tally, propose_for, try_sites};

fn outcomes(folder: &str) -> Vec<Outcome> {
    try_sites(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites").join(folder)).unwrap()
}

/// Fails with the whole table when an outcome is not as it must be.
fn none_is(outcomes: &[Outcome], what: &str, odd: fn(&Outcome) -> bool) {
    let odd: Vec<String> = outcomes.iter().filter(|outcome| odd(outcome)).map(ToString::to_string).collect();
    assert!(odd.is_empty(), "{what}:\n  {}\n\n{}", odd.join("\n  "), Tally::table(outcomes));
}

fn sites(outcomes: &[Outcome]) -> usize {
    outcomes.iter().map(|outcome| &outcome.site).collect::<BTreeSet<_>>().len()
}

#[test]
fn what_is_there_is_found_and_nothing_else_is_taken_for_it() {
    let outcomes = outcomes("found");
    assert!(sites(&outcomes) >= 40);
    none_is(&outcomes, "said not to be there", Outcome::is_falsely_absent);
    none_is(&outcomes, "the wrong page", Outcome::is_wrong_page);
    none_is(&outcomes, "not found", Outcome::is_missed);
}

#[test]
fn what_only_looks_like_a_document_is_not_found() {
    let outcomes = outcomes("absent");
    assert!(sites(&outcomes) >= 20);
    none_is(&outcomes, "found where there is none", Outcome::is_wrong_page);
    none_is(&outcomes, "not found", Outcome::is_missed);
}

/// `init` on the same sites: what a careful person would put in `hoster.toml`.
#[test]
fn a_hoster_is_described_from_its_site() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites/found");
    let said = [
        ("01-static-footer", "name = \"Les Lilas libres\""),
        ("01-static-footer", "\nlegal-form = \"association\"\n"),
        ("01-static-footer", "\ncountry = \"FR\"\n"),
        ("04-wordpress", "name = \"Framboise\""),
        ("04-wordpress", "\n# privacy = \"https://framboise.example/vos-donnees/\""),
        ("11-german", "\ncountry = \"DE\"\n"),
        ("12-dutch", "\nlegal-form = \"association\"\n"),
        ("24-mastodon", "\nurl = \"https://social.pouet-asso.example/\"\n"),
        ("30-mkdocs-english", "\nedition = \"2023\"\n"),
        ("35-service-footer", "\nname = \"Nuage\"\nurl = \"https://cloud.tuiles.example/\"\n"),
        ("35-service-footer", "\nid = \"visio\"\n"),
    ];
    for (site, line) in said {
        let text = propose_for(&folder.join(format!("{site}.toml"))).unwrap_or_else(|error| panic!("{site}: {error}"));
        assert!(text.contains(line), "{site}: {line} in\n{text}");
    }
    let home = propose_for(&folder.join("36-challenge.toml"));
    assert!(home.is_err() || home.unwrap().contains("[documents]"));
    // A host of documents is no service.
    let tiles = propose_for(&folder.join("35-service-footer.toml")).unwrap();
    assert!(!tiles.contains("url = \"https://doc.tuiles.example/\""), "{tiles}");
    for file in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).step_by(6) {
        if let Ok(text) = propose_for(&file) {
            let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{}: {error}\n{text}", file.display()));
            assert!(!table["name"].as_str().unwrap().is_empty());
        }
    }
}

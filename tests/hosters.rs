//! Every criterion before every hoster of `tests/hosters/`: what changed is one line of its `expected.txt`.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without, it may fail on")]

mod kept;
mod program;
mod stage;

use std::collections::{BTreeMap, BTreeSet};

use chatons_audit::{Day, SITES};
use program::Ran;
use stage::{ID, Scene};
use toml::{Table, Value};

const TODAY: Day = Day::new(2026, 11, 22);

/// A day of the month of its moral report.
const THEN: Day = Day::new(2017, 6, 15);

/// One criterion before one subject, as the record has it.
struct Entry(Table);

impl Entry {
    fn text<'t>(table: &'t Table, key: &str) -> &'t str {
        table[key].as_str().unwrap()
    }

    fn standing(&self) -> &str {
        Self::text(&self.0, "standing")
    }

    fn step(&self) -> String {
        format!("{} {}", Self::text(&self.0, "criterion"), Self::text(&self.0, "subject"))
    }

    /// Each `check.code`, by outcome; a silence is no outcome.
    fn codes(&self, outcome: &str) -> Vec<String> {
        let said = |finding: &&Table| {
            let silent = finding.contains_key("silent");
            outcome == if silent { "silent" } else { Self::text(finding, "outcome") }
        };
        let code = |finding: &Table| format!("{}.{}", Self::text(finding, "check"), Self::text(finding, "code"));
        self.findings().iter().filter(said).map(code).collect()
    }

    fn findings(&self) -> Vec<Table> {
        let findings = self.0.get("finding").and_then(Value::as_array).into_iter().flatten();
        findings.map(|finding| finding.as_table().unwrap().clone()).collect()
    }

    /// `T8 hoster unmet -page-published.not-found`: what supports, `-` refutes, `?` is for a person, `~` is a silence, `=` is
    /// for information.
    fn line(&self) -> String {
        let signs = [("supports", ""), ("refutes", "-"), ("inconclusive", "?"), ("silent", "~"), ("for-information", "=")];
        let told = signs.iter().flat_map(|(outcome, sign)| self.codes(outcome).into_iter().map(move |code| format!(" {sign}{code}")));
        format!("{} {}{}", self.step(), self.standing(), told.collect::<String>())
    }
}

fn entries(scene: &Scene) -> Vec<Entry> {
    let record: Table = scene.read("record.toml").parse().unwrap();
    record["standing"].as_array().unwrap().iter().map(|entry| Entry(entry.as_table().unwrap().clone())).collect()
}

/// Audits a hoster of `tests/hosters/` and compares the whole outcome with what is kept.
fn audited(name: &str, today: Day) -> (Ran, Vec<Entry>) {
    let scene = Scene::of(name, today);
    let ran = scene.run(&[]);
    let entries = entries(&scene);
    let lines: String = entries.iter().map(|entry| entry.line() + "\n").collect();
    kept::compare(&format!("hosters/{name}/expected.txt"), &lines);
    (ran, entries)
}

fn with<'e>(entries: &'e [Entry], standing: &'e str) -> impl Iterator<Item = &'e Entry> {
    entries.iter().filter(move |entry| entry.standing() == standing)
}

fn steps<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Vec<String> {
    entries.into_iter().map(Entry::step).collect()
}

#[test]
fn nothing_is_held_against_the_exemplary_hoster() {
    let (ran, entries) = audited("exemplary", TODAY);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let odd = entries.iter().filter(|entry| !matches!(entry.standing(), "met" | "not-applicable"));
    assert_eq!(steps(odd), [""; 0]);
    assert_eq!(steps(with(&entries, "not-applicable")), ["O1c hoster", "S6 hoster"]);
    assert!(entries.len() >= 80 + 12, "{} standings", entries.len());
}

/// What a page shows, without its tags and its blanks.
fn visible(html: &str) -> String {
    let mut inside = false;
    let shown = html.chars().filter(|c| {
        inside |= *c == '<';
        let shown = !inside && !c.is_whitespace();
        inside &= *c != '>';
        shown
    });
    shown.collect::<String>().replace("&amp;", "&")
}

#[test]
fn every_excerpt_of_a_clause_stands_in_a_page() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosters");
    let mut quoted = 0;
    for (name, today) in [("exemplary", TODAY), ("commercial", TODAY), ("picasoft-2017", THEN)] {
        let (_, entries) = audited(name, today);
        let web = visible(&std::fs::read_to_string(root.join(name).join("sites.toml")).unwrap());
        for finding in entries.iter().flat_map(Entry::findings).filter(|finding| Entry::text(finding, "check") == "page-mentions") {
            for evidence in finding.get("evidence").and_then(Value::as_array).into_iter().flatten() {
                let Some(excerpt) = evidence.get("excerpt").and_then(Value::as_str) else { continue };
                assert!(excerpt.chars().count() <= 300, "{excerpt}");
                assert!(web.contains(&excerpt.split_whitespace().collect::<String>()), "{name}: {excerpt}");
                quoted += 1;
            }
        }
    }
    assert!(quoted > 40, "{quoted} excerpts");
}

/// A version may be hidden, and our list knows the dates of a few programs only: no doubt is cast on anybody by that.
fn tells_no_age(code: &str) -> bool {
    code.ends_with("software-current.unknown-version") || code.ends_with("software-current.unknown-dates")
}

/// Its pages say all that the checks look for, in English; only a person reads more.
#[test]
fn every_check_speaks_for_the_exemplary_hoster() {
    let (_, entries) = audited("exemplary", TODAY);
    for entry in &entries {
        let mut against = ["refutes", "inconclusive", "silent"].map(|outcome| entry.codes(outcome)).concat();
        against.retain(|code| !tells_no_age(code));
        assert_eq!(against, [""; 0], "{}", entry.step());
    }
}

/// The clauses of 2023 are not asked of who signed in 2016, and nothing else changes.
#[test]
fn the_exemplary_hoster_keeps_the_first_edition_too() {
    let scene = Scene::of("exemplary", TODAY);
    assert_eq!(scene.run(&[]).code, 0);
    let later = entries(&scene);
    assert_eq!(scene.run(&["--edition", "2016"]).code, 0);
    let first = entries(&scene);
    let new: BTreeSet<String> = later.iter().map(Entry::line).filter(|line| !first.iter().any(|entry| entry.line() == *line)).collect();
    let new: BTreeSet<&str> = new.iter().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(new, BTreeSet::from(["C4", "O1c", "O7", "O8", "O9", "R21", "T13"]));
    assert!(first.iter().all(|entry| matches!(entry.standing(), "met" | "not-applicable")));
}

#[test]
fn many_gaps_are_found_at_the_commercial_hoster() {
    let (ran, entries) = audited("commercial", TODAY);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let gaps = steps(with(&entries, "unmet"));
    assert!(gaps.len() >= 12, "{gaps:?}");
    let criteria: BTreeSet<&str> = gaps.iter().map(|gap| gap.split(' ').next().unwrap()).collect();
    assert_eq!(criteria, BTreeSet::from(["A3", "H4", "L1", "N1", "N3", "O1", "R14", "R16", "R18", "T8"]));
    let reasons: BTreeSet<String> = with(&entries, "unmet").flat_map(|entry| entry.codes("refutes")).collect();
    for reason in [
        "certificate-valid.expired",
        "certificate-valid.self-signed",
        "free-software.proprietary",
        "https-only.not-redirected",
        "no-third-parties.advertising",
        "no-third-parties.big-tech",
        "no-third-parties.tracker",
        "page-published.not-found",
    ] {
        assert!(reasons.contains(reason), "{reason} is not among {reasons:?}");
    }
}

/// What stands behind a certificate that no browser accepts was not read, so nothing is said of it.
#[test]
fn what_a_bad_certificate_hides_is_not_held_against_anybody() {
    let (_, entries) = audited("commercial", TODAY);
    let hidden = |step: &str| entries.iter().find(|entry| entry.step() == step).unwrap();
    for service in ["wiki", "fichiers"] {
        for criterion in ["A3", "H4", "N1", "O1", "R1", "R16", "S3"] {
            let entry = hidden(&format!("{criterion} {service}"));
            assert!(matches!(entry.standing(), "unseen" | "pending"), "{}", entry.line());
            assert_eq!(entry.codes("refutes"), [""; 0], "{}", entry.line());
        }
        assert_eq!(hidden(&format!("N3 {service}")).standing(), "unmet");
    }
}

/// A student association under the first edition: an imaginary reconstruction.
#[test]
fn picasoft_in_2017_had_some_way_to_go() {
    let (ran, entries) = audited("picasoft-2017", THEN);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.contains("Picasoft en 2017 (reconstitution imaginaire)"), "{}", ran.out);
    assert_eq!(steps(with(&entries, "unmet")), ["R18 hoster", "L1 hoster"]);
    let missing = |criterion: &str| entries.iter().find(|entry| entry.step() == format!("{criterion} hoster")).unwrap();
    for criterion in ["T4", "N4", "S5"] {
        assert_eq!(missing(criterion).codes("refutes"), ["page-published.not-found"], "{criterion}");
        assert_eq!(missing(criterion).standing(), "pending", "{criterion}");
    }
    let club: Vec<&Entry> = entries.iter().filter(|entry| entry.step().ends_with(" club")).collect();
    let seen: Vec<String> = club.iter().flat_map(|entry| entry.codes("for-information")).collect();
    assert_eq!(seen, ["no-third-parties.big-tech"; 2], "seen on a customers' site, told apart under H4 and R16");
    let weighed = club.iter().filter(|entry| !entry.codes("for-information").is_empty());
    assert!(weighed.clone().all(|entry| entry.standing() == "not-applicable"), "{:?}", steps(weighed.copied()));
    let customers: Vec<&Entry> = entries.iter().filter(|entry| entry.step().ends_with(" sites")).collect();
    let looked_at =
        customers.iter().flat_map(|entry| entry.findings()).filter(|finding| finding["check"].as_str() != Some("page-mentions"));
    assert_eq!(looked_at.count(), 0, "a hoster does not answer for its customers' sites, only for what it tells of them");
    assert!(steps(customers.into_iter().filter(|entry| entry.standing() == "not-applicable")).contains(&"N3 sites".to_owned()));
}

/// What each fault told on top of `src/demo/sites.toml` makes the checks say.
const FAULTS: &[(u32, &[&str])] = &[
    (1, &["H4 pads no-third-parties.big-tech", "R16 pads no-third-parties.big-tech"]),
    (2, &["N3 chat https-only.not-redirected"]),
    (3, &["O1 chat free-software.proprietary"]),
    (
        4,
        &[
            "A3 nuage no-third-parties.tracker",
            "H4 nuage no-third-parties.tracker",
            "N1 nuage no-third-parties.tracker",
            "R16 nuage no-third-parties.big-tech",
        ],
    ),
    (5, &["L1 hoster page-published.not-found", "R18 hoster page-published.not-found"]),
    // A certificate that still holds is no gap: a person should see whether its renewal works.
    (6, &[]),
];

#[test]
fn the_gaps_of_the_demo_are_its_faults() {
    let told: Vec<u32> = SITES.lines().filter_map(|line| line.strip_prefix("# ")?.split_once(". ")?.0.parse().ok()).take(6).collect();
    assert_eq!(told, FAULTS.iter().map(|(n, _)| *n).collect::<Vec<_>>(), "the faults told on top of sites.toml");
    let scene = Scene::new(include_str!("../src/demo/hoster.toml"), SITES, TODAY);
    let ran = scene.run(&[]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let entries = entries(&scene);

    let expected: BTreeSet<String> = FAULTS.iter().flat_map(|(_, told)| told.iter().map(|told| (*told).to_owned())).collect();
    let refuted = |entry: &Entry| entry.codes("refutes").into_iter().map(|code| format!("{} {code}", entry.step())).collect::<Vec<_>>();
    assert_eq!(entries.iter().flat_map(refuted).collect::<BTreeSet<_>>(), expected);
    assert_eq!(with(&entries, "unmet").flat_map(refuted).collect::<BTreeSet<_>>(), expected, "each of them is a gap");

    let unsure = |entry: &Entry| entry.codes("inconclusive").into_iter().map(|code| format!("{} {code}", entry.step())).collect::<Vec<_>>();
    let soon: Vec<String> = entries.iter().flat_map(unsure).filter(|told| !tells_no_age(told)).collect();
    let doubts =
        ["T2 nuage headers-hardened.sri-missing", "N3 pads certificate-valid.expires-soon", "R3 nuage headers-hardened.sri-missing"];
    assert_eq!(soon, doubts, "the sixth fault, what the fourth brings along, and no other doubt");
    assert_eq!(entries.iter().flat_map(|entry| entry.codes("silent")).collect::<Vec<_>>(), [""; 0]);
}

/// The hoster of the tests is named in its record, whatever its folder is called elsewhere.
#[test]
fn a_record_counts_what_it_holds() {
    let scene = Scene::of("picasoft-2017", THEN);
    scene.run(&[]);
    let record: Table = scene.read("record.toml").parse().unwrap();
    assert_eq!((record["hoster"].as_str(), record["edition"].as_str()), (Some(ID), Some("2016")));
    let mut counts: BTreeMap<String, i64> = record["counts"].as_table().unwrap().keys().map(|key| (key.clone(), 0)).collect();
    assert_eq!(counts.len(), 7, "every kind is counted, zeros included");
    for entry in entries(&scene) {
        *counts.get_mut(entry.standing()).unwrap() += 1;
    }
    let told = record["counts"].as_table().unwrap().iter().map(|(key, n)| (key.clone(), n.as_integer().unwrap())).collect();
    assert_eq!(counts, told);
}

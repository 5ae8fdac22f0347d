//! The finder before the sites of `tests/sites/`: what a careful person finds there, and nothing else.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without, it may fail on")]

use std::collections::BTreeSet;
use std::path::Path;

use chatons_audit::trial::{Outcome, Tally, try_sites};

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

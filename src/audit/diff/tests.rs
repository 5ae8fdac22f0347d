//! One test for each cause, on records made by hand.

use super::*;
use crate::audit::combine::By;
use crate::audit::record::{AnswerKept, Remark, RemarkKind, WaiverKept, count};
use crate::check::{Finding, Outcome};
use crate::criteria::shipped;
use crate::file::Source;
use crate::hoster::{AnswerOutcome, Hoster};
use crate::text::Text;

const THEN: Day = Day::new(2026, 11, 15);
const NOW: Day = Day::new(2026, 11, 22);

fn record(date: Day, standings: Vec<Entry>) -> Record {
    Record {
        format: 1,
        hoster: "a".into(),
        name: "A".into(),
        edition: "2023".into(),
        date,
        tool: "0.1.0".into(),
        rules: "00".into(),
        counts: count(standings.iter().map(|entry| entry.standing)),
        standings,
        documents: vec![],
        remarks: vec![],
    }
}

fn entry(standing: Standing, by: By) -> Entry {
    Entry {
        criterion: "T8".parse().unwrap(),
        subject: Subject::Hoster,
        level: Level::Required,
        revision: 1,
        standing,
        by,
        answer: None,
        waiver: None,
        replies: vec![],
        findings: vec![],
    }
}

fn seen(standing: Standing, code: &str, outcome: Outcome) -> Entry {
    let silent = code == "timed-out";
    let finding =
        Finding { check: "page-published".into(), code: code.into(), outcome, silent, because: Text::same("x"), evidence: vec![] };
    Entry { findings: vec![finding], ..entry(standing, By::Check) }
}

fn found() -> Entry {
    seen(Standing::Met, "found", Outcome::Supports)
}

fn not_found() -> Entry {
    seen(Standing::Unmet, "not-found", Outcome::Refutes)
}

fn silent() -> Entry {
    Entry { by: By::Nobody, ..seen(Standing::Unseen, "timed-out", Outcome::Inconclusive) }
}

fn answered(entry: Entry, outcome: AnswerOutcome, until: Day) -> Entry {
    let answer = AnswerKept { outcome, by: "Ada".into(), on: THEN, until, note: None, evidence: vec![] };
    Entry { answer: Some(answer), by: By::Answer, ..entry }
}

fn waived(entry: Entry, until: Day) -> Entry {
    let waiver = WaiverKept { because: Text::same("x"), granted_by: "Ada".into(), until, decision: None };
    Entry { waiver: Some(waiver), standing: Standing::Waived, by: By::Waiver, ..entry }
}

fn cause_between(old: &Record, new: &Record) -> Cause {
    let changes = diff(old, new);
    assert_eq!(changes.len(), 1, "{changes:?}");
    changes[0].cause
}

fn cause(was: Entry, is: Entry) -> Cause {
    cause_between(&record(THEN, vec![was]), &record(NOW, vec![is]))
}

fn pending() -> Entry {
    entry(Standing::Pending, By::Nobody)
}

#[test]
fn nothing_changes_where_the_standing_is_the_same() {
    assert_eq!(diff(&record(THEN, vec![found()]), &record(NOW, vec![found()])), []);
}

#[test]
fn the_hoster_changed_when_the_findings_differ_and_nothing_else_does() {
    assert_eq!(cause(found(), not_found()), Cause::Hoster);
    let (old, new) = (record(THEN, vec![found()]), record(NOW, vec![not_found()]));
    assert_eq!(cause_between(&old, &Record { rules: "01".into(), ..new.clone() }), Cause::HosterOrRule);
    assert_eq!(cause_between(&old, &Record { tool: "0.2.0".into(), ..new }), Cause::HosterOrTool);
}

#[test]
fn the_same_silence_weighed_in_another_way_is_no_new_measure() {
    let weighed = Record { tool: "0.2.0".into(), ..record(NOW, vec![Entry { standing: Standing::Pending, ..silent() }]) };
    assert_eq!(cause_between(&record(THEN, vec![silent()]), &weighed), Cause::Tool);
}

#[test]
fn the_rule_changed_when_its_revision_or_its_checks_did() {
    let (old, revised) = (record(THEN, vec![found()]), Entry { revision: 2, ..not_found() });
    let new = Record { rules: "01".into(), ..record(NOW, vec![revised]) };
    assert_eq!(cause_between(&old, &new), Cause::Rule);
    let mut other_check = not_found();
    other_check.findings[0].check = "page-linked".into();
    assert_eq!(cause_between(&old, &Record { rules: "01".into(), ..record(NOW, vec![other_check]) }), Cause::Rule);
    let weighed = Entry { standing: Standing::Pending, ..found() };
    assert_eq!(cause_between(&old, &Record { rules: "01".into(), ..record(NOW, vec![weighed]) }), Cause::Rule);
    let answer = answered(entry(Standing::Met, By::Answer), AnswerOutcome::Met, Day::new(2027, 11, 15));
    assert_eq!(cause(answer, Entry { revision: 2, ..pending() }), Cause::Rule);
}

#[test]
fn the_tool_changed_when_it_weighs_the_same_differently() {
    let weighed = Entry { standing: Standing::Pending, ..found() };
    let new = Record { tool: "0.2.0".into(), ..record(NOW, vec![weighed]) };
    assert_eq!(cause_between(&record(THEN, vec![found()]), &new), Cause::Tool);
}

#[test]
fn an_answer_is_given_lapses_or_is_withdrawn() {
    let met = |until| answered(entry(Standing::Met, By::Answer), AnswerOutcome::Met, until);
    let later = Day::new(2027, 11, 15);
    assert_eq!(cause(pending(), met(later)), Cause::AnswerGiven);
    let unmet = answered(entry(Standing::Unmet, By::Answer), AnswerOutcome::Unmet, later);
    assert_eq!(cause(met(later), unmet), Cause::AnswerGiven);
    assert_eq!(cause(met(NOW.plus_days(-1)), pending()), Cause::AnswerLapsed);
    assert_eq!(cause(met(NOW), pending()), Cause::AnswerWithdrawn);
}

#[test]
fn a_check_that_contradicts_an_old_answer_is_the_hosters_change() {
    let until = Day::new(2027, 11, 15);
    let agreed = answered(found(), AnswerOutcome::Met, until);
    let contested = Entry { standing: Standing::Contested, ..answered(not_found(), AnswerOutcome::Met, until) };
    assert_eq!(cause(agreed, contested), Cause::Hoster);
}

#[test]
fn a_waiver_is_given_lapses_or_is_withdrawn() {
    assert_eq!(cause(not_found(), waived(not_found(), NOW)), Cause::WaiverGiven);
    assert_eq!(cause(waived(not_found(), NOW.plus_days(-1)), not_found()), Cause::WaiverLapsed);
    assert_eq!(cause(waived(not_found(), NOW), not_found()), Cause::WaiverWithdrawn);
}

#[test]
fn a_waiver_does_not_explain_what_it_did_not_do() {
    assert_eq!(cause(waived(not_found(), NOW), found()), Cause::Hoster);
    let unused = Remark { kind: RemarkKind::WaiverUnused, criterion: "T8".parse().unwrap(), subject: None, because: Text::same("x") };
    let old = Record { remarks: vec![unused], ..record(THEN, vec![found()]) };
    assert_eq!(cause_between(&old, &record(NOW, vec![waived(not_found(), NOW)])), Cause::Hoster);
}

#[test]
fn a_measurement_fails_and_comes_back() {
    assert_eq!(cause(found(), silent()), Cause::MeasureFailed);
    assert_eq!(cause(silent(), not_found()), Cause::MeasureBack);
    // The person's word stands alone when the check that contradicted it saw nothing.
    let until = Day::new(2027, 11, 15);
    let contested = Entry { standing: Standing::Contested, ..answered(not_found(), AnswerOutcome::Met, until) };
    let alone = Entry { standing: Standing::Met, ..answered(silent(), AnswerOutcome::Met, until) };
    assert_eq!(cause(contested.clone(), alone.clone()), Cause::MeasureFailed);
    assert_eq!(cause(alone, contested), Cause::MeasureBack);
}

#[test]
fn the_description_changed() {
    let on_pad = |entry| Entry { subject: "pad".parse().unwrap(), ..entry };
    let (without, with) = (record(THEN, vec![found()]), record(NOW, vec![found(), on_pad(not_found())]));
    assert_eq!(cause_between(&without, &with), Cause::ServiceAdded);
    assert_eq!(cause_between(&with, &without), Cause::ServiceRemoved);
    let other = |record: Record| Record { edition: "2016".into(), ..record };
    let more = record(NOW, vec![found(), Entry { criterion: "T9".parse().unwrap(), ..found() }]);
    assert_eq!(cause_between(&other(without.clone()), &more), Cause::Edition);
    assert_eq!(cause_between(&Record { rules: "01".into(), ..without }, &more), Cause::Rule);
    let spared = entry(Standing::NotApplicable, By::Description);
    assert_eq!(cause(found(), spared), Cause::Description);
}

#[test]
fn a_regression_is_a_gap_that_was_none_by_the_same_rules() {
    let worse = diff(&record(THEN, vec![found()]), &record(NOW, vec![not_found()]));
    assert_eq!(regressions(&worse).len(), 1);
    let better = diff(&record(THEN, vec![not_found()]), &record(NOW, vec![found()]));
    assert!(regressions(&better).is_empty());
    let stricter = Record { rules: "01".into(), ..record(NOW, vec![Entry { revision: 2, ..not_found() }]) };
    assert!(regressions(&diff(&record(THEN, vec![found()]), &stricter)).is_empty());
    let told = Entry { level: Level::Info, ..not_found() };
    assert!(regressions(&diff(&record(THEN, vec![found()]), &record(NOW, vec![told]))).is_empty());
}

#[test]
fn an_action_is_overdue_the_day_after_while_its_gap_is_open() {
    let hoster = "name='A'\nwebsite='https://a.example/'\nedition='2023'\n";
    let hoster = Hoster::read("a".parse().unwrap(), &Source::new("hoster.toml", hoster), |_| true).unwrap();
    let answers = "[[action]]\ncriterion='T8'\ntodo='x'\ndue=2026-11-21\n[[action]]\ncriterion='T8'\ntodo='y'\n";
    let answers = Answers::read(&Source::new("answers.toml", answers), shipped(), &hoster).unwrap();
    let late = |entry, today| overdue(&record(NOW, vec![entry]), &answers, today).len();
    assert_eq!(late(not_found(), NOW), 1);
    assert_eq!(late(not_found(), NOW.plus_days(-1)), 0);
    assert_eq!(late(found(), NOW), 0);
}

#[test]
fn a_gap_that_nobody_could_see_is_not_closed() {
    let old = record(THEN, vec![not_found()]);
    let closed_by = |entry| closed(&old, &record(NOW, vec![entry])).len();
    assert_eq!(closed_by(found()), 1);
    for open in [not_found(), silent(), pending(), waived(not_found(), NOW), entry(Standing::Contested, By::CheckAndAnswer)] {
        assert_eq!(closed_by(open.clone()), 0, "{:?}", open.standing);
    }
    assert_eq!(closed(&old, &record(NOW, vec![])).len(), 1, "a service that is gone leaves no gap");
}

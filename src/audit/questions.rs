//! What to ask a person, and in which order: what unblocks most goes first.

use super::combine::Standing;
use super::documents::{DocumentKept, in_force, outdated_by};
use super::plan::{Plan, Step};
use super::record::{AnswerKept, Entry, Record};
use crate::criteria::{Criterion, Family, Level, Proves};
use crate::day::Day;
use crate::hoster::{Answer, Answers, Subject};

/// One question: a criterion before a subject.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    pub step: Step<'a>,
    pub why: Why,
    /// What the last record says of it.
    pub entry: Option<&'a Entry>,
    /// What was last answered, whether it still counts or not.
    pub last: Option<&'a Answer>,
}

/// Why a person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Machine and person disagree.
    Contested,
    /// Nobody has answered yet.
    Pending,
    /// Machines saw nothing: a person may.
    Unseen,
    /// The last answer has lived its time.
    Lapsed,
    /// The criterion or the edition has changed its meaning since.
    Stale,
    /// A text that it rests on has changed since.
    Outdated,
    /// It is unmet: what to do?
    Gap,
    /// It is decided, and the user wishes to see it again.
    Again,
}

/// Which questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What waits for a person.
    Waiting,
    /// Only answers that count no more.
    Stale,
    /// What is decided, too.
    All,
}

impl<'a> Question<'a> {
    pub fn criterion(&self) -> &'a Criterion {
        self.step.criterion
    }

    pub fn subject(&self) -> &'a Subject {
        &self.step.site.subject
    }

    /// The subject as `answers.toml` names it: left out where the criterion binds the hoster alone.
    pub fn service(&self) -> Option<&'a Subject> {
        self.step.criterion.binds.names_service().then_some(self.subject())
    }

    fn rank(&self) -> u8 {
        match (self.why, self.criterion().family(), self.step.level) {
            (Why::Contested, ..) => 0,
            (Why::Lapsed | Why::Stale | Why::Outdated, ..) => 2,
            (_, Family::Charter, Level::Required) => 1,
            (_, Family::Charter, Level::Encouraged) => 3,
            (_, Family::Charter, Level::Info) => 4,
            (_, Family::Checklist, _) => 5,
            (_, Family::Law, _) => 6,
        }
    }
}

/// The questions of a plan, as the last record and the answers leave them: a question that was answered is not asked again
/// while the answer holds, unless a machine contradicts it.
pub fn questions<'a>(plan: &Plan<'a>, record: Option<&'a Record>, answers: &'a Answers, today: Day, scope: Scope) -> Vec<Question<'a>> {
    let mut questions: Vec<Question<'a>> = plan
        .steps
        .iter()
        .filter_map(|step| {
            let (id, subject) = (step.criterion.id(), &step.site.subject);
            let entry = record.and_then(|record| record.standings.iter().find(|entry| entry.criterion == id && entry.subject == *subject));
            let last = answers.about(id, subject).max_by_key(|answer| (answer.service.is_some(), answer.on));
            let documents = record.map(|record| record.documents.as_slice()).unwrap_or_default();
            let why = why(plan, step, entry, answers, documents, today).or((scope == Scope::All).then_some(Why::Again))?;
            (scope != Scope::Stale || matches!(why, Why::Lapsed | Why::Stale | Why::Outdated)).then_some(Question {
                step: *step,
                why,
                entry,
                last,
            })
        })
        .collect();
    // The sort is stable: criteria and subjects keep the order of the plan.
    questions.sort_by_key(|question| (question.rank(), question.why == Why::Unseen, question.criterion().effort));
    questions
}

fn why(plan: &Plan<'_>, step: &Step<'_>, entry: Option<&Entry>, answers: &Answers, documents: &[DocumentKept], today: Day) -> Option<Why> {
    let (criterion, subject) = (step.criterion, &step.site.subject);
    if let Some(answer) = in_force(answers, criterion, subject, plan.edition, today, documents) {
        let contested = entry.filter(|entry| entry.standing == Standing::Contested)?;
        // Whoever answered after that record has seen what it says.
        let seen = |answer: &&Answer| contested.answer.as_ref().is_some_and(|kept| is(kept, answer));
        let same = answers.about(criterion.id(), subject).filter(seen).count();
        return (seen(&answer) && same == 1).then_some(Why::Contested);
    }
    let waived = answers
        .waivers
        .iter()
        .any(|waiver| waiver.criterion() == criterion.id() && waiver.is_about(subject) && waiver.on <= today && today <= waiver.until);
    let applies = criterion.applies_to.as_ref().is_none_or(|applies| applies.includes(plan.hoster));
    if criterion.ask.is_none() || waived || !applies {
        return None;
    }
    let given: Vec<&Answer> = answers.about(criterion.id(), subject).filter(|answer| answer.on <= today).collect();
    if let Some(newest) = given.iter().max_by_key(|answer| (answer.service.is_some(), answer.on)) {
        let outdated = outdated_by(documents, criterion, newest).is_some();
        return Some(match newest.is_to_the_point(criterion, plan.edition) {
            false => Why::Stale,
            true if outdated && today <= newest.last_day(criterion) => Why::Outdated,
            true => Why::Lapsed,
        });
    }
    match entry.map(|entry| entry.standing) {
        Some(Standing::Pending) => Some(Why::Pending),
        Some(Standing::Unseen) => Some(Why::Unseen),
        Some(_) => None,
        // What a machine decides alone is for the next run.
        None => (criterion.proves() != Proves::Both && !step.site.customers).then_some(Why::Pending),
    }
}

/// The gaps of a record for which nobody has decided anything; a gap is a criterion with the subjects that miss it.
pub fn gaps_without_action<'a>(plan: &Plan<'a>, record: &'a Record, answers: &'a Answers) -> Vec<Vec<Question<'a>>> {
    let mut gaps: Vec<Vec<Question<'a>>> = Vec::new();
    for step in &plan.steps {
        let (id, subject) = (step.criterion.id(), &step.site.subject);
        let entry = record.standings.iter().find(|entry| entry.criterion == id && entry.subject == *subject);
        let Some(entry) = entry.filter(|entry| entry.standing == Standing::Unmet && entry.level != Level::Info) else { continue };
        if answers.actions.iter().any(|action| action.criterion() == id && action.is_about(subject)) {
            continue;
        }
        let question = Question { step: *step, why: Why::Gap, entry: Some(entry), last: None };
        match gaps.last_mut().filter(|gap| gap[0].criterion().id() == id) {
            Some(gap) => gap.push(question),
            None => gaps.push(vec![question]),
        }
    }
    gaps.sort_by_key(|gap| (gap[0].rank(), gap[0].criterion().effort));
    gaps
}

fn is(kept: &AnswerKept, answer: &Answer) -> bool {
    (kept.outcome, &kept.by, kept.on, &kept.note, &kept.evidence) == (answer.outcome, &answer.by, answer.on, &answer.note, &answer.evidence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{By, Filter};
    use crate::criteria::shipped;
    use crate::file::Source;
    use crate::hoster::Hoster;

    const TODAY: Day = Day::new(2026, 11, 22);

    fn hoster() -> Hoster {
        let text = "name='A'\nwebsite='https://a.example/'\nedition='2023'\nemployees=0\n[[service]]\nid='pad'\nname='P'\nurl='https://pad.a.example/'\n";
        Hoster::read("a".parse().unwrap(), &Source::new("hoster.toml", text), |_| true).unwrap()
    }

    fn record(plan: &Plan<'_>, answers: &Answers) -> Record {
        let said: Vec<_> = plan.steps.iter().map(|_| vec![]).collect();
        Record::make(plan, &said, &[], None, answers, TODAY)
    }

    fn read(text: &str) -> Answers {
        Answers::read(&Source::new("answers.toml", text), shipped(), &hoster()).unwrap()
    }

    fn answer(id: &str, on: &str, more: &str) -> String {
        format!("[[answer]]\ncriterion = '{id}'\noutcome = 'met'\nby = 'B'\non = {on}\n{more}\n")
    }

    /// The questions after a run in which machines said nothing, then what the test makes of its record.
    fn asked(edition: &str, text: &str, scope: Scope, change: impl Fn(&mut Record)) -> Vec<String> {
        let (hoster, answers) = (hoster(), read(text));
        let plan = Plan::new(shipped(), &hoster, edition, &Filter::default());
        let mut record = record(&plan, &answers);
        change(&mut record);
        let told = |q: &Question<'_>| format!("{} {} {:?}", q.criterion().id(), q.subject(), q.why);
        questions(&plan, Some(&record), &answers, TODAY, scope).iter().map(told).collect()
    }

    fn contest(record: &mut Record) {
        let entry = record.standings.iter_mut().find(|entry| entry.criterion.to_string() == "T8").unwrap();
        (entry.standing, entry.by) = (Standing::Contested, By::CheckAndAnswer);
    }

    #[test]
    fn what_unblocks_most_goes_first() {
        let text = answer("T8", "2026-11-01", "") + &answer("S1", "2020-01-01", "");
        let asked = asked("2023", &text, Scope::Waiting, contest);
        assert_eq!(asked[0], "T8 hoster Contested");
        let at = |start: &str| asked.iter().position(|q| q.starts_with(start)).unwrap_or_else(|| panic!("{start} not in {asked:?}"));
        assert!(at("T1 ") < at("S1 ") && at("S1 ") < at("R1 ") && at("R1 ") < at("L"), "{asked:?}");
        assert!(asked[at("S1 ")].ends_with("Lapsed"));
        let (hoster, none) = (hoster(), Answers::default());
        let plan = Plan::new(shipped(), &hoster, "2023", &Filter::default());
        let all = questions(&plan, None, &none, TODAY, Scope::Waiting);
        assert!(all.iter().filter(|q| q.rank() == 1).is_sorted_by_key(|q| q.criterion().effort), "quick ones first");
    }

    #[test]
    fn an_answered_question_is_not_asked_again_while_it_holds() {
        let holds = asked("2023", &answer("S1", "2026-11-01", ""), Scope::Waiting, |_| {});
        assert!(!holds.iter().any(|q| q.starts_with("S1 ")), "{holds:?}");
        let all = asked("2023", &answer("S1", "2026-11-01", ""), Scope::All, |_| {});
        assert!(all.contains(&"S1 hoster Again".to_owned()), "{all:?}");
        let stale = asked("2023", &answer("S1", "2020-11-01", ""), Scope::Stale, |_| {});
        assert_eq!(stale, ["S1 hoster Lapsed"]);
        let revised = asked("2023", &answer("S1", "2026-11-01", "revision = 7"), Scope::Stale, |_| {});
        assert_eq!(revised, ["S1 hoster Stale"]);
    }

    #[test]
    fn who_answers_a_contested_question_is_not_asked_it_again() {
        let old = answer("T8", "2026-11-22", "");
        let (hoster, before) = (hoster(), read(&old));
        let plan = Plan::new(shipped(), &hoster, "2023", &Filter::default());
        let mut record = record(&plan, &before);
        contest(&mut record);
        let contested = |text: &str| {
            let answers = read(text);
            questions(&plan, Some(&record), &answers, TODAY, Scope::Waiting).iter().any(|q| q.why == Why::Contested)
        };
        assert!(contested(&old));
        assert!(!contested(&(old.clone() + &old)), "the same again, on the same day");
        assert!(!contested(&(old.clone() + &answer("T8", "2026-11-22", "note = 'vu'"))));
    }

    #[test]
    fn an_answer_of_another_edition_is_asked_again_where_the_question_differs() {
        let text = answer("O6", "2026-11-01", "edition = '2016'") + &answer("S1", "2026-11-01", "");
        let moved = asked("2023", &text, Scope::Stale, |_| {});
        assert_eq!(moved, ["O6 hoster Stale"]);
        assert_eq!(asked("2016", &text, Scope::Stale, |_| {}), Vec::<String>::new());
        assert_eq!(asked("2023", &answer("O6", "2026-11-01", ""), Scope::Stale, |_| {}), Vec::<String>::new());
    }

    #[test]
    fn a_criterion_that_machines_decided_or_that_is_waived_is_not_asked() {
        let met = |record: &mut Record| record.standings.iter_mut().for_each(|entry| entry.standing = Standing::Met);
        assert_eq!(asked("2023", "", Scope::Waiting, met), Vec::<String>::new());
        let waiver = "[[waiver]]\ncriterion = 'S1'\nreason = 'x'\ngranted-by = 'C'\non = 2026-01-01\nuntil = 2027-01-01\n";
        assert!(!asked("2023", waiver, Scope::Waiting, |_| {}).iter().any(|q| q.starts_with("S1 ")));
    }
}

//! Making a record from what checks and people said.

use super::{AnswerKept, Entry, FORMAT, Record, Remark, RemarkKind, ReplyKept, WaiverKept, count};
use crate::audit::combine::{Machine, combine};
use crate::audit::documents::{DocumentKept, Reading, in_force, kept, outdated_by};
use crate::audit::{By, Plan, Said, Standing, Step};
use crate::check::{Evidence, Finding, Outcome};
use crate::criteria::Criterion;
use crate::day::Day;
use crate::hoster::{Answer, Answers, Subject, Waiver};
use crate::text::{Text, say};

impl Record {
    /// `said` holds, for each step of the plan, what each of its checks said.
    /// `texts` is what was read of those that are kept, `before` the last record.
    pub fn make(
        plan: &Plan<'_>,
        said: &[Vec<(&'static str, Said)>],
        texts: &[Reading],
        before: Option<&Self>,
        answers: &Answers,
        today: Day,
    ) -> Self {
        let documents = kept(texts, before, today);
        let people = People { answers, documents: &documents, today };
        let mut used = Vec::new();
        let standings: Vec<Entry> = plan.steps.iter().zip(said).map(|(step, said)| entry(plan, step, said, &people, &mut used)).collect();
        Self {
            format: FORMAT,
            hoster: plan.hoster.id.to_string(),
            name: plan.hoster.name.clone(),
            edition: plan.edition.to_owned(),
            date: today,
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            rules: plan.charter.digest(),
            counts: count(standings.iter().map(|entry| entry.standing)),
            remarks: remarks(plan, &people, &used),
            standings,
            documents,
        }
    }
}

/// What people said, and what it is weighed with.
struct People<'a> {
    answers: &'a Answers,
    documents: &'a [DocumentKept],
    today: Day,
}

fn entry(plan: &Plan<'_>, step: &Step<'_>, said: &[(&'static str, Said)], people: &People<'_>, used: &mut Vec<usize>) -> Entry {
    let People { answers, documents, today } = *people;
    let (criterion, subject) = (step.criterion, &step.site.subject);
    let answer = in_force(answers, criterion, subject, plan.edition, today, documents);
    let waiver = answers.waivers.iter().enumerate().find(|(_, waiver)| {
        waiver.criterion() == criterion.id() && waiver.is_about(subject) && waiver.on <= today && today <= waiver.until
    });
    let machine = Machine::of(criterion.proves(), said.iter().map(|(_, said)| said));
    let applies = criterion.applies_to.as_ref().is_none_or(|applies| applies.includes(plan.hoster));
    let (standing, by) = if applies || answer.is_some() {
        combine(machine, answer.map(|answer| answer.outcome), waiver.is_some())
    } else {
        (Standing::NotApplicable, By::Description)
    };
    let waiver = waiver.filter(|_| standing == Standing::Waived).map(|(n, waiver)| {
        used.push(n);
        kept_waiver(plan, waiver)
    });
    Entry {
        criterion: criterion.id(),
        subject: subject.clone(),
        level: step.level,
        revision: criterion.revision,
        standing,
        by,
        answer: answer.map(|answer| kept_answer(answer, criterion)),
        waiver,
        replies: kept_replies(answers, criterion, subject),
        findings: if applies { said.iter().flat_map(|(check, said)| findings(check, said)).collect() } else { Vec::new() },
    }
}

fn kept_replies(answers: &Answers, criterion: &Criterion, subject: &Subject) -> Vec<ReplyKept> {
    let mine = answers.replies.iter().filter(|reply| reply.criterion() == criterion.id() && reply.is_about(subject));
    mine.map(|reply| ReplyKept { by: reply.by.clone(), on: reply.on, text: reply.text.clone() }).collect()
}

fn findings(check: &'static str, said: &Said) -> Vec<Finding> {
    match said {
        Said::Findings(findings) | Said::CustomersSite(findings) => findings.clone(),
        Said::Silent(silence) => vec![Finding {
            check: check.to_owned(),
            code: silence.kind.code().to_owned(),
            outcome: Outcome::Inconclusive,
            silent: true,
            because: silence.because(),
            evidence: vec![Evidence { at: silence.place.clone(), excerpt: None }],
        }],
    }
}

fn kept_answer(answer: &Answer, criterion: &Criterion) -> AnswerKept {
    AnswerKept {
        outcome: answer.outcome,
        by: answer.by.clone(),
        on: answer.on,
        until: answer.last_day(criterion),
        note: answer.note.clone(),
        evidence: answer.evidence.clone(),
    }
}

fn kept_waiver(plan: &Plan<'_>, waiver: &Waiver) -> WaiverKept {
    let exception = waiver.exception.as_ref().and_then(|id| plan.charter.exception(id));
    let because = match (exception, &waiver.reason) {
        // The condition is never verified by the grant alone.
        (Some(exception), _) => {
            let (title, condition) = (&exception.title, &exception.condition);
            say!(
                fr: "{t_fr} ; à vérifier : {c_fr}",
                en: "{t_en}; to verify: {c_en}",
                with: t_fr = &title.fr, c_fr = &condition.fr, t_en = &title.en, c_en = &condition.en
            )
        }
        (None, Some(reason)) => Text::same(reason.clone()),
        (None, None) => unreachable!("a waiver without a reason is a fault of answers.toml"),
    };
    WaiverKept { because, granted_by: waiver.granted_by.clone(), until: waiver.until, decision: waiver.decision.clone() }
}

/// What did not count, in the order of `answers.toml`.
fn remarks(plan: &Plan<'_>, people: &People<'_>, used: &[usize]) -> Vec<Remark> {
    let People { answers, today, .. } = *people;
    let judged = |id, service: &Option<Subject>| {
        plan.steps.iter().any(|step| step.criterion.id() == id && service.as_ref().is_none_or(|s| *s == step.site.subject))
    };
    let said = answers.answers.iter().filter(|answer| judged(answer.criterion(), &answer.service)).filter_map(|answer| {
        let criterion = plan.charter.criterion(answer.criterion())?;
        let (kind, because) = answer_remark(plan, people, answer, criterion)?;
        Some(Remark { kind, criterion: criterion.id(), subject: answer.service.clone(), because })
    });
    let waived = answers.waivers.iter().enumerate().filter(|(_, waiver)| judged(waiver.criterion(), &waiver.service)).filter_map(|(n, waiver)| {
        let (on, until) = (waiver.on, waiver.until);
        let (kind, because) = if until < today {
            (RemarkKind::WaiverLapsed, say!(fr: "dérogation échue le {until}", en: "the waiver lapsed on {until}"))
        } else if today < on {
            (RemarkKind::WaiverNotYet, say!(fr: "dérogation valable à partir du {on}", en: "the waiver holds from {on} on"))
        } else if used.contains(&n) {
            return None;
        } else {
            (RemarkKind::WaiverUnused, say!(fr: "dérogation sans emploi : le critère est respecté ou sans objet", en: "the waiver is not needed: the criterion is met or does not apply"))
        };
        Some(Remark { kind, criterion: waiver.criterion(), subject: waiver.service.clone(), because })
    });
    said.chain(waived).collect()
}

fn answer_remark(plan: &Plan<'_>, people: &People<'_>, answer: &Answer, criterion: &Criterion) -> Option<(RemarkKind, Text)> {
    let People { answers, documents, today } = *people;
    let (by, on, until) = (&answer.by, answer.on, answer.last_day(criterion));
    let replaced = answers.answers.iter().any(|other| {
        other.criterion() == answer.criterion() && other.service == answer.service && (other.on > answer.on && other.on <= today)
    });
    if replaced {
        // History, as it should be: a newer word stands below it.
        return None;
    }
    if answer.revision != criterion.revision {
        return Some((
            RemarkKind::AnswerStale,
            say!(fr: "le critère a changé depuis la réponse de {by} du {on} : à redemander", en: "the criterion has changed since {by} answered on {on}: to be asked again"),
        ));
    }
    if !answer.is_to_the_point(criterion, plan.edition) {
        let answered = answer.edition.as_deref().unwrap_or_default();
        return Some((
            RemarkKind::AnswerOtherEdition,
            say!(
                fr: "{by} a répondu le {on} pour l'édition {answered}, où la question est autre : à redemander",
                en: "{by} answered on {on} for edition {answered}, which asks something else: to be asked again"
            ),
        ));
    }
    if until < today {
        return Some((
            RemarkKind::AnswerLapsed,
            say!(fr: "la réponse de {by} du {on} a vécu jusqu'au {until} : à redemander", en: "the answer {by} gave on {on} held until {until}: to be asked again"),
        ));
    }
    if let Some(document) = outdated_by(documents, criterion, answer) {
        let name = plan.charter.document(&document.kind).map_or_else(|| Text::same(document.kind.clone()), |kind| kind.name.clone());
        let seen = document.changed_on.unwrap_or(today);
        return Some((
            RemarkKind::AnswerOutdated,
            say!(
                fr: "le texte a changé ({n_fr}, constaté le {seen}) depuis la réponse de {by} du {on} : à redemander",
                en: "the text has changed ({n_en}, seen on {seen}) since {by} answered on {on}: to be asked again",
                with: n_fr = name.fr, n_en = name.en
            ),
        ));
    }
    (today < on).then(|| {
        (
            RemarkKind::AnswerNotYet,
            say!(fr: "la réponse de {by} est datée du {on}, dans l'avenir", en: "the answer of {by} is dated {on}, in the future"),
        )
    })
}

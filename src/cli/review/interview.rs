//! The interview: one question at a time, each answer written down before the next question.

use super::Session;
use super::prompts::{Asked, Choice, Left, Plan, Prompts};
use crate::audit::{Question, gaps_without_action};
use crate::cli::terminal::Terminal;
use crate::cli::{Exit, Failure, Outcome};
use crate::criteria::Criterion;
use crate::hoster::{AnswerOutcome, NewAction, NewAnswer, Subject};
use crate::report;
use crate::text::{Lang, count, say};

/// Someone at the terminal.
struct Interview<'a, 't> {
    session: &'a Session<'a>,
    terminal: &'t mut Terminal,
    prompts: Prompts,
    by: String,
    kept: usize,
}

/// Asks what waits for a person.
pub(super) fn questions(session: &Session<'_>, terminal: &mut Terminal) -> Outcome {
    let questions = session.questions();
    let id = &session.args.id;
    if questions.is_empty() {
        terminal.note(&say!(
            fr: "Rien à demander ici. « --again » revoit ce qui est décidé.",
            en: "There is nothing to ask here. `--again` sees again what is decided."
        ));
        return Ok(Exit::Done);
    }
    if session.record.is_none() {
        terminal.note(&say!(
            fr: "Aucun relevé : les questions viennent des seuls critères. « chatons-audit run {id} » dirait ce qui se voit de l'extérieur.",
            en: "There is no record: the questions come from the criteria alone. `chatons-audit run {id}` would tell what can be seen from outside."
        ));
    }
    let n = questions.len();
    let (fr, en) = (count(Lang::Fr, n, "question", "questions"), count(Lang::En, n, "question", "questions"));
    terminal.note(&say!(
        fr: "{fr}. Chaque réponse est gardée aussitôt : on peut arrêter à tout moment (Ctrl-C) et reprendre plus tard.",
        en: "{en}. Each answer is kept at once: you may stop at any moment (Ctrl-C) and go on later."
    ));
    let prompts = Prompts(terminal.lang);
    let mut interview = Interview { session, terminal, prompts, by: String::new(), kept: 0 };
    let ended = interview.ask_all(&questions);
    interview.finish(ended)
}

/// Proposes an action for each gap of the record that has none.
pub(super) fn actions(session: &Session<'_>, terminal: &mut Terminal) -> Outcome {
    let Some(record) = session.record else { return Ok(Exit::Done) };
    let mut gaps = gaps_without_action(session.plan, record, &session.audit.answers);
    gaps.retain(|gap| gap.first().is_some_and(|first| session.wants(first)));
    if gaps.is_empty() {
        terminal.note(&say!(fr: "Chaque écart du relevé a son action.", en: "Each gap of the record has its action."));
        return Ok(Exit::Done);
    }
    let prompts = Prompts(terminal.lang);
    let by = session.name().unwrap_or_default();
    let mut interview = Interview { session, terminal, prompts, by, kept: 0 };
    let ended = interview.propose_all(&gaps);
    interview.finish(ended)
}

impl Interview<'_, '_> {
    fn ask_all(&mut self, questions: &[Question<'_>]) -> Asked<()> {
        let known = self.session.name().unwrap_or_default();
        self.by = if self.session.args.by.is_some() && !known.is_empty() { known } else { self.prompts.name(&known)? };
        self.by = crate::text::clean(&self.by);
        for (n, question) in questions.iter().enumerate() {
            let position = format!("{}/{}", n + 1, questions.len());
            let (answers, lang) = (&self.session.audit.answers, self.terminal.lang);
            let shown = report::question(question, &position, answers, self.session.today, lang, Terminal::width());
            self.terminal.print(&shown);
            if self.ask(question)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Asks until there is an answer or none is wanted; says whether to stop.
    fn ask(&mut self, question: &Question<'_>) -> Asked<bool> {
        loop {
            let outcome = match self.prompts.choice()? {
                Choice::Answer(outcome) => outcome,
                Choice::Skip => return Ok(false),
                Choice::Stop => return Ok(true),
            };
            // Esc in a detail comes back to the question.
            let answer = match self.details(question, outcome) {
                Err(Left::Back) => continue,
                Err(Left::NoEditor(fault)) => {
                    self.terminal.faults(&[fault]);
                    continue;
                }
                answer => answer?,
            };
            self.keep(|text| answer.added_to(text))?;
            if outcome == AnswerOutcome::Unmet && report::decided(question, &self.session.audit.answers).next().is_none() {
                let lang = self.terminal.lang;
                self.terminal.print(&report::remedy(question.criterion(), lang, Terminal::width()));
                return self.propose(question.criterion(), question.service());
            }
            return Ok(false);
        }
    }

    fn details(&self, question: &Question<'_>, outcome: AnswerOutcome) -> Asked<NewAnswer> {
        let criterion = question.criterion();
        Ok(NewAnswer {
            criterion: criterion.id(),
            service: question.service().cloned(),
            outcome,
            by: self.by.clone(),
            on: self.session.today,
            revision: criterion.revision,
            edition: (!criterion.carry).then(|| self.session.plan.edition.to_owned()),
            note: self.prompts.note()?,
            evidence: self.prompts.links()?,
        })
    }

    fn propose_all(&mut self, gaps: &[Vec<Question<'_>>]) -> Asked<()> {
        for (n, gap) in gaps.iter().enumerate() {
            let Some(first) = gap.first() else { continue };
            let shown = report::gap(gap, &format!("{}/{}", n + 1, gaps.len()), self.terminal.lang, Terminal::width());
            self.terminal.print(&shown);
            // One action for all subjects, unless only one of them has the gap.
            let service = if gap.len() == 1 { first.service() } else { None };
            if self.propose(first.criterion(), service)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Proposes what to do; says whether to stop.
    fn propose(&mut self, criterion: &Criterion, service: Option<&Subject>) -> Asked<bool> {
        loop {
            let plan = self.prompts.plan()?;
            let todo = match plan {
                Plan::Stop => return Ok(true),
                Plan::Nothing => return Ok(false),
                Plan::AsProposed => Ok(Some(criterion.remedy.in_lang(self.terminal.lang).to_owned())),
                Plan::OwnWords => self.prompts.todo(),
            };
            let who_and_when = |todo: Option<String>| {
                let Some(todo) = todo else { return Ok(None) };
                let (owner, due) = (self.prompts.owner(&self.by)?, self.prompts.due(self.session.today)?);
                Ok(Some(NewAction { criterion: criterion.id(), service: service.cloned(), todo, owner, due }))
            };
            match todo.and_then(who_and_when) {
                Ok(Some(action)) => {
                    self.keep(|text| action.added_to(text))?;
                    return Ok(false);
                }
                Ok(None) => return Ok(false),
                Err(Left::Back) => {}
                Err(left) => return Err(left),
            }
        }
    }

    /// Writes it down; a file that became faulty meanwhile can be mended before trying again.
    fn keep(&mut self, change: impl Fn(&str) -> Result<String, toml_edit::TomlError>) -> Asked<()> {
        loop {
            match self.session.keep(&change) {
                Ok(()) => {
                    self.kept += 1;
                    return Ok(());
                }
                Err(failure) => {
                    self.terminal.failure(&failure);
                    match self.prompts.again() {
                        Ok(()) => {}
                        Err(Left::Back | Left::Stop) => return Err(Left::Failed(failure)),
                        Err(left) => return Err(left),
                    }
                }
            }
        }
    }

    fn finish(self, ended: Asked<()>) -> Outcome {
        let (n, id) = (self.kept, &self.session.args.id);
        if n > 0 {
            let path = self.session.audit.folder.join("answers.toml");
            let path = path.display();
            let (fr, en) = (
                count(Lang::Fr, n, "réponse ou action notée", "réponses ou actions notées"),
                count(Lang::En, n, "answer or action", "answers or actions"),
            );
            self.terminal.note(&say!(
                fr: "{fr} dans {path}. « chatons-audit run {id} » en tiendra compte.",
                en: "{en} written to {path}. `chatons-audit run {id}` will take them into account."
            ));
        }
        match ended {
            Ok(()) | Err(Left::Back | Left::Stop) => Ok(Exit::Done),
            Err(Left::NoEditor(fault)) => Err(fault.into()),
            Err(Left::Failed(failure)) => Err(failure),
        }
    }
}

impl Terminal {
    /// Tells at once what went wrong, for a dialogue that goes on.
    fn failure(&mut self, failure: &Failure) {
        match failure {
            Failure::Faults(faults) => self.faults(faults),
            Failure::CouldNot(fault) => self.faults(std::slice::from_ref(fault)),
        }
    }
}

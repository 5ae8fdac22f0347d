//! The questions as a sheet, out and in again.

use std::path::Path;

use super::Session;
use crate::cli::run::not_written;
use crate::cli::terminal::Terminal;
use crate::cli::{Exit, Failure, Outcome};
use crate::file::{Fault, Place, io_reason, write_whole};
use crate::hoster::{Answer, NewAnswer, Reading};
use crate::report;
use crate::text::{Lang, count, say};

/// Writes the questions where nothing stands yet; reads the answers of what stands there.
pub(super) fn run(session: &Session<'_>, file: &Path, terminal: &mut Terminal) -> Outcome {
    if file.exists() { read(session, file, terminal) } else { write(session, file, terminal) }
}

fn write(session: &Session<'_>, file: &Path, terminal: &mut Terminal) -> Outcome {
    let questions = session.questions();
    if questions.is_empty() {
        terminal.note(&say!(
            fr: "Rien à demander : aucune feuille n'est écrite. « --again » revoit ce qui est décidé.",
            en: "There is nothing to ask: no sheet is written. `--again` sees again what is decided."
        ));
        return Ok(Exit::Done);
    }
    let text = report::sheet(&questions, session.plan.edition, session.args.by.as_deref(), session.today, terminal.lang);
    write_whole(file, &text).map_err(|error| Failure::CouldNot(not_written(file, &error)))?;
    let (path, n) = (file.display(), questions.len());
    let (fr, en) = (count(Lang::Fr, n, "question", "questions"), count(Lang::En, n, "question", "questions"));
    terminal.note(&say!(
        fr: "{fr} dans {path}. Y remplir « réponse » et « qui » dans un tableur, l'enregistrer en CSV, puis relancer cette même commande.",
        en: "{en} in {path}. Fill in “answer” and “who” in a spreadsheet, save it as CSV, then run this same command again."
    ));
    Ok(Exit::Done)
}

fn read(session: &Session<'_>, file: &Path, terminal: &mut Terminal) -> Outcome {
    let bytes = std::fs::read(file).map_err(|error| {
        let (fr, en) = (io_reason(&error).fr, io_reason(&error).en);
        Fault::new(
            Place::file(file),
            say!(fr: "lecture impossible : {fr}", en: "cannot be read: {en}"),
            say!(fr: "Vérifier le chemin et les droits.", en: "Check the path and the permissions."),
        )
    })?;
    let reading = Reading {
        file,
        charter: session.charter,
        hoster: &session.audit.hoster,
        edition: session.plan.edition,
        today: session.today,
        lang: terminal.lang,
        by: session.args.by.as_deref(),
    };
    let sheet = reading.read(&bytes).map_err(|faults| {
        let none = say!(fr: "Rien n'est importé : la feuille a des fautes.", en: "Nothing is imported: the sheet has faults.");
        terminal.warn(&none);
        Failure::from(faults)
    })?;
    let known = &session.audit.answers.answers;
    let fresh: Vec<&NewAnswer> = sheet.answers.iter().filter(|answer| !known.iter().any(|old| is(old, answer))).collect();
    if !fresh.is_empty() {
        session.keep(|text| fresh.iter().try_fold(text.to_owned(), |text, answer| answer.added_to(&text)))?;
    }
    tell(session, fresh.len(), sheet.answers.len() - fresh.len(), sheet.unanswered, terminal);
    if !sheet.undecided.is_empty() {
        let rows = sheet.undecided.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        terminal.warn(&say!(
            fr: "Une note ou des liens, mais pas de réponse, donc pas importé : ligne(s) {rows}.",
            en: "A note or links but no answer, hence not imported: row(s) {rows}."
        ));
    }
    Ok(Exit::Done)
}

/// The very same answer, from a sheet that is read twice.
fn is(old: &Answer, new: &NewAnswer) -> bool {
    (old.criterion(), &old.service, old.outcome, &old.by, old.on) == (new.criterion, &new.service, new.outcome, &new.by, new.on)
        && (&old.note, &old.evidence, old.revision) == (&new.note, &new.evidence, new.revision)
}

fn tell(session: &Session<'_>, fresh: usize, known: usize, unanswered: usize, terminal: &mut Terminal) {
    let (id, path) = (&session.args.id, session.audit.folder.join("answers.toml"));
    let path = path.display();
    let (fr, en) = (count(Lang::Fr, fresh, "réponse ajoutée", "réponses ajoutées"), count(Lang::En, fresh, "answer", "answers"));
    let sans = count(Lang::Fr, unanswered, "question sans réponse", "questions sans réponse");
    let without = count(Lang::En, unanswered, "question without an answer", "questions without an answer");
    terminal.note(&say!(
        fr: "{fr} à {path} ; {known} déjà là ; {sans}. « chatons-audit run {id} » en tiendra compte.",
        en: "{en} added to {path}; {known} there already; {without}. `chatons-audit run {id}` will take them into account."
    ));
}

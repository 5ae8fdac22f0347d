//! `review`: a person is asked what machines cannot decide, in the terminal or on a sheet.

mod interview;
mod keep;
mod note;
mod prompts;
mod sheet;

use std::path::PathBuf;
use std::process::Command;

use clap::Args;

use super::args::Common;
use super::audits::Audit;
use super::lang::tr;
use super::run::{clock, day, hoster_id};
use super::terminal::Terminal;
use super::{Outcome, rules};
use crate::audit::{Filter, Plan, Question, Record, Scope, questions};
use crate::criteria::{Charter, CriterionId, Section};
use crate::day::Day;
use crate::file::Fault;
use crate::hoster::HosterId;
use crate::text::say;

#[derive(Debug, Args)]
pub(super) struct ReviewArgs {
    #[arg(value_name = "ID", value_parser = hoster_id, help_heading = tr("Arguments ", "Arguments"), help = tr("L'audit dont poser les questions", "The audit whose questions to ask"))]
    id: HosterId,
    #[arg(long, value_name = "T8,N3", value_delimiter = ',', help_heading = tr("Les questions ", "The questions"), help = tr("Ces critères seulement", "These criteria only"))]
    only: Vec<CriterionId>,
    #[arg(long, value_name = "C,H,A,T,O,N,S,R,L", value_delimiter = ',', value_parser = section, help_heading = tr("Les questions ", "The questions"), help = tr("Ces sections seulement", "These sections only"))]
    section: Vec<Section>,
    #[arg(long, conflicts_with_all = ["again", "actions"], help_heading = tr("Les questions ", "The questions"), help = tr("Seulement les réponses qui ne comptent plus : échues, ou d'avant un changement", "Only answers that count no more: lapsed, or from before a change"))]
    stale: bool,
    #[arg(long, conflicts_with = "actions", help_heading = tr("Les questions ", "The questions"), help = tr("Revoir aussi ce qui est décidé", "See again what is decided, too"))]
    again: bool,
    #[arg(long, conflicts_with = "sheet", help_heading = tr("Les questions ", "The questions"), help = tr("Proposer plutôt une action pour chaque écart du relevé qui n'en a pas", "Propose instead an action for each gap of the record that has none"))]
    actions: bool,
    #[arg(long, value_name = "2016|2023", help_heading = tr("Les questions ", "The questions"), help = tr("Cette édition de la charte, au lieu de celle de hoster.toml", "This edition of the charter, instead of that of hoster.toml"))]
    edition: Option<String>,
    #[arg(long, value_name = tr("FICHIER.csv", "FILE.csv"), help_heading = tr("Les réponses ", "The answers"), help = tr("Pour un tableur : écrire les questions dans ce fichier, ou lire les réponses s'il existe", "For a spreadsheet: write the questions to this file, or read the answers if it exists"))]
    sheet: Option<PathBuf>,
    #[arg(long, value_name = tr("NOM", "NAME"), env = "CHATONS_BY", hide_env_values = true, help_heading = tr("Les réponses ", "The answers"), help = tr("Qui répond (sinon on le demande, en proposant le nom de git)", "Who answers (else it is asked; git's name is proposed)"))]
    by: Option<String>,
    #[arg(long, value_name = tr("AAAA-MM-JJ", "YYYY-MM-DD"), value_parser = day, help_heading = tr("Les réponses ", "The answers"), help = tr("Faire comme si l'on était ce jour-là", "Do as if it were that day"))]
    today: Option<Day>,
}

fn section(text: &str) -> Result<Section, String> {
    text.parse().map_err(|()| {
        tr("une lettre est attendue : C, H, A, T, O, N, S, R ou L", "a letter is expected: C, H, A, T, O, N, S, R or L").to_owned()
    })
}

/// What all ways of asking need.
struct Session<'a> {
    args: &'a ReviewArgs,
    charter: &'a Charter,
    audit: &'a Audit,
    plan: &'a Plan<'a>,
    record: Option<&'a Record>,
    today: Day,
}

pub(super) fn run(args: &ReviewArgs, common: &Common, terminal: &mut Terminal) -> Outcome {
    let charter = rules::charter(common)?;
    let audit = Audit::open(&common.audits, &args.id, &charter)?;
    rules::known_criteria(&charter, &args.only)?;
    rules::known_edition(&charter, args.edition.as_deref())?;
    let edition = args.edition.as_deref().unwrap_or(&audit.hoster.edition);
    let plan = Plan::new(&charter, &audit.hoster, edition, &Filter::default());
    let record = if args.actions { Some(audit.record()?) } else { audit.last_record()? };
    let today = args.today.unwrap_or_else(clock);
    let session = Session { args, charter: &charter, audit: &audit, plan: &plan, record: record.as_ref(), today };
    if let Some(file) = &args.sheet {
        return sheet::run(&session, file, terminal);
    }
    if !Terminal::is_dialogue() {
        let id = &args.id;
        return Err(Fault::nowhere(
            say!(fr: "« review » pose ses questions dans un terminal, et il n'y en a pas ici", en: "`review` asks its questions in a terminal, and there is none here"),
            say!(
                fr: "Le lancer dans un terminal, sans redirection ; ou passer par un tableur : « chatons-audit review {id} --sheet questions.csv ».",
                en: "Run it in a terminal, without redirection; or use a spreadsheet: `chatons-audit review {id} --sheet questions.csv`."
            ),
        )
        .into());
    }
    if args.actions { interview::actions(&session, terminal) } else { interview::questions(&session, terminal) }
}

impl<'a> Session<'a> {
    fn questions(&self) -> Vec<Question<'a>> {
        let scope = match (self.args.stale, self.args.again) {
            (true, _) => Scope::Stale,
            (_, true) => Scope::All,
            _ => Scope::Waiting,
        };
        let mut questions = questions(self.plan, self.record, &self.audit.answers, self.today, scope);
        questions.retain(|question| self.wants(question));
        questions
    }

    fn wants(&self, question: &Question<'_>) -> bool {
        let id = question.criterion().id();
        (self.args.only.is_empty() || self.args.only.contains(&id))
            && (self.args.section.is_empty() || self.args.section.contains(&id.section()))
    }

    /// Who answers, as far as the arguments or git know it.
    fn name(&self) -> Option<String> {
        let git = || {
            let asked = Command::new("git").arg("-C").arg(&self.audit.folder).args(["config", "user.name"]).output().ok()?;
            String::from_utf8(asked.stdout).ok()
        };
        self.args.by.clone().or_else(git).map(|name| crate::text::clean(&name)).filter(|name| !name.is_empty())
    }
}

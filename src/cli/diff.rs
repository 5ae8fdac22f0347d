//! `diff`: what changed since an older record, and why.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::Common;
use super::audits::Audit;
use super::lang::tr;
use super::run::{hoster_id, show_or_write};
use super::terminal::Terminal;
use super::{Exit, Failure, Outcome, rules};
use crate::file::{Fault, Place};
use crate::history::{History, Kept, Trouble};
use crate::hoster::HosterId;
use crate::report::Changes;
use crate::text::say;

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    #[arg(value_name = "ID", value_parser = hoster_id, help_heading = tr("Arguments ", "Arguments"), help = tr("L'audit à comparer", "The audit to compare"))]
    id: HosterId,
    #[arg(value_name = "REV", help_heading = tr("Arguments ", "Arguments"), help = tr("Un commit, une branche, une étiquette (par défaut : le dernier commit)", "A commit, a branch, a tag (default: the last commit)"))]
    revision: Option<String>,
    #[arg(long, value_name = "text|markdown|json", hide_possible_values = true, hide_default_value = true, default_value = "text", help = tr("La forme du résultat", "The form of the outcome"))]
    format: Form,
    #[arg(long, value_name = tr("FICHIER", "FILE"), help = tr("Écrire le résultat dans ce fichier", "Write the outcome to this file"))]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Markdown,
    Json,
}

pub(super) fn run(args: &DiffArgs, common: &Common, terminal: &mut Terminal) -> Outcome {
    let charter = rules::charter(common)?;
    let audit = Audit::open(&common.audits, &args.id, &charter)?;
    let new = audit.record()?;
    let kept = old(&audit, args.revision.as_deref()).map_err(|trouble| Failure::from(trouble.fault(&audit.folder)))?;
    let Some(kept) = kept else { return Err(nothing_there(&audit, args.revision.as_deref()).into()) };
    let old = kept.record?;
    let changes = Changes::new(&old, &new, kept.commit.short(), &charter, &audit.hoster);
    let text = match args.format {
        Form::Text => changes.text(terminal.lang, Terminal::width()),
        Form::Markdown => changes.markdown(terminal.lang),
        Form::Json => changes.json(),
    };
    show_or_write(std::iter::once(text), args.output.as_deref(), terminal)?;
    Ok(Exit::Done)
}

fn old(audit: &Audit, revision: Option<&str>) -> Result<Option<Kept>, Trouble> {
    let history = History::of(&audit.folder)?;
    match revision {
        Some(revision) => history.record_at(history.commit_named(revision)?),
        None => history.last_that_holds_one(),
    }
}

fn nothing_there(audit: &Audit, revision: Option<&str>) -> Fault {
    let at = Place::file(audit.folder.join("record.toml"));
    match revision {
        Some(revision) => Fault::new(
            at,
            say!(fr: "aucun relevé dans le commit « {revision} »", en: "the commit `{revision}` holds no record"),
            say!(fr: "Voir « chatons-audit history {id} ».", en: "See `chatons-audit history {id}`.", with: id = &audit.hoster.id),
        ),
        None => Fault::new(
            at,
            say!(fr: "aucun commit ne contient de relevé", en: "no commit holds a record"),
            say!(fr: "Garder celui-ci : « chatons-audit run {id} --commit ».", en: "Keep this one: `chatons-audit run {id} --commit`.", with: id = &audit.hoster.id),
        ),
    }
}

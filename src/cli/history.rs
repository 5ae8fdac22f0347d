//! `history`: the counts of each record that git remembers.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::Common;
use super::audits::Audit;
use super::lang::tr;
use super::run::{hoster_id, show_or_write};
use super::terminal::Terminal;
use super::{Exit, Failure, Outcome, rules};
use crate::audit::Record;
use crate::file::{Fault, Place};
use crate::history::{History, Kept, Trouble};
use crate::hoster::HosterId;
use crate::report::{curve, progress_json, progress_table};
use crate::text::say;

#[derive(Debug, Args)]
pub(super) struct HistoryArgs {
    #[arg(value_name = "ID", value_parser = hoster_id, help_heading = tr("Arguments ", "Arguments"), help = tr("L'audit dont voir le progrès", "The audit of which to see the progress"))]
    id: HosterId,
    #[arg(long, value_name = "table|json|svg", hide_possible_values = true, hide_default_value = true, default_value = "table", help = tr("La forme du résultat (svg : des courbes)", "The form of the outcome (svg: curves)"))]
    format: Form,
    #[arg(long, value_name = tr("FICHIER", "FILE"), help = tr("Écrire le résultat dans ce fichier", "Write the outcome to this file"))]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Table,
    Json,
    Svg,
}

pub(super) fn run(args: &HistoryArgs, common: &Common, terminal: &mut Terminal) -> Outcome {
    let charter = rules::charter(common)?;
    let audit = Audit::open(&common.audits, &args.id, &charter)?;
    let (all, shallow) = read(&audit).map_err(|trouble| Failure::from(trouble.fault(&audit.folder)))?;
    let records: Vec<(&Kept, &Record)> = all.iter().filter_map(|kept| Some((kept, kept.record.as_ref().ok()?))).collect();
    if shallow {
        terminal.note(&say!(
            fr: "Ce clone est superficiel : les commits plus anciens n'y sont pas (« git fetch --unshallow »).",
            en: "This clone is shallow: older commits are not in it (`git fetch --unshallow`)."
        ));
    }
    for kept in all.iter().filter(|kept| kept.record.is_err()) {
        let commit = kept.commit.short();
        terminal.warn(
            &say!(fr: "Le relevé du commit {commit} est illisible : passé.", en: "The record of commit {commit} cannot be read: left out."),
        );
    }
    let text = match args.format {
        Form::Table => {
            let short: Vec<_> = records.iter().map(|(kept, record)| (kept.commit.short(), *record)).collect();
            Some(short).filter(|short| !short.is_empty()).map(|short| progress_table(&short, terminal.lang, Terminal::width()))
        }
        Form::Json => {
            let named: Vec<_> = records.iter().map(|(kept, record)| (kept.commit.name(), *record)).collect();
            Some(progress_json(&args.id.to_string(), &named))
        }
        Form::Svg => curve(&records.iter().map(|(_, record)| *record).collect::<Vec<_>>(), terminal.lang),
    };
    let Some(text) = text else {
        let id = &args.id;
        return Err(Failure::CouldNot(Fault::new(
            Place::file(audit.folder.join("record.toml")),
            say!(fr: "aucun commit ne contient de relevé", en: "no commit holds a record"),
            say!(fr: "Lancer « chatons-audit run {id} --commit ».", en: "Run `chatons-audit run {id} --commit`."),
        )));
    };
    show_or_write(std::iter::once(text), args.output.as_deref(), terminal)?;
    Ok(Exit::Done)
}

fn read(audit: &Audit) -> Result<(Vec<Kept>, bool), Trouble> {
    let history = History::of(&audit.folder)?;
    Ok((history.all()?, history.is_shallow()?))
}

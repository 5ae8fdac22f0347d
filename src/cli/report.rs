//! `report`: the last record again.

use std::path::PathBuf;

use clap::Args;

use super::args::Common;
use super::audits::Audit;
use super::lang::tr;
use super::run::{Format, hoster_id, show_or_write};
use super::terminal::Terminal;
use super::{Exit, Outcome, rules};
use crate::hoster::HosterId;
use crate::report::{Report, json, markdown, table};

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    #[arg(value_name = "ID", value_parser = hoster_id, help_heading = tr("Arguments ", "Arguments"), help = tr("L'audit à revoir", "The audit to see again"))]
    id: HosterId,
    #[arg(long, value_name = "table|markdown|json", hide_possible_values = true, hide_default_value = true, default_value = "table", help = tr("La forme du rapport", "The form of the report"))]
    format: Format,
    #[arg(long, value_name = tr("FICHIER", "FILE"), help = tr("Écrire le rapport dans ce fichier", "Write the report to this file"))]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &ReportArgs, common: &Common, terminal: &mut Terminal) -> Outcome {
    let charter = rules::charter(common)?;
    let audit = Audit::open(&common.audits, &args.id, &charter)?;
    let record = audit.record()?;
    let report = Report::new(&record, &charter, &audit.hoster, &audit.answers);
    let text = match args.format {
        Format::Table => table(&report, terminal.lang, Terminal::width()),
        Format::Markdown => markdown(&report, terminal.lang),
        Format::Json => json(&record),
    };
    show_or_write(&text, args.output.as_deref(), terminal)?;
    Ok(Exit::Done)
}

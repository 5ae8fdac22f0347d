//! `report`: the last record again.

use std::path::PathBuf;

use clap::Args;

use super::args::Common;
use super::audits::Audit;
use super::lang::tr;
use super::rendering::{self, Asked, FORMATS, Format};
use super::run::{hoster_id, show_or_write};
use super::terminal::Terminal;
use super::{Exit, Outcome, rules};
use crate::hoster::HosterId;

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    #[arg(value_name = "ID", value_parser = hoster_id, help_heading = tr("Arguments ", "Arguments"), help = tr("L'audit à revoir", "The audit to see again"))]
    id: HosterId,
    #[arg(long, value_name = FORMATS, hide_possible_values = true, hide_default_value = true, default_value = "table", help = rendering::help())]
    format: Format,
    #[arg(long, value_name = tr("FICHIER", "FILE"), help = tr("Écrire le rapport dans ce fichier", "Write the report to this file"))]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &ReportArgs, common: &Common, terminal: &mut Terminal) -> Outcome {
    let charter = rules::charter(common)?;
    let audit = Audit::open(&common.audits, &args.id, &charter)?;
    let record = audit.record()?;
    let one = args.format.one(&record, &audit, Asked::One, &charter, terminal.lang);
    show_or_write(args.format.all(std::iter::once(one), Asked::One), args.output.as_deref(), terminal)?;
    Ok(Exit::Done)
}

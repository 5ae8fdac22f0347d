//! `explain`: one criterion, and what was seen of it.

use clap::Args;

use super::args::Common;
use super::audits::Audit;
use super::lang::tr;
use super::run::{criterion_id, hoster_id};
use super::terminal::Terminal;
use super::{Exit, Outcome, rules};
use crate::criteria::CriterionId;
use crate::file::Fault;
use crate::hoster::HosterId;
use crate::report::{explain, explain_record};
use crate::text::say;

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    #[arg(value_name = tr("CRITÈRE", "CRITERION"), value_parser = criterion_id, help_heading = tr("Arguments ", "Arguments"), help = tr("Par exemple T8", "For instance T8"))]
    criterion: CriterionId,
    #[arg(value_name = "ID", value_parser = hoster_id, help_heading = tr("Arguments ", "Arguments"), help = tr("L'audit dont dire ce qui a été vu", "The audit of which to tell what was seen"))]
    id: Option<HosterId>,
}

pub(super) fn run(args: &ExplainArgs, common: &Common, terminal: &mut Terminal) -> Outcome {
    let charter = rules::charter(common)?;
    let id = args.criterion;
    let Some(criterion) = charter.criterion(id) else {
        return Err(Fault::nowhere(
            say!(fr: "le critère {id} n'existe pas", en: "there is no criterion {id}"),
            say!(fr: "Voir « chatons-audit criteria list ».", en: "See `chatons-audit criteria list`."),
        )
        .into());
    };
    let mut text = explain(&charter, criterion, terminal.lang, Terminal::width());
    if let Some(hoster) = &args.id {
        let audit = Audit::open(&common.audits, hoster, &charter)?;
        let record = audit.record()?;
        text.push('\n');
        text.push_str(&explain_record(&record, &audit.hoster, id, terminal.lang, Terminal::width()));
    }
    terminal.print(&text);
    Ok(Exit::Done)
}

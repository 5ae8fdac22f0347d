//! `run`: observe, judge, record, show.

mod browser;
mod committing;
mod observing;
mod outcome;
mod planning;
mod pressed;
mod progress;
mod second;
mod texts;
mod worse;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::Common;
use super::audits::{self, Audit};
use super::lang::tr;
use super::rendering::{self, FORMATS, Format};
use super::terminal::Terminal;
use super::{Exit, Failure, Outcome, rules};
use crate::audit::{Filter, Plan, judge_all};
use crate::check::rehearse;
use crate::criteria::{Charter, CriterionId, Family};
use crate::day::Day;
use crate::file::Fault;
use crate::hoster::{HosterId, Subject};
use crate::probe::Cost;
use crate::text::{Text, say};
pub(super) use observing::Observing;
use outcome::Keeper;
pub(super) use outcome::{not_written, show_or_write};

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[arg(value_name = "ID", value_parser = hoster_id, help_heading = tr("Arguments ", "Arguments"), help = tr("Les audits à faire ; sans nom, tous", "The audits to run; without any, all"))]
    ids: Vec<HosterId>,
    #[command(flatten)]
    pub(super) what: What,
    #[command(flatten)]
    pub(super) shown: Shown,
    #[command(flatten)]
    pub(super) observing: Observing,
    #[arg(long, conflicts_with = "dry_run", help_heading = tr("Le résultat ", "The outcome"), help = tr("Garder dans git ce qui a changé dans le dossier de l'audit, et rien d'autre", "Keep in git what changed in the folder of the audit, and nothing else"))]
    commit: bool,
    #[arg(long, conflicts_with_all = ["commit", "offline", "output"], help_heading = tr("Le réseau", "The network"), help = tr("Dire ce qui serait visité d'abord, et ne rien demander", "Say what would be visited first, and ask for nothing"))]
    plan: bool,
    #[arg(long, conflicts_with_all = ["offline", "proxy"], help_heading = tr("Le réseau", "The network"), help = tr("Demander aussi aux serveurs de courriel s'ils chiffrent (port 25), sans rien envoyer", "Ask mail servers too whether they encrypt (port 25), without sending anything"))]
    smtp: bool,
}

/// Which part of the rules.
#[derive(Debug, Args)]
#[command(next_help_heading = tr("Ce qui est jugé ", "What is judged"))]
pub(super) struct What {
    #[arg(long, value_name = "T8,N3", value_delimiter = ',', value_parser = criterion_id, help = tr("Ces critères seulement", "These criteria only"))]
    only: Vec<CriterionId>,
    #[arg(long, value_name = "ID", value_delimiter = ',', help = tr("Ces services seulement (« hoster » : le site lui-même)", "These services only (`hoster`: the site itself)"))]
    service: Vec<Subject>,
    #[arg(long, value_name = "2016|2023", help = tr("Cette édition de la charte, au lieu de celle de hoster.toml", "This edition of the charter, instead of that of hoster.toml"))]
    edition: Option<String>,
    #[arg(long, value_name = "charter,checklist,law", value_delimiter = ',', hide_possible_values = true, help = tr("Ces familles de critères seulement", "These families of criteria only"))]
    families: Vec<Family>,
}

/// How the outcome is shown and kept.
#[derive(Debug, Args)]
#[command(next_help_heading = tr("Le résultat ", "The outcome"))]
pub(super) struct Shown {
    #[arg(long, value_name = FORMATS, hide_possible_values = true, hide_default_value = true, default_value = "table", help = rendering::help())]
    pub(super) format: Format,
    #[arg(long, value_name = tr("FICHIER", "FILE"), help = tr("Écrire le résultat dans ce fichier", "Write the outcome to this file"))]
    pub(super) output: Option<PathBuf>,
    #[arg(long, help = tr("N'écrire ni relevé ni rapport", "Write neither record nor report"))]
    pub(super) dry_run: bool,
    #[arg(long, value_name = "required|encouraged|regression|never", hide_possible_values = true, hide_default_value = true, default_value = "required",
        help = tr("Ce qui fait finir par le code 1 (par défaut : required)", "What makes the exit code 1 (default: required)"))]
    pub(super) fail_on: FailOn,
    #[arg(long, value_name = tr("AAAA-MM-JJ", "YYYY-MM-DD"), value_parser = day, help = tr("Faire comme si l'on était ce jour-là", "Do as if it were that day"))]
    pub(super) today: Option<Day>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Required,
    Encouraged,
    /// Something that was not unmet in the last commit is, or what was promised is overdue.
    Regression,
    Never,
}

/// An id as people type it: `t8` too.
pub(super) fn criterion_id(text: &str) -> Result<CriterionId, String> {
    let (letter, rest) = text.split_at_checked(1).unwrap_or((text, ""));
    let id = format!("{}{rest}", letter.to_ascii_uppercase());
    id.parse().map_err(|_| tr("un critère se nomme comme T8 ou R9a", "a criterion is named as T8 or R9a").to_owned())
}

pub(super) fn hoster_id(text: &str) -> Result<HosterId, String> {
    text.parse().map_err(|why: crate::text::Text| tr_text(&why))
}

/// A text in the language spoken, for errors of arguments.
pub(super) fn tr_text(text: &crate::text::Text) -> String {
    let lang = if tr("fr", "en") == "fr" { crate::text::Lang::Fr } else { crate::text::Lang::En };
    text.in_lang(lang).to_owned()
}

pub(super) fn day(text: &str) -> Result<Day, String> {
    text.parse().map_err(|_| tr("une date comme 2026-11-22 est attendue", "a date such as 2026-11-22 is expected").to_owned())
}

/// Today in UTC, by the machine's clock: the one place that reads it.
#[expect(clippy::disallowed_methods, reason = "the clock enters here and nowhere else")]
pub(in crate::cli) fn clock() -> Day {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Day::of_unix(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

pub(super) fn run(args: &RunArgs, common: &Common, terminal: &mut Terminal) -> Outcome {
    let charter = rules::charter(common)?;
    let audits = audits::open_all(&common.audits, &args.ids, &charter)?;
    let outcome = audit(&charter, &audits, args, terminal);
    // To take the rules apart would keep the user waiting: they go with the process.
    std::mem::forget(charter);
    outcome
}

/// Audits hosters with the rules: the very code of `run` and of `demo`.
pub(super) fn audit(charter: &Charter, audits: &[Audit], args: &RunArgs, terminal: &mut Terminal) -> Outcome {
    let today = args.shown.today.unwrap_or_else(clock);
    let filter = args.what.filter(charter, audits)?;
    let plans: Vec<Plan<'_>> = audits
        .iter()
        .map(|audit| Plan::new(charter, &audit.hoster, args.what.edition.as_deref().unwrap_or(&audit.hoster.edition), &filter))
        .collect();
    if plans.iter().all(|plan| plan.steps.is_empty()) {
        return Err(Failure::from(Fault::nowhere(
            say!(fr: "il n'y a rien à juger avec ces options", en: "there is nothing to judge with these options"),
            say!(fr: "Élargir « --only », « --service » ou « --families ».", en: "Widen `--only`, `--service` or `--families`."),
        )));
    }
    if args.commit && filter.is_partial() {
        return Err(Failure::from(Fault::nowhere(
            say!(fr: "« --commit » ne va pas avec un audit partiel, qui n'écrit rien", en: "`--commit` does not go with a partial audit, which writes nothing"),
            say!(fr: "Retirer « --commit », ou « --only », « --service » et « --families ».", en: "Remove `--commit`, or `--only`, `--service` and `--families`."),
        )));
    }
    if args.plan {
        terminal.print(&planning::told(&plans, today, terminal.lang));
        if args.smtp {
            terminal.print(&planning::mail(&plans, today, terminal.lang));
        }
        return Ok(Exit::Done);
    }
    let mut keeper = Keeper::new(charter, audits, &plans, args, filter.is_partial(), today, terminal.lang)?;
    if let Some(word) = args.observing.missing_browser() {
        terminal.warn(&word);
    }
    let mut observing = args.observing.clone();
    observing.smtp = args.smtp;
    let mut observer = observing.observer(today).map_err(Failure::from)?;
    let mut watch = progress::Progress::new(&mut keeper, terminal.is_watched(), terminal.lang);
    let course = std::thread::scope(|scope| {
        if !observing.is_offline() && !filter.is_partial() {
            scope.spawn(|| rehearse(charter, plans.iter().map(|plan| plan.hoster)));
        }
        judge_all(&plans, today, &mut observer, &mut watch)
    });
    watch.finish();
    for doubt in second::look_again(keeper.doubts(), &plans, today, &mut observer) {
        keeper.settle(&doubt);
    }
    if let Some(cost) = observer.cost() {
        terminal.note(&told(cost));
        if terminal.verbose {
            let chain = course.longest_chain;
            terminal.note(&say!(fr: "La plus longue suite : {chain} visites l'une après l'autre.", en: "The longest chain: {chain} visits one after the other."));
        }
    }
    if observer.was_interrupted() {
        terminal.warn(&say!(fr: "Interrompu : ce qui était complet est noté, le reste est comme avant.", en: "Interrupted: what was whole is recorded, the rest is as before."));
    }
    keeper.finish(terminal)
}

/// What the run cost those who were audited.
fn told(cost: Cost) -> Text {
    let (requests, kib) = (cost.requests, cost.bytes / 1024);
    say!(fr: "Coût : {requests} requêtes, {kib} Kio reçus.", en: "Cost: {requests} requests, {kib} KiB received.")
}

impl RunArgs {
    /// `run` as the demo needs it: everything is judged.
    pub(super) fn of_demo(shown: Shown, observing: Observing) -> Self {
        let what = What { only: Vec::new(), service: Vec::new(), edition: None, families: Vec::new() };
        Self { ids: Vec::new(), what, shown, observing, commit: false, plan: false, smtp: false }
    }
}

impl What {
    fn filter(&self, charter: &Charter, audits: &[Audit]) -> Result<Filter, Failure> {
        rules::known_edition(charter, self.edition.as_deref())?;
        rules::known_criteria(charter, &self.only)?;
        if let Some(service) = self.service.iter().find(|service| !audits.iter().any(|audit| audit.hoster.site(service).is_some())) {
            return Err(Failure::from(Fault::nowhere(
                say!(fr: "aucun hoster.toml n'a de service « {service} »", en: "no hoster.toml has a service `{service}`"),
                say!(fr: "Prendre l'id d'un [[service]].", en: "Take the id of a [[service]]."),
            )));
        }
        Ok(Filter {
            only: self.only.iter().copied().collect(),
            services: self.service.iter().cloned().collect(),
            families: self.families.iter().copied().collect(),
        })
    }
}

//! The arguments that all commands share, and the list of commands.

use std::path::PathBuf;

use clap::{ArgAction, Args, CommandFactory, Parser, Subcommand, ValueEnum};

use super::lang::tr;
use super::{completions, criteria, demo, diff, explain, history, init, report, review, run, schema};
use crate::text::Lang;

/// The program.
#[derive(Debug, Parser)]
#[command(name = "chatons-audit", version, about = tr(
    "Compare le site et les services d'un hébergeur avec la charte CHATONS, et garde les écarts dans git",
    "Compare a hoster's web site and services with the CHATONS charter, and keep the gaps in git",
))]
#[command(
    propagate_version = true,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    arg_required_else_help = true
)]
#[command(subcommand_help_heading = tr("Commandes ", "Commands"), subcommand_value_name = tr("COMMANDE", "COMMAND"))]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    #[command(about = tr("Décrire un hébergeur : lire son site, proposer hoster.toml", "Describe a hoster: read its site, propose hoster.toml"))]
    Init(init::InitArgs),
    #[command(about = tr("Observer, juger, noter dans record.toml et report.md, afficher le tableau", "Observe, judge, record in record.toml and report.md, print the table"))]
    Run(run::RunArgs),
    #[command(about = tr("Demander à une personne ce que les machines ne décident pas", "Ask a person what machines cannot decide"))]
    Review(review::ReviewArgs),
    #[command(about = tr("Revoir le dernier relevé", "See the last record again"))]
    Report(report::ReportArgs),
    #[command(about = tr("Ce qui a changé depuis un commit, et pourquoi", "What changed since a commit, and why"))]
    Diff(diff::DiffArgs),
    #[command(about = tr("Le progrès, commit après commit, en tableau ou en courbes", "The progress, commit after commit, as a table or as curves"))]
    History(history::HistoryArgs),
    #[command(about = tr("Expliquer un critère : la clause, le contrôle, ce qui a été vu, que faire", "Explain a criterion: the clause, the check, what was seen, what to do"))]
    Explain(explain::ExplainArgs),
    #[command(about = tr("Les règles : les lister, y chercher des fautes", "The rules: list them, look for faults in them"))]
    Criteria(criteria::CriteriaArgs),
    #[command(about = tr("Le schéma JSON d'un fichier, ou la liste des codes", "The JSON Schema of a file, or the list of codes"))]
    Schema(schema::SchemaArgs),
    #[command(about = tr("Complétions pour l'interpréteur de commandes", "Completions for the shell"))]
    Completions(completions::CompletionsArgs),
    #[command(about = tr("La page de manuel", "The manual page"))]
    Man,
    #[command(about = tr("Auditer un hébergeur imaginaire, servi sur cette machine, sans Internet", "Audit an imaginary hoster, served on this machine, without the Internet"))]
    Demo(demo::DemoArgs),
}

#[derive(Debug, Args)]
#[command(next_help_heading = tr("Options générales ", "General options"))]
pub(super) struct Common {
    #[arg(long, global = true, value_name = tr("DOSSIER", "DIR"), hide_default_value = true, default_value = "audits",
        help = tr("Où sont les audits (par défaut : audits)", "Where the audits are (default: audits)"))]
    pub(super) audits: PathBuf,
    #[arg(long, global = true, value_name = tr("DOSSIER", "DIR"),
        help = tr("Où sont les règles (par défaut : ./criteria s'il existe, sinon celles du programme)", "Where the rules are (default: ./criteria if it is there, else the built-in ones)"))]
    pub(super) criteria: Option<PathBuf>,
    #[arg(long, global = true, value_name = "fr|en", hide_possible_values = true, help = tr("La langue (sinon CHATONS_LANG, la locale, le français)", "The language (else CHATONS_LANG, the locale, French)"))]
    pub(super) lang: Option<Lang>,
    #[arg(long, global = true, value_name = "auto|always|never", hide_possible_values = true, hide_default_value = true, default_value = "auto",
        help = tr("Des couleurs ? (NO_COLOR est respecté)", "Colours? (NO_COLOR is respected)"))]
    pub(super) color: Colour,
    #[arg(short, long, global = true, help = tr("Ne dire que l'essentiel", "Say only what matters"))]
    pub(super) quiet: bool,
    #[arg(short, long, global = true, help = tr("En dire plus", "Say more"))]
    pub(super) verbose: bool,
    #[arg(short, long, global = true, action = ArgAction::Help, help = tr("Cette aide", "This help"))]
    help: Option<bool>,
    #[arg(short = 'V', long, global = true, action = ArgAction::Version, help = tr("La version", "The version"))]
    version: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}

/// The command, its help in the language spoken.
pub(super) fn command() -> clap::Command {
    in_lang(Cli::command())
}

fn in_lang(command: clap::Command) -> clap::Command {
    let template = tr("{about}\n\nUtilisation : {usage}\n\n{all-args}{after-help}", "{about}\n\nUsage: {usage}\n\n{all-args}{after-help}");
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let command = command.help_template(template).disable_help_flag(true).disable_help_subcommand(true);
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, in_lang))
}

//! The command line: a file a sub-command, its arguments and what it does. Only this module prints.

mod args;
mod audits;
mod completions;
mod criteria;
mod demo;
mod diff;
mod explain;
mod history;
mod init;
mod lang;
mod rendering;
mod report;
mod review;
mod rules;
mod run;
mod schema;
mod terminal;
mod usage;

use std::ffi::OsString;

use clap::FromArgMatches;

use args::{Cli, Command};
use terminal::Terminal;

use crate::file::Faults;

/// How a command ended, as scripts see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Nothing of the level asked is unmet.
    Done = 0,
    Gaps = 1,
    /// Wrong usage or a faulty file.
    Faulty = 2,
    /// Nothing could be audited, or the outcome could not be written.
    NotAudited = 3,
}

/// What a command comes to; faults are shown by the caller, all at once, and end with [`Exit::Faulty`].
type Outcome = Result<Exit, Failure>;

/// Why a command could not do its work.
enum Failure {
    Faults(Faults),
    /// Nothing of the user's doing: the disk, the network, the machine.
    CouldNot(crate::file::Fault),
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self::Faults(faults)
    }
}

impl From<crate::file::Fault> for Failure {
    fn from(fault: crate::file::Fault) -> Self {
        Self::Faults(vec![fault])
    }
}

/// Runs the program on these arguments, the first of which is its name; the exit code is for the shell.
pub(crate) fn run(args: impl IntoIterator<Item = OsString>) -> Exit {
    let args: Vec<OsString> = args.into_iter().collect();
    let lang = lang::choose(&args);
    lang::speak(lang);
    let parsed = args::command().try_get_matches_from(&args).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return usage::tell(&error, lang),
    };
    let mut terminal = Terminal::new(lang, cli.common.color, cli.common.quiet, cli.common.verbose);
    let outcome = match cli.command {
        Command::Init(args) => init::run(&args, &cli.common, &mut terminal),
        Command::Run(args) => run::run(&args, &cli.common, &mut terminal),
        Command::Review(args) => review::run(&args, &cli.common, &mut terminal),
        Command::Report(args) => report::run(&args, &cli.common, &mut terminal),
        Command::Diff(args) => diff::run(&args, &cli.common, &mut terminal),
        Command::History(args) => history::run(&args, &cli.common, &mut terminal),
        Command::Explain(args) => explain::run(&args, &cli.common, &mut terminal),
        Command::Criteria(args) => criteria::run(&args, &cli.common, &mut terminal),
        Command::Schema(args) => schema::run(&args, &mut terminal),
        Command::Completions(args) => completions::run(&args, &mut terminal),
        Command::Man => completions::man(&mut terminal),
        Command::Demo(args) => demo::run(args, &cli.common, &mut terminal),
    };
    let exit = match outcome {
        Ok(exit) => exit,
        Err(Failure::Faults(faults)) => {
            terminal.faults(&faults);
            Exit::Faulty
        }
        Err(Failure::CouldNot(fault)) => {
            terminal.faults(&[fault]);
            Exit::NotAudited
        }
    };
    if terminal.write_failed() { Exit::NotAudited } else { exit }
}

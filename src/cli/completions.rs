//! `completions` and `man`: what a distribution ships beside the program.

use clap::Args;
use clap_complete::Shell;

use super::args::command;
use super::lang::tr;
use super::terminal::Terminal;
use super::{Exit, Outcome};

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    #[arg(value_name = "bash|elvish|fish|powershell|zsh", hide_possible_values = true, help_heading = tr("Arguments ", "Arguments"), help = tr("Pour quel interpréteur", "For which shell"))]
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs, terminal: &mut Terminal) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "chatons-audit", &mut script);
    terminal.print(&String::from_utf8_lossy(&script));
    Ok(Exit::Done)
}

pub(super) fn man(terminal: &mut Terminal) -> Outcome {
    let mut page = Vec::new();
    // Writing to memory does not fail.
    let _ = clap_mangen::Man::new(command()).render(&mut page);
    terminal.print(&String::from_utf8_lossy(&page));
    Ok(Exit::Done)
}

//! `schema`: the form of the files, for editors and for other programs.

use clap::{Args, ValueEnum};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use super::lang::tr;
use super::terminal::Terminal;
use super::{Exit, Outcome};
use crate::audit::Record;
use crate::check::Check;
use crate::criteria::CriterionFile;
use crate::facts::SilenceKind;
use crate::hoster::{Answers, Written};
use crate::probe::Settings;
use crate::text::{Lang, say};

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    #[arg(value_name = "record|hoster|answers|criteria|codes|limits", hide_possible_values = true, help_heading = tr("Arguments ", "Arguments"), help = tr("De quoi", "Of what"))]
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Record,
    Hoster,
    Answers,
    Criteria,
    /// Every code that a finding can have.
    Codes,
    /// Within what limits others are visited: a table in Markdown.
    Limits,
}

pub(super) fn run(args: &SchemaArgs, terminal: &mut Terminal) -> Outcome {
    let text = match args.kind {
        Kind::Record => schema_of::<Record>(),
        Kind::Hoster => schema_of::<Written>(),
        Kind::Answers => schema_of::<Answers>(),
        Kind::Criteria => schema_of::<CriterionFile>(),
        Kind::Codes => codes(),
        Kind::Limits => limits(terminal.lang),
    };
    terminal.print(&text);
    Ok(Exit::Done)
}

/// Draft 7: what editors understand today.
fn schema_of<T: JsonSchema>() -> String {
    let schema: Schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<T>();
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is plain data");
    text.push('\n');
    text
}

fn limits(lang: Lang) -> String {
    let head = say!(fr: "| ce qui est borné | limite | option |", en: "| what is bounded | limit | option |");
    let mut text = format!("{}\n| --- | --- | --- |\n", head.in_lang(lang));
    for (what, value, option) in Settings::limits() {
        let option = if option.is_empty() { "–".to_owned() } else { format!("`{option}`") };
        text.push_str(&format!("| {} | {} | {option} |\n", what.in_lang(lang), value.in_lang(lang)));
    }
    text
}

fn codes() -> String {
    let mut text = String::new();
    for (check, codes) in Check::ALL {
        for code in *codes {
            text.push_str(&format!("{check}.{code}\n"));
        }
    }
    for code in SilenceKind::CODES {
        text.push_str(&format!("*.{code}\n"));
    }
    text
}

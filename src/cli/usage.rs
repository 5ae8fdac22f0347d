//! What is wrong with a command line, in the user's language.

use std::io::Write;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Exit;
use crate::file::refused_address;
use crate::text::{Lang, Text, say};

/// Help and version go to the output and are no fault; the rest goes to the error output.
pub(super) fn tell(error: &clap::Error, lang: Lang) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A closed pipe is the reader's choice.
            let _ = error.print();
            Exit::Done
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            Exit::Faulty
        }
        _ => {
            let (what, more) = (sentence(error), suggestion(error));
            let label = say!(fr: "erreur", en: "error");
            let help = say!(fr: "Voir « chatons-audit --help ».", en: "See `chatons-audit --help`.");
            let mut text = format!("{} : {}\n", label.in_lang(lang), crate::text::clean(what.in_lang(lang)));
            if lang == Lang::En {
                text = text.replacen(" : ", ": ", 1);
            }
            if let Some(more) = more {
                text.push_str(&format!("{}\n", crate::text::clean(more.in_lang(lang))));
            }
            text.push_str(help.in_lang(lang));
            text.push('\n');
            let _ = std::io::stderr().write_all(text.as_bytes());
            Exit::Faulty
        }
    }
}

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    }
}

fn sentence(error: &clap::Error) -> Text {
    let arg = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => say!(fr: "« {arg} » n'existe pas ici", en: "`{arg}` does not exist here"),
        ErrorKind::InvalidSubcommand => {
            let name = context(error, ContextKind::InvalidSubcommand);
            say!(fr: "la commande « {name} » n'existe pas", en: "there is no command `{name}`")
        }
        ErrorKind::InvalidValue if value.is_empty() => say!(fr: "« {arg} » attend une valeur", en: "`{arg}` expects a value"),
        ErrorKind::InvalidValue => {
            let known = context(error, ContextKind::ValidValue);
            say!(fr: "« {value} » n'est pas une valeur de « {arg} » ({known})", en: "`{value}` is not a value of `{arg}` ({known})")
        }
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            let why = refused_address(&why).unwrap_or_else(|| Text::same(why));
            say!(
                fr: "« {value} » ne convient pas pour « {arg} » : {w_fr}",
                en: "`{value}` does not fit `{arg}`: {w_en}",
                with: w_fr = why.fr, w_en = why.en
            )
        }
        ErrorKind::MissingRequiredArgument => say!(fr: "il manque : {arg}", en: "missing: {arg}"),
        ErrorKind::MissingSubcommand => say!(fr: "il manque une commande", en: "a command is missing"),
        ErrorKind::ArgumentConflict => {
            let other = context(error, ContextKind::PriorArg);
            say!(fr: "« {arg} » ne va pas avec « {other} »", en: "`{arg}` does not go with `{other}`")
        }
        _ => {
            let plain = error.to_string();
            let plain = plain.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            Text::same(plain)
        }
    }
}

fn suggestion(error: &clap::Error) -> Option<Text> {
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let near = near.into_iter().map(|kind| context(error, kind)).find(|near| !near.is_empty())?;
    Some(say!(fr: "Peut-être « {near} » ?", en: "Did you mean `{near}`?"))
}

//! Reading a TOML file so that all its faults are told at once, each with its line, in the user's language.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Faults, Place};
use super::mistake::{missing_field, told};
use crate::text::{Text, say};

/// A file that was read: its name for messages, and its text.
#[derive(Debug, Clone)]
pub struct Source {
    pub file: PathBuf,
    pub text: String,
}

impl Source {
    pub fn new(file: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self { file: file.into(), text: text.into() }
    }

    pub fn open(path: &Path) -> Result<Self, Fault> {
        match std::fs::read(path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Ok(Self::new(path, text)),
                Err(error) => {
                    let valid = error.utf8_error().valid_up_to();
                    let line = String::from_utf8_lossy(&error.as_bytes()[..valid]).lines().count().max(1);
                    Err(Fault::new(
                        Place::file(path),
                        say!(fr: "la ligne {line} n'est pas en UTF-8", en: "line {line} is not in UTF-8"),
                        say!(fr: "Enregistrer le fichier en UTF-8.", en: "Save the file as UTF-8."),
                    ))
                }
            },
            Err(error) => {
                let reason = io_reason(&error);
                let (fr, en) = (reason.fr, reason.en);
                Err(Fault::new(
                    Place::file(path),
                    say!(fr: "lecture impossible : {fr}", en: "cannot be read: {en}"),
                    say!(fr: "Vérifier le chemin et les droits.", en: "Check the path and the permissions."),
                ))
            }
        }
    }

    /// A place in this file; `span` is in bytes.
    pub fn place(&self, span: Range<usize>) -> Place {
        Place::in_text(&self.file, &self.text, span)
    }

    /// The first `"word"` from byte `from` on, for a fault of meaning in a value whose place is not kept.
    pub fn place_of_word(&self, from: usize, word: &str) -> Place {
        let quoted = [format!("\"{word}\""), format!("'{word}'"), word.to_owned()];
        let found = quoted.iter().find_map(|quoted| {
            let at = self.text.get(from..)?.find(quoted.as_str())?;
            Some(from + at..from + at + quoted.len())
        });
        self.place(found.unwrap_or(from..from))
    }
}

/// What the operating system said, in words.
pub fn io_reason(error: &std::io::Error) -> Text {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => say!(fr: "le fichier n'existe pas", en: "the file does not exist"),
        ErrorKind::PermissionDenied => say!(fr: "accès refusé", en: "permission denied"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => say!(fr: "le disque est plein", en: "the disk is full"),
        ErrorKind::ReadOnlyFilesystem => say!(fr: "le disque est en lecture seule", en: "the disk is read-only"),
        ErrorKind::IsADirectory => say!(fr: "c'est un dossier", en: "it is a folder"),
        ErrorKind::NotADirectory => say!(fr: "un des dossiers du chemin est un fichier", en: "a folder of the path is a file"),
        _ => say!(fr: "{error}", en: "{error}"),
    }
}

/// More faults than this are noise.
const MOST_FAULTS: usize = 50;

/// Reads a whole file, or tells every fault of it.
pub fn read<T: DeserializeOwned>(source: &Source) -> Result<T, Faults> {
    let parsed = || DeTable::parse_recoverable(&source.text);
    let (document, errors) = parsed();
    if !errors.is_empty() {
        // What follows a syntax error is mostly its echo.
        return Err(errors.iter().take(3).map(|error| fault(source, error)).collect());
    }
    T::deserialize(toml::de::Deserializer::from(document)).map_err(|_| faults::<T>(source, parsed().0))
}

/// Every fault of a file that is TOML: the value at fault is taken out and the rest is read again.
fn faults<T: DeserializeOwned>(source: &Source, mut document: Spanned<DeTable<'_>>) -> Faults {
    let mut faults = Faults::new();
    let mut mended = BTreeSet::new();
    while let Err(error) = T::deserialize(toml::de::Deserializer::from(document.clone())) {
        let span = error.span();
        let echo =
            missing_field(error.message()).zip(span.clone()).is_some_and(|(field, span)| mended.contains(&(span.start, field.to_owned())));
        if !echo {
            faults.push(fault(source, &error));
        }
        let Some(span) = span.filter(|_| faults.len() < MOST_FAULTS) else { break };
        if !take_out(document.get_mut(), &span, &mut mended, 0) {
            break;
        }
    }
    faults
}

/// Takes the smallest value that holds `span` out of `table`; notes the field that is now missing on purpose.
fn take_out(table: &mut DeTable<'_>, span: &Range<usize>, mended: &mut BTreeSet<(usize, String)>, table_start: usize) -> bool {
    let Some(key) = table.iter().find(|(key, value)| key.span() == *span || holds(value, span)).map(|(key, _)| key.clone()) else {
        return false;
    };
    let value = table.get_mut(&key).expect("the key was just found");
    if value.span() != *span && key.span() != *span {
        let start = value.span().start;
        let deeper = match value.get_mut() {
            DeValue::Table(inner) => take_out(inner, span, mended, start),
            DeValue::Array(items) => {
                let mut kept: Vec<Spanned<DeValue<'_>>> = items.iter().cloned().collect();
                let found = kept.iter().position(|item| holds(item, span));
                if let Some(at) = found {
                    let (start, whole) = (kept[at].span().start, kept[at].span() == *span);
                    let mended = match kept[at].get_mut() {
                        DeValue::Table(inner) if !whole => take_out(inner, span, mended, start),
                        _ => false,
                    };
                    if !mended {
                        kept.remove(at);
                    }
                    *items = kept.into_iter().collect();
                }
                found.is_some()
            }
            _ => false,
        };
        if deeper {
            return true;
        }
    }
    mended.insert((table_start, key.get_ref().to_string()));
    table.remove(&key);
    true
}

fn holds(value: &Spanned<DeValue<'_>>, span: &Range<usize>) -> bool {
    value.span() == *span
        || match value.get_ref() {
            DeValue::Table(table) => table.iter().any(|(key, value)| key.span() == *span || holds(value, span)),
            DeValue::Array(items) => items.iter().any(|item| holds(item, span)),
            _ => false,
        }
}

fn fault(source: &Source, error: &toml::de::Error) -> Fault {
    let span = error.span().unwrap_or(0..0);
    let (what, remedy) = told(error.message());
    Fault::new(source.place(span), what, remedy)
}

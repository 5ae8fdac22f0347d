//! Writing down what was just said, whole and at once.

use toml_edit::TomlError;

use super::Session;
use crate::cli::Failure;
use crate::cli::run::not_written;
use crate::file::{Fault, Place, Source, write_whole};
use crate::hoster::Answers;
use crate::text::say;

impl Session<'_> {
    /// The answers as the file has them now: somebody else may be writing it, too.
    pub(super) fn answers(&self) -> Result<(Source, Answers), Failure> {
        let path = self.audit.folder.join("answers.toml");
        let source = if path.exists() { Source::open(&path)? } else { Source::new(path, "") };
        let answers = Answers::read(&source, self.charter, &self.audit.hoster)?;
        Ok((source, answers))
    }

    /// Changes the file as it is now; a faulty one, or a change that would make it so, is not written.
    pub(super) fn keep(&self, change: impl Fn(&str) -> Result<String, TomlError>) -> Result<(), Failure> {
        let (source, _) = self.answers()?;
        let text = change(&source.text).map_err(|error| {
            Fault::new(
                Place::file(&source.file),
                say!(fr: "ce fichier ne se laisse pas compléter : {error}", en: "this file cannot be added to: {error}"),
                say!(fr: "Y corriger le TOML.", en: "Mend its TOML."),
            )
        })?;
        Answers::read(&Source::new(&*source.file, text.as_str()), self.charter, &self.audit.hoster)?;
        write_whole(&source.file, &text).map_err(|error| Failure::CouldNot(not_written(&source.file, &error)))?;
        Ok(())
    }
}

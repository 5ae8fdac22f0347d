//! What the program prints, and where: results on the output, the rest on the error output.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

use super::args::Colour;
use crate::file::Fault;
use crate::report::USUAL_WIDTH;
use crate::text::{Lang, Text};

/// The two outputs of the program and how to write on them.
pub(super) struct Terminal {
    pub(super) lang: Lang,
    pub(super) quiet: bool,
    pub(super) verbose: bool,
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
    out_failed: bool,
}

impl Terminal {
    pub(super) fn new(lang: Lang, colour: Colour, quiet: bool, verbose: bool) -> Self {
        let choice = match colour {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::AlwaysAnsi,
            Colour::Never => ColorChoice::Never,
        };
        let (out, err) = (AutoStream::new(io::stdout(), choice), AutoStream::new(io::stderr(), choice));
        Self { lang, quiet, verbose, out, err, out_failed: false }
    }

    /// Columns of the output; the usual width where it is no terminal, so that the same record gives the same text.
    pub(super) fn width() -> u16 {
        let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let seen = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0);
        asked.or_else(|| if io::stdout().is_terminal() { seen() } else { None }).unwrap_or(USUAL_WIDTH).max(40)
    }

    /// Results. A reader that closes the pipe has seen enough.
    pub(super) fn print(&mut self, text: &str) {
        let written = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
        self.out_failed |= written.is_err_and(|error| error.kind() != io::ErrorKind::BrokenPipe);
    }

    /// Whether a result could not be written: a full disk behind `>`.
    pub(super) fn write_failed(&self) -> bool {
        self.out_failed
    }

    /// What a person should know besides the result.
    pub(super) fn note(&mut self, text: &Text) {
        if !self.quiet {
            self.warn(text);
        }
    }

    /// What a person should know even when quiet.
    pub(super) fn warn(&mut self, text: &Text) {
        // Nowhere is left to tell that the error output is closed.
        let _ = writeln!(self.err, "{}", text.in_lang(self.lang));
    }

    pub(super) fn faults(&mut self, faults: &[Fault]) {
        for fault in faults {
            let _ = writeln!(self.err, "{}\n", fault.show(self.lang, true));
        }
    }

    /// Whether a person can be asked something: they see both outputs and type.
    pub(super) fn is_dialogue() -> bool {
        io::stdin().is_terminal() && io::stdout().is_terminal() && io::stderr().is_terminal()
    }

    /// Whether a person watches the error output.
    pub(super) fn is_watched(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }
}

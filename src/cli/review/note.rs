//! A long note, written in the user's own editor.

// inquire's `Editor` is not used: its prompt is in English whatever the user speaks.

use std::io::{self, Write};
use std::process::Command;

/// Opens `$VISUAL` or `$EDITOR` on an empty text and gives what was saved; nothing when the editor failed.
pub(super) fn from_editor() -> io::Result<Option<String>> {
    let mut file = tempfile::Builder::new().prefix("note-").suffix(".txt").tempfile()?;
    file.flush()?;
    let usual = if cfg!(windows) { "notepad" } else { "vi" };
    let editor = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| std::env::var(name).ok()).find(|editor| !editor.trim().is_empty());
    let editor = editor.unwrap_or_else(|| usual.to_owned());
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or(usual);
    let ended = Command::new(program).args(words).arg(file.path()).status()?;
    if !ended.success() {
        return Ok(None);
    }
    let text = String::from_utf8_lossy(&std::fs::read(file.path())?).replace("\r\n", "\n");
    Ok(Some(text.trim().to_owned()))
}

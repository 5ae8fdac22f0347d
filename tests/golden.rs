//! What the demo shows, in each form and both languages, byte for byte. `UPDATE_GOLDEN=1 cargo test` after a change of its look.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without, it may fail on")]

mod kept;
mod program;

use program::{program, ran};

fn shown(form: &str, lang: &str, file: &str) {
    let folder = tempfile::tempdir().unwrap();
    let words = ["demo", "--today", "2026-11-22", "--into", "audits", "--format", form, "--lang", lang];
    let ran = ran(&mut program(folder.path()), words);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("audits/chat-perche/record.toml"), "{}", ran.err);
    kept::compare(&format!("golden/{file}"), &ran.out);
}

#[test]
fn the_table_in_french() {
    shown("table", "fr", "table.fr.txt");
}

#[test]
fn the_table_in_english() {
    shown("table", "en", "table.en.txt");
}

#[test]
fn the_report_in_french() {
    shown("markdown", "fr", "report.fr.md");
}

#[test]
fn the_report_in_english() {
    shown("markdown", "en", "report.en.md");
}

/// The record holds both languages: it is the same whichever is spoken.
#[test]
fn the_json_in_either_language() {
    shown("json", "fr", "record.json");
    shown("json", "en", "record.json");
}

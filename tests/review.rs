//! `review` in a real pseudo-terminal, killed wherever it can be.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use expectrl::process::unix::{Signal, WaitStatus};
use expectrl::session::OsSession;
use expectrl::{ControlCode, Eof, Expect, Session};
use tempfile::TempDir;

const HOSTER: &str = "name = \"Les Essais\"\nwebsite = \"https://essais.example/\"\nedition = \"2023\"\n\
    [[service]]\nid = \"pad\"\nname = \"Pads\"\nurl = \"https://pad.essais.example/\"\n";

/// What a person wrote by hand: nothing of it may move.
const BY_HAND: &str = "# Nos réponses, à relire avant l'AG\n\n\n[[action]]\ncriterion = 'T4'   # urgent\ntodo = 'x'\n# fin";

/// A folder of audits with one hoster, and no record.
fn audits() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let hoster = folder.path().join("essais");
    std::fs::create_dir(&hoster).unwrap();
    std::fs::write(hoster.join("hoster.toml"), HOSTER).unwrap();
    std::fs::write(hoster.join("answers.toml"), BY_HAND).unwrap();
    folder
}

fn answers(audits: &Path) -> String {
    std::fs::read_to_string(answers_file(audits)).unwrap()
}

fn answers_file(audits: &Path) -> PathBuf {
    audits.join("essais/answers.toml")
}

fn command(audits: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chatons-audit"));
    command.arg("--audits").arg(audits).args(["--lang", "fr", "review", "essais", "--today", "2026-11-22"]).args(more);
    command.env_remove("CHATONS_BY").env("EDITOR", "false").env("TERM", "xterm").env_remove("NO_COLOR");
    command
}

fn review(audits: &Path, more: &[&str]) -> OsSession {
    let mut session = Session::spawn(command(audits, more)).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(30)));
    session
}

/// Five questions: N3 is asked of the site and of the service.
const FIVE: [&str; 4] = ["--only", "S1,S2,C2,N3", "--by", "Camille"];

/// Answers the question on the screen.
fn answer(session: &mut OsSession, word: &str, note: &str, link: &str) {
    choose(session, "Réponse ?", word);
    for (prompt, text) in [("Note", note), ("Liens", link)] {
        session.expect(prompt).unwrap();
        session.send_line(text).unwrap();
    }
}

/// A choice is typed and seen before it is sent, as by a person.
fn choose(session: &mut OsSession, prompt: &str, word: &str) {
    session.expect(prompt).unwrap();
    session.expect("tout est gardé").unwrap();
    session.send(word).unwrap();
    session.send("\r").unwrap();
}

fn kill(mut session: OsSession) {
    session.get_process_mut().signal(Signal::SIGKILL).unwrap();
    // After the last question it may have ended by itself before the signal came.
    let ended = session.get_process().wait().unwrap();
    assert!(matches!(ended, WaitStatus::Signaled(_, Signal::SIGKILL, _) | WaitStatus::Exited(_, 0 | 1)), "{ended:?}");
}

fn exit_code(mut session: OsSession) -> i32 {
    session.expect(Eof).unwrap();
    match session.get_process().wait().unwrap() {
        WaitStatus::Exited(_, code) => code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn killed_after_each_question_it_has_lost_nothing() {
    let audits = audits();
    let mut before = BY_HAND.to_owned();
    for left in (1..=5).rev() {
        let mut session = review(audits.path(), &FIVE);
        session.expect(format!("[1/{left}]")).unwrap();
        answer(&mut session, "respecté", &format!("note {left}"), "https://essais.example/preuve");
        session.expect(if left > 1 { "[2/" } else { "answers.toml" }).unwrap();
        kill(session);
        let after = answers(audits.path());
        assert!(after.starts_with(&before), "{after}");
        assert_eq!(after.matches("[[answer]]").count(), 6 - left, "{after}");
        assert!(after.contains(&format!("note = \"note {left}\"\nevidence = [\"https://essais.example/preuve\"]\n")), "{after}");
        before = after;
    }
    for service in ["hoster", "pad"] {
        assert!(before.contains(&format!("criterion = \"N3\"\nservice = \"{service}\"\n")), "{before}");
    }
    let mut session = review(audits.path(), &FIVE);
    session.expect("Rien à demander").unwrap();
    assert_eq!(exit_code(session), 0);
}

#[test]
fn killed_at_any_prompt_it_leaves_the_file_as_it_was() {
    let audits = audits();
    for typed in [&[][..], &["respecté\r"], &["respecté\r", "une note\r"], &["respecté\r", "une note\r", "https://"]] {
        let mut session = review(audits.path(), &FIVE);
        for (prompt, text) in ["tout est gardé", "Note", "Liens"].into_iter().zip(typed) {
            session.expect(prompt).unwrap();
            session.send(text).unwrap();
        }
        kill(session);
        assert_eq!(answers(audits.path()), BY_HAND);
    }
}

#[test]
fn killed_while_it_writes_it_leaves_a_whole_file() {
    for wait in [0, 2, 8] {
        let audits = audits();
        let mut session = review(audits.path(), &FIVE);
        answer(&mut session, "non", "", "");
        std::thread::sleep(Duration::from_millis(wait));
        kill(session);
        let after = answers(audits.path());
        assert!(
            after == BY_HAND
                || after
                    == format!("{BY_HAND}\n\n[[answer]]\ncriterion = \"C2\"\noutcome = \"unmet\"\nby = \"Camille\"\non = 2026-11-22\n"),
            "{after}"
        );
    }
}

#[test]
fn escape_and_control_c_stop_without_loss() {
    for key in [ControlCode::ETX, ControlCode::ESC] {
        let audits = audits();
        let mut session = review(audits.path(), &FIVE);
        answer(&mut session, "sans objet", "", "");
        session.expect("[2/5]").unwrap();
        session.expect("tout est gardé").unwrap();
        session.send(key).unwrap();
        session.expect("1 réponse ou action notée").unwrap();
        assert_eq!(exit_code(session), 0);
        assert!(answers(audits.path()).contains("outcome = \"not-applicable\""));
    }
}

#[test]
fn the_name_is_gits_until_it_is_mended() {
    let audits = audits();
    let config = audits.path().join("gitconfig");
    std::fs::write(&config, "[user]\n\tname = Camille\n").unwrap();
    let mut command = command(audits.path(), &["--only", "S1"]);
    command.env("GIT_CONFIG_GLOBAL", &config).env("GIT_CEILING_DIRECTORIES", audits.path()).env_remove("GIT_DIR");
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(30)));
    session.expect("Qui répond ? ").unwrap();
    session.expect("Camille").unwrap();
    session.send_line(" et Dominique").unwrap();
    answer(&mut session, "respecté", "", "");
    assert_eq!(exit_code(session), 0);
    assert!(answers(audits.path()).contains("by = \"Camille et Dominique\"\n"), "{}", answers(audits.path()));
}

#[test]
fn a_gap_is_given_somebody_and_a_day() {
    let audits = audits();
    let mut session = review(audits.path(), &["--only", "S1", "--by", "Camille"]);
    answer(&mut session, "non respecté", "", "");
    choose(&mut session, "Noter une action ?", "autre");
    session.expect("Que faire ?").unwrap();
    session.send_line("Écrire une page d'aide").unwrap();
    session.expect("Qui s'en charge ?").unwrap();
    session.send_line("").unwrap();
    session.expect("Pour quand ?").unwrap();
    session.send_line("15/01/2027").unwrap();
    assert_eq!(exit_code(session), 0);
    let after = answers(audits.path());
    assert!(
        after.ends_with("[[action]]\ncriterion = \"S1\"\ntodo = \"Écrire une page d'aide\"\nowner = \"Camille\"\ndue = 2027-01-15\n"),
        "{after}"
    );
}

#[test]
fn a_link_must_be_an_address() {
    let audits = audits();
    let mut session = review(audits.path(), &["--only", "S1", "--by", "Camille"]);
    choose(&mut session, "Réponse ?", "respecté");
    session.expect("Note").unwrap();
    session.send_line("").unwrap();
    session.expect("Liens").unwrap();
    session.send_line("javascript:alert(1)").unwrap();
    session.expect("Des adresses entières sont attendues").unwrap();
    kill(session);
    assert_eq!(answers(audits.path()), BY_HAND);
}

#[test]
fn a_long_note_comes_from_the_editor() {
    let audits = audits();
    let editor = audits.path().join("editor");
    std::fs::write(&editor, "#!/bin/sh\nprintf 'Première ligne\\nDeuxième\\n' > \"$1\"\n").unwrap();
    std::fs::set_permissions(&editor, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut command = command(audits.path(), &["--only", "S1", "--by", "Camille"]);
    command.env("VISUAL", &editor);
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(30)));
    answer(&mut session, "respecté", "+", "");
    assert_eq!(exit_code(session), 0);
    assert!(answers(audits.path()).contains("note = \"\"\"\nPremière ligne\nDeuxième\"\"\"\n"), "{}", answers(audits.path()));
}

#[test]
fn a_file_that_became_faulty_is_not_written_until_it_is_mended() {
    let audits = audits();
    let mut session = review(audits.path(), &["--only", "S1", "--by", "Camille"]);
    session.expect("Réponse ?").unwrap();
    std::fs::write(answers_file(audits.path()), "[[answer]\n").unwrap();
    session.send("respecté\r").unwrap();
    for prompt in ["Note", "Liens"] {
        session.expect(prompt).unwrap();
        session.send_line("").unwrap();
    }
    session.expect("Corriger, puis Entrée").unwrap();
    assert_eq!(answers(audits.path()), "[[answer]\n");
    std::fs::write(answers_file(audits.path()), BY_HAND).unwrap();
    session.send_line("").unwrap();
    assert_eq!(exit_code(session), 0);
    assert!(answers(audits.path()).starts_with(&format!("{BY_HAND}\n\n[[answer]]\ncriterion = \"S1\"\n")));
}

#[test]
fn without_a_terminal_it_names_the_sheet() {
    let audits = audits();
    let ended = assert_cmd::Command::from_std(command(audits.path(), &[])).assert().code(2);
    let told = String::from_utf8_lossy(&ended.get_output().stderr).into_owned();
    assert!(told.contains("--sheet"), "{told}");
    assert_eq!(answers(audits.path()), BY_HAND);
}

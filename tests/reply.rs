//! The hoster's right of reply: kept with the finding, shown beside it, changing nothing.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

use assert_cmd::Command;

fn demo(audits: &Path, format: &str) -> String {
    let mut command = Command::cargo_bin("chatons-audit").unwrap();
    command.args(["--lang", "fr", "demo", "--today", "2026-11-22", "--format", format, "--into"]).arg(audits);
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

const REPLY: &str = "[[reply]]\ncriterion = \"H4\"\nby = \"Le Chat Perché\"\non = 2026-11-20\ntext = \"Retiré *hier*.\\u001b[31m\"\n";

#[test]
fn a_reply_stands_beside_the_finding_and_changes_no_standing() {
    let folder = tempfile::tempdir().unwrap();
    let before = demo(folder.path(), "markdown");
    let answers = folder.path().join("chat-perche/answers.toml");
    std::fs::write(&answers, REPLY).unwrap();
    let markdown = demo(folder.path(), "markdown");
    let told = "- L'hébergeur répond (Le Chat Perché, le 2026-11-20) : Retiré \\*hier\\*.\u{fffd}\\[31m\n";
    let gap = markdown.split("### H4 ").nth(1).unwrap().split("\n### ").next().unwrap();
    assert!(gap.contains(told), "{gap}");
    assert_eq!(markdown.replace(told, ""), before, "once, and nothing else changes");
    let table = demo(folder.path(), "table");
    assert_eq!(table.matches("L'hébergeur répond (Le Chat Perché").count(), 1);
    assert!(!table.contains('\u{1b}'));
    let json: serde_json::Value = serde_json::from_str(&demo(folder.path(), "json")).unwrap();
    let entry = json["standing"].as_array().unwrap().iter().find(|entry| entry["criterion"] == "H4").unwrap();
    assert_eq!(entry["reply"][0]["by"], "Le Chat Perché");
    assert_eq!(std::fs::read_to_string(answers).unwrap(), REPLY);
}

#[test]
fn a_reply_that_says_nothing_or_to_nothing_is_a_fault() {
    for (from, to, fault) in [
        ("\"H4\"", "\"H99\"", "le critère H99 n'existe pas"),
        ("Retiré *hier*.\\u001b[31m", " ", "ne dit rien"),
        ("Le Chat Perché", "", "ne dit pas de qui elle est"),
        ("by =", "service = \"autre\"\nby =", "hoster.toml n'a pas de service « autre »"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let hoster = folder.path().join("chat-perche");
        std::fs::create_dir(&hoster).unwrap();
        std::fs::write(hoster.join("hoster.toml"), "name = 'A'\nwebsite = 'https://a.example/'\nedition = '2023'\n").unwrap();
        std::fs::write(hoster.join("answers.toml"), REPLY.replace(from, to)).unwrap();
        let mut command = Command::cargo_bin("chatons-audit").unwrap();
        let ended = command.args(["--lang", "fr", "report", "chat-perche", "--audits"]).arg(folder.path()).assert().code(2);
        let told = String::from_utf8_lossy(&ended.get_output().stderr).into_owned();
        assert!(told.contains(fault), "{fault} not in:\n{told}");
    }
}

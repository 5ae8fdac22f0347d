//! The HTML report in a real browser: Chromium and axe-core, both languages, both widths, light, dark and on paper.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::chromium;

const NEEDED: &str = "axe-core@4.14.1 puppeteer-core@24.43.1";

fn run(command: &mut Command, remedy: &str) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; {remedy}"));
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}; {remedy}\n{told}");
    told
}

/// The demo's report, whose gaps make the program end with 1.
fn report(folder: &Path, lang: &str) -> PathBuf {
    let file = folder.join(format!("demo.{lang}.html"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_chatons-audit"));
    command.args(["demo", "--today", "2026-11-22", "--format", "html", "--lang", lang, "--fail-on", "never", "--into"]);
    run(command.arg(folder.join("audits")).arg("--output").arg(&file), "the demo serves itself on loopback");
    file
}

#[test]
#[ignore = "needs Chromium, Node.js and npm: cargo test --test browser -- --ignored"]
fn browser_finds_nothing_wrong_with_the_report() {
    let chromium = chromium();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("package.json"), "{}").unwrap();
    let npm = ["install", "--prefix", ".", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
    run(Command::new("npm").args(npm).args(NEEDED.split(' ')).current_dir(&folder), "install Node.js and npm");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/golden");
    let mut files: Vec<PathBuf> = ["report.fr.html", "report.en.html", "since.fr.html"].map(|file| golden.join(file)).into();
    files.extend(["fr", "en"].map(|lang| report(&folder, lang)));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/check.mjs");
    let told = run(
        Command::new("node").arg(script).arg(&folder).arg(chromium).arg(folder.join("pictures")).args(&files),
        "mend the page, or look at the pictures in target/tmp/browser/pictures",
    );
    assert!(told.contains("5 pages, 0 faults"), "{told}");
}

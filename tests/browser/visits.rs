//! `run --browser`: what its visits change in a record, and what is left of them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use chatons_audit::Day;
use tempfile::TempDir;

use crate::chromium;
use crate::program::{program, ran};
use crate::stage::Scene;

const TODAY: Day = Day::new(2026, 11, 22);
const HOSTER: &str = "name = 'A'\nwebsite = 'https://a.example/'\nedition = '2023'\n";

/// A page that a program writes, and that calls somebody.
const SITES: &str = r#"
[[host]]
name = "a.example"
[host.pages]
"/" = """<!doctype html><html lang=fr><title>A</title><div id=app></div><script>
app.textContent = 'Bienvenue, voici la page que le programme écrit. '.repeat(9);
fetch('https://www.google-analytics.com/collect?n=' + Math.random()).catch(() => 0);
</script>"""
"#;

fn browser() -> String {
    format!("--browser={}", chromium().display())
}

#[test]
#[ignore = "needs Chromium: cargo test --test browser -- --ignored"]
fn a_page_made_by_a_program_is_seen_with_a_browser_only() {
    let scene = Scene::new(HOSTER, SITES, TODAY);
    let (without, with) = (scene.run(&["--only", "A3", "--format", "json"]), scene.run(&["--only", "A3", "--format", "json", &browser()]));
    assert!(!without.out.contains("google-analytics"), "{}", without.out);
    assert!(without.err.contains("JavaScript"), "{}", without.err);
    assert!(with.out.contains("\"tracker\"") && with.out.contains("www.google-analytics.com"), "{}{}", with.out, with.err);
    assert!(!with.out.contains("collect?n"), "what changes on each visit is not kept");
    let again = scene.run(&["--only", "A3", "--format", "json", &browser()]);
    assert_eq!(with.out, again.out);
}

/// The arguments of every program that runs now and names that folder.
fn running(folder: &Path) -> Vec<String> {
    let programs = std::fs::read_dir("/proc").unwrap().filter_map(|entry| std::fs::read(entry.ok()?.path().join("cmdline")).ok());
    let shown = programs.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
    shown.filter(|line| line.contains("user-data-dir") && line.contains(&folder.display().to_string())).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
#[ignore = "needs Chromium: cargo test --test browser -- --ignored"]
fn nothing_is_left_of_a_browser() {
    let (scene, folder) = (Scene::new(HOSTER, SITES, TODAY), TempDir::new().unwrap());
    let words = scene.words("run", &["--only", "A3", &browser()]);
    let told = ran(program(scene.path("").as_path()).current_dir(scene.path("../..")).env("TMPDIR", folder.path()), &words);
    assert_eq!(told.code, 1, "{}", told.err);
    assert_eq!((running(folder.path()), entries(folder.path())), (vec![], vec![]));
}

/// Sends a signal to a run while its browser looks at a page; gives back how it ended.
fn interrupted(signal: &str, folder: &Path) -> Option<i32> {
    let scene = Scene::new(HOSTER, SITES, TODAY);
    let mut command = Command::new(env!("CARGO_BIN_EXE_chatons-audit"));
    command.args(scene.words("run", &["--only", "A3", &browser()])).current_dir(scene.path("../.."));
    let mut run = command.env("TMPDIR", folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    eventually(|| running(folder).len() > 2);
    assert!(!running(folder).is_empty(), "the browser has started");
    assert!(Command::new("kill").args(["-s", signal, &run.id().to_string()]).status().unwrap().success());
    run.wait().unwrap().code()
}

fn eventually(is_so: impl Fn() -> bool) {
    for _ in 0..600 {
        if is_so() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
#[ignore = "needs Chromium: cargo test --test browser -- --ignored"]
fn nothing_is_left_of_a_browser_after_an_interrupt() {
    for signal in ["INT", "TERM"] {
        let folder = TempDir::new().unwrap();
        assert_eq!(interrupted(signal, folder.path()), Some(3), "{signal}");
        assert_eq!((running(folder.path()), entries(folder.path())), (vec![], vec![]), "{signal}");
    }
}

/// Nobody is left to take the profile away; but a browser whose pipe is cut ends by itself.
#[test]
#[ignore = "needs Chromium: cargo test --test browser -- --ignored"]
fn no_browser_outlives_a_program_that_is_killed() {
    let folder = TempDir::new().unwrap();
    assert_eq!(interrupted("KILL", folder.path()), None);
    eventually(|| running(folder.path()).is_empty());
    assert_eq!(running(folder.path()), [""; 0]);
}

#[test]
fn without_a_browser_the_rest_goes_on() {
    let scene = Scene::new(HOSTER, SITES, TODAY);
    let told = scene.run(&["--only", "A3,N3", "--browser=/nowhere/chromium", "--lang", "en", "--format", "json"]);
    assert!(told.err.contains("\"/nowhere/chromium\" is no program"), "{}", told.err);
    assert!(told.out.contains("\"no-browser\""), "{}", told.out);
    assert!(told.out.contains("\"https-only\""), "{}", told.out);
    let french = scene.run(&["--only", "N3", "--browser=/nowhere/chromium"]);
    assert!(french.err.contains("les pages sont lues sans navigateur"), "{}", french.err);
    let proxied = scene.run(&["--only", "N3", "--browser=/nowhere/chromium", "--proxy", "http://127.0.0.1:9"]);
    assert_eq!(proxied.code, 2, "{}", proxied.err);
}

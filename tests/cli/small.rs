//! A small hoster: a site without a legal notice, and one service; what most tests of the command line need.

use chatons_audit::Day;
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Ran, program, ran};
use crate::stage::Scene;

pub const TODAY: Day = Day::new(2026, 11, 22);

pub const HOSTER: &str = "\
name = 'Petit Chat'
website = 'https://www.petit.example/'
country = 'FR'
employees = 0
edition = '2023'

[[service]]
id = 'pad'
name = 'Pads'
url = 'https://pad.petit.example/'
";

pub const SITES: &str = "\
[[host]]
name = 'www.petit.example'
pages = { '/' = '<!doctype html><html lang=fr><title>Petit Chat</title><p>Bienvenue chez Petit Chat.</p></html>' }
[[host]]
name = 'pad.petit.example'
pages = { '/' = '<!doctype html><html lang=fr><title>Pads</title><p>Bienvenue sur les pads.</p></html>' }
";

pub fn scene() -> Scene {
    Scene::new(HOSTER, SITES, TODAY)
}

/// A folder for commands that need no web.
pub fn folder() -> TempDir {
    TempDir::new().unwrap()
}

/// A command in an empty folder.
pub fn bare(args: &[&str]) -> Ran {
    ran(&mut program(folder().path()), args)
}

/// A run of which the outcome is JSON.
pub fn json(scene: &Scene, args: &[&str]) -> (i32, Value) {
    let ran = scene.run(&[args, &["--format", "json"]].concat());
    let record = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}\n{}{}", ran.out, ran.err));
    (ran.code, record)
}

/// `T8 hoster unmet`, for each standing of a record.
pub fn standings(record: &Value) -> Vec<String> {
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
    let entries = record["standing"].as_array().unwrap().iter();
    entries.map(|entry| [text(entry, "criterion"), text(entry, "subject"), text(entry, "standing")].join(" ")).collect()
}

/// `answer-lapsed T8`, for each remark of a record.
pub fn remarks(record: &Value) -> Vec<String> {
    let remarks = record.get("remark").and_then(Value::as_array).into_iter().flatten();
    remarks.map(|remark| format!("{} {}", remark["kind"].as_str().unwrap(), remark["criterion"].as_str().unwrap())).collect()
}

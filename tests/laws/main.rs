//! The laws of lib.rs, from end to end.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without, it may fail on")]

#[path = "../program/mod.rs"]
mod program;
#[path = "../stage/mod.rs"]
mod stage;

mod borders;
mod loss;
mod names;
mod once;
mod people;
mod sameness;
mod silence;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chatons_audit::{Day, SITES};

const TODAY: Day = Day::new(2026, 11, 22);
const DEMO: &str = include_str!("../../src/demo/hoster.toml");

/// Everything of a folder: names, contents, and when each was last written.
fn whole(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.clone(), (fs::read(&path).unwrap_or_default(), fs::metadata(&path).unwrap().modified().unwrap()))).collect()
}

/// The web of the demo, of which one host never answers.
fn sites_with_a_silent_one() -> String {
    let sites = SITES.replacen("name = \"chat.chatperche.example\"", "name = \"chat.chatperche.example\"\nsilent = true", 1);
    assert_ne!(sites, SITES);
    sites
}

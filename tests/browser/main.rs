//! With a real browser: the HTML report read in Chromium, and pages that `run --browser` visits.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without, it may fail on")]

#[path = "../program/mod.rs"]
mod program;
#[expect(dead_code, reason = "these tests write their hosters themselves")]
#[path = "../stage/mod.rs"]
mod stage;

mod report;
mod visits;

use std::path::PathBuf;

/// Where Debian and others put it; `CHROMIUM` names another.
fn chromium() -> PathBuf {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].map(PathBuf::from);
    let found = named.into_iter().chain(usual).find(|path| path.is_file());
    found.expect("this test needs Chromium: `apt-get install chromium`, or name it in CHROMIUM")
}

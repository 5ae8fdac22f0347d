//! Compares a hoster's web site and services with the CHATONS charter, and keeps the gaps in git.
//!
//! ```text
//! criteria/*.toml ── criteria ──> Charter ─┐
//! audits/<h>/hoster.toml ─ hoster > Hoster ┼─> audit::Plan: steps (criterion x subject)
//! audits/<h>/answers.toml ────────> Answers┤        │
//!                                          │   audit::judge_all <─ check (pure) ─> needs ─> probe (the network)
//!                                          │        │ findings                       <─ facts ─┘
//!                                          └─> audit::combine: machine + person -> Standing
//!                                                   │
//!            audits/<h>/record.toml, documents/*.md ── report ──> table, Markdown, HTML, JSON, CSV, candidature
//!                                                   │ ^
//!                                      run --commit v │ diff, history, --fail-on regression
//!                                                history: the `git` program
//! ```
//!
//! Dependencies go one way: `text, day, file <- criteria, hoster, facts <- check <- audit <- report <- cli`,
//! `facts <- probe <- cli` and `audit <- history <- cli`. A check never sees the probe. Three start other programs:
//! `history` git, `probe` a browser, `cli` the editor of a person (and git, for that person's name). `demo` serves
//! imaginary hosters on loopback; `trial` tries the finder of documents (`check::finder`) on imaginary sites, without any network.
//!
//! # Laws
//!
//! 1. **Silence is never a verdict.** What answered nothing leaves a check as `check::Stop::Silent`, by the `?` of
//!    every question that it asks; the standing is `unseen`, with the reason. Test: `silence_is_never_a_verdict` in each check,
//!    and `the_silent_hoster_is_accused_of_nothing`.
//! 2. **The same facts give the same record**, byte for byte. Test: `two_runs_give_the_same_bytes`.
//! 3. **A machine never overrules a person; it contradicts.** Test: `a_machine_never_overrules_a_person`.
//! 4. **A need is asked once**, whoever needs it. Each hop of a redirect is a need. Test: `a_need_is_asked_once`,
//!    `no_url_is_asked_twice`. Two second looks, and no more: at what may only be passing, when all else was seen
//!    (`what_passes_is_looked_at_again_once_at_the_end`), and at what would make a record worse, before it is written
//!    (`a_host_that_comes_and_goes_changes_no_record`).
//! 5. **Nothing is lost.** Files that people wrote are not touched by `run`; every write is whole. Test:
//!    `a_write_that_fails_leaves_the_old_file_and_nothing_else`, `run_never_touches_what_people_wrote`.
//! 6. **Only `probe` touches the network, only `cli` prints, time is an input.** Test: `only_the_probe_knows_the_network`, and
//!    `.clippy.toml`.

mod audit;
mod check;
mod cli;
mod criteria;
mod day;
mod demo;
mod facts;
mod file;
#[doc(hidden)]
pub mod fuzzing;
mod history;
mod hoster;
mod probe;
mod report;
mod text;
pub mod trial;

pub use day::Day;
pub use demo::{SITES, Sites, Stage};

/// Pages are read into many small pieces: see docs/bench.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs the program on the arguments of the process; returns its exit code: 0 nothing of the level asked is unmet, 1 gaps,
/// 2 wrong usage or a faulty file, 3 nothing could be audited.
pub fn run() -> u8 {
    cli::run(std::env::args_os()) as u8
}

//! The command line, end to end: the real program, over real TLS on loopback, or without any network.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without, it may fail on")]

#[path = "../program/mod.rs"]
mod program;
#[path = "../stage/mod.rs"]
mod stage;

mod answers;
mod exit;
mod faults;
mod forms;
mod hostile;
mod hostile_forms;
mod init;
mod language;
mod manners;
mod options;
mod repository;
mod rules;
mod small;
mod verify;

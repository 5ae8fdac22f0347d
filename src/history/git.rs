//! The `git` program: what it is started with, and what it says.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Trouble;

/// Variables that would turn git away from the repository in which the folder lies, as inside a hook of another one.
const ELSEWHERE: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
];

/// The last lines of what git said are enough to know what it wants.
const MOST_WORDS: usize = 8;

/// git, in one folder.
#[derive(Debug)]
pub(super) struct Git {
    folder: PathBuf,
}

/// What one command of git came to.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) done: bool,
    pub(super) out: String,
    /// The last lines that it wrote for people, as they are: they may come from a hook.
    pub(super) words: Vec<String>,
}

impl Git {
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn command(&self) -> Command {
        let mut command = Command::new("git");
        for name in ELSEWHERE {
            command.env_remove(name);
        }
        command.arg("-C").arg(&self.folder);
        command
    }

    /// Asks git something: it changes nothing, asks nobody, fetches nothing, and speaks one language.
    pub(super) fn read(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<Said, Trouble> {
        let mut command = self.command();
        command.arg("--no-pager").args(args).stdin(Stdio::null());
        command.envs([("LC_ALL", "C"), ("GIT_TERMINAL_PROMPT", "0"), ("GIT_OPTIONAL_LOCKS", "0"), ("GIT_NO_LAZY_FETCH", "1")]);
        run(command)
    }

    /// Has git change the repository as its owner would: the same hooks, signature, language and terminal.
    pub(super) fn write(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<Said, Trouble> {
        let mut command = self.command();
        command.args(args).stdin(Stdio::inherit());
        run(command)
    }
}

fn run(mut command: Command) -> Result<Said, Trouble> {
    let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Trouble::NoGit,
        _ => Trouble::Refused(vec![error.to_string()]),
    })?;
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = String::from_utf8_lossy(&output.stderr);
    let mut words: Vec<String> = told.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
    if words.is_empty() {
        words = out.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
    }
    words.drain(..words.len().saturating_sub(MOST_WORDS));
    Ok(Said { done: output.status.success(), out, words })
}

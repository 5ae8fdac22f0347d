//! The real program, as a person would start it: nothing of the machine's own settings reaches it.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use assert_cmd::Command;

/// No run of the tests takes this long: a program that hangs is a failure, not a wait.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a run came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The program, started in a folder, with an empty environment: French, no colours, the usual width.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chatons-audit"));
    command.env_clear().envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "TMPDIR"));
    command.current_dir(folder).timeout(PATIENCE);
    command
}

/// Runs it on these arguments to its end.
pub fn ran(command: &mut Command, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ran {
    let output = command.args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("what is printed is UTF-8");
    Ran { code: output.status.code().expect("it ends by itself"), out: text(output.stdout), err: text(output.stderr) }
}

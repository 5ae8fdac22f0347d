//! A home of its own for each test: an audit, a repository around it or not, and the real program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const HOSTER: &str = "name = 'A'\nwebsite = 'https://www.a.example/'\nedition = '2023'\n\
    [[service]]\nid = 'pad'\nname = \"Pads\\n\\nSigned-off-by: \\u001b[31mx\"\nurl = 'https://pad.a.example/'\n";

/// S2 binds the hoster, and no machine decides it.
pub fn answer(outcome: &str, on: &str) -> String {
    format!("[[answer]]\ncriterion = 'S2'\noutcome = '{outcome}'\nby = 'Ada'\non = {on}\n")
}

/// A home of its own: nothing of the machine's git reaches it.
pub struct Bench {
    pub home: TempDir,
}

pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Bench {
    /// A folder `work/audits/a`, in no repository yet.
    pub fn new() -> Self {
        let bench = Self { home: tempfile::tempdir().unwrap() };
        rules_without_examples(&bench.rules());
        bench.write("hoster.toml", HOSTER);
        bench.write("answers.toml", &answer("met", "2026-11-01"));
        bench
    }

    /// The same, in a repository whose root is `work`.
    pub fn in_repository() -> Self {
        let bench = Self::new();
        bench.git_init(&bench.work());
        bench
    }

    pub fn rules(&self) -> PathBuf {
        self.home.path().join("criteria")
    }

    pub fn work(&self) -> PathBuf {
        self.home.path().join("work")
    }

    pub fn audit(&self) -> PathBuf {
        self.work().join("audits/a")
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.audit()).unwrap();
        fs::write(self.audit().join(name), text).unwrap();
    }

    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "TMPDIR"));
        command.env("HOME", self.home.path()).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.env("GIT_AUTHOR_DATE", "2026-11-22T12:00:00Z").env("GIT_COMMITTER_DATE", "2026-11-22T12:00:00Z");
        command.current_dir(folder);
        command
    }

    pub fn git_in(&self, folder: &Path, args: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.command("git", folder).args(args).output().unwrap();
        assert!(status.success(), "git {args:?}: {}", String::from_utf8_lossy(&stderr));
        String::from_utf8(stdout).unwrap()
    }

    pub fn git(&self, args: &[&str]) -> String {
        self.git_in(&self.work(), args)
    }

    pub fn git_init(&self, folder: &Path) {
        self.git_in(folder, &["init", "-q", "-b", "main"]);
        self.git_in(folder, &["config", "user.name", "Ada"]);
        self.git_in(folder, &["config", "user.email", "ada@example.org"]);
    }

    pub fn audit_in(&self, folder: &Path, args: &[&str]) -> Ran {
        let output = self
            .command(env!("CARGO_BIN_EXE_chatons-audit"), folder)
            .env("CHATONS_LANG", "en")
            .arg("--criteria")
            .arg(self.rules())
            .args(args)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.audit_in(&self.work(), args)
    }

    /// A run that asks nobody: what people answered is judged alone.
    pub fn keep(&self, today: &str, more: &[&str]) -> Ran {
        let args = ["run", "a", "--offline", "--fail-on", "never", "--commit", "--today", today];
        self.run(&[&args, more].concat())
    }

    pub fn commits(&self) -> Vec<String> {
        self.git(&["log", "--format=%s"]).lines().map(str::to_owned).collect()
    }
}

/// The shipped rules, but for the examples of the topics: checking them takes most of the start of a program that is not optimised.
fn rules_without_examples(into: &Path) {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("criteria");
    fs::create_dir_all(into.join("lists")).unwrap();
    for folder in ["", "lists"] {
        for entry in fs::read_dir(shipped.join(folder)).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_file() {
                let text = fs::read_to_string(entry.path()).unwrap();
                let text = if entry.file_name() == "topics.toml" { without_examples(&text) } else { text };
                fs::write(into.join(folder).join(entry.file_name()), text).unwrap();
            }
        }
    }
}

fn without_examples(text: &str) -> String {
    let mut inside = false;
    let mut kept = String::new();
    for line in text.lines() {
        inside |= ["examples", "counter-examples", "negated"].iter().any(|key| line.starts_with(key));
        if !inside {
            kept.push_str(line);
            kept.push('\n');
        }
        inside &= !line.ends_with(']');
    }
    kept
}

pub fn executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

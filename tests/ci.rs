//! The CI templates: what a forge would read in them, run by the shell against a bare repository on disk.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use yaml_rust2::{Yaml, YamlLoader};

fn template(name: &str) -> Yaml {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("audits/ci").join(name);
    let mut documents = YamlLoader::load_from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

/// A home with a bare repository `forge/team/audits`, which notes the options of each push, and a clone of it.
struct Bench {
    home: TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Self { home: tempfile::tempdir().unwrap() };
        let forge = bench.forge();
        fs::create_dir_all(&forge).unwrap();
        bench.git(&forge, &["init", "-q", "--bare", "-b", "main"]);
        bench.git(&forge, &["config", "receive.advertisePushOptions", "true"]);
        let hook = forge.join("hooks/post-receive");
        fs::write(&hook, "#!/bin/sh\nenv | grep ^GIT_PUSH_OPTION_ | sort > options\n").unwrap();
        executable(&hook);
        bench.git(bench.home.path(), &["clone", "-q", forge.to_str().unwrap(), "clone"]);
        let audit = bench.clone().join("audits/a");
        fs::create_dir_all(&audit).unwrap();
        fs::write(audit.join("hoster.toml"), "name = 'A'\nwebsite = 'https://www.a.example/'\nedition = '2023'\n").unwrap();
        bench.answer("met", "2026-11-01");
        bench
    }

    fn forge(&self) -> PathBuf {
        self.home.path().join("forge/team/audits")
    }

    fn clone(&self) -> PathBuf {
        self.home.path().join("clone")
    }

    /// A person answers, and pushes to the main branch.
    fn answer(&self, outcome: &str, on: &str) {
        let text = format!("[[answer]]\ncriterion = 'S2'\noutcome = '{outcome}'\nby = 'Ada'\non = {on}\n");
        fs::write(self.clone().join("audits/a/answers.toml"), text).unwrap();
        self.git(&self.clone(), &["add", "."]);
        self.git(&self.clone(), &["commit", "-qm", outcome]);
        self.git(&self.clone(), &["push", "-q", "origin", "HEAD:main"]);
    }

    fn command(&self, program: &str, folder: &Path) -> Command {
        let built = Path::new(env!("CARGO_BIN_EXE_chatons-audit")).parent().unwrap();
        let path = format!("{}:{}", built.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(program);
        command.env_clear().env("PATH", path).env("HOME", self.home.path()).env("GIT_CONFIG_NOSYSTEM", "1").current_dir(folder);
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "Ada").env(format!("GIT_{role}_EMAIL"), "ada@example.org");
        }
        command
    }

    fn git(&self, folder: &Path, args: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.command("git", folder).args(args).output().unwrap();
        assert!(status.success(), "git {args:?}: {}", String::from_utf8_lossy(&stderr));
        String::from_utf8(stdout).unwrap().trim().to_owned()
    }

    fn script(&self, shell: &str, folder: &Path, text: &str, variables: &[(&str, &str)]) -> i32 {
        let mut command = self.command(shell, folder);
        let output = command.envs(variables.iter().copied()).args(["-c", text]).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        output.status.code().unwrap_or_else(|| panic!("{told}"))
    }

    fn options(&self) -> String {
        fs::read_to_string(self.forge().join("options")).unwrap_or_default()
    }

    fn tip(&self, reference: &str) -> String {
        let found = self.command("git", &self.forge()).args(["rev-parse", "-q", "--verify", reference]).output().unwrap();
        String::from_utf8(found.stdout).unwrap().trim().to_owned()
    }

    /// What the main branch would be after a person accepts the request.
    fn merge(&self, reference: &str) {
        self.git(&self.forge(), &["update-ref", "refs/heads/main", reference]);
        self.git(&self.clone(), &["fetch", "-q"]);
        self.git(&self.clone(), &["reset", "-q", "--hard", "origin/main"]);
    }
}

fn executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn text<'y>(yaml: &'y Yaml, path: &[&str]) -> &'y str {
    let at = path.iter().fold(yaml, |yaml, key| &yaml[*key]);
    at.as_str().unwrap_or_else(|| panic!("{path:?} is no text: {at:?}"))
}

#[test]
fn gitlab_opens_a_merge_request_when_something_changed() {
    let yaml = template("gitlab-ci.yml");
    let job = &yaml["audit"];
    assert_eq!(job["rules"][0]["if"].as_str(), Some("$CI_PIPELINE_SOURCE == \"schedule\""));
    assert!(text(job, &["variables", "AUDIT_REMOTE"]).contains("${AUDIT_TOKEN}@"));
    let script = job["script"][0].as_str().unwrap();
    let bench = Bench::new();
    let week = |today: &str| {
        let runner = bench.home.path().join(today);
        bench.git(bench.home.path(), &["clone", "-q", "--depth", "20", &format!("file://{}", bench.forge().display()), today]);
        let head = bench.git(&runner, &["rev-parse", "HEAD"]);
        bench.git(&runner, &["checkout", "-q", "--detach"]);
        let (options, remote) = (format!("--offline --today {today}"), bench.forge().display().to_string());
        let variables = [
            ("AUDIT_BRANCH", text(job, &["variables", "AUDIT_BRANCH"])),
            ("AUDIT_LANG", text(job, &["variables", "AUDIT_LANG"])),
            ("AUDIT_OPTIONS", &options),
            ("AUDIT_REMOTE", &remote),
            ("CI_COMMIT_SHA", &head),
            ("CI_DEFAULT_BRANCH", "main"),
        ];
        bench.script("sh", &runner, script, &variables)
    };
    assert_eq!(week("2026-11-02"), 0, "a first audit is green");
    assert!(bench.options().contains("=merge_request.title=audit a : premier relevé, 0 écart\n"), "{}", bench.options());
    assert!(bench.options().contains("=merge_request.target=main\n"));
    bench.merge("refs/heads/audit");
    let merged = bench.tip("refs/heads/audit");
    assert_eq!(week("2026-11-09"), 0);
    assert_eq!(bench.tip("refs/heads/audit"), merged, "a new date alone opens nothing");
    bench.answer("unmet", "2026-11-10");
    assert_eq!(week("2026-11-16"), 1, "what got worse is red");
    assert!(bench.options().contains("=merge_request.title=audit a : 1 écart nouveau\n"), "{}", bench.options());
}

#[test]
fn forgejo_opens_a_pull_request_when_something_changed() {
    let yaml = template("forgejo.yml");
    assert!(yaml["on"]["schedule"][0]["cron"].as_str().is_some_and(|cron| cron.split(' ').count() == 5));
    let job = &yaml["jobs"]["audit"];
    assert_eq!(text(job, &["env", "AUDIT_TOKEN"]), "${{ secrets.AUDIT_TOKEN }}");
    let script = text(&job["steps"][1], &["run"]);
    let bench = Bench::new();
    let server = format!("file://{}", bench.home.path().join("forge").display());
    let week = |today: &str| {
        let runner = bench.home.path().join(today);
        fs::create_dir(&runner).unwrap();
        let options = format!("--offline --today {today}");
        let variables = [
            ("AUDIT_BRANCH", text(job, &["env", "AUDIT_BRANCH"])),
            ("AUDIT_LANG", "en"),
            ("AUDIT_OPTIONS", &options),
            ("AUDIT_SERVER", &server),
            ("AUDIT_REPOSITORY", "team/audits"),
            ("AUDIT_TOKEN", "secret"),
        ];
        bench.script(text(&job["steps"][1], &["shell"]), &runner, script, &variables)
    };
    assert_eq!(week("2026-11-02"), 0);
    let options = bench.options();
    for option in ["=topic=audit\n", "=title=audit a: first record, 0 gaps\n", "=force-push=true\n"] {
        assert!(options.contains(option), "{option} not in {options}");
    }
    bench.merge("refs/for/main");
    let merged = bench.tip("refs/for/main");
    assert_eq!(week("2026-11-09"), 0);
    assert_eq!(bench.tip("refs/for/main"), merged, "a new date alone opens nothing");
}

#[test]
fn github_opens_one_pull_request_and_retitles_it() {
    let yaml = template("github.yml");
    assert_eq!(text(&yaml, &["permissions", "pull-requests"]), "write");
    let job = &yaml["jobs"]["audit"];
    let step = &job["steps"][2];
    let bench = Bench::new();
    // What GitHub's own program would be asked; a request is open once one was created.
    let tools = bench.home.path().join("tools");
    fs::create_dir(&tools).unwrap();
    let asked = bench.home.path().join("asked");
    let told = asked.display();
    let gh = format!(
        "#!/bin/sh\nif [ \"$2\" = list ]; then grep -q '^pr create' {told} 2>/dev/null && echo 7; exit 0; fi\nprintf '%s %s|' \"$1\" \"$2\" >> {told}; shift 2; printf '%s|' \"$@\" >> {told}; echo >> {told}\n"
    );
    fs::write(tools.join("gh"), gh).unwrap();
    executable(&tools.join("gh"));
    let week = |today: &str| {
        let runner = bench.home.path().join(today);
        bench.git(bench.home.path(), &["clone", "-q", "--depth", "20", &format!("file://{}", bench.forge().display()), today]);
        let options = format!("--offline --today {today}");
        let variables = [
            ("AUDIT_BRANCH", text(job, &["env", "AUDIT_BRANCH"])),
            ("AUDIT_BASE", "main"),
            ("AUDIT_LANG", "en"),
            ("AUDIT_OPTIONS", &options),
            ("TOOLS", tools.to_str().unwrap()),
        ];
        bench.script(text(step, &["shell"]), &runner, &format!("PATH=$TOOLS:$PATH\n{}", text(step, &["run"])), &variables)
    };
    let asked = || fs::read_to_string(&asked).unwrap_or_default();
    assert_eq!(week("2026-11-02"), 0, "a first audit is green");
    assert!(asked().starts_with("pr create|--head|audit|--base|main|--title|audit a: first record, 0 gaps|--body|"), "{}", asked());
    assert_eq!(week("2026-11-03"), 0);
    assert!(asked().contains("pr edit|7|--title|audit a: first record, 0 gaps|"), "{}", asked());
    bench.merge("refs/heads/audit");
    let merged = (bench.tip("refs/heads/audit"), asked());
    assert_eq!(week("2026-11-09"), 0);
    assert_eq!((bench.tip("refs/heads/audit"), asked()), merged, "a new date alone opens nothing");
    bench.answer("unmet", "2026-11-10");
    assert_eq!(week("2026-11-16"), 1, "what got worse is red");
    assert!(asked().contains("|--title|audit a: 1 new gap|"), "{}", asked());
}

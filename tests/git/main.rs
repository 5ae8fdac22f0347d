//! `diff`, `history`, `run --commit` and `--fail-on regression` on real repositories, by the real program.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bench;
mod texts;

use std::fs;

use chatons_audit::{Day, SITES, Sites, Stage};

use bench::{Bench, answer, executable};

#[test]
fn a_run_is_committed_with_a_message_that_tells_what() {
    let bench = Bench::in_repository();
    let first = bench.keep("2026-11-22", &[]);
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(first.err.contains("audit a: first record, 0 gaps"), "{}", first.err);
    bench.write("answers.toml", &(answer("met", "2026-11-01") + &answer("unmet", "2026-11-23")));
    assert_eq!(bench.keep("2026-11-23", &[]).code, 0);
    assert_eq!(bench.commits(), ["audit a: 1 new gap", "audit a: first record, 0 gaps"]);
    let message = bench.git(&["log", "-1", "--format=%B"]);
    assert!(message.contains("- S2 met → unmet: a person has answered"), "{message}");
    assert_eq!(bench.git(&["status", "--porcelain"]), "");
    bench.write("answers.toml", &answer("met", "2026-11-24"));
    assert_eq!(bench.keep("2026-11-24", &["--lang", "fr"]).code, 0);
    assert_eq!(bench.commits()[0], "audit a : 1 écart comblé");
}

#[test]
fn a_new_date_alone_is_nothing_new() {
    let bench = Bench::in_repository();
    bench.keep("2026-11-22", &[]);
    for today in ["2026-11-22", "2026-11-23"] {
        let again = bench.keep(today, &[]);
        assert_eq!(again.code, 0, "{}", again.err);
        assert!(again.err.contains("a: nothing new, so no commit."), "{}", again.err);
    }
    assert_eq!(bench.commits().len(), 1);
}

#[test]
fn what_else_is_staged_stays_staged_and_what_else_changed_stays_so() {
    let bench = Bench::in_repository();
    fs::write(bench.work().join("other.txt"), "one").unwrap();
    bench.git(&["add", "other.txt"]);
    bench.git(&["commit", "-qm", "start"]);
    fs::write(bench.work().join("other.txt"), "two").unwrap();
    bench.git(&["add", "other.txt"]);
    fs::write(bench.work().join("untracked.txt"), "x").unwrap();
    let ran = bench.keep("2026-11-22", &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(bench.git(&["status", "--porcelain"]), "M  other.txt\n?? untracked.txt\n");
    let kept = bench.git(&["show", "--name-only", "--format=", "HEAD"]);
    assert!(kept.lines().count() == 4 && kept.lines().all(|path| path.starts_with("audits/a/")), "{kept}");
}

#[test]
fn a_hook_that_fails_is_told_and_the_files_stay() {
    let bench = Bench::in_repository();
    let hook = bench.work().join(".git/hooks/pre-commit");
    fs::write(&hook, "#!/bin/sh\nprintf 'no commits on \\033[31mSunday\\n' >&2\nexit 1\n").unwrap();
    executable(&hook);
    let ran = bench.keep("2026-11-22", &[]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("git refuses: no commits on \u{fffd}[31mSunday"), "{}", ran.err);
    assert!(bench.audit().join("record.toml").exists());
    fs::remove_file(&hook).unwrap();
    assert_eq!(bench.keep("2026-11-22", &[]).code, 0);
    assert_eq!(bench.commits().len(), 1);
}

#[test]
fn a_signature_that_cannot_be_made_is_no_commit() {
    let bench = Bench::in_repository();
    bench.git(&["config", "commit.gpgSign", "true"]);
    bench.git(&["config", "gpg.program", "false"]);
    assert_eq!(bench.keep("2026-11-22", &[]).code, 3);
    assert!(bench.command("git", &bench.work()).args(["rev-parse", "-q", "--verify", "HEAD"]).output().unwrap().stdout.is_empty());
}

#[test]
fn untrusted_names_reach_no_message_raw() {
    let bench = Bench::in_repository();
    bench.keep("2026-11-22", &[]);
    let waiver = "[[waiver]]\ncriterion = 'O1'\nservice = 'pad'\nreason = \"x\\nEvil: y\"\ngranted-by = 'Ada'\non = 2026-11-01\nuntil = 2027-11-01\n";
    bench.write("answers.toml", &(answer("met", "2026-11-01") + waiver));
    let ran = bench.keep("2026-11-22", &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let message = bench.git(&["log", "-1", "--format=%B"]);
    assert!(message.contains("- O1 [Pads Signed-off-by: \u{fffd}[31mx] unseen → waived: a waiver was granted"), "{message}");
    assert_eq!(bench.git(&["log", "-1", "--format=%(trailers)"]).trim(), "");
    let shown = bench.run(&["diff", "a", "HEAD~1"]);
    assert!(!shown.out.contains("\u{1b}[31m") && shown.out.contains("Pads Signed-off-by"), "{}", shown.out);
}

#[test]
fn what_does_not_go_with_a_commit_is_refused_before_anything() {
    let bench = Bench::in_repository();
    for more in [&["--dry-run"][..], &["--only", "S2"], &["--families", "law"], &["--service", "pad"]] {
        let ran = bench.keep("2026-11-22", more);
        assert_eq!(ran.code, 2, "{more:?} {}", ran.err);
        assert!(ran.err.contains("`--commit` does not go with"), "{}", ran.err);
    }
    assert_eq!(bench.run(&["demo", "--commit"]).code, 2);
    fs::write(bench.work().join(".gitignore"), "record.toml\n").unwrap();
    let ignored = bench.keep("2026-11-22", &[]);
    assert_eq!(ignored.code, 2);
    assert!(ignored.err.contains("git is told to ignore this file"), "{}", ignored.err);
    assert!(!bench.audit().join("record.toml").exists());
}

#[test]
fn outside_any_repository_is_a_fault_that_says_so() {
    let bench = Bench::new();
    assert_eq!(bench.run(&["run", "a", "--offline", "--fail-on", "never", "--today", "2026-11-22"]).code, 0);
    for args in [&["diff", "a"][..], &["history", "a"], &["run", "a", "--offline", "--commit"]] {
        let ran = bench.run(args);
        assert_eq!(ran.code, 2, "{args:?}");
        assert!(ran.err.contains("this folder is in no git repository"), "{}", ran.err);
    }
}

#[test]
fn without_git_only_what_needs_it_fails() {
    let bench = Bench::in_repository();
    let audit = |args: &[&str]| {
        let mut command = bench.command(env!("CARGO_BIN_EXE_chatons-audit"), &bench.work());
        let output = command.env("PATH", "/nowhere").env("CHATONS_LANG", "en").args(args).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, told) = audit(&["run", "a", "--offline", "--fail-on", "regression", "--today", "2026-11-22"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("there is no git program, so nothing can be worse than before"), "{told}");
    let (code, told) = audit(&["history", "a"]);
    assert_eq!(code, 2);
    assert!(told.contains("Install git."), "{told}");
}

/// One audit met, then unmet, each committed.
fn twice_kept() -> Bench {
    let bench = Bench::in_repository();
    bench.keep("2026-11-22", &[]);
    bench.write("answers.toml", &answer("unmet", "2026-11-23"));
    bench.keep("2026-11-23", &[]);
    bench
}

#[test]
fn a_diff_tells_the_change_and_its_cause_from_any_commit() {
    let bench = twice_kept();
    assert!(bench.run(&["diff", "a"]).out.contains("No standing has changed."));
    bench.git(&["tag", "spring", "HEAD~1"]);
    for revision in ["HEAD~1", "spring", "main~1"] {
        let shown = bench.run(&["diff", "a", revision]);
        assert_eq!(shown.code, 0, "{}", shown.err);
        assert!(shown.out.contains("met → unmet: a person has answered"), "{}", shown.out);
        assert!(shown.out.contains("1 new gap; 1 standing changed."), "{}", shown.out);
    }
    let shown = bench.run(&["diff", "a", "HEAD~1", "--format", "markdown", "--lang", "fr"]);
    assert!(shown.out.contains("- ✗ **S2** ") && shown.out.contains("respecté → non respecté : une personne a répondu"), "{}", shown.out);
    let json: serde_json::Value = serde_json::from_str(&bench.run(&["diff", "a", "HEAD~1", "--format", "json"]).out).unwrap();
    assert_eq!((&json["opened"][0], &json["changes"][0]["cause"]), (&"S2".into(), &"answer-given".into()));
    assert_eq!((&json["changes"][0]["before"], &json["changes"][0]["after"]), (&"met".into(), &"unmet".into()));
}

#[test]
fn the_page_tells_what_changed_since_the_commit_before() {
    let bench = twice_kept();
    let page = || bench.run(&["report", "a", "--format", "html", "--lang", "en"]).out;
    let kept = page();
    assert!(kept.contains("Since the record of 2026-11-22") && kept.contains("met → unmet: a person has answered"));
    assert!(kept.contains("<polyline"), "the curves are drawn");
    fs::remove_dir_all(bench.work().join(".git")).unwrap();
    assert!(!page().contains("Since the record"), "without a repository the page does without");
}

#[test]
fn a_revision_is_never_an_option_and_one_that_is_not_there_is_told() {
    let bench = twice_kept();
    for revision in ["--output=x", "-x", "nowhere", "", "HEAD^{tree}"] {
        let ran = bench.run(&["diff", "a", "--", revision]);
        assert_eq!(ran.code, 2, "{revision}");
        assert!(ran.err.contains("git knows no commit"), "{}", ran.err);
    }
    assert!(!bench.work().join("x").exists());
    bench.git(&["checkout", "-q", "--orphan", "empty"]);
    bench.git(&["rm", "-rq", "--cached", "."]);
    bench.git(&["commit", "-q", "--allow-empty", "-m", "empty"]);
    let ran = bench.run(&["diff", "a", "HEAD"]);
    assert!(ran.code == 2 && ran.err.contains("holds no record"), "{}", ran.err);
}

#[test]
fn a_history_is_read_oldest_first_in_three_forms() {
    let bench = twice_kept();
    let table = bench.run(&["history", "a"]).out;
    let (first, second) = (table.find("2026-11-22").unwrap(), table.find("2026-11-23").unwrap());
    assert!(first < second, "{table}");
    let json: serde_json::Value = serde_json::from_str(&bench.run(&["history", "a", "--format", "json"]).out).unwrap();
    let unmet: Vec<_> = json["records"].as_array().unwrap().iter().map(|record| record["counts"]["unmet"].as_u64().unwrap()).collect();
    assert_eq!(unmet, [0, 1]);
    assert_eq!(json["records"][1]["commit"].as_str(), Some(bench.git(&["rev-parse", "HEAD"]).trim()));
    let svg = bench.run(&["history", "a", "--format", "svg"]).out;
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{svg}");
}

#[test]
fn a_record_that_cannot_be_read_is_passed_over_and_told() {
    let bench = twice_kept();
    bench.write("record.toml", "format = 9\n");
    bench.git(&["commit", "-qam", "from the future"]);
    let ran = bench.run(&["history", "a"]);
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("cannot be read: left out") && ran.out.contains("2026-11-23"), "{}{}", ran.out, ran.err);
    bench.git(&["checkout", "-q", "HEAD~1", "--", "audits/a/record.toml"]);
    let ran = bench.run(&["diff", "a", "main"]);
    assert!(ran.code == 2 && ran.err.contains("newer version (format 9)"), "{}", ran.err);
}

#[test]
fn a_linked_worktree_a_detached_head_and_a_shallow_clone_serve() {
    let bench = twice_kept();
    let linked = bench.home.path().join("linked");
    bench.git(&["worktree", "add", "-q", "--detach", linked.to_str().unwrap(), "HEAD"]);
    fs::write(linked.join("audits/a/answers.toml"), answer("met", "2026-11-24")).unwrap();
    let commit = ["run", "a", "--offline", "--fail-on", "never", "--commit", "--today", "2026-11-24"];
    let ran = bench.audit_in(&linked, &commit);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("audit a: 1 gap closed"), "{}", ran.err);
    assert_eq!(bench.audit_in(&linked, &["history", "a"]).out.matches("2026-11-2").count(), 3);
    assert_eq!(bench.commits().len(), 2, "the branch of the other worktree has not moved");

    let shallow = bench.home.path().join("shallow");
    let url = format!("file://{}", bench.work().display());
    bench.git_in(bench.home.path(), &["clone", "-q", "--depth", "1", &url, "shallow"]);
    let ran = bench.audit_in(&shallow, &["history", "a"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("shallow") && ran.out.matches("2026-11-2").count() == 1, "{}{}", ran.out, ran.err);
    let ran = bench.audit_in(&shallow, &["diff", "a", "HEAD~1"]);
    assert!(ran.code == 2 && ran.err.contains("git fetch --unshallow"), "{}", ran.err);
}

#[test]
fn the_repository_is_the_one_in_which_the_folder_lies() {
    // Its root is two folders up; and it is run from elsewhere, inside a hook of another repository.
    let bench = Bench::new();
    bench.git_init(bench.home.path());
    let elsewhere = tempfile::tempdir().unwrap();
    bench.git_init(elsewhere.path());
    let audits = bench.work().join("audits");
    let mut command = bench.command(env!("CARGO_BIN_EXE_chatons-audit"), elsewhere.path());
    command.env("GIT_DIR", elsewhere.path().join(".git")).env("GIT_INDEX_FILE", elsewhere.path().join(".git/index"));
    command.args(["run", "a", "--offline", "--fail-on", "never", "--commit", "--today", "2026-11-22", "--audits"]).arg(&audits);
    assert!(command.output().unwrap().status.success());
    let kept = bench.git_in(bench.home.path(), &["show", "--name-only", "--format=%s", "HEAD"]);
    assert!(kept.starts_with("audit a") && kept.contains("work/audits/a/record.toml"), "{kept}");
}

#[test]
fn a_regression_is_what_is_worse_than_the_last_commit() {
    let bench = Bench::in_repository();
    let regression = |today: &str| bench.run(&["run", "a", "--offline", "--fail-on", "regression", "--today", today]);
    bench.write("answers.toml", &answer("unmet", "2026-11-01"));
    let first = regression("2026-11-22");
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(first.err.contains("a: the last commit holds no record, so nothing can be worse than before."), "{}", first.err);
    bench.keep("2026-11-22", &[]);
    assert_eq!(regression("2026-11-22").code, 0, "an old gap is no regression");
    bench.write("answers.toml", &answer("met", "2026-11-23"));
    bench.keep("2026-11-23", &[]);
    bench.write("answers.toml", &answer("unmet", "2026-11-24"));
    for _ in 0..2 {
        // The file on disk has it since the first time: the commit has not.
        let worse = regression("2026-11-24");
        assert_eq!(worse.code, 1, "{}", worse.err);
        assert!(worse.err.contains("a, worse than on 2026-11-23: S2."), "{}", worse.err);
    }
}

#[test]
fn what_is_overdue_is_red_until_it_is_done() {
    let bench = Bench::in_repository();
    let action = "[[action]]\ncriterion = 'S2'\ntodo = 'x'\ndue = 2026-12-01\n";
    bench.write("answers.toml", &(answer("unmet", "2026-11-01") + action));
    bench.keep("2026-11-22", &[]);
    let run = |today: &str| bench.run(&["run", "a", "--offline", "--fail-on", "regression", "--dry-run", "--today", today]);
    assert_eq!(run("2026-12-01").code, 0);
    let late = run("2026-12-02");
    assert_eq!(late.code, 1);
    assert!(late.err.contains("a, overdue: S2, promised for 2026-12-01."), "{}", late.err);
    bench.write("answers.toml", &(answer("met", "2026-11-02") + action));
    assert_eq!(run("2026-12-02").code, 0);
}

#[test]
fn a_hoster_that_changes_on_the_web_is_told_apart_from_one_that_is_silent() {
    let bench = Bench::in_repository();
    let today = Day::new(2026, 11, 22);
    let into = bench.work().join("audits");
    assert_eq!(bench.run(&["demo", "--today", "2026-11-22", "--fail-on", "never", "--into", into.to_str().unwrap()]).code, 0);
    bench.git(&["add", "."]);
    bench.git(&["commit", "-qm", "one"]);
    let stage = Stage::open(Sites::parse(SITES).unwrap(), today).unwrap();
    let authority = bench.home.path().join("ca.pem");
    fs::write(&authority, stage.ca_pem()).unwrap();
    let keys = bench.home.path().join("keys");
    fs::write(&keys, stage.trust_anchor()).unwrap();
    let (ip, port) = (stage.address().ip(), stage.address().port());
    let name_server = stage.name_server().to_string();
    let everywhere = format!("::{ip}:{port}");
    let named = format!("*:443:{ip},[::1]");
    let asked = ["--dns", &name_server, "--trust-anchor", keys.to_str().unwrap()];
    let web = ["--ca-file", authority.to_str().unwrap(), "--connect-to", &everywhere, "--resolve", &named, "--allow-private"];
    let network = [&web[..], &asked].concat();
    let run = ["run", "chat-perche", "--today", "2026-11-22", "--fail-on", "never", "--commit"];
    let same = bench.run(&[&run[..], &network].concat());
    assert!(same.err.contains("nothing new"), "the same web gives the same record: {}", same.err);
    let hoster = into.join("chat-perche/hoster.toml");
    let moved = fs::read_to_string(&hoster).unwrap().replace("https://nuage.chatperche.example/", "https://nowhere.example/");
    fs::write(&hoster, moved).unwrap();
    let gone = bench.run(&[&run[..], &network].concat());
    assert_eq!(gone.code, 0, "{}", gone.err);
    let message = bench.git(&["log", "-1", "--format=%B"]);
    assert!(message.contains("[Nuage] unmet → unseen: the measurement failed"), "{message}");
}

#[test]
fn a_repository_that_git_will_not_read_is_no_green_light() {
    let bench = Bench::in_repository();
    let mut command = bench.command(env!("CARGO_BIN_EXE_chatons-audit"), &bench.work());
    command.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1").args(["run", "a", "--offline", "--fail-on", "regression"]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("dubious ownership"));
}

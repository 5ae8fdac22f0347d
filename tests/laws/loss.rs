//! Law 5: nothing is lost.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chatons_audit::SITES;
use toml::Table;

use crate::program::ran;
use crate::stage::{ID, Scene};
use crate::{DEMO, TODAY, sites_with_a_silent_one, whole};

#[test]
fn run_never_touches_what_people_wrote() {
    let scene = Scene::of("exemplary", TODAY);
    let own = "# à nous\r\n\n[[action]]\ncriterion='T8'   # sans fin de ligne\ntodo='x'";
    scene.write("answers.toml", own);
    scene.write("hoster.toml", &(scene.read("hoster.toml") + "\n# à nous\t"));
    fs::create_dir(scene.path("documents")).unwrap();
    scene.write("documents/notes.md", "à nous");
    let written = |scene: &Scene| {
        let mut files = whole(&scene.path(""));
        files.extend(whole(&scene.path("documents")));
        let ours = ["record.toml", "report.md", "terms.md", "legal.md", "privacy.md"];
        files.retain(|path, _| !ours.iter().any(|file| path.ends_with(file)) && !path.is_dir());
        files
    };
    let before = written(&scene);
    assert_eq!(before.len(), 3);
    for _ in 0..2 {
        assert_eq!(scene.run(&[]).code, 0);
        assert_eq!(written(&scene), before);
    }
}

/// A disk that fills up: what may be written is limited to one block of a file, and a record is larger than that.
#[test]
fn on_a_full_disk_the_old_record_is_intact() {
    let scene = Scene::new(DEMO, SITES, TODAY);
    scene.write("record.toml", "# the old record\n");
    scene.write("report.md", "the old report\n");
    let before = whole(&scene.path(""));
    let limited = r#"trap '' XFSZ; ulimit -f 1; exec "$0" "$@""#;
    let mut command = assert_cmd::Command::new("sh");
    command.env_clear().current_dir(scene.path("../..")).args(["-c", limited, env!("CARGO_BIN_EXE_chatons-audit")]);
    let full = ran(&mut command, scene.words("run", &[]));
    assert_eq!(full.code, 3, "{}", full.err);
    assert!(full.err.contains("écriture impossible") && full.err.contains("record.toml"), "{}", full.err);
    assert_eq!(whole(&scene.path("")), before, "the old files, and no others");
    let again = scene.run(&[]);
    assert_eq!(again.code, 1, "with room again, it works: {}", again.err);
    assert!(scene.read("record.toml").contains("[[standing]]"));
}

/// A folder stands where the record should be: even the superuser cannot write there.
#[test]
fn what_cannot_be_written_is_told_and_leaves_nothing_behind() {
    let scene = Scene::new(DEMO, SITES, TODAY);
    fs::create_dir(scene.path("record.toml")).unwrap();
    let before = whole(&scene.path(""));
    let ran = scene.run(&["--lang", "en"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("error: cannot be written: it is a folder") && ran.err.contains("record.toml"), "{}", ran.err);
    assert_eq!(whole(&scene.path("")).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    for (output, words) in [("/dev/full", "le disque est plein"), ("nowhere/report.md", "ce dossier n'existe pas")] {
        let ran = scene.run(&["--dry-run", "--output", output]);
        assert!(matches!(ran.code, 2 | 3) && ran.err.contains(words), "{output}: {} {}", ran.code, ran.err);
    }
}

/// Starts a run on a web of which one host never answers, waits until that host has been asked, and sends a signal.
fn stopped_by(signal: &str, scene: &Scene) -> Option<i32> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chatons-audit"));
    let words = scene.words("run", &["--timeout", "50"]);
    let mut child =
        command.env_clear().current_dir(scene.path("../..")).args(words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    while !scene.stage.requests().iter().any(|url| url.starts_with("http://chat.")) {
        assert!(started.elapsed() < Duration::from_secs(40), "the silent host was never asked");
        std::thread::sleep(Duration::from_millis(10));
    }
    interrupt(&child, signal);
    let signalled = Instant::now();
    let status = child.wait().unwrap();
    assert!(signalled.elapsed() < Duration::from_secs(10), "it ends at once, not when the silent host would have timed out");
    status.code()
}

#[test]
fn an_interrupted_run_keeps_what_it_had() {
    let sites = sites_with_a_silent_one();
    for (signal, code) in [("INT", Some(3)), ("TERM", None), ("KILL", None)] {
        let scene = Scene::new(DEMO, &sites, TODAY);
        scene.write("record.toml", "# the old record\n");
        scene.write("report.md", "the old report\n");
        let before = whole(&scene.path(""));
        assert_eq!(stopped_by(signal, &scene), code, "{signal}");
        assert_eq!(whole(&scene.path("")), before, "{signal}: the old files, and no others");
    }
}

/// Of two hosters, the one that was whole before the interruption is kept.
#[test]
fn an_interrupted_run_keeps_the_hosters_that_were_whole() {
    let scene = Scene::new(DEMO, SITES, TODAY);
    let whole_one = scene.path("../whole");
    fs::create_dir(&whole_one).unwrap();
    let pads = DEMO.split("[[service]]").take(2).collect::<Vec<_>>().join("[[service]]");
    fs::write(whole_one.join("hoster.toml"), pads).unwrap();
    // Connections are made to it, and nobody ever takes them up.
    let mute = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let elsewhere = format!("chat.chatperche.example::127.0.0.1:{}", mute.local_addr().unwrap().port());
    let words = scene.words("run", &["--timeout", "50"]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_chatons-audit"));
    command.env_clear().current_dir(scene.path("../..")).args(["run", "--connect-to", &elsewhere]).args(&words[1..]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    while !whole_one.join("report.md").exists() {
        assert!(started.elapsed() < Duration::from_secs(40), "the whole hoster waits for the silent one");
        std::thread::sleep(Duration::from_millis(10));
    }
    interrupt(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(3));
    let record: Table = fs::read_to_string(whole_one.join("record.toml")).unwrap().parse().unwrap();
    assert_eq!(record["hoster"].as_str(), Some("whole"));
    assert!(!scene.path("record.toml").exists(), "{ID} was not whole");
}

/// `kill` is a word of every shell, but not a program on every machine.
fn interrupt(child: &Child, signal: &str) {
    assert!(Command::new("sh").args(["-c", &format!("kill -{signal} {}", child.id())]).status().unwrap().success());
}

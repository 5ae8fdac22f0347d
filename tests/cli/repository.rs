//! The repository's own audits, without any network: nothing is observed, nothing is said, nothing changes.

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{program, ran};
use crate::small::folder;

fn files(folder: &Path) -> Vec<(PathBuf, Option<Vec<u8>>)> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path));
            found.push((path, None));
        } else {
            let bytes = fs::read(&path).unwrap();
            found.push((path, Some(bytes)));
        }
    }
    found
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let target = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copied(&entry, &target);
        } else {
            fs::copy(&entry, target).unwrap();
        }
    }
}

#[test]
fn without_a_network_our_own_audits_are_left_as_they_are() {
    let desk = folder();
    copied(&Path::new(env!("CARGO_MANIFEST_DIR")).join("audits"), &desk.path().join("audits"));
    let before = files(desk.path());
    assert!(before.iter().any(|(path, _)| path.ends_with("audits/picasoft/hoster.toml")), "the first user is described");
    for (lang, words) in [("fr", "rien n'a pu être observé"), ("en", "nothing could be observed")] {
        // A name server that is not there: nothing leaves this machine.
        let args = ["run", "--dns", "127.0.0.1:1", "--timeout", "1", "--today", "2026-11-22", "--lang", lang];
        let ran = ran(&mut program(desk.path()), args);
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{}", ran.err);
        assert!(ran.err.contains("Picasoft") && ran.err.contains(words), "{}", ran.err);
        assert_eq!(files(desk.path()), before);
    }
}

//! `criteria verify`: the rules held against a charter that is published as Markdown, as HTML, or on the web.

use std::fs;
use std::path::{Path, PathBuf};

use chatons_audit::{Day, Sites, Stage};

use crate::program::{Ran, program, ran};
use crate::small::folder;

fn charter(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/charter").join(file)
}

fn verify(at: &Path, more: &[&str]) -> Ran {
    ran(&mut program(at), [&["criteria", "verify", "--lang", "en"], more].concat())
}

fn against(at: &Path, file: &str, more: &[&str]) -> Ran {
    let file = charter(file);
    verify(at, &[&["--charter", file.to_str().unwrap()], more].concat())
}

/// The rules as people keep them, to write in.
fn rules(at: &Path) -> PathBuf {
    let (from, to) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("criteria"), at.join("criteria"));
    for sub in ["", "lists"] {
        fs::create_dir_all(to.join(sub)).unwrap();
        for entry in fs::read_dir(from.join(sub)).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
            fs::copy(entry.path(), to.join(sub).join(entry.file_name())).unwrap();
        }
    }
    to
}

#[test]
fn a_faithful_charter_agrees_in_markdown_and_in_html() {
    let folder = folder();
    let (markdown, html) = (against(folder.path(), "faithful.md", &[]), against(folder.path(), "faithful.html", &[]));
    assert_eq!((markdown.code, html.code), (0, 0), "{}{}", markdown.err, html.err);
    assert!(markdown.out.contains("49 criteria found, 0 with no commitment, 0 commitments with no criterion"), "{}", markdown.out);
    assert!(markdown.out.contains("words in common: CGU, visibles, compréhensibles"), "{}", markdown.out);
    assert_eq!(markdown.out, html.out, "menus and footers are no commitments");
}

#[test]
fn what_was_compared_is_noted_and_what_changed_since_is_told() {
    let folder = folder();
    let rules = rules(folder.path());
    let before = fs::read_to_string(rules.join("transparents.toml")).unwrap();
    assert_eq!(against(folder.path(), "faithful.md", &["--write"]).code, 0);
    let noted = fs::read_to_string(rules.join("transparents.toml")).unwrap();
    let changed: Vec<_> = before.lines().zip(noted.lines()).filter(|(old, new)| old != new).collect();
    assert!(changed.len() > 10 && before.lines().count() == noted.lines().count());
    assert!(changed.iter().all(|(old, new)| old.starts_with("source") && new.contains("compared = { 2023 = ")), "{changed:?}");
    let again = against(folder.path(), "faithful.md", &["--write"]);
    assert!(again.code == 0 && !again.err.contains("Recorded in"), "{}", again.err);
    let other = against(folder.path(), "changed.md", &[]);
    assert_eq!(other.code, 1);
    let parts: Vec<&str> = other.out.split("\n\n").collect();
    assert!(parts[1].contains("S2 ") && parts[1].lines().count() == 3, "{}", parts[1]);
    assert!(parts[2].contains("électricité renouvelable") && parts[2].lines().count() == 2, "{}", parts[2]);
    assert!(parts[3].contains("whose text has changed") && parts[3].contains("T8 ") && !parts[3].contains("T9 "), "{}", parts[3]);
}

#[test]
fn a_charter_on_the_web_is_fetched_with_its_redirects() {
    let page = fs::read_to_string(charter("faithful.html")).unwrap();
    let sites = format!("[[host]]\nname = 'www.charte.example'\n[host.pages]\n'/charte' = '''\n{page}'''\n");
    let stage = Stage::open(Sites::parse(&sites).unwrap(), Day::new(2026, 11, 22)).unwrap();
    let folder = folder();
    fs::write(folder.path().join("ca.pem"), stage.ca_pem()).unwrap();
    let to = format!("::127.0.0.1:{}", stage.address().port());
    let network = ["--allow-private", "--resolve", "*:443:127.0.0.1,[::1]", "--ca-file", "ca.pem", "--connect-to", &to];
    let asked = |url: &str| verify(folder.path(), &[&["--charter", url], &network[..]].concat());
    let found = asked("http://www.charte.example/charte");
    assert_eq!(found.code, 0, "{}{}", found.out, found.err);
    let lost = asked("https://www.charte.example/nowhere");
    assert!(lost.code == 3 && lost.err.contains("answer 404"), "{}", lost.err);
}

#[test]
fn what_is_no_charter_or_cannot_be_written_is_told() {
    let folder = folder();
    fs::write(folder.path().join("soup.md"), "# Soupe\n\n- du sel\n").unwrap();
    let soup = verify(folder.path(), &["--charter", "soup.md"]);
    assert!(soup.code == 3 && soup.err.contains("no commitment of the charter is recognised"), "{}", soup.err);
    let missing = verify(folder.path(), &["--charter", "nowhere.md"]);
    assert!(missing.code == 2 && missing.err.contains("nowhere.md"), "{}", missing.err);
    let unwritten = against(folder.path(), "faithful.md", &["--write"]);
    assert!(unwritten.code == 2 && unwritten.err.contains("needs a folder of criteria"), "{}", unwritten.err);
    let edition = against(folder.path(), "faithful.md", &["--edition", "1789"]);
    assert!(edition.code == 2 && edition.err.contains("there is no edition `1789`"), "{}", edition.err);
}

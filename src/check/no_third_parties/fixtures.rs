//! The pages of tests/pages, one mechanism each: exactly the hosts that `expected.toml` tells, and no other.
//!
//! A folder is served as `https://a.example/`; `twin.example` is what must never be reported. `certain` is called by each
//! visit, `hints` are named, `acting` those of them that wait for a gesture; `browser` is what Chromium calls where it differs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::called;
use crate::check::sample::{HOME, Sample, sample};
use crate::check::visits::is_own;
use crate::facts::{Call, When};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    certain: BTreeSet<String>,
    hints: BTreeSet<String>,
    acting: Option<BTreeSet<String>>,
    browser: Option<BTreeSet<String>>,
    because: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages")
}

fn folders() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// Serves a folder, and answers nothing else: what is not there is a 404.
fn served(folder: &Path, expected: &Expected) -> Sample {
    fn serve(sample: Sample, folder: &Path, at: &str, expected: &Expected) -> Sample {
        let mut sample = sample;
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                sample = serve(sample, &path, &format!("{at}{name}/"), expected);
            } else if name != "expected.toml" {
                let text = fs::read_to_string(&path).unwrap();
                let kind = if path.extension().is_some_and(|extension| extension == "css") { "text/css" } else { "text/html" };
                let mut headers = vec![("content-type", kind)];
                let url = if name == "index.html" {
                    headers.extend(expected.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
                    at.to_owned()
                } else {
                    format!("{at}{name}")
                };
                sample = sample.answer(&url, 200, &headers, &text);
            }
        }
        sample
    }
    serve(sample(), folder, HOME, expected)
}

fn hosts(calls: &[Call], kept: impl Fn(When) -> bool, own: impl Fn(&str) -> bool) -> BTreeSet<String> {
    calls.iter().filter(|call| kept(call.when) && !own(call.host())).map(|call| call.host().to_owned()).collect()
}

#[test]
fn each_page_calls_the_hosts_that_it_says_and_no_other() {
    let mut wrong = Vec::new();
    for folder in folders() {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(folder.join("expected.toml")).unwrap();
        let expected: Expected = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(expected.browser.is_some(), expected.because.is_some(), "{name}: what differs in a browser has a reason");
        let (certain, hints, acting) = served(&folder, &expected).with_case(|case| {
            let page = case.front()?;
            let calls = called(case, &page)?.calls;
            let own = |host: &str| is_own(case, page.url(), host);
            let certain = hosts(&calls, |when| when == When::Loading, own);
            let named = hosts(&calls, |when| !matches!(when, When::Loading | When::Blocked), own);
            let hints: BTreeSet<String> = named.difference(&certain).cloned().collect();
            Ok((certain, hints, hosts(&calls, |when| when == When::Acting, own)))
        });
        if (&certain, &hints) != (&expected.certain, &expected.hints) || expected.acting.is_some_and(|expected| expected != acting) {
            wrong.push(format!("{name}: certain {certain:?}, hints {hints:?}, acting {acting:?}"));
        }
        assert!(!certain.union(&hints).any(|host| host == "twin.example"), "{name} reports the twin");
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn there_are_forty_pages_or_more_each_with_its_mechanism() {
    assert!(folders().len() >= 40);
    for folder in folders() {
        let text = fs::read_to_string(folder.join("expected.toml")).unwrap();
        assert!(text.starts_with("# ") && folder.join("index.html").is_file(), "{}", folder.display());
    }
}

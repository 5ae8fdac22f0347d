//! Files of people, and documents that they were sent: a mistake is a fault, shown with its place.

use std::path::Path;
use std::sync::LazyLock;

use super::assert_harmless;
use super::shown::assert_shown;
use crate::audit::read_record;
use crate::criteria::{Charter, Comparison, commitments};
use crate::day::Day;
use crate::file::{Faults, Source};
use crate::hoster::{Answers, Hoster, Reading};
use crate::text::{Lang, clean};

pub(super) static RULES: LazyLock<Charter> = LazyLock::new(|| Charter::load(None).unwrap_or_else(|faults| panic!("{faults:?}")));

/// A web site and one service.
pub(super) static HOSTER: LazyLock<Hoster> = LazyLock::new(|| {
    let text = "name = 'A'\nwebsite = 'https://www.a.example/'\nedition = '2023'\n[documents]\nterms = 'https://www.a.example/cgu'\n\
        [[service]]\nid = 'pad'\nname = 'Pads'\nurl = 'https://pad.a.example/'\n";
    read_hoster(text).unwrap_or_else(|faults| panic!("{faults:?}"))
});

pub(super) fn read_hoster(text: &str) -> Result<Hoster, Faults> {
    let id = "a".parse().unwrap_or_else(|_| panic!("a fixed id"));
    Hoster::read(id, &Source::new("hoster.toml", text), |edition| RULES.edition(edition).is_some())
}

/// A fault says something, and can be shown in a terminal.
fn assert_told<T>(read: Result<T, Faults>) {
    let Err(faults) = read else { return };
    assert!(!faults.is_empty());
    for fault in faults.iter().take(20) {
        for lang in [Lang::Fr, Lang::En] {
            let shown = fault.show(lang, false);
            assert!(!shown.trim().is_empty());
            assert_harmless(&shown);
        }
    }
}

pub(super) fn hoster(bytes: &[u8]) {
    assert_told(read_hoster(&String::from_utf8_lossy(bytes)));
}

pub(super) fn answers(bytes: &[u8]) {
    assert_told(Answers::read(&Source::new("answers.toml", String::from_utf8_lossy(bytes)), &RULES, &HOSTER));
}

/// A record that could be read is written as it was, and shown in every form without anything that a terminal or a browser obeys.
pub(super) fn record(bytes: &[u8]) {
    let read = read_record(&Source::new("record.toml", String::from_utf8_lossy(bytes)));
    if let Ok(record) = &read {
        let again = read_record(&Source::new("record.toml", record.to_toml())).unwrap_or_else(|faults| panic!("{faults:?}"));
        assert!(*record == again, "a record changes when it is written: {record:?}\n{again:?}");
        assert!(!record.to_toml().contains(|c: char| c.is_control() && c != '\n'));
        assert_shown(record, &HOSTER, &Answers::default());
    }
    assert_told(read);
}

/// A file of rules: the first line names it.
pub(super) fn rules(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (name, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let path = Path::new("criteria").join(clean(name));
    assert_told(Charter::lint_sources(&[Source::new(path, rest)]));
}

/// The charter as somebody sends it.
pub(super) fn charter(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let found = commitments(&text);
    assert!(found.len() <= 500 && found.iter().all(|one| one.text.len() <= text.len()));
    if found.len() < 20 {
        let _ = Comparison::new(&RULES, "2023", &found).agrees();
    }
}

pub(super) fn sheet(bytes: &[u8]) {
    for lang in [Lang::Fr, Lang::En] {
        let reading = Reading {
            file: Path::new("sheet.csv"),
            charter: &RULES,
            hoster: &HOSTER,
            edition: "2023",
            today: Day::new(2026, 11, 22),
            lang,
            by: None,
        };
        let read = reading.read(bytes);
        if let Ok(sheet) = &read {
            // What a sheet says can be written down, and read back.
            let text = sheet.answers.iter().try_fold(String::new(), |text, answer| answer.added_to(&text));
            let text = text.unwrap_or_else(|error| panic!("{error}"));
            let source = Source::new("answers.toml", text);
            Answers::read(&source, &RULES, &HOSTER).unwrap_or_else(|faults| panic!("{faults:?}"));
        }
        assert_told(read);
    }
}

//! Arbitrary text in every place of a record, and every form in which it is shown: never a live tag, never anything that is obeyed.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use html5gum::{Token, Tokenizer};
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::assert_harmless;
use super::files::{HOSTER, RULES};
use crate::audit::{Record, read_record};
use crate::file::Source;
use crate::hoster::{Answers, Hoster};
use crate::report::{
    Changes, Report, candidature, commit_message, csv, csv_head, explain_record, html, json, markdown, progress_json, progress_table, table,
};
use crate::text::{Lang, is_obeyed_or_unseen};

const RECORD: &str = include_str!("shown/record.toml");
const ANSWERS: &str = include_str!("shown/answers.toml");
const HOSTER_FILE: &str = include_str!("shown/hoster.toml");

/// It goes to thirty places, and these into fourteen forms: a long one would only be slow.
const LONGEST: usize = 300;

/// Where the text goes.
const PLACE: &str = "@";

/// Tags and attributes of the page when nobody means harm.
static USUAL: LazyLock<BTreeSet<Vec<u8>>> = LazyLock::new(|| {
    let plain = Texts::with("Rien de mal. https://ok.example/").unwrap_or_else(|| panic!("a fixed text"));
    let report = Report::new(&plain.record, &RULES, &plain.hoster, &plain.answers);
    [Lang::Fr, Lang::En].iter().flat_map(|lang| marks(&html(&report, *lang))).collect()
});

struct Texts {
    record: Record,
    hoster: Hoster,
    answers: Answers,
}

impl Texts {
    /// Nothing when one of the files refuses such a text.
    fn with(text: &str) -> Option<Self> {
        let filled = |file: &str| {
            let mut table: toml::Value = toml::from_str(file).unwrap_or_else(|error| panic!("{error}"));
            fill(&mut table, text);
            toml::to_string(&table).unwrap_or_else(|error| panic!("{error}"))
        };
        let id = "a".parse().ok()?;
        let hoster = Hoster::read(id, &Source::new("hoster.toml", filled(HOSTER_FILE)), |_| true).ok()?;
        Some(Self {
            record: read_record(&Source::new("record.toml", filled(RECORD))).ok()?,
            answers: Answers::read(&Source::new("answers.toml", filled(ANSWERS)), &RULES, &hoster).ok()?,
            hoster,
        })
    }
}

fn fill(value: &mut toml::Value, text: &str) {
    match value {
        toml::Value::String(place) if place == PLACE => text.clone_into(place),
        toml::Value::Array(items) => items.iter_mut().for_each(|item| fill(item, text)),
        toml::Value::Table(table) => table.iter_mut().for_each(|(_, item)| fill(item, text)),
        _ => {}
    }
}

/// The text in every place that takes one.
pub(super) fn shown(bytes: &[u8]) {
    let text: String = String::from_utf8_lossy(bytes).chars().take(LONGEST).collect();
    let Some(texts) = Texts::with(&text) else { return };
    let again = read_record(&Source::new("record.toml", texts.record.to_toml())).unwrap_or_else(|faults| panic!("{faults:?}"));
    assert!(texts.record == again, "a record changes when it is written: {:?}\n{again:?}", texts.record);
    assert_shown(&texts.record, &texts.hoster, &texts.answers);
    let report = Report::new(&texts.record, &RULES, &texts.hoster, &texts.answers);
    for lang in [Lang::Fr, Lang::En] {
        let page = html(&report, lang);
        let odd: Vec<String> = marks(&page).difference(&USUAL).map(|mark| String::from_utf8_lossy(mark).into_owned()).collect();
        assert!(odd.is_empty(), "no mark of ours: {odd:?}\n{page}");
    }
}

/// Two records, parted by a line `---`: what changed between them.
pub(super) fn changes(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (old, new) = text.split_once("\n---\n").unwrap_or((&text, &text));
    let read = |text: &str| read_record(&Source::new("record.toml", text)).ok();
    let (Some(old), Some(new)) = (read(old), read(new)) else { return };
    let changes = Changes::new(&old, &new, "0123456789", &RULES, &HOSTER);
    for lang in [Lang::Fr, Lang::En] {
        assert_plain(&changes.text(lang, 80));
        assert_plain(&progress_table(&[("0123456789", &old), ("1234567890", &new)], lang, 80));
        assert_tame(&changes.markdown(lang));
        assert_harmless(&commit_message(&HOSTER.id, &new, Some(&changes), lang));
        let past = [("0123456789", &old)];
        assert_page(&html(&Report::new(&new, &RULES, &HOSTER, &Answers::default()).after(&past), lang));
    }
    assert_json(&changes.json());
    assert_json(&progress_json("a", &[("0123456789", &old), ("1234567890", &new)]));
}

/// Every form of a record says nothing that a terminal, a forge, a spreadsheet or a browser obeys.
pub(super) fn assert_shown(record: &Record, hoster: &Hoster, answers: &Answers) {
    let report = || Report::new(record, &RULES, hoster, answers);
    for lang in [Lang::Fr, Lang::En] {
        assert_plain(&table(&report(), lang, 100));
        record.standings.iter().take(3).for_each(|entry| assert_plain(&explain_record(record, hoster, entry.criterion, lang, 80)));
        assert_sheet(&(csv_head() + &csv(&report(), lang)));
        assert_tame(&markdown(&report(), lang));
        assert_tame(&candidature(&report(), lang));
        assert_page(&html(&report(), lang));
    }
    assert_json(&json(record));
}

/// Our own colours aside: what a sequence of theirs would leave behind is seen all the same.
fn assert_plain(shown: &str) {
    let ours = [1, 0, 22, 39].into_iter().chain(30..38).map(|n| format!("\u{1b}[{n}m"));
    let ours = ours.chain((0..=15).map(|n| format!("\u{1b}[38;5;{n}m")));
    assert_harmless(&ours.fold(shown.to_owned(), |text, colour| text.replace(&colour, "")));
}

fn assert_tame(markdown: &str) {
    assert_harmless(markdown);
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => panic!("a tag: {html:?}\n{markdown}"),
            Event::Start(Tag::Image { dest_url, .. }) => panic!("a picture: {dest_url:?}\n{markdown}"),
            Event::Start(Tag::Link { dest_url, .. }) => assert!(is_tame(&dest_url), "a link to {dest_url:?}\n{markdown}"),
            _ => {}
        }
    }
}

fn is_tame(link: &str) -> bool {
    ["http:", "https:", "mailto:", "#", "documents/"].iter().any(|start| link.starts_with(start))
}

fn assert_page(page: &str) {
    assert_harmless(page);
    for token in Tokenizer::new(page) {
        let Ok(Token::StartTag(tag)) = token else { continue };
        assert!(*tag.name != b"script", "{page}");
        for (name, value) in &tag.attributes {
            assert!(!name.starts_with(b"on"), "{page}");
            let value = String::from_utf8_lossy(value);
            assert!(!matches!(&name[..], b"href" | b"src") || is_tame(&value) || value.starts_with("data:image/"), "{value}\n{page}");
        }
    }
}

/// Each kind of tag, and each kind of attribute that it has.
fn marks(page: &str) -> BTreeSet<Vec<u8>> {
    let mut marks = BTreeSet::new();
    for token in Tokenizer::new(page) {
        let Ok(Token::StartTag(tag)) = token else { continue };
        marks.extend(tag.attributes.keys().map(|name| [&tag.name[..], b" ", &name[..]].concat()));
        marks.insert(tag.name.to_vec());
    }
    marks
}

fn assert_json(json: &str) {
    assert!(!json.contains(is_obeyed_or_unseen), "{json:?}");
    serde_json::from_str::<serde_json::Value>(json).unwrap_or_else(|error| panic!("{error}: {json}"));
}

/// A spreadsheet takes no cell for a formula.
fn assert_sheet(sheet: &str) {
    assert_harmless(&sheet.replace('\r', ""));
    for row in ::csv::Reader::from_reader(sheet.as_bytes()).into_records() {
        for cell in &row.unwrap_or_else(|error| panic!("{error}: {sheet}")) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "a formula: {cell:?}");
        }
    }
}

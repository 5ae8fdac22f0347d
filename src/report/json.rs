//! The record as JSON: the fields of `record.toml` under the same names.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::audit::{Record, Tree};
use crate::text::is_obeyed_or_unseen;

pub fn json(record: &Record) -> String {
    pretty(&Sorted(&record.to_tree()))
}

/// Several hosters, `{ "hosters": [...] }`: what stands before, between and after what [`json_of_one_of_many`] makes of each.
pub const JSON_OF_MANY: [&str; 3] = ["{\n  \"hosters\": [", ",", "\n  ]\n}\n"];

pub fn json_of_one_of_many(record: &Record) -> String {
    let [before, _, after] = JSON_OF_MANY;
    let list = pretty(&BTreeMap::from([("hosters", [Sorted(&record.to_tree())])]));
    list.strip_prefix(before).and_then(|text| text.strip_suffix(after)).expect("it is a list of one").to_owned()
}

/// Every JSON of ours: nothing in it is obeyed by a terminal, or hidden.
pub(super) fn pretty(value: &impl Serialize) -> String {
    let mut text = escaped(serde_json::to_string_pretty(value).expect("plain data"));
    text.push('\n');
    text
}

/// What a terminal would obey, or nobody would see, stands in texts alone: there it can be written by its number.
fn escaped(json: String) -> String {
    if !json.contains(is_obeyed_or_unseen) {
        return json;
    }
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if is_obeyed_or_unseen(c) {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| text.push_str(&format!("\\u{unit:04x}")));
        } else {
            text.push(c);
        }
    }
    text
}

/// Keys in the order of the alphabet, and days as texts.
struct Sorted<'t>(&'t Tree);

impl Serialize for Sorted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Tree::Words(text) | Tree::Day(text) => serializer.serialize_str(text),
            Tree::Number(number) => serializer.serialize_i64(*number),
            Tree::Truth(truth) => serializer.serialize_bool(*truth),
            Tree::List(values) => serializer.collect_seq(values.iter().map(Sorted)),
            Tree::Table(fields) => {
                let mut fields: Vec<_> = fields.iter().map(|(key, value)| (key, Sorted(value))).collect();
                fields.sort_by_key(|(key, _)| *key);
                serializer.collect_map(fields)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{golden, sample};
    use super::*;

    #[test]
    fn the_json_is_golden() {
        golden("report.json", &json(&sample().record));
    }

    #[test]
    fn several_hosters_are_written_as_a_whole_would_be() {
        let record = sample().record;
        let [before, between, after] = JSON_OF_MANY;
        for count in 1..3 {
            let written = format!("{before}{}{after}", vec![json_of_one_of_many(&record); count].join(between));
            let one: serde_json::Value = serde_json::from_str(&json(&record)).unwrap();
            assert_eq!(written, pretty(&serde_json::json!({ "hosters": vec![one; count] })));
        }
    }

    #[test]
    fn what_is_obeyed_or_unseen_is_written_by_its_number() {
        let value = serde_json::json!({ "a": "x\u{9b}31m\u{202e}\u{e0001}é" });
        let text = pretty(&value);
        assert_eq!(text, "{\n  \"a\": \"x\\u009b31m\\u202e\\udb40\\udc01é\"\n}\n");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn a_day_is_a_string_and_keys_are_sorted() {
        let counts = Tree::Table(vec![("met".into(), Tree::Number(3)), ("all".into(), Tree::Truth(true))]);
        let tree = Tree::Table(vec![("date".into(), Tree::Day("2026-11-22".to_owned())), ("counts".into(), counts)]);
        let written = "{\n  \"counts\": {\n    \"all\": true,\n    \"met\": 3\n  },\n  \"date\": \"2026-11-22\"\n}\n";
        assert_eq!(pretty(&Sorted(&tree)), written);
    }
}

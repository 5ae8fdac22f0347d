//! The record as JSON: the fields of `record.toml` under the same names.

use serde_json::Value;
use toml_edit::{Item, TableLike};

use crate::audit::Record;
use crate::text::is_obeyed_or_unseen;

pub fn json(record: &Record) -> String {
    pretty(&value(record))
}

/// Several hosters: `{ "hosters": [...] }`, in pieces: no more than one is held twice.
pub fn json_of_many<'r>(records: impl IntoIterator<Item = &'r Record, IntoIter: ExactSizeIterator>) -> impl Iterator<Item = String> {
    let records = records.into_iter();
    let end = if records.len() == 0 { "]\n}\n" } else { "\n  ]\n}\n" };
    let each = records.enumerate().map(|(n, record)| {
        let mut text = String::from(if n == 0 { "" } else { "," });
        // A line break within a text is written `\n`: each line here is one of the form.
        for line in json(record).lines() {
            text.push_str("\n    ");
            text.push_str(line);
        }
        text
    });
    std::iter::once("{\n  \"hosters\": [".to_owned()).chain(each).chain(std::iter::once(end.to_owned()))
}

/// Every JSON of ours: nothing in it is obeyed by a terminal, or hidden.
pub(super) fn pretty(value: &Value) -> String {
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

fn value(record: &Record) -> Value {
    of_table(record.to_document().as_table())
}

fn of_table(table: &dyn TableLike) -> Value {
    Value::Object(table.iter().map(|(key, item)| (key.to_owned(), of_item(item))).collect())
}

fn of_item(item: &Item) -> Value {
    match item {
        Item::None => Value::Null,
        Item::Value(value) => of_value(value),
        Item::Table(table) => of_table(table),
        Item::ArrayOfTables(tables) => tables.iter().map(|table| of_table(table)).collect(),
    }
}

fn of_value(value: &toml_edit::Value) -> Value {
    match value {
        toml_edit::Value::String(text) => Value::from(text.value().as_str()),
        toml_edit::Value::Integer(number) => Value::from(*number.value()),
        toml_edit::Value::Float(number) => Value::from(*number.value()),
        toml_edit::Value::Boolean(truth) => Value::from(*truth.value()),
        toml_edit::Value::Datetime(day) => Value::from(day.value().to_string()),
        toml_edit::Value::Array(items) => items.iter().map(of_value).collect(),
        toml_edit::Value::InlineTable(table) => of_table(table),
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
        for count in 0..3 {
            let all = vec![&record; count];
            let whole = serde_json::json!({ "hosters": all.iter().map(|record| value(record)).collect::<Vec<_>>() });
            assert_eq!(json_of_many(all).collect::<String>(), pretty(&whole));
        }
    }

    #[test]
    fn what_is_obeyed_or_unseen_is_written_by_its_number() {
        let value = serde_json::json!({ "a": "x\u{9b}31m\u{202e}\u{e0001}é" });
        let text = pretty(&value);
        assert_eq!(text, "{\n  \"a\": \"x\\u009b31m\\u202e\\udb40\\udc01é\"\n}\n");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn a_day_is_a_string() {
        let document: toml_edit::DocumentMut = "date = 2026-11-22\n[counts]\nmet = 3".parse().unwrap();
        let json = of_table(document.as_table());
        assert_eq!(json, serde_json::json!({ "date": "2026-11-22", "counts": { "met": 3 } }));
    }
}

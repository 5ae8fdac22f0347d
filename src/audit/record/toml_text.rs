//! A record as TOML text, with `because.fr` and `because.en` on lines of their own.

use toml_edit::visit_mut::{VisitMut, visit_table_mut};
use toml_edit::{DocumentMut, Formatted, Item, Table, Value};

use super::Record;
use crate::text::is_obeyed_or_unseen;

const HEADER: &str = "\
# Written by `chatons-audit run`: not to be edited by hand. People answer in answers.toml.
";

impl Record {
    pub fn to_toml(&self) -> String {
        let mut document = self.to_document();
        let mut plain = Plain;
        plain.visit_document_mut(&mut document);
        format!("{HEADER}{document}")
    }

    /// Its fields, under the names that all forms of it share.
    pub fn to_document(&self) -> DocumentMut {
        toml_edit::ser::to_document(self).expect("a record is plain data")
    }
}

/// Turns inline tables into dotted keys and arrays of tables into `[[...]]`, as a person would write them.
struct Plain;

impl VisitMut for Plain {
    fn visit_table_mut(&mut self, table: &mut Table) {
        for (key, item) in table.iter_mut() {
            let key = key.get().to_owned();
            let taken = std::mem::take(item);
            *item = match taken.into_array_of_tables() {
                Ok(tables) => Item::ArrayOfTables(tables),
                Err(other) => match other.into_table() {
                    Ok(mut inner) => {
                        inner.set_dotted(key != "counts");
                        Item::Table(inner)
                    }
                    Err(other) => other,
                },
            };
        }
        visit_table_mut(self, table);
    }

    /// People print this file: what a terminal would obey, or nobody would see, is written by its number.
    fn visit_string_mut(&mut self, text: &mut Formatted<String>) {
        if !text.value().contains(is_obeyed_or_unseen) {
            return;
        }
        let escape = |c: char| match c {
            '"' | '\\' => format!("\\{c}"),
            '\n' => "\\n".to_owned(),
            c if is_obeyed_or_unseen(c) => format!("\\U{:08x}", u32::from(c)),
            c => c.to_string(),
        };
        let written = format!("\"{}\"", text.value().chars().map(escape).collect::<String>());
        if let Ok(Value::String(told)) = written.parse() {
            let around = text.decor().clone();
            *text = told;
            *text.decor_mut() = around;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Entry, count};
    use super::*;
    use crate::audit::{By, DocumentKept, Standing};
    use crate::check::{Evidence, Finding, Outcome};
    use crate::criteria::Level;
    use crate::day::Day;
    use crate::file::Source;
    use crate::hoster::Subject;
    use crate::text::Text;

    fn record() -> Record {
        let finding = Finding {
            check: "page-published".into(),
            code: "not-found".into(),
            outcome: Outcome::Refutes,
            silent: false,
            because: Text { fr: "rien \"là\"\nni là".into(), en: "nothing".into() },
            evidence: vec![Evidence { at: "https://a.example/".into(), excerpt: Some("\u{1b}[31m\u{9b}1m \"\u{202e}\\n'".into()) }],
        };
        let entry = Entry {
            criterion: "T8".parse().unwrap(),
            subject: Subject::Hoster,
            level: Level::Required,
            revision: 1,
            standing: Standing::Unmet,
            by: By::Check,
            answer: None,
            waiver: None,
            replies: vec![],
            findings: vec![finding],
        };
        Record {
            format: 1,
            hoster: "a".into(),
            name: "A".into(),
            edition: "2023".into(),
            date: Day::new(2026, 11, 22),
            tool: "0.1.0".into(),
            rules: "00".into(),
            counts: count([Standing::Unmet]),
            documents: vec![DocumentKept {
                kind: "terms".into(),
                url: "https://a.example/cgu".parse().unwrap(),
                digest: "1-00".into(),
                changed_since: None,
                changed_on: Some(Day::new(2026, 11, 22)),
            }],
            standings: vec![entry],
            remarks: vec![],
        }
    }

    #[test]
    fn a_record_is_read_back_as_written() {
        let text = record().to_toml();
        assert_eq!(super::super::read_record(&Source::new("record.toml", text.as_str())).unwrap(), record(), "{text}");
    }

    #[test]
    fn a_record_reads_well() {
        let text = record().to_toml();
        for line in ["date = 2026-11-22", "[[standing]]", "[[standing.finding]]", "because.en = \"nothing\"", "criterion = \"T8\""] {
            assert!(text.lines().any(|l| l == line), "{line} is not a line of:\n{text}");
        }
        assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "what is obeyed or hidden is escaped");
    }
}

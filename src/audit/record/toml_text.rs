//! A record as TOML text, with `because.fr` and `because.en` on lines of their own.

use std::fmt::Result;

use toml_writer::TomlWrite;

use super::Record;
use super::tree::{Key, Tree};
use crate::text::is_obeyed_or_unseen;

const HEADER: &str = "\
# Written by `chatons-audit run`: not to be edited by hand. People answer in answers.toml.
";

impl Record {
    pub fn to_toml(&self) -> String {
        let mut text = HEADER.to_owned();
        if let Tree::Table(fields) = self.to_tree() {
            write_table(&mut text, "", &fields).expect("memory takes every line");
        }
        text
    }

    /// Its fields, under the names that all forms of it share.
    pub fn to_tree(&self) -> Tree {
        Tree::of(self)
    }
}

/// Values first, then the tables within, each under its path.
fn write_table(text: &mut String, path: &str, fields: &[(Key, Tree)]) -> Result {
    write_values(text, "", fields)?;
    for (key, value) in fields {
        let inner = || if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
        match value {
            Tree::List(tables) if is_tables(tables) => {
                let inner = inner();
                for table in tables {
                    let Tree::Table(fields) = table else { continue };
                    text.extend(["\n[[", &inner, "]]\n"]);
                    write_table(text, &inner, fields)?;
                }
            }
            Tree::Table(fields) if has_heading(key) => {
                let inner = inner();
                text.extend(["\n[", &inner, "]\n"]);
                write_table(text, &inner, fields)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// A line for each; those of an inner table have dotted keys, as a person would write them.
fn write_values(text: &mut String, before: &str, fields: &[(Key, Tree)]) -> Result {
    for (key, value) in fields {
        match value {
            Tree::List(tables) if is_tables(tables) => {}
            Tree::Table(_) if has_heading(key) => {}
            Tree::Table(fields) => write_values(text, &format!("{before}{key}."), fields)?,
            value => {
                text.push_str(before);
                text.key(key)?;
                text.push_str(" = ");
                write_value(text, value)?;
                text.push('\n');
            }
        }
    }
    Ok(())
}

fn is_tables(list: &[Tree]) -> bool {
    matches!(list.first(), Some(Tree::Table(_)))
}

/// Of the tables that stand alone; the keys of the others are dotted.
fn has_heading(key: &str) -> bool {
    key == "counts"
}

fn write_value(text: &mut String, value: &Tree) -> Result {
    match value {
        Tree::Words(words) => write_words(text, words)?,
        Tree::Number(number) => text.value(*number)?,
        Tree::Truth(truth) => text.value(*truth)?,
        Tree::Day(day) => text.push_str(day),
        Tree::List(values) => {
            text.push('[');
            for (n, value) in values.iter().enumerate() {
                text.push_str(if n == 0 { "" } else { ", " });
                write_value(text, value)?;
            }
            text.push(']');
        }
        Tree::Table(_) => unreachable!("tables are written by write_values"),
    }
    Ok(())
}

/// People print this file: what a terminal would obey, or nobody would see, is written by its number.
fn write_words(text: &mut String, words: &str) -> Result {
    if !words.contains(is_obeyed_or_unseen) {
        return text.value(words);
    }
    text.push('"');
    for c in words.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            c if is_obeyed_or_unseen(c) => text.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => text.push(c),
        }
    }
    text.push('"');
    Ok(())
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

    /// People's repositories hold these files: not a byte of one may change with the program that writes it.
    const WRITTEN: &str = r#"# Written by `chatons-audit run`: not to be edited by hand. People answer in answers.toml.
format = 1
hoster = "a"
name = "A"
edition = "2023"
date = 2026-11-22
tool = "0.1.0"
rules = "00"

[counts]
unmet = 0
not-applicable = 1

[[document]]
kind = "terms"
url = "https://a.example/cgu"
digest = "1-00"
changed-on = 2026-11-22

[[standing]]
criterion = "S2"
subject = "hoster"
level = "required"
revision = 2
standing = "waived"
by = "waiver"
answer.outcome = "unmet"
answer.by = "Ada"
answer.on = 2026-11-02
answer.until = 2027-11-02
answer.note = "une ligne\nune autre \\ é \U0000202e \"x\" 'y'"
answer.evidence = ["https://a.example/1", "https://a.example/2"]
waiver.because.fr = "rien 'là'"
waiver.because.en = "rien 'là'"
waiver.granted-by = "B"
waiver.until = 2026-12-01
waiver.decision = "https://a.example/d"

[[standing.reply]]
by = 'Ada "x"'
on = 2026-11-20
text = """
une ligne
une autre \\ é '''"""

[[standing.finding]]
check = "page-published"
code = "not-asked"
outcome = "inconclusive"
silent = true
because.fr = "rien"
because.en = "nothing"

[[standing.finding.evidence]]
at = "https://a.example/"

[[standing.finding.evidence]]
at = "a.example"
excerpt = ""

[[remark]]
kind = "answer-lapsed"
criterion = "C1"
because.fr = '''la réponse de C:\x a vécu jusqu'au 2019-11-02'''
because.en = 'the answer C:\x gave held until 2019-11-02'
"#;

    #[test]
    fn a_record_is_written_as_it_always_was() {
        let record = super::super::read_record(&Source::new("record.toml", WRITTEN)).unwrap();
        assert_eq!(record.to_toml(), WRITTEN);
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

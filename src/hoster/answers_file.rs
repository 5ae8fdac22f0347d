//! Adding to `answers.toml` what people said, so that every byte they wrote themselves stays where it is.

use toml_edit::{Array, Document, DocumentMut, InlineTable, Item, Table, TomlError, Value, value};
use url::Url;

use super::{AnswerOutcome, Subject};
use crate::criteria::CriterionId;
use crate::day::Day;

/// An answer that was just given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAnswer {
    pub criterion: CriterionId,
    /// Left out where the criterion binds the hoster alone.
    pub service: Option<Subject>,
    pub outcome: AnswerOutcome,
    pub by: String,
    pub on: Day,
    pub revision: u32,
    /// Where the question is another one in another edition of the charter.
    pub edition: Option<String>,
    pub note: Option<String>,
    pub evidence: Vec<Url>,
}

/// Something that was just decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAction {
    pub criterion: CriterionId,
    pub service: Option<Subject>,
    pub todo: String,
    pub owner: Option<String>,
    pub due: Option<Day>,
}

impl NewAnswer {
    /// `text`, with this answer after all others; the newest counts, the older ones stay as history.
    pub fn added_to(&self, text: &str) -> Result<String, TomlError> {
        append(text, "answer", self.table())
    }

    fn table(&self) -> Table {
        let mut table = subject(self.criterion, self.service.as_ref());
        table["outcome"] = value(match self.outcome {
            AnswerOutcome::Met => "met",
            AnswerOutcome::Unmet => "unmet",
            AnswerOutcome::NotApplicable => "not-applicable",
        });
        table["by"] = value(self.by.as_str());
        table["on"] = day(self.on);
        if self.revision > 1 {
            table["revision"] = value(i64::from(self.revision));
        }
        put(&mut table, "edition", self.edition.as_deref());
        put(&mut table, "note", self.note.as_deref());
        if !self.evidence.is_empty() {
            table["evidence"] = value(self.evidence.iter().map(Url::as_str).collect::<Array>());
        }
        table
    }
}

impl NewAction {
    /// `text`, with this action after all others.
    pub fn added_to(&self, text: &str) -> Result<String, TomlError> {
        let mut table = subject(self.criterion, self.service.as_ref());
        table["todo"] = value(self.todo.as_str());
        put(&mut table, "owner", self.owner.as_deref());
        if let Some(due) = self.due {
            table["due"] = day(due);
        }
        append(text, "action", table)
    }
}

fn subject(criterion: CriterionId, service: Option<&Subject>) -> Table {
    let mut table = Table::new();
    table["criterion"] = value(criterion.to_string());
    put(&mut table, "service", service.map(ToString::to_string).as_deref());
    table
}

fn put(table: &mut Table, key: &str, words: Option<&str>) {
    if let Some(words) = words {
        table[key] = value(words);
    }
}

fn day(day: Day) -> Item {
    value(day.to_string().parse::<toml_edit::Datetime>().expect("a day is a TOML date"))
}

/// Splices text rather than writing the parsed document again, which would turn CRLF into LF.
fn append(text: &str, key: &str, mut table: Table) -> Result<String, TomlError> {
    let document = Document::parse(text)?;
    if let Some(array) = document.get(key).and_then(Item::as_array) {
        return Ok(into_array(text, array, table.into_inline_table()));
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    if end == "\r\n" {
        on_one_line(&mut table);
    }
    let mut tables = toml_edit::ArrayOfTables::new();
    tables.push(table);
    let mut added = DocumentMut::new();
    added[key] = Item::ArrayOfTables(tables);
    let added = added.to_string().trim_start().replace('\n', end);
    let gap = match text.strip_prefix('\u{feff}').unwrap_or(text) {
        "" => String::new(),
        before if before.ends_with(&end.repeat(2)) || before == end => String::new(),
        before if before.ends_with('\n') => end.to_owned(),
        _ => end.repeat(2),
    };
    Ok(format!("{text}{gap}{added}"))
}

/// In a file of CRLF lines, a value on several lines would change with its line ends.
fn on_one_line(table: &mut Table) {
    for (_, item) in table.iter_mut() {
        if let Some(words) = item.as_str().filter(|words| words.contains('\n')) {
            let quoted = serde_json::to_string(words).expect("a text is plain data");
            // A JSON string is a TOML basic string, but for U+007F.
            if let Ok(plain) = quoted.replace('\u{7f}', "\\u007f").parse::<Value>() {
                *item = value(plain);
            }
        }
    }
}

/// The other way of writing it: `answer = [{ … }, { … }]`.
fn into_array(text: &str, array: &Array, table: InlineTable) -> String {
    let span = array.span().expect("parsed from this text");
    let close = span.end - 1;
    let added = Value::InlineTable(table).decorated(" ", " ").to_string();
    let Some(last) = array.iter().last().and_then(Value::span) else {
        return format!("{}{added}{}", &text[..close], &text[close..]);
    };
    let comma = if array.trailing_comma() { "" } else { "," };
    format!("{}{comma}{}{added}{}", &text[..last.end], &text[last.end..close], &text[close..])
}

#[cfg(test)]
mod tests {
    use super::super::{Answers, Hoster};
    use super::*;
    use crate::criteria::shipped;
    use crate::file::Source;

    fn answer() -> NewAnswer {
        NewAnswer {
            criterion: "S2".parse().unwrap(),
            service: None,
            outcome: AnswerOutcome::Met,
            by: "Camille".into(),
            on: Day::new(2026, 11, 22),
            revision: 1,
            edition: None,
            note: None,
            evidence: vec![],
        }
    }

    fn read(text: &str) -> Answers {
        let hoster =
            "name='A'\nwebsite='https://a.example/'\nedition='2023'\n[[service]]\nid='pad'\nname='P'\nurl='https://pad.a.example/'\n";
        let hoster = Hoster::read("a".parse().unwrap(), &Source::new("hoster.toml", hoster), |_| true).unwrap();
        Answers::read(&Source::new("answers.toml", text), shipped(), &hoster).unwrap_or_else(|faults| panic!("{faults:?}\n{text}"))
    }

    const PLAIN: &str = "[[answer]]\ncriterion = \"S2\"\noutcome = \"met\"\nby = \"Camille\"\non = 2026-11-22\n";

    #[test]
    fn an_empty_file_gets_one_table() {
        assert_eq!(answer().added_to("").unwrap(), PLAIN);
    }

    #[test]
    fn every_byte_that_a_person_wrote_stays() {
        let old = "[[answer]]\ncriterion = 'S1'\noutcome = 'met'\nby = 'B'\non = 2026-01-01";
        let files = [
            "# Seul un commentaire",
            "# Un commentaire\n",
            "\n\n",
            "\u{feff}# avec une marque\n",
            &format!("# tête\n\n\n{old}   # fin de ligne"),
            &format!("{old}\n\n# un commentaire à la fin\n"),
            &format!("{old}\n\n"),
            &format!("{old}\n").replace('\n', "\r\n"),
            &old.replace('\n', "\r\n"),
            "[[action]]\ncriterion = \"T4\"\n\ttodo = '''\nun\n deux'''\n",
            "action = [ { criterion = 'T4', todo = 'x' } ]\n",
        ];
        for old in files {
            let new = answer().added_to(old).unwrap();
            assert!(new.starts_with(old), "{new:?}");
            let added = &new[old.len()..];
            let end = if old.contains("\r\n") { "\r\n" } else { "\n" };
            assert!(added.trim_start().starts_with(&format!("[[answer]]{end}")), "{new:?}");
            assert_eq!(added.matches('\n').count(), added.matches(end).count(), "{added:?}");
            let answers = read(&new);
            assert_eq!(answers.answers.last().unwrap().by, "Camille", "{new}");
        }
    }

    #[test]
    fn one_blank_line_stands_before_a_new_table() {
        let once = answer().added_to("").unwrap();
        assert_eq!(answer().added_to(&once).unwrap(), format!("{PLAIN}\n{PLAIN}"));
        assert_eq!(answer().added_to("# a").unwrap(), format!("# a\n\n{PLAIN}"));
        assert_eq!(answer().added_to("# a\n\n").unwrap(), format!("# a\n\n{PLAIN}"));
    }

    #[test]
    fn answers_in_an_inline_array_are_joined_there() {
        let one = "{ criterion = 'S1', outcome = 'met', by = 'B', on = 2026-01-01 }";
        for old in [
            "answer = []\n".to_owned(),
            format!("answer = [{one}]\n"),
            format!("answer = [\r\n  {one}, # le premier\r\n  # la suite\r\n]\r\n[[action]]\r\ncriterion = 'T4'\r\ntodo = 'x'\r\n"),
            format!("answer = [\n  {one} # sans virgule\n]\n# fin\n"),
        ] {
            let new = answer().added_to(&old).unwrap();
            assert_eq!(read(&new).answers.len(), read(&old).answers.len() + 1, "{new}");
            assert_eq!(read(&new).answers.last().unwrap().by, "Camille");
            assert!(old.matches('#').count() == new.matches('#').count() && old.matches("\r\n").count() == new.matches("\r\n").count());
        }
    }

    #[test]
    fn what_is_said_is_read_back_as_said() {
        let said = NewAnswer {
            service: Some("pad".parse().unwrap()),
            outcome: AnswerOutcome::NotApplicable,
            by: "L'\"Équipe\" \\ # [[x]]".into(),
            revision: 3,
            edition: Some("2016".into()),
            note: Some("une ligne\nune autre : '''\"\"\" \u{1b}[31m\u{7f}\n".into()),
            evidence: vec![Url::parse("https://a.example/?a=\"b\"&c='d'").unwrap()],
            ..answer()
        };
        for old in ["", "# crlf\r\n"] {
            let text = said.added_to(old).unwrap();
            assert!(!text.contains(['\u{1b}', '\u{7f}']), "{text:?}");
            let read = read(&text).answers.remove(0);
            assert_eq!((read.criterion(), &read.service, read.outcome), (said.criterion, &said.service, said.outcome));
            assert_eq!((&read.by, read.on, &read.note, &read.evidence), (&said.by, said.on, &said.note, &said.evidence));
            assert_eq!((read.revision, &read.edition), (3, &said.edition));
        }
    }

    #[test]
    fn an_action_is_read_back_as_decided() {
        let action = NewAction {
            criterion: "T4".parse().unwrap(),
            service: Some("pad".parse().unwrap()),
            todo: "Publier".into(),
            owner: Some("Camille".into()),
            due: Some(Day::new(2027, 1, 15)),
        };
        let text = action.added_to(PLAIN).unwrap();
        assert!(text.starts_with(PLAIN) && text.contains("\n\n[[action]]\n") && text.contains("due = 2027-01-15\n"), "{text}");
        assert_eq!(read(&text).actions[0].todo, "Publier");
    }

    #[test]
    fn a_faulty_file_is_refused() {
        assert!(answer().added_to("[[answer]\n").is_err());
    }
}

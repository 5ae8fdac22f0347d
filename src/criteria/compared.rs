//! Notes beside each criterion the text that it was compared with, in the file that people wrote: comments and order stay.

use std::collections::BTreeMap;

use toml_edit::{DocumentMut, InlineTable, Item, TableLike, Value};

use super::id::CriterionId;

/// The text of a file of criteria with `source.compared` and `source.status = "verified"` for those given; nothing when it says
/// so already, or holds none of them.
pub fn note(text: &str, edition: &str, digests: &BTreeMap<CriterionId, String>) -> Option<String> {
    let mut document: DocumentMut = text.parse().expect("the rules have been read from this very text");
    for table in document.get_mut("criterion").and_then(Item::as_array_of_tables_mut)?.iter_mut() {
        let id = table.get("id").and_then(Item::as_str).and_then(|id| id.parse().ok());
        let (Some(digest), Some(source)) = (id.and_then(|id: CriterionId| digests.get(&id)), table.get_mut("source")) else { continue };
        let source = source.as_table_like_mut().expect("a criterion's source is a table");
        set(source, "status", "verified");
        if source.get("compared").is_none() {
            close_up(source);
            source.insert("compared", Item::Value(Value::InlineTable(InlineTable::new())));
        }
        set(source.get_mut("compared").and_then(Item::as_table_like_mut).expect("made above, or read as a table"), edition, digest);
    }
    let noted = document.to_string();
    (noted != text).then_some(noted)
}

/// Changes a word in place: what stands around it stays.
fn set(table: &mut dyn TableLike, key: &str, word: &str) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) if old.as_str() == Some(word) => {}
        Some(old) => {
            let around = old.decor().clone();
            *old = Value::from(word);
            *old.decor_mut() = around;
        }
        None => {
            close_up(table);
            table.insert(key, Item::Value(Value::from(word)));
        }
    }
}

/// The blank before the brace belongs to the value that comes last.
fn close_up(table: &mut dyn TableLike) {
    for (_, item) in table.iter_mut() {
        if let Some(decor) = item.as_value_mut().map(Value::decor_mut)
            && decor.suffix().and_then(|suffix| suffix.as_str()).is_some_and(|suffix| suffix.trim().is_empty())
        {
            decor.set_suffix("");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# En tête.\nformat = 1\n\n[[criterion]]\nid       = \"T8\" # les CGU\nsource   = { url = \"https://x.example/\", words = [\"CGU\"], status = \"summarised\" } # lu\n\n# Le suivant.\n[[criterion]]\nid = \"T9\"\nsource = { status = \"unverified\" }\n";

    fn digests(of: &[(&str, &str)]) -> BTreeMap<CriterionId, String> {
        of.iter().map(|(id, digest)| (id.parse().unwrap(), (*digest).to_owned())).collect()
    }

    #[test]
    fn only_the_source_of_what_was_compared_changes() {
        let noted = note(FILE, "2023", &digests(&[("T8", "0123")])).unwrap();
        let expected = FILE.replace("status = \"summarised\" }", "status = \"verified\", compared = { 2023 = \"0123\" } }");
        assert_eq!(noted, expected);
        assert_eq!(note(&noted, "2023", &digests(&[("T8", "0123")])), None, "nothing new is nothing written");
        let other = note(&noted, "2016", &digests(&[("T8", "4567")])).unwrap();
        assert!(other.contains("compared = { 2023 = \"0123\", 2016 = \"4567\" } } # lu"), "{other}");
        assert!(note(&noted, "2023", &digests(&[("T8", "89ab")])).unwrap().contains("2023 = \"89ab\""));
    }

    #[test]
    fn a_file_that_holds_none_of_them_is_left_alone() {
        assert_eq!(note(FILE, "2023", &digests(&[("S1", "0123")])), None);
        assert_eq!(note("format = 1\n", "2023", &digests(&[("T8", "0123")])), None);
    }
}

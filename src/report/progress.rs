//! The counts of each record that git remembers, as a table and as JSON.

use comfy_table::{Attribute, Cell, CellAlignment, ContentArrangement, Table};
use serde_json::{Value, json};

use super::json::pretty;
use super::table::STYLE;
use super::{clean, words};
use crate::audit::{Record, Standing};
use crate::text::{Lang, say};

/// One line a record, oldest first; each with the commit that holds it. The signs of the standings are told below.
pub fn progress_table(records: &[(&str, &Record)], lang: Lang, width: u16) -> String {
    let mut table = Table::new();
    table.load_style(STYLE);
    table.enforce_styling();
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    let first = [say!(fr: "Commit", en: "Commit"), say!(fr: "Relevé du", en: "Record of"), say!(fr: "Édition", en: "Edition")];
    let bold = |title: &str| Cell::new(title).add_attribute(Attribute::Bold);
    let header = first.iter().map(|title| bold(title.in_lang(lang)));
    table.set_header(header.chain(Standing::ALL.map(|standing| bold(words::sign(standing)).set_alignment(CellAlignment::Right))));
    for (commit, record) in records {
        let about = [(*commit).to_owned(), record.date.to_string(), clean(&record.edition)].map(Cell::new);
        let counts = Standing::ALL.map(|standing| {
            let n = record.counts.get(&standing).copied().unwrap_or_default();
            Cell::new(n).set_alignment(CellAlignment::Right)
        });
        table.add_row(about.into_iter().chain(counts));
    }
    let signs = Standing::ALL.map(|standing| format!("{} {}", words::sign(standing), standing.name().in_lang(lang)));
    super::table::wrap(&format!("{}\n\n{}\n", table.trim_fmt(), signs.join(", ")), width)
}

/// `{ "hoster": …, "records": [{ "commit": …, "date": …, "counts": {…} }] }`, oldest first; commits by their whole name.
pub fn progress_json(hoster: &str, records: &[(&str, &Record)]) -> String {
    let all = records.iter().map(|(commit, record)| {
        json!({
            "commit": commit,
            "date": record.date.to_string(),
            "edition": record.edition,
            "tool": record.tool,
            "rules": record.rules,
            "counts": record.counts,
        })
    });
    let value = json!({ "hoster": hoster, "records": Value::Array(all.collect()) });
    pretty(&value)
}

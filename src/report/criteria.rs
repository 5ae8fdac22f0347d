//! The rules as a table.

use comfy_table::{Attribute, Cell, ColumnConstraint, ContentArrangement, Table, Width};

use super::table::{STYLE, bind};
use super::words;
use crate::criteria::{Charter, Criterion, Proves};
use crate::text::{Lang, say};

pub fn criteria_table(charter: &Charter, lang: Lang, width: u16) -> String {
    let mut table = Table::new();
    table.load_style(STYLE);
    table.enforce_styling();
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    let mut header = vec![String::new(), say!(fr: "Critère", en: "Criterion").in_lang(lang).to_owned()];
    header.extend(charter.editions.iter().map(|edition| edition.id.clone()));
    header.push(say!(fr: "Contrôles", en: "Checks").in_lang(lang).to_owned());
    let columns = header.len();
    table.set_header(header.into_iter().map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
    for criterion in &charter.criteria {
        let mut cells = vec![criterion.id().to_string(), bind(criterion.title.in_lang(lang))];
        let level = |edition: &str| criterion.level(edition).map(|level| words::level(level).in_lang(lang).to_owned());
        cells.extend(charter.editions.iter().map(|edition| level(&edition.id).unwrap_or_else(|| "–".into())));
        cells.push(checks(criterion, lang));
        table.add_row(cells);
    }
    table.column_mut(0).expect("the first column").set_constraint(ColumnConstraint::Absolute(Width::Fixed(5)));
    table.column_mut(columns - 1).expect("the last column").set_constraint(ColumnConstraint::UpperBoundary(Width::Percentage(28)));
    format!("{}\n", table.trim_fmt()).replace('\u{a0}', " ")
}

/// The checks and what they decide alone; a person, where there is none.
fn checks(criterion: &Criterion, lang: Lang) -> String {
    if criterion.checks.is_empty() {
        return say!(fr: "une personne", en: "a person").in_lang(lang).to_owned();
    }
    let mut names: Vec<&str> = criterion.checks.iter().map(crate::check::Check::name).collect();
    names.dedup();
    format!("{} ({})", names.join(", "), proves(criterion.proves()).in_lang(lang))
}

fn proves(proves: Proves) -> crate::text::Text {
    match proves {
        Proves::Both => say!(fr: "décident", en: "decide"),
        Proves::Breach => say!(fr: "décident d'un écart", en: "decide a gap"),
        Proves::Nothing => say!(fr: "indices", en: "evidence"),
    }
}

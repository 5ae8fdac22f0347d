//! The rules held against the published charter, for a terminal.

use super::table::{bold, wrap};
use super::{clean, words};
use crate::criteria::{Commitment, Comparison, Match, Since};
use crate::text::{Lang, Text, count, say};

/// What differs first, then each criterion with the words that it has in common with its commitment.
pub fn comparison(comparison: &Comparison<'_>, lang: Lang, width: u16) -> String {
    let edition = comparison.edition;
    let title =
        say!(fr: "Les règles de l'édition {edition} et la charte publiée", en: "The rules of edition {edition} and the published charter");
    let mut lines = vec![bold(title.in_lang(lang)), summary(comparison, lang)];
    part(
        &mut lines,
        lang,
        &say!(fr: "Critères sans engagement dans la charte", en: "Criteria with no commitment in the charter"),
        |lines| {
            for criterion in &comparison.alone {
                lines.push(format!("  {} {}", bold(&criterion.id().to_string()), criterion.title.in_lang(lang)));
                let sought = criterion.source.words.join(", ");
                lines.push(format!("    {}", say!(fr: "mots cherchés : {sought}", en: "words looked for: {sought}").in_lang(lang)));
            }
        },
    );
    part(&mut lines, lang, &say!(fr: "Engagements sans critère", en: "Commitments with no criterion"), |lines| {
        lines.extend(comparison.unclaimed.iter().map(|commitment| format!("  {}", quoted(commitment, lang))));
    });
    part(&mut lines, lang, &say!(fr: "Niveaux qui diffèrent", en: "Levels that differ"), |lines| {
        for one in &comparison.matched {
            let Some((ours, theirs)) = one.levels else { continue };
            let (ours, theirs) = (words::level(ours), words::level(theirs));
            let told = say!(
                fr: "{o_fr} dans nos règles, {t_fr} dans la charte",
                en: "{o_en} in our rules, {t_en} in the charter",
                with: o_fr = ours.fr, t_fr = theirs.fr, o_en = ours.en, t_en = theirs.en
            );
            lines.push(format!("  {} {}", bold(&one.criterion.id().to_string()), told.in_lang(lang)));
        }
    });
    part(
        &mut lines,
        lang,
        &say!(fr: "Engagements dont le texte a changé depuis la dernière comparaison", en: "Commitments whose text has changed since they were last compared"),
        |lines| {
            for one in comparison.matched.iter().filter(|one| one.since == Since::Changed) {
                lines.push(format!("  {} {}", bold(&one.criterion.id().to_string()), one.criterion.title.in_lang(lang)));
                lines.push(format!("    {}", quoted(one.commitment, lang)));
            }
        },
    );
    part(&mut lines, lang, &say!(fr: "Correspondances", en: "Matches"), |lines| {
        lines.extend(comparison.matched.iter().flat_map(|one| matched(one, lang)));
    });
    wrap(&format!("{}\n", lines.join("\n")), width)
}

fn summary(comparison: &Comparison<'_>, lang: Lang) -> String {
    let (matched, alone, unclaimed) = (comparison.matched.len(), comparison.alone.len(), comparison.unclaimed.len());
    let never = comparison.matched.iter().filter(|one| one.since == Since::NeverCompared).count();
    match lang {
        Lang::Fr => format!(
            "{}, {}, {} ; {} pour la première fois.",
            count(lang, matched, "critère retrouvé", "critères retrouvés"),
            count(lang, alone, "sans engagement", "sans engagement"),
            count(lang, unclaimed, "engagement sans critère", "engagements sans critère"),
            count(lang, never, "comparé", "comparés"),
        ),
        Lang::En => format!(
            "{}, {alone} with no commitment, {}; {never} compared for the first time.",
            count(lang, matched, "criterion found", "criteria found"),
            count(lang, unclaimed, "commitment with no criterion", "commitments with no criterion"),
        ),
    }
}

/// A titled part; left out when it has nothing to say.
fn part(lines: &mut Vec<String>, lang: Lang, title: &Text, fill: impl FnOnce(&mut Vec<String>)) {
    let mut inner = Vec::new();
    fill(&mut inner);
    if !inner.is_empty() {
        lines.extend([String::new(), bold(title.in_lang(lang))]);
        lines.append(&mut inner);
    }
}

fn matched(one: &Match<'_>, lang: Lang) -> [String; 2] {
    let words = one.words.join(", ");
    let told = say!(fr: "mots communs : {words}", en: "words in common: {words}");
    [format!("  {} {}", bold(&one.criterion.id().to_string()), quoted(one.commitment, lang)), format!("    {}", told.in_lang(lang))]
}

/// Characters of a commitment that are shown: enough to find it in the charter.
const SHOWN: usize = 160;

fn quoted(commitment: &Commitment, lang: Lang) -> String {
    let text = clean(&commitment.text);
    let cut: String = text.chars().take(SHOWN).collect();
    let cut = if cut.len() < text.len() { format!("{}…", cut.trim_end()) } else { cut };
    match lang {
        Lang::Fr => format!("« {cut} »"),
        Lang::En => format!("“{cut}”"),
    }
}

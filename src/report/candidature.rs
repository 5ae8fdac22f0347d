//! The reviewers' checklist filled in: task boxes in Markdown, for the thread of a candidature.

use super::gaps::excerpt;
use super::markdown::{escape, note, sentence};
use super::places::{is_told, more, pieces, web_address};
use super::words::pick;
use super::{Report, Row, clean, words};
use crate::audit::{Entry, Standing};
use crate::criteria::Family;
use crate::text::{Lang, count, say};

/// A box is ticked for what is met, and for nothing else.
pub fn candidature(report: &Report<'_>, lang: Lang) -> String {
    let mut rows: Vec<&Row<'_>> = report.rows().filter(|row| row.criterion.family() == Family::Checklist).collect();
    rows.sort_by_key(|row| row.criterion.id());
    let mut lines = vec![head(report, &rows, lang), String::new()];
    for row in rows {
        lines.push(item(report, row, lang));
        // A part stands under its whole.
        let inner = format!("{}  ", indent(row));
        for entry in &row.entries {
            lines.extend(seen(report, row, entry, lang).into_iter().map(|line| format!("{inner}- {line}")));
        }
    }
    lines.push(String::new());
    lines.push(foot(report, lang));
    format!("{}\n", lines.join("\n"))
}

fn head(report: &Report<'_>, rows: &[&Row<'_>], lang: Lang) -> String {
    let (name, date) = (escape(&report.record.name), report.record.date);
    let (met, all) = (rows.iter().filter(|row| row.standing == Standing::Met).count(), rows.len());
    let ticked = match lang {
        Lang::Fr => count(lang, met, "case cochée", "cases cochées"),
        Lang::En => count(lang, met, "box ticked", "boxes ticked"),
    };
    let counts = words::counts(&crate::audit::count(rows.iter().map(|row| row.standing)), lang);
    if all == 0 {
        let none = say!(
            fr: "# Candidature de {name} : la grille des relecteurs\n\nLe relevé du {date} ne contient pas la grille.",
            en: "# Candidature of {name}: the reviewers' checklist\n\nThe record of {date} does not hold the checklist."
        );
        return none.in_lang(lang).to_owned();
    }
    say!(
        fr: "# Candidature de {name} : la grille des relecteurs\n\nRelevé du {date}. {ticked} sur {all} : {counts}.\n\nUne case n'est cochée que si un contrôle ou une personne dit que c'est respecté ; « non constaté » n'est pas un reproche.",
        en: "# Candidature of {name}: the reviewers' checklist\n\nRecord of {date}. {ticked} of {all}: {counts}.\n\nA box is ticked only where a check or a person says that it is met; “unseen” is no reproach."
    )
    .in_lang(lang)
    .to_owned()
}

fn indent(row: &Row<'_>) -> &'static str {
    if row.criterion.id().to_string().ends_with(|c: char| c.is_ascii_lowercase()) { "  " } else { "" }
}

fn item(report: &Report<'_>, row: &Row<'_>, lang: Lang) -> String {
    let criterion = row.criterion;
    let tick = if row.standing == Standing::Met { 'x' } else { ' ' };
    let standing = format!("{} {}", words::sign(row.standing), row.standing.name().in_lang(lang));
    let see: Vec<String> = criterion
        .see
        .iter()
        .filter_map(|id| report.rows().find(|row| row.criterion.id() == *id))
        .map(|row| format!("{} {} {}", row.criterion.id(), words::sign(row.standing), row.standing.name().in_lang(lang)))
        .collect();
    let see = if see.is_empty() { String::new() } else { format!(" ({} {})", pick(lang, "charte :", "charter:"), see.join(", ")) };
    format!("{}- [{tick}] **{}** {} · {standing}{see}", indent(row), criterion.id(), escape(criterion.title.in_lang(lang)))
}

/// What a person said and what machines saw, with links.
fn seen(report: &Report<'_>, row: &Row<'_>, entry: &Entry, lang: Lang) -> Vec<String> {
    let of = if row.entries.len() > 1 {
        let name = escape(&report.subject_name(&entry.subject));
        say!(fr: "{name} : ", en: "{name}: ").in_lang(lang).to_owned()
    } else {
        String::new()
    };
    let mut lines = Vec::new();
    if let (Some(said), Some(answer)) = (words::answered(entry), &entry.answer) {
        let proof: String = answer.evidence.iter().map(|url| link(url.as_str())).collect();
        lines.push(format!("{of}{}{}{proof}", escape(said.in_lang(lang)), note(entry)));
    }
    if let Some(waiver) = &entry.waiver {
        let (by, until, because) = (escape(&waiver.granted_by), waiver.until, escape(waiver.because.in_lang(lang)));
        let held = say!(fr: "{because}, accordé par {by}, vaut jusqu'au {until}", en: "{because}, granted by {by}, holds until {until}");
        let decision = waiver.decision.as_ref().map(|url| link(url.as_str())).unwrap_or_default();
        lines.push(format!("{of}{}{decision}", held.in_lang(lang)));
    }
    for finding in &entry.findings {
        let told = pieces(finding.because.in_lang(lang));
        let places: String = more(finding, lang).filter(|evidence| !is_told(&told, evidence)).map(|evidence| link(&evidence.at)).collect();
        let excerpt = excerpt(finding).map(|excerpt| format!(" {}", words::quoted(&escape(&excerpt), lang))).unwrap_or_default();
        lines.push(format!("{of}{}{places}{excerpt}", sentence(&told)));
    }
    lines.extend(words::replied([entry]).iter().map(|reply| format!("{of}{}", escape(reply.in_lang(lang)))));
    lines
}

/// A web address as a link; any other place as text.
fn link(place: &str) -> String {
    match web_address(place) {
        Some(url) => format!(" <{url}>"),
        None if clean(place).is_empty() => String::new(),
        None => format!(" ({})", escape(place)),
    }
}

fn foot(report: &Report<'_>, lang: Lang) -> String {
    let (tool, rules) = (escape(&report.record.tool), escape(&report.record.rules));
    say!(fr: "*Rempli par chatons-audit {tool}, règles {rules}.*", en: "*Filled in by chatons-audit {tool}, rules {rules}.*")
        .in_lang(lang)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::super::sample::{golden, sample};
    use super::*;

    #[test]
    fn the_checklist_is_golden() {
        let sample = sample();
        for (lang, file) in [(Lang::Fr, "candidature.fr.md"), (Lang::En, "candidature.en.md")] {
            golden(file, &candidature(&sample.report(), lang));
        }
    }

    #[test]
    fn a_box_is_ticked_for_what_is_met_and_nothing_else() {
        for standing in Standing::ALL {
            let mut sample = sample();
            sample.record.standings.retain(|entry| entry.criterion.to_string() == "R1");
            sample.record.standings[0].standing = standing;
            let text = candidature(&sample.report(), Lang::Fr);
            let boxes: Vec<bool> = Parser::new_ext(&text, Options::all())
                .filter_map(|event| if let Event::TaskListMarker(ticked) = event { Some(ticked) } else { None })
                .collect();
            assert_eq!(boxes, [standing == Standing::Met], "{text}");
        }
    }

    #[test]
    fn hostile_text_makes_no_mark_up() {
        let mut sample = sample();
        for entry in &mut sample.record.standings {
            entry.criterion = "R1".parse().unwrap();
        }
        let text = candidature(&sample.report(), Lang::Fr);
        assert!(text.contains("script"), "the hostile text is there");
        for event in Parser::new_ext(&text, Options::all()) {
            match event {
                Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Image { .. }) => panic!("{event:?}"),
                Event::Start(Tag::Link { dest_url, .. }) => assert!(dest_url.starts_with("https://"), "{dest_url}"),
                _ => {}
            }
        }
    }
}

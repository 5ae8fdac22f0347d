//! The gap report in Markdown: valid alone, so that a forge shows it and a forum takes it.

use super::gaps::{Gap, telling};
use super::places::Piece;
use super::questions::seen_once;
use super::words::pick;
use super::{Report, Row, clean, documents, words};
use crate::audit::Standing;
use crate::criteria::{Family, SourceStatus};
use crate::text::{Lang, count, say};

/// `report.md`.
pub fn markdown(report: &Report<'_>, lang: Lang) -> String {
    let parts = [
        head(report, lang),
        sections(report, lang),
        texts(report, lang),
        actions(report, lang),
        gaps(report, lang),
        questions(report, lang),
        contested(report, lang),
        replies(report, lang),
        unseen(report, lang),
        at_customers(report, lang),
        waived(report, lang),
        remarks(report, lang),
        everything(report, lang),
        foot(report, lang),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).map(|part| part.trim_end().to_owned()).collect();
    format!("{}\n", parts.join("\n\n"))
}

fn head(report: &Report<'_>, lang: Lang) -> String {
    let record = report.record;
    let (name, date) = (escape(&record.name), record.date);
    let edition = report.charter.edition(&record.edition).map_or(record.edition.as_str(), |edition| edition.title.in_lang(lang));
    let counts = words::counts(&report.counts(), lang);
    let note = say!(
        fr: "Les contrôles automatiques disent ce qu'ils ont vu et où ; « non constaté » n'est pas un reproche. Il n'y a pas de note globale.",
        en: "Automatic checks say what they saw and where; “unseen” is no reproach. There is no overall mark."
    );
    let declared = report.hoster.declared().map(|declared| {
        let label = pick(lang, "Ce qu'en dit hoster.toml :", "What hoster.toml says:");
        format!("\n\n{label} {}.", escape(declared.in_lang(lang)))
    });
    let (edition, declared) = (escape(edition), declared.unwrap_or_default());
    let text = say!(
        fr: "# {name} et la charte CHATONS : les écarts\n\n{edition}, relevé du {date}. {counts}.{declared}\n\n{n_fr}",
        en: "# {name} and the CHATONS charter: the gaps\n\n{edition}, record of {date}. {counts}.{declared}\n\n{n_en}",
        with: n_fr = note.fr, n_en = note.en
    );
    text.in_lang(lang).to_owned()
}

fn sections(report: &Report<'_>, lang: Lang) -> String {
    let mut lines = Vec::new();
    let names: Vec<String> =
        Standing::ALL.iter().map(|standing| format!("{} {}", words::sign(*standing), standing.name().in_lang(lang))).collect();
    lines.push(format!("| {} | {} |", pick(lang, "Section", "Section"), names.join(" | ")));
    lines.push(format!("| --- |{}", " ---: |".repeat(names.len())));
    for section in &report.sections {
        let numbers: Vec<String> = Standing::ALL
            .iter()
            .map(|standing| section.counts.get(standing).filter(|n| **n > 0).map(ToString::to_string).unwrap_or_default())
            .collect();
        lines.push(format!("| {} | {} |", section.section.title().in_lang(lang), numbers.join(" | ")));
    }
    lines.join("\n")
}

fn texts(report: &Report<'_>, lang: Lang) -> String {
    let lines: Vec<String> = documents::changed(report).iter().map(|text| format!("- {}", escape(text.in_lang(lang)))).collect();
    titled(pick(lang, "Textes modifiés", "Texts that changed"), &lines)
}

fn actions(report: &Report<'_>, lang: Lang) -> String {
    let lines: Vec<String> = report
        .actions()
        .iter()
        .map(|planned| format!("- **{}** {}", planned.row.criterion.id(), escape(&words::action(planned, lang))))
        .collect();
    titled(&words::actions(report, lang), &lines)
}

fn gaps(report: &Report<'_>, lang: Lang) -> String {
    let gaps = report.gaps();
    let n = gaps.len();
    let title = match lang {
        Lang::Fr if n == 0 => "## Aucun écart constaté".to_owned(),
        Lang::Fr => format!("## {} à combler", count(lang, n, "écart", "écarts")),
        Lang::En if n == 0 => "## No gap seen".to_owned(),
        Lang::En => format!("## {} to close", count(lang, n, "gap", "gaps")),
    };
    let parts: Vec<String> = gaps.iter().map(|gap| one_gap(gap, lang)).collect();
    format!("{title}\n\n{}", parts.join("\n\n"))
}

fn one_gap(gap: &Gap<'_, '_>, lang: Lang) -> String {
    let criterion = gap.row.criterion;
    let mut lines = vec![format!("### {} {}", criterion.id(), escape(criterion.title.in_lang(lang))), String::new()];
    let (family, level, effort) = (words::family(criterion.family()), words::level(gap.row.level()), words::effort(criterion.effort));
    lines.push(format!("*{}, {}, {}*", family.in_lang(lang), level.in_lang(lang), effort.in_lang(lang)));
    lines.push(String::new());
    if !gap.subjects.is_empty() {
        let subjects: Vec<String> = gap.subjects.iter().map(|subject| escape(subject)).collect();
        lines.push(format!("- **{}** {}", pick(lang, "Où :", "Where:"), subjects.join(", ")));
    }
    for told in &gap.findings {
        lines.push(format!("- **{}** {} (`{}`)", pick(lang, "Constat :", "Seen:"), escape(&told.words(lang)), words::case(told.finding)));
        if let Some(excerpt) = told.excerpt() {
            lines.push(format!("  > {}", escape(&excerpt)));
        }
    }
    for entry in gap.row.entries_at(Standing::Unmet) {
        lines.extend(words::answered(entry).map(|answer| format!("- {}{}", escape(answer.in_lang(lang)), note(entry))));
    }
    let replies = words::replied(gap.row.entries_at(Standing::Unmet));
    lines.extend(replies.iter().map(|reply| format!("- {}", escape(reply.in_lang(lang)))));
    lines.push(format!("- **{}** {}", pick(lang, "À faire :", "To do:"), escape(criterion.remedy.in_lang(lang))));
    for action in &gap.actions {
        lines.push(format!("- **{}** {}", pick(lang, "Décidé :", "Decided:"), escape(&words::action(action, lang))));
    }
    if criterion.source.status == SourceStatus::Unverified && criterion.family() == Family::Charter {
        lines.push(format!(
            "- {}",
            pick(
                lang,
                "Règle encore à comparer avec le texte publié de la charte.",
                "Rule still to be compared with the published text of the charter."
            )
        ));
    }
    lines.join("\n")
}

pub(super) fn note(entry: &crate::audit::Entry) -> String {
    entry.answer.as_ref().and_then(|answer| answer.note.as_ref()).map(|note| format!(" — {}", escape(note))).unwrap_or_default()
}

fn questions(report: &Report<'_>, lang: Lang) -> String {
    let rows = report.questions();
    if rows.is_empty() {
        return String::new();
    }
    let n = rows.len();
    let title = match lang {
        Lang::Fr => format!("## {} pour une personne", count(lang, n, "question", "questions")),
        Lang::En => format!("## {} for a person", count(lang, n, "question", "questions")),
    };
    let mut lines = vec![title, String::new()];
    for row in rows {
        let ask = row.criterion.ask.as_ref().expect("questions have one").in_lang(lang);
        let subjects = report.subjects(row, Standing::Pending);
        let of = if subjects.is_empty() {
            String::new()
        } else {
            format!(" ({})", subjects.iter().map(|subject| escape(subject)).collect::<Vec<_>>().join(", "))
        };
        lines.push(format!("- **{}** {}{of}", row.criterion.id(), escape(ask)));
        for (seen, excerpt) in seen_once(report, row, Standing::Pending, lang) {
            lines.push(format!("  - {}", escape(&seen)));
            lines.extend(excerpt.map(|excerpt| format!("    > {}", escape(&excerpt))));
        }
    }
    lines.join("\n")
}

fn contested(report: &Report<'_>, lang: Lang) -> String {
    let mut lines = Vec::new();
    for row in report.rows_with(Standing::Contested) {
        for entry in row.entries_at(Standing::Contested) {
            let seen = telling(entry).map(|finding| escape(finding.because.in_lang(lang))).unwrap_or_default();
            let said = words::answered(entry).map(|answer| escape(answer.in_lang(lang))).unwrap_or_default();
            lines.push(format!(
                "- **{}** {} ({})",
                row.criterion.id(),
                escape(row.criterion.title.in_lang(lang)),
                escape(&report.subject_name(&entry.subject))
            ));
            lines.push(format!("  - {} {seen}", pick(lang, "Le contrôle :", "The check:")));
            lines.push(format!("  - {} {said}{}", pick(lang, "La personne :", "The person:"), note(entry)));
            lines.extend(words::replied([entry]).iter().map(|reply| format!("  - {}", escape(reply.in_lang(lang)))));
        }
    }
    titled(pick(lang, "À départager", "Contested"), &lines)
}

fn replies(report: &Report<'_>, lang: Lang) -> String {
    let mut lines = Vec::new();
    for row in report.other_replies() {
        let (id, replies) = (row.criterion.id(), words::replied(row.entries.iter().copied()));
        lines.extend(replies.iter().map(|reply| format!("- **{id}** {}", escape(reply.in_lang(lang)))));
    }
    titled(pick(lang, "Autres réponses de l'hébergeur", "Other replies of the hoster"), &lines)
}

fn unseen(report: &Report<'_>, lang: Lang) -> String {
    let lines: Vec<String> =
        report.silences(lang).into_iter().map(|(reason, criteria)| format!("- {} ({})", escape(&reason), criteria.join(", "))).collect();
    titled(pick(lang, "Non constaté", "Unseen"), &lines)
}

fn at_customers(report: &Report<'_>, lang: Lang) -> String {
    let told = report.at_customers(lang);
    let lines: Vec<String> = told.into_iter().map(|(seen, criteria)| format!("- {} ({})", escape(&seen), criteria.join(", "))).collect();
    titled(words::at_customers(lang), &lines)
}

fn waived(report: &Report<'_>, lang: Lang) -> String {
    let mut lines = Vec::new();
    for row in report.rows_with(Standing::Waived) {
        for entry in row.entries_at(Standing::Waived) {
            let Some(waiver) = &entry.waiver else { continue };
            let (by, until) = (escape(&waiver.granted_by), waiver.until);
            let because = escape(waiver.because.in_lang(lang));
            let held = say!(fr: "accordée par {by}, vaut jusqu'au {until}", en: "granted by {by}, holds until {until}");
            lines.push(format!(
                "- **{}** {}{} {because} ({})",
                row.criterion.id(),
                escape(&report.subject_name(&entry.subject)),
                words::colon(lang),
                held.in_lang(lang)
            ));
        }
    }
    titled(pick(lang, "Dérogations", "Waivers"), &lines)
}

fn remarks(report: &Report<'_>, lang: Lang) -> String {
    let lines: Vec<String> =
        report.record.remarks.iter().map(|remark| format!("- **{}** {}", remark.criterion, escape(remark.because.in_lang(lang)))).collect();
    titled(pick(lang, "Réponses et dérogations qui ne comptent pas", "Answers and waivers that do not count"), &lines)
}

fn titled(title: &str, lines: &[String]) -> String {
    if lines.is_empty() { String::new() } else { format!("## {title}\n\n{}", lines.join("\n")) }
}

fn everything(report: &Report<'_>, lang: Lang) -> String {
    let mut lines = vec![format!("## {}", pick(lang, "Tous les critères", "Every criterion"))];
    for section in &report.sections {
        lines.push(String::new());
        lines.push(format!("### {}", section.section.title().in_lang(lang)));
        lines.push(String::new());
        lines.push(pick(lang, "| | Critère | Niveau | Situation |", "| | Criterion | Level | Standing |").to_owned());
        lines.push("| --- | --- | --- | --- |".to_owned());
        let mut rows: Vec<&Row<'_>> = section.rows.iter().collect();
        rows.sort_by_key(|row| row.criterion.id());
        for row in rows {
            let level = words::level(row.level());
            lines.push(format!(
                "| {} | {} | {} | {} |",
                row.criterion.id(),
                escape(row.criterion.title.in_lang(lang)),
                level.in_lang(lang),
                standings(report, row, lang)
            ));
        }
    }
    lines.join("\n")
}

/// `✓ respecté`, or each standing with its subjects when they differ.
fn standings(report: &Report<'_>, row: &Row<'_>, lang: Lang) -> String {
    let kinds: Vec<Standing> = Standing::ALL.into_iter().filter(|standing| row.has(*standing)).collect();
    let told: Vec<String> = kinds
        .iter()
        .map(|standing| {
            let name = format!("{} {}", words::sign(*standing), standing.name().in_lang(lang));
            let subjects: Vec<String> = report.subjects(row, *standing).iter().map(|subject| escape(subject)).collect();
            if kinds.len() == 1 || subjects.is_empty() { name } else { format!("{name}{} {}", words::colon(lang), subjects.join(", ")) }
        })
        .collect();
    told.join(" ; ")
}

fn foot(report: &Report<'_>, lang: Lang) -> String {
    let (tool, rules) = (escape(&report.record.tool), escape(&report.record.rules));
    say!(
        fr: "---\n\nchatons-audit {tool}, règles {rules}. Les textes de la charte sont paraphrasés ; la charte fait foi : <https://www.chatons.org/charte>.",
        en: "---\n\nchatons-audit {tool}, rules {rules}. The charter is paraphrased; its own text prevails: <https://www.chatons.org/charte>."
    )
    .in_lang(lang)
    .to_owned()
}

/// A sentence whose addresses are links, and nothing else is.
pub(super) fn sentence(pieces: &[Piece]) -> String {
    let told = |piece: &Piece| match piece {
        Piece::Words(words) => escape_kept(words),
        Piece::Web(url) => format!("<{url}>"),
    };
    pieces.iter().map(told).collect()
}

/// Harmless in a line or a cell of Markdown: no mark-up, no HTML, no link that was not ours.
pub(super) fn escape(text: &str) -> String {
    escape_kept(&clean(text))
}

/// The same for text that is clean, its blanks kept.
fn escape_kept(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&' | '!' | '@') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::super::sample::{golden, sample};
    use super::*;

    #[test]
    fn the_report_is_golden() {
        let sample = sample();
        for (lang, file) in [(Lang::Fr, "report.fr.md"), (Lang::En, "report.en.md")] {
            golden(file, &markdown(&sample.report(), lang));
        }
    }

    #[test]
    fn a_hostile_record_makes_no_mark_up() {
        for event in Parser::new_ext(&markdown(&sample().report(), Lang::Fr), Options::all()) {
            match event {
                Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Image { .. }) => panic!("{event:?}"),
                Event::Start(Tag::Link { dest_url, .. }) => assert_eq!(&*dest_url, "https://www.chatons.org/charte"),
                _ => {}
            }
        }
    }

    #[test]
    fn hostile_text_stays_text() {
        let hostile = "<script>alert(1)</script> [x](javascript:a) ![i](http://t/) **b** `c` | cell & &lt; @all # h\n- item <b";
        let markdown = format!("{}\n", escape(hostile));
        for event in Parser::new_ext(&markdown, Options::all()) {
            assert!(
                matches!(event, Event::Text(_) | Event::Start(Tag::Paragraph) | Event::End(_) | Event::SoftBreak),
                "{event:?} from {markdown}"
            );
        }
    }
}

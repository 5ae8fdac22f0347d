//! What changed since the record before this one, and the way so far as curves.

use maud::{Markup, PreEscaped, html as markup};

use super::{Part, plain, sign};
use crate::audit::{Change, Record, Standing};
use crate::report::Report;
use crate::report::changes::{Changes, step};
use crate::report::curve::curve;
use crate::report::words::pick;
use crate::text::Lang;

pub(super) fn since(report: &Report<'_>, lang: Lang) -> Part {
    let Some(changes) = report.changes() else { return Part::none("since") };
    let then = changes.old.date;
    let title = match lang {
        Lang::Fr => format!("Depuis le relevé du {then}"),
        Lang::En => format!("Since the record of {then}"),
    };
    let content = markup! {
        p.lede { (plain(&changes.summary(lang))) }
        @for moved in changes.moved() { p { (plain(moved.in_lang(lang))) } }
        @if !changes.list.is_empty() { ul.changes { @for change in &changes.list { (one_change(&changes, change, lang)) } } }
        (way(report, lang))
    };
    Part::always("since", title, content)
}

fn one_change(changes: &Changes<'_>, change: &Change, lang: Lang) -> Markup {
    let subject = changes.subject(&change.subject);
    markup! {
        li class=[change.after.map(super::class)] {
            span.sign aria-hidden="true" { (change.after.map_or_else(|| "–".to_owned(), sign)) } " "
            span.id { (change.criterion) } (plain(&changes.title(change.criterion, lang)))
            @if !subject.is_empty() { " " span.aside { "(" (plain(&subject)) ")" } }
            p.aside { (plain(step(change).in_lang(lang))) }
            @if let Some(seen) = changes.seen(change, lang) { p { (plain(&seen)) } }
        }
    }
}

/// Curves for the eye, and the same figures as a table for everybody.
fn way(report: &Report<'_>, lang: Lang) -> Markup {
    let records: Vec<&Record> = report.past.iter().map(|(_, record)| *record).chain([report.record]).collect();
    let label = pick(lang, "Courbes des situations", "Curves of the standings");
    markup! {
        @if let Some(svg) = curve(&records, lang) {
            div.curve role="region" aria-label=(label) tabindex="0" { (PreEscaped(svg)) }
            p.aside { (plain(pick(lang, "Ici chaque critère compte une fois par service : les totaux dépassent ceux d'« En bref ».", "Here each criterion counts once for each service: the totals exceed those “at a glance”."))) }
        }
        details {
            summary { (pick(lang, "Les mêmes chiffres en tableau", "The same figures as a table")) }
            div.curve role="region" aria-label=(pick(lang, "Tableau des situations", "Table of the standings")) tabindex="0" {
                table {
                    caption { (pick(lang, "Situations (critère par critère et service par service) à chaque relevé", "Standings (criterion by criterion and service by service) at each record")) }
                    thead { tr {
                        th scope="col" { (pick(lang, "Relevé", "Record")) }
                        @for standing in Standing::ALL { th scope="col" { (plain(standing.name().in_lang(lang))) } }
                    } }
                    tbody { @for record in &records { tr {
                        th scope="row" { time datetime=(record.date) { (record.date) } }
                        @for standing in Standing::ALL { td { (record.counts.get(&standing).copied().unwrap_or_default()) } }
                    } } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::html;
    use super::*;
    use crate::report::sample::{HOSTILE, golden, sample};

    #[test]
    fn a_first_record_has_no_past() {
        let sample = sample();
        let page = html(&sample.report(), Lang::Fr);
        assert!(!page.contains("id=\"since\"") && !page.contains("<polyline"));
        let itself = [("abc", &sample.record)];
        assert_eq!(html(&sample.report().after(&itself), Lang::Fr), page, "a record is not its own past");
    }

    #[test]
    fn the_change_is_told_with_its_cause_and_drawn() {
        let sample = sample();
        let mut old = sample.record.clone();
        old.date = "2026-09-02".parse().unwrap();
        old.name = HOSTILE.to_owned();
        for entry in old.standings.iter_mut().filter(|entry| entry.criterion.to_string() == "T8") {
            entry.standing = Standing::Met;
        }
        old.counts = crate::audit::count(old.standings.iter().map(|entry| entry.standing));
        let before = [("0123abcd", &old), ("4567ef01", &sample.record)];
        let page = html(&sample.report().after(&before), Lang::Fr);
        let part = page.split("id=\"since\"").nth(1).unwrap().split("</section>").next().unwrap();
        assert!(part.contains("Depuis le relevé du 2026-09-02"), "{part}");
        assert!(
            part.contains("1 écart nouveau\u{a0}; 1 situation changée.") || part.contains("1 écart nouveau ; 1 situation changée."),
            "{part}"
        );
        assert!(part.contains("respecté → non respecté"));
        assert_eq!(part.matches("<svg").count(), 1);
        assert!(!page.contains("<script") && !page.contains(" style="), "the policy holds");
        golden("since.fr.html", &page);
    }
}

//! What waits for people, or rests on their word.

use maud::html as markup;

use super::{Part, answered, place, plain, questions_title, seen, sentence, subject, subjects};
use crate::audit::Standing;
use crate::report::gaps::telling;
use crate::report::places::pieces;
use crate::report::questions::seen_once;
use crate::report::words::pick;
use crate::report::{Report, documents, words};
use crate::text::Lang;
use crate::text::clean;

pub(super) fn questions(report: &Report<'_>, lang: Lang) -> Part {
    let rows = report.questions();
    if rows.is_empty() {
        return Part::none("questions");
    }
    let content = markup! {
        ul.asks {
            @for row in &rows {
                li {
                    p {
                        span.id { (row.criterion.id()) }
                        (plain(row.criterion.ask.as_ref().expect("questions have one").in_lang(lang)))
                        (subjects(&report.subjects(row, Standing::Pending)))
                    }
                    @let seen = seen_once(report, row, Standing::Pending, lang);
                    @if !seen.is_empty() {
                        ul { @for (words, excerpt) in &seen {
                            li { (sentence(&pieces(words))) @if let Some(excerpt) = excerpt { blockquote { (excerpt) } } }
                        } }
                    }
                }
            }
        }
    };
    Part::always("questions", questions_title(rows.len(), lang), content)
}

pub(super) fn contested(report: &Report<'_>, lang: Lang) -> Part {
    let rows = report.rows_with(Standing::Contested);
    if rows.is_empty() {
        return Part::none("contested");
    }
    let content = markup! {
        p.lede { (plain(pick(lang, "Un contrôle et une personne se contredisent : au groupe de trancher.", "A check and a person contradict each other: the group decides."))) }
        @for row in &rows {
            @for entry in row.entries_at(Standing::Contested) {
                article.contested {
                    h3 { span.id { (row.criterion.id()) } (plain(row.criterion.title.in_lang(lang))) }
                    p { (subject(report, &entry.subject)) }
                    dl {
                        dt { (pick(lang, "Le contrôle", "The check")) }
                        dd { @if let Some(finding) = telling(entry) { (seen(finding, lang)) } }
                        dt { (pick(lang, "La personne", "The person")) }
                        dd { @if let Some(answer) = answered(entry, lang) { (answer) } }
                        @for reply in words::replied([entry]) {
                            dt { (pick(lang, "Droit de réponse", "Right of reply")) }
                            dd { (plain(reply.in_lang(lang))) }
                        }
                    }
                }
            }
        }
    };
    Part::always("contested", pick(lang, "À départager", "Contested").to_owned(), content)
}

pub(super) fn replies(report: &Report<'_>, lang: Lang) -> Part {
    let rows = report.other_replies();
    if rows.iter().all(|row| row.entries.iter().all(|entry| entry.replies.is_empty())) {
        return Part::none("replies");
    }
    let content = markup! {
        ul.plain {
            @for row in &rows { @for reply in words::replied(row.entries.iter().copied()) {
                li { span.id { (row.criterion.id()) } (plain(reply.in_lang(lang))) }
            } }
        }
    };
    Part::always("replies", pick(lang, "Autres réponses de l'hébergeur", "Other replies of the hoster").to_owned(), content)
}

pub(super) fn unseen(report: &Report<'_>, lang: Lang) -> Part {
    let silences = report.silences(lang);
    if silences.is_empty() {
        return Part::none("unseen");
    }
    let content = markup! {
        table {
            caption { (plain(pick(lang, "Ce qui n'a pas pu être observé : ce n'est pas un reproche", "What could not be observed: it is no reproach"))) }
            thead { tr {
                th scope="col" { (pick(lang, "Raison", "Reason")) }
                th.short scope="col" { (pick(lang, "Critères", "Criteria")) }
            } }
            tbody { @for (reason, criteria) in &silences {
                tr { th scope="row" { (plain(reason)) } td { (criteria.join(", ")) } }
            } }
        }
    };
    Part::always("unseen", pick(lang, "Non constaté", "Unseen").to_owned(), content)
}

pub(super) fn at_customers(report: &Report<'_>, lang: Lang) -> Part {
    let told = report.at_customers(lang);
    if told.is_empty() {
        return Part::none("customers");
    }
    let content = markup! {
        p.lede { (plain(pick(lang, "Un hébergeur ne répond pas des sites de ses clients : rien de ceci n'est un écart.", "A hoster does not answer for its customers' sites: nothing of this is a gap."))) }
        ul.plain { @for (seen, criteria) in &told { li { (sentence(&pieces(seen))) " (" (criteria.join(", ")) ")" } } }
    };
    Part::always("customers", words::at_customers(lang).to_owned(), content)
}

pub(super) fn waived(report: &Report<'_>, lang: Lang) -> Part {
    let rows = report.rows_with(Standing::Waived);
    if rows.is_empty() {
        return Part::none("waived");
    }
    let content = markup! {
        table {
            caption { (pick(lang, "Exceptions accordées, comptées à part", "Exceptions granted, counted apart")) }
            thead { tr {
                th scope="col" { (pick(lang, "Critère", "Criterion")) }
                th scope="col" { (pick(lang, "Exception", "Exception")) }
                th.short scope="col" { (pick(lang, "Jusqu'au", "Until")) }
            } }
            tbody {
                @for row in &rows { @for entry in row.entries_at(Standing::Waived) { @if let Some(waiver) = &entry.waiver {
                    tr {
                        th scope="row" { span.id { (row.criterion.id()) } (subject(report, &entry.subject)) }
                        td {
                            (plain(waiver.because.in_lang(lang)))
                            p.aside { (pick(lang, "accordée par", "granted by")) " " (plain(&waiver.granted_by)) }
                            @if let Some(decision) = &waiver.decision { p.aside { (place(decision.as_str())) } }
                        }
                        td { time datetime=(waiver.until) { (waiver.until) } }
                    }
                } } }
            }
        }
    };
    Part::always("waived", pick(lang, "Dérogations", "Waivers").to_owned(), content)
}

pub(super) fn texts(report: &Report<'_>, lang: Lang) -> Part {
    let changed = documents::changed(report);
    if changed.is_empty() {
        return Part::none("texts");
    }
    let content = markup! { ul.plain { @for text in &changed { li { (sentence(&pieces(text.in_lang(lang)))) } } } };
    Part::always("texts", pick(lang, "Textes modifiés", "Texts that changed").to_owned(), content)
}

pub(super) fn remarks(report: &Report<'_>, lang: Lang) -> Part {
    if report.record.remarks.is_empty() {
        return Part::none("remarks");
    }
    let content = markup! {
        ul.plain {
            @for remark in &report.record.remarks {
                li {
                    span.id { (remark.criterion) } (plain(remark.because.in_lang(lang)))
                    @if let Some(of) = &remark.subject { (subjects(&[clean(&report.subject_name(of))])) }
                }
            }
        }
    };
    Part::always(
        "remarks",
        pick(lang, "Réponses et dérogations qui ne comptent pas", "Answers and waivers that do not count").to_owned(),
        content,
    )
}

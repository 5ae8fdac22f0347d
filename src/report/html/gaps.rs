//! What there is to do: actions, then gaps by obligation and effort.

use maud::{Markup, html as markup};

use super::{Part, answered, place, plain, seen, sentence, told};
use crate::audit::Standing;
use crate::criteria::{Family, Level, SourceStatus};
use crate::report::actions::{Planned, Progress};
use crate::report::gaps::{Gap, Told};
use crate::report::places::pieces;
use crate::report::words::pick;
use crate::report::{Report, words};
use crate::text::{Lang, count};

pub(super) fn actions(report: &Report<'_>, lang: Lang) -> Part {
    let actions = report.actions();
    if actions.is_empty() {
        return Part::none("actions");
    }
    let content = markup! {
        table {
            caption { (pick(lang, "Ce que le groupe a décidé, ce qui est en retard d'abord", "What the group decided, what is overdue first")) }
            thead { tr {
                th scope="col" { (pick(lang, "Action", "Action")) }
                th.short scope="col" { (pick(lang, "Qui", "Who")) }
                th.short scope="col" { (pick(lang, "Pour quand", "By when")) }
            } }
            tbody { @for planned in &actions { (action_row(planned, lang)) } }
        }
    };
    Part::always("actions", words::actions(report, lang), content)
}

fn action_row(planned: &Planned<'_, '_>, lang: Lang) -> Markup {
    let (action, criterion) = (planned.action, planned.row.criterion);
    markup! {
        tr {
            th scope="row" {
                span.id { (criterion.id()) } (plain(&action.todo))
                @if let Some(issue) = &action.issue { p.aside { (place(issue.as_str())) } }
            }
            td { (owner(planned)) }
            td { (when(planned, lang)) }
        }
    }
}

fn owner(planned: &Planned<'_, '_>) -> String {
    planned.action.owner.as_deref().map_or_else(|| "–".to_owned(), plain)
}

/// The day, and a word when it is past.
fn when(planned: &Planned<'_, '_>, lang: Lang) -> Markup {
    let word = planned.progress.name();
    markup! {
        @match planned.action.due { Some(due) => { time datetime=(due) { (due) } }, None => { "–" } }
        @match planned.progress {
            Progress::Overdue => { p { span.late { "! " (word.in_lang(lang)) } } },
            Progress::Open => {},
            Progress::Reached => { p.aside { "✓ " (word.in_lang(lang)) } },
        }
    }
}

pub(super) fn gaps(report: &Report<'_>, lang: Lang) -> Part {
    let gaps = report.gaps();
    let n = gaps.len();
    let title = match lang {
        Lang::Fr if n == 0 => "Aucun écart constaté".to_owned(),
        Lang::Fr => format!("{} à combler", count(lang, n, "écart", "écarts")),
        Lang::En if n == 0 => "No gap seen".to_owned(),
        Lang::En => format!("{} to close", count(lang, n, "gap", "gaps")),
    };
    let obligation = |gap: &Gap<'_, '_>| (gap.row.criterion.family(), gap.row.level());
    let content = markup! {
        @if n == 0 { p { (pick(lang, "Rien de ce qui a pu être jugé n'est en défaut.", "Nothing of what could be judged is at fault.")) } }
        @for same in gaps.chunk_by(|one, other| obligation(one) == obligation(other)) {
            h3 { (group_title(obligation(&same[0]), same.len(), lang)) }
            @for gap in same { (one_gap(gap, lang)) }
        }
    };
    Part::always("gaps", title, content)
}

fn group_title((family, level): (Family, Level), n: usize, lang: Lang) -> String {
    let (family, level) = (words::family(family), words::level(level));
    let family: String = {
        let name = family.in_lang(lang);
        let mut letters = name.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    };
    format!("{family}, {} ({n})", level.in_lang(lang))
}

fn one_gap(gap: &Gap<'_, '_>, lang: Lang) -> Markup {
    let criterion = gap.row.criterion;
    let unverified = criterion.source.status == SourceStatus::Unverified && criterion.family() == Family::Charter;
    let answers: Vec<Markup> = gap.row.entries_at(Standing::Unmet).filter_map(|entry| answered(entry, lang)).collect();
    let replies = words::replied(gap.row.entries_at(Standing::Unmet));
    markup! {
        article.unmet {
            h4 { span.id { (criterion.id()) } (plain(criterion.title.in_lang(lang))) }
            p { (told(Standing::Unmet, lang)) " · " (words::effort(criterion.effort).in_lang(lang)) }
            dl {
                @if !gap.subjects.is_empty() { (term(lang, "Où", "Where")) dd { (gap.subjects.join(", ")) } }
                @if !gap.findings.is_empty() {
                    (term(lang, "Constat", "Seen"))
                    dd { @for told in &gap.findings { div { (told_once(told, lang)) } } }
                }
                @if !answers.is_empty() { (term(lang, "Réponse", "Answer")) dd { @for answer in &answers { div { (answer) } } } }
                @if !replies.is_empty() { (term(lang, "Droit de réponse", "Right of reply")) dd { @for reply in &replies { div { (plain(reply.in_lang(lang))) } } } }
                (term(lang, "À faire", "To do"))
                dd { strong { (plain(criterion.remedy.in_lang(lang))) } }
                @for planned in &gap.actions { (decided(planned, lang)) }
            }
            @if unverified {
                p.aside { (pick(lang, "Règle encore à comparer avec le texte publié de la charte.", "Rule still to be compared with the published text of the charter.")) }
            }
        }
    }
}

/// What an earlier gap shows in full is told in one sentence.
fn told_once(told: &Told<'_>, lang: Lang) -> Markup {
    match told.before {
        Some(_) => markup! { (sentence(&pieces(&told.words(lang)))) },
        None => seen(told.finding, lang),
    }
}

fn decided(planned: &Planned<'_, '_>, lang: Lang) -> Markup {
    markup! {
        (term(lang, "Décidé", "Decided"))
        dd {
            (plain(&planned.action.todo))
            @if let Some(issue) = &planned.action.issue { div.where { (place(issue.as_str())) } }
        }
        (term(lang, "Qui", "Who"))
        dd { (owner(planned)) }
        (term(lang, "Pour quand", "By when"))
        dd { (when(planned, lang)) }
    }
}

fn term(lang: Lang, fr: &'static str, en: &'static str) -> Markup {
    markup! { dt { (pick(lang, fr, en)) } }
}

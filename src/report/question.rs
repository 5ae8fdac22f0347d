//! One question for a person, with all that helps to answer it.

use super::table::{bold, wrap};
use super::{clean, words};
use crate::audit::{Entry, Question, Why};
use crate::criteria::{Criterion, Level};
use crate::day::Day;
use crate::hoster::{Action, Answer, Answers};
use crate::text::{Lang, Text, count, say};

/// More places than this for one finding help nobody to answer.
const MOST_PLACES: usize = 3;

/// The clause, what machines saw, what was last answered and decided; `position` is as `3/47`.
pub fn question(question: &Question<'_>, position: &str, answers: &Answers, today: Day, lang: Lang, width: u16) -> String {
    let criterion = question.criterion();
    let mut lines = head(question, position, lang);
    if let Some(ask) = &criterion.ask {
        lines.push(format!("  {} {}", words::pick(lang, "La question :", "The question:"), ask.in_lang(lang)));
    }
    lines.push(format!("  {} {}", words::pick(lang, "La source :", "The source:"), criterion.source.url));
    lines.extend(why(question.why).map(|why| format!("  {}", why.in_lang(lang))));
    lines.extend(question.entry.map(|entry| seen(entry, lang)).unwrap_or_default());
    lines.extend(question.last.map(|last| last_answer(last, criterion, today, lang)).unwrap_or_default());
    lines.extend(words::replied(question.entry).iter().map(|reply| format!("  {}", clean(reply.in_lang(lang)))));
    lines.extend(
        decided(question, answers)
            .map(|action| format!("  {} {}", words::pick(lang, "Décidé :", "Decided:"), words::decided(action, lang))),
    );
    wrap(&format!("{}\n", lines.join("\n")), width)
}

/// One gap for which nothing is decided: the same criterion on one subject or several.
pub fn gap(subjects: &[Question<'_>], position: &str, lang: Lang, width: u16) -> String {
    let Some(first) = subjects.first() else { return String::new() };
    let mut lines = head(first, position, lang);
    for (n, question) in subjects.iter().enumerate() {
        if n > 0 {
            lines.push(format!("  {} {}", words::pick(lang, "Et sur :", "And of:"), clean(&question.step.site.name)));
        }
        lines.extend(question.entry.and_then(words::answered).map(|said| format!("  {}", clean(said.in_lang(lang)))));
        lines.extend(question.entry.map(|entry| seen(entry, lang)).unwrap_or_default());
    }
    lines.push(to_do(first.criterion(), lang));
    wrap(&format!("{}\n", lines.join("\n")), width)
}

/// What the rules propose to do.
pub fn remedy(criterion: &Criterion, lang: Lang, width: u16) -> String {
    wrap(&format!("{}\n", to_do(criterion, lang)), width)
}

fn to_do(criterion: &Criterion, lang: Lang) -> String {
    let (remedy, effort) = (criterion.remedy.in_lang(lang), words::effort(criterion.effort));
    format!("  {} {remedy} ({})", words::pick(lang, "À faire :", "To do:"), effort.in_lang(lang))
}

/// What is decided already about the subject of a question.
pub fn decided<'a>(question: &Question<'_>, answers: &'a Answers) -> impl Iterator<Item = &'a Action> {
    let (id, subject) = (question.criterion().id(), question.subject().clone());
    answers.actions.iter().filter(move |action| action.criterion() == id && action.is_about(&subject))
}

fn head(question: &Question<'_>, position: &str, lang: Lang) -> Vec<String> {
    let (criterion, site) = (question.criterion(), question.step.site);
    let (family, level) = (words::family(criterion.family()), words::level(question.step.level));
    let mut about = family.in_lang(lang).to_owned();
    if question.step.level != Level::Info || criterion.family() == crate::criteria::Family::Charter {
        about.push_str(&format!(", {}", level.in_lang(lang)));
    }
    let mut lines =
        vec![String::new(), format!("[{position}] {about}"), bold(&format!("{} {}", criterion.id(), criterion.title.in_lang(lang)))];
    if question.service().is_some() {
        let address = site.url.as_ref().map(|url| format!(" ({})", clean(url.as_str()))).unwrap_or_default();
        lines.push(format!("  {} {}{address}", words::pick(lang, "Sur :", "Of:"), clean(&site.name)));
    }
    lines
}

fn why(why: Why) -> Option<Text> {
    match why {
        Why::Contested => Some(say!(
            fr: "⚡ Le contrôle et la dernière réponse se contredisent : qui a raison ?",
            en: "⚡ The check and the last answer disagree: which is right?"
        )),
        Why::Lapsed => {
            Some(say!(fr: "La dernière réponse a vécu : est-elle toujours vraie ?", en: "The last answer has lapsed: is it still true?"))
        }
        Why::Stale => Some(say!(
            fr: "La question a changé depuis la dernière réponse.",
            en: "The question has changed since the last answer."
        )),
        Why::Outdated => Some(say!(
            fr: "Un texte dont dépend la réponse a changé depuis : est-elle toujours vraie ?",
            en: "A text that the answer rests on has changed since: is it still true?"
        )),
        Why::Unseen => Some(say!(fr: "Les contrôles n'ont rien pu observer.", en: "The checks could not observe anything.")),
        Why::Pending | Why::Again | Why::Gap => None,
    }
}

/// Each finding once, with where it was seen and the words that stand there.
pub(super) fn seen(entry: &Entry, lang: Lang) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for finding in &entry.findings {
        let words = format!("  {} {}", words::pick(lang, "Constat :", "Seen:"), clean(finding.because.in_lang(lang)));
        if lines.contains(&words) {
            continue;
        }
        lines.push(words);
        for evidence in finding.evidence.iter().take(MOST_PLACES) {
            let excerpt = evidence.excerpt.as_deref().map(clean).filter(|excerpt| !excerpt.is_empty());
            let excerpt =
                excerpt.map(|excerpt| say!(fr: " « {excerpt} »", en: " “{excerpt}”").in_lang(lang).to_owned()).unwrap_or_default();
            lines.push(format!("    {}{excerpt}", clean(&evidence.at)));
        }
    }
    lines
}

pub(super) fn last_answer(answer: &Answer, criterion: &Criterion, today: Day, lang: Lang) -> Vec<String> {
    let (word, by, on) = (words::outcome(answer.outcome), clean(&answer.by), answer.on);
    let (age, until) = (age(answer.on.days_until(today)), answer.last_day(criterion));
    let term = if until < today {
        say!(fr: "valait jusqu'au {until}", en: "held until {until}")
    } else {
        say!(fr: "vaut jusqu'au {until}", en: "holds until {until}")
    };
    let told = say!(
        fr: "Dernière réponse : « {w_fr} », {by}, le {on} ({a_fr}) ; {t_fr}",
        en: "Last answer: “{w_en}”, {by}, on {on} ({a_en}); {t_en}",
        with: w_fr = word.fr, w_en = word.en, a_fr = age.fr, a_en = age.en, t_fr = term.fr, t_en = term.en
    );
    let mut lines = vec![format!("  {}", told.in_lang(lang))];
    lines.extend(answer.note.as_deref().map(|note| format!("    {}", clean(note))));
    lines.extend(answer.evidence.iter().map(|url| format!("    {}", clean(url.as_str()))));
    lines
}

/// How long ago, as people say it.
fn age(days: i32) -> Text {
    let n = usize::try_from(days).unwrap_or_default();
    let ago = |n, fr: (&str, &str), en: (&str, &str)| Text {
        fr: format!("il y a {}", count(Lang::Fr, n, fr.0, fr.1)),
        en: format!("{} ago", count(Lang::En, n, en.0, en.1)),
    };
    match n {
        0 => say!(fr: "aujourd'hui", en: "today"),
        1..=59 => ago(n, ("jour", "jours"), ("day", "days")),
        60..=729 => ago(n / 30, ("mois", "mois"), ("month", "months")),
        _ => ago(n / 365, ("an", "ans"), ("year", "years")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_as_people_tell_it() {
        assert_eq!(age(0).fr, "aujourd'hui");
        assert_eq!(age(1).en, "1 day ago");
        assert_eq!(age(400).fr, "il y a 13 mois");
        assert_eq!(age(1100).en, "3 years ago");
    }
}

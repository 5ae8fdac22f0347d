//! The few words that every rendering shares.

use super::actions::{Planned, Progress};
use crate::audit::{Counts, Entry, Standing};
use crate::check::Finding;
use crate::criteria::{Effort, Family, Level};
use crate::hoster::{Action, AnswerOutcome};
use crate::text::{Lang, Text, count, say};

/// A sign for each standing, so that none is told by colour alone.
pub(super) fn sign(standing: Standing) -> &'static str {
    match standing {
        Standing::Unmet => "✗",
        Standing::Contested => "⚡",
        Standing::Pending => "?",
        Standing::Unseen => "…",
        Standing::Waived => "~",
        Standing::Met => "✓",
        Standing::NotApplicable => "–",
    }
}

/// The check and the code of a finding. A record may have been written by anybody: what no code holds is left out.
pub(super) fn case(finding: &Finding) -> String {
    let plain = |name: &str| name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>();
    format!("{}.{}", plain(&finding.check), plain(&finding.code))
}

pub(super) fn level(level: Level) -> Text {
    match level {
        Level::Required => say!(fr: "requis", en: "required"),
        Level::Encouraged => say!(fr: "encouragé", en: "encouraged"),
        Level::Info => say!(fr: "pour information", en: "for information"),
    }
}

pub(super) fn effort(effort: Effort) -> Text {
    match effort {
        Effort::Minutes => say!(fr: "quelques minutes", en: "minutes"),
        Effort::Hours => say!(fr: "quelques heures", en: "hours"),
        Effort::Days => say!(fr: "quelques jours", en: "days"),
    }
}

pub(super) fn family(family: Family) -> Text {
    match family {
        Family::Charter => say!(fr: "charte", en: "charter"),
        Family::Checklist => say!(fr: "grille des relecteurs", en: "reviewers' checklist"),
        Family::Law => say!(fr: "loi", en: "law"),
    }
}

pub(super) fn outcome(outcome: AnswerOutcome) -> Text {
    match outcome {
        AnswerOutcome::Met => Standing::Met.name(),
        AnswerOutcome::Unmet => Standing::Unmet.name(),
        AnswerOutcome::NotApplicable => Standing::NotApplicable.name(),
    }
}

/// The title of what weighs nothing.
pub(super) fn at_customers(lang: Lang) -> &'static str {
    pick(lang, "Chez vos clients, pour information", "At your customers', for information")
}

/// A fixed word in the language of the reader.
pub(super) fn pick(lang: Lang, fr: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Fr => fr,
        Lang::En => en,
    }
}

/// French puts a blank before it.
pub(super) fn colon(lang: Lang) -> &'static str {
    match lang {
        Lang::Fr => " :",
        Lang::En => ":",
    }
}

pub(super) fn quoted(words: &str, lang: Lang) -> String {
    match lang {
        Lang::Fr => format!("« {words} »"),
        Lang::En => format!("“{words}”"),
    }
}

/// `3 non respectés, 12 à vérifier`: the kinds that occur, in the order of [`Standing`].
pub(super) fn counts(counts: &Counts, lang: Lang) -> String {
    let parts: Vec<String> = counts.iter().filter(|(_, n)| **n > 0).map(|(standing, n)| counted(*standing, *n, lang)).collect();
    parts.join(", ")
}

fn counted(standing: Standing, n: usize, lang: Lang) -> String {
    match (lang, standing) {
        (Lang::Fr, Standing::Unmet) => count(lang, n, "non respecté", "non respectés"),
        (Lang::Fr, Standing::Unseen) => count(lang, n, "non constaté", "non constatés"),
        (Lang::Fr, Standing::Waived) => count(lang, n, "dérogation", "dérogations"),
        (Lang::Fr, Standing::Met) => count(lang, n, "respecté", "respectés"),
        (_, other) => format!("{n} {}", other.name().in_lang(lang)),
    }
}

/// What a person said of an entry, as a sentence.
pub(super) fn answered(entry: &Entry) -> Option<Text> {
    let answer = entry.answer.as_ref()?;
    let (word, by, on, until) = (outcome(answer.outcome), super::clean(&answer.by), answer.on, answer.until);
    Some(say!(
        fr: "{by} a répondu « {w_fr} » le {on} (vaut jusqu'au {until})",
        en: "{by} answered “{w_en}” on {on} (holds until {until})",
        with: w_fr = word.fr, w_en = word.en
    ))
}

/// What the hoster says to these entries, each reply once.
pub(super) fn replied<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Vec<Text> {
    let mut replies: Vec<Text> = Vec::new();
    for reply in entries.into_iter().flat_map(|entry| &entry.replies) {
        let (by, on, text) = (super::clean(&reply.by), reply.on, super::clean(&reply.text));
        let told = say!(fr: "L'hébergeur répond ({by}, le {on}) : {text}", en: "The hoster replies ({by}, {on}): {text}");
        if !replies.contains(&told) {
            replies.push(told);
        }
    }
    replies
}

/// What the group decided, on one line.
pub(super) fn decided(action: &Action, lang: Lang) -> String {
    let mut words = super::clean(&action.todo);
    if let Some(owner) = &action.owner {
        words.push_str(&format!(" — {}", super::clean(owner)));
    }
    if let Some(due) = action.due {
        words.push_str(say!(fr: ", pour le {due}", en: ", due on {due}").in_lang(lang));
    }
    if let Some(issue) = &action.issue {
        words.push_str(&format!(" ({issue})"));
    }
    words
}

/// The same, with where it stands on the day of the record.
pub(super) fn action(planned: &Planned<'_, '_>, lang: Lang) -> String {
    let words = decided(planned.action, lang);
    match planned.progress {
        Progress::Open => words,
        progress => format!("{words} — {}", progress.name().in_lang(lang)),
    }
}

/// `3 actions décidées, dont 1 en retard`.
pub(super) fn actions(report: &super::Report<'_>, lang: Lang) -> String {
    let (all, overdue) = (report.actions().len(), report.overdue());
    let title = match lang {
        Lang::Fr => count(lang, all, "action décidée", "actions décidées"),
        Lang::En => count(lang, all, "action decided", "actions decided"),
    };
    match (lang, overdue) {
        (_, 0) => title,
        (Lang::Fr, _) => format!("{title}, dont {overdue} en retard"),
        (Lang::En, _) => format!("{title}, {overdue} of them overdue"),
    }
}

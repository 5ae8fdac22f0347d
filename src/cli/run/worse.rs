//! `--fail-on regression`: what got worse since the last commit, and what is overdue.

use super::pressed::Pressed;
use crate::audit::{Record, diff, overdue, read_record, regressions};
use crate::cli::Failure;
use crate::cli::audits::Audit;
use crate::day::Day;
use crate::file::Source;
use crate::history::{History, Kept, Trouble};
use crate::hoster::Subject;
use crate::text::{Text, say};

/// What a record is compared with.
pub(super) enum Baseline {
    Record(Pressed),
    /// There is nothing to compare with, and why.
    None(Text),
}

impl Baseline {
    /// The record of the last commit; nothing without git or without one. A record there that cannot be read is a fault.
    pub(super) fn of(audit: &Audit) -> Result<Self, Failure> {
        match History::of(&audit.folder).and_then(|history| history.last()) {
            Ok(Some(Kept { record, .. })) => Ok(Self::Record(Pressed::new(&record?.to_toml()))),
            Ok(None) => Ok(Self::None(say!(fr: "le dernier commit n'a pas de relevé", en: "the last commit holds no record"))),
            Err(trouble @ (Trouble::NoGit | Trouble::NoRepository(_))) => Ok(Self::None(trouble.reason())),
            // A repository that git will not read is not one without a past: green would be a lie.
            Err(trouble) => Err(trouble.fault(&audit.folder).into()),
        }
    }
}

/// Sentences on what got worse and what is overdue; none when all is well.
pub(super) fn told(record: &Record, baseline: &Baseline, audit: &Audit, today: Day) -> Vec<Text> {
    let id = &audit.hoster.id;
    let mut told = Vec::new();
    if let Baseline::Record(old) = baseline {
        let old = read_record(&Source::new("record.toml", old.text())).expect("it was read when the run began");
        let changes = diff(&old, record);
        let places: Vec<String> = regressions(&changes).iter().map(|change| place(change.criterion, &change.subject)).collect();
        if !places.is_empty() {
            let (places, then) = (places.join(", "), old.date);
            told.push(say!(fr: "{id}, pire qu'au {then} : {places}.", en: "{id}, worse than on {then}: {places}."));
        }
    }
    for action in overdue(record, &audit.answers, today) {
        let criterion = place(action.criterion(), action.service.as_ref().unwrap_or(&Subject::Hoster));
        if let Some(due) = action.due {
            told.push(
                say!(fr: "{id}, en retard : {criterion}, promis pour le {due}.", en: "{id}, overdue: {criterion}, promised for {due}."),
            );
        }
    }
    told
}

fn place(criterion: crate::criteria::CriterionId, subject: &Subject) -> String {
    match subject {
        Subject::Hoster => criterion.to_string(),
        Subject::Service(service) => format!("{criterion} ({service})"),
    }
}

/// What a reader must know of a green light that had nothing to compare with.
pub(super) fn without(reason: &Text, audit: &Audit) -> Text {
    let id = &audit.hoster.id;
    say!(
        fr: "{id} : {r_fr}, donc rien ne peut être pire qu'avant.",
        en: "{id}: {r_en}, so nothing can be worse than before.",
        with: r_fr = &reason.fr, r_en = &reason.en
    )
}

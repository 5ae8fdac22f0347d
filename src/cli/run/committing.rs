//! `--commit`: what a run has written is kept in git, one commit a hoster, and nothing else is.

use crate::cli::Failure;
use crate::cli::audits::Audit;
use crate::cli::terminal::Terminal;
use crate::criteria::Charter;
use crate::history::{History, Kept, Trouble};
use crate::report::{Changes, commit_message};
use crate::text::say;

/// The repositories of the audits, before others are asked anything: a commit that cannot be made is known at once.
pub(super) fn open(audits: &[Audit]) -> Result<Vec<History>, Failure> {
    let opened = audits.iter().map(|audit| {
        let history = History::of(&audit.folder).and_then(|history| history.ready_to_commit().map(|()| history));
        history.map_err(|trouble| trouble.fault(&audit.folder))
    });
    let (mut histories, mut faults) = (Vec::new(), Vec::new());
    for history in opened {
        match history {
            Ok(history) => histories.push(history),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(histories) } else { Err(faults.into()) }
}

/// Commits the folder of one audit, if something in it has changed: the message tells the record that is there.
pub(super) fn commit(charter: &Charter, audit: &Audit, history: &History, terminal: &mut Terminal) -> Result<(), Failure> {
    let fault = |trouble: Trouble| Failure::CouldNot(trouble.fault(&audit.folder));
    let record = &audit.record()?;
    let last = history.last().map_err(fault)?;
    // A record that cannot be read any more is no reason not to keep the new one.
    let old = last.as_ref().and_then(|Kept { commit, record }| Some((commit, record.as_ref().ok()?)));
    let id = &audit.hoster.id;
    if !history.has_changed(old.map(|(_, record)| record), record).map_err(fault)? {
        terminal.note(&say!(fr: "{id} : rien de nouveau, donc pas de commit.", en: "{id}: nothing new, so no commit."));
        return Ok(());
    }
    let changes = old.map(|(commit, old)| Changes::new(old, record, commit.short(), charter, &audit.hoster));
    let message = commit_message(id, record, changes.as_ref(), terminal.lang);
    let kept = history.keep(&message).map_err(fault)?;
    let (commit, subject) = (kept.short(), message.lines().next().unwrap_or_default());
    terminal.note(&say!(fr: "Commit {commit} : {subject}", en: "Commit {commit}: {subject}"));
    Ok(())
}

//! Committing what changed in the folder of an audit, and nothing else.

use std::io::Write;

use super::{Commit, History, RECORD, Trouble};
use crate::audit::Record;

/// What a run leaves in the folder besides the record: made from it, dated like it.
const REPORT: &str = "report.md";

impl History {
    /// It is a fault that nothing could ever be committed: known before others are asked anything.
    pub fn ready_to_commit(&self) -> Result<(), Trouble> {
        let ignored = self.git.read(["check-ignore", "--quiet", "--", RECORD])?.done;
        if ignored { Err(Trouble::Ignored(self.folder.join(RECORD))) } else { Ok(()) }
    }

    /// Whether something in the folder is not as in the last commit, but for the date of the record and of the report.
    pub fn has_changed(&self, old: Option<&Record>, new: &Record) -> Result<bool, Trouble> {
        let paths = self.paths_that_changed()?;
        let Some(old) = old else { return Ok(!paths.is_empty()) };
        if paths.iter().any(|path| path != RECORD && path != REPORT) || *old != (Record { date: old.date, ..new.clone() }) {
            return Ok(!paths.is_empty());
        }
        let Some(head) = self.commit("HEAD")? else { return Ok(!paths.is_empty()) };
        let dated = |text: String| text.replace(&old.date.to_string(), &new.date.to_string());
        let before = self.text_at(&head, REPORT)?.map(dated);
        let now = std::fs::read(self.folder.join(REPORT)).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(before != now)
    }

    /// Paths in the folder that are new, changed or gone, staged or not; those outside keep their path from the root.
    fn paths_that_changed(&self) -> Result<Vec<String>, Trouble> {
        let prefix = self.git.read(["rev-parse", "--show-prefix"])?;
        let prefix = prefix.out.strip_suffix('\n').unwrap_or(&prefix.out).to_owned();
        let said = self.git.read(["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", "."])?;
        if !said.done {
            return Err(Trouble::Refused(said.words));
        }
        // Two letters and a blank stand before each path.
        let paths = said.out.split('\0').filter_map(|line| line.get(3..)).filter(|path| !path.is_empty());
        Ok(paths.map(|path| path.strip_prefix(&prefix).unwrap_or(path).to_owned()).collect())
    }

    /// Commits the folder alone, whatever else is staged, with the hooks and the signature that the repository wants.
    pub fn keep(&self, message: &str) -> Result<Commit, Trouble> {
        let unwritten = |error: std::io::Error| Trouble::Refused(vec![error.to_string()]);
        let mut file = tempfile::NamedTempFile::new().map_err(unwritten)?;
        file.write_all(message.as_bytes()).map_err(unwritten)?;
        let added = self.git.write(["add", "--", "."])?;
        if !added.done {
            return Err(Trouble::Refused(added.words));
        }
        let (commit, message) =
            (["commit", "--quiet", "--cleanup=whitespace", "--file"].map(Into::into), file.path().as_os_str().to_owned());
        let args: Vec<std::ffi::OsString> = commit.into_iter().chain([message, "--".into(), ".".into()]).collect();
        let kept = self.git.write(args)?;
        if !kept.done {
            return Err(Trouble::Refused(kept.words));
        }
        self.commit_named("HEAD")
    }
}

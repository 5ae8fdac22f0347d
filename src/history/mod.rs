//! What git remembers of an audit: old records, and a commit for the new one. Everything goes through the `git` program.

mod commit;
mod git;
mod trouble;

use std::path::{Path, PathBuf};

use crate::audit::{Record, read_record};
use crate::file::{Faults, Source};
use git::Git;
pub use trouble::Trouble;

/// The record's name in the folder of an audit.
const RECORD: &str = "record.toml";

/// The folder of an audit, inside a repository.
#[derive(Debug)]
pub struct History {
    folder: PathBuf,
    git: Git,
}

/// A commit, by its whole name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit(String);

impl Commit {
    /// Enough of its name for a person.
    pub fn short(&self) -> &str {
        self.0.get(..10).unwrap_or(&self.0)
    }

    pub fn name(&self) -> &str {
        &self.0
    }
}

/// A record as a commit holds it, or why it cannot be read.
#[derive(Debug)]
pub struct Kept {
    pub commit: Commit,
    pub record: Result<Record, Faults>,
}

impl History {
    /// The repository in whose working tree the folder lies: a linked worktree, a shallow clone, a parent folder.
    pub fn of(folder: &Path) -> Result<Self, Trouble> {
        let git = Git::in_folder(folder);
        let said = git.read(["rev-parse", "--is-inside-work-tree"])?;
        let outside = said.words.iter().any(|line| line.contains("not a git repository"));
        match (said.done, outside, said.out.trim()) {
            (true, _, "true") => Ok(Self { folder: folder.to_owned(), git }),
            (false, false, _) => Err(Trouble::Refused(said.words)),
            _ => Err(Trouble::NoRepository(folder.to_owned())),
        }
    }

    /// The commit that a person names. Whatever it is, git never takes it for an option.
    pub fn commit_named(&self, revision: &str) -> Result<Commit, Trouble> {
        let unknown = |shallow| Trouble::NoCommit { revision: revision.to_owned(), shallow };
        if revision.is_empty() || revision.starts_with('-') || revision.chars().any(char::is_control) {
            return Err(unknown(false));
        }
        match self.commit(revision)? {
            Some(commit) => Ok(commit),
            None => Err(unknown(self.is_shallow()?)),
        }
    }

    fn commit(&self, revision: &str) -> Result<Option<Commit>, Trouble> {
        let commit = format!("{revision}^{{commit}}");
        let said = self.git.read(["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
        Ok(said.done.then(|| Commit(said.out.trim().to_owned())))
    }

    /// Whether the oldest commits were left out when the repository was cloned.
    pub fn is_shallow(&self) -> Result<bool, Trouble> {
        Ok(self.git.read(["rev-parse", "--is-shallow-repository"])?.out.trim() == "true")
    }

    /// The record that a commit holds, if it holds one.
    pub fn record_at(&self, commit: Commit) -> Result<Option<Kept>, Trouble> {
        let Some(text) = self.text_at(&commit, RECORD)? else { return Ok(None) };
        let source = Source::new(format!("{}:{}", commit.short(), self.folder.join(RECORD).display()), text);
        Ok(Some(Kept { commit, record: read_record(&source) }))
    }

    /// A file of the folder as a commit holds it.
    fn text_at(&self, commit: &Commit, name: &str) -> Result<Option<String>, Trouble> {
        let blob = format!("{}:./{name}", commit.name());
        if !self.git.read(["rev-parse", "--verify", "--quiet", "--end-of-options", &blob])?.done {
            return Ok(None);
        }
        let said = self.git.read(["cat-file", "blob", &blob])?;
        if said.done { Ok(Some(said.out)) } else { Err(Trouble::Refused(said.words)) }
    }

    /// The record of the last commit; nothing before the first commit, or when that commit holds none.
    pub fn last(&self) -> Result<Option<Kept>, Trouble> {
        match self.commit("HEAD")? {
            Some(head) => self.record_at(head),
            None => Ok(None),
        }
    }

    /// The record of the last commit that holds one.
    pub fn last_that_holds_one(&self) -> Result<Option<Kept>, Trouble> {
        if let Some(kept) = self.last()? {
            return Ok(Some(kept));
        }
        Ok(self.all()?.pop())
    }

    /// The record of each commit that changed it, oldest first.
    pub fn all(&self) -> Result<Vec<Kept>, Trouble> {
        if self.commit("HEAD")?.is_none() {
            return Ok(Vec::new());
        }
        let record = format!("./{RECORD}");
        let said = self.git.read(["rev-list", "--reverse", "HEAD", "--", &record])?;
        if !said.done {
            return Err(Trouble::Refused(said.words));
        }
        let mut all = Vec::new();
        for commit in said.out.lines() {
            all.extend(self.record_at(Commit(commit.to_owned()))?);
        }
        Ok(all)
    }
}

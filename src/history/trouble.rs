//! Why git could not serve, and what a person can do.

use std::path::{Path, PathBuf};

use crate::file::{Fault, Place};
use crate::text::{Text, say};

#[derive(Debug)]
pub enum Trouble {
    /// There is no `git` program.
    NoGit,
    /// The folder lies in no working tree.
    NoRepository(PathBuf),
    NoCommit {
        revision: String,
        /// The commit may be one of those that were left out.
        shallow: bool,
    },
    /// What git, or a hook, said.
    Refused(Vec<String>),
    /// The repository is told to ignore the record.
    Ignored(PathBuf),
}

impl Trouble {
    /// What is wrong, in a few words: for those who can do without git.
    pub fn reason(&self) -> Text {
        match self {
            Self::NoGit => say!(fr: "le programme git n'est pas là", en: "there is no git program"),
            Self::NoRepository(_) => say!(fr: "ce dossier n'est dans aucun dépôt git", en: "this folder is in no git repository"),
            Self::NoCommit { revision, .. } => {
                say!(fr: "git ne connaît pas de commit « {revision} »", en: "git knows no commit `{revision}`")
            }
            Self::Refused(words) => {
                let words = words.join(" / ");
                say!(fr: "git refuse : {words}", en: "git refuses: {words}")
            }
            Self::Ignored(_) => say!(fr: "git a pour consigne d'ignorer ce fichier", en: "git is told to ignore this file"),
        }
    }

    pub fn fault(&self, folder: &Path) -> Fault {
        let remedy = match self {
            Self::NoGit => say!(fr: "Installer git.", en: "Install git."),
            Self::NoRepository(_) => say!(
                fr: "Lancer « git init » dans le dossier qui contient les audits, ou désigner un dépôt par « --audits ».",
                en: "Run `git init` in the folder that holds the audits, or name a repository with `--audits`."
            ),
            Self::NoCommit { shallow: true, .. } => say!(
                fr: "Ce clone est superficiel : « git fetch --unshallow » va chercher les commits plus anciens.",
                en: "This clone is shallow: `git fetch --unshallow` brings the older commits."
            ),
            Self::NoCommit { shallow: false, .. } => say!(
                fr: "Donner un commit, une branche ou une étiquette que « git log » montre.",
                en: "Give a commit, a branch or a tag that `git log` shows."
            ),
            Self::Refused(_) => say!(
                fr: "Suivre ce que dit git, puis relancer. Les fichiers de l'audit sont en place, rien n'est perdu.",
                en: "Do as git says, then run again. The files of the audit are in place, nothing is lost."
            ),
            Self::Ignored(_) => {
                say!(fr: "Retirer la ligne qui l'exclut de .gitignore.", en: "Remove the line of .gitignore that leaves it out.")
            }
        };
        let at = match self {
            Self::NoRepository(path) | Self::Ignored(path) => Place::file(path),
            _ => Place::file(folder),
        };
        Fault::new(at, self.reason(), remedy)
    }
}

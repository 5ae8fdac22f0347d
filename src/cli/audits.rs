//! The folder of audits: one folder a hoster.

use std::path::{Path, PathBuf};

use super::Failure;
use crate::audit::{Record, read_record};
use crate::criteria::Charter;
use crate::file::{Fault, Faults, Place, Source};
use crate::history::{History, Kept};
use crate::hoster::{Answers, Hoster, HosterId};
use crate::text::say;

/// A hoster's folder, with what people wrote in it.
pub(super) struct Audit {
    pub(super) folder: PathBuf,
    pub(super) hoster: Hoster,
    pub(super) answers: Answers,
}

impl Audit {
    /// Reads `hoster.toml` and `answers.toml`; the second may be missing.
    pub(super) fn open(audits: &Path, id: &HosterId, charter: &Charter) -> Result<Self, Faults> {
        let folder = audits.join(id);
        if !folder.is_dir() {
            return Err(vec![Fault::new(
                Place::file(&folder),
                say!(fr: "cet audit n'existe pas", en: "there is no such audit"),
                say!(fr: "Créer le dossier et y décrire l'hébergeur dans hoster.toml (voir audits/README.md).", en: "Make the folder and describe the hoster in hoster.toml there (see audits/README.md)."),
            )]);
        }
        let source = Source::open(&folder.join("hoster.toml")).map_err(|fault| vec![fault])?;
        let hoster = Hoster::read(id.clone(), &source, |edition| charter.edition(edition).is_some())?;
        let unknown = hoster.keep.iter().filter(|kind| charter.document(kind).is_none());
        let faults: Faults = unknown.map(|kind| no_such_kind(&source, kind, charter)).collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        let written = folder.join("answers.toml");
        let answers = if written.exists() {
            Answers::read(&Source::open(&written).map_err(|fault| vec![fault])?, charter, &hoster)?
        } else {
            Answers::default()
        };
        Ok(Self { folder, hoster, answers })
    }

    /// The last record, if there is one.
    pub(super) fn last_record(&self) -> Result<Option<Record>, Faults> {
        let path = self.folder.join("record.toml");
        if !path.exists() {
            return Ok(None);
        }
        Source::open(&path).map_err(|fault| vec![fault]).and_then(|source| read_record(&source)).map(Some)
    }

    /// The records that git remembers, oldest first; none where there is no repository, or one that cannot be read: a report
    /// does without.
    pub(super) fn past(&self) -> Vec<Kept> {
        History::of(&self.folder).and_then(|history| history.all()).unwrap_or_default()
    }

    /// The last record; it is a fault that there is none.
    pub(super) fn record(&self) -> Result<Record, Failure> {
        let id = &self.hoster.id;
        self.last_record()?.ok_or_else(|| {
            Failure::CouldNot(Fault::new(
                Place::file(self.folder.join("record.toml")),
                say!(fr: "aucun relevé pour {id}", en: "there is no record of {id}"),
                say!(fr: "Lancer « chatons-audit run {id} ».", en: "Run `chatons-audit run {id}`."),
            ))
        })
    }
}

fn no_such_kind(source: &Source, kind: &str, charter: &Charter) -> Fault {
    let known = charter.documents.iter().map(|kind| kind.id.as_str()).collect::<Vec<_>>().join(", ");
    Fault::new(
        source.place_of_word(0, kind),
        say!(fr: "« keep » : aucun document ne s'appelle « {kind} »", en: "`keep`: no document is called `{kind}`"),
        say!(fr: "Prendre parmi : {known}.", en: "Take one of: {known}."),
    )
}

/// Opens the audits named, or all of the folder; tells the faults of all of them at once.
pub(super) fn open_all(audits: &Path, ids: &[HosterId], charter: &Charter) -> Result<Vec<Audit>, Failure> {
    let found = if ids.is_empty() { list(audits)? } else { ids.to_vec() };
    let (mut opened, mut faults) = (Vec::new(), Faults::new());
    for id in &found {
        match Audit::open(audits, id, charter) {
            Ok(audit) => opened.push(audit),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(opened) } else { Err(faults.into()) }
}

/// Every folder that holds a `hoster.toml`, by name.
fn list(audits: &Path) -> Result<Vec<HosterId>, Failure> {
    let nothing = |what| {
        let remedy = say!(fr: "Se placer dans le dépôt des audits, ou le nommer par « --audits ».", en: "Go to the repository of the audits, or name it with `--audits`.");
        Failure::from(Fault::new(Place::file(audits), what, remedy))
    };
    let entries = std::fs::read_dir(audits)
        .map_err(|_| nothing(say!(fr: "ce dossier n'existe pas ou ne se lit pas", en: "this folder does not exist or cannot be read")))?;
    let mut ids: Vec<HosterId> = entries
        .flatten()
        .filter(|entry| entry.path().join("hoster.toml").is_file())
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    ids.sort();
    if ids.is_empty() { Err(nothing(say!(fr: "aucun audit dans ce dossier", en: "no audit in this folder"))) } else { Ok(ids) }
}

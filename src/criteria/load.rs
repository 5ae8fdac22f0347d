//! Loading the rules: from a folder, or as built into the binary.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::criterion::{Criterion, Edition};
use super::id::CriterionId;
use super::index::Index;
use super::lint;
use super::lists::{CookieName, DocumentKind, Exception, Party, Provider, Software, Topic};
use crate::day::Day;
use crate::file::{Fault, Faults, Format, Place, Source, read};
use crate::text::say;

/// Files of criteria, in the order in which they are read.
const CRITERIA: [&str; 9] = [
    "collectif.toml",
    "hebergeurs.toml",
    "alternatifs.toml",
    "transparents.toml",
    "ouverts.toml",
    "neutres.toml",
    "solidaires.toml",
    "checklist.toml",
    "law-fr.toml",
];

/// Those of the charter itself.
pub const CHARTER_FILES: &[&str] = CRITERIA.split_at(7).0;

macro_rules! built_in {
    ($($file:literal),+ $(,)?) => { &[$(($file, include_str!(concat!("../../criteria/", $file)))),+] };
}

/// Every rule file, built into the binary.
const BUILT_IN: &[(&str, &str)] = built_in![
    "alternatifs.toml",
    "checklist.toml",
    "collectif.toml",
    "editions.toml",
    "hebergeurs.toml",
    "law-fr.toml",
    "lists/cookies.toml",
    "lists/documents.toml",
    "lists/exceptions.toml",
    "lists/providers.toml",
    "lists/software.toml",
    "lists/third-parties.toml",
    "lists/topics.toml",
    "neutres.toml",
    "ouverts.toml",
    "solidaires.toml",
    "transparents.toml",
];

/// The rules as a whole: every reference in them leads somewhere.
#[derive(Debug, Serialize)]
pub struct Charter {
    /// In the order of their ids.
    pub criteria: Vec<Criterion>,
    pub editions: Vec<Edition>,
    pub documents: Vec<DocumentKind>,
    pub topics: Vec<Topic>,
    pub software: Vec<Arc<Software>>,
    pub parties: Vec<Party>,
    pub providers: Vec<Provider>,
    /// The day of the list of third parties, which ages.
    #[serde(skip)]
    pub parties_date: Option<Day>,
    pub exceptions: Vec<Exception>,
    pub cookies: Vec<CookieName>,
    #[serde(skip)]
    digest: OnceLock<String>,
    #[serde(skip)]
    pub(super) index: Index,
}

/// The files of a folder, or those built in when there is no folder; in the order of [`BUILT_IN`].
fn charter_sources(folder: Option<&Path>) -> Result<Vec<Source>, Faults> {
    let Some(folder) = folder else {
        return Ok(BUILT_IN.iter().map(|(file, text)| Source::new(PathBuf::from("criteria").join(file), *text)).collect());
    };
    if !folder.is_dir() {
        return Err(vec![Fault::new(
            Place::file(folder),
            say!(fr: "ce dossier de critères n'existe pas", en: "there is no such folder of criteria"),
            say!(fr: "Vérifier « --criteria », ou l'omettre pour les critères intégrés.", en: "Check `--criteria`, or leave it out for the built-in criteria."),
        )]);
    }
    let read: Vec<_> = BUILT_IN.iter().map(|(file, _)| Source::open(&folder.join(file))).collect();
    let faults: Faults = read.iter().filter_map(|source| source.as_ref().err().cloned()).collect();
    if faults.is_empty() { Ok(read.into_iter().flatten().collect()) } else { Err(faults) }
}

/// A file of rules: where it comes from, and its tables.
macro_rules! rule_file {
    ($file:ident, $key:literal, $item:ty) => {
        #[derive(Debug, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        #[expect(dead_code, reason = "read so that a faulty header is told; people read it in the file")]
        pub struct $file {
            format: Format,
            source: String,
            date: Day,
            licence: String,
            #[serde(rename = $key)]
            items: Vec<$item>,
        }

        impl RuleFile for $file {
            type Item = $item;

            fn items(self) -> Vec<$item> {
                self.items
            }

            fn date(&self) -> Day {
                self.date
            }
        }
    };
}

trait RuleFile: DeserializeOwned {
    type Item;
    fn items(self) -> Vec<Self::Item>;
    fn date(&self) -> Day;
}

rule_file!(CriterionFile, "criterion", Criterion);
rule_file!(EditionFile, "edition", Edition);
rule_file!(DocumentFile, "document", DocumentKind);
rule_file!(TopicFile, "topic", Topic);
rule_file!(SoftwareFile, "software", Software);
rule_file!(PartyFile, "third-party", Party);
rule_file!(ProviderFile, "provider", Provider);
rule_file!(CookieFile, "cookie", CookieName);
rule_file!(ExceptionFile, "exception", Exception);

impl Charter {
    /// Reads the rules; tells every fault of every file. Those built in have passed [`Charter::lint`] when they were built.
    pub fn load(folder: Option<&Path>) -> Result<Self, Faults> {
        match folder {
            Some(_) => Self::lint(folder),
            None => faultless(Self::gather(&charter_sources(None)?)),
        }
    }

    /// Reads the rules and tries all their examples; tells every fault of every file.
    pub fn lint(folder: Option<&Path>) -> Result<Self, Faults> {
        Self::lint_sources(&charter_sources(folder)?)
    }

    /// The same of files that are open already.
    pub fn lint_sources(sources: &[Source]) -> Result<Self, Faults> {
        let (charter, mut faults) = Self::gather(sources);
        faults.extend(lint::lists(&charter, sources));
        faultless((charter, faults))
    }

    /// Rules that are not the shipped ones, for tests that must not change with them.
    #[cfg(test)]
    pub fn from_sources(sources: &[Source]) -> Result<Self, Faults> {
        faultless(Self::gather(sources))
    }

    /// What could be read, and the faults of the rest.
    fn gather(sources: &[Source]) -> (Self, Faults) {
        let mut faults = Faults::new();
        let criteria: Vec<(Criterion, &Source)> = CRITERIA
            .iter()
            .filter_map(|file| find(sources, file))
            .flat_map(|source| items::<CriterionFile>(source, &mut faults).into_iter().map(move |criterion| (criterion, source)))
            .collect();
        // In this order, so that faults are told in it.
        let editions = list::<EditionFile>(sources, "editions.toml", &mut faults);
        let documents = list::<DocumentFile>(sources, "lists/documents.toml", &mut faults);
        let topics = list::<TopicFile>(sources, "lists/topics.toml", &mut faults);
        let software = list::<SoftwareFile>(sources, "lists/software.toml", &mut faults);
        let parties = find(sources, "lists/third-parties.toml").and_then(|source| file::<PartyFile>(source, &mut faults));
        let mut charter = Self {
            criteria: Vec::new(),
            editions,
            documents,
            topics,
            software: software.into_iter().map(Arc::new).collect(),
            parties_date: parties.as_ref().map(PartyFile::date),
            parties: parties.map(PartyFile::items).unwrap_or_default(),
            providers: list::<ProviderFile>(sources, "lists/providers.toml", &mut faults),
            exceptions: list::<ExceptionFile>(sources, "lists/exceptions.toml", &mut faults),
            cookies: list::<CookieFile>(sources, "lists/cookies.toml", &mut faults),
            digest: OnceLock::new(),
            index: Index::default(),
        };
        // References are only worth checking against lists that could be read.
        if faults.iter().all(|fault| fault.at.as_ref().is_some_and(|at| CRITERIA.iter().any(|file| at.file.ends_with(file)))) {
            let all_read = faults.is_empty();
            faults.extend(lint::references(&charter, &criteria));
            if all_read {
                faults.extend(lint::neighbours(&criteria));
            }
        }
        charter.criteria = criteria.into_iter().map(|(criterion, _)| criterion).collect();
        charter.criteria.sort_by_key(Criterion::id);
        (charter, faults)
    }

    pub fn criterion(&self, id: CriterionId) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.id() == id)
    }

    pub fn edition(&self, id: &str) -> Option<&Edition> {
        self.editions.iter().find(|edition| edition.id == id)
    }

    pub fn document(&self, id: &str) -> Option<&DocumentKind> {
        self.documents.iter().find(|document| document.id == id)
    }

    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.ranked_topic(id).map(|(_, topic)| topic)
    }

    pub fn exception(&self, id: &str) -> Option<&Exception> {
        self.exceptions.iter().find(|exception| exception.id == id)
    }

    /// What a cookie of that name is for; an exact name wins, then the longest start.
    pub fn cookie(&self, name: &str) -> Option<&CookieName> {
        let known = self.cookies.iter().filter_map(|cookie| Some((cookie.fits(name)?, cookie)));
        known.max_by_key(|(length, _)| *length).map(|(_, cookie)| cookie)
    }

    /// A digest of what the rules mean: comments and order of keys aside.
    pub fn digest(&self) -> String {
        let made = || {
            let canonical = serde_json::to_string(self).expect("rules are plain data");
            let digest = Sha256::digest(canonical.as_bytes());
            digest.iter().take(8).fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
        };
        self.digest.get_or_init(made).clone()
    }
}

fn faultless((charter, faults): (Charter, Faults)) -> Result<Charter, Faults> {
    if faults.is_empty() { Ok(charter) } else { Err(faults) }
}

fn find<'s>(sources: &'s [Source], file: &str) -> Option<&'s Source> {
    sources.iter().find(|source| source.file.ends_with(file))
}

/// What a file of rules holds; one that is missing holds nothing.
fn list<F: RuleFile>(sources: &[Source], name: &str, faults: &mut Faults) -> Vec<F::Item> {
    find(sources, name).map(|source| items::<F>(source, faults)).unwrap_or_default()
}

fn items<F: RuleFile>(source: &Source, faults: &mut Faults) -> Vec<F::Item> {
    file::<F>(source, faults).map(F::items).unwrap_or_default()
}

/// A file of rules, or its faults.
fn file<F: RuleFile>(source: &Source, faults: &mut Faults) -> Option<F> {
    read(source).map_err(|found| faults.extend(found)).ok()
}

/// The rules built in, with more lines at the end of one file, for tests.
#[cfg(test)]
pub fn shipped_with(file: &str, more: &str) -> Charter {
    let mut sources = charter_sources(None).expect("they are built in");
    let source = sources.iter_mut().find(|source| source.file.ends_with(file)).expect("a file of the rules");
    *source = Source::new(source.file.clone(), format!("{}\n{more}", source.text));
    Charter::from_sources(&sources).expect("lines without a fault")
}

/// The rules built in, for tests.
#[cfg(test)]
pub fn shipped() -> &'static Charter {
    static SHIPPED: std::sync::LazyLock<Charter> = std::sync::LazyLock::new(|| match Charter::lint(None) {
        Ok(charter) => charter,
        Err(faults) => panic!("{}", faults.iter().map(|fault| fault.show(crate::text::Lang::En, false)).collect::<Vec<_>>().join("\n")),
    });
    &SHIPPED
}

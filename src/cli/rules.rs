//! Which rules to use.

use std::path::{Path, PathBuf};

use super::Failure;
use super::args::Common;
use crate::criteria::{Charter, CriterionId};
use crate::file::{Fault, Faults};
use crate::text::say;

/// `--criteria`, else `./criteria` where it is there, else those built in.
pub(super) fn folder(common: &Common) -> Option<PathBuf> {
    common.criteria.clone().or_else(|| Some(PathBuf::from("criteria")).filter(|folder| folder.join("editions.toml").is_file()))
}

pub(super) fn charter(common: &Common) -> Result<Charter, Faults> {
    Charter::load(folder(common).as_deref().map(Path::new))
}

/// Tells the first id that no criterion has.
pub(super) fn known_criteria(charter: &Charter, ids: &[CriterionId]) -> Result<(), Failure> {
    ids.iter().find(|id| charter.criterion(**id).is_none()).map_or(Ok(()), |id| {
        Err(Failure::from(Fault::nowhere(
            say!(fr: "le critère {id} n'existe pas", en: "there is no criterion {id}"),
            say!(fr: "Voir « chatons-audit criteria list ».", en: "See `chatons-audit criteria list`."),
        )))
    })
}

/// Tells an edition that does not exist.
pub(super) fn known_edition(charter: &Charter, edition: Option<&str>) -> Result<(), Failure> {
    edition.filter(|edition| charter.edition(edition).is_none()).map_or(Ok(()), |edition| {
        let known = charter.editions.iter().map(|edition| edition.id.clone()).collect::<Vec<_>>().join(", ");
        Err(Failure::from(Fault::nowhere(
            say!(fr: "l'édition « {edition} » n'existe pas", en: "there is no edition `{edition}`"),
            say!(fr: "Éditions connues : {known}.", en: "Known editions: {known}."),
        )))
    })
}

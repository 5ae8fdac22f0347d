//! Which rules to use.

use std::path::{Path, PathBuf};

use super::args::Common;
use crate::criteria::Charter;
use crate::file::Faults;

/// `--criteria`, else `./criteria` where it is there, else those built in.
pub(super) fn folder(common: &Common) -> Option<PathBuf> {
    common.criteria.clone().or_else(|| Some(PathBuf::from("criteria")).filter(|folder| folder.join("editions.toml").is_file()))
}

pub(super) fn charter(common: &Common) -> Result<Charter, Faults> {
    Charter::load(folder(common).as_deref().map(Path::new))
}

//! Which browser visits the pages: the one that is named, or the first that is installed.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use crate::text::{Text, say};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// Elsewhere it is started otherwise, which nobody has written yet.
const KNOWS_HOW: bool = cfg!(unix);

/// The program of that path or name; for `auto`, the first that `PATH` holds.
pub(super) fn find(path: &Path) -> Option<PathBuf> {
    if !KNOWS_HOW {
        return None;
    }
    if path.components().count() > 1 {
        return path.is_file().then(|| std::path::absolute(path).ok())?;
    }
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let given = path.to_str().filter(|name| *name != "auto");
    let names = given.map_or_else(|| NAMES.to_vec(), |name| vec![name]);
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}

/// What to do when there is none.
pub(super) fn missing(path: &Path) -> Text {
    let shown = path.display();
    if !KNOWS_HOW {
        say!(
            fr: "--browser ne fonctionne que sous Linux, macOS et BSD : les pages sont lues sans navigateur.",
            en: "--browser works on Linux, macOS and BSD only: pages are read without a browser.",
        )
    } else if path.as_os_str() == "auto" {
        say!(
            fr: "Aucun navigateur Chromium n'a été trouvé : les pages sont lues sans lui. L'installer (sous Debian : apt install chromium), ou donner son chemin : --browser=CHEMIN.",
            en: "No Chromium browser was found: pages are read without it. Install it (on Debian: apt install chromium), or give its path: --browser=PATH.",
        )
    } else {
        say!(
            fr: "« {shown} » n'est pas un programme : les pages sont lues sans navigateur. Corriger le chemin de --browser.",
            en: "\"{shown}\" is no program: pages are read without a browser. Mend the path of --browser.",
        )
    }
}

//! `documents/*.md`: the texts that a hoster publishes, so that git shows when they change.

use std::io;
use std::path::{Path, PathBuf};

use crate::audit::Reading;
use crate::check::Published;
use crate::file::{remove, write_whole};

/// Each file begins so; one that does not was not written here, and is never removed.
const MARK: &str = "<!-- chatons-audit ";

/// Writes what was read, and removes what is certainly published no more; what is unknown stays. Tells the files that changed.
pub(super) fn keep(folder: &Path, texts: &[Reading]) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let mut changed = Vec::new();
    // The kinds are the names of files: those of rules written elsewhere may be anything.
    for text in texts.iter().filter(|text| text.kind.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')) {
        let path = folder.join("documents").join(format!("{}.md", text.kind));
        let done = match (text.file(), &text.published) {
            (Some(contents), _) => write_whole(&path, &contents),
            (None, Published::Gone) if is_ours(&path) => remove(&path).map(|()| true),
            (None, _) => Ok(false),
        };
        match done {
            Ok(true) => changed.push(path),
            Ok(false) => {}
            Err(error) => return Err((path, error)),
        }
    }
    Ok(changed)
}

fn is_ours(path: &Path) -> bool {
    std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(MARK.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gone() -> [Reading; 1] {
        [Reading { kind: "terms".into(), published: Published::Gone }]
    }

    #[test]
    fn a_file_that_is_not_ours_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("documents/terms.md");
        for (text, left) in [("# Notes of the group\n", true), ("<!-- chatons-audit terms: https://a.example/ -->\n", false)] {
            write_whole(&path, text).unwrap();
            keep(folder.path(), &gone()).unwrap();
            assert_eq!(path.exists(), left, "{text}");
        }
        assert!(keep(folder.path(), &gone()).unwrap().is_empty(), "nothing to remove");
    }

    #[test]
    fn what_is_unknown_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("documents/terms.md");
        write_whole(&path, "<!-- chatons-audit terms: https://a.example/ -->\n").unwrap();
        let unknown = [Reading { kind: "terms".into(), published: Published::Unknown }];
        assert!(keep(folder.path(), &unknown).unwrap().is_empty() && path.exists());
    }
}

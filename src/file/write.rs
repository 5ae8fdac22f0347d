//! Writing a file so that it is the old one or the new one, never half of it.

use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Replaces `path` by `contents` at once, unless it already holds just that; says whether it changed.
///
/// The new file stands on disk before it takes the name, so that a full disk or a killed run leaves the old one.
pub fn write_whole(path: &Path, contents: &str) -> io::Result<bool> {
    let is_as_long = std::fs::metadata(path).is_ok_and(|old| old.len() == contents.len() as u64);
    if is_as_long && std::fs::read(path).is_ok_and(|old| old == contents.as_bytes()) {
        return Ok(false);
    }
    write_pieces(path, [contents])?;
    Ok(true)
}

/// Replaces `path` at once by these pieces, one after the other: a long text need not be held whole.
pub fn write_pieces(path: &Path, pieces: impl IntoIterator<Item: AsRef<str>>) -> io::Result<()> {
    prepared(path, pieces)?.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// The same where nothing may be yet: what is there, were it put there meanwhile, is an error and stays.
pub fn write_new(path: &Path, contents: &str) -> io::Result<()> {
    prepared(path, [contents])?.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// The whole file on disk beside its place, under another name.
fn prepared(path: &Path, pieces: impl IntoIterator<Item: AsRef<str>>) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = NamedTempFile::new_in(folder)?;
    for piece in pieces {
        file.write_all(piece.as_ref().as_bytes())?;
    }
    readable(file.as_file(), path)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Takes a file that we wrote away; one that is gone already is no trouble.
pub fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A temporary file is private; what replaces a file keeps that file's mode, and a new one is readable by all.
#[cfg(unix)]
fn readable(file: &std::fs::File, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let permissions = match std::fs::metadata(path) {
        Ok(old) => old.permissions(),
        Err(_) => std::fs::Permissions::from_mode(0o644),
    };
    file.set_permissions(permissions)
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File, _: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_contents_change_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/record.toml");
        assert!(write_whole(&path, "one").unwrap());
        assert!(!write_whole(&path, "one").unwrap());
        assert!(write_whole(&path, "two").unwrap());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
    }

    #[test]
    fn a_new_file_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/hoster.toml");
        write_new(&path, "one").unwrap();
        assert_eq!(write_new(&path, "two").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(std::fs::read_dir(folder.path().join("a")).unwrap().count(), 1);
    }

    #[test]
    fn a_write_that_fails_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record.toml");
        std::fs::create_dir(&path).unwrap();
        std::fs::write(path.join("inside"), "kept").unwrap();
        assert!(write_whole(&path, "new").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(std::fs::read_to_string(path.join("inside")).unwrap(), "kept");
    }
}

//! Texts kept beside the tests and compared byte for byte; `UPDATE_GOLDEN=1 cargo test` writes them anew.

use std::path::Path;

/// Compares a text with a file of `tests/`, and tells the first line that differs.
pub fn compare(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if kept == text {
        return;
    }
    let first = kept.lines().zip(text.lines()).position(|(kept, new)| kept != new);
    let n = first.unwrap_or_else(|| kept.lines().count().min(text.lines().count()));
    let line = |text: &str| text.lines().nth(n).unwrap_or("(nothing)").to_owned();
    let changed = kept.lines().filter(|line| !text.lines().any(|new| new == *line)).count();
    panic!(
        "tests/{file}:{}\n kept: {}\n now:  {}\n{changed} lines of it are gone. If that is right: UPDATE_GOLDEN=1",
        n + 1,
        line(&kept),
        line(text)
    );
}

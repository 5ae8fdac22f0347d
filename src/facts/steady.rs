//! Names that programs make up, without what they make up anew on each visit.

/// Longer names are cut.
const LONGEST: usize = 100;

/// A made-up part is at least so long, and holds a digit.
const MADE_UP: usize = 8;

/// `_pk_id.1.9f3c5a7e` becomes `_pk_id.1.*`.
pub fn steady(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let mut steady = String::new();
    for part in name.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let word = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if word.len() >= MADE_UP && word.contains(|c: char| c.is_ascii_digit()) {
            steady.push('*');
            steady.push_str(&part[word.len()..]);
        } else {
            steady.push_str(part);
        }
    }
    steady
}

#[cfg(test)]
mod tests {
    use super::steady;

    #[test]
    fn what_changes_is_left_out_and_what_names_stays() {
        assert_eq!(steady("_pk_id.1.9f3c5a7e"), "_pk_id.1.*");
        assert_eq!(steady("MMUSERID"), "MMUSERID");
        assert_eq!(steady("pad:3f0e1d2c-1a2b-4c5d-8e9f-001122334455:seen"), "pad:*-1a2b-4c5d-8e9f-*:seen");
        assert_eq!(steady("a\u{1b}b"), "ab");
    }
}

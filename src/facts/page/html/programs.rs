//! What the programs of a page show of themselves.

use super::tag::Tag;

/// Bytes kept of all the programs of a page, and of one of them.
const LONGEST: usize = 64 * 1024;
const LONGEST_OF_ONE: usize = 20_000;

/// Keeps the address of a program, the attributes that say what it is, and the start of one written in the page.
pub(super) fn show(shown: &mut String, tag: &Tag, content: &str) {
    for name in ["src", "data-domain", "data-goatcounter", "data-website-id"] {
        if let Some(value) = tag.filled(name).filter(|value| shown.len() + value.len() < LONGEST) {
            shown.push_str(&format!("{name}={value}\n"));
        }
    }
    let room = LONGEST.saturating_sub(shown.len()).min(LONGEST_OF_ONE);
    shown.push_str(&content[..content.floor_char_boundary(room)]);
}

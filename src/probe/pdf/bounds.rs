//! What a PDF may cost: some of it is told from its bytes, the rest is counted while it is read.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use lopdf::{Document, Object, ObjectId, Stream};

use super::{MOST_INFLATED, MOST_OBJECTS, MOST_UNPACKED};

/// Numbers, names, strings... of all objects, each of which takes a hundred bytes of memory once read.
pub(in crate::probe) const MOST_PARTS: usize = 100_000;

/// What may separate parts, in a whole document; in one that is not packed, words too.
pub(in crate::probe) const MOST_GAPS: usize = 130_000;

/// The same in a page, where a step of one letter takes half a kibibyte once read.
pub(in crate::probe) const MOST_GAPS_OF_A_PAGE: usize = 40_000;

pub(in crate::probe) const MOST_FONTS: usize = 64;

/// Tables of the objects, one for each time that a document was changed.
pub(in crate::probe) const MOST_SECTIONS: usize = 8;

/// Streams whose length is told elsewhere: the library goes there by recursion, and there may be another.
pub(in crate::probe) const MOST_LENGTHS: usize = 1_000;

/// Nodes of the tree of pages above a page: the library climbs it by recursion.
pub(in crate::probe) const MOST_STOREYS: usize = 64;

/// What is left to be spent.
#[derive(Debug)]
struct Purse {
    objects: usize,
    parts: usize,
    unpacked: usize,
    /// Nobody waits for it any more.
    given_up: Arc<AtomicBool>,
}

thread_local! {
    /// Of the document that this thread reads: the library calls back without a word of whose object it has.
    static PURSE: Cell<Option<Purse>> = const { Cell::new(None) };
}

/// From now on what this thread reads is counted.
pub(super) fn begin(given_up: Arc<AtomicBool>) {
    PURSE.set(Some(Purse { objects: MOST_OBJECTS, parts: MOST_PARTS, unpacked: MOST_UNPACKED, given_up }));
}

/// Nothing when there was not as much left, or when nobody waits for it.
pub(super) fn spend(objects: usize, parts: usize, unpacked: usize) -> Option<()> {
    let left = PURSE.take()?;
    let left = Purse {
        objects: left.objects.checked_sub(objects)?,
        parts: left.parts.checked_sub(parts)?,
        unpacked: left.unpacked.checked_sub(unpacked)?,
        given_up: left.given_up,
    };
    let goes_on = !left.given_up.load(Ordering::Relaxed);
    PURSE.set(Some(left));
    goes_on.then_some(())
}

/// Called by the library for each object, packed ones among them, as soon as it has read it.
pub(super) fn count(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    let unpacked = match object {
        // It is unpacked next.
        Object::Stream(stream) if stream.dict.has_type(b"ObjStm") => inflated(stream, MOST_INFLATED).unwrap_or(MOST_INFLATED),
        _ => 0,
    };
    if spend(1, parts(object), unpacked).is_none() {
        // There is no other way to make it stop.
        resume_unwind(Box::new("a document that costs too much"));
    }
    // Of a packed object, which is never a stream, it keeps what it is given here; of another, what it has.
    Some((id, if matches!(object, Object::Stream(_)) { Object::Null } else { object.clone() }))
}

fn parts(object: &Object) -> usize {
    match object {
        Object::Array(array) => 1 + array.iter().map(parts).sum::<usize>(),
        Object::Dictionary(fields) => 1 + fields.iter().map(|(_, field)| 1 + parts(field)).sum::<usize>(),
        Object::Stream(stream) => 1 + stream.dict.iter().map(|(_, field)| 1 + parts(field)).sum::<usize>(),
        _ => 1,
    }
}

fn inflated(stream: &Stream, limit: usize) -> Option<usize> {
    stream.get_plain_content_with_limit(limit).ok().map(|content| content.len())
}

/// What the content of a page and what its fonts say of their letters come to; nothing when it is more than is read of a page.
pub(super) fn weight(document: &Document, page: ObjectId) -> Option<usize> {
    let mut above = document.get_dictionary(page).ok()?;
    for depth in 0.. {
        let Ok(Object::Reference(parent)) = above.get(b"Parent") else { break };
        above = document.get_dictionary(*parent).ok().filter(|_| depth < MOST_STOREYS)?;
    }
    let fonts = document.get_page_fonts(page).ok().filter(|fonts| fonts.len() <= MOST_FONTS)?;
    let content = document.get_page_content_with_limit(page, MOST_INFLATED).ok().filter(|content| gaps(content) <= MOST_GAPS_OF_A_PAGE)?;
    let mut weight = content.len();
    for font in fonts.values() {
        if let Ok(Object::Stream(letters)) = font.get_deref(b"ToUnicode", document) {
            weight += inflated(letters, MOST_INFLATED.checked_sub(weight)?)?;
        }
    }
    (weight <= MOST_INFLATED).then_some(weight)
}

fn gaps(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b'/' | b'(' | b'[' | b'<' | b'.' | b'-' | b'+')).count()
}

/// Whether it is worth while to take it apart. Nobody reads what is encrypted; and of what is told here the library makes something before
/// anything is counted: of all parts of an object, of all tables of objects, of a length that is told elsewhere.
pub(super) fn is_plausible(bytes: &[u8]) -> bool {
    let (mut sections, mut lengths) = (1, 0);
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
        let (name, value) = name(&bytes[at + 1..]);
        match name.as_slice() {
            b"Encrypt" => return false,
            // An outline has previous entries too, each of them an object.
            b"Prev" | b"XRefStm" if !is_reference(value) => sections += 1,
            b"Length" if is_reference(value) || !is_number(value) => lengths += 1,
            _ => {}
        }
    }
    gaps(bytes) <= MOST_GAPS && sections <= MOST_SECTIONS && lengths <= MOST_LENGTHS
}

/// The name at the beginning, as far as it matters, whatever it is written like; and what is behind it.
fn name(mut bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut name = Vec::new();
    while let Some((byte, rest)) = bytes.split_first().filter(|(byte, _)| byte.is_ascii_graphic() && name.len() < 8) {
        let hexadecimal = rest.get(..2).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match (byte, hexadecimal) {
            (b'/' | b'<' | b'>' | b'[' | b']' | b'(' | b')' | b'%', _) => break,
            (b'#', Some(meant)) => {
                name.push(meant);
                bytes = &rest[2..];
            }
            _ => {
                name.push(*byte);
                bytes = rest;
            }
        }
    }
    (name, bytes)
}

/// `12 0 R`
fn is_reference(value: &[u8]) -> bool {
    let mut words = value[..value.len().min(40)].split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let mut number = || words.next().is_some_and(|word| word.iter().all(u8::is_ascii_digit));
    number() && number() && words.next().is_some_and(|word| word.starts_with(b"R"))
}

fn is_number(value: &[u8]) -> bool {
    value.trim_ascii_start().first().is_some_and(u8::is_ascii_digit)
}

//! The words of a PDF, as far as it has any; a hostile one costs no more than another.

pub(super) mod bounds;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use lopdf::{Document, LoadOptions};

/// Pages that are read: terms of use are shorter.
pub(super) const MOST_PAGES: usize = 40;

/// Bytes of text that are kept.
pub(super) const MOST_TEXT: usize = 400_000;

/// Bytes of a page once inflated, with what its fonts say of their letters.
pub(super) const MOST_INFLATED: usize = 512 * 1024;

/// Bytes of all that is inflated.
pub(super) const MOST_UNPACKED: usize = 8 * 1024 * 1024;

/// Objects of a document that is read at all.
pub(super) const MOST_OBJECTS: usize = 10_000;

/// Bytes of a packed table, or of packed objects: as many as the objects need that are read.
pub(super) const MOST_PACKED: usize = 256 * 1024;

/// To read a document. What takes longer has not been read.
pub(super) const LONGEST_READING: Duration = Duration::from_secs(5);

/// The library follows lengths that are told elsewhere by recursion: room for as many as there may be.
const STACK: usize = 32 * 1024 * 1024;

/// Nothing for a scanned, encrypted or broken one, or for one that costs more than it may: nobody here has read it.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    text_within(LONGEST_READING, bytes)
}

pub(super) fn text_within(time: Duration, bytes: &[u8]) -> Option<String> {
    let (told, heard) = mpsc::channel();
    let (bytes, given_up) = (bytes.to_vec(), Arc::new(AtomicBool::new(false)));
    let over = Arc::clone(&given_up);
    // The library is careful, but what it parses is not: it fails apart, and by itself has no end.
    thread::Builder::new().stack_size(STACK).spawn(move || told.send(read(&bytes, over))).ok()?;
    // The thread that waits makes visits otherwise: another takes them over.
    let read = tokio::task::block_in_place(|| heard.recv_timeout(time));
    given_up.store(true, Ordering::Relaxed);
    let read = read.ok().flatten()?;
    let text: Vec<&str> = read.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    Some(text.join("\n")).filter(|text| text.chars().filter(|c| c.is_alphabetic()).count() >= 20)
}

fn read(bytes: &[u8], given_up: Arc<AtomicBool>) -> Option<String> {
    if !bounds::is_plausible(bytes) {
        return None;
    }
    bounds::begin(given_up);
    let document = load(bytes).filter(|document| !document.is_encrypted())?;
    let mut text = String::new();
    for (number, page) in document.get_pages().into_iter().take(MOST_PAGES) {
        // A page that cannot be read leaves the others.
        if let Some(weight) = bounds::weight(&document, page) {
            bounds::spend(0, 0, weight)?;
            text.push_str(&document.extract_text_with_limit(&[number], MOST_INFLATED).unwrap_or_default());
            text.push('\n');
        }
        if text.len() > MOST_TEXT {
            text.truncate(text.floor_char_boundary(MOST_TEXT));
            break;
        }
    }
    Some(text)
}

/// As its table of objects says; when that leads nowhere, as its objects say themselves.
fn load(bytes: &[u8]) -> Option<Document> {
    let load = |force_reconstruct| {
        let options = LoadOptions {
            max_decompressed_size: Some(MOST_PACKED),
            filter: Some(bounds::count),
            force_reconstruct,
            ..LoadOptions::default()
        };
        Document::load_mem_with_options(bytes, options).ok()
    };
    load(false).filter(|document| document.page_iter().next().is_some()).or_else(|| load(true))
}

/// A PDF of one page with these lines, for imaginary sites; without a line, it holds a drawing alone, as a scan does.
pub fn written(lines: &str) -> Vec<u8> {
    use lopdf::content::{Content, Operation};
    use lopdf::{Object, Stream, dictionary};
    let mut document = Document::with_version("1.5");
    let pages = document.new_object_id();
    let font = document
        .add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding" });
    let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let mut operations = vec![Operation::new("re", vec![0.into(), 0.into(), 10.into(), 10.into()]), Operation::new("f", vec![])];
    operations.extend([Operation::new("BT", vec![]), Operation::new("Tf", vec!["F1".into(), 11.into()])]);
    for line in lines.lines() {
        let bytes = encoding_rs::WINDOWS_1252.encode(line).0.into_owned();
        operations.push(Operation::new("Td", vec![0.into(), (-14).into()]));
        operations.push(Operation::new("Tj", vec![Object::String(bytes, lopdf::StringFormat::Literal)]));
    }
    operations.push(Operation::new("ET", vec![]));
    let content = Content { operations }.encode().unwrap_or_default();
    let content = document.add_object(Stream::new(dictionary! {}, content));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    });
    document.objects.insert(pages, dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }.into());
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    // Writing into memory does not fail.
    let _ = document.save_to(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_and_a_drawing_has_none() {
        let read = text(&written("Conditions générales d'utilisation\nEn utilisant ce service, vous acceptez tout cela.")).unwrap();
        assert!(read.starts_with("Conditions générales d'utilisation"), "{read}");
        assert!(read.contains("vous acceptez"), "{read}");
        assert_eq!(text(&written("")), None);
    }

    /// There is an end to it, whatever it costs.
    #[test]
    fn nobody_reads_on_once_it_is_given_up() {
        for (given_up, is_read) in [(false, true), (true, false)] {
            let reading = thread::spawn(move || read(&written("Conditions générales d'utilisation"), Arc::new(AtomicBool::new(given_up))));
            assert_eq!(reading.join().ok().flatten().is_some(), is_read, "given up: {given_up}");
        }
    }

    #[test]
    fn what_is_no_pdf_has_no_text() {
        assert_eq!(text(b""), None);
        assert_eq!(text(b"%PDF-1.7\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF"), None);
        assert_eq!(text(&[0xff; 5000]), None);
    }
}

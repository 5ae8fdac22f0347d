//! The words of a PDF, as far as it has any; a hostile one costs no more than another.

use std::panic::catch_unwind;

use lopdf::Document;

/// Pages that are read: terms of use are shorter.
pub(super) const MOST_PAGES: usize = 40;

/// Bytes of text that are kept.
pub(super) const MOST_TEXT: usize = 400_000;

/// Bytes of a page once inflated.
pub(super) const MOST_INFLATED: usize = 1024 * 1024;

/// Objects of a document that is read at all.
pub(super) const MOST_OBJECTS: usize = 20_000;

/// Nothing for a scanned, encrypted or broken one: nobody here has read it.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    // The library is careful, but what it parses is not.
    let read = catch_unwind(|| read(bytes)).ok().flatten()?;
    let text: Vec<&str> = read.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    Some(text.join("\n")).filter(|text| text.chars().filter(|c| c.is_alphabetic()).count() >= 20)
}

fn read(bytes: &[u8]) -> Option<String> {
    let document = Document::load_mem(bytes).ok().filter(|document| !document.is_encrypted() && document.objects.len() <= MOST_OBJECTS)?;
    let mut text = String::new();
    for page in document.get_pages().into_keys().take(MOST_PAGES) {
        // A page that cannot be read leaves the others.
        text.push_str(&document.extract_text_with_limit(&[page], MOST_INFLATED).unwrap_or_default());
        text.push('\n');
        if text.len() > MOST_TEXT {
            text.truncate(text.floor_char_boundary(MOST_TEXT));
            break;
        }
    }
    Some(text)
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

    #[test]
    fn what_is_no_pdf_has_no_text() {
        assert_eq!(text(b""), None);
        assert_eq!(text(b"%PDF-1.7\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF"), None);
        assert_eq!(text(&[0xff; 5000]), None);
    }
}

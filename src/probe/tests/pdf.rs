//! Made documents that would cost more than they may: each limit of reading a PDF, and what lies just within it.

use std::io::Write;
use std::sync::mpsc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use tokio::runtime::Builder;

use crate::probe::pdf::bounds::{MOST_FONTS, MOST_GAPS, MOST_GAPS_OF_A_PAGE, MOST_LENGTHS, MOST_PARTS, MOST_SECTIONS, MOST_STOREYS};
use crate::probe::pdf::{MOST_INFLATED, MOST_OBJECTS, MOST_PACKED, MOST_PAGES, MOST_TEXT, MOST_UNPACKED, text_within};

const WORDS: &str = "Conditions générales d'utilisation";

/// With as much time as a loaded machine may need: what is looked at here is not the clock.
fn text(bytes: &[u8]) -> Option<String> {
    text_within(Duration::from_mins(10), bytes)
}

/// Objects in the order of their numbers, from 1 on.
#[derive(Default)]
struct Made(Vec<Vec<u8>>);

impl Made {
    fn add(&mut self, object: impl Into<Vec<u8>>) -> usize {
        self.0.push(object.into());
        self.0.len()
    }

    /// With a catalog, which is the first object, a tree of pages, which is the second, and a font, the third.
    fn with_pages(pages: &[usize]) -> Self {
        let kids: Vec<String> = pages.iter().map(|page| format!("{page} 0 R")).collect();
        let mut made = Self::default();
        made.add("<< /Type /Catalog /Pages 2 0 R >>");
        made.add(format!("<< /Type /Pages /Count {} /Kids [{}] >>", pages.len(), kids.join(" ")));
        made.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
        made
    }

    fn page(&mut self, contents: usize) -> usize {
        self.page_with("<< /Font << /F1 3 0 R >> >>", contents)
    }

    fn page_with(&mut self, resources: &str, contents: usize) -> usize {
        self.add(format!("<< /Type /Page /Parent 2 0 R /Resources {resources} /Contents {contents} 0 R >>"))
    }

    fn bytes(&self) -> Vec<u8> {
        self.ending("")
    }

    /// The trailer may say more.
    fn ending(&self, trailer: &str) -> Vec<u8> {
        let mut bytes = b"%PDF-1.7\n".to_vec();
        let mut table = String::from("0000000000 65535 f \n");
        for (number, object) in (1..).zip(&self.0) {
            table.push_str(&format!("{:010} 00000 n \n", bytes.len()));
            bytes.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            bytes.extend_from_slice(object);
            bytes.extend_from_slice(b"\nendobj\n");
        }
        let size = self.0.len() + 1;
        let end = format!("xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{}\n%%EOF\n", bytes.len());
        bytes.extend_from_slice(end.as_bytes());
        bytes
    }
}

fn stream(fields: &str, content: &[u8]) -> Vec<u8> {
    [format!("<< {fields} /Length {} >>\nstream\n", content.len()).as_bytes(), content, b"\nendstream"].concat()
}

fn deflated(fields: &str, content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    stream(&format!("{fields} /Filter /FlateDecode"), &encoder.finish().unwrap())
}

fn showing(words: &str) -> Vec<u8> {
    let words = encoding_rs::WINDOWS_1252.encode(words).0;
    [&b"BT /F1 11 Tf ("[..], &words, b") Tj ET "].concat()
}

/// A document of one page that shows the words, then as much as is added.
fn one_page(added: &[u8]) -> Made {
    let mut made = Made::with_pages(&[5]);
    let contents = made.add(deflated("", &[&showing(WORDS), added].concat()));
    made.page(contents);
    made
}

#[test]
fn a_made_document_is_read() {
    assert_eq!(text(&one_page(b"").bytes()).unwrap(), WORDS);
}

#[test]
fn so_many_pages_are_read() {
    let first = 4;
    let pages: Vec<usize> = (0..=MOST_PAGES).map(|n| first + 2 * n + 1).collect();
    let mut made = Made::with_pages(&pages);
    for n in 1..=pages.len() {
        let contents = made.add(stream("", &showing(&format!("This is the page number {n}."))));
        made.page(contents);
    }
    let read = text(&made.bytes()).unwrap();
    assert!(read.ends_with(&format!("number {MOST_PAGES}.")), "{read}");
}

/// A page, then one whose content is this, then another one.
fn among_others(resources: &str, fonts: &[Vec<u8>], content: Vec<u8>) -> String {
    let first = 4 + fonts.len();
    let mut made = Made::with_pages(&[first + 1, first + 3, first + 4]);
    for font in fonts {
        made.add(font.clone());
    }
    let good = made.add(stream("", &showing(WORDS)));
    made.page(good);
    let contents = made.add(content);
    made.page_with(resources, contents);
    made.page(good);
    text(&made.bytes()).unwrap()
}

const FONT: &str = "<< /Font << /F1 3 0 R >> >>";

#[test]
fn a_page_that_is_too_large_once_inflated_is_left_and_the_others_are_read() {
    let beyond = |size: usize| deflated("", &[showing("The page between."), vec![b' '; size - 2000], vec![b'%'; 1900]].concat());
    let within = |size: usize| deflated("", &[showing("The page between."), vec![b'%'; size - 100]].concat());
    assert_eq!(among_others(FONT, &[], within(MOST_INFLATED)), format!("{WORDS}\nThe page between.\n{WORDS}"));
    for content in [within(MOST_INFLATED + 200), beyond(MOST_GAPS_OF_A_PAGE + 3000), beyond(50 << 20)] {
        assert_eq!(among_others(FONT, &[], content), format!("{WORDS}\n{WORDS}"));
    }
}

/// A font that says what its letters mean, at that length.
fn font(size: usize) -> [Vec<u8>; 2] {
    let head = "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange\n\
        1 beginbfrange <00> <ff> <0000> endbfrange ";
    let letters = format!("{head}{}endcmap", " ".repeat(size));
    ["<< /Type /Font /Subtype /Type1 /ToUnicode 5 0 R >>".into(), deflated("", letters.as_bytes())]
}

#[test]
fn what_fonts_say_of_their_letters_counts() {
    let content = || stream("", &showing("The page between."));
    let fonts = |count: usize| {
        let named: Vec<String> = (1..=count).map(|n| format!("/F{n} 4 0 R")).collect();
        format!("<< /Font << {} >> >>", named.join(" "))
    };
    let read = |count, size| among_others(&fonts(count), &font(size), content()).contains("The page between.");
    assert!(read(1, 1000) && read(MOST_FONTS, 1000));
    assert!(!read(MOST_FONTS + 1, 1000), "too many");
    assert!(!read(1, MOST_INFLATED) && !read(10, MOST_INFLATED / 10), "too large, alone or together");
}

#[test]
fn a_document_of_too_many_objects_is_not_read() {
    let with = |count: usize| {
        let mut made = one_page(b"");
        while made.0.len() < count {
            made.add("0");
        }
        text(&made.bytes())
    };
    assert!(with(MOST_OBJECTS).is_some());
    assert_eq!(with(MOST_OBJECTS + 1), None);
    // As few objects, in which there is as much; each of them counts as often as it is named.
    let mut heavy = one_page(b"");
    (0..10).for_each(|_| _ = heavy.add(format!("[{}]", "0 ".repeat(MOST_PARTS / 10))));
    assert_eq!(text(&heavy.bytes()), None);
    heavy.0.truncate(10);
    assert!(text(&heavy.bytes()).is_some());
    let mut one = one_page(b"");
    one.add(format!("[{}]", "0 ".repeat(MOST_GAPS)));
    assert_eq!(text(&one.bytes()), None);
}

/// Objects in a stream of objects, padded to that length.
fn packed(size: usize) -> Vec<u8> {
    deflated("/Type /ObjStm /N 1 /First 6", &[&b"900 0 0"[..], &vec![b' '; size - 7]].concat())
}

#[test]
fn packed_objects_are_no_bomb() {
    let with = |count: usize, size: usize| {
        let mut made = one_page(b"");
        (0..count).for_each(|_| _ = made.add(packed(size)));
        text(&made.bytes())
    };
    assert!(with(1, MOST_PACKED).is_some());
    assert_eq!(with(1, MOST_PACKED + 1), None);
    assert_eq!(with(1, 50 << 20), None);
    assert!(with(MOST_UNPACKED / MOST_PACKED - 1, MOST_PACKED).is_some());
    assert_eq!(with(MOST_UNPACKED / MOST_PACKED + 1, MOST_PACKED), None, "all together");
}

/// One content for all pages, which is read again for each.
#[test]
fn what_pages_share_is_counted_for_each() {
    let with = |size: usize| {
        let pages: Vec<usize> = (0..MOST_PAGES).map(|n| 5 + n).collect();
        let mut made = Made::with_pages(&pages);
        let contents = made.add(deflated("", &[showing(WORDS), vec![b'%'; size]].concat()));
        for _ in &pages {
            made.page(contents);
        }
        text(&made.bytes())
    };
    assert!(with(MOST_UNPACKED / MOST_PAGES - 200).is_some());
    assert_eq!(with(MOST_UNPACKED / MOST_PAGES + 200), None);
}

#[test]
fn text_is_kept_up_to_a_length() {
    let mut made = Made::with_pages(&[5, 6, 7]);
    let contents = made.add(deflated("", &showing(&"é".repeat(MOST_TEXT / 4 - 10))));
    (0..3).for_each(|_| _ = made.page(contents));
    let read = text(&made.bytes()).unwrap();
    assert!((MOST_TEXT - 10..=MOST_TEXT).contains(&read.len()), "{}", read.len());
}

#[test]
fn a_tree_of_pages_that_is_too_deep_is_not_climbed() {
    let with = |depth: usize| {
        let mut made = one_page(b"");
        let first = made.0.len() + 1;
        (0..depth).for_each(|n| _ = made.add(format!("<< /Type /Pages /Parent {} 0 R >>", first + n + 1)));
        made.add("<< /Type /Pages >>");
        made.0[4] = format!("<< /Type /Page /Parent {first} 0 R /Resources {FONT} /Contents 4 0 R >>").into();
        text(&made.bytes())
    };
    assert!(with(MOST_STOREYS - 2).is_some());
    assert_eq!(with(MOST_STOREYS + 1), None);
    assert_eq!(with(MOST_OBJECTS - 10), None);
}

#[test]
fn lengths_that_are_told_elsewhere_are_not_followed_for_ever() {
    let last = |_| "/Length 6".to_owned();
    assert!(text(&with_lengths(MOST_LENGTHS, &last)).is_some());
    assert_eq!(text(&with_lengths(MOST_LENGTHS + 1, &last)), None);
    assert_eq!(text(&with_lengths(MOST_OBJECTS / 2, &|before| format!("/#4cength {before}"))), None, "whatever it is written like");
    assert_eq!(text_within(Duration::from_millis(300), &endless()), None);
}

/// So many streams that say where their length is told.
fn with_lengths(count: usize, length: &dyn Fn(usize) -> String) -> Vec<u8> {
    let mut made = one_page(b"");
    let last = made.add("3");
    (0..count).for_each(|n| _ = made.add(format!("<< {} 0 R >>\nstream\nabc\nendstream", length(last + n))));
    made.bytes()
}

/// Each length leads to the one before it: as deep as it gets, and far from read when the time is over.
fn endless() -> Vec<u8> {
    with_lengths(MOST_LENGTHS, &|before| format!("/Length {before}"))
}

/// One thread makes all visits: they go on while a document is read.
#[test]
fn nobody_waits_for_a_reading() {
    let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let (telling, begun) = mpsc::channel();
    let reading = runtime.spawn(async move {
        telling.send(()).unwrap();
        text_within(Duration::from_secs(3), &endless())
    });
    begun.recv().unwrap();
    runtime.block_on(runtime.spawn(async {})).unwrap();
    assert!(!reading.is_finished());
    runtime.shutdown_background();
}

#[test]
fn a_document_changed_too_often_or_encrypted_is_not_read() {
    let with = |sections: usize| text(&one_page(&[]).ending(&"/Prev 9 ".repeat(sections)));
    assert!(with(0).is_some());
    assert_eq!(with(MOST_SECTIONS), None);
    let mut outlined = one_page(b"");
    (0..50).for_each(|_| _ = outlined.add("<< /Title (a) /Prev 4 0 R >>"));
    assert!(text(&outlined.bytes()).is_some(), "an outline is no table");
    assert_eq!(text(&one_page(b"").ending("/Encr#79pt 3 0 R")), None);
}

/// Each refers to itself, or to who refers to it.
#[test]
fn loops_end() {
    let changed = |number: usize, object: &str| {
        let mut made = one_page(b"");
        made.0[number - 1] = object.into();
        text(&made.bytes())
    };
    assert_eq!(changed(2, "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"), None);
    assert_eq!(changed(2, "2 0 R"), None);
    assert!(changed(2, "<< /Type /Pages /Kids [5 0 R 2 0 R 5 0 R] /Parent 2 0 R >>").is_none());
    assert_eq!(changed(4, "<< /Length 4 0 R >>\nstream\nabc\nendstream"), None);
    assert_eq!(changed(5, "<< /Type /Page /Parent 5 0 R /Contents 5 0 R >>"), None);
    assert_eq!(changed(5, &format!("<< /Type /Page /Parent 2 0 R /Resources {FONT} /Contents [4 0 R 6 0 R] >>")), Some(WORDS.to_owned()));
    let font = "<< /Type /Font /Encoding 6 0 R /ToUnicode 6 0 R >>";
    let mut made = one_page(b"");
    made.0[2] = font.into();
    made.add("6 0 R");
    assert!(text(&made.bytes()).is_some());
    let table = one_page(b"").bytes();
    let at = table.windows(5).rposition(|word| word == b"xref\n").unwrap() - 5;
    assert!(text(&one_page(b"").ending(&format!("/Prev {at} /XRefStm {at}"))).is_some_and(|read| read == WORDS));
}

/// What leads nowhere is looked for; a table that lies does not hide what is there.
#[test]
fn a_damaged_document_is_mended() {
    let bytes = one_page(b"").bytes();
    let end = bytes.windows(5).rposition(|word| word == b"xref\n").unwrap();
    assert_eq!(text(&bytes[..end]).unwrap(), WORDS);
    let lying: Vec<u8> = bytes[..end].iter().chain(&Made::default().bytes()[9..]).copied().collect();
    assert_eq!(text(&lying).unwrap(), WORDS);
}

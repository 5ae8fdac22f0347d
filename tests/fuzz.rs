//! Every parser of what strangers wrote reads its examples, and many things like them; `.ci/fuzz` tries far more.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without, it may fail on")]

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use chatons_audit::fuzzing::{PARSERS, Parser, parser};

/// Things like the examples, for each parser; whole sites cost more than lines.
const LIKE_THEM: usize = 150;
const SITES_LIKE_THEM: usize = 12;
const SITES: [&str; 12] = [
    "certificate",
    "changes",
    "devtools",
    "mail",
    "pdf",
    "proposal",
    "record",
    "security-txt",
    "shown",
    "site",
    "site-documents",
    "software",
];

/// Bytes that mean something to one parser or another.
#[rustfmt::skip] // a word list
const WORDS: [&[u8]; 36] = [
    b"<", b">", b"\"", b"'", b"&", b"(", b")", b"[", b"]", b"{", b"}", b"\\", b"/", b"*", b"|", b";", b":", b"=", b"\n", b"\r\n", b" ", b"\t", b"\0",
    b"-1", b"99999999999999999999", b"\x1b[31m", b"\x9b", "\u{202e}".as_bytes(), "\u{200b}".as_bytes(), "\u{301}".as_bytes(), "\u{130}".as_bytes(),
    "\u{fb01}".as_bytes(), b"\xff\xfe", b"\xc3", b"<script>", b"\n---\n",
];

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus")
}

fn examples(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = corpus().join(name);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| (file.strip_prefix(corpus()).unwrap().display().to_string(), fs::read(file).unwrap())).collect()
}

/// Numbers without order, the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % most.max(1)
    }

    /// Something like it: parts cut out, doubled, moved from another example, bytes changed, words thrown in.
    fn like(&mut self, bytes: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let (a, b) = (self.below(bytes.len() + 1), self.below(bytes.len() + 1));
            let (start, end) = (a.min(b), a.max(b));
            match self.below(6) {
                0 => drop(bytes.drain(start..end.min(start + 40))),
                1 => {
                    let part = bytes[start..end.min(start + 200)].repeat(1 + self.below(8));
                    bytes.splice(start..start, part);
                }
                2 => {
                    let (from, count) = (self.below(other.len()), self.below(100));
                    let part: Vec<u8> = other.iter().skip(from).take(count).copied().collect();
                    bytes.splice(start..start, part);
                }
                3 if start < bytes.len() => bytes[start] = self.below(256).to_le_bytes()[0],
                4 => bytes.truncate(end),
                _ => drop(bytes.splice(start..start, WORDS[self.below(WORDS.len())].iter().copied())),
            }
        }
        bytes
    }
}

#[track_caller]
fn reads(parser: Parser, name: &str, bytes: &[u8]) {
    assert!(catch_unwind(|| parser(bytes)).is_ok(), "{name}: to be kept in fuzz/corpus once mended: {}", bytes.escape_ascii());
}

fn examples_and_things_like_them(name: &str) {
    let parser = parser(name).unwrap();
    let examples = examples(name);
    for (file, bytes) in &examples {
        reads(parser, file, bytes);
    }
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for n in 0..if SITES.contains(&name) { SITES_LIKE_THEM } else { LIKE_THEM } {
        let (file, bytes) = &examples[n % examples.len()];
        let other = &examples[dice.below(examples.len())].1;
        reads(parser, &format!("{name}, the {n}th thing like {file}"), &dice.like(bytes, other));
    }
}

macro_rules! parsers {
    ($($test:ident $name:literal),+ $(,)?) => {
        const NAMES: &[&str] = &[$($name),+];
        $(#[test] fn $test() { examples_and_things_like_them($name); })+
    };
}

parsers! {
    answers "answers",
    article_html "article-html",
    article_markdown "article-markdown",
    body "body",
    certificate "certificate",
    changes "changes",
    charter "charter",
    cookie "cookie",
    date "date",
    devtools "devtools",
    greeting "greeting",
    hops "hops",
    hoster "hoster",
    mail "mail",
    page "page",
    page_markdown "page-markdown",
    pdf "pdf",
    policy "policy",
    proposal "proposal",
    proxy "proxy",
    record "record",
    records "records",
    reply "reply",
    retry_after "retry-after",
    rules "rules",
    security_txt "security-txt",
    sheet "sheet",
    shown "shown",
    site "site",
    site_documents "site-documents",
    software "software",
    srcset "srcset",
    style "style",
    text "text",
    wiki "wiki",
}

#[test]
fn every_parser_is_tried_and_has_examples() {
    let known: BTreeSet<&str> = PARSERS.iter().map(|(name, _)| *name).collect();
    assert_eq!(NAMES.iter().copied().collect::<BTreeSet<_>>(), known);
    let folders: BTreeSet<String> =
        fs::read_dir(corpus()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(folders, known.iter().map(|name| (*name).to_owned()).collect());
}

/// What makes text or data of bytes.
const READERS: [&str; 12] = [
    "String::from_utf8",
    "str::from_utf8",
    "serde_json::from_s",
    "serde_json::from_r",
    "Certificate::from_der",
    "Tokenizer::new",
    "Document::load_mem",
    "Message::from_vec",
    "Name::from_utf8",
    "use encoding_rs::",
    "use pulldown_cmark::",
    "toml::from_s",
];

/// Where that is done, and the parser that tries it.
const READ: [(&str, &str); 29] = [
    ("check/finder/ground.rs", "site-documents"),
    ("check/finder/hint.rs", "site-documents"),
    ("check/identify/nodeinfo.rs", "software"),
    ("check/identify/place.rs", "software"),
    ("criteria/published.rs", "charter"),
    ("facts/page/article/html.rs", "article-html"),
    ("facts/page/article/markdown.rs", "article-markdown"),
    ("facts/page/html.rs", "page"),
    ("facts/page/html/tag.rs", "page"),
    ("facts/page/markdown.rs", "page-markdown"),
    ("hoster/sheet/decode.rs", "sheet"),
    ("probe/body.rs", "body"),
    ("probe/browser/devtools.rs", "devtools"),
    ("probe/chain.rs", "certificate"),
    ("probe/pdf.rs", "pdf"),
    ("probe/pdf/bounds.rs", "pdf"),
    ("probe/records.rs", "records"),
    ("probe/smtp.rs", "certificate"),
    ("probe/smtp/reply.rs", "reply"),
    ("probe/tls.rs", "certificate"),
    // Only text is made of these, and what reads that text is tried.
    ("file/read.rs", ""),
    ("history/git.rs", ""),
    ("history/commit.rs", ""),
    ("probe/http.rs", ""),
    ("cli/review/note.rs", ""),
    ("cli/review.rs", ""),
    // Names that were an address before.
    ("probe/dns.rs", ""),
    // What the program itself has written.
    ("audit/cellar.rs", ""),
    ("report/csv.rs", ""),
];

/// Of these nothing is read, or it is a test's own.
const NOT_READ: [&str; 5] = ["cli/completions.rs", "demo", "fuzzing", "report/sheet.rs", "trial"];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { sources(&path, into) } else { into.push(path) }
    }
}

/// Whoever reads bytes in a new place says here which parser tries it.
#[test]
fn every_place_that_reads_bytes_is_tried() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut found = BTreeSet::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "rs")) {
        let name = file.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        let text = fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let only_tests = name.contains("/tests") || name.contains("sample") || name.ends_with("fixtures.rs");
        let aside = NOT_READ.iter().any(|aside| name.starts_with(aside)) || name == "probe/fuzzing.rs";
        if !only_tests && !aside && READERS.iter().any(|reader| code.contains(reader)) {
            found.insert(name);
        }
    }
    assert_eq!(found, READ.iter().map(|(file, _)| (*file).to_owned()).collect());
    for (file, name) in READ.iter().filter(|(_, name)| !name.is_empty()) {
        assert!(parser(name).is_some(), "{file}: no parser is called {name}");
    }
}

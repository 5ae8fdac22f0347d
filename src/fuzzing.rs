//! Feeds made-up bytes to every parser of ours that reads what strangers wrote: for `fuzz/`, and for the tests. Nothing may panic.

mod files;
mod pages;
mod shown;
mod sites;

/// Reads the bytes, and panics when what comes out is not as it must be.
pub type Parser = fn(&[u8]);

/// Each has its examples in `fuzz/corpus/`, under its name.
pub const PARSERS: [(&str, Parser); 35] = [
    ("answers", files::answers),
    ("article-html", pages::article_html),
    ("article-markdown", pages::article_markdown),
    ("body", crate::probe::fuzzing::body),
    ("certificate", certificate),
    ("changes", shown::changes),
    ("charter", files::charter),
    ("cookie", pages::cookie),
    ("date", pages::date),
    ("devtools", devtools),
    ("greeting", crate::probe::fuzzing::greeting),
    ("hops", sites::hops),
    ("hoster", files::hoster),
    ("mail", sites::mail),
    ("page", pages::page),
    ("page-markdown", pages::page_markdown),
    ("pdf", crate::probe::fuzzing::pdf),
    ("policy", pages::policy),
    ("proposal", sites::proposal),
    ("proxy", crate::probe::fuzzing::proxy),
    ("record", files::record),
    ("records", crate::probe::fuzzing::records),
    ("reply", crate::probe::fuzzing::reply),
    ("retry-after", crate::probe::fuzzing::retry_after),
    ("rules", files::rules),
    ("security-txt", sites::security_txt),
    ("sheet", files::sheet),
    ("shown", shown::shown),
    ("site", sites::site),
    ("site-documents", sites::site_documents),
    ("software", sites::software),
    ("srcset", pages::srcset),
    ("style", pages::style),
    ("text", pages::text),
    ("wiki", pages::wiki),
];

/// The parser of that name.
pub fn parser(name: &str) -> Option<Parser> {
    PARSERS.iter().find(|(known, _)| *known == name).map(|(_, parser)| *parser)
}

/// What the wire brings, and the check that reads it.
fn certificate(bytes: &[u8]) {
    crate::probe::fuzzing::certificate(bytes).into_iter().for_each(sites::certificate);
}

/// What a browser says of a page, and the checks that read it.
fn devtools(bytes: &[u8]) {
    sites::visit(crate::probe::fuzzing::devtools(bytes));
}

/// What would be obeyed, turned or hidden, and not be read, by a terminal or a page.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn assert_harmless(text: &str) {
    assert!(!text.contains(|c| is_harmful(c) && c != '\n'), "not clean: {text:?}");
}

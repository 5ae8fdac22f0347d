//! The gap report as one page of HTML: no script, no request to anyone, made to be read, printed and listened to.

mod bars;
mod everything;
mod gaps;
mod people;
mod since;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html as markup};
use sha2::{Digest, Sha256};

use super::places::{Piece, is_told, more, pieces, web_address};
use super::table::bind;
use super::words::pick;
use super::{Report, clean, words};
use crate::audit::{Entry, Standing};
use crate::check::Finding;
use crate::hoster::Subject;
use crate::text::{Lang, count, say};

const STYLE: &str = include_str!("html/style.css");

/// The whole page.
pub fn html(report: &Report<'_>, lang: Lang) -> String {
    let (name, date) = (clean(&report.record.name), report.record.date);
    let title = say!(fr: "{name} et la charte CHATONS, {date}", en: "{name} and the CHATONS charter, {date}");
    let parts = [
        Part::always("summary", pick(lang, "En bref", "At a glance").to_owned(), bars::summary(report, lang)),
        since::since(report, lang),
        people::texts(report, lang),
        gaps::actions(report, lang),
        gaps::gaps(report, lang),
        people::questions(report, lang),
        people::contested(report, lang),
        people::replies(report, lang),
        people::unseen(report, lang),
        people::at_customers(report, lang),
        people::waived(report, lang),
        people::remarks(report, lang),
        everything::everything(report, lang),
    ];
    let parts: Vec<Part> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let page = markup! {
        (DOCTYPE)
        html lang=(pick(lang, "fr", "en")) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title.in_lang(lang)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { (pick(lang, "Aller au contenu", "Skip to the content")) }
                (header(report, lang))
                nav aria-label=(pick(lang, "Sommaire", "Contents")) {
                    ul { @for part in &parts { li { a href={ "#" (part.id) } { (bind(&part.title)) } } } }
                }
                main #main tabindex="-1" {
                    @for part in &parts {
                        section id=(part.id) aria-labelledby={ (part.id) "-title" } {
                            h2 id={ (part.id) "-title" } { (bind(&part.title)) }
                            (part.content)
                        }
                    }
                }
                (footer(report, lang))
            }
        }
    };
    format!("{}\n", page.into_string())
}

/// A section of the page; left out when it has nothing to say.
struct Part {
    id: &'static str,
    title: String,
    content: Markup,
}

impl Part {
    fn always(id: &'static str, title: String, content: Markup) -> Self {
        Self { id, title, content }
    }

    fn none(id: &'static str) -> Self {
        Self { id, title: String::new(), content: PreEscaped(String::new()) }
    }

    fn is_empty(&self) -> bool {
        self.title.is_empty()
    }
}

/// Nothing but this very style, told by its digest.
fn policy() -> String {
    let digest = STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'")
}

fn header(report: &Report<'_>, lang: Lang) -> Markup {
    let record = report.record;
    let edition = report.charter.edition(&record.edition).map_or(record.edition.as_str(), |edition| edition.title.in_lang(lang));
    let date = record.date;
    let home = report.hoster.home().url.as_ref();
    markup! {
        header {
            p.eyebrow {
                (plain(edition)) " · " (pick(lang, "relevé du", "record of")) " " time datetime=(date) { (date) }
            }
            h1 { (plain(&record.name)) }
            p.lede {
                @if let Some(home) = home { (place(home.as_str())) }
                @if let Some(declared) = report.hoster.declared() {
                    " — " (plain(declared.in_lang(lang)))
                }
            }
        }
    }
}

fn footer(report: &Report<'_>, lang: Lang) -> Markup {
    let (tool, rules) = (&report.record.tool, &report.record.rules);
    let made = say!(fr: "chatons-audit {tool}, règles {rules}.", en: "chatons-audit {tool}, rules {rules}.");
    markup! {
        footer {
            p {
                (plain(made.in_lang(lang))) " "
                (bind(pick(lang, "Les textes de la charte sont paraphrasés ; la charte fait foi : ", "The charter is paraphrased; its own text prevails: ")))
                (place("https://www.chatons.org/charte")) "."
            }
        }
    }
}

/// Harmless text, whose French signs stay with their word.
fn plain(text: &str) -> String {
    bind(&clean(text))
}

/// A link when it leads to the web, else its text.
fn place(at: &str) -> Markup {
    let Some(url) = web_address(at) else { return markup! { code { (clean(at)) } } };
    let shown = url.as_str().trim_start_matches("https://").trim_end_matches('/');
    markup! { a href=(url) rel="noreferrer" { (shown) } }
}

/// The sign and the word of a standing, in its colour.
fn told(standing: Standing, lang: Lang) -> Markup {
    markup! { span class={ "told " (class(standing)) } { span.sign aria-hidden="true" { (sign(standing)) } " " (standing.name().in_lang(lang)) } }
}

/// Drawn as text, never as a coloured picture.
fn sign(standing: Standing) -> String {
    format!("{}\u{fe0e}", words::sign(standing))
}

fn class(standing: Standing) -> &'static str {
    match standing {
        Standing::Unmet => "unmet",
        Standing::Contested => "contested",
        Standing::Pending => "pending",
        Standing::Unseen => "unseen",
        Standing::Waived => "waived",
        Standing::Met => "met",
        Standing::NotApplicable => "not-applicable",
    }
}

/// What a finding says, where it was seen and what stands there; a place that the sentence names is not told twice.
fn seen(finding: &Finding, lang: Lang) -> Markup {
    let told = pieces(finding.because.in_lang(lang));
    markup! {
        (sentence(&told))
        " " code { (words::case(finding)) }
        @for evidence in more(finding, lang) {
            @if !is_told(&told, evidence) { div.where { (pick(lang, "vu à", "seen at")) " " (place(&evidence.at)) } }
            @if let Some(excerpt) = evidence.excerpt.as_deref().map(clean).filter(|excerpt| !excerpt.is_empty()) {
                blockquote { (excerpt) }
            }
        }
    }
}

/// A sentence whose addresses are links.
fn sentence(pieces: &[Piece]) -> Markup {
    markup! { @for piece in pieces { @match piece { Piece::Words(words) => { (bind(words)) }, Piece::Web(url) => { (place(url.as_str())) } } } }
}

/// What a person said, with the note and the links.
fn answered(entry: &Entry, lang: Lang) -> Option<Markup> {
    let (said, answer) = (words::answered(entry)?, entry.answer.as_ref()?);
    Some(markup! {
        (plain(said.in_lang(lang)))
        @if let Some(note) = answer.note.as_deref().map(clean).filter(|note| !note.is_empty()) { blockquote { (note) } }
        @for url in &answer.evidence { div.where { (place(url.as_str())) } }
    })
}

/// Names of services after a criterion.
fn subjects(names: &[String]) -> Markup {
    markup! { @if !names.is_empty() { " " span.aside { "(" (names.join(", ")) ")" } } }
}

fn subject(report: &Report<'_>, subject: &Subject) -> String {
    plain(&report.subject_name(subject))
}

fn questions_title(n: usize, lang: Lang) -> String {
    match lang {
        Lang::Fr => format!("{} pour une personne", count(lang, n, "question", "questions")),
        Lang::En => format!("{} for a person", count(lang, n, "question", "questions")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{golden, sample};
    use super::*;

    #[test]
    fn the_page_is_golden() {
        let sample = sample();
        for (lang, file) in [(Lang::Fr, "report.fr.html"), (Lang::En, "report.en.html")] {
            golden(file, &html(&sample.report(), lang));
        }
    }

    #[test]
    fn the_policy_names_the_style_as_it_stands_in_the_page() {
        let page = html(&sample().report(), Lang::Fr);
        let style = page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        let digest = STANDARD.encode(Sha256::digest(style));
        assert!(page.contains(&format!("style-src &#39;sha256-{digest}&#39;;")) || page.contains(&format!("style-src 'sha256-{digest}';")));
    }

    #[test]
    fn hostile_text_stays_text() {
        let page = html(&sample().report(), Lang::En);
        assert!(page.contains("&lt;script&gt;alert(1)"), "the hostile text is shown");
        for forbidden in
            ["<script", "href=\"javascript:", " style=", " onclick", "<b>Cie", "<i>", "<img", "\u{1b}", "\u{202e}", "<link", "url("]
        {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        assert!(page.matches("<a href=\"http").count() <= page.matches("rel=\"noreferrer\"").count());
    }
}

//! Pages, style sheets, header fields and what is written in them.

use std::collections::BTreeSet;

use pulldown_cmark::{Event, Options, Parser, Tag};
use url::Url;

use super::assert_harmless;
use crate::check::latest_day;
use crate::criteria::FoldedText;
use crate::day::Day;
use crate::facts::{Body, Exchange, Fetch, Headers, Link, Page, steady};
use crate::text::{clean, sentences};

const TODAY: Day = Day::new(2026, 11, 22);

/// More of each list than any page has, and of a text more than its characters can become.
const MOST_LISTED: usize = 20_000;

fn here() -> Url {
    "https://www.a.example/dir/page.html".parse().expect("a fixed address")
}

fn served(fields: &[(&str, &str)], body: &str) -> Exchange {
    let mut headers = Headers::new();
    for (name, value) in fields {
        headers.entry((*name).to_owned()).or_default().push((*value).to_owned());
    }
    Exchange::new(here(), 200, headers, None, Body::Text(body.to_owned()))
}

fn read(kind: &str, bytes: &[u8]) -> Exchange {
    served(&[("content-type", kind)], &String::from_utf8_lossy(bytes))
}

/// What comes out of a page is in proportion to what went in.
fn assert_bounded(page: &Page, length: usize) {
    let most = length.min(MOST_LISTED);
    for (list, count) in [("links", page.links.len()), ("headings", page.headings.len()), ("controls", page.controls.len())] {
        assert!(count <= most, "{count} {list} of {length} bytes");
    }
    assert!(page.calls.len() <= MOST_LISTED && page.forms.len() <= most, "{} calls of {length} bytes", page.calls.len());
    assert!(page.text.len() <= 4 * length + 64, "a text of {} bytes of {length}", page.text.len());
    let named: usize = page.links.iter().map(|link| link.text.len()).sum();
    assert!(named <= 16 * length + 64, "link texts of {named} bytes of {length}");
}

pub(super) fn page(bytes: &[u8]) {
    let exchange = read("text/html; charset=utf-8", bytes);
    assert_bounded(exchange.page(), exchange.text().len());
    let page = exchange.page();
    let _ = (page.needs_javascript(), exchange.refresh(), exchange.policies(), page.links.iter().filter_map(Link::page).count());
}

pub(super) fn page_markdown(bytes: &[u8]) {
    let exchange = read("text/markdown", bytes);
    assert_bounded(exchange.page(), exchange.text().len());
}

pub(super) fn wiki(bytes: &[u8]) {
    let exchange = read("text/x-wiki", bytes);
    assert_bounded(exchange.page(), exchange.text().len());
}

pub(super) fn article_html(bytes: &[u8]) {
    assert_inert(&read("text/html", bytes));
}

pub(super) fn article_markdown(bytes: &[u8]) {
    assert_inert(&read("text/markdown", bytes));
}

/// A text that is kept holds no tag, no picture, no program, and nothing that a terminal obeys.
fn assert_inert(exchange: &Exchange) {
    let (article, length) = (exchange.article(), exchange.text().len());
    let kept = article.markdown();
    assert_harmless(&kept);
    assert!(kept.len() <= 32 * length + 1024, "{} bytes kept of {length}", kept.len());
    for event in Parser::new_ext(&kept, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => panic!("a tag in what is kept: {html:?}\n{kept}"),
            Event::Start(Tag::Image { dest_url, .. }) => panic!("a picture in what is kept: {dest_url:?}\n{kept}"),
            Event::Start(Tag::Link { dest_url, .. }) => {
                assert!(["http:", "https:", "mailto:"].iter().any(|scheme| dest_url.starts_with(scheme)), "a link to {dest_url:?}\n{kept}");
            }
            _ => {}
        }
    }
    let (words, passages) = (article.words().len(), article.passages());
    let read: usize = passages.iter().map(|passage| passage.text.len() + passage.heading.as_deref().map_or(0, str::len)).sum();
    assert!(words <= 4 * length + 64 && read <= 4 * length + 64, "{words} and {read} bytes of {length}");
}

pub(super) fn style(bytes: &[u8]) {
    let exchange = read("text/css", bytes);
    let calls = Page::read_style(&exchange, &here(), &[], &BTreeSet::from([".hero".to_owned(), "body".to_owned()]));
    assert!(calls.len() <= exchange.text().len(), "{} calls of {} bytes", calls.len(), exchange.text().len());
}

pub(super) fn srcset(bytes: &[u8]) {
    let list = String::from_utf8_lossy(bytes).replace('&', "&amp;").replace('"', "&quot;");
    let exchange = read("text/html", format!("<img alt=x srcset=\"{list}\"><link rel=preload as=image imagesrcset=\"{list}\">").as_bytes());
    assert!(exchange.page().resources.len() <= 2 * list.len() + 2);
}

/// Lines are fields; the cookies that they leave have names that stand in them.
pub(super) fn cookie(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let fields: Vec<(&str, &str)> = text.lines().map(|line| ("set-cookie", line)).collect();
    let cookies = served(&fields, "").cookies(TODAY);
    assert!(cookies.len() <= fields.len());
    for cookie in cookies {
        assert!(text.contains(&cookie.name) && cookie.name.len() <= 4096, "{:?} is not in {text:?}", cookie.name);
        assert!(!steady(&cookie.name).contains(char::is_control), "{:?}", cookie.name);
    }
}

/// The first line is a policy, those that follow are addresses.
pub(super) fn policy(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let fields = [("content-security-policy", first), ("content-security-policy-report-only", rest)];
    let served = served(&fields, "");
    let policies = served.policies();
    for url in rest.lines().filter_map(|line| Url::parse(line).ok()).take(10).chain([here()]) {
        for fetch in [Fetch::Script, Fetch::Style, Fetch::Image, Fetch::Connect, Fetch::Frame, Fetch::Font] {
            let _ = (policies.allows(fetch, &url), policies.allows_marked(fetch, &url, "nonce", "sha256-AA"));
        }
    }
    let _ = (policies.has("script-src"), policies.sources("script-src").count(), policies.upgrades_insecure_requests());
    let _ = (policies.lets_inline_scripts_run(), policies.lets_eval(), policies.takes_scripts_from_anywhere(), policies.is_empty());
}

pub(super) fn date(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some((day, line)) = latest_day(&text, TODAY) {
        assert!(day <= TODAY && text.contains(line), "{day} {line:?}");
    }
}

/// Folding, cleaning and parting into sentences lose their place nowhere.
pub(super) fn text(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let clean_text = clean(&text);
    assert!(!clean_text.contains(super::is_harmful), "{clean_text:?}");
    let accents = clean_text.split(|c| !('\u{300}'..='\u{36f}').contains(&c)).map(|run| run.chars().count()).max();
    assert!(accents <= Some(8), "{accents:?} accents on one letter: {clean_text:?}");
    let folded = FoldedText::new(&text);
    let cuts: Vec<usize> = folded.text.char_indices().map(|(at, _)| at).chain([folded.text.len()]).collect();
    for pair in cuts.windows(2).take(200) {
        assert!(text.get(folded.in_original(&(pair[0]..pair[1]), &text)).is_some(), "{pair:?} of {:?}", folded.text);
    }
    let mut end = 0;
    for range in sentences(&text) {
        assert!(range.start >= end && text.get(range.clone()).is_some_and(|part| !part.is_empty()), "{range:?} of {text:?}");
        end = range.end;
    }
}

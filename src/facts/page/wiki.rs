//! Reads the raw text of a wiki: the headings and links of `DokuWiki` and `MediaWiki`.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::html::{Addresses, MOST};
use super::{Link, Page};

/// `== Title ==`, with as many signs as one likes.
static HEADING: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^={1,6}\s*([^=].*?)\s*={1,6}\s*$").expect("a fixed expression"));

/// `[[page|text]]`, or `[https://… text]`.
static LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[\[([^\]|]+)(?:\|([^\]]*))?\]\]|\[(https?://\S+)(?: ([^\]]*))?\]").expect("a fixed expression"));

/// Whether a text is served as the source of a wiki's page.
pub(super) fn is_raw(media_type: &str, url: &Url) -> bool {
    let asked = |name: &str, value: &str| url.query_pairs().any(|(key, said)| key == name && said.starts_with(value));
    media_type == "text/x-wiki" || media_type.starts_with("text/") && (asked("do", "export_raw") || asked("action", "raw"))
}

pub(super) fn read(url: &Url, text: &str) -> Page {
    let addresses = Addresses::new(url);
    let mut page = Page::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let heading = HEADING.captures(line).map(|found| found[1].to_owned());
        let shown = heading.clone().unwrap_or_else(|| line.to_owned());
        if let Some(heading) = heading.filter(|_| page.headings.len() < MOST) {
            page.title.get_or_insert_with(|| heading.clone());
            page.headings.push(heading);
        }
        for found in LINK.captures_iter(line) {
            let (Some(target), words) = (found.get(1).or(found.get(3)), found.get(2).or(found.get(4))) else { continue };
            let text = words.unwrap_or(target).as_str().to_owned();
            if let Some(url) = addresses.link(target.as_str()).filter(|_| page.links.len() < MOST) {
                page.links.push(Link { url, text, ..Link::default() });
            }
        }
        if !page.text.is_empty() {
            page.text.push('\n');
        }
        page.text.push_str(&shown);
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_links_are_read() {
        let url: Url = "https://a.example/doku.php?id=cgu&do=export_raw".parse().unwrap();
        assert!(is_raw("text/plain", &url) && !is_raw("text/plain", &"https://a.example/x".parse().unwrap()));
        let page = read(&url, "====== CGU ======\n\nVoir [[contact|nous écrire]] et [https://b.example/ ceci].\n== Fin ==\n");
        assert_eq!(page.title.as_deref(), Some("CGU"));
        assert_eq!(page.headings, ["CGU", "Fin"]);
        assert_eq!(page.text, "CGU\nVoir [[contact|nous écrire]] et [https://b.example/ ceci].\nFin");
        let links: Vec<_> = page.links.iter().map(|link| (link.url.as_str(), link.text.as_str())).collect();
        assert_eq!(links, [("https://a.example/contact", "nous écrire"), ("https://b.example/", "ceci")]);
    }
}

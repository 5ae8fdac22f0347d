//! Addresses of a page, made absolute.

use url::Url;

/// Longer addresses are dropped: with a long base, a short page could fill the memory.
const LONGEST: usize = 4096;

/// What the addresses of a page are relative to.
#[derive(Debug)]
pub(in crate::facts::page) struct Addresses {
    base: Url,
    rebased: bool,
}

impl Addresses {
    pub(in crate::facts::page) fn new(page: &Url) -> Self {
        let mut base = page.clone();
        if base.as_str().len() > LONGEST {
            base.set_query(None);
            base.set_path("/");
        }
        Self { base, rebased: false }
    }

    /// What they are relative to.
    pub(super) fn base(&self) -> &Url {
        &self.base
    }

    /// The `href` of a `base` element; only the first counts (HTML, 4.2.3).
    pub(super) fn rebase(&mut self, href: &str) {
        if let (false, Some(base)) = (self.rebased, self.resource(href)) {
            self.base = base;
            self.rebased = true;
        }
    }

    /// The target of a link: a page, a mail address... anything but a program or data.
    pub(in crate::facts::page) fn link(&self, href: &str) -> Option<String> {
        let url = self.absolute(href)?;
        (!matches!(url.scheme(), "javascript" | "data" | "vbscript")).then(|| url.into())
    }

    /// Something that a browser asks a server for. The fragment is not sent, so it is not kept.
    pub(in crate::facts::page) fn resource(&self, href: &str) -> Option<Url> {
        let mut url = self.absolute(href).filter(|url| matches!(url.scheme(), "http" | "https"))?;
        url.set_fragment(None);
        Some(url)
    }

    fn absolute(&self, href: &str) -> Option<Url> {
        let href = href.trim();
        if href.len() > LONGEST {
            return None;
        }
        self.base.join(href).ok().filter(|url| url.as_str().len() <= LONGEST)
    }
}

/// The addresses of a `srcset` (HTML, 4.8.4.2): candidates parted by commas, which `data:` addresses also hold.
pub(super) fn of_srcset(srcset: &str) -> Vec<&str> {
    let blank = |c: char| c.is_ascii_whitespace();
    let mut found = Vec::new();
    let mut rest = srcset;
    loop {
        rest = rest.trim_start_matches(|c| blank(c) || c == ',');
        let end = rest.find(blank).unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        if address.is_empty() {
            return found;
        }
        let bare = address.trim_end_matches(',');
        found.push(bare);
        // A comma at the end of the address is the end of the candidate: no descriptor follows.
        rest = if bare.len() < address.len() { after } else { after.find(',').map_or("", |comma| &after[comma..]) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(page: &str) -> Addresses {
        Addresses::new(&page.parse().unwrap())
    }

    #[test]
    fn addresses_are_absolute() {
        let here = addresses("https://a.example/dir/page?x=1");
        assert_eq!(here.link("cgu#top").unwrap(), "https://a.example/dir/cgu#top");
        assert_eq!(here.link("mailto:a@b.example").unwrap(), "mailto:a@b.example");
        assert_eq!(here.link(" javascript:void(0)"), None);
        assert_eq!(here.resource("//b.example/x.js#y").unwrap().as_str(), "https://b.example/x.js");
        assert_eq!(here.resource("data:image/png;base64,AAAA"), None);
    }

    #[test]
    fn the_first_base_wins() {
        let mut here = addresses("https://a.example/");
        here.rebase("/wiki/");
        here.rebase("https://b.example/");
        assert_eq!(here.link("x").unwrap(), "https://a.example/wiki/x");
    }

    #[test]
    fn a_huge_base_does_not_make_each_link_huge() {
        let here = addresses(&format!("https://a.example/{}/page", "x".repeat(60_000)));
        assert_eq!(here.link("cgu").unwrap(), "https://a.example/cgu");
        assert_eq!(here.link(&"y".repeat(5_000)), None);
    }

    #[test]
    fn srcset_is_parted_by_commas_outside_of_addresses() {
        assert_eq!(of_srcset("a.png 1x, b.png 2x"), ["a.png", "b.png"]);
        assert_eq!(of_srcset("a.png, b.png ,c,d.png 100w"), ["a.png", "b.png", "c,d.png"]);
        assert_eq!(of_srcset("data:image/png;base64,AA 1x, b.png"), ["data:image/png;base64,AA", "b.png"]);
        assert!(of_srcset(" , ").is_empty());
    }
}

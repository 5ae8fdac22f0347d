//! What a page does for the safety of its visitors, or against it.

use url::Url;

use super::address::Addresses;
use super::tag::Tag;
use super::{Page, keep};

/// A seal that browsers check: one of three digests (Subresource Integrity, 3.2).
const DIGESTS: [&str; 3] = ["sha256-", "sha384-", "sha512-"];

#[derive(Debug, Default)]
pub(super) struct Safety {
    policies: Vec<String>,
    forms: Vec<Url>,
    unsealed_scripts: Vec<Url>,
    referrer: Option<String>,
}

impl Safety {
    pub(super) fn add(&mut self, tag: &Tag, addresses: &Addresses) {
        match tag.name.as_str() {
            "meta" if tag.is("http-equiv", &["content-security-policy"]) => {
                tag.filled("content").into_iter().for_each(|policy| keep(&mut self.policies, policy.to_owned()));
            }
            // The last one counts (HTML, 4.2.5.2).
            "meta" if tag.is("name", &["referrer"]) => {
                self.referrer = tag.filled("content").map(str::to_ascii_lowercase).or(self.referrer.take());
            }
            "form" => self.form(tag, "action", addresses),
            "button" | "input" => self.form(tag, "formaction", addresses),
            _ => {}
        }
    }

    fn form(&mut self, tag: &Tag, attribute: &str, addresses: &Addresses) {
        let target = tag.filled(attribute).and_then(|action| addresses.resource(action));
        if let Some(url) = target {
            keep(&mut self.forms, url);
        }
    }

    /// A program that runs.
    pub(super) fn script(&mut self, tag: &Tag, addresses: &Addresses) {
        let integrity = tag.words("integrity");
        let sealed = integrity.iter().any(|word| DIGESTS.iter().any(|digest| word.len() > digest.len() && word.starts_with(digest)));
        let url = tag.filled("src").filter(|_| !sealed).and_then(|src| addresses.resource(src));
        if let Some(url) = url {
            keep(&mut self.unsealed_scripts, url);
        }
    }

    pub(super) fn into_page(self, page: Page) -> Page {
        let Self { policies, forms, unsealed_scripts, referrer } = self;
        Page { policies, forms, unsealed_scripts, referrer, ..page }
    }
}

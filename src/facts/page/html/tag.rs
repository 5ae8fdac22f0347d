//! A start tag and those of its attributes that are read.

/// All others are dropped, so that a tag with a hundred thousand attributes costs nothing.
#[rustfmt::skip] // a word list
const KEPT: [&str; 45] = [
    "action", "alt", "aria-hidden", "aria-label", "aria-labelledby", "autoplay", "background", "class", "content", "data",
    "data-background", "data-bg", "data-domain", "data-goatcounter", "data-src", "data-srcset", "data-website-id", "datetime", "default",
    "disabled", "for", "formaction", "hidden", "href", "http-equiv", "id", "imagesrcset", "integrity", "lang", "name", "nomodule",
    "ping", "poster", "preload", "property", "rel", "role", "src", "srcdoc", "srcset", "style", "title", "type", "xlink:href", "xml:lang",
];

/// Names are in small letters: the tokenizer sees to it.
#[derive(Debug, Default)]
pub(in crate::facts::page) struct Tag {
    pub(in crate::facts::page) name: String,
    attributes: Vec<(&'static str, String)>,
    /// Whether the value that comes next belongs to the last attribute kept.
    keeping: bool,
}

impl Tag {
    pub(in crate::facts::page) fn new(name: &[u8]) -> Self {
        Self { name: String::from_utf8_lossy(name).into_owned(), ..Self::default() }
    }

    /// The name of an attribute was read. The first of two wins, as in browsers.
    pub(in crate::facts::page) fn attribute(&mut self, name: &[u8]) {
        let kept = KEPT.iter().find(|kept| kept.as_bytes() == name);
        let fresh = kept.filter(|kept| self.get(kept).is_none());
        self.keeping = fresh.is_some();
        self.attributes.extend(fresh.map(|kept| (*kept, String::new())));
    }

    /// The value of the attribute read last; never called for an empty one.
    pub(in crate::facts::page) fn value(&mut self, value: &[u8]) {
        if let (true, Some((_, kept))) = (self.keeping, self.attributes.last_mut()) {
            *kept = String::from_utf8_lossy(value).into_owned();
        }
    }

    /// An attribute as written, possibly empty.
    pub(in crate::facts::page) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(kept, _)| *kept == name).map(|(_, value)| value.as_str())
    }

    /// An attribute that says something, blanks around it put aside.
    pub(in crate::facts::page) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// The words of an attribute, in small letters.
    pub(in crate::facts::page) fn words(&self, name: &str) -> Vec<String> {
        self.get(name).unwrap_or_default().split_whitespace().map(str::to_lowercase).collect()
    }

    /// Whether it is one of a few words, whatever their case.
    pub(in crate::facts::page) fn is(&self, name: &str, among: &[&str]) -> bool {
        self.filled(name).is_some_and(|value| among.iter().any(|word| value.eq_ignore_ascii_case(word)))
    }

    /// Whether one of its words is among these, whatever their case.
    pub(in crate::facts::page) fn has(&self, name: &str, among: &[&str]) -> bool {
        let value = self.get(name).unwrap_or_default();
        value.split_whitespace().any(|word| among.iter().any(|known| word.eq_ignore_ascii_case(known)))
    }

    /// What a `meta` element says of that property.
    pub(in crate::facts::page) fn content_of(&self, property: &str) -> Option<String> {
        self.filled("content").filter(|_| self.is("property", &[property])).map(str::to_owned)
    }

    /// Whether nobody sees nor hears the element: a trap for robots, a counting pixel.
    pub(in crate::facts::page) fn is_hidden(&self) -> bool {
        let style: String = self.get("style").unwrap_or_default().split_whitespace().collect();
        self.get("hidden").is_some() || self.is("aria-hidden", &["true"]) || style.to_ascii_lowercase().contains("display:none")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name broken over two lines would be that of no attribute, and nothing else would tell.
    #[test]
    fn each_kept_name_is_one_that_an_attribute_can_have() {
        let name = |kept: &&str| kept.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'-' | b':'));
        assert_eq!(KEPT.iter().find(|kept| !name(kept)), None);
    }
}

//! Reads a document written in Markdown, as forges show it.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use url::Url;

use super::html::{Addresses, Folded, MOST};
use super::{Link, Page};

pub(super) fn read(url: &Url, markdown: &str) -> Page {
    let options = Options::ENABLE_TABLES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader {
        addresses: Addresses::new(url),
        page: Page::default(),
        text: Folded::default(),
        link: None,
        heading: None,
        skipping: false,
    };
    for event in Parser::new_ext(markdown, options) {
        reader.event(event);
    }
    Page { text: reader.text.into_text(), ..reader.page }
}

/// What has been read so far.
struct Reader {
    addresses: Addresses,
    page: Page,
    text: Folded,
    link: Option<(Link, Folded)>,
    heading: Option<(HeadingLevel, Folded)>,
    /// In the metadata that some generators of sites put on top.
    skipping: bool,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(words) | Event::Code(words) if !self.skipping => self.each(|text| text.push(&words)),
            Event::SoftBreak => self.each(Folded::gap),
            Event::HardBreak | Event::Rule => self.line(),
            // Raw HTML: most forges drop it; words between inline tags come as text of their own.
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::MetadataBlock(_) => self.skipping = true,
            Tag::Link { dest_url, title, .. } => self.open_link(&dest_url, &title),
            Tag::Heading { level, .. } => {
                self.line();
                self.heading = Some((level, Folded::default()));
            }
            Tag::TableCell => self.each(Folded::gap),
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Image { .. } => {}
            _ => self.line(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::MetadataBlock(_) => self.skipping = false,
            TagEnd::Link => self.close_link(),
            TagEnd::Heading(_) => self.close_heading(),
            TagEnd::TableCell => self.each(Folded::gap),
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Image => {}
            _ => self.line(),
        }
    }

    fn open_link(&mut self, href: &str, title: &str) {
        if let Some(url) = self.addresses.link(href) {
            let link = Link { url, text: title.to_owned(), ..Link::default() };
            self.link = Some((link, Folded::default()));
        }
    }

    fn close_link(&mut self) {
        let Some((mut link, mut text)) = self.link.take() else { return };
        text.push_apart(&link.text);
        link.text = text.into_text();
        if self.page.links.len() < MOST {
            self.page.links.push(link);
        }
    }

    fn close_heading(&mut self) {
        self.line();
        let Some((level, text)) = self.heading.take().filter(|(_, text)| !text.as_str().is_empty()) else { return };
        let text = text.into_text();
        if level == HeadingLevel::H1 {
            self.page.title.get_or_insert_with(|| text.clone());
        }
        if self.page.headings.len() < MOST {
            self.page.headings.push(text);
        }
    }

    fn line(&mut self) {
        self.text.line();
        self.each(Folded::gap);
    }

    /// Adds to the text, and to the link and the heading that are open.
    fn each(&mut self, add: impl Fn(&mut Folded)) {
        add(&mut self.text);
        self.link.iter_mut().for_each(|(_, text)| add(text));
        self.heading.iter_mut().for_each(|(_, text)| add(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(markdown: &str) -> Page {
        read(&"https://a.example/docs/README.md".parse().unwrap(), markdown)
    }

    #[test]
    fn a_document_is_read() {
        let page = page(
            "---\nauthor: x\n---\nAvant\n\n# Les *CGU*\n\nUn [lien](cgu.md \"Conditions\") et\n`code`.\n\n## Suite\n\n- un\n- deux\n\n| a | b |\n|---|---|\n| c | d |\n",
        );
        assert_eq!(page.title.as_deref(), Some("Les CGU"));
        assert_eq!(page.headings, ["Les CGU", "Suite"]);
        assert_eq!(page.text, "Avant\nLes CGU\nUn lien et code.\nSuite\nun\ndeux\na b\nc d");
        assert_eq!(page.links.len(), 1);
        assert_eq!((page.links[0].url.as_str(), page.links[0].text.as_str()), ("https://a.example/docs/cgu.md", "lien Conditions"));
    }

    #[test]
    fn tags_are_not_text_and_programs_are_not_links() {
        let page = page("Un <b>mot</b>\n\n<script>x</script>\n\n[oui](javascript:alert(1)) <https://b.example/>");
        assert_eq!(page.text, "Un mot\noui https://b.example/");
        assert_eq!(page.links.len(), 1);
    }

    #[test]
    fn a_picture_names_the_link_around_it() {
        assert_eq!(page("[![Accueil](logo.png)](/)").links[0].text, "Accueil");
    }

    #[test]
    fn hostile_nesting_ends() {
        assert!(page(&"> [".repeat(100_000)).links.is_empty());
    }
}

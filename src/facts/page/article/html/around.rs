//! What stands around the text of a page: menus, banners, footers, forms.

use crate::facts::page::html::Tag;

/// Elements that are never the text.
const ELEMENTS: [&str; 11] = ["aside", "button", "dialog", "footer", "label", "legend", "menu", "nav", "option", "select", "svg"];

const ROLES: [&str; 11] =
    ["alertdialog", "banner", "complementary", "contentinfo", "dialog", "menu", "menubar", "navigation", "search", "status", "toolbar"];

/// Ids and classes by which the usual programs and themes name what is not the text.
#[rustfmt::skip] // a word list
const NAMES: [&str; 58] = [
    "nav", "navbar", "navigation", "main-navigation", "site-navigation", "menu", "main-menu", "mainmenu", "topbar", "sidebar", "side-bar",
    "widget-area", "breadcrumb", "breadcrumbs", "fil-ariane", "skip", "skip-link", "skiplink", "skip-links", "toc", "dw__toc", "table-of-contents",
    "toctree-wrapper", "pagination", "pager", "cookie-banner", "cookie-notice", "cookies", "comments", "comment-respond", "share", "sharing",
    "sharedaddy", "social", "related-posts", "mw-editsection", "mw-jump-link", "mw-navigation", "mw-panel", "mw-head", "printfooter", "catlinks",
    "noprint", "dokuwiki__header", "dokuwiki__footer", "dokuwiki__aside", "dokuwiki__pagetools", "dokuwiki__sitetools", "dokuwiki__usertools",
    "headerlink", "header-anchor", "edit-link", "sr-only", "visually-hidden", "screen-reader-text", "site-footer", "page-footer", "footer",
];

/// The same, of the page and not of its text.
const HEADERS: [&str; 6] = ["header", "site-header", "page-header", "masthead", "banner", "entete"];

pub(super) fn is_main(tag: &Tag) -> bool {
    matches!(tag.name.as_str(), "main" | "article")
        || tag.has("role", &["main"])
        || tag.has("id", &["mw-content-text", "dokuwiki__content"])
}

/// Whether an element stands around the text; `inside` the main part, a header is the text's own.
pub(super) fn is_around(tag: &Tag, inside: bool) -> bool {
    if matches!(tag.name.as_str(), "html" | "body" | "main" | "article") {
        return false;
    }
    let named = |names: &[&str]| tag.has("class", names) || tag.has("id", names);
    ELEMENTS.contains(&tag.name.as_str())
        || tag.has("role", &ROLES)
        || tag.is_hidden()
        || named(&NAMES)
        || !inside && (tag.name == "header" || named(&HEADERS))
}

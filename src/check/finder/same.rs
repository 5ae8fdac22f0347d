//! Whether a page is only what a site shows for a wrong address.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::criteria::{Words, fold};
use crate::facts::{Body, Exchange};

/// Pages share their menus: of what is left, so many words in a hundred in common make them the same page.
const ALIKE: usize = 80;
/// A page with fewer words of its own than this has none.
const FEW_WORDS: usize = 5;
/// A longer page that says "not found" speaks of something.
const LONG: usize = 1500;

static NOT_FOUND: LazyLock<Words> = LazyLock::new(|| {
    Words::new([
        "404",
        "introuvable",
        "page non trouvee",
        "page inexistante",
        "n'existe pas",
        "page not found",
        "not found",
        "nicht gefunden",
        "niet gevonden",
        "no encontrada",
        "pagina no existe",
    ])
});

/// Its title says that nothing is there, whatever its status.
pub(super) fn says_nothing_is_here(exchange: &Exchange) -> bool {
    let page = exchange.page();
    let titles = page.title.iter().chain(page.headings.first());
    page.text.len() < LONG && titles.map(|title| fold(title)).any(|title| NOT_FOUND.is_in(&title))
}

/// Two pages with the same words, those that stand on the home page too put aside. A wrong address that is repeated in the page,
/// a date, a token, make no difference.
pub(super) fn is_the_same_page(exchange: &Exchange, other: &Exchange, home: &Exchange) -> bool {
    if other.status != 200 || exchange.body == Body::Binary {
        return false;
    }
    if exchange.url() == other.url() || exchange.page().text == other.page().text {
        return true;
    }
    let (one, two) = (own_words(exchange, home), own_words(other, home));
    let common = one.intersection(&two).count();
    !two.is_empty() && common * 100 >= ALIKE * one.union(&two).count()
}

/// It is the home page again.
pub(super) fn is_home(exchange: &Exchange, home: &Exchange) -> bool {
    exchange.body != Body::Binary
        && (exchange.url() == home.url()
            || exchange.page().text == home.page().text
            || shows_most(exchange, home) && own_words(exchange, home).len() < FEW_WORDS)
}

/// It has the title of the home page, and most of its text.
fn shows_most(exchange: &Exchange, home: &Exchange) -> bool {
    let (page, home) = (exchange.page(), home.page());
    let lines: BTreeSet<&str> = page.text.lines().collect();
    let known: BTreeSet<&str> = home.text.lines().collect();
    !known.is_empty() && home.title == page.title && lines.intersection(&known).count() * 2 > known.len()
}

/// The words of the lines that are not on the home page.
fn own_words<'p>(exchange: &'p Exchange, home: &Exchange) -> BTreeSet<&'p str> {
    let known: BTreeSet<&str> = home.page().text.lines().collect();
    exchange.page().text.lines().filter(|line| !known.contains(line)).flat_map(str::split_whitespace).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Headers;

    fn page(path: &str, html: &str) -> Exchange {
        let headers = Headers::from([("content-type".to_owned(), vec!["text/html".to_owned()])]);
        Exchange::new(format!("https://a.example{path}").parse().unwrap(), 200, headers, None, Body::Text(html.to_owned()))
    }

    #[test]
    fn an_address_repeated_in_the_page_makes_no_difference() {
        let home = page("/", "<p>Menu<p>Bienvenue");
        let lost = |path: &str| page(path, &format!("<p>Menu<p>Nous n'avons rien trouvé à l'adresse {path}, et nous en sommes désolés."));
        assert!(is_the_same_page(&lost("/cgu"), &lost("/rien"), &home));
        assert!(!is_the_same_page(&page("/cgu", "<p>Menu<p>Vous acceptez ces conditions."), &lost("/rien"), &home));
    }

    #[test]
    fn a_title_may_say_that_nothing_is_here() {
        assert!(says_nothing_is_here(&page("/x", "<title>Page introuvable – A</title>")));
        assert!(!says_nothing_is_here(&page("/x", "<title>CGU – A</title>")));
    }

    #[test]
    fn the_menu_alone_is_the_home_page() {
        let home = page("/", "<title>A</title><p>Menu<p>Bienvenue");
        assert!(is_home(&page("/x", "<title>A</title><p>Menu<p>Bienvenue<p>12:04"), &home));
        assert!(!is_home(&page("/x", "<title>CGU</title><p>Menu<p>oui"), &home));
    }
}

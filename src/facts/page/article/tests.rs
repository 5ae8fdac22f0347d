//! What is kept of a page, and how it is written.

use pulldown_cmark::{Event, Tag};

use super::*;
use crate::facts::{Body, Headers};

const PAGE: &str =
    "<!doctype html><html><head><title>CGU – Le Chat</title></head><body><header><h1>Le Chat</h1><nav><a href=/>Accueil</a></nav></header>
<main><article><h1>Conditions générales d'utilisation</h1>
<p>Le service est fourni par l'association. Il est <b>gratuit</b> ; voir les <a href=/tarifs?token=abc&amp;lang=fr>tarifs</a>.</p>
<h2 id=donnees>Vos données<a class=headerlink href=#donnees>¶</a></h2>
<ul><li>Un nom.<li>Une adresse. Elle sert à écrire.<ul><li>Jamais vendue</ul></ul>
<table><tr><th>Quoi<th>Combien de temps<tr><td>Journaux<td><p>12 mois</table>
<form><input type=hidden name=csrf value=x1y2><label>Nom</label><button>Envoyer</button></form>
<p>Nous sommes le 22 novembre 2026</p><p>1 234 visites</p><dl><dt>Âge</dt><dd>15 ans</dd></dl>
<p>1 rue du Chat<br>60200 Compiègne</p></article></main><aside>Pub</aside><footer>Pied <script nonce=q>x()</script></footer>";

const WRITTEN: &str = "# Conditions générales d'utilisation

Le service est fourni par l'association.
Il est gratuit ; voir les [tarifs](<https://a.example/tarifs?lang=fr>).

## Vos données

- Un nom.
- Une adresse.
  Elle sert à écrire.
   - Jamais vendue

| Quoi | Combien de temps |
| --- | --- |
| Journaux | 12 mois |

**Âge**

15 ans

1 rue du Chat\\
60200 Compiègne
";

fn exchange(kind: &str, body: &str) -> Exchange {
    let headers = Headers::from([("content-type".to_owned(), vec![kind.to_owned()])]);
    Exchange::new("https://a.example/cgu".parse().unwrap(), 200, headers, None, Body::Text(body.to_owned()))
}

fn html(body: &str) -> String {
    Article::read(&exchange("text/html", body)).markdown()
}

#[test]
fn the_text_is_kept_and_what_is_around_it_is_not() {
    assert_eq!(html(PAGE), WRITTEN);
}

#[test]
fn what_changes_at_each_visit_changes_nothing() {
    let again =
        PAGE.replace("abc", "def").replace("x1y2", "z").replace("22 nov", "23 nov").replace("1 234", "1 235").replace("nonce=q", "nonce=r");
    assert_ne!(again, PAGE);
    assert_eq!(html(&again), html(PAGE));
    let changed = html(&PAGE.replace("Elle sert à écrire", "Elle sert à tout"));
    let differing = changed.lines().zip(WRITTEN.lines()).filter(|(a, b)| a != b).collect::<Vec<_>>();
    assert_eq!(differing, [("  Elle sert à tout.", "  Elle sert à écrire.")]);
}

#[test]
fn a_page_without_main_part_is_read_without_its_menu() {
    let page = "<title>CGU</title><div id=menu><a href=/>Accueil</a></div><div class='content x'>Un texte assez court.</div><div class=footer>Pied</div>";
    assert_eq!(html(page), "# CGU\n\nUn texte assez court.\n");
    assert_eq!(html("<footer>Tout est dans le pied de page.</footer>"), "Tout est dans le pied de page.\n");
    assert_eq!(html("<table><tr><td><h1>CGU</h1><p>Un.<p>Deux.</table>"), "# CGU\n\nUn.\n\nDeux.\n");
}

#[test]
fn a_document_in_markdown_or_plain_text_is_kept_too() {
    let source = "# CGU\n\nUn [lien](tarifs.md). Deux.\n\n1. un\n2. deux\n\n| a | b |\n|---|---|\n| c | d |\n";
    let read = Article::read(&exchange("text/markdown", source)).markdown();
    assert_eq!(
        read,
        "# CGU\n\nUn [lien](<https://a.example/tarifs.md>).\nDeux.\n\n1. un\n1. deux\n\n| a | b |\n| --- | --- |\n| c | d |\n"
    );
    assert_eq!(Article::read(&exchange("text/plain", "Un.\n\n- deux")).markdown(), "Un.\n\n\\- deux\n");
}

#[test]
fn what_is_kept_is_inert() {
    let hostile = "<p>&lt;script&gt;x&lt;/script&gt; ![i](http://t/) [x](javascript:a) **b** `c` &amp;lt; @all #1 $x$ \u{202e}abc\u{7}</p>\
                   <p># titre</p><p>- item</p><p>1. un</p><p>---</p><p>=== </p><p>> q</p><p><a href='javascript:x()'>j</a> <a href='data:x'>d</a> \
                   <a href='https://b.example/a)b&gt;<i>'>l</a> <a href='https://u:p@b.example/'>u</a></p><img src=x alt=y><h2>h <b>b</b>\n# x</h2>";
    let written = html(hostile);
    assert!(!written.contains(['\u{202e}', '\u{7}']));
    for event in pulldown_cmark::Parser::new_ext(&written, pulldown_cmark::Options::all()) {
        use pulldown_cmark::{Event, Tag};
        match event {
            Event::Html(_) | Event::InlineHtml(_) | Event::Rule | Event::Code(_) | Event::InlineMath(_) => panic!("{event:?} in {written}"),
            Event::Start(Tag::Link { dest_url, .. }) => assert!(dest_url.starts_with("https://b.example/a)b"), "{dest_url}"),
            Event::Start(Tag::Paragraph | Tag::Heading { .. }) => {}
            Event::Start(tag) => panic!("{tag:?} in {written}"),
            _ => {}
        }
    }
}

#[test]
fn no_link_becomes_a_picture() {
    let links =
        "<main><table><tr><td>Tout<td>Rien<tr><td>Tout est dit !<a href=/x>Lire</a><td>\\!<a href=/y>non</a> !<a href=/v> </a></table>
<p>Fin !<a href=/z>relire</a>";
    let kept = html(links);
    let events: Vec<_> = pulldown_cmark::Parser::new(&kept).collect();
    let count = |is: fn(&Tag) -> bool| events.iter().filter(|event| matches!(event, Event::Start(tag) if is(tag))).count();
    assert_eq!((count(|tag| matches!(tag, Tag::Image { .. })), count(|tag| matches!(tag, Tag::Link { .. }))), (0, 3), "{kept}");
    assert!(kept.contains(r"est dit \![Lire]") && kept.contains(r"\\\![non]"), "{kept}");
}

#[test]
fn links_keep_their_place_and_lose_the_marks_of_a_visit() {
    let page: Url = "https://a.example/cgu".parse().unwrap();
    let kept = |url| lasting_link(&page, url);
    assert_eq!(kept("https://a.example/x?sid=1&a=b&utm_source=c").as_deref(), Some("https://a.example/x?a=b"));
    assert_eq!(kept("mailto:a@a.example?subject=x").as_deref(), Some("mailto:a@a.example"));
    for gone in ["https://a.example/cgu#x", "https://a.example/cdn-cgi/l/email-protection#ab12", "ftp://a.example/", "tel:1"] {
        assert_eq!(kept(gone), None, "{gone}");
    }
}

#[test]
fn passages_know_their_heading_and_come_from_the_text_first() {
    let article = Article::read(&exchange("text/html", PAGE));
    let passages = article.passages();
    assert_eq!(passages[0].heading.as_deref(), Some("Conditions générales d'utilisation"));
    assert!(passages.iter().any(|passage| passage.heading.as_deref() == Some("Âge") && passage.text.starts_with("15 ans")));
    assert!(passages.last().unwrap().text.contains("Pied"), "{passages:?}");
}

#[test]
fn every_passage_stands_in_the_text_of_the_page() {
    let exchange = exchange("text/html", PAGE);
    let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = folded(&exchange.page().text);
    for passage in Article::read(&exchange).passages() {
        assert!(text.contains(&folded(&passage.text)), "{passage:?} not in {text}");
    }
}

#[test]
fn hostile_pages_end() {
    for tag in ["<div>", "<ul><li>", "<table><tr><td>", "<nav>", "<a href=x>y", "<main>", "<pre>\n", "<h1>"] {
        html(&tag.repeat(100_000));
    }
    html(&"<a href=/x>A.</a> ".repeat(20_000));
    for text in ["> [", "|-|\n"] {
        Article::read(&exchange("text/markdown", &text.repeat(50_000))).markdown();
    }
}

#[test]
fn a_table_grows_no_larger_than_its_page() {
    let page = format!("<table><tr>{}{}</table>", "<td>a".repeat(2_000), "<tr><td>b".repeat(2_000));
    let written = html(&page);
    assert!(written.len() < 2 * page.len(), "{} bytes of {}", written.len(), page.len());
    let page = format!("{}|\n{}|\n{}", "|a".repeat(200), "|-".repeat(200), "|b|\n".repeat(1_000));
    let written = Article::read(&exchange("text/markdown", &page)).markdown();
    assert!(written.len() < 3 * page.len(), "{} bytes of {}", written.len(), page.len());
    assert_eq!(html("<table><tr><td>a<tr><td>b<td>c</table>"), "| a |  |\n| --- | --- |\n| b | c |\n");
}

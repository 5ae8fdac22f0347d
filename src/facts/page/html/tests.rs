//! What is seen in a page, one behaviour a test.

use super::*;
use crate::facts::{Body, Exchange, Headers};

fn page(html: &str) -> Page {
    read(&"https://a.example/dir/page".parse().unwrap(), html)
}

/// The resources of a page, as `kind address`.
fn fetched(html: &str) -> Vec<String> {
    page(html).resources.iter().map(|resource| format!("{:?} {}", resource.kind, resource.url)).collect()
}

fn link_text(html: &str) -> String {
    page(html).links.remove(0).text
}

#[test]
fn a_page_leads_elsewhere_however_its_refresh_is_written() {
    let leads = |status: u16, html: &str| {
        let url = "https://a.example/".parse().unwrap();
        Exchange::new(url, status, Headers::new(), None, Body::Text(html.to_owned())).refresh().map(String::from)
    };
    for html in ["<meta http-equiv=refresh content='0;url=/b'>", "<META HTTP-Equiv='&#82;efresh' CONTENT='0; URL=/b'>"] {
        assert_eq!(leads(200, html).as_deref(), Some("https://a.example/b"), "{html}");
        assert_eq!(leads(404, html), None, "{html}");
    }
    assert_eq!(leads(200, "<meta name=refresh content='0;url=/b'>"), None);
}

#[test]
fn title_language_and_generator_are_read() {
    let page = page(
        "<!doctype html><html lang=fr-FR><head><title> Le\n Chat &eacute;gar&eacute; </title><meta name=Generator content='WordPress 6.5'><meta name=generator content=Other>",
    );
    assert_eq!(page.title.as_deref(), Some("Le Chat égaré"));
    assert_eq!(page.lang.as_deref(), Some("fr-FR"));
    assert_eq!(page.generator.as_deref(), Some("WordPress 6.5"));
}

#[test]
fn the_title_of_a_drawing_names_the_link_and_not_the_page() {
    let page = page("<a href=/><svg><title>Accueil</title></svg></a><svg/><title>Le Chat</title>");
    assert_eq!(page.title.as_deref(), Some("Le Chat"));
    assert_eq!(page.links[0].text, "Accueil");
}

#[test]
fn text_has_a_line_a_block_and_nothing_that_is_not_shown() {
    let page = page(
        "<head><title>T</title><style>p{}</style></head><h1>Un <b>deux</b></h1><p>tro<i>is</i>&nbsp; quatre<br>cinq<script>x</script>\
         <!-- caché --><template>caché</template><table><tr><td>a<td>b</table><ul><li>x<li>y</ul><textarea>caché</textarea>",
    );
    assert_eq!(page.text, "Un deux\ntrois quatre\ncinq\na b\nx\ny");
    assert_eq!(page.headings, ["Un deux"]);
}

#[test]
fn links_are_absolute_by_the_page_or_its_base() {
    let urls = |html: &str| page(html).links.into_iter().map(|link| link.url).collect::<Vec<_>>();
    assert_eq!(urls("<a href=cgu>x</a><a>no</a><a href='#b'>"), ["https://a.example/dir/cgu", "https://a.example/dir/page#b"]);
    assert_eq!(urls("<base href=//b.example/wiki/><a href=cgu>x</a>"), ["https://b.example/wiki/cgu"]);
    assert_eq!(urls("<a href='mailto:a@a.example'>x</a><a href='javascript:x()'>y</a>"), ["mailto:a@a.example"]);
}

#[test]
fn the_text_of_a_link_has_its_title_label_and_pictures() {
    assert_eq!(link_text("<a href=x title=Conditions aria-label='Nos CGU'> CGU <img alt=logo src=y></a>"), "CGU logo Nos CGU Conditions");
    assert_eq!(link_text("<a href=x title=CGU>CGU</a>"), "CGU");
    assert_eq!(link_text("<a href=x><h3>Nos</h3><p>CGU</p></a> après"), "Nos CGU");
    assert_eq!(link_text("<map><area href=x alt=Plan title=Carte></map>"), "Plan Carte");
}

#[test]
fn a_link_that_is_not_closed_ends_at_the_next() {
    let page = page("<a href=x>un <a href=y>deux");
    assert_eq!(page.links.iter().map(|link| link.text.as_str()).collect::<Vec<_>>(), ["un", "deux"]);
}

#[test]
fn rel_is_a_list_of_small_words() {
    assert_eq!(page("<a href=x rel='Terms-of-Service  NOFOLLOW'>x</a>").links[0].rel, ["terms-of-service", "nofollow"]);
    assert_eq!(page("<link rel=Terms-Of-Service href=/cgu>").links[0].url, "https://a.example/cgu");
    assert!(page("<link rel=canonical href=/page>").links.is_empty());
}

#[test]
fn links_of_the_footer_are_known() {
    let inside = |html: &str| page(html).links.iter().map(|link| link.in_footer).collect::<Vec<_>>();
    assert_eq!(inside("<a href=x>x</a><footer><div><a href=y>y</a></div></footer><a href=z>z</a>"), [false, true, false]);
    assert_eq!(inside("<div role=ContentInfo><div></div><a href=y>y</a></div><a href=z>z</a>"), [true, false]);
}

#[test]
fn headings_are_read_even_unclosed() {
    assert_eq!(page("<h1>Un</h1><h2>Deux<h3><img alt=Trois></h3><h4></h4>").headings, ["Un", "Deux", "Trois"]);
}

#[test]
fn scripts_styles_frames_and_media_are_fetched() {
    assert_eq!(
        fetched(
            "<script src=//b.example/x.js></script><link rel='alternate StyleSheet' href=s.css><iframe src=https://f.example/></iframe>\
             <video src=v.webm poster=p.jpg><source src=w.mp4><track src=t.vtt></video><object data=o.svg></object><embed src=e.pdf><script src=//b.example/x.js></script>"
        ),
        [
            "Script https://b.example/x.js",
            "Style https://a.example/dir/s.css",
            "Frame https://f.example/",
            "Media https://a.example/dir/v.webm",
            "Image https://a.example/dir/p.jpg",
            "Media https://a.example/dir/w.mp4",
            "Media https://a.example/dir/t.vtt",
            "Media https://a.example/dir/o.svg",
            "Media https://a.example/dir/e.pdf",
        ]
    );
}

#[test]
fn pictures_are_fetched_in_every_size() {
    assert_eq!(
        fetched(
            "<picture><source srcset='a.webp 1x, b.webp 2x'><img src=c.png srcset=d.png></picture><input type=image src=e.png><svg><image href=f.png /></svg>"
        ),
        ["a.webp", "b.webp", "c.png", "d.png", "e.png", "f.png"].map(|name| format!("Image https://a.example/dir/{name}"))
    );
    assert!(fetched("<img src='data:image/png;base64,AA'><img src=''><img src=blob:x>").is_empty());
}

#[test]
fn hints_are_kept_apart_and_canonical_is_none() {
    let html = "<link rel=preconnect href=https://fonts.gstatic.com><link rel='shortcut icon' href=/f.ico><link rel=canonical href=/x><link rel=alternate href=/feed>";
    assert_eq!(fetched(html), ["Hint https://fonts.gstatic.com/", "Hint https://a.example/f.ico"]);
}

#[test]
fn styles_in_the_page_are_searched() {
    let html = "<style>@import url('//b.example/f.css'); p{background:url(x.png)}</style><p style='background:url(&quot;y.png&quot;)'>";
    let expected = ["b.example/f.css", "a.example/dir/x.png", "a.example/dir/y.png"];
    assert_eq!(fetched(html), expected.map(|address| format!("InlineStyle https://{address}")));
}

#[test]
fn comments_and_templates_fetch_nothing() {
    let html = "<!-- <script src=/a.js></script> --><template><template></template><img src=b.png><script src=/c.js></script><a href=x>x</a><input></template><img src=d.png alt=''>";
    let page = page(html);
    assert_eq!(fetched(html), ["Image https://a.example/dir/d.png"]);
    assert_eq!((page.scripts, page.links.len(), page.controls.len(), page.pictures_without_alt.len()), (0, 0, 0, 0));
}

#[test]
fn noscript_is_read_as_a_visitor_without_javascript_does() {
    let html = "<noscript><img src=//t.example/pixel style='display: none'><p>Sans <a href=/x>JavaScript</a></p><script src=/y.js></script></noscript><p>Suite";
    let page = page(html);
    assert_eq!(fetched(html), ["Image https://t.example/pixel"]);
    assert_eq!((page.text.as_str(), page.links.len(), page.scripts), ("Sans JavaScript\nSuite", 1, 0));
    assert!(page.pictures_without_alt.is_empty());
}

#[test]
fn programs_are_counted_and_data_is_not() {
    let html = "<script>x()</script><script src=y.js></script><script type=module>z()</script><script type='text/javascript'> </script>\
                <script type='application/ld+json'>{}</script><script type='text/template' src=t.html>t</script>";
    assert_eq!(page(html).scripts, 3);
    assert_eq!(fetched(html), ["Script https://a.example/dir/y.js"]);
}

#[test]
fn a_picture_without_alt_is_told_by_its_address() {
    let html = "<img src=a.png><img alt src=b.png><img alt='' src=c.png><img role=presentation src=d.png><img aria-hidden=true src=e.png><img src='data:image/gif;base64,AA'><img aria-label=x src=f.png>";
    assert_eq!(page(html).pictures_without_alt, ["https://a.example/dir/a.png", "data:image/gif"]);
}

#[test]
fn controls_have_their_labels_wherever_they_stand() {
    let html = "<input name=bare><input id=b><label for=b>B</label><label>C <select name=c></select></label><input name=d aria-label=D>\
                <textarea name=e title=E></textarea><input name=f aria-labelledby=x><input type=hidden name=g><input type=Submit><button>ok</button><input hidden name=trap><textarea name=h></textarea>";
    let controls = page(html).controls.into_iter().map(|control| (control.name, control.labelled)).collect::<Vec<_>>();
    let expected = [("bare", false), ("b", true), ("c", true), ("d", true), ("e", true), ("f", true), ("h", false)];
    assert_eq!(controls, expected.map(|(name, labelled)| (name.to_owned(), labelled)));
}

#[test]
fn the_first_of_two_attributes_wins_and_those_of_end_tags_are_not_read() {
    assert_eq!(page("<a href=x href=y>z</a href=w>").links[0].url, "https://a.example/dir/x");
}

#[test]
fn what_is_cut_is_read_so_far() {
    assert_eq!(page("<title>Le Chat").title.as_deref(), Some("Le Chat"));
    assert_eq!(fetched("<noscript><img src=x.png>"), ["Image https://a.example/dir/x.png"]);
    assert_eq!(page("texte <a href=x").text, "texte");
    assert_eq!(page("").text, "");
}

#[test]
fn hostile_pages_end() {
    let deep = page(&format!("{}fin", "<div>".repeat(400_000)));
    assert_eq!(deep.text, "fin");
    let attributes = (0..100_000).map(|n| format!("a{n}=b")).collect::<Vec<_>>().join(" ");
    assert_eq!(page(&format!("<a href=x {attributes}>y</a>")).links.len(), 1);
    assert_eq!(page(&"<a href=x>".repeat(100_000)).links.len(), MOST);
    assert_eq!(page(&"<noscript>".repeat(100_000)).text, "");
    assert_eq!(page(&"<footer role=contentinfo><label><h1><svg><title>".repeat(20_000)).links.len(), 0);
    assert_eq!(page(&format!("<img srcset='{}'>", "x, ".repeat(200_000))).resources.len(), 1);
    assert_eq!(page(&format!("<style>{}", "url(@import '".repeat(50_000))).resources.len(), 0);
}

#[test]
fn policies_forms_and_programs_without_a_seal_are_read() {
    let page = page(
        "<meta http-equiv=' Content-security-POLICY' content=\"img-src 'self'\"><meta http-equiv=refresh content=5><form action=http://b.example/in>\
         <form><button formaction=/out></form><script src=a.js integrity='sha384-abc'></script><script src=b.js integrity=md5-abc></script>\
         <script src=c.js type=text/template></script>",
    );
    assert_eq!(page.policies, ["img-src 'self'"]);
    assert_eq!(page.forms.iter().map(url::Url::as_str).collect::<Vec<_>>(), ["http://b.example/in", "https://a.example/out"]);
    assert_eq!(page.unsealed_scripts.iter().map(url::Url::as_str).collect::<Vec<_>>(), ["https://a.example/dir/b.js"]);
}

//! A kind of document is published: found from the home page, or at a usual address.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::finder::{Document, Doubt, How, Search, find};
use super::finding::codes;
use super::language::Language;
use super::{Case, Finding, Judge, Judgement, Reference};
use crate::criteria::DocumentKind;
use crate::text::{Text, say};

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PagePublished {
    /// An id of `lists/documents.toml`.
    page: String,
}

codes! {
    Found = "found",
    NotFound = "not-found",
    DeadLink = "dead-link",
    TooShort = "too-short",
    NeedsJavascript = "needs-javascript",
    MayBeThere = "may-be-there",
    Login = "login",
    Unlike = "unlike",
}

impl Judge for PagePublished {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let kind = case.charter.document(&self.page).expect("the lint knows the kinds of documents");
        let (fr, en) = (&kind.name.fr, &kind.name.en);
        match find(case, kind)? {
            Search::Found(document) => found(case, kind, &document).alone(),
            Search::Doubtful(at, doubt) => doubtful(kind, &at, doubt).alone(),
            Search::Absent { dead, unsure: false, .. } if !dead.is_empty() => {
                let at = &dead[0];
                let because = say!(fr: "le lien vers {at} ({fr}) ne mène nulle part", en: "the link to {at} ({en}) leads nowhere");
                Code::DeadLink.refutes(because).at(at).alone()
            }
            Search::Absent { looked_at, unsure, .. } => {
                let n = looked_at.len();
                let mut finding = if unsure {
                    Code::MayBeThere.inconclusive(say!(
                        fr: "{fr} : non trouvé, mais une des {n} adresses regardées n'a pas répondu clairement",
                        en: "{en}: not found, but one of the {n} addresses looked at did not answer clearly"
                    ))
                } else {
                    Code::NotFound.refutes(say!(
                        fr: "{fr} : aucun lien trouvé à deux clics de l'accueil, ni rien aux adresses usuelles ({n} regardées)",
                        en: "{en}: no link found within two clicks of the home page, nor anything at the usual addresses ({n} looked at)"
                    ))
                };
                for place in looked_at.iter().take(4) {
                    finding = finding.at(place);
                }
                finding.alone()
            }
        }
    }

    fn references(&self) -> Vec<Reference<'_>> {
        vec![Reference::Document(&self.page)]
    }
}

/// With fewer points, or with so few between the first and the second, a person wants to know why.
const CLEAR: u32 = 7;
const CLOSE: u32 = 2;

/// The page and where it was found; why it is taken for that document, and which one came second, where that may be doubted.
fn found(case: &Case<'_>, kind: &DocumentKind, document: &Document) -> Finding {
    let (fr, en) = (&kind.name.fr, &kind.name.en);
    let at = document.exchange.url();
    let Text { fr: how_fr, en: how_en } = how(document.how);
    let mut because = say!(fr: "{fr} : {at} ({how_fr})", en: "{en}: {at} ({how_en})");
    let language = |page| Language::of(&case.facts.notes.text(page));
    if let (Some(spoken), Some(usual)) = (language(&document.exchange), language(&document.home))
        && spoken != usual
    {
        let (Text { fr: one_fr, en: one_en }, Text { fr: two_fr, en: two_en }) = (spoken.name(), usual.name());
        because.fr.push_str(&format!(", en {one_fr} quand l'accueil est en {two_fr}"));
        because.en.push_str(&format!(", in {one_en} where the home page is in {two_en}"));
    }
    if let Some(dead) = &document.dead {
        because.fr.push_str(&format!(" ; l'adresse déclarée, {dead}, ne mène nulle part"));
        because.en.push_str(&format!("; the declared address, {dead}, leads nowhere"));
    }
    let score = document.evidence.score();
    let second = document.runner_up.as_ref();
    if document.how != How::Declared && (score < CLEAR || second.is_some_and(|(_, points)| points + CLOSE >= score)) {
        let Text { fr: why_fr, en: why_en } = reasons(document);
        because.fr.push_str(&format!(" ; {score} points : {why_fr}"));
        because.en.push_str(&format!("; {score} points: {why_en}"));
        if let Some((second, points)) = second {
            because.fr.push_str(&format!(" ; ensuite {second}, {points} points"));
            because.en.push_str(&format!("; next {second}, {points} points"));
        }
    }
    let finding = Code::Found.supports(because).quote(at, document.exchange.page().title.as_deref().unwrap_or_default());
    second.into_iter().fold(finding, |finding, (second, _)| finding.at(second))
}

fn how(how: How) -> Text {
    match how {
        How::Declared => say!(fr: "déclaré dans hoster.toml", en: "declared in hoster.toml"),
        How::Linked => say!(fr: "lié depuis l'accueil", en: "linked from the home page"),
        How::FromService => say!(fr: "lié depuis un service", en: "linked from a service"),
        How::Application => say!(fr: "indiqué par le logiciel d'un service", en: "named by the program of a service"),
        How::TwoClicks => say!(fr: "à deux clics de l'accueil", en: "two clicks from the home page"),
        How::Sitemap => say!(fr: "dans le plan du site, sans lien depuis l'accueil", en: "in the sitemap, with no link from the home page"),
        How::SisterHost => {
            say!(fr: "à un nom d'hôte usuel, sans lien depuis l'accueil", en: "at a usual host name, with no link from the home page")
        }
        How::UsualAddress => {
            say!(fr: "à une adresse usuelle, sans lien depuis l'accueil", en: "at a usual address, with no link from the home page")
        }
    }
}

/// The points, each with what gave it.
fn reasons(document: &Document) -> Text {
    let evidence = &document.evidence;
    let parts = [
        (evidence.hint.words, say!(fr: "lien", en: "link")),
        (evidence.hint.rel, say!(fr: "type du lien", en: "type of link")),
        (evidence.hint.path, say!(fr: "adresse", en: "address")),
        (evidence.title(), say!(fr: "titre", en: "title")),
        (evidence.marks(), say!(fr: "contenu", en: "content")),
    ];
    let told = parts.iter().filter(|(points, _)| *points > 0);
    let join =
        |word: fn(&Text) -> &String| told.clone().map(|(points, text)| format!("{} {points}", word(text))).collect::<Vec<_>>().join(", ");
    Text { fr: join(|text| &text.fr), en: join(|text| &text.en) }
}

fn doubtful(kind: &DocumentKind, at: &Url, doubt: Doubt) -> Finding {
    let (fr, en) = (&kind.name.fr, &kind.name.en);
    let (code, because) = match doubt {
        Doubt::TooShort => (
            Code::TooShort,
            say!(fr: "{at} semble être la page « {fr} », mais elle est bien courte", en: "{at} looks like the page “{en}”, but it is rather short"),
        ),
        Doubt::NeedsJavascript => {
            (Code::NeedsJavascript, say!(fr: "{at} n'affiche rien sans JavaScript", en: "{at} shows nothing without JavaScript"))
        }
        Doubt::Login => (
            Code::Login,
            say!(fr: "{at} ({fr}) demande de se connecter : le document n'a pas été lu", en: "{at} ({en}) asks to log in: the document was not read"),
        ),
        Doubt::Unlike => (
            Code::Unlike,
            say!(fr: "{at} est annoncée comme « {fr} », mais n'y ressemble pas", en: "{at} is announced as “{en}”, but does not look like it"),
        ),
    };
    code.inconclusive(because).at(at)
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{HOME, Sample, codes, is_silent, sample};
    use crate::facts::SilenceKind;

    const TERMS: &str = "https://a.example/les-regles";
    const LINKED: &str = "<p>hello</p><footer><a href='/les-regles'>C.G.U.</a></footer>";

    fn terms() -> String {
        format!(
            "<title>Conditions générales d'utilisation</title><h1>CGU</h1><p>{}",
            "En utilisant ce service, vous acceptez ceci. ".repeat(40)
        )
    }

    fn judged(sample: Sample) -> Vec<String> {
        codes(sample.judge("page-published = { page = 'terms' }"))
    }

    #[test]
    fn a_linked_page_is_found() {
        assert_eq!(judged(sample().page(HOME, LINKED).page(TERMS, &terms())), ["found"]);
    }

    #[test]
    fn a_page_at_a_usual_address_is_found_when_it_looks_like_it() {
        assert_eq!(judged(sample().page(HOME, "hello").page("https://a.example/cgu", &terms())), ["found"]);
        let other = sample().page(HOME, "hello").page("https://a.example/cgu", &"une recette de cuisine ".repeat(80));
        assert_eq!(judged(other), ["not-found"]);
    }

    #[test]
    fn a_site_with_one_page_for_all_addresses_has_no_terms() {
        let page = terms();
        let mut everywhere = sample().page(HOME, "hello").page("https://a.example/chatons-audit-nothing-is-here", &page);
        everywhere = everywhere.page("https://a.example/cgu", &page);
        assert_eq!(judged(everywhere), ["not-found"]);
    }

    #[test]
    fn a_link_that_leads_back_home_is_no_document() {
        let home = format!("{LINKED}<p>{}", "Bienvenue chez nous. ".repeat(60));
        let back = sample().page(HOME, &home).answer(TERMS, 302, &[("location", "/")], "");
        assert_eq!(judged(back), ["dead-link"]);
        assert_eq!(judged(sample().page(HOME, &home).page(TERMS, &home)), ["dead-link"]);
        let one_page = format!("{home}<h2>Conditions générales d'utilisation</h2><p>Vous acceptez ceci.").replace("/les-regles", "#cgu");
        assert_eq!(judged(sample().page(HOME, &one_page)), ["found"]);
    }

    #[test]
    fn not_found_short_dead_and_unsure_are_told_apart() {
        assert_eq!(judged(sample().page(HOME, "hello")), ["not-found"]);
        assert_eq!(judged(sample().page(HOME, LINKED)), ["dead-link"]);
        assert_eq!(judged(sample().page(HOME, LINKED).page(TERMS, "bientôt")), ["too-short"]);
        assert_eq!(judged(sample().page(HOME, LINKED).page(TERMS, "<script src=a.js></script>")), ["needs-javascript"]);
        assert_eq!(judged(sample().page(HOME, "hello").answer("https://a.example/cgu", 403, &[], "")), ["may-be-there"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        for mute in [
            sample().page(HOME, LINKED).silent(TERMS, SilenceKind::TimedOut),
            sample().silent(HOME, SilenceKind::TimedOut),
            sample().page(HOME, "<div id=app></div><script src=a.js></script>"),
        ] {
            assert!(is_silent(&mute.judge("page-published = { page = 'terms' }")));
        }
    }
}

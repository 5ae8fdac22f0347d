//! A kind of document is published: found from the home page, or at a usual address.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finder::{Doubt, How, Search, find};
use super::finding::codes;
use super::{Case, Judge, Judgement, Reference};
use crate::text::say;

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
}

impl Judge for PagePublished {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let kind = case.charter.document(&self.page).expect("the lint knows the kinds of documents");
        let (fr, en) = (&kind.name.fr, &kind.name.en);
        match find(case, kind)? {
            Search::Found(document) => {
                let at = document.exchange.url();
                let (how_fr, how_en) = match document.how {
                    How::Declared => ("déclaré dans hoster.toml", "declared in hoster.toml"),
                    How::Linked => ("lié depuis l'accueil", "linked from the home page"),
                    How::UsualAddress => {
                        ("à une adresse usuelle, sans lien depuis l'accueil", "at a usual address, with no link from the home page")
                    }
                };
                let because = say!(fr: "{fr} : {at} ({how_fr})", en: "{en}: {at} ({how_en})");
                Code::Found.supports(because).quote(at, document.exchange.page().title.as_deref().unwrap_or_default()).alone()
            }
            Search::Doubtful(at, Doubt::TooShort) => {
                let because = say!(fr: "{at} semble être la page « {fr} », mais elle est bien courte", en: "{at} looks like the page “{en}”, but it is rather short");
                Code::TooShort.inconclusive(because).at(&at).alone()
            }
            Search::Doubtful(at, Doubt::NeedsJavascript) => {
                let because = say!(fr: "{at} n'affiche rien sans JavaScript", en: "{at} shows nothing without JavaScript");
                Code::NeedsJavascript.inconclusive(because).at(&at).alone()
            }
            Search::Absent { dead, unsure: false, .. } if !dead.is_empty() => {
                let at = &dead[0];
                let because = say!(fr: "le lien vers {at} ({fr}) ne mène nulle part", en: "the link to {at} ({en}) leads nowhere");
                Code::DeadLink.refutes(because).at(at).alone()
            }
            Search::Absent { looked_at, unsure, .. } => {
                let n = looked_at.len();
                let mut finding = if unsure {
                    Code::MayBeThere.inconclusive(say!(
                        fr: "{fr} : non trouvé, mais une des {n} adresses essayées n'a pas répondu clairement",
                        en: "{en}: not found, but one of the {n} addresses tried did not answer clearly"
                    ))
                } else {
                    Code::NotFound.refutes(say!(
                        fr: "{fr} : aucun lien depuis l'accueil, et rien aux adresses usuelles ({n} essayées)",
                        en: "{en}: no link from the home page, and nothing at the usual addresses ({n} tried)"
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
        let one_page = format!("{home}<h2>Conditions générales d'utilisation</h2>").replace("/les-regles", "#cgu");
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

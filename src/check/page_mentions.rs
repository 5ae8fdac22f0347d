//! A published document speaks of a topic; the sentence is quoted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finder::{Search, find};
use super::finding::codes;
use super::{Case, Judge, Judgement, Reference, Stop};
use crate::facts::Body;
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PageMentions {
    /// Ids of `lists/documents.toml`; one that speaks of it is enough.
    pages: Vec<String>,
    /// An id of `lists/topics.toml`.
    topic: String,
}

codes! {
    Mentioned = "mentioned",
    NotMentioned = "not-mentioned",
    NothingToRead = "nothing-to-read",
}

impl Judge for PageMentions {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let topic = case.charter.topic(&self.topic).expect("the lint knows the topics");
        let (fr, en) = (&topic.name.fr, &topic.name.en);
        let mut read = Vec::new();
        let mut mute = None;
        for id in &self.pages {
            let kind = case.charter.document(id).expect("the lint knows the kinds of documents");
            let exchange = match find(case, kind) {
                Ok(Search::Found(document)) => document.exchange,
                Ok(_) => continue,
                Err(Stop::Silent(silence)) => {
                    mute.get_or_insert(silence);
                    continue;
                }
                Err(stop) => return Err(stop),
            };
            if exchange.body == Body::Binary || read.contains(exchange.url()) {
                continue;
            }
            if let Some(excerpt) = topic.excerpt(&exchange.page().text) {
                let at = exchange.url();
                return Code::Mentioned.supports(say!(fr: "{at} mentionne {fr}", en: "{at} mentions {en}")).quote(at, excerpt).alone();
            }
            read.push(exchange.url().clone());
        }
        if let Some(silence) = mute {
            return Err(Stop::Silent(silence));
        }
        if read.is_empty() {
            let because = say!(fr: "aucune page où chercher {fr} n'a été trouvée", en: "no page in which to look for {en} was found");
            return Code::NothingToRead.inconclusive(because).alone();
        }
        let pages = read.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        // Our words may not be theirs: only a person can say that a text is silent on something.
        let mut finding =
            Code::NotMentioned.inconclusive(say!(fr: "{fr} : rien trouvé dans {pages}", en: "{en}: nothing found in {pages}"));
        for page in &read {
            finding = finding.at(page);
        }
        finding.alone()
    }

    fn references(&self) -> Vec<Reference<'_>> {
        let pages = self.pages.iter().map(|page| Reference::Document(page));
        pages.chain([Reference::Topic(&self.topic)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{HOME, codes, is_silent, sample};
    use crate::facts::SilenceKind;

    const CHECK: &str = "page-mentions = { pages = ['terms', 'privacy'], topic = 'personal-data' }";
    const LINKED: &str = "<p>hello</p><a href='/cgu'>CGU</a>";
    const TERMS: &str = "https://a.example/cgu";

    fn terms(clause: &str) -> String {
        format!("<h1>CGU</h1><p>{}</p><p>{clause}</p>", "En utilisant ce service, vous acceptez ceci. ".repeat(40))
    }

    #[test]
    fn a_mention_is_quoted() {
        let page = terms("Vos données personnelles sont traitées pour fournir le service et conservées un an.");
        let findings = sample().page(HOME, LINKED).page(TERMS, &page).judge(CHECK).unwrap();
        assert_eq!(findings[0].code, "mentioned");
        assert_eq!(
            findings[0].evidence[0].excerpt.as_deref(),
            Some("Vos données personnelles sont traitées pour fournir le service et conservées un an.")
        );
    }

    #[test]
    fn a_page_that_does_not_speak_of_it_is_not_a_missing_page() {
        assert_eq!(codes(sample().page(HOME, LINKED).page(TERMS, &terms("Bonjour.")).judge(CHECK)), ["not-mentioned"]);
        assert_eq!(codes(sample().page(HOME, "hello").judge(CHECK)), ["nothing-to-read"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(HOME, SilenceKind::TimedOut).judge(CHECK)));
        assert!(is_silent(&sample().page(HOME, LINKED).answer(TERMS, 429, &[], "").judge(CHECK)));
    }
}

//! A published document speaks of a topic; the sentence is quoted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finder::{Search, SearchablePassage, find};
use super::finding::codes;
use super::{Case, Finding, Judge, Judgement, Reference, Stop};
use crate::criteria::{Mention, Negation, Topic};
use crate::facts::{Body, Passage};
use crate::text::{Text, clean, say};

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
    Denied = "denied",
    NotMentioned = "not-mentioned",
    NothingToRead = "nothing-to-read",
}

impl Judge for PageMentions {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let (rank, topic) = case.charter.ranked_topic(&self.topic).expect("the lint knows the topics");
        let (fr, en) = (&topic.name.fr, &topic.name.en);
        let mut read = Vec::new();
        let (mut mute, mut denied) = (None, None);
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
            let passages = case.facts.notes.passages(case.charter, &exchange);
            if let Some((passage, mention)) = said(topic, passages.iter().filter(|passage| passage.may_speak_of(rank))) {
                let finding = finding(topic, exchange.url(), passage, &mention);
                if !mention.negated || topic.negation == Negation::Keeps {
                    return finding.alone();
                }
                denied.get_or_insert(finding);
            }
            read.push(exchange.url().clone());
        }
        if let Some(silence) = mute {
            return Err(Stop::Silent(silence));
        }
        if let Some(denied) = denied {
            return denied.alone();
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

/// Where a document speaks of the topic; a sentence that says yes goes first, where a no says the contrary.
fn said<'p>(topic: &Topic, passages: impl Iterator<Item = &'p SearchablePassage>) -> Option<(&'p Passage, Mention<'p>)> {
    let mut denied = None;
    for SearchablePassage { passage, heading, text, .. } in passages {
        let named = || topic.mention_in(None, passage.heading.as_deref()?, heading.as_ref()?);
        let folded = heading.as_ref().map(|heading| heading.folded.as_str());
        let Some(mention) = topic.mention_in(folded, &passage.text, text).or_else(named) else { continue };
        if !mention.negated || topic.negation == Negation::Keeps {
            return Some((passage, mention));
        }
        denied.get_or_insert((passage, mention));
    }
    denied
}

/// What is said, where, and the figures or names in it. A no that turns the meaning round is for a person to read.
fn finding(topic: &Topic, at: &url::Url, passage: &Passage, mention: &Mention<'_>) -> Finding {
    let (fr, en) = (&topic.name.fr, &topic.name.en);
    let place = match passage.heading.as_deref().map(short).filter(|heading| !heading.is_empty()) {
        Some(heading) => say!(fr: "{at}, sous « {heading} »,", en: "{at}, under “{heading}”,"),
        None => Text::same(at.as_str()),
    };
    let values = |value: fn(&Text) -> &str| match mention.values.iter().map(value).collect::<Vec<_>>().join(", ") {
        values if values.is_empty() => (String::new(), String::new()),
        values => (format!(" : {values}"), format!(": {values}")),
    };
    let (v_fr, v_en) = (values(|value| &value.fr).0, values(|value| &value.en).1);
    let (p_fr, p_en) = (place.fr, place.en);
    let finding = match (mention.negated, topic.negation) {
        (true, Negation::Flips) => Code::Denied.inconclusive(say!(
            fr: "{p_fr} parle de ceci, mais par une négation, à lire : {fr}",
            en: "{p_en} speaks of this, but says no, to be read: {en}"
        )),
        (true, Negation::Keeps) => Code::Mentioned
            .supports(say!(fr: "{p_fr} mentionne {fr}{v_fr} (la phrase porte une négation)", en: "{p_en} mentions {en}{v_en} (the sentence holds a negation)")),
        (false, _) => Code::Mentioned.supports(say!(fr: "{p_fr} mentionne {fr}{v_fr}", en: "{p_en} mentions {en}{v_en}")),
    };
    finding.quote(at, mention.excerpt)
}

/// A heading without its number, cut after a few words.
fn short(heading: &str) -> String {
    let heading = clean(heading);
    let bare = heading.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' ' | '-' | '–'));
    match bare.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", bare[..at].trim_end()),
        None => bare.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::Outcome;
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
    fn a_mention_is_told_with_its_heading_and_its_value() {
        let page = terms("x</p><h2>4. Journaux</h2><p>Les journaux de connexion sont conservés douze mois.");
        let check = "page-mentions = { pages = ['terms'], topic = 'log-retention' }";
        let findings = sample().page(HOME, LINKED).page(TERMS, &page).judge(check).unwrap();
        assert!(findings[0].because.fr.starts_with("https://a.example/cgu, sous « Journaux », mentionne "), "{}", findings[0].because.fr);
        assert!(findings[0].because.fr.ends_with(" : 12 mois") && findings[0].because.en.ends_with(": 12 months"));
    }

    #[test]
    fn a_no_that_turns_the_meaning_round_is_for_a_person() {
        let check = "page-mentions = { pages = ['terms'], topic = 'backups' }";
        let judge = |clause: &str| sample().page(HOME, LINKED).page(TERMS, &terms(clause)).judge(check).unwrap().remove(0);
        let denied = judge("Nous ne faisons pas de sauvegarde quotidienne.");
        assert_eq!((denied.code.as_str(), denied.outcome), ("denied", Outcome::Inconclusive));
        let both = judge("Nous ne faisons pas de sauvegarde quotidienne.</p><h2>Bases</h2><p>Les bases sont sauvegardées chaque nuit.");
        assert_eq!(both.code, "mentioned");
        let logs = terms("Nous ne conservons aucun journal de connexion plus d'un jour.");
        let check = "page-mentions = { pages = ['terms'], topic = 'log-retention' }";
        assert_eq!(codes(sample().page(HOME, LINKED).page(TERMS, &logs).judge(check)), ["mentioned"]);
    }

    #[test]
    fn a_menu_is_read_last() {
        let page = terms("Vos données personnelles sont traitées pour fournir le service.");
        let page = format!("<nav><a href=/x>Vie privée et traitement des données</a></nav>{page}");
        let findings = sample().page(HOME, LINKED).page(TERMS, &page).judge(CHECK).unwrap();
        assert!(findings[0].evidence[0].excerpt.as_deref().unwrap().starts_with("Vos données"));
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

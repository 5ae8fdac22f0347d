//! Whether a sentence says no, in the five languages of the lists.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::criteria::expression;

/// A `no` that is none: it sets a bound, it invites, it names a kind of body.
static NO_DENIAL: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"\b(?:non seulement|pas seulement|pas que|not only|nicht nur|niet alleen|no solo|(?:pas|not?) (?:plus|moins|more|less|longer|later|fewer) (?:de|d'|longtemps|than|tard)|pas plus|au plus|n'hesitez (?:donc )?pas|(?:do not|don't) hesitate|not-for-profit|non-profit|no matter|no doubt|sans aucun doute|n'importe)\b",
    )
});

/// A clause of the sentence ends here: what is denied before it is not denied after.
static TURN: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"; | : |: |\. |! |, (?:mais|et|but|and|aber|und|maar|en|pero|y|car|because)\b| (?:mais|but|however|cependant|toutefois|aber|maar|pero|sauf|except|sinon|otherwise) ",
    )
});

static DENIAL: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"(?x)
        \bn(?:e\ |')[^.;]{1,60}?\b(?:pas|plus|jamais|aucune?|rien|ni|guere|nulle\ part)\b
        | \b(?:aucune?s?|nulle|pas)\ (?:de\b|d'|encore\b|\w|§)
        | \b(?:absence|impossibilite)\ (?:de\b|d')
        | \b(?:sans|without|ohne|zonder|sin)\ (?:\w+\ ){0,2}§
        | \b(?:not|never|cannot|neither|none)\b | n't\b | \bno\ (?:\w+\ ){0,2}§ | \bthere\ (?:is|are)\ no\b | \bno\ longer\b
        | \b(?:nicht|niemals|nie|keine?[mnrs]?|niet|nooit|geen|nunca|jamas|ningun\w*)\b
        | \bno\ (?:se|hay|hacemos|tenemos|guardamos|somos|es|esta|estan)\b",
    )
});

/// Whether what stands at `hits` in a folded sentence is denied; a denial that is part of a hit is what was looked for.
pub(super) fn is_denied(folded: &str, hits: &[Range<usize>]) -> bool {
    let marked = marked(folded, hits);
    let marked = NO_DENIAL.replace_all(&marked, "");
    TURN.split(&marked).any(|clause| clause.contains('§') && DENIAL.is_match(clause))
}

/// The sentence with a sign in the place of each hit.
fn marked(folded: &str, hits: &[Range<usize>]) -> String {
    let mut hits = hits.to_vec();
    hits.sort_by_key(|hit| hit.start);
    let (mut marked, mut from) = (String::with_capacity(folded.len()), 0);
    for hit in hits {
        if hit.start >= from {
            marked.push_str(&folded[from..hit.start]);
            marked.push('§');
        }
        from = from.max(hit.end);
    }
    marked + &folded[from..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::{Words, fold};

    fn denied(sentence: &str) -> bool {
        let folded = fold(sentence);
        is_denied(&folded, &Words::new(["sauvegarde*", "backup*", "back-up*"]).find_in(&folded))
    }

    #[test]
    fn a_sentence_that_says_no_is_told() {
        for sentence in [
            "Nous ne faisons pas de sauvegarde.",
            "Nous n'effectuons aucune sauvegarde des fichiers.",
            "Le service est fourni sans sauvegarde.",
            "Sans aucune sauvegarde.",
            "On fait pas de sauvegardes.",
            "Il n'y a plus de sauvegarde.",
            "We do not make backups.",
            "There are no backups.",
            "We don't keep backups.",
            "No nightly backups are made.",
            "Wir machen keine Backups.",
            "Wij maken geen back-ups.",
        ] {
            assert!(denied(sentence), "{sentence}");
        }
    }

    #[test]
    fn a_bound_or_another_clause_denies_nothing() {
        for sentence in [
            "Les sauvegardes sont faites chaque nuit.",
            "Les sauvegardes ne sont gardées que trente jours.",
            "Nous ne garantissons rien, mais les sauvegardes sont quotidiennes.",
            "Les sauvegardes sont gardées un mois, pas plus.",
            "Backups are kept for no longer than a month.",
            "N'hésitez pas à demander une sauvegarde.",
            "We do not sell data; backups are made daily.",
        ] {
            assert!(!denied(sentence), "{sentence}");
        }
    }
}

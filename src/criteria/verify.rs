//! The rules held against the published charter: which commitment each criterion stands for, and what differs.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::criterion::{Criterion, Level};
use super::fold::fold;
use super::id::Family;
use super::load::Charter;
use super::published::Commitment;
use super::words::Words;

/// One criterion and the commitment that it stands for.
#[derive(Debug)]
pub struct Match<'a> {
    pub criterion: &'a Criterion,
    pub commitment: &'a Commitment,
    /// The words of the criterion's source that stand in the commitment.
    pub words: Vec<&'a str>,
    /// Its level in our rules and in the charter, where the charter tells another.
    pub levels: Option<(Level, Level)>,
    pub since: Since,
}

/// What became of the commitment's text since the criterion was last compared with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    NeverCompared,
    Same,
    Changed,
}

/// The rules of one edition beside a published charter.
#[derive(Debug)]
pub struct Comparison<'a> {
    pub edition: &'a str,
    /// In the order of the criteria.
    pub matched: Vec<Match<'a>>,
    /// Criteria of which no commitment has the words.
    pub alone: Vec<&'a Criterion>,
    /// Commitments, under one of the seven sections, that no criterion stands for.
    pub unclaimed: Vec<&'a Commitment>,
}

/// At least half of a criterion's words must stand in a commitment, so that one word in common is no match.
const ENOUGH: usize = 2;

impl<'a> Comparison<'a> {
    pub fn new(charter: &'a Charter, edition: &'a str, commitments: &'a [Commitment]) -> Self {
        let held = charter.criteria.iter().filter(|criterion| criterion.family() == Family::Charter && criterion.level(edition).is_some());
        let folded: Vec<String> = commitments.iter().map(|commitment| fold(&commitment.text)).collect();
        let (mut matched, mut alone, mut claimed) = (Vec::new(), Vec::new(), BTreeSet::new());
        for criterion in held {
            match best(criterion, commitments, &folded) {
                Some((n, words)) => {
                    claimed.insert(n);
                    matched.push(Match::new(criterion, &commitments[n], words, edition));
                }
                None => alone.push(criterion),
            }
        }
        let unclaimed = commitments.iter().enumerate().filter(|(n, one)| one.section.is_some() && !claimed.contains(n));
        Self { edition, matched, alone, unclaimed: unclaimed.map(|(_, one)| one).collect() }
    }

    /// Whether our rules say all that the charter says, as it says it.
    pub fn agrees(&self) -> bool {
        let differs = |one: &Match<'_>| one.levels.is_some() || one.since == Since::Changed;
        self.alone.is_empty() && self.unclaimed.is_empty() && !self.matched.iter().any(differs)
    }
}

impl<'a> Match<'a> {
    fn new(criterion: &'a Criterion, commitment: &'a Commitment, words: Vec<&'a str>, edition: &str) -> Self {
        let ours = criterion.level(edition).expect("only criteria of the edition are compared");
        let levels = commitment.level.filter(|theirs| *theirs != ours).map(|theirs| (ours, theirs));
        let since = match criterion.source.compared.get(edition) {
            None => Since::NeverCompared,
            Some(digest) if *digest == digest_of(commitment) => Since::Same,
            Some(_) => Since::Changed,
        };
        Self { criterion, commitment, words, levels, since }
    }

    /// What `criteria verify --write` keeps beside the criterion.
    pub fn digest(&self) -> String {
        digest_of(self.commitment)
    }
}

/// Of the words alone: another quotation mark or another line break is no change.
fn digest_of(commitment: &Commitment) -> String {
    let digest = Sha256::digest(fold(&commitment.text).as_bytes());
    digest.iter().take(8).fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// The commitment with most of the criterion's words: of its own section first, then anywhere; the shortest where several have as many.
fn best<'a>(criterion: &'a Criterion, commitments: &[Commitment], folded: &[String]) -> Option<(usize, Vec<&'a str>)> {
    let words: Vec<(&str, Words)> = criterion.source.words.iter().map(|word| (word.as_str(), Words::new([fold(word).as_str()]))).collect();
    let scored = commitments.iter().zip(folded).enumerate().filter_map(|(n, (commitment, text))| {
        let common: Vec<&str> = words.iter().filter(|(_, found)| found.is_in(text)).map(|(word, _)| *word).collect();
        let at_home = commitment.section == Some(criterion.id().section());
        (!common.is_empty() && common.len() * ENOUGH >= words.len()).then_some((
            common.len(),
            at_home,
            std::cmp::Reverse(text.len()),
            n,
            common,
        ))
    });
    // A commitment of another section must have every word.
    let sure = scored.filter(|(count, at_home, ..)| *at_home || *count == words.len());
    sure.max_by_key(|(count, at_home, length, n, _)| (*at_home, *count, *length, std::cmp::Reverse(*n))).map(|(.., n, common)| (n, common))
}

#[cfg(test)]
mod tests {
    use super::super::load::shipped;
    use super::super::published::commitments;
    use super::*;

    const FAITHFUL: &str = include_str!("../../tests/charter/faithful.md");
    const CHANGED: &str = include_str!("../../tests/charter/changed.md");

    fn ids<'a>(criteria: impl IntoIterator<Item = &'a Criterion>) -> Vec<String> {
        criteria.into_iter().map(|criterion| criterion.id().to_string()).collect()
    }

    #[test]
    fn every_criterion_finds_its_own_commitment_in_a_faithful_charter() {
        let published = commitments(FAITHFUL);
        let comparison = Comparison::new(shipped(), "2023", &published);
        assert_eq!(ids(comparison.alone.iter().copied()), [""; 0]);
        assert!(comparison.unclaimed.is_empty(), "{:?}", comparison.unclaimed);
        assert_eq!(comparison.matched.len(), published.len(), "one commitment a criterion");
        for one in &comparison.matched {
            assert_eq!(one.commitment.section, Some(one.criterion.id().section()), "{}: {}", one.criterion.id(), one.commitment.text);
            assert_eq!((one.levels, one.since), (None, Since::NeverCompared), "{}", one.criterion.id());
        }
        assert!(comparison.agrees());
    }

    /// The rules as they would be after `--write` on the faithful charter.
    fn compared() -> Charter {
        let mut charter = Charter::load(None).unwrap();
        let published = commitments(FAITHFUL);
        let digests: Vec<_> =
            Comparison::new(shipped(), "2023", &published).matched.iter().map(|one| (one.criterion.id(), one.digest())).collect();
        for criterion in &mut charter.criteria {
            let digest = digests.iter().find(|(id, _)| *id == criterion.id()).map(|(_, digest)| digest.clone());
            criterion.source.compared.extend(digest.map(|digest| ("2023".to_owned(), digest)));
        }
        charter
    }

    #[test]
    fn what_changed_came_and_went_is_told_and_nothing_else() {
        let (charter, published) = (compared(), commitments(CHANGED));
        let comparison = Comparison::new(&charter, "2023", &published);
        assert_eq!(ids(comparison.alone.iter().copied()), ["S2"]);
        assert_eq!(comparison.unclaimed.len(), 1);
        assert!(comparison.unclaimed[0].text.starts_with("héberger sur du matériel"));
        let changed = comparison.matched.iter().filter(|one| one.since != Since::Same).map(|one| one.criterion);
        assert_eq!(ids(changed), ["T8"]);
        assert!(!comparison.agrees());
        let again = commitments(FAITHFUL);
        assert!(Comparison::new(&charter, "2023", &again).agrees());
    }

    #[test]
    fn another_level_and_another_line_break_are_told_apart() {
        let (charter, published) = (
            compared(),
            commitments(
                &FAITHFUL
                    .replace("### Critères encouragés", "### Autres critères requis")
                    .replace("un *warrant canary*", "un\n  *warrant  canary*"),
            ),
        );
        let comparison = Comparison::new(&charter, "2023", &published);
        let levels: Vec<_> = comparison.matched.iter().filter_map(|one| Some((one.criterion.id().to_string(), one.levels?))).collect();
        assert_eq!(levels, [("N5".to_owned(), (Level::Encouraged, Level::Required))]);
        assert!(comparison.matched.iter().all(|one| one.since == Since::Same));
    }

    #[test]
    fn what_is_no_charter_leaves_every_criterion_alone() {
        let published = commitments("# Recette\n\n- du sel\n- du poivre\n");
        let comparison = Comparison::new(shipped(), "2016", &published);
        assert!(comparison.matched.is_empty() && comparison.unclaimed.is_empty() && comparison.alone.len() > 40);
    }
}

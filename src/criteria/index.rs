//! The lists by what they are looked up by: each index is made once, when first asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::lists::{DocumentKind, Party, Provider, Role, Software, Topic};
use super::load::Charter;
use super::words::{WordSets, Words};

/// Ranks in the lists of the charter that holds it.
#[derive(Debug, Default)]
pub(super) struct Index {
    parties: OnceLock<BTreeMap<String, usize>>,
    claims: OnceLock<BTreeMap<String, BTreeSet<usize>>>,
    names: OnceLock<WordSets>,
    /// By kind of document: what names it, and the same as it stands in addresses.
    titles: OnceLock<WordSets>,
    slugs: OnceLock<WordSets>,
    topics: OnceLock<TopicSets>,
    housing: OnceLock<Words>,
}

/// The words of all topics, and the sets that each must have a word of.
#[derive(Debug)]
struct TopicSets {
    words: WordSets,
    /// By topic: the sets of its groups, then that of its headings.
    of: Vec<(Vec<usize>, usize)>,
}

impl TopicSets {
    fn new(topics: &[Topic]) -> Self {
        let mut sets: Vec<&Words> = Vec::new();
        let mut of = Vec::new();
        for topic in topics {
            let groups = sets.len()..sets.len() + topic.searchers().len();
            sets.extend(topic.searchers());
            of.push((groups.collect(), sets.len()));
            sets.push(topic.titles());
        }
        Self { words: WordSets::new(sets), of }
    }
}

impl Charter {
    /// The third party that owns a host; the longest domain wins.
    pub fn party(&self, host: &str) -> Option<&Party> {
        let by_domain = self.index.parties.get_or_init(|| {
            let domains =
                |(rank, party): (usize, &Party)| party.domains.iter().map(move |domain| (domain.clone(), rank)).collect::<Vec<_>>();
            self.parties.iter().enumerate().flat_map(domains).collect()
        });
        let above = std::iter::successors(Some(host), |name| name.split_once('.').map(|(_, rest)| rest));
        above.into_iter().find_map(|domain| by_domain.get(domain)).map(|rank| &self.parties[*rank])
    }

    /// The programs that a name of `hoster.toml` means.
    pub fn programs_called(&self, claim: &str) -> impl Iterator<Item = &Arc<Software>> {
        let by_name = self.index.claims.get_or_init(|| {
            let mut by_name: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
            for (rank, program) in self.software.iter().enumerate() {
                for name in program.is_called_by() {
                    by_name.entry(name).or_default().insert(rank);
                }
            }
            by_name
        });
        let ranks = by_name.get(&claim.trim().to_lowercase());
        ranks.into_iter().flatten().map(|rank| &self.software[*rank])
    }

    /// The ranks of the programs that a folded text names, under any of their names.
    pub fn programs_named_in(&self, folded: &str) -> BTreeSet<usize> {
        let names = self.index.names.get_or_init(|| WordSets::new(self.software.iter().map(|program| program.words())));
        names.found_in(folded)
    }

    /// The ranks of the kinds of documents that a folded title or link may name: no other has a word there.
    pub fn documents_named_in(&self, folded: &str) -> BTreeSet<usize> {
        let titles = self.index.titles.get_or_init(|| WordSets::new(self.documents.iter().flat_map(|kind| [kind.words(), kind.weak()])));
        titles.found_in(folded).into_iter().map(|set| set / 2).collect()
    }

    /// The ranks of the kinds of documents that have a word in the slug of an address.
    pub fn documents_in_slug(&self, slug: &str) -> BTreeSet<usize> {
        let slugs = self.index.slugs.get_or_init(|| WordSets::new(self.documents.iter().map(DocumentKind::slugs)));
        slugs.found_in(slug)
    }

    /// The names of whoever is known to house machines.
    pub fn housing(&self) -> &Words {
        let housing = || self.providers.iter().filter(|one| one.role == Role::Hosting);
        self.index.housing.get_or_init(|| Words::new(housing().flat_map(Provider::names)))
    }

    /// A topic, and its rank.
    pub fn ranked_topic(&self, id: &str) -> Option<(usize, &Topic)> {
        self.topics.iter().enumerate().find(|(_, topic)| topic.id == id)
    }

    /// The ranks of the topics that a folded text under a folded heading may speak of: no other has a word of each group in the one
    /// or in the other.
    pub fn topics_near(&self, heading: Option<&str>, folded: &str) -> BTreeSet<usize> {
        let TopicSets { words, of } = self.index.topics.get_or_init(|| TopicSets::new(&self.topics));
        let in_text = words.found_in(folded);
        let in_heading = heading.map(|heading| words.found_in(heading)).unwrap_or_default();
        let speaks = |(groups, titles): &(Vec<usize>, usize)| {
            in_heading.contains(titles) || [&in_text, &in_heading].iter().any(|found| groups.iter().all(|group| found.contains(group)))
        };
        of.iter().enumerate().filter(|(_, sets)| speaks(sets)).map(|(rank, _)| rank).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::criteria::{fold, shipped};

    #[test]
    fn the_longest_domain_owns_a_host_and_no_look_alike_does() {
        let charter = shipped();
        for party in &charter.parties {
            for domain in &party.domains {
                for host in [domain.clone(), format!("a.{domain}"), format!("a.b.{domain}"), format!("x{domain}")] {
                    let longest =
                        charter.parties.iter().filter_map(|party| Some((party.owns(&host)?, party))).max_by_key(|(length, _)| *length);
                    assert_eq!(charter.party(&host).map(|party| &party.why), longest.map(|(_, party)| &party.why), "{host}");
                }
            }
        }
        assert!(charter.party("a.example").is_none() && charter.party("").is_none());
    }

    #[test]
    fn a_program_is_found_by_each_of_its_names() {
        let charter = shipped();
        for program in &charter.software {
            for claim in [&program.id, &program.name, &format!(" {} ", program.name.to_uppercase())].into_iter().chain(&program.aliases) {
                let called: Vec<&str> = charter.programs_called(claim).map(|program| program.id.as_str()).collect();
                let alone: Vec<&str> =
                    charter.software.iter().filter(|program| program.is_called(claim)).map(|program| program.id.as_str()).collect();
                assert_eq!(called, alone, "{claim}");
            }
        }
        assert_eq!(charter.programs_called("nobody's program").count(), 0);
    }

    #[test]
    fn a_text_names_the_programs_that_each_finds_in_it() {
        let charter = shipped();
        let text = fold("Nos pads (Etherpad), nos fichiers avec Nextcloud Talk, PeerTube-like, cryptpad.");
        let alone: Vec<usize> = (0..charter.software.len()).filter(|rank| charter.software[*rank].is_named_in(&text)).collect();
        assert_eq!(charter.programs_named_in(&text).into_iter().collect::<Vec<_>>(), alone);
        assert!(alone.len() >= 2);
    }

    /// Whatever a topic finds in its own examples, under a heading or in one, its words were seen there.
    #[test]
    fn no_topic_is_found_where_its_words_were_not_seen() {
        let charter = shipped();
        for (rank, topic) in charter.topics.iter().enumerate() {
            for sentence in topic.examples.iter().chain(topic.negated.iter()).chain(topic.counter_examples.iter()) {
                let folded = fold(sentence);
                for heading in [None, Some(folded.as_str())] {
                    let said = topic.mention(heading, sentence).is_some();
                    assert!(!said || charter.topics_near(heading, &folded).contains(&rank), "{}: {sentence}", topic.id);
                }
                assert!(!topic.is_in(sentence) || charter.topics_near(Some(&folded), "").contains(&rank), "{}: {sentence}", topic.id);
            }
            assert!(!charter.topics_near(None, "rien").contains(&rank), "{}", topic.id);
        }
    }
}

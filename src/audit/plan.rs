//! What is to be judged: each criterion of an edition, on each subject that it binds.

use std::collections::BTreeSet;

use super::documents::KEPT;
use crate::criteria::{Binds, Charter, Criterion, CriterionId, DocumentKind, Family, Level};
use crate::hoster::{Hoster, Site, Subject};

/// One criterion before one subject.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    pub criterion: &'a Criterion,
    pub level: Level,
    pub site: &'a Site,
}

/// The part of the rules that is asked for; empty sets ask for all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub only: BTreeSet<CriterionId>,
    pub services: BTreeSet<Subject>,
    pub families: BTreeSet<Family>,
}

impl Filter {
    /// Whether something is left out, so that the outcome is not a whole audit.
    pub fn is_partial(&self) -> bool {
        !self.only.is_empty() || !self.services.is_empty() || !self.families.is_empty()
    }

    fn keeps(&self, criterion: &Criterion, subject: &Subject) -> bool {
        (self.only.is_empty() || self.only.contains(&criterion.id()))
            && (self.families.is_empty() || self.families.contains(&criterion.family()))
            && (self.services.is_empty() || self.services.contains(subject))
    }
}

/// The steps of one hoster, in the order of the record: by criterion, then the hoster and its services as written.
#[derive(Debug)]
pub struct Plan<'a> {
    pub charter: &'a Charter,
    pub hoster: &'a Hoster,
    pub edition: &'a str,
    pub steps: Vec<Step<'a>>,
    /// Kinds of documents whose text is kept; none in a partial audit, which keeps nothing.
    pub texts: Vec<&'a DocumentKind>,
}

impl<'a> Plan<'a> {
    pub fn new(charter: &'a Charter, hoster: &'a Hoster, edition: &'a str, filter: &Filter) -> Self {
        let mut steps = Vec::new();
        for criterion in &charter.criteria {
            let Some(level) = criterion.level(edition) else { continue };
            let bound = match criterion.binds {
                Binds::Hoster => &hoster.sites[..1],
                Binds::EachService => hoster.services(),
                Binds::EachSite => &hoster.sites[..],
            };
            let kept = bound.iter().filter(|site| filter.keeps(criterion, &site.subject));
            steps.extend(kept.map(|site| Step { criterion, level, site }));
        }
        let kept = |kind: &&DocumentKind| KEPT.contains(&kind.id.as_str()) || hoster.keep.contains(&kind.id);
        let texts = if filter.is_partial() { Vec::new() } else { charter.documents.iter().filter(kept).collect() };
        Self { charter, hoster, edition, steps, texts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::shipped;
    use crate::file::Source;

    fn hoster() -> Hoster {
        let text =
            "name='A'\nwebsite='https://a.example/'\nedition='2016'\n[[service]]\nid='pad'\nname='P'\nurl='https://pad.a.example/'\n";
        Hoster::read("a".parse().unwrap(), &Source::new("hoster.toml", text), |_| true).unwrap()
    }

    fn steps(edition: &str, filter: &Filter) -> Vec<String> {
        let hoster = hoster();
        let plan = Plan::new(shipped(), &hoster, edition, filter);
        plan.steps.iter().map(|step| format!("{} {}", step.criterion.id(), step.site.subject)).collect()
    }

    #[test]
    fn a_criterion_is_judged_on_each_subject_that_it_binds() {
        let all = steps("2016", &Filter::default());
        assert!(all.contains(&"N3 hoster".to_owned()) && all.contains(&"N3 pad".to_owned()));
        assert!(all.contains(&"O4 pad".to_owned()) && !all.contains(&"O4 hoster".to_owned()));
        assert!(all.contains(&"T8 hoster".to_owned()) && !all.contains(&"T8 pad".to_owned()));
    }

    #[test]
    fn an_edition_holds_its_own_criteria_only() {
        assert!(!steps("2016", &Filter::default()).iter().any(|step| step.starts_with("T13 ")));
        assert!(steps("2023", &Filter::default()).iter().any(|step| step.starts_with("T13 ")));
    }

    #[test]
    fn a_filter_keeps_what_it_names() {
        let only = Filter { only: ["N3".parse().unwrap()].into(), services: ["pad".parse().unwrap()].into(), ..Filter::default() };
        assert_eq!(steps("2023", &only), ["N3 pad"]);
        let law = Filter { families: [Family::Law].into(), ..Filter::default() };
        assert!(steps("2023", &law).iter().all(|step| step.starts_with('L')));
        assert!(law.is_partial() && !Filter::default().is_partial());
    }
}

//! The second look: what would make a record worse is seen twice before it is written, so that a host that comes and goes changes none.

use std::collections::BTreeSet;

use crate::audit::{Plan, Reading, Record, SaidBySteps, Watch, diff, judge_all, regressions};
use crate::day::Day;
use crate::facts::Observer;

/// A hoster of which some steps would get worse.
pub(super) struct Doubt {
    pub(super) plan: usize,
    /// What was said at first, by step of the plan.
    pub(super) said: SaidBySteps,
    /// The texts that are kept: they are not read again.
    pub(super) read: Vec<Reading>,
    /// Those of which the standing would get worse.
    pub(super) steps: BTreeSet<usize>,
}

impl Doubt {
    /// The steps that would get worse. None when the new record is no worse than the old one, or when it is people who made it so.
    pub(super) fn steps(plan: &Plan<'_>, said: &SaidBySteps, old: &Record, new: &Record) -> BTreeSet<usize> {
        let changes = diff(old, new);
        let worse = regressions(&changes);
        let is_worse = |step: usize| {
            let (criterion, subject) = (plan.steps[step].criterion.id(), &plan.steps[step].site.subject);
            worse.iter().any(|change| change.criterion == criterion && change.subject == *subject)
        };
        (0..plan.steps.len()).filter(|step| !said[*step].is_empty() && is_worse(*step)).collect()
    }
}

/// Looks again at the doubtful steps, and at nothing else; what is said there now is what counts.
pub(super) fn look_again(doubts: Vec<Doubt>, plans: &[Plan<'_>], today: Day, observer: &mut dyn Observer) -> Vec<Doubt> {
    let again: Vec<Plan<'_>> = doubts
        .iter()
        .map(|doubt| {
            let plan = &plans[doubt.plan];
            let steps = doubt.steps.iter().map(|step| plan.steps[*step]).collect();
            Plan { charter: plan.charter, hoster: plan.hoster, edition: plan.edition, steps, texts: Vec::new() }
        })
        .collect();
    let mut second = Second(doubts);
    judge_all(&again, today, observer, &mut second);
    second.0
}

struct Second(Vec<Doubt>);

impl Watch for Second {
    fn progress(&mut self, _: usize, _: usize) {}

    fn done(&mut self, plan: usize, said: SaidBySteps, _: Vec<Reading>) {
        let doubt = &mut self.0[plan];
        for (step, said) in doubt.steps.iter().zip(said) {
            doubt.said[*step] = said;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::audit::Filter;
    use crate::criteria::shipped;
    use crate::facts::{Body, Exchange, Fact, Headers, Need, Seen, Silence, SilenceKind};
    use crate::file::Source;
    use crate::hoster::{Answers, Hoster};

    const TODAY: Day = Day::new(2026, 11, 22);

    /// A web whose plain HTTP redirects or not, or that says nothing.
    struct Web {
        redirects: bool,
        mute: bool,
        asked: Vec<Need>,
        under_way: Vec<Need>,
    }

    impl Web {
        fn new(redirects: bool, mute: bool) -> Self {
            Self { redirects, mute, asked: Vec::new(), under_way: Vec::new() }
        }
    }

    impl Observer for Web {
        fn ask(&mut self, need: Need) {
            self.asked.push(need.clone());
            self.under_way.push(need);
        }

        fn next(&mut self) -> Option<(Need, Seen)> {
            let need = self.under_way.pop()?;
            let Need::Exchange(url) = &need else { return Some((need.clone(), Err(Silence::new(SilenceKind::TimedOut, need.place())))) };
            let silence = Err(Silence::new(SilenceKind::TimedOut, need.place()));
            let plain = url.scheme() == "http" && self.redirects;
            let (status, field, value) = if plain {
                (301, "location", url.as_str().replacen("http", "https", 1))
            } else {
                (200, "content-type", "text/html".to_owned())
            };
            let headers = Headers::from([(field.to_owned(), vec![value])]);
            let exchange = Exchange::new(url.clone(), status, headers, None, Body::Text("<html lang=fr><title>A</title><p>hello".into()));
            let seen = if self.mute { silence } else { Ok(Fact::Exchange(Arc::new(exchange))) };
            Some((need, seen))
        }
    }

    #[derive(Default)]
    struct Kept(SaidBySteps);

    impl Watch for Kept {
        fn progress(&mut self, _: usize, _: usize) {}

        fn done(&mut self, _: usize, said: SaidBySteps, _: Vec<Reading>) {
            self.0 = said;
        }
    }

    fn hoster() -> Hoster {
        let text =
            "name='A'\nwebsite='https://a.example/'\nedition='2023'\n[[service]]\nid='pad'\nname='P'\nurl='https://pad.a.example/'\n";
        Hoster::read("a".parse().unwrap(), &Source::new("hoster.toml", text), |_| true).unwrap()
    }

    fn said(plans: &[Plan<'_>], mut web: Web) -> SaidBySteps {
        let mut kept = Kept::default();
        judge_all(plans, TODAY, &mut web, &mut kept);
        kept.0
    }

    /// The record of a hoster that was well and then seems ill, after a second look at it.
    fn after_a_second_look(mut second: Web) -> (Record, Record, usize) {
        let hoster = hoster();
        let plans = [Plan::new(shipped(), &hoster, "2023", &Filter::default())];
        let record = |said: &SaidBySteps| Record::make(&plans[0], said, &[], None, &Answers::default(), TODAY);
        let old = record(&said(&plans, Web::new(true, false)));
        let ill = said(&plans, Web::new(false, false));
        let steps = Doubt::steps(&plans[0], &ill, &old, &record(&ill));
        assert!(!steps.is_empty(), "it got worse");
        let doubt = Doubt { plan: 0, said: ill, read: Vec::new(), steps };
        let settled = look_again(vec![doubt], &plans, TODAY, &mut second);
        (old, record(&settled[0].said), second.asked.len())
    }

    #[test]
    fn a_host_that_comes_and_goes_changes_no_record() {
        let (old, new, asked) = after_a_second_look(Web::new(true, false));
        assert_eq!(old, new);
        assert!((1..20).contains(&asked), "only what is in doubt is asked again: {asked}");
    }

    #[test]
    fn what_is_seen_twice_is_recorded() {
        let (old, new, _) = after_a_second_look(Web::new(false, false));
        assert!(!regressions(&diff(&old, &new)).is_empty());
    }

    #[test]
    fn a_silent_second_look_accuses_nobody() {
        let (old, new, _) = after_a_second_look(Web::new(true, true));
        assert!(regressions(&diff(&old, &new)).is_empty());
    }

    #[test]
    fn nothing_is_looked_at_again_when_nothing_got_worse() {
        let hoster = hoster();
        let plans = [Plan::new(shipped(), &hoster, "2023", &Filter::default())];
        let said = said(&plans, Web::new(true, false));
        let record = Record::make(&plans[0], &said, &[], None, &Answers::default(), TODAY);
        assert!(Doubt::steps(&plans[0], &said, &record, &record).is_empty());
    }
}

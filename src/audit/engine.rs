//! Judges every step again as soon as a fact that it waits for has arrived; nobody waits for anybody else.

use std::collections::{BTreeMap, BTreeSet};

use super::documents::Reading;
use super::plan::Plan;
use crate::check::{Case, Check, Facts, Finding, Judgement, Published, Stop, published};
use crate::criteria::DocumentKind;
use crate::day::Day;
use crate::facts::{Need, Observer, Silence};

/// What one check said in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Findings(Vec<Finding>),
    /// Law 1: nobody answered, so nothing is said.
    Silent(Silence),
    /// The site belongs to customers: what was seen there is for information.
    CustomersSite(Vec<Finding>),
}

/// What the checks of each step said, in the order of its criterion's checks, each with its name.
pub type SaidBySteps = Vec<Vec<(&'static str, Said)>>;

/// Told how far the run is.
pub trait Watch {
    /// So many facts have come in, of so many asked for so far.
    fn progress(&mut self, seen: usize, asked: usize);
    /// What the checks of a plan said, by step, in the order of its criterion's checks; told as soon as it is whole.
    /// With the texts that are kept.
    fn done(&mut self, plan: usize, said: SaidBySteps, texts: Vec<Reading>);
}

/// Judges all plans on what `observer` sees. A need is asked once, whoever needs it (law 4).
pub fn judge_all(plans: &[Plan<'_>], today: Day, observer: &mut dyn Observer, watch: &mut dyn Watch) {
    let mut engine =
        Engine { plans, today, observer, watch, facts: Facts::new(), waiting: BTreeMap::new(), jobs: jobs(plans), left: Vec::new() };
    engine.left = plans.iter().enumerate().map(|(n, _)| engine.jobs.iter().filter(|job| job.plan == n).count()).collect();
    engine.run();
}

/// One check of one step of one plan, or one of its texts.
struct Job<'a> {
    plan: usize,
    task: Task<'a>,
}

enum Task<'a> {
    Check { step: usize, check: &'a Check, said: Option<Said> },
    Text { kind: &'a DocumentKind, read: Option<Published> },
}

impl Task<'_> {
    fn is_done(&self) -> bool {
        match self {
            Self::Check { said, .. } => said.is_some(),
            Self::Text { read, .. } => read.is_some(),
        }
    }
}

fn jobs<'a>(plans: &'a [Plan<'a>]) -> Vec<Job<'a>> {
    let mut jobs = Vec::new();
    for (n, plan) in plans.iter().enumerate() {
        for (s, step) in plan.steps.iter().enumerate() {
            jobs.extend(step.criterion.checks.iter().map(|check| Job { plan: n, task: Task::Check { step: s, check, said: None } }));
        }
        jobs.extend(plan.texts.iter().map(|kind| Job { plan: n, task: Task::Text { kind, read: None } }));
    }
    jobs
}

struct Engine<'a> {
    plans: &'a [Plan<'a>],
    today: Day,
    observer: &'a mut dyn Observer,
    watch: &'a mut dyn Watch,
    facts: Facts,
    /// Jobs that wait for a need; a need is a key here from when it is asked until it is answered.
    waiting: BTreeMap<Need, BTreeSet<usize>>,
    jobs: Vec<Job<'a>>,
    /// Jobs not yet decided, by plan.
    left: Vec<usize>,
}

impl Engine<'_> {
    fn run(&mut self) {
        for job in 0..self.jobs.len() {
            self.judge(job);
        }
        for plan in 0..self.plans.len() {
            if self.left[plan] == 0 {
                self.tell(plan);
            }
        }
        while let Some((need, seen)) = self.observer.next() {
            let waiting = self.waiting.remove(&need).unwrap_or_default();
            self.facts.insert(need, seen);
            self.watch.progress(self.facts.len(), self.facts.len() + self.waiting.len());
            for job in waiting {
                if !self.jobs[job].task.is_done() {
                    self.judge(job);
                    let plan = self.jobs[job].plan;
                    if self.jobs[job].task.is_done() && self.left[plan] == 0 {
                        self.tell(plan);
                    }
                }
            }
        }
    }

    fn judge(&mut self, n: usize) {
        let Job { plan: number, task } = &mut self.jobs[n];
        let plan = &self.plans[*number];
        let site = match task {
            Task::Check { step, .. } => plan.steps[*step].site,
            Task::Text { .. } => plan.hoster.home(),
        };
        let case = Case::new(plan.charter, plan.hoster, site, self.today, &self.facts);
        match task {
            Task::Check { check, said, .. } => *said = told(check.name(), check.judge(&case)),
            Task::Text { kind, read } => *read = published(&case, kind).ok(),
        }
        let wanted = case.wanted();
        if task.is_done() {
            self.left[*number] -= 1;
            return;
        }
        // What was expected besides is fetched too: the check will read it next.
        assert!(!wanted.is_empty(), "a check that waits has asked for something");
        for need in wanted {
            self.wait(n, need);
        }
    }

    fn wait(&mut self, job: usize, need: Need) {
        if let Some(waiting) = self.waiting.get_mut(&need) {
            waiting.insert(job);
            return;
        }
        self.observer.ask(need.clone());
        self.waiting.insert(need, [job].into());
    }

    fn tell(&mut self, plan: usize) {
        let mut said: SaidBySteps = self.plans[plan].steps.iter().map(|_| Vec::new()).collect();
        let mut texts = Vec::new();
        for job in self.jobs.iter().filter(|job| job.plan == plan) {
            match &job.task {
                Task::Check { step, check, said: one } => {
                    said[*step].push((check.name(), one.clone().expect("no job of the plan is left")));
                }
                Task::Text { kind, read } => {
                    let published = read.clone().expect("no job of the plan is left");
                    texts.push(Reading { kind: kind.id.clone(), published });
                }
            }
        }
        self.watch.done(plan, said, texts);
    }
}

/// What a check said in the end; nothing while it waits.
fn told(name: &'static str, judgement: Judgement) -> Option<Said> {
    let named = |findings: Vec<Finding>| findings.into_iter().map(|finding| Finding { check: name.to_owned(), ..finding }).collect();
    match judgement {
        Ok(findings) => Some(Said::Findings(named(findings))),
        Err(Stop::Silent(silence)) => Some(Said::Silent(silence)),
        Err(Stop::CustomersSite(seen)) => Some(Said::CustomersSite(named(seen.into_iter().map(Finding::for_information).collect()))),
        Err(Stop::Wanting) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Arc;

    use super::*;
    use crate::audit::Filter;
    use crate::criteria::shipped;
    use crate::facts::{Body, Exchange, Fact, Headers, Seen, SilenceKind};
    use crate::file::Source;
    use crate::hoster::Hoster;

    /// Answers every exchange with one page, the newest question first, and remembers what it was asked.
    #[derive(Default)]
    struct OnePage {
        asked: Vec<Need>,
        under_way: VecDeque<Need>,
        mute: bool,
        /// What names this host is answered last of all.
        slow: Option<&'static str>,
    }

    impl Observer for OnePage {
        fn ask(&mut self, need: Need) {
            self.asked.push(need.clone());
            self.under_way.push_back(need);
        }

        fn next(&mut self) -> Option<(Need, Seen)> {
            let quick = self.under_way.iter().rposition(|need| !self.slow.is_some_and(|slow| need.place().contains(slow)));
            let need = self.under_way.remove(quick.unwrap_or(0))?;
            let seen = match &need {
                Need::Exchange(url) if !self.mute => {
                    let headers = Headers::from([("content-type".to_owned(), vec!["text/html".to_owned()])]);
                    let body = Body::Text("<html lang=fr><title>A</title><p>hello".into());
                    Ok(Fact::Exchange(Arc::new(Exchange::new(url.clone(), 200, headers, None, body))))
                }
                _ => Err(Silence::new(SilenceKind::TimedOut, need.place())),
            };
            Some((need, seen))
        }
    }

    #[derive(Default)]
    struct Kept(Vec<(usize, SaidBySteps)>);

    impl Watch for Kept {
        fn progress(&mut self, seen: usize, asked: usize) {
            assert!(seen <= asked);
        }

        fn done(&mut self, plan: usize, said: SaidBySteps, _: Vec<Reading>) {
            self.0.push((plan, said));
        }
    }

    fn hoster(host: &str) -> Hoster {
        let text =
            format!("name='A'\nwebsite='https://{host}/'\nedition='2023'\n[[service]]\nid='pad'\nname='P'\nurl='https://pad.{host}/'\n");
        Hoster::read("a".parse().unwrap(), &Source::new("hoster.toml", text), |_| true).unwrap()
    }

    fn run(hosters: &[Hoster], mut observer: OnePage) -> (OnePage, Kept) {
        let plans: Vec<Plan<'_>> = hosters.iter().map(|hoster| Plan::new(shipped(), hoster, "2023", &Filter::default())).collect();
        let mut kept = Kept::default();
        judge_all(&plans, Day::new(2026, 11, 22), &mut observer, &mut kept);
        (observer, kept)
    }

    #[test]
    fn a_need_is_asked_once() {
        let (observer, kept) = run(&[hoster("a.example")], OnePage::default());
        let mut asked = observer.asked.clone();
        asked.sort();
        asked.dedup();
        assert_eq!(asked.len(), observer.asked.len());
        assert_eq!(kept.0.len(), 1);
    }

    #[test]
    fn a_silent_world_says_nothing() {
        let (_, kept) = run(&[hoster("a.example")], OnePage { mute: true, ..OnePage::default() });
        let (_, said) = &kept.0[0];
        // Of a service, what is told of its domain's home is not told again.
        let nothing = |said: &Said| matches!(said, Said::Silent(_)) || *said == Said::Findings(Vec::new());
        assert!(said.iter().flatten().all(|(_, said)| nothing(said)));
    }

    #[test]
    fn a_slow_host_delays_nobody() {
        let hosters = [hoster("slow.example"), hoster("quick.example")];
        let (_, kept) = run(&hosters, OnePage { slow: Some("slow.example"), ..OnePage::default() });
        let order: Vec<usize> = kept.0.iter().map(|(plan, ..)| *plan).collect();
        assert_eq!(order, [1, 0]);
    }
}

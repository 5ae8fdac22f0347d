//! Judges every step again as soon as a fact that it waits for has arrived; nobody waits for anybody else.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::cellar::Cellar;
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

/// Hosters that are judged at a time: the next one begins when one is whole, so that memory does not grow with their number.
const AT_A_TIME: usize = 64;

/// Told how far the run is.
pub trait Watch {
    /// So many facts have come in, of so many asked for so far.
    fn progress(&mut self, seen: usize, asked: usize);
    /// What the checks of a plan said, by step, in the order of its criterion's checks; told as soon as it is whole.
    /// With the texts that are kept.
    fn done(&mut self, plan: usize, said: SaidBySteps, texts: Vec<Reading>);
}

/// What a run came to, besides what was said.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// The most visits that had to be made one after the other, each known by the one before only.
    pub longest_chain: usize,
}

/// Judges all plans on what `observer` sees. A need is asked once, whoever needs it (law 4).
pub fn judge_all(plans: &[Plan<'_>], today: Day, observer: &mut dyn Observer, watch: &mut dyn Watch) -> Course {
    let mut engine = Engine {
        plans,
        today,
        observer,
        watch,
        facts: Cellar::new(),
        waiting: BTreeMap::new(),
        jobs: Vec::new(),
        own: vec![0..0; plans.len()],
        left: vec![0; plans.len()],
        asked: 0,
        seen: 0,
        course: Course::default(),
    };
    engine.run();
    engine.course
}

/// What a run would ask first: all that can be known before anything is seen.
pub fn first_needs(plans: &[Plan<'_>], today: Day) -> BTreeSet<Need> {
    let nothing = Facts::new();
    let mut needs = BTreeSet::new();
    for plan in plans {
        for mut job in jobs(plan, 0) {
            needs.extend(job.task.go_on(plan, today, &nothing).0);
        }
    }
    needs
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

    /// Is judged on what was seen so far; says what it asked for besides, and what of that it cannot go on without.
    fn go_on(&mut self, plan: &Plan<'_>, today: Day, facts: &Facts) -> (BTreeSet<Need>, BTreeSet<Need>) {
        let site = match self {
            Self::Check { step, .. } => plan.steps[*step].site,
            Self::Text { .. } => plan.hoster.home(),
        };
        let case = Case::new(plan.charter, plan.hoster, site, today, facts);
        match self {
            Self::Check { check, said, .. } => *said = told(check.name(), check.judge(&case)),
            Self::Text { kind, read } => *read = published(&case, kind).ok(),
        }
        (case.wanted(), case.missed())
    }
}

/// What a plan asks for.
fn jobs<'a>(plan: &'a Plan<'a>, n: usize) -> impl Iterator<Item = Job<'a>> {
    let steps = plan.steps.iter().enumerate();
    let checks = steps.flat_map(|(step, of)| of.criterion.checks.iter().map(move |check| Task::Check { step, check, said: None }));
    let texts = plan.texts.iter().map(|kind| Task::Text { kind, read: None });
    checks.chain(texts).map(move |task| Job { plan: n, task })
}

/// Who waits for a need that was asked.
#[derive(Default)]
struct Waiting {
    jobs: BTreeSet<usize>,
    /// How many visits led to it, itself included.
    depth: usize,
}

struct Engine<'a> {
    plans: &'a [Plan<'a>],
    today: Day,
    observer: &'a mut dyn Observer,
    watch: &'a mut dyn Watch,
    facts: Cellar,
    /// Jobs that wait for a need; a need is a key here from when it is asked until it is answered.
    waiting: BTreeMap<Need, Waiting>,
    /// Of the plans that have begun, each plan's together.
    jobs: Vec<Job<'a>>,
    /// Which of the jobs are a plan's own.
    own: Vec<Range<usize>>,
    /// Jobs not yet decided, by plan.
    left: Vec<usize>,
    asked: usize,
    seen: usize,
    course: Course,
}

impl Engine<'_> {
    fn run(&mut self) {
        let mut coming = 0..self.plans.len();
        let mut under_way = 0;
        loop {
            while under_way < AT_A_TIME
                && let Some(plan) = coming.next()
            {
                under_way += 1;
                under_way -= self.begin(plan);
            }
            let Some((need, seen)) = self.observer.next() else { break };
            let Waiting { jobs, depth } = self.waiting.remove(&need).unwrap_or_default();
            self.facts.put(need, seen);
            self.seen += 1;
            self.watch.progress(self.seen, self.asked);
            for job in jobs {
                under_way -= self.take_up(job, depth);
            }
        }
    }

    /// Judges all that a plan asks for; says how many plans are whole by it: one or none.
    fn begin(&mut self, plan: usize) -> usize {
        let first = self.jobs.len();
        self.jobs.extend(jobs(&self.plans[plan], plan));
        self.own[plan] = first..self.jobs.len();
        self.left[plan] = self.own[plan].len();
        if self.left[plan] == 0 {
            self.tell(plan);
            return 1;
        }
        self.own[plan].clone().map(|job| self.take_up(job, 0)).sum()
    }

    /// Takes up one job, and tells its plan if that was the last one: says how many plans are whole by it.
    fn take_up(&mut self, job: usize, depth: usize) -> usize {
        if self.jobs[job].task.is_done() {
            return 0;
        }
        self.judge(job, depth);
        let plan = self.jobs[job].plan;
        if !self.jobs[job].task.is_done() || self.left[plan] > 0 {
            return 0;
        }
        self.tell(plan);
        1
    }

    fn judge(&mut self, n: usize, depth: usize) {
        loop {
            let Job { plan, task } = &mut self.jobs[n];
            let (wanted, missed) = task.go_on(&self.plans[*plan], self.today, self.facts.at_hand());
            if task.is_done() {
                self.left[*plan] -= 1;
                break;
            }
            assert!(!wanted.is_empty(), "a check that waits has asked for something");
            // What was seen long ago is brought up, and read at once.
            if missed.iter().filter(|need| self.facts.fetch(need)).count() == 0 {
                // What was expected besides is asked for too: the check will read it next.
                for need in wanted {
                    let stops = missed.is_empty() || missed.contains(&need);
                    self.wait(n, need, stops, depth);
                }
                break;
            }
        }
        self.facts.tidy();
    }

    /// Asks for what was never asked for. A job that `stops` there is judged again when it arrives.
    fn wait(&mut self, job: usize, need: Need, stops: bool, depth: usize) {
        if !self.waiting.contains_key(&need) {
            if self.facts.has(&need) {
                return;
            }
            self.observer.ask(need.clone());
            self.asked += 1;
        }
        // The answer of a name server is no visit.
        let depth = depth + usize::from(!matches!(need, Need::Addresses(_) | Need::Records(..) | Need::Signature(_)));
        let waiting = self.waiting.entry(need).or_insert_with(|| Waiting { jobs: BTreeSet::new(), depth });
        if stops {
            waiting.jobs.insert(job);
        }
        self.course.longest_chain = self.course.longest_chain.max(waiting.depth);
    }

    fn tell(&mut self, plan: usize) {
        let mut said: SaidBySteps = self.plans[plan].steps.iter().map(|_| Vec::new()).collect();
        let mut texts = Vec::new();
        for job in &mut self.jobs[self.own[plan].clone()] {
            match &mut job.task {
                Task::Check { step, check, said: one } => {
                    said[*step].push((check.name(), one.replace(Said::CustomersSite(Vec::new())).expect("no job of the plan is left")));
                }
                Task::Text { kind, read } => {
                    let published = read.replace(Published::Unknown).expect("no job of the plan is left");
                    texts.push(Reading { kind: kind.id.clone(), published });
                }
            }
        }
        self.facts.part_with(self.plans[plan].hoster);
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

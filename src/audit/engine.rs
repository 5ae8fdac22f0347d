//! Judges every step again as soon as the facts that it waits for have arrived; nobody waits for anybody else.

use std::collections::BTreeSet;

use super::cellar::Cellar;
use super::documents::Reading;
use super::plan::Plan;
use crate::check::{Case, Check, Facts, Finding, Judgement, Published, Stop, published};
use crate::criteria::DocumentKind;
use crate::day::Day;
use crate::facts::{ByNeed, Need, Observer, Silence};

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
/// Each has one machine at least, which is visited twice at a time: a few more than half of the visits that a run makes at a time
/// keep them all under way.
const AT_A_TIME: usize = 34;

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
    judge_with(Cellar::new(), plans, today, observer, watch)
}

fn judge_with(facts: Cellar, plans: &[Plan<'_>], today: Day, observer: &mut dyn Observer, watch: &mut dyn Watch) -> Course {
    let work = plans.iter().map(|_| Work::default()).collect();
    let (waiting, course) = (ByNeed::new(), Course::default());
    let mut engine = Engine { plans, today, observer, watch, facts, waiting, work, asked: 0, seen: 0, course };
    engine.run();
    engine.course
}

/// What a run would ask first: all that can be known before anything is seen.
pub fn first_needs(plans: &[Plan<'_>], today: Day) -> BTreeSet<Need> {
    let nothing = Facts::new();
    let mut needs = BTreeSet::new();
    for plan in plans {
        for mut task in tasks(plan) {
            needs.extend(task.go_on(plan, today, &nothing).0);
        }
    }
    needs
}

/// What a plan that has begun asks for, until it is told.
#[derive(Default)]
struct Work<'a> {
    jobs: Vec<Job<'a>>,
    /// Jobs not yet decided.
    left: usize,
    /// What was asked for its sake.
    asked: Vec<Need>,
}

/// A task and what it waits for.
struct Job<'a> {
    task: Task<'a>,
    /// Of what it cannot go on without, how much has not come; what it once lacked, and no longer, may be counted off too.
    lacks: usize,
    /// How many visits led to where it is.
    depth: usize,
}

/// A job of a plan: where it is in both.
type JobId = (usize, usize);

/// One check of one step of a plan, or one of its texts.
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
fn tasks<'a>(plan: &'a Plan<'a>) -> impl Iterator<Item = Task<'a>> {
    let steps = plan.steps.iter().enumerate();
    let checks = steps.flat_map(|(step, of)| of.criterion.checks.iter().map(move |check| Task::Check { step, check, said: None }));
    checks.chain(plan.texts.iter().map(|kind| Task::Text { kind, read: None }))
}

/// Who waits for a need that was asked.
#[derive(Default)]
struct Waiting {
    jobs: BTreeSet<JobId>,
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
    waiting: ByNeed<Waiting>,
    /// By plan; none of those that have not begun, or are told.
    work: Vec<Work<'a>>,
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
            let Waiting { jobs, depth } = self.waiting.swap_remove(&need).unwrap_or_default();
            self.facts.put(need, seen);
            self.seen += 1;
            self.watch.progress(self.seen, self.asked);
            for id in jobs {
                // Those of a plan that was told are gone.
                let Some(job) = self.work[id.0].jobs.get_mut(id.1) else { continue };
                job.lacks = job.lacks.saturating_sub(1);
                job.depth = job.depth.max(depth);
                if job.lacks == 0 {
                    under_way -= self.take_up(id);
                }
            }
        }
    }

    /// Judges all that a plan asks for; says how many plans are whole by it: one or none.
    fn begin(&mut self, plan: usize) -> usize {
        let jobs: Vec<Job<'_>> = tasks(&self.plans[plan]).map(|task| Job { task, lacks: 0, depth: 0 }).collect();
        let count = jobs.len();
        self.work[plan] = Work { left: count, jobs, asked: Vec::new() };
        if count == 0 {
            self.tell(plan);
            return 1;
        }
        (0..count).map(|job| self.take_up((plan, job))).sum()
    }

    /// Takes up one job, and tells its plan if that was the last one: says how many plans are whole by it.
    fn take_up(&mut self, (plan, job): JobId) -> usize {
        if self.work[plan].jobs[job].task.is_done() {
            return 0;
        }
        self.judge((plan, job));
        self.facts.tidy();
        let work = &mut self.work[plan];
        if !work.jobs[job].task.is_done() {
            return 0;
        }
        work.left -= 1;
        if work.left > 0 {
            return 0;
        }
        self.tell(plan);
        1
    }

    fn judge(&mut self, id: JobId) {
        let (mut brought, mut again) = (BTreeSet::new(), false);
        loop {
            let job = &mut self.work[id.0].jobs[id.1];
            let (wanted, missed) = job.task.go_on(&self.plans[id.0], self.today, self.facts.at_hand());
            if job.task.is_done() {
                return;
            }
            assert!(!missed.is_empty(), "a check that waits has asked for something");
            // What was seen long ago is brought up, and read at once.
            again |= missed.iter().any(|need| brought.contains(need));
            if !again {
                self.facts.tidy();
            }
            let some = self.facts.fetch_some(&missed, again);
            if !some.is_empty() {
                brought.extend(some);
                continue;
            }
            let depth = job.depth;
            // What was expected besides is asked for too: the check will read it next.
            for need in wanted.union(&missed) {
                self.ask(id.0, need, depth);
            }
            self.work[id.0].jobs[id.1].lacks = missed.len();
            for need in missed {
                self.waiting.entry(need).or_default().jobs.insert(id);
            }
            return;
        }
    }

    /// Asks for what was never asked for, for the sake of a plan.
    fn ask(&mut self, plan: usize, need: &Need, depth: usize) {
        if self.waiting.contains_key(need) || self.facts.has(need) {
            return;
        }
        // The answer of a name server is no visit.
        let depth = depth + usize::from(!matches!(need, Need::Addresses(_) | Need::Records(..) | Need::Signature(_)));
        self.course.longest_chain = self.course.longest_chain.max(depth);
        self.waiting.insert(need.clone(), Waiting { jobs: BTreeSet::new(), depth });
        self.asked += 1;
        self.work[plan].asked.push(need.clone());
        self.observer.ask(need.clone());
    }

    fn tell(&mut self, plan: usize) {
        let mut said: SaidBySteps = self.plans[plan].steps.iter().map(|_| Vec::new()).collect();
        let mut texts = Vec::new();
        let work = std::mem::take(&mut self.work[plan]);
        for job in work.jobs {
            match job.task {
                Task::Check { step, check, said: one } => said[step].push((check.name(), one.expect("no job of the plan is left"))),
                Task::Text { kind, read } => {
                    texts.push(Reading { kind: kind.id.clone(), published: read.expect("no job of the plan is left") });
                }
            }
        }
        self.facts.part_with(self.plans[plan].hoster, &work.asked);
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
mod tests;

//! The engine before worlds of one page: what is asked, how often, and what is put away meanwhile.

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
    let text = format!("name='A'\nwebsite='https://{host}/'\nedition='2023'\n[[service]]\nid='pad'\nname='P'\nurl='https://pad.{host}/'\n");
    Hoster::read(host.split('.').next().unwrap().parse().unwrap(), &Source::new("hoster.toml", text), |_| true).unwrap()
}

fn run(hosters: &[Hoster], observer: OnePage) -> (OnePage, Kept) {
    run_with(Cellar::new(), hosters, observer)
}

fn run_with(cellar: Cellar, hosters: &[Hoster], mut observer: OnePage) -> (OnePage, Kept) {
    let plans: Vec<Plan<'_>> = hosters.iter().map(|hoster| Plan::new(shipped(), hoster, "2023", &Filter::default())).collect();
    let mut kept = Kept::default();
    judge_with(cellar, &plans, Day::new(2026, 11, 22), &mut observer, &mut kept);
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

#[test]
fn what_is_put_away_changes_nothing() {
    let hosters = [hoster("a.example"), hoster("b.example")];
    let (asked, kept) = run(&hosters, OnePage::default());
    let (asked_again, kept_again) = run_with(Cellar::with_limit(1), &hosters, OnePage::default());
    assert_eq!(kept.0, kept_again.0);
    let sorted = |mut asked: Vec<Need>| {
        asked.sort();
        asked
    };
    assert_eq!(sorted(asked.asked), sorted(asked_again.asked));
}

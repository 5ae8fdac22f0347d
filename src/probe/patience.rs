//! How long a site asked to be left alone (429, `Retry-After`): its other requests wait as long, or are not made at all.
//!
//! A site is an origin: scheme, name and port. One machine often serves many strangers, and none of them may silence the others.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use url::Url;

use crate::facts::Headers;

/// Nothing of it leaves the probe.
pub(super) type Moment = Instant;

/// Waits in a row that changed nothing: a site that asks for more is left alone.
pub(super) const MOST_IN_VAIN: usize = 2;

/// What every site asked for so far.
#[derive(Debug)]
pub(super) struct Patience {
    /// For all waits of a site together.
    longest: Duration,
    sites: Mutex<BTreeMap<String, Site>>,
}

#[derive(Debug)]
struct Site {
    /// The end of its last wait.
    until: Instant,
    /// All waits together.
    spent: Duration,
    in_vain: usize,
    left_alone: bool,
}

/// What an answer asks of whoever comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plea {
    /// 429: it is about the visitor, whatever is asked for.
    TooMuch(Duration),
    /// 503 with `Retry-After`: it is about what was asked for, of which the rest of the site may know nothing.
    Busy(Duration),
}

impl Plea {
    /// Nothing when the answer asks for nothing; `pause` when it does not say for how long.
    pub(super) fn of(status: u16, headers: &Headers, pause: Duration) -> Option<Self> {
        let asked = || retry_after(headers).max(pause);
        match status {
            429 => Some(Self::TooMuch(asked())),
            503 if headers.contains_key("retry-after") => Some(Self::Busy(asked())),
            _ => None,
        }
    }
}

/// RFC 9110, section 10.2.3. A date needs a clock, which is not an input: it is taken for more than we ever wait.
pub(super) fn retry_after(headers: &Headers) -> Duration {
    let value = headers.get("retry-after").and_then(|values| values.first());
    value.map_or(Duration::ZERO, |value| value.trim().parse().map_or(Duration::MAX, Duration::from_secs))
}

impl Patience {
    pub(super) fn new(longest: Duration) -> Self {
        Self { longest, sites: Mutex::default() }
    }

    /// A moment to reckon waits from.
    pub(super) fn moment() -> Moment {
        Instant::now()
    }

    /// Comes back once the site may be asked again; false when it is left alone for good.
    pub(super) async fn wait(&self, url: &Url) -> bool {
        loop {
            match self.site(url, |site| (site.left_alone, site.until)) {
                Some((true, _)) => return false,
                Some((false, until)) if Instant::now() < until => sleep_until(until).await,
                _ => return true,
            }
        }
    }

    /// Whether the site may be asked right now.
    pub(super) fn welcomes(&self, url: &Url) -> bool {
        self.site(url, |site| !site.left_alone && site.until <= Instant::now()).unwrap_or(true)
    }

    pub(super) fn leaves_alone(&self, url: &Url) -> bool {
        self.site(url, |site| site.left_alone).unwrap_or(false)
    }

    /// Hears what an answer asks for, to a request that was made at that moment.
    pub(super) fn hear(&self, url: &Url, plea: Option<Plea>, made: Instant, now: Instant) {
        let mut sites = self.sites();
        match plea {
            Some(plea) => {
                let fresh = Site { until: now, spent: Duration::ZERO, in_vain: 0, left_alone: false };
                sites.entry(origin(url)).or_insert(fresh).hear(plea, made, now, self.longest);
            }
            None if sites.is_empty() => {}
            None => {
                if let Some(site) = sites.get_mut(&origin(url)) {
                    site.in_vain = 0;
                }
            }
        }
    }

    /// What is told of a site that asked for something; most runs meet none.
    fn site<T>(&self, url: &Url, tell: impl FnOnce(&Site) -> T) -> Option<T> {
        let sites = self.sites();
        if sites.is_empty() { None } else { sites.get(&origin(url)).map(tell) }
    }

    fn sites(&self) -> MutexGuard<'_, BTreeMap<String, Site>> {
        self.sites.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Site {
    fn hear(&mut self, plea: Plea, made: Instant, now: Instant, longest: Duration) {
        let (Plea::TooMuch(asked) | Plea::Busy(asked)) = plea;
        let is_about_us = matches!(plea, Plea::TooMuch(_));
        // What was asked before the wait says again what the wait is for.
        if is_about_us && made >= self.until && !self.spent.is_zero() {
            self.in_vain += 1;
        }
        let until = now.checked_add(asked).filter(|_| asked <= longest);
        let more = until.map(|until| until.saturating_duration_since(self.until.max(now)));
        match (until, more) {
            (Some(until), Some(more)) if self.spent + more <= longest && self.in_vain < MOST_IN_VAIN => {
                self.spent += more;
                self.until = self.until.max(until);
            }
            _ => self.left_alone |= is_about_us,
        }
    }
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: Duration = Duration::from_secs(30);

    /// A site that heard pleas, each with the seconds at which the request was made and answered; then until when one waits for it.
    fn after(pleas: &[(Plea, u64, u64)]) -> Option<u64> {
        let (patience, start, url) = (Patience::new(LONGEST), Instant::now(), "https://a.test/x".parse().unwrap());
        let at = |seconds| start + Duration::from_secs(seconds);
        for (plea, made, now) in pleas {
            patience.hear(&url, Some(*plea), at(*made), at(*now));
        }
        assert!(!patience.leaves_alone(&"http://a.test/x".parse().unwrap()), "another origin");
        let until = patience.sites()[&origin(&url)].until;
        (!patience.leaves_alone(&url)).then(|| (until - start).as_secs())
    }

    fn much(seconds: u64) -> Plea {
        Plea::TooMuch(Duration::from_secs(seconds))
    }

    #[test]
    fn a_site_is_waited_for_as_long_as_it_asks() {
        assert_eq!(after(&[(much(7), 0, 1)]), Some(8));
        assert_eq!(after(&[(much(7), 0, 1), (much(3), 0, 2)]), Some(8), "the longest of two answers at a time");
        assert_eq!(after(&[(much(7), 0, 1), (much(7), 0, 2)]), Some(9));
        assert_eq!(after(&[(Plea::Busy(LONGEST), 0, 1)]), Some(31));
    }

    #[test]
    fn patience_has_an_end() {
        assert_eq!(after(&[(much(30), 0, 0)]), Some(30));
        assert_eq!(after(&[(much(31), 0, 0)]), None);
        assert_eq!(after(&[(Plea::TooMuch(Duration::MAX), 0, 0)]), None);
        assert_eq!(after(&[(much(20), 0, 0), (much(20), 21, 21)]), None, "all waits together");
        assert_eq!(after(&[(much(1), 0, 0), (much(1), 1, 2), (much(1), 3, 4)]), None, "it was given twice, and changed nothing");
        assert_eq!(after(&[(much(1), 0, 0), (much(1), 1, 2), (much(1), 1, 2)]), Some(3), "two at a time are asked once");
    }

    #[test]
    fn what_is_only_busy_silences_nothing_else() {
        for asked in [Duration::from_secs(31), Duration::MAX] {
            assert_eq!(after(&[(Plea::Busy(asked), 0, 1)]), Some(1), "it is not waited for either");
        }
        let busy = Plea::Busy(Duration::from_secs(1));
        assert_eq!(after(&[(busy, 0, 0), (busy, 1, 2), (busy, 3, 4), (busy, 5, 6)]), Some(7));
    }

    #[test]
    fn who_lets_something_through_has_not_asked_in_vain() {
        let (patience, start, url) = (Patience::new(LONGEST), Instant::now(), "https://a.test/".parse().unwrap());
        for n in 0..20 {
            let at = start + Duration::from_secs(2 * n);
            patience.hear(&url, Some(much(1)), at, at);
            patience.hear(&url, None, at, at);
        }
        assert!(!patience.leaves_alone(&url));
    }

    #[test]
    fn a_plea_is_read_from_an_answer() {
        let plea = |status, after: Option<&str>| {
            let headers: Headers = after.iter().map(|value| ("retry-after".to_owned(), vec![(*value).to_owned()])).collect();
            Plea::of(status, &headers, Duration::from_secs(1))
        };
        assert_eq!(plea(429, None), Some(much(1)));
        assert_eq!(plea(429, Some("5")), Some(much(5)));
        assert_eq!(plea(503, Some("5")), Some(Plea::Busy(Duration::from_secs(5))));
        assert_eq!((plea(503, None), plea(200, Some("5"))), (None, None));
    }
}

//! How well the finder did: precision and recall, by kind of document.

use std::collections::BTreeMap;
use std::fmt;

use super::site::Expected;

/// One kind of document of one site.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub site: String,
    pub kind: String,
    expected: Expected,
    seen: Expected,
    /// Pages that were asked for.
    pub requests: usize,
}

/// What was right and wrong, of one kind of document or of all.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Found, and the right page.
    pub right: usize,
    /// Found, and another page, or a page where there is none.
    pub wrong: usize,
    /// There, and not found.
    pub missed: usize,
    /// Not there or not to be read, and not found.
    pub rest: usize,
}

impl Outcome {
    pub(super) fn new(site: &str, kind: &str, expected: Expected, seen: Expected, requests: usize) -> Self {
        Self { site: site.to_owned(), kind: kind.to_owned(), expected, seen, requests }
    }

    fn tally(&self) -> Tally {
        let one = |right, wrong, missed, rest| Tally { right, wrong, missed, rest };
        match (&self.expected, &self.seen) {
            (Expected::At(places), Expected::At(seen)) if seen.iter().all(|url| places.contains(url)) => one(1, 0, 0, 0),
            (Expected::At(_), Expected::At(_)) => one(0, 1, 1, 0),
            (_, Expected::At(_)) => one(0, 1, 0, 0),
            (Expected::At(_), _) => one(0, 0, 1, 0),
            _ => one(0, 0, 0, 1),
        }
    }

    /// A page that is not the right one, or a page where there is none.
    pub fn is_wrong_page(&self) -> bool {
        self.tally().wrong > 0
    }

    /// "Not found" is said of what is there, or may be.
    pub fn is_falsely_absent(&self) -> bool {
        self.seen == Expected::Absent && self.expected != Expected::Absent
    }

    /// It is there, and was not found.
    pub fn is_missed(&self) -> bool {
        self.tally().missed > 0
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |what: &Expected| match what {
            Expected::At(places) => places.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or "),
            Expected::Absent => "absent".to_owned(),
            Expected::Unseen => "unseen".to_owned(),
        };
        write!(f, "{} {}: {}, expected {}", self.site, self.kind, show(&self.seen), show(&self.expected))
    }
}

impl Tally {
    pub fn of<'o>(outcomes: impl IntoIterator<Item = &'o Outcome>) -> Self {
        outcomes.into_iter().map(Outcome::tally).fold(Self::default(), |sum, one| Self {
            right: sum.right + one.right,
            wrong: sum.wrong + one.wrong,
            missed: sum.missed + one.missed,
            rest: sum.rest + one.rest,
        })
    }

    /// Of a hundred pages that are found, so many are the right ones; nothing when none is found.
    pub fn precision(self) -> Option<f64> {
        share(self.right, self.wrong)
    }

    /// Of a hundred documents that are there, so many are found; nothing when none is there.
    pub fn recall(self) -> Option<f64> {
        share(self.right, self.missed)
    }

    /// A line per kind, and one for all.
    pub fn table(outcomes: &[Outcome]) -> String {
        let mut kinds: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
        for outcome in outcomes {
            kinds.entry(&outcome.kind).or_default().push(outcome);
        }
        let row = |name: &str, tally: Self| {
            let percent = |share: Option<f64>| share.map_or("-".to_owned(), |share| format!("{share:.0} %"));
            let Self { right, wrong, missed, rest } = tally;
            format!(
                "{name:<20} {right:>5} {wrong:>5} {missed:>6} {rest:>5} {:>9} {:>6}\n",
                percent(tally.precision()),
                percent(tally.recall())
            )
        };
        let head = format!("{:<20} {:>5} {:>5} {:>6} {:>5} {:>9} {:>6}\n", "", "right", "wrong", "missed", "rest", "precision", "recall");
        let rows = kinds.iter().map(|(kind, outcomes)| row(kind, Self::of(outcomes.iter().copied()))).collect::<String>();
        format!("{head}{rows}{}", row("all", Self::of(outcomes)))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred documents")]
fn share(part: usize, rest: usize) -> Option<f64> {
    (part + rest > 0).then(|| 100.0 * part as f64 / (part + rest) as f64)
}

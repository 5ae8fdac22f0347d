//! An audit: what is to be judged, the judging as facts arrive, and what is kept of it.

mod cellar;
mod combine;
mod describe;
mod diff;
mod documents;
mod engine;
mod plan;
mod questions;
mod record;

pub use combine::{By, Standing};
pub use describe::describe;
pub use diff::{Cause, Change, closed, diff, gaps, overdue, regressions};
pub use documents::{DocumentKept, Reading};
pub use engine::{Said, SaidBySteps, Watch, first_needs, judge_all};
pub use plan::{Filter, Plan, Step};
pub use questions::{Question, Scope, Why, gaps_without_action, questions};
pub use record::{Counts, Entry, Record, Tree, count, read_record};

#[cfg(test)]
pub use record::{AnswerKept, Remark, RemarkKind, ReplyKept, WaiverKept};

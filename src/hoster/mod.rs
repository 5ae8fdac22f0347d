//! Who is audited, and what its people have answered.

mod answers;
mod description;

pub use answers::{Action, Answer, AnswerOutcome, Answers, Waiver};
pub use description::{Hoster, HosterId, Site, Subject, Written};

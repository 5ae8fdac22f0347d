//! Who is audited, and what its people have answered.

mod answers;
mod answers_file;
mod description;

pub use answers::{Action, Answer, AnswerOutcome, Answers, Waiver};
pub use answers_file::{NewAction, NewAnswer};
pub use description::{Hoster, HosterId, Site, Subject, Written};

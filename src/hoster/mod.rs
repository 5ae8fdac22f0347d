//! Who is audited, and what its people have answered.

mod answers;
mod claims;
mod description;
mod id;

pub use answers::{Action, Answer, AnswerOutcome, Answers, Waiver};
pub use description::{Hoster, Site, Written};
pub use id::{HosterId, Subject};

//! Who is audited, and what its people have answered.

mod answers;
mod answers_file;
mod description;
mod sheet;
mod written;

pub use answers::{Action, Answer, AnswerOutcome, Answers, Waiver};
pub use answers_file::{NewAction, NewAnswer};
pub use description::{Hoster, HosterId, Site, Subject, Written};
pub use sheet::{Column, Key, Reading, guarded, separator};
pub use written::{answer_word, links, written_day};

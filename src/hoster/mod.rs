//! Who is audited, and what its people have answered.

mod answers;
mod answers_file;
mod claims;
mod description;
mod id;
mod proposal;
mod sheet;
mod written;

pub use answers::{Action, Answer, AnswerOutcome, Answers, Waiver};
pub use answers_file::{NewAction, NewAnswer};
#[cfg(test)]
pub use claims::Hosting;
pub use claims::LegalForm;
pub use description::{Hoster, Site, Written};
pub use id::{HosterId, Subject};
pub use proposal::{Offer, Proposal, Quoted};
pub use sheet::{Column, Key, Reading, guarded, separator};
pub use written::{answer_word, links, written_day};

//! What was seen: data only. Nothing here goes to look, and nothing judges.

mod certificate;
mod door;
mod exchange;
mod need;
mod page;
mod records;
mod signature;
mod silence;

pub use certificate::{Certificate, Trust};
pub use door::Door;
pub use exchange::{Body, Exchange, Headers};
pub use need::{Authority, Fact, Need, Observer, Seen};
pub use page::{Control, Link, Page, Resource, ResourceKind};
pub use records::{NameState, Record, RecordKind, Records, reverse_name};
pub use signature::Signature;
pub use silence::{Silence, SilenceKind};

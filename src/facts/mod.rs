//! What was seen: data only. Nothing here goes to look, and nothing judges.

mod certificate;
mod exchange;
mod need;
mod page;
mod silence;

pub use certificate::{Certificate, Trust};
pub use exchange::{Body, Exchange, Headers};
pub use need::{Authority, Fact, Need, Observer, Seen};
pub use page::{Article, Control, Link, Page, Passage, Resource, ResourceKind};
pub use silence::{Silence, SilenceKind};

//! What was seen: data only. Nothing here goes to look, and nothing judges.

mod certificate;
mod exchange;
mod need;
mod page;
mod silence;

pub use certificate::{Certificate, Trust};
pub use exchange::{Body, Exchange, Headers, MOST_REDIRECTS};
pub use need::{Authority, Fact, Need, Observer, Seen};
pub use page::{Control, Link, Page, Resource, ResourceKind};
pub use silence::{Silence, SilenceKind};

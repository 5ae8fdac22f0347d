//! What was seen: data only. Nothing here goes to look, and nothing judges.

mod certificate;
mod exchange;
mod handshake;
mod need;
mod page;
mod silence;

pub use certificate::{Certificate, Digest, Key, KeyKind, Served, Trust};
pub use exchange::{Body, Exchange, Headers};
pub use handshake::{Handshake, Protocols, Reply, Version};
pub use need::{Authority, Fact, Need, Observer, Seen};
pub use page::{Control, Link, Page, Resource, ResourceKind};
pub use silence::{Silence, SilenceKind};

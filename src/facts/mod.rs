//! What was seen: data only. Nothing here goes to look, and nothing judges.

mod call;
mod certificate;
mod cookie;
mod door;
mod exchange;
mod handshake;
mod need;
mod page;
mod policy;
mod records;
mod signature;
mod silence;
mod starttls;
mod steady;
mod visit;

pub use call::{Call, How, When};
pub use certificate::{Certificate, Digest, Key, KeyKind, Served, Trust};
pub use cookie::{Cookie, Life, SameSite};
pub use door::Door;
pub use exchange::{Body, Exchange, Headers, MOST_REDIRECTS};
pub use handshake::{Handshake, Protocols, Reply, Version};
pub use need::{Authority, ByNeed, Fact, Need, Observer, Seen};
pub use page::{Article, Control, Link, Page, Passage, Resource, ResourceKind};
pub use policy::Fetch;
pub use policy::Policies;
pub use records::{NameState, Record, RecordKind, Records, reverse_name};
pub use signature::Signature;
pub use silence::{Silence, SilenceKind};
pub use starttls::{Digests, Print, Starttls};
pub use steady::steady;
pub use visit::{Kept, Stay, Stored, Visit};

//! What was seen: data only. Nothing here goes to look, and nothing judges.

mod certificate;
mod cookie;
mod exchange;
mod need;
mod page;
mod policy;
mod silence;
pub use certificate::{Certificate, Trust};
pub use cookie::Cookie;
#[expect(unused_imports, reason = "for the checks of cookies and third parties")]
pub use cookie::{Life, SameSite};
pub use exchange::{Body, Exchange, Headers};
pub use need::{Authority, Fact, Need, Observer, Seen};
pub use page::{Article, Control, Link, Page, Passage, Resource, ResourceKind};
#[expect(unused_imports, reason = "for the check of third parties")]
pub use policy::Fetch;
pub use policy::Policies;
mod door;
mod records;
mod signature;
pub use door::Door;
pub use records::{NameState, Record, RecordKind, Records, reverse_name};
pub use signature::Signature;
pub use silence::{Silence, SilenceKind};

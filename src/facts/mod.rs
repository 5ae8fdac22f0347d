//! What was seen: data only. Nothing here goes to look, and nothing judges.

mod call;
mod certificate;
mod cookie;
mod exchange;
mod need;
mod page;
mod policy;
mod silence;
mod steady;
mod visit;

pub use call::{Call, How, When};
pub use certificate::{Certificate, Trust};
pub use cookie::Cookie;
pub use cookie::{Life, SameSite};
pub use exchange::{Body, Exchange, Headers};
pub use need::{Authority, Fact, Need, Observer, Seen};
pub use page::{Control, Link, Page, Resource, ResourceKind};
pub use policy::Fetch;
pub use policy::Policies;
pub use silence::{Silence, SilenceKind};
pub use steady::steady;
pub use visit::{Kept, Stay, Stored, Visit};

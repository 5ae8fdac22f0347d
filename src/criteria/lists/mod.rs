//! The lists that checks look things up in.

mod cookies;
mod documents;
mod exceptions;
mod software;
mod third_parties;
mod topics;

pub use cookies::{CookieName, Purpose};
pub use documents::DocumentKind;
pub use exceptions::Exception;
pub use software::{Sign, Software, SoftwareEdition, Spot, Sure, licence_is_free};
pub use third_parties::{Class, Party};
pub use topics::Topic;

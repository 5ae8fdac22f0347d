//! The lists that checks look things up in.

mod cookies;
mod documents;
mod exceptions;
mod providers;
mod software;
mod third_parties;
mod topics;
mod versions;

pub use cookies::{CookieName, Purpose};
pub use documents::{DocumentKind, bare_path};
pub use exceptions::Exception;
pub use providers::{HeaderMark, Provider, ProviderClass, Role, pattern_of, ways_to_say};
pub use software::{DeleteAccount, Sign, Software, SoftwareEdition, Spot, Sure, licence_is_free};
pub use third_parties::{Class, Party};
pub use topics::{Mention, Negation, Searchable, Topic};
pub use versions::numbers;

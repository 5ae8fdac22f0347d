//! What is asked: the charter as data, read from TOML, checked as a whole.

mod criterion;
mod fold;
mod id;
mod lint;
mod lists;
mod load;

pub use criterion::{Binds, Criterion, Effort, Level, Proves, SourceStatus};
pub use fold::{Words, fold};
pub use id::{CriterionId, Family, Section};
pub use lists::{Class, CookieName, DocumentKind, Party, Purpose, Sign, Software, SoftwareEdition, Spot, Sure, licence_is_free};
pub use load::{Charter, CriterionFile};

#[cfg(test)]
pub use load::shipped;

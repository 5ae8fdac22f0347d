//! What is asked: the charter as data, read from TOML, checked as a whole.

mod criterion;
mod fold;
mod id;
mod lint;
mod lists;
mod load;

pub use criterion::{Binds, Criterion, Effort, Level, Proves, SourceStatus};
pub use fold::{FoldedText, Words, fold};
pub use id::{CriterionId, Family, Section};
pub use lists::{Class, DocumentKind, Mention, Negation, Party, Sign, Software, SoftwareEdition, Spot, Sure, Topic, licence_is_free};
pub use load::{Charter, CriterionFile};

#[cfg(test)]
pub use load::shipped;

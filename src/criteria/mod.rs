//! What is asked: the charter as data, read from TOML, checked as a whole.

mod compared;
mod criterion;
mod fold;
mod id;
mod index;
mod lint;
mod lists;
mod load;
mod published;
mod rehearsal;
mod verify;
mod words;

pub use compared::note;
pub use criterion::{Binds, Criterion, Effort, Level, Proves, SourceStatus};
pub use fold::{FoldedText, expression, fold, in_ascii};
pub use id::{CriterionId, Family, Section};
pub use lists::{
    Class, CookieName, DeleteAccount, DocumentKind, HeaderMark, Mention, Negation, Party, Provider, ProviderClass, Purpose, Role,
    Searchable, Sign, Software, SoftwareEdition, Spot, Sure, Topic, bare_path, licence_is_free, pattern_of, ways_to_say,
};
pub use load::{CHARTER_FILES, Charter, CriterionFile};
pub use published::{Commitment, commitments};
pub use verify::{Comparison, Match, Since};
pub use words::{WordSets, Words};

#[cfg(test)]
pub use load::{shipped, shipped_with};

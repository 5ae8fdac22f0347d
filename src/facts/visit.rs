//! What a browser did on a page: opened it, waited, scrolled down, clicked on nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Call, Exchange};

/// A page as a visitor's browser lives it. All is sorted and nothing is counted, so that the same page gives the same visit.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The page as it was at the end, programs run, and where the browser stood.
    pub shown: Arc<Exchange>,
    /// Each request that left the browser for the page's sake, its query cut off.
    pub calls: BTreeSet<Call>,
    /// Cookies that were there at the end, all kept before any consent.
    pub cookies: BTreeSet<Kept>,
    /// What was written to the local storage.
    pub stored: BTreeSet<Stored>,
}

/// A cookie that the browser kept, whoever set it: a header field or a program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kept {
    /// The host that has it back, or the domain, without a dot before it.
    pub domain: String,
    /// What changes from visit to visit in it is written `*`.
    pub name: String,
    pub stay: Stay,
    pub secure: bool,
    pub http_only: bool,
    /// As written; nothing when the server said nothing.
    pub same_site: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stay {
    /// Until the browser is closed.
    Session,
    /// Until a date.
    Lasting,
}

/// A key of the local storage.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stored {
    pub host: String,
    /// What changes from visit to visit in it is written `*`.
    pub key: String,
}

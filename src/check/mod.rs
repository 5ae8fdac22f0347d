//! Judging: one pure function a file, on facts alone. A check never goes to look.

mod accessible_basics;
mod account_deletable;
mod caa;
mod case;
mod certificate_valid;
mod data_portable;
mod dates;
mod dnssec;
mod domain;
mod facts;
mod finder;
mod finding;
mod free_software;
mod headers_hardened;
mod hosting_named;
mod hsts;
mod https_only;
mod identify;
mod ipv6;
mod language;
mod mail_authenticated;
mod mail_extras;
mod no_cookies;
mod no_third_parties;
mod page_fresh;
mod page_linked;
mod page_mentions;
mod page_published;
mod proposal;
mod providers;
mod providers_compatible;
mod published;
mod reachable;
mod rehearsal;
#[cfg(test)]
mod sample;
mod searches;
mod security_txt;

mod software_current;
mod software_listed;
mod source_offered;
mod spf;
mod spf_lookups;
mod tls_modern;
mod visited;
mod visits;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::criteria::DocumentKind;

pub use case::{Case, Stop};
pub use dates::latest as latest_day;
pub use facts::Facts;
pub use finder::budget;
pub use finding::{Evidence, Finding, Outcome};
pub use mail_extras::MOST_MAIL_SERVERS;
pub use proposal::{propose, survey};
pub use published::{Published, published};
pub use rehearsal::rehearse;

/// What a check says of a case, or why it says nothing.
pub type Judgement = Result<Vec<Finding>, Stop>;

/// A pure judgement on facts. The type that implements it is its TOML table.
pub trait Judge {
    fn judge(&self, case: &Case<'_>) -> Judgement;

    /// What its parameters name in the lists.
    fn references(&self) -> Vec<Reference<'_>> {
        Vec::new()
    }
}

/// Where a kind of document is, in short.
pub enum Place {
    At(url::Url),
    /// Something is there, and it could not be read, or not be told.
    Unsure,
    Nowhere,
}

/// Looks for a document, without a judgement.
pub fn place_of(case: &Case<'_>, kind: &DocumentKind) -> Result<Place, Stop> {
    Ok(match finder::find(case, kind)? {
        finder::Search::Found(document) => Place::At(document.exchange.url().clone()),
        finder::Search::Doubtful(..) | finder::Search::Absent { unsure: true, .. } => Place::Unsure,
        finder::Search::Absent { .. } => Place::Nowhere,
    })
}

/// An entry of a list that a check names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference<'a> {
    Document(&'a str),
    Topic(&'a str),
}

/// One line a check: its name in TOML, its file, its type. List, dispatch and names are made from it.
macro_rules! checks {
    ($($name:literal $file:ident::$check:ident),+ $(,)?) => {
        /// A check, as it is written in a criterion.
        #[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
        pub enum Check {
            $(#[serde(rename = $name)] $check($file::$check),)+
        }

        impl Check {
            /// Every check and its codes.
            pub const ALL: &[(&str, &[&str])] = &[$(($name, $file::CODES)),+];

            pub fn name(&self) -> &'static str {
                match self { $(Self::$check(_) => $name),+ }
            }

            pub fn judge(&self, case: &Case<'_>) -> Judgement {
                match self { $(Self::$check(check) => check.judge(case)),+ }
            }

            pub fn references(&self) -> Vec<Reference<'_>> {
                match self { $(Self::$check(check) => check.references()),+ }
            }
        }
    };
}

checks! {
    "reachable" reachable::Reachable,
    "https-only" https_only::HttpsOnly,
    "certificate-valid" certificate_valid::CertificateValid,
    "tls-modern" tls_modern::TlsModern,
    "hsts" hsts::Hsts,
    "headers-hardened" headers_hardened::HeadersHardened,
    "page-published" page_published::PagePublished,
    "page-linked" page_linked::PageLinked,
    "page-fresh" page_fresh::PageFresh,
    "page-mentions" page_mentions::PageMentions,
    "free-software" free_software::FreeSoftware,
    "software-current" software_current::SoftwareCurrent,
    "source-offered" source_offered::SourceOffered,
    "data-portable" data_portable::DataPortable,
    "account-deletable" account_deletable::AccountDeletable,
    "software-listed" software_listed::SoftwareListed,
    "no-third-parties" no_third_parties::NoThirdParties,
    "no-cookies" no_cookies::NoCookies,
    "security-txt" security_txt::SecurityTxt,
    "ipv6" ipv6::Ipv6,
    "dnssec" dnssec::Dnssec,
    "caa" caa::Caa,
    "mail-authenticated" mail_authenticated::MailAuthenticated,
    "providers-compatible" providers_compatible::ProvidersCompatible,
    "hosting-named" hosting_named::HostingNamed,
    "accessible-basics" accessible_basics::AccessibleBasics,
}

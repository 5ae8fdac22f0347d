//! The text of a kind of document, for whoever keeps it: no check, but it asks as checks do.

use std::sync::Arc;

use super::finder::{Search, find};
use super::{Case, Stop};
use crate::criteria::DocumentKind;
use crate::facts::{Body, Exchange};

/// What is known of a kind of document.
#[derive(Debug, Clone)]
pub enum Published {
    Text(Arc<Exchange>),
    /// All places were looked at, each answered, and it is at none.
    Gone,
    /// A place was silent or in doubt, or shows no text.
    Unknown,
}

pub fn published(case: &Case<'_>, kind: &DocumentKind) -> Result<Published, Stop> {
    match find(case, kind) {
        Ok(Search::Found(document)) if document.exchange.body != Body::Binary => Ok(Published::Text(document.exchange)),
        Ok(Search::Absent { unsure: false, .. }) => Ok(Published::Gone),
        Err(Stop::Wanting) => Err(Stop::Wanting),
        Ok(_) | Err(_) => Ok(Published::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::Stop;
    use crate::check::sample::{HOME, published as judged, sample};
    use crate::facts::SilenceKind;

    use super::Published;

    const TERMS: &str = "https://a.example/cgu";

    fn long(words: &str) -> String {
        format!("<h1>CGU</h1><p>{}</p>", words.repeat(60))
    }

    #[test]
    fn a_text_is_found_gone_or_unknown() {
        let home = || sample().page(HOME, "<p>hello</p><a href='/cgu'>CGU</a>");
        assert!(matches!(judged(home().page(TERMS, &long("Vous acceptez ceci. ")), "terms"), Ok(Published::Text(_))));
        assert!(matches!(judged(sample().page(HOME, "<p>hello</p>"), "terms"), Ok(Published::Gone)));
    }

    #[test]
    fn silence_is_never_a_verdict() {
        let home = sample().page(HOME, "<p>hello</p><a href='/cgu'>CGU</a>");
        assert!(matches!(judged(home.silent(TERMS, SilenceKind::TimedOut), "terms"), Ok(Published::Unknown)));
        let dark: Result<Published, Stop> = judged(sample().silent(HOME, SilenceKind::TimedOut), "terms");
        assert!(matches!(dark, Ok(Published::Unknown)));
    }
}

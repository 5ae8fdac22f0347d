//! What a browser adds to what a page says by itself. Without one, everything is as if it did not exist.

use std::sync::Arc;

use url::Url;

use super::{Case, Stop};
use crate::facts::{Exchange, Fact, Need, Silence, SilenceKind, Visit};

impl Case<'_> {
    /// What a browser did on a page; nothing when none was wanted, or when none is there.
    pub fn browsed(&self, url: &Url) -> Result<Option<Arc<Visit>>, Stop> {
        match self.browse(url)? {
            Ok(visit) => Ok(Some(visit)),
            Err(silence) if matches!(silence.kind, SilenceKind::NotAsked | SilenceKind::NoBrowser) => Ok(None),
            Err(silence) => Err(Stop::Silent(silence)),
        }
    }

    /// So that a browser starts while the page is read.
    pub fn expect_visit(&self, url: &Url) {
        self.expect([need(url)]);
    }

    /// A page that shows nothing without its programs, once a browser has run them.
    pub(super) fn lived(&self, url: &Url) -> Result<Arc<Exchange>, Stop> {
        match self.browse(url)? {
            Ok(visit) if !visit.shown.page().needs_javascript() => Ok(Arc::clone(&visit.shown)),
            Err(silence) if silence.kind != SilenceKind::NotAsked => Err(Stop::Silent(silence)),
            _ => Err(Stop::Silent(Silence::new(SilenceKind::NeedsJavascript, url))),
        }
    }

    fn browse(&self, url: &Url) -> Result<Result<Arc<Visit>, Silence>, Stop> {
        Ok(match self.seen(need(url))? {
            Ok(Fact::Visit(visit)) => Ok(Arc::clone(visit)),
            Ok(_) => unreachable!("a visit is brought back for a visit"),
            Err(silence) => Err(silence.clone()),
        })
    }
}

fn need(url: &Url) -> Need {
    let mut page = url.clone();
    page.set_fragment(None);
    Need::Visit(page)
}

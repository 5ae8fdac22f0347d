//! Visits of a browser, written by hand.

use std::sync::Arc;

use url::Url;

use super::Sample;
use crate::facts::{Body, Call, Exchange, Fact, Headers, How, Kept, Need, Silence, SilenceKind, Stay, Stored, Visit, When};

impl Sample {
    /// What a browser showed and called on a page.
    pub(in crate::check) fn browsed(self, url: &str, shown: &str, calls: &[&str]) -> Self {
        self.kept(url, shown, calls, &[], &[])
    }

    /// What it kept there: cookies by domain and name, keys by host.
    pub(in crate::check) fn keeping(self, url: &str, cookies: &[(&str, &str, Stay)], stored: &[(&str, &str)]) -> Self {
        self.kept(url, "<p>Bonjour", &[], cookies, stored)
    }

    fn kept(mut self, url: &str, shown: &str, calls: &[&str], cookies: &[(&str, &str, Stay)], stored: &[(&str, &str)]) -> Self {
        let at: Url = url.parse().unwrap();
        let call = |to: &&str| {
            let page = at.clone();
            Call { url: to.parse().unwrap(), how: How::Fetch, page, via: Vec::new(), when: When::Loading, written: None }
        };
        let cookie = |(domain, name, stay): &(&str, &str, Stay)| Kept {
            domain: (*domain).to_owned(),
            name: (*name).to_owned(),
            stay: *stay,
            secure: false,
            http_only: false,
            same_site: None,
        };
        let key = |(host, key): &(&str, &str)| Stored { host: (*host).to_owned(), key: (*key).to_owned() };
        let headers = Headers::from([("content-type".to_owned(), vec!["text/html".to_owned()])]);
        let visit = Visit {
            shown: Arc::new(Exchange::new(at.clone(), 200, headers, None, Body::Text(shown.to_owned()))),
            calls: calls.iter().map(call).collect(),
            cookies: cookies.iter().map(cookie).collect(),
            stored: stored.iter().map(key).collect(),
        };
        self.facts.insert(Need::Visit(at), Ok(Fact::Visit(Arc::new(visit))));
        self
    }

    /// Why a browser saw nothing there.
    pub(in crate::check) fn unbrowsed(mut self, url: &str, kind: SilenceKind) -> Self {
        self.facts.insert(Need::Visit(url.parse().unwrap()), Err(Silence::new(kind, url)));
        self
    }
}

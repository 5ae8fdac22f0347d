//! What the checks compile when it is first looked for, compiled beforehand.

use url::Url;

use super::dates;
use super::finder::is_post;
use crate::criteria::Charter;
use crate::day::Day;
use crate::facts::{Body, Exchange, Headers};
use crate::hoster::Hoster;

/// Reads what says next to nothing as the checks do, on a thread of its own, while the first answers are awaited. It changes no judgement.
pub fn rehearse<'h>(charter: &Charter, hosters: impl Iterator<Item = &'h Hoster>) {
    // What is claimed is looked for at once.
    let claims = hosters.flat_map(|hoster| &hoster.sites).filter_map(|site| site.software.as_deref());
    for sign in claims.flat_map(|claim| charter.programs_called(claim)).flat_map(|program| program.all_signs()) {
        sign.reads("");
    }
    charter.rehearse();
    let url: Url = "https://a.example/".parse().expect("a fixed address");
    for kind in &charter.documents {
        is_post(&url, kind);
    }
    dates::latest("1 mai 2020", Day::new(2026, 1, 1));
    Exchange::new(url, 200, Headers::new(), None, Body::Text("<p>1 mai 2020".to_owned())).article().words();
}

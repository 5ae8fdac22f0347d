//! `NodeInfo`: a program that says its name and version, at an address that `/.well-known/nodeinfo` gives.

use serde_json::Value;
use url::Url;

use super::place::Place;
use crate::check::{Case, Stop};

/// What a program says of itself.
#[derive(Debug)]
pub(super) struct Told {
    /// In small letters; some programs write a capital, against the schema.
    pub(super) name: String,
    pub(super) version: String,
    /// Where the code in use is (`software.repository`, from schema 2.1 on).
    pub(super) repository: Option<Url>,
    pub(super) at: Url,
}

/// Asks for discovery, then for the highest schema that it names, on the same host. A site under a path believes it only
/// where the address is under that path: the rest of the host may be another program.
pub(super) fn ask(case: &Case<'_>, place: &Place) -> Result<Option<Told>, Stop> {
    let base = place.base();
    let discovery = base.join("/.well-known/nodeinfo").expect("a fixed path");
    let Some(found) = json(case, &discovery)? else { return Ok(None) };
    let mut links: Vec<(&str, Url)> = found
        .pointer("/links")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|link| Some((link.get("rel")?.as_str()?, discovery.join(link.get("href")?.as_str()?).ok()?)))
        .filter(|(rel, href)| rel.contains("nodeinfo.diaspora.software/ns/schema/") && is_under(href, base))
        .collect();
    links.sort();
    let Some((_, at)) = links.pop() else { return Ok(None) };
    let Some(told) = json(case, &at)? else { return Ok(None) };
    let text = |pointer| told.pointer(pointer).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let name = text("/software/name").to_lowercase();
    let repository = Url::parse(&text("/software/repository")).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    Ok((!name.is_empty()).then(|| Told { name, version: text("/software/version"), repository, at }))
}

/// The same scheme, host and port, and at or under the folder.
fn is_under(href: &Url, base: &Url) -> bool {
    href.origin() == base.origin() && href.path().starts_with(base.path())
}

/// The JSON of an address that answers for itself; a redirect to another host speaks of that host.
fn json(case: &Case<'_>, url: &Url) -> Result<Option<Value>, Stop> {
    match case.visit(url) {
        Ok(exchange) if exchange.status == 200 && exchange.url().origin() == url.origin() => Ok(serde_json::from_str(exchange.text()).ok()),
        Ok(_) | Err(Stop::Silent(_)) => Ok(None),
        Err(stop) => Err(stop),
    }
}

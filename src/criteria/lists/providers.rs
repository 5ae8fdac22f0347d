//! Providers that names and header fields give away: mail, name servers, content networks, hosting.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::criteria::fold;
use crate::day::Day;
use crate::text::Text;

/// A provider, and the names by which it is known. A pattern stands for itself and all names under it; `*` is any part of one label.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Provider {
    pub id: String,
    pub name: String,
    /// Other names under which people rent from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    pub owner: String,
    /// What it does for whom an alias, an address or a header field leads to it.
    pub role: Role,
    pub class: ProviderClass,
    /// Hosts that receive mail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mx: Vec<String>,
    /// Domains that an SPF record includes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spf: Vec<String>,
    /// Name servers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ns: Vec<String>,
    /// Names that an alias leads to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cname: Vec<String>,
    /// Names of its addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ptr: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<HeaderMark>,
    /// What is to be said against it; left out of those that are `ok`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Text>,
    /// What to use instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<Text>,
    /// Public pages that show its patterns; without one, they come from general knowledge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<PatternSource>,
}

/// A public page that shows patterns of a provider.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PatternSource {
    at: Url,
    /// The day on which it was looked up.
    on: Day,
    /// The kinds of patterns of which it shows one at least.
    pub shows: Vec<PatternKind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PatternKind {
    Mx,
    Spf,
    Ns,
    Cname,
    Ptr,
    Headers,
}

/// A header field that it adds.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HeaderMark {
    pub name: String,
    /// What its value holds, in small letters; left out: any value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<String>,
}

/// What it does for a hoster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Mail,
    NameServers,
    ContentNetwork,
    Hosting,
}

/// How it stands with the charter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderClass {
    Ok,
    /// People argue about it: never for a machine to decide.
    Contested,
    Contrary,
}

impl Provider {
    /// The kinds of patterns that it has.
    pub fn kinds(&self) -> impl Iterator<Item = PatternKind> {
        use PatternKind::{Cname, Headers, Mx, Ns, Ptr, Spf};
        let names = [(Mx, &self.mx), (Spf, &self.spf), (Ns, &self.ns), (Cname, &self.cname), (Ptr, &self.ptr)];
        let headers = (!self.headers.is_empty()).then_some(Headers);
        names.into_iter().filter(|(_, patterns)| !patterns.is_empty()).map(|(kind, _)| kind).chain(headers)
    }

    /// Whether a public page shows patterns of this kind.
    pub fn is_shown(&self, kind: PatternKind) -> bool {
        self.sources.iter().any(|source| source.shows.contains(&kind))
    }

    /// Its names as pages write them, folded.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let names = [&self.name].into_iter().chain(&self.also);
        names.flat_map(|name| ways_to_say(name)).chain([self.id.replace('-', " ")])
    }

    /// All its patterns of names.
    pub fn patterns(&self) -> impl Iterator<Item = &String> {
        [&self.mx, &self.spf, &self.ns, &self.cname, &self.ptr].into_iter().flatten()
    }
}

/// A name as pages write it: whole, and without what follows its dot or its bracket; folded.
pub fn ways_to_say(name: &str) -> Vec<String> {
    let folded = fold(name);
    let short = folded.split(['.', '(']).next().unwrap_or_default().trim().to_owned();
    let mut ways = vec![folded.clone()];
    if short.chars().count() >= 3 && short != folded {
        ways.push(short);
    }
    ways
}

/// The pattern that holds a name, the one with most characters first.
pub fn pattern_of<'p>(patterns: &'p [String], host: &str) -> Option<&'p str> {
    let held = patterns.iter().filter(|pattern| holds(pattern, host));
    held.max_by_key(|pattern| pattern.len()).map(String::as_str)
}

/// Label by label, from the end.
fn holds(pattern: &str, host: &str) -> bool {
    let mut labels = host.rsplit('.');
    pattern.rsplit('.').all(|wanted| {
        labels.next().is_some_and(|label| match wanted.split_once('*') {
            Some((start, end)) => label.len() >= start.len() + end.len() && label.starts_with(start) && label.ends_with(end),
            None => label == wanted,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_holds_the_names_under_it_and_no_look_alike() {
        assert!(holds("google.com", "aspmx.l.google.com") && holds("google.com", "google.com"));
        assert!(!holds("google.com", "notgoogle.com") && !holds("google.com", "google.com.evil.test") && !holds("google.com", "com"));
        assert!(holds("awsdns-*.co.uk", "ns-1.awsdns-04.co.uk") && !holds("awsdns-*.co.uk", "ns.awsdns.co.uk"));
        let patterns = ["ovh.net".to_owned(), "mail.ovh.net".to_owned()];
        assert_eq!(pattern_of(&patterns, "mx1.mail.ovh.net"), Some("mail.ovh.net"));
    }
}

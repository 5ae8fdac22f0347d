//! Browsers are told to come back over HTTPS only (RFC 6797).

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::finding::codes;
use super::{Case, Finding, Judge, Judgement};
use crate::facts::Exchange;
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Hsts {
    /// Browsers should remember it for at least so many days.
    min_days: u32,
}

const NAME: &str = "strict-transport-security";

codes! { Ok = "ok", Missing = "missing", Short = "short" }

impl Judge for Hsts {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let page = case.front()?;
        let at = page.url();
        let way = case.way(case.address()?)?;
        let Some((by, header, seconds)) = at.host_str().and_then(|host| remembered(&way, host)) else {
            return missing(&page).alone();
        };
        let (min, days) = (self.min_days, seconds / 86_400);
        let at = if by.host_str() == at.host_str() { at } else { by };
        if days < u64::from(min) {
            let because = say!(fr: "{at} : Strict-Transport-Security ne vaut que {days} jours (au moins {min} attendus)", en: "{at}: Strict-Transport-Security holds for {days} days only (at least {min} expected)");
            return Code::Short.refutes(because).quote(at, header).alone();
        }
        Code::Ok.supports(say!(fr: "{at} impose HTTPS aux navigateurs pour {days} jours (HSTS)", en: "{at} imposes HTTPS on browsers for {days} days (HSTS)")).at(at).alone()
    }
}

fn missing(page: &Exchange) -> Finding {
    let at = page.url();
    match page.header(NAME) {
        None => Code::Missing
            .refutes(say!(fr: "{at} ne demande pas aux navigateurs de n'y revenir que par HTTPS (en-tête Strict-Transport-Security, dit HSTS)", en: "{at} does not ask browsers to come back by HTTPS only (Strict-Transport-Security header, or HSTS)"))
            .at(at),
        Some(header) => Code::Missing
            .refutes(say!(fr: "{at} envoie un en-tête Strict-Transport-Security qui n'a pas d'effet", en: "{at} sends a Strict-Transport-Security header that has no effect"))
            .quote(at, header),
    }
}

/// The field that browsers hear: the first alone, over HTTPS, and from a host that has a name (RFC 6797, sections 8.1 and 8.1.1).
fn field(exchange: &Exchange) -> Option<&str> {
    let url = exchange.url();
    exchange.header(NAME).filter(|_| url.scheme() == "https" && url.domain().is_some())
}

/// What a browser knows of a host at the end of the way: where it was told, the field, and for how many seconds; the longest, of several.
/// It learns from each answer; of one host, what it hears last counts; a domain above may speak for its subdomains (RFC 6797, sections
/// 8.1 and 8.2).
fn remembered<'w>(way: &'w [Arc<Exchange>], host: &str) -> Option<(&'w Url, &'w str, u64)> {
    let heard = way.iter().filter_map(|hop| {
        let (at, field) = (hop.url(), field(hop)?);
        Some((at.host_str()?, (at, field, policy(field)?)))
    });
    let last: BTreeMap<&str, (&Url, &str, Policy)> = heard.collect();
    let is_above = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    last.into_iter()
        .filter(|(domain, (_, _, policy))| *domain == host || (policy.with_subdomains && is_above(domain)))
        .map(|(_, (at, field, policy))| (at, field, policy.max_age))
        .filter(|(_, _, max_age)| *max_age > 0)
        .max_by_key(|(_, _, max_age)| *max_age)
}

/// What a field asks for.
struct Policy {
    /// In seconds.
    max_age: u64,
    with_subdomains: bool,
}

/// Nothing when the field is not as RFC 6797 section 6.1 has it, since browsers then ignore all of it.
fn policy(field: &str) -> Option<Policy> {
    let mut seen: BTreeMap<String, Option<String>> = BTreeMap::new();
    for directive in directives(field)? {
        let (name, value) = match directive.split_once('=') {
            Some((name, value)) => (name.trim(), Some(unquoted(value.trim())?)),
            None => (directive.trim(), None),
        };
        let name = name.to_ascii_lowercase();
        if name.is_empty() && value.is_none() {
            continue;
        }
        let is_known_alone = name == "includesubdomains" && value.is_some();
        if !is_token(&name) || is_known_alone || seen.contains_key(&name) {
            return None;
        }
        seen.insert(name, value);
    }
    let digits = seen.remove("max-age")?.filter(|value| !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()))?;
    // Longer than anybody lives, whatever the figure.
    Some(Policy { max_age: digits.parse().unwrap_or(u64::MAX), with_subdomains: seen.contains_key("includesubdomains") })
}

/// Parted by semicolons, but for those between quotes; nothing when a quote is left open.
fn directives(field: &str) -> Option<Vec<String>> {
    let (mut parts, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for c in field.chars() {
        match c {
            ';' if !quoted => parts.push(String::new()),
            c => parts.last_mut()?.push(c),
        }
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
    }
    (!quoted).then_some(parts)
}

/// A token, or what stands between quotes.
fn unquoted(value: &str) -> Option<String> {
    match value.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').map(|inner| inner.replace('\\', "")),
        None => is_token(value).then(|| value.to_owned()),
    }
}

/// RFC 9110, section 5.6.2.
fn is_token(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::NAME;
    use crate::check::sample::{HOME, codes, is_silent, sample};
    use crate::facts::SilenceKind;

    fn judged(headers: &[(&str, &str)]) -> Vec<String> {
        codes(sample().answer(HOME, 200, headers, "hello").judge("hsts = { min-days = 180 }"))
    }

    #[test]
    fn long_is_met_short_and_missing_are_not() {
        let name = NAME;
        assert_eq!(judged(&[(name, "max-age=31536000; includeSubDomains")]), ["ok"]);
        assert_eq!(judged(&[(name, "includeSubDomains; MAX-AGE=\"31536000\"")]), ["ok"]);
        assert_eq!(judged(&[(name, "max-age=86400")]), ["short"]);
        assert_eq!(judged(&[(name, "max-age=0")]), ["missing"]);
        assert_eq!(judged(&[(name, "nonsense")]), ["missing"]);
        assert_eq!(judged(&[]), ["missing"]);
        assert_eq!(judged(&[(name, "max-age=86400"), (name, "max-age=31536000")]), ["short"]);
    }

    #[test]
    fn browsers_hear_what_rfc_6797_says() {
        for (field, expected) in [
            ("max-age=31536000", "ok"),
            (" Max-Age = 31536000 ; ; IncludeSubDomains;preload ", "ok"),
            ("max-age=\"31536000\"; future=\"a;b\"", "ok"),
            ("max-age=99999999999999999999999", "ok"),
            ("max-age=3600", "short"),
            ("max-age=0; includeSubDomains", "missing"),
            ("max-age", "missing"),
            ("max-age=", "missing"),
            ("max-age=\"\"", "missing"),
            ("max-age=-1", "missing"),
            ("max-age=1year", "missing"),
            ("max-age=\"31536000", "missing"),
            ("max-age=31536000\"", "missing"),
            ("max-age=31536000; max-age=31536000", "missing"),
            ("max-age=31536000; includeSubDomains; includesubdomains", "missing"),
            ("max-age=31536000; includeSubDomains=1", "missing"),
            ("max-age=31536000, max-age=31536000", "missing"),
            ("includeSubDomains", "missing"),
            ("", "missing"),
        ] {
            assert_eq!(judged(&[(NAME, field)]), [expected], "{field:?}");
        }
        assert_eq!(judged(&[(NAME, "max-age=31536000"), (NAME, "max-age=0")]), ["ok"], "the first of two fields counts");
        assert_eq!(judged(&[(NAME, "nonsense"), (NAME, "max-age=31536000")]), ["missing"]);
    }

    #[test]
    fn each_answer_of_the_host_is_heard_and_the_last_counts() {
        let led = |first: &str, last: &str| {
            let there = sample().answer(HOME, 302, &[("location", "/in"), (NAME, first)], "");
            codes(there.answer("https://a.example/in", 200, &[(NAME, last)], "hello").judge("hsts = { min-days = 180 }"))
        };
        assert_eq!(led("max-age=31536000", "nonsense"), ["ok"], "what cannot be read is as if not said");
        assert_eq!(led("max-age=31536000", "max-age=0"), ["missing"]);
        assert_eq!(led("max-age=60", "max-age=31536000"), ["ok"]);
        let away = sample().answer(HOME, 302, &[("location", "https://www.a.example/"), (NAME, "max-age=31536000")], "");
        assert_eq!(codes(away.page("https://www.a.example/", "hello").judge("hsts = { min-days = 180 }")), ["missing"], "another host");
    }

    #[test]
    fn a_domain_above_speaks_for_its_subdomains() {
        let led = |above: &str, own: &[(&str, &str)]| {
            let there = sample().answer(HOME, 302, &[("location", "https://www.a.example/"), (NAME, above)], "");
            codes(there.answer("https://www.a.example/", 200, own, "hello").judge("hsts = { min-days = 180 }"))
        };
        assert_eq!(led("max-age=31536000; includeSubDomains", &[]), ["ok"]);
        assert_eq!(led("max-age=31536000; includeSubDomains", &[(NAME, "max-age=0")]), ["ok"], "it forgets the host, not what is above");
        assert_eq!(led("max-age=60; includeSubDomains", &[(NAME, "max-age=31536000")]), ["ok"]);
        assert_eq!(led("max-age=60; includeSubDomains", &[]), ["short"]);
        assert_eq!(led("max-age=31536000", &[]), ["missing"]);
        let beside = sample().answer(HOME, 302, &[("location", "https://aa.example/"), (NAME, "max-age=31536000; includeSubDomains")], "");
        assert_eq!(codes(beside.page("https://aa.example/", "hello").judge("hsts = { min-days = 180 }")), ["missing"], "beside, not below");
    }

    #[test]
    fn nothing_is_heard_in_clear_or_from_a_bare_address() {
        let bare = sample().answer(HOME, 302, &[("location", "https://192.0.2.1/")], "");
        let bare = bare.answer("https://192.0.2.1/", 200, &[(NAME, "max-age=31536000")], "hello");
        assert_eq!(codes(bare.judge("hsts = { min-days = 180 }")), ["missing"]);
        let field = &[(NAME, "max-age=31536000")];
        let clear = sample().answer(HOME, 302, &[("location", "http://a.example/")], "").answer("http://a.example/", 200, field, "hello");
        assert_eq!(codes(clear.judge("hsts = { min-days = 180 }")), ["missing"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(HOME, SilenceKind::TimedOut).judge("hsts = { min-days = 180 }")));
    }
}

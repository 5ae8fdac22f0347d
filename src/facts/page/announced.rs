//! Hosts that the header fields of a page name: Link, Refresh, and where browsers report.

use url::Url;

use super::html::{Addresses, refresh_target};
use crate::facts::{Call, Exchange, How, When};

/// More fields than this are not read.
const MOST: usize = 100;

/// What the header fields of an answer make a browser contact.
pub(super) fn calls(exchange: &Exchange) -> Vec<Call> {
    let Some(page) = exchange.url.as_ref() else { return Vec::new() };
    let addresses = Addresses::new(page);
    let mut found: Vec<(String, How, When, String)> = Vec::new();
    for value in values(exchange, "link") {
        found.extend(
            links(value).into_iter().filter_map(|(target, rel)| Some((target, linked(&rel)?.0, linked(&rel)?.1, format!("Link: {rel}")))),
        );
    }
    for value in values(exchange, "refresh") {
        found.extend(refresh_target(value).map(|target| (target.to_owned(), How::Refresh, When::Loading, "Refresh".to_owned())));
    }
    for name in ["report-to", "reporting-endpoints"] {
        for value in values(exchange, name) {
            found.extend(quoted_addresses(value).map(|target| (target, How::Report, When::Failing, name.to_owned())));
        }
    }
    for name in ["content-security-policy", "content-security-policy-report-only"] {
        for value in values(exchange, name) {
            let reports = value.split([';', ',']).filter_map(|part| part.trim().strip_prefix("report-uri "));
            let targets = reports.flat_map(str::split_ascii_whitespace).map(str::to_owned);
            found.extend(targets.map(|target| (target, How::Report, When::Failing, format!("{name}: report-uri"))));
        }
    }
    let call = |(target, how, when, written): (String, How, When, String)| {
        let url: Url = addresses.resource(&target)?;
        Some(Call { url, how, page: page.clone(), via: Vec::new(), when, written: Some(written) })
    };
    found.into_iter().take(MOST).filter_map(call).collect()
}

fn values<'e>(exchange: &'e Exchange, name: &str) -> impl Iterator<Item = &'e str> {
    exchange.headers.get(name).into_iter().flatten().map(String::as_str).take(MOST)
}

/// What browsers do with a Link field; style sheets named so are taken by some of them only.
fn linked(rel: &str) -> Option<(How, When)> {
    match rel {
        "preconnect" => Some((How::Connect, When::Loading)),
        "dns-prefetch" => Some((How::Connect, When::Perhaps)),
        "preload" | "modulepreload" => Some((How::Preload, When::Loading)),
        "prefetch" => Some((How::Prefetch, When::Loading)),
        "stylesheet" => Some((How::Style, When::Perhaps)),
        _ => None,
    }
}

/// `<address>; rel=preload; as=style, <other>…` (RFC 8288, section 3).
fn links(value: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((target, after)) = after.split_once('>') else { break };
        let end = after.find('<').unwrap_or(after.len());
        let parameters = &after[..end];
        rest = &after[end..];
        let rel = parameters.split([';', ',']).find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("rel").then(|| value.trim().trim_matches('"').to_ascii_lowercase())
        });
        for word in rel.unwrap_or_default().split_ascii_whitespace() {
            found.push((target.trim().to_owned(), word.to_owned()));
        }
    }
    found
}

fn quoted_addresses(value: &str) -> impl Iterator<Item = String> {
    value.split('"').skip(1).step_by(2).filter(|word| word.starts_with("https://")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Body, Headers};

    fn named(fields: &[(&str, &str)]) -> Vec<String> {
        let headers: Headers = fields.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect();
        let exchange = Exchange::new("https://a.example/".parse().unwrap(), 200, headers, None, Body::Empty);
        calls(&exchange).iter().map(|call| format!("{:?} {:?} {}", call.how, call.when, call.host())).collect()
    }

    #[test]
    fn links_of_the_header_are_read_and_alternate_is_none() {
        let value = "<https://b.example/f.css>; rel=preload; as=style, <https://c.example>; rel=\"preconnect dns-prefetch\", <https://d.example/>; rel=canonical";
        assert_eq!(named(&[("link", value)]), ["Preload Loading b.example", "Connect Loading c.example", "Connect Perhaps c.example"]);
    }

    #[test]
    fn reports_are_sent_when_something_fails() {
        let to = "{\"group\":\"x\",\"max_age\":1,\"endpoints\":[{\"url\":\"https://r.example/a\"}]}";
        let fields = [
            ("report-to", to),
            ("reporting-endpoints", "main=\"https://s.example/\""),
            ("content-security-policy", "default-src 'self'; report-uri https://t.example/x /own"),
        ];
        assert_eq!(
            named(&fields),
            ["Report Failing r.example", "Report Failing s.example", "Report Failing t.example", "Report Failing a.example"]
        );
    }

    #[test]
    fn a_refresh_leads_elsewhere() {
        assert_eq!(named(&[("refresh", "0; url=https://b.example/")]), ["Refresh Loading b.example"]);
        assert!(named(&[("refresh", "30")]).is_empty() && named(&[("link", "<")]).is_empty());
    }
}

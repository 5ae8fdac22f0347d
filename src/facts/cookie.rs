//! The cookies that an answer leaves in a browser (RFC 6265bis).

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use url::{Host, Url};

use super::Exchange;
use crate::day::Day;

/// A cookie that a browser would keep. Its value may be a secret, so it is not kept here.
///
/// No crate reads it: `cookie` takes `Max-Age=` without a figure for an endless life, knows no prefix and four forms of dates only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cookie {
    /// As written, prefix included; may be empty.
    pub name: String,
    /// The domain whose hosts all receive it; none: the host that set it, alone.
    pub domain: Option<String>,
    pub path: String,
    pub secure: bool,
    pub http_only: bool,
    /// None when nothing was said, or nothing that browsers know: most then take `Lax`.
    pub same_site: Option<SameSite>,
    pub life: Life,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameSite {
    Strict,
    Lax,
    None,
}

/// How long a cookie asks to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// Until the browser is closed.
    Session,
    /// Days, at least one, as asked: browsers keep no cookie longer than 400. Changes from day to day where the site gives a fixed date.
    Days(i64),
}

/// Longer names with their value, and longer attributes, are ignored by browsers (section 5.6).
const LONGEST_PAIR: usize = 4096;
const LONGEST_ATTRIBUTE: usize = 1024;
const DAY: i64 = 86_400;

impl Exchange {
    /// The cookies that this answer leaves in a browser: those refused or taken back are not there. An expiry date is
    /// counted from the answer's own `Date`, or else from `today`.
    pub fn cookies(&self, today: Day) -> Vec<Cookie> {
        let now = self.header("date").and_then(seconds_of).unwrap_or_else(|| today.noon_unix());
        let mut kept: Vec<Cookie> = Vec::new();
        for field in self.headers.get("set-cookie").into_iter().flatten() {
            let Some((cookie, seconds)) = Cookie::read(self.url(), field, now) else { continue };
            // The same name, domain and path take the place of the cookie before (section 5.7, step 23).
            kept.retain(|old| (&old.name, &old.domain, &old.path) != (&cookie.name, &cookie.domain, &cookie.path));
            if seconds.is_none_or(|seconds| seconds > 0) {
                kept.push(cookie);
            }
        }
        kept
    }
}

impl Cookie {
    /// Whether it outlives the browser's session.
    pub fn is_lasting(&self) -> bool {
        self.life != Life::Session
    }

    /// A field of `Set-Cookie`, and the seconds that it asks to live; nothing when a browser refuses it.
    fn read(url: &Url, field: &str, now: i64) -> Option<(Self, Option<i64>)> {
        if field.chars().any(|c| c.is_ascii_control() && c != '\t') {
            return None;
        }
        let mut parts = field.split(';');
        let pair = parts.next()?;
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        let (name, value) = (trim(name), trim(value));
        if (name.is_empty() && value.is_empty()) || name.len() + value.len() > LONGEST_PAIR {
            return None;
        }
        let asked = Asked::read(parts, now);
        let domain = asked.domain.filter(|domain| !domain.is_empty());
        let domain = domain.map_or(Ok(None), |domain| accepted_domain(url, &domain)).ok()?;
        let seconds = asked.max_age.or(asked.expires);
        let life = seconds.map_or(Life::Session, |seconds| Life::Days(((seconds + DAY / 2) / DAY).max(1)));
        let path = asked.path.filter(|path| path.starts_with('/')).unwrap_or_else(|| default_path(url));
        let Asked { secure, http_only, same_site, .. } = asked;
        let cookie = Self { name: name.to_owned(), domain, path, secure, http_only, same_site, life };
        // A cookie without a name could pass for one with a prefix by its value (section 5.7, step 21).
        let shown = if name.is_empty() { value } else { name };
        let from_clear = cookie.secure && url.scheme() != "https";
        (!from_clear && cookie.keeps_the_promise_of(shown)).then_some((cookie, seconds))
    }

    /// Browsers hold a name with a prefix to what it promises (section 5.7, steps 20 and 21).
    fn keeps_the_promise_of(&self, name: &str) -> bool {
        let begins = |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        let for_the_host = self.domain.is_none() && self.path == "/";
        (!begins("__Secure-") || self.secure) && (!begins("__Host-") || (self.secure && for_the_host))
    }
}

/// What the attributes ask; of those given twice, the last counts.
#[derive(Default)]
struct Asked {
    domain: Option<String>,
    path: Option<String>,
    max_age: Option<i64>,
    expires: Option<i64>,
    secure: bool,
    http_only: bool,
    same_site: Option<SameSite>,
}

impl Asked {
    fn read<'a>(attributes: impl Iterator<Item = &'a str>, now: i64) -> Self {
        let mut asked = Self::default();
        for attribute in attributes {
            let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            let (name, value) = (trim(name).to_ascii_lowercase(), trim(value));
            if value.len() > LONGEST_ATTRIBUTE {
                continue;
            }
            match name.as_str() {
                "domain" => asked.domain = Some(value.strip_prefix('.').unwrap_or(value).to_ascii_lowercase()),
                "path" => asked.path = Some(value.to_owned()),
                "max-age" => asked.max_age = max_age(value).or(asked.max_age),
                "expires" => asked.expires = seconds_of(value).map(|then| then - now).or(asked.expires),
                "secure" => asked.secure = true,
                "httponly" => asked.http_only = true,
                "samesite" => asked.same_site = same_site(value),
                _ => {}
            }
        }
        asked
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

fn same_site(value: &str) -> Option<SameSite> {
    match value.to_ascii_lowercase().as_str() {
        "strict" => Some(SameSite::Strict),
        "lax" => Some(SameSite::Lax),
        "none" => Some(SameSite::None),
        _ => None,
    }
}

/// Section 5.6.2: digits, perhaps after a minus; anything else is ignored.
fn max_age(value: &str) -> Option<i64> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let most = DAY * 1_000_000;
    Some(if value.starts_with('-') { 0 } else { digits.parse().unwrap_or(most).min(most) })
}

/// A browser does not keep the cookie.
struct Refused;

/// The domain that a browser accepts from this host: itself or one above it, and no public suffix; none: for the host alone.
fn accepted_domain(url: &Url, domain: &str) -> Result<Option<String>, Refused> {
    let alone = |same: bool| if same { Ok(None) } else { Err(Refused) };
    let Some(Host::Domain(host)) = url.host() else { return alone(url.host_str() == Some(domain)) };
    let is_suffix = psl::suffix_str(domain).is_some_and(|suffix| suffix == domain);
    if is_suffix {
        return alone(host == domain);
    }
    let above = host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    if above { Ok(Some(domain.to_owned())) } else { Err(Refused) }
}

/// Section 5.1.4: the path up to its last slash.
fn default_path(url: &Url) -> String {
    match url.path().rfind('/') {
        Some(0) | None => "/".to_owned(),
        Some(end) => url.path()[..end].to_owned(),
    }
}

/// A date in any of the forms that browsers read (section 5.1.1), in seconds since 1970.
fn seconds_of(date: &str) -> Option<i64> {
    let delimiter = |c: char| matches!(c, '\t' | ' '..='/' | ';'..='@' | '['..='`' | '{'..='~');
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in date.split(delimiter).filter(|token| !token.is_empty()) {
        if let (None, Some(found)) = (time, time_of(token)) {
            time = Some(found);
        } else if let (None, Some(found)) = (day, leading(token, 1..=2)) {
            day = Some(found);
        } else if let (None, Some(found)) = (month, month_of(token)) {
            month = Some(found);
        } else if let (None, Some(found)) = (year, leading(token, 2..=4)) {
            year = Some(found);
        }
    }
    let year = match year? {
        short @ 70..=99 => short + 1900,
        short @ 0..=69 => short + 2000,
        long => long,
    };
    let ((hour, minute, second), day) = (time?, i8::try_from(day?).ok()?);
    let at = DateTime::new(year, month?, day, hour, minute, second, 0).ok()?;
    (year >= 1601).then(|| at.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp().as_second()))?
}

/// As many digits as that at the start, and no other digit behind them.
fn leading(token: &str, count: std::ops::RangeInclusive<usize>) -> Option<i16> {
    let digits = token.bytes().take_while(u8::is_ascii_digit).count();
    count.contains(&digits).then(|| token[..digits].parse().ok())?
}

fn month_of(token: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = token.get(..3)?.to_ascii_lowercase();
    MONTHS.iter().position(|month| *month == start).and_then(|at| i8::try_from(at + 1).ok())
}

fn time_of(token: &str) -> Option<(i8, i8, i8)> {
    let mut fields = token.splitn(3, ':').map(|field| leading(field, 1..=2).and_then(|field| i8::try_from(field).ok()));
    Some((fields.next()??, fields.next()??, fields.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Body, Headers};

    const NOON: &str = "Sun, 22 Nov 2026 12:00:00 GMT";

    fn kept_at(url: &str, fields: &[&str]) -> Vec<Cookie> {
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        let headers = Headers::from([("set-cookie".into(), fields), ("date".into(), vec![NOON.into()])]);
        Exchange::new(url.parse().unwrap(), 200, headers, None, Body::Empty).cookies(Day::new(2000, 1, 1))
    }

    fn kept(fields: &[&str]) -> Vec<Cookie> {
        kept_at("https://www.a.example/dir/page", fields)
    }

    #[test]
    fn attributes_are_read_in_any_case_and_order() {
        let [cookie] = &kept(&["sid=secret ;SECURE; httponly=x;SameSite=stRICT; path=/app; Domain=.A.example; Unknown"])[..] else {
            panic!()
        };
        assert_eq!((cookie.name.as_str(), cookie.path.as_str(), cookie.domain.as_deref()), ("sid", "/app", Some("a.example")));
        assert!(cookie.secure && cookie.http_only && !cookie.is_lasting());
        assert_eq!(cookie.same_site, Some(SameSite::Strict));
        assert!(!format!("{cookie:?}").contains("secret"), "a value is never kept");
    }

    #[test]
    fn what_is_not_said_has_its_default() {
        let [cookie] = &kept(&["a=b; samesite=sometimes; path=relative; domain="])[..] else { panic!() };
        assert_eq!((cookie.path.as_str(), &cookie.domain, cookie.same_site, cookie.life), ("/dir", &None, None, Life::Session));
    }

    #[test]
    fn life_comes_from_max_age_then_from_expires() {
        let life = |attributes: &str| kept(&[&format!("a=b; {attributes}")]).first().map(|cookie| cookie.life);
        assert_eq!(life("max-age=31536000"), Some(Life::Days(365)));
        assert_eq!(life("Max-Age=60; Expires=Sun, 22 Nov 2037 12:00:00 GMT"), Some(Life::Days(1)));
        assert_eq!(life("Expires=Wed, 02 Dec 2026 12:00:00 GMT"), Some(Life::Days(10)));
        assert_eq!(life("Expires=Wednesday, 02-Dec-26 12:00:00 GMT"), Some(Life::Days(10)));
        assert_eq!(life("Expires=Wed, 02-Dec-2026 12:00:00 GMT"), Some(Life::Days(10)));
        assert_eq!(life("Expires=Wed Dec  2 12:00:00 2026"), Some(Life::Days(10)));
        assert_eq!(life("Max-Age="), Some(Life::Session), "no figure says nothing");
        assert_eq!(life("Max-Age=1d"), Some(Life::Session));
        assert_eq!(life("Max-Age=99999999999999999999"), Some(Life::Days(1_000_000)));
        assert_eq!(life("Expires=soon"), Some(Life::Session));
        assert_eq!(life("Expires=31 Feb 2027 12:00:00"), Some(Life::Session));
    }

    #[test]
    fn a_cookie_taken_back_is_not_there() {
        assert!(kept(&["a=b; Max-Age=0"]).is_empty());
        assert!(kept(&["a=b; Max-Age=-5"]).is_empty());
        assert!(kept(&["a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT"]).is_empty());
        assert!(kept(&["a=b", "a=; Max-Age=0"]).is_empty());
        assert_eq!(kept(&["a=b; Max-Age=0", "a=b"]).len(), 1);
        assert_eq!(kept(&["a=b", "a=c; path=/"]).len(), 2);
    }

    #[test]
    fn without_a_date_today_counts() {
        let headers = Headers::from([("set-cookie".into(), vec!["a=b; Expires=Wed, 02 Dec 2026 12:00:00 GMT".into()])]);
        let exchange = Exchange::new("https://a.example/".parse().unwrap(), 200, headers, None, Body::Empty);
        assert_eq!(exchange.cookies(Day::new(2026, 11, 22))[0].life, Life::Days(10));
        assert!(exchange.cookies(Day::new(2027, 1, 1)).is_empty());
    }

    #[test]
    fn browsers_refuse_what_a_prefix_or_a_domain_belies() {
        for refused in [
            "__Host-a=b; Secure; Path=/; Domain=a.example",
            "__Host-a=b; Secure",
            "__host-a=b; Path=/",
            "__Secure-a=b",
            "=__Secure-a",
            "a=b; Domain=example",
            "a=b; Domain=b.example",
            "a=b; Domain=ww.a.example",
            "a=\u{1}b",
            "=",
            "",
        ] {
            assert!(kept(&[refused]).is_empty(), "{refused:?}");
        }
        assert_eq!(kept(&["__Host-a=b; Secure; Path=/"]).len(), 1);
        assert_eq!(kept(&[&format!("a={}", "x".repeat(5000))]), []);
        assert!(kept_at("http://a.example/", &["a=b; Secure"]).is_empty(), "plain HTTP sets no secure cookie");
        assert_eq!(kept(&["token"])[0].name, "");
    }

    #[test]
    fn hosts_that_are_no_domain_keep_their_cookies() {
        assert_eq!(kept_at("https://127.0.0.1/", &["a=b; Domain=127.0.0.1"])[0].domain, None);
        assert!(kept_at("https://127.0.0.1/", &["a=b; Domain=0.0.1"]).is_empty());
    }
}

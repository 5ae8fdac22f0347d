//! What a page's Content-Security-Policy lets a browser do (CSP3).

use content_security_policy::{
    CspList, Destination, Initiator, ParserMetadata, Policy, PolicyDisposition, PolicySource, Request, Violates,
};
use url::Url;

use super::{Exchange, Resource, ResourceKind};

/// The policies of an answer. All that are enforced hold together: the strictest decides.
#[derive(Debug, Clone)]
pub struct Policies {
    page: Url,
    enforced: Vec<Policy>,
    /// Only tried: a browser reports what they forbid, and lets it pass.
    tried: Vec<Policy>,
    /// Whether it is short enough to be asked what it blocks.
    is_readable: bool,
}

/// What a browser goes to fetch. An icon is an image; a `preload` is what its `as` says; no policy binds a `preconnect`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetch {
    Script,
    Style,
    Image,
    Font,
    Media,
    Object,
    Frame,
    /// `fetch`, `XMLHttpRequest`, `ping`, web sockets.
    Connect,
    Manifest,
}

/// Directives that count in a header only (CSP3, 4.3 and HTML, 4.2.5.3).
const IN_HEADERS_ONLY: [&str; 3] = ["frame-ancestors", "report-uri", "sandbox"];

/// Bytes of policies that are read, all together: no server sends that much in earnest, and to read costs the square of it.
const MOST_READ: usize = 32 * 1024;

/// With more sources than this, whether something is blocked is not looked at: each page may ask it ten thousand times.
const MOST_SOURCES: usize = 1000;

impl Exchange {
    /// The policies of its header fields and of its page.
    pub(super) fn read_policies(&self) -> Policies {
        let mut left = MOST_READ;
        let header = |name: &str| self.headers.get(name).into_iter().flatten();
        let mut read = |text: &String, source, disposition| policies(within(text, &mut left), source, disposition);
        let (sent, written) = (header("content-security-policy"), &self.page().policies);
        let sent = sent.map(|text| (text, PolicySource::Header)).chain(written.iter().map(|text| (text, PolicySource::Meta)));
        let enforced: Vec<Policy> = sent.flat_map(|(text, source)| read(text, source, PolicyDisposition::Enforce)).collect();
        let tried = header("content-security-policy-report-only");
        let tried = tried.flat_map(|text| read(text, PolicySource::Header, PolicyDisposition::Report)).collect();
        let sources = enforced.iter().flat_map(|policy| &policy.directive_set).map(|directive| directive.value.len() + 1).sum::<usize>();
        Policies { page: self.url().clone(), enforced, tried, is_readable: sources <= MOST_SOURCES }
    }
}

/// As much of a policy as may still be read.
fn within<'a>(text: &'a str, left: &mut usize) -> &'a str {
    let end = text.floor_char_boundary(*left);
    *left -= end;
    &text[..end]
}

/// One policy or several, parted by commas.
fn policies(text: &str, source: PolicySource, disposition: PolicyDisposition) -> impl Iterator<Item = Policy> + use<> {
    CspList::parse(text, source, disposition).0.into_iter().map(move |mut policy| {
        if source == PolicySource::Meta {
            policy.directive_set.retain(|directive| !IN_HEADERS_ONLY.contains(&directive.name.as_str()));
        }
        // No port is larger than 65535, so nothing matches there; the crate takes for granted that nobody writes one.
        policy.directive_set.iter_mut().for_each(|directive| directive.value.retain(|source| has_a_port_that_can_be(source)));
        policy
    })
}

fn has_a_port_that_can_be(source: &str) -> bool {
    let place = source.split_once("://").map_or(source, |(_, place)| place);
    let authority = place.split('/').next().unwrap_or_default();
    let port = authority.rsplit_once(':').map_or("", |(_, port)| port);
    port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()) || port.parse::<u16>().is_ok()
}

impl Policies {
    /// Whether nothing is enforced.
    pub fn is_empty(&self) -> bool {
        self.enforced.is_empty()
    }

    /// Whether a policy is tried, enforced or not.
    pub fn is_tried(&self) -> bool {
        !self.tried.is_empty()
    }

    /// Whether a browser would fetch it, asked for by the markup of the page without a nonce or an integrity digest.
    pub fn allows(&self, fetch: Fetch, url: &Url) -> bool {
        self.allows_marked(fetch, url, "", "")
    }

    /// Whether a browser may fetch it: where the page does not tell enough (a nonce, what a style or a hint is for), yes.
    pub fn may_load(&self, resource: &Resource) -> bool {
        let (fetches, directive): (&[Fetch], &str) = match resource.kind {
            ResourceKind::Script => (&[Fetch::Script], "script-src-elem"),
            ResourceKind::Style => (&[Fetch::Style], "style-src-elem"),
            ResourceKind::Image => (&[Fetch::Image], ""),
            ResourceKind::Frame => (&[Fetch::Frame], ""),
            ResourceKind::Media => (&[Fetch::Media, Fetch::Object], ""),
            ResourceKind::InlineStyle => (&[Fetch::Image, Fetch::Font, Fetch::Style], ""),
            ResourceKind::Hint => (&[Fetch::Connect, Fetch::Font, Fetch::Image, Fetch::Manifest, Fetch::Script, Fetch::Style], ""),
        };
        let marks_tell = |policy: &Policy| sources(policy, directive).is_some_and(is_named_one_by_one);
        fetches
            .iter()
            .any(|fetch| self.enforced.iter().all(|policy| marks_tell(policy) || !self.blocks(policy, *fetch, &resource.url, "", "")))
    }

    /// The same, for an element with these `nonce` and `integrity` attributes.
    pub fn allows_marked(&self, fetch: Fetch, url: &Url, nonce: &str, integrity: &str) -> bool {
        !self.enforced.iter().any(|policy| self.blocks(policy, fetch, url, nonce, integrity))
    }

    fn blocks(&self, policy: &Policy, fetch: Fetch, url: &Url, nonce: &str, integrity: &str) -> bool {
        let request = Request {
            url: url.clone(),
            current_url: url.clone(),
            origin: self.page.origin(),
            redirect_count: 0,
            destination: fetch.destination(),
            initiator: Initiator::None,
            nonce: nonce.to_owned(),
            integrity_metadata: integrity.to_owned(),
            parser_metadata: ParserMetadata::ParserInserted,
        };
        self.is_readable && policy.does_request_violate_policy(&request) != Violates::DoesNotViolate
    }

    /// The sources that each enforced policy gives for a directive, or for the one that stands in for it; a policy that
    /// says nothing of it is not there.
    pub fn sources<'a>(&'a self, directive: &'a str) -> impl Iterator<Item = &'a [String]> {
        self.enforced.iter().filter_map(move |policy| sources(policy, directive))
    }

    /// Whether an enforced policy has a directive, whatever it says; fallbacks do not count.
    pub fn has(&self, directive: &str) -> bool {
        self.enforced.iter().any(|policy| policy.contains_a_directive_whose_name_is(directive))
    }

    /// Whether requests in clear are made over HTTPS.
    pub fn upgrades_insecure_requests(&self) -> bool {
        self.has("upgrade-insecure-requests")
    }

    /// Whether programs written in the page run, from wherever they come.
    pub fn lets_inline_scripts_run(&self) -> bool {
        self.sources("script-src").all(lets_inline_run)
    }

    /// Whether programs may make programs out of text.
    pub fn lets_eval(&self) -> bool {
        self.sources("script-src").all(|sources| has_keyword(sources, "'unsafe-eval'"))
    }

    /// Whether a program is taken from any host, or from anybody over plain HTTP.
    pub fn takes_scripts_from_anywhere(&self) -> bool {
        self.sources("script-src").all(takes_from_anywhere)
    }
}

/// CSP3, 6.8.3: a directive, or the first that stands in for it.
fn sources<'a>(policy: &'a Policy, directive: &str) -> Option<&'a [String]> {
    let stand_ins: &[&str] = match directive {
        "script-src-elem" | "script-src-attr" => &["script-src", "default-src"],
        "style-src-elem" | "style-src-attr" => &["style-src", "default-src"],
        "worker-src" => &["child-src", "script-src", "default-src"],
        "frame-src" => &["child-src", "default-src"],
        name if name.ends_with("-src") && name != "default-src" => &["default-src"],
        _ => &[],
    };
    let named = |name: &str| policy.directive_set.iter().find(|found| found.name == name);
    [directive].iter().chain(stand_ins).find_map(|name| named(name)).map(|found| found.value.as_slice())
}

fn has_keyword(sources: &[String], keyword: &str) -> bool {
    sources.iter().any(|source| source.eq_ignore_ascii_case(keyword))
}

/// A nonce, a digest or `'strict-dynamic'` makes browsers forget `'unsafe-inline'` (CSP3, 6.7.3.2).
fn lets_inline_run(sources: &[String]) -> bool {
    has_keyword(sources, "'unsafe-inline'") && !is_named_one_by_one(sources) && !has_keyword(sources, "'strict-dynamic'")
}

/// By a nonce or by digests.
fn is_named_one_by_one(sources: &[String]) -> bool {
    const MARKS: [&str; 4] = ["'nonce-", "'sha256-", "'sha384-", "'sha512-"];
    let marked = |source: &str, mark: &str| source.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
    sources.iter().any(|source| MARKS.iter().any(|mark| marked(source, mark)))
}

/// `'strict-dynamic'` makes browsers forget hosts and schemes (CSP3, 6.7.1.1).
fn takes_from_anywhere(sources: &[String]) -> bool {
    const ANYWHERE: [&str; 6] = ["*", "http:", "https:", "http://*", "https://*", "data:"];
    let named = sources.iter().any(|source| ANYWHERE.iter().any(|anywhere| source.eq_ignore_ascii_case(anywhere)));
    named && !has_keyword(sources, "'strict-dynamic'")
}

impl Fetch {
    fn destination(self) -> Destination {
        match self {
            Self::Script => Destination::Script,
            Self::Style => Destination::Style,
            Self::Image => Destination::Image,
            Self::Font => Destination::Font,
            Self::Media => Destination::Video,
            Self::Object => Destination::Object,
            Self::Frame => Destination::IFrame,
            Self::Connect => Destination::None,
            Self::Manifest => Destination::Manifest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Body, Headers};

    const NAME: &str = "content-security-policy";

    fn under(headers: &[(&str, &str)]) -> Policies {
        let mut fields = Headers::new();
        for (name, value) in headers {
            fields.entry((*name).to_owned()).or_default().push((*value).to_owned());
        }
        Exchange::new("https://a.example/".parse().unwrap(), 200, fields, None, Body::Empty).read_policies()
    }

    fn policy(text: &str) -> Policies {
        under(&[(NAME, text)])
    }

    fn allows(text: &str, fetch: Fetch, url: &str) -> bool {
        policy(text).allows(fetch, &url.parse().unwrap())
    }

    #[test]
    fn every_policy_holds_however_it_is_sent() {
        let own = "https://a.example/x.js".parse().unwrap();
        let other = "https://b.example/x.js".parse().unwrap();
        for policies in [
            policy("script-src *, default-src 'self'"),
            under(&[(NAME, "script-src *"), (NAME, "default-src 'self'")]),
            policy("SCRIPT-SRC 'SELF'"),
        ] {
            assert!(policies.allows(Fetch::Script, &own) && !policies.allows(Fetch::Script, &other));
            assert!(!policies.takes_scripts_from_anywhere());
        }
        assert!(under(&[]).allows(Fetch::Script, &other) && under(&[]).is_empty());
    }

    #[test]
    fn what_is_only_tried_forbids_nothing() {
        let tried = under(&[("content-security-policy-report-only", "default-src 'none'")]);
        assert!(tried.is_empty() && tried.is_tried());
        assert!(tried.allows(Fetch::Image, &"https://b.example/".parse().unwrap()));
    }

    #[test]
    fn directives_stand_in_for_others() {
        assert!(!allows("default-src 'self'", Fetch::Font, "https://b.example/f"));
        assert!(allows("default-src 'none'; img-src *.b.example", Fetch::Image, "https://img.b.example/i.png"));
        assert!(!allows("default-src 'none'; img-src *.b.example", Fetch::Image, "https://b.example/i.png"));
        assert!(!allows("child-src 'none'", Fetch::Frame, "https://a.example/"));
        assert!(allows("script-src 'none'", Fetch::Style, "https://b.example/"));
        assert!(!allows("default-src 'self'", Fetch::Connect, "https://b.example/"));
    }

    #[test]
    fn the_first_of_two_directives_counts() {
        assert!(!allows("img-src 'none'; img-src *", Fetch::Image, "https://b.example/"));
    }

    #[test]
    fn marks_on_the_element_count() {
        let strict = policy("script-src 'nonce-abc' 'strict-dynamic' https: 'unsafe-inline'");
        let other = "https://b.example/x.js".parse().unwrap();
        assert!(!strict.allows(Fetch::Script, &other));
        assert!(strict.allows_marked(Fetch::Script, &other, "abc", ""));
        assert!(!strict.lets_inline_scripts_run() && !strict.takes_scripts_from_anywhere());
    }

    #[test]
    fn what_the_page_does_not_tell_is_not_said_to_be_blocked() {
        let may = |text: &str, kind, url: &str| policy(text).may_load(&Resource { url: url.parse().unwrap(), kind });
        assert!(may("script-src 'nonce-abc'", ResourceKind::Script, "https://b.example/x.js"));
        assert!(!may("script-src 'nonce-abc', default-src 'self'", ResourceKind::Script, "https://b.example/x.js"));
        assert!(!may("default-src 'self'; img-src https:", ResourceKind::Image, "http://b.example/i.png"));
        assert!(may("default-src 'self'; font-src *", ResourceKind::InlineStyle, "https://b.example/f.woff2"));
    }

    #[test]
    fn unsafe_words_are_unsafe_only_where_browsers_hear_them() {
        assert!(policy("script-src 'self' 'UNSAFE-inline'").lets_inline_scripts_run());
        assert!(!policy("script-src 'unsafe-inline' 'strict-dynamic'").lets_inline_scripts_run());
        assert!(policy("img-src 'none'").lets_inline_scripts_run(), "nothing is said of scripts");
        assert!(!policy("default-src 'self'; style-src 'unsafe-inline'").lets_inline_scripts_run());
        assert!(!policy("script-src 'unsafe-inline', script-src 'self'").lets_inline_scripts_run());
        assert!(policy("script-src 'unsafe-eval'").lets_eval() && !policy("script-src 'self'").lets_eval());
        assert!(policy("script-src data:").takes_scripts_from_anywhere());
    }

    #[test]
    fn nonsense_is_no_policy_and_breaks_nothing() {
        for nonsense in ["", ";;;", ",", " , ;", "\u{e9}", ";,;"] {
            assert!(policy(nonsense).is_empty(), "{nonsense:?}");
        }
        for hostile in
            ["img-src https://b.example:99999999", "img-src b.example:65536/x", "img-src :1 ://:70000 *:*:*", "img-src 'nonce- [::1]:1"]
        {
            assert!(!allows(hostile, Fetch::Image, "https://b.example/x"), "{hostile:?}");
        }
    }

    #[test]
    fn a_policy_written_in_the_page_holds_but_for_what_only_headers_say() {
        let headers = Headers::from([("content-type".into(), vec!["text/html".into()])]);
        let page = "<meta http-equiv=' content-security-POLICY' content=\"img-src 'none'; frame-ancestors 'none'\">";
        let policies = Exchange::new("https://a.example/".parse().unwrap(), 200, headers, None, Body::Text(page.into())).read_policies();
        assert!(!policies.allows(Fetch::Image, &"https://a.example/i.png".parse().unwrap()));
        assert!(!policies.has("frame-ancestors"));
    }

    #[test]
    fn a_policy_without_end_costs_little() {
        let directives = (0..200_000).map(|n| format!("d{n} s")).collect::<Vec<_>>().join(";");
        assert!(!policy(&format!("script-src 'self';{directives}")).takes_scripts_from_anywhere());
        let sources = (0..100_000).map(|n| format!("{n}.b.example")).collect::<Vec<_>>().join(" ");
        assert!(allows(&format!("img-src {sources}"), Fetch::Image, "https://c.example/"), "not known to be blocked");
    }

    #[test]
    fn requests_in_clear_are_upgraded() {
        assert!(policy("upgrade-insecure-requests").upgrades_insecure_requests());
        assert!(!policy("default-src https:").upgrades_insecure_requests());
    }
}

//! The header fields by which a site protects its visitors, as HTTP Observatory looks at them.
//!
//! Each is a means, not a commitment of the charter, so that none is a gap by itself: a person weighs them. Of the Observatory's
//! twelve tests, the redirection is told by `https-only` (N3) and Strict-Transport-Security by `hsts`. X-XSS-Protection is not looked
//! at: browsers have dropped it, and it opened holes of its own.

mod content;
mod cookies;
mod fields;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::codes;
use super::{Case, Finding, Judge, Judgement};
use crate::facts::Exchange;
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HeadersHardened {}

codes! {
    Ok = "ok",
    CspMissing = "csp-missing",
    CspUnsafe = "csp-unsafe",
    FramesAllowed = "frames-allowed",
    NosniffMissing = "x-content-type-options-missing",
    ReferrerUnsafe = "referrer-policy-unsafe",
    ReferrerInvalid = "referrer-policy-invalid",
    CookieInsecure = "cookie-insecure",
    CorsWildcard = "cors-wildcard",
    CorsNull = "cors-null",
    SriMissing = "sri-missing",
    CorpInvalid = "corp-invalid",
    CoopInvalid = "coop-invalid",
    CoepInvalid = "coep-invalid",
}

impl Judge for HeadersHardened {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let page = case.front()?;
        let mut findings: Vec<Finding> = Vec::new();
        if shows_a_page(&page) {
            findings.extend(content::policy(&page).into_iter().chain(content::frames(&page)).chain(content::scripts(&page)));
        }
        findings.extend(fields::all(&page));
        findings.extend(cookies::unprotected(case)?);
        if findings.is_empty() {
            let at = page.url();
            findings.push(
                Code::Ok
                    .supports(say!(fr: "les en-têtes de {at} protègent ses visiteurs", en: "the headers of {at} protect its visitors"))
                    .at(at),
            );
        }
        Ok(findings)
    }
}

/// Whether a browser shows it as a page: data have no programs to bridle and no frame to refuse.
fn shows_a_page(exchange: &Exchange) -> bool {
    matches!(exchange.media_type().as_deref(), None | Some("text/html" | "application/xhtml+xml"))
}

/// All values of a header field as one list, as Fetch reads them: several fields and commas are the same thing.
fn listed(exchange: &Exchange, name: &str) -> Vec<String> {
    let values = exchange.headers.get(name).into_iter().flatten();
    values.flat_map(|value| value.split(',')).map(|value| value.trim().to_owned()).collect()
}

/// A header field with all its values, as evidence.
fn as_sent(exchange: &Exchange, name: &str) -> String {
    let values = exchange.headers.get(name).map(|values| values.join(", ")).unwrap_or_default();
    format!("{name}: {values}")
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{HOME, codes, is_silent, sample};
    use crate::check::{Finding, Outcome};
    use crate::facts::SilenceKind;

    const CHECK: &str = "headers-hardened = {}";

    /// All in order: each row of the table changes something of it.
    const GOOD: [(&str, &str); 5] = [
        ("content-type", "text/html; charset=utf-8"),
        ("content-security-policy", "default-src 'self'"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "SAMEORIGIN"),
        ("referrer-policy", "no-referrer"),
    ];

    /// A name without value takes the field away; a name again replaces the good field, and all its copies are sent.
    fn found(changes: &[(&str, &str)], html: &str) -> Vec<Finding> {
        let mut headers: Vec<(&str, &str)> =
            GOOD.into_iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name)).collect();
        headers.extend(changes.iter().filter(|(_, value)| *value != "-"));
        sample().answer(HOME, 200, &headers, html).judge(CHECK).unwrap()
    }

    const CSP: &str = "content-security-policy";
    const TRIED: &str = "content-security-policy-report-only";
    const XCTO: &str = "x-content-type-options";
    const XFO: &str = "x-frame-options";
    const REFERRER: &str = "referrer-policy";
    const CORS: &str = "access-control-allow-origin";
    const CORP: &str = "cross-origin-resource-policy";
    const COOP: &str = "cross-origin-opener-policy";
    const COEP: &str = "cross-origin-embedder-policy";
    const COOKIE: &str = "set-cookie";

    /// Fields, and the one code expected of them.
    #[rustfmt::skip] // a table
    const TABLE: &[(&[(&str, &str)], &str)] = &[
        (&[], "ok"),
        // Content-Security-Policy
        (&[(CSP, "-")], "csp-missing"),
        (&[(CSP, "-"), (TRIED, "default-src 'none'")], "csp-missing"),
        (&[(CSP, " ;; ,")], "csp-missing"),
        (&[(CSP, "frame-ancestors 'self'")], "csp-unsafe"),
        (&[(CSP, "default-src *")], "csp-unsafe"),
        (&[(CSP, "DEFAULT-SRC 'self' 'UNSAFE-INLINE'")], "csp-unsafe"),
        (&[(CSP, "script-src 'self' 'unsafe-eval'")], "csp-unsafe"),
        (&[(CSP, "default-src 'self'; script-src https:")], "csp-unsafe"),
        (&[(CSP, "script-src 'self' data:")], "csp-unsafe"),
        (&[(CSP, "default-src 'none'; script-src 'unsafe-inline'; script-src 'self'")], "csp-unsafe"),
        (&[(CSP, "default-src 'self'; style-src 'self' 'unsafe-inline'")], "ok"),
        (&[(CSP, "script-src 'nonce-abc' 'strict-dynamic' https: 'unsafe-inline'")], "ok"),
        (&[(CSP, "script-src 'sha256-abc=' 'unsafe-inline'")], "ok"),
        (&[(CSP, "script-src 'unsafe-inline'"), (CSP, "script-src 'self'")], "ok"),
        (&[(CSP, "script-src 'unsafe-inline', script-src 'self'")], "ok"),
        // X-Content-Type-Options
        (&[(XCTO, "-")], "x-content-type-options-missing"),
        (&[(XCTO, "sniff")], "x-content-type-options-missing"),
        (&[(XCTO, "other, nosniff")], "x-content-type-options-missing"),
        (&[(XCTO, " NoSniff ")], "ok"),
        (&[(XCTO, "nosniff"), (XCTO, "nosniff")], "ok"),
        (&[(XCTO, "nosniff, nosniff")], "ok"),
        // Frames
        (&[(XFO, "-")], "frames-allowed"),
        (&[(XFO, "ALLOWALL")], "frames-allowed"),
        (&[(XFO, "ALLOW-FROM https://b.example/")], "frames-allowed"),
        (&[(XFO, "deny")], "ok"),
        (&[(XFO, "SAMEORIGIN"), (XFO, "sameorigin")], "ok"),
        (&[(XFO, "SAMEORIGIN, DENY")], "ok"),
        (&[(XFO, "ALLOWALL, other")], "ok"),
        (&[(XFO, "ALLOWALL, AllowAll")], "frames-allowed"),
        (&[(XFO, "-"), (CSP, "default-src 'self'; frame-ancestors 'none'")], "ok"),
        (&[(XFO, "-"), (CSP, "default-src 'self'"), (CSP, "frame-ancestors 'self' https://b.example")], "ok"),
        (&[(XFO, "DENY"), (CSP, "default-src 'self'; frame-ancestors *")], "frames-allowed"),
        (&[(XFO, "-"), (CSP, "default-src 'self'; frame-ancestors *, frame-ancestors 'self'")], "ok"),
        (&[(XFO, "-"), (TRIED, "frame-ancestors 'none'")], "frames-allowed"),
        // Referrer-Policy
        (&[(REFERRER, "-")], "ok"),
        (&[(REFERRER, "unsafe-url")], "referrer-policy-unsafe"),
        (&[(REFERRER, "no-referrer-when-downgrade")], "referrer-policy-unsafe"),
        (&[(REFERRER, "Origin")], "referrer-policy-unsafe"),
        (&[(REFERRER, "unsafe-url, strict-origin-when-cross-origin")], "ok"),
        (&[(REFERRER, "no-referrer"), (REFERRER, "unsafe-url")], "referrer-policy-unsafe"),
        (&[(REFERRER, "same-origin, something-new")], "ok"),
        (&[(REFERRER, "something-new")], "referrer-policy-invalid"),
        // Cross-origin
        (&[(CORS, "*")], "cors-wildcard"),
        (&[(CORS, "https://b.example")], "ok"),
        (&[(CORS, "*"), (CORS, "*")], "ok"),
        (&[(CORS, "null")], "ok"),
        (&[(CORS, "null"), ("access-control-allow-credentials", "true")], "cors-null"),
        (&[(CORP, "same-site")], "ok"),
        (&[(CORP, "cross-origin")], "ok"),
        (&[(CORP, "Same-Origin")], "corp-invalid"),
        (&[(CORP, "same-origin"), (CORP, "same-origin")], "corp-invalid"),
        (&[(COOP, "same-origin; report-to=\"x\"")], "ok"),
        (&[(COOP, "everybody")], "coop-invalid"),
        (&[(COEP, "credentialless")], "ok"),
        (&[(COEP, "")], "coep-invalid"),
        // Cookies
        (&[(COOKIE, "__Host-sid=x; Path=/; Secure; HttpOnly; SameSite=Lax")], "ok"),
        (&[(COOKIE, "lang=fr; Secure")], "ok"),
        (&[(COOKIE, "lang=fr")], "cookie-insecure"),
        (&[(COOKIE, "PHPSESSID=x; secure")], "cookie-insecure"),
        (&[(COOKIE, "csrf_session=x; Secure; SameSite=Strict")], "ok"),
        (&[(COOKIE, "XSRF-TOKEN=x; Secure")], "cookie-insecure"),
        (&[(COOKIE, "old=; Max-Age=0")], "ok"),
        (&[(COOKIE, "__Secure-x=refused")], "ok"),
        // What browsers have dropped
        (&[("x-xss-protection", "0")], "ok"),
    ];

    #[test]
    fn each_set_of_fields_has_its_code() {
        for (fields, expected) in TABLE {
            let found = found(fields, "<p>hello");
            assert_eq!(codes(Ok(found.clone())), [*expected], "{fields:?}");
            let supports = found[0].outcome == Outcome::Supports;
            assert_eq!(
                (supports, found[0].evidence.is_empty()),
                (*expected == "ok", false),
                "a missing header is for a person to weigh: {fields:?}"
            );
        }
    }

    #[test]
    fn a_bare_page_has_its_three_codes_and_no_more() {
        assert_eq!(
            codes(sample().page(HOME, "<p>hello").judge(CHECK)),
            ["csp-missing", "frames-allowed", "x-content-type-options-missing"]
        );
        let json = sample().answer(HOME, 200, &[("content-type", "application/json"), (XCTO, "nosniff")], "{}");
        assert_eq!(codes(json.judge(CHECK)), ["ok"], "data have no frame and no program");
    }

    #[test]
    fn the_page_speaks_too() {
        let of = |fields: &[(&str, &str)], html| codes(Ok(found(fields, html)));
        assert_eq!(of(&[(CSP, "-")], "<meta http-equiv=content-security-policy content=\"default-src 'self'\"><p>a"), ["ok"]);
        assert_eq!(of(&[], "<meta name=referrer content=UNSAFE-URL><p>a"), ["referrer-policy-unsafe"]);
        assert_eq!(of(&[(REFERRER, "unsafe-url")], "<meta name=referrer content=no-referrer><p>a"), ["ok"]);
        assert_eq!(of(&[], "<script src=https://cdn.b.example/x.js></script>"), ["ok"], "the policy keeps it away");
        let of = |html| codes(Ok(found(&[(CSP, "default-src 'self' https://cdn.b.example")], html)));
        assert_eq!(of("<script src=https://cdn.b.example/x.js></script>"), ["sri-missing"]);
        assert_eq!(of("<script src=https://static.a.example/x.js></script><script src=/y.js></script>"), ["ok"]);
        assert_eq!(of("<script src=https://cdn.b.example/x.js integrity=sha384-abc></script>"), ["ok"]);
    }

    #[test]
    fn nothing_drawn_anew_and_no_secret_reaches_the_record() {
        let seen = format!("{:?}", found(&[(CSP, "script-src 'nonce-Zm9v' 'unsafe-eval'"), (COOKIE, "a=secret")], "<p>a"));
        assert!(!seen.contains("Zm9v") && !seen.contains("secret"), "{seen}");
    }

    #[test]
    fn cookies_of_the_way_count() {
        let away = &[("location", "/in"), (COOKIE, "session=x; Secure")];
        let seen = sample().answer(HOME, 302, away, "").answer("https://a.example/in", 200, &GOOD, "<p>a").judge(CHECK).unwrap();
        assert_eq!(seen[0].code, "cookie-insecure");
        assert_eq!(seen[0].evidence[0].at, HOME);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(HOME, SilenceKind::TimedOut).judge(CHECK)));
        assert!(is_silent(&sample().answer(HOME, 503, &[], "down").judge(CHECK)));
    }
}

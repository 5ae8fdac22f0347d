//! Browsers are told to come back over HTTPS only (RFC 6797).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::codes;
use super::{Case, Judge, Judgement};
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Hsts {
    /// Browsers should remember it for at least so many days.
    min_days: u32,
}

codes! { Ok = "ok", Missing = "missing", Short = "short" }

impl Judge for Hsts {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let page = case.front()?;
        let at = page.url();
        // The first field counts, others are ignored (RFC 6797, section 8.1), and plain HTTP's is not heard (8.1 too).
        let header = page.header("strict-transport-security").filter(|_| at.scheme() == "https");
        let Some(days) = header.and_then(max_age).map(|seconds| seconds / 86_400).filter(|days| *days > 0) else {
            let because = say!(fr: "{at} n'envoie pas l'en-tête Strict-Transport-Security", en: "{at} does not send the Strict-Transport-Security header");
            return Code::Missing.refutes(because).at(at).alone();
        };
        let min = self.min_days;
        if days < u64::from(min) {
            let because = say!(fr: "{at} : Strict-Transport-Security ne vaut que {days} jours (au moins {min} attendus)", en: "{at}: Strict-Transport-Security holds for {days} days only (at least {min} expected)");
            return Code::Short.refutes(because).quote(at, header.unwrap_or_default()).alone();
        }
        Code::Ok.supports(say!(fr: "{at} impose HTTPS pour {days} jours", en: "{at} imposes HTTPS for {days} days")).at(at).alone()
    }
}

/// Seconds of the `max-age` directive; names are case-insensitive and values may be quoted (RFC 6797, section 6.1).
fn max_age(header: &str) -> Option<u64> {
    header.split(';').find_map(|directive| {
        let (name, value) = directive.split_once('=')?;
        name.trim().eq_ignore_ascii_case("max-age").then(|| value.trim().trim_matches('"').parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{HOME, codes, is_silent, sample};
    use crate::facts::SilenceKind;

    fn judged(headers: &[(&str, &str)]) -> Vec<String> {
        codes(sample().answer(HOME, 200, headers, "hello").judge("hsts = { min-days = 180 }"))
    }

    #[test]
    fn long_is_met_short_and_missing_are_not() {
        let name = "strict-transport-security";
        assert_eq!(judged(&[(name, "max-age=31536000; includeSubDomains")]), ["ok"]);
        assert_eq!(judged(&[(name, "includeSubDomains; MAX-AGE=\"31536000\"")]), ["ok"]);
        assert_eq!(judged(&[(name, "max-age=86400")]), ["short"]);
        assert_eq!(judged(&[(name, "max-age=0")]), ["missing"]);
        assert_eq!(judged(&[(name, "nonsense")]), ["missing"]);
        assert_eq!(judged(&[]), ["missing"]);
        assert_eq!(judged(&[(name, "max-age=86400"), (name, "max-age=31536000")]), ["short"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(HOME, SilenceKind::TimedOut).judge("hsts = { min-days = 180 }")));
    }
}

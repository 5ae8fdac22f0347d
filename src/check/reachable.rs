//! The site answers. A site that does not is a silence with its reason, never a fault: a check cannot tell whose it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::codes;
use super::{Case, Judge, Judgement};
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Reachable {}

codes! { Ok = "ok" }

impl Judge for Reachable {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let address = case.address()?;
        let page = case.page(address)?;
        let at = page.url();
        Code::Ok.supports(say!(fr: "{at} répond", en: "{at} answers")).at(at).alone()
    }
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{HOME, codes, is_silent, sample};
    use crate::facts::SilenceKind;

    #[test]
    fn a_page_that_answers_is_reachable() {
        assert_eq!(codes(sample().page(HOME, "hello").judge("reachable = {}")), ["ok"]);
        let moved = sample().answer(HOME, 301, &[("location", "/fr/")], "").page("https://a.example/fr/", "bonjour");
        assert_eq!(codes(moved.judge("reachable = {}")), ["ok"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        for kind in [SilenceKind::DnsFailed, SilenceKind::Refused, SilenceKind::TimedOut, SilenceKind::CertificateRefused] {
            assert!(is_silent(&sample().silent(HOME, kind).judge("reachable = {}")));
        }
        assert!(is_silent(&sample().answer(HOME, 200, &[], " \n").judge("reachable = {}")));
        for status in [403, 404, 429, 500, 503] {
            assert!(is_silent(&sample().answer(HOME, status, &[], "").judge("reachable = {}")), "{status}");
        }
    }

    #[test]
    fn a_challenge_or_a_loop_is_silence() {
        let challenge = sample().answer(HOME, 200, &[("cf-mitigated", "challenge")], "");
        assert!(is_silent(&challenge.judge("reachable = {}")));
        let turning = sample().answer(HOME, 302, &[("location", HOME)], "");
        assert!(is_silent(&turning.judge("reachable = {}")));
    }
}

//! Who finds a flaw knows where to report it: `/.well-known/security.txt` (RFC 9116).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::codes;
use super::{Case, Judge, Judgement};
use crate::day::Day;
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SecurityTxt {}

codes! {
    Ok = "ok",
    Missing = "missing",
    NoContact = "no-contact",
    Expired = "expired",
    Undated = "undated",
}

impl Judge for SecurityTxt {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let at = case.address()?.join("/.well-known/security.txt").expect("a fixed path");
        let answer = case.visit(&at)?;
        // A site that answers every address with its front page has no such file (RFC 9116, section 3: text/plain).
        if answer.status != 200 || answer.media_type().as_deref() != Some("text/plain") {
            return Code::Missing.refutes(say!(fr: "{at} n'existe pas : qui trouve une faille y chercherait à qui la signaler", en: "{at} does not exist: whoever finds a weakness would look there for whom to tell")).at(&at).alone();
        }
        let field = |name: &str| answer.text().lines().find_map(|line| value_of(line, name));
        if field("contact").is_none() {
            return Code::NoContact.refutes(say!(fr: "{at} ne donne pas de contact", en: "{at} gives no contact")).at(&at).alone();
        }
        let Some(until) = field("expires").and_then(|value| value.get(..10)?.parse::<Day>().ok()) else {
            return Code::Undated
                .refutes(say!(fr: "{at} ne dit pas jusqu'à quand il vaut", en: "{at} does not say until when it holds"))
                .at(&at)
                .alone();
        };
        let finding = if until < case.today {
            Code::Expired.refutes(say!(fr: "{at} a expiré le {until}", en: "{at} expired on {until}"))
        } else {
            Code::Ok.supports(say!(fr: "{at} vaut jusqu'au {until}", en: "{at} holds until {until}"))
        };
        finding.at(&at).alone()
    }
}

/// The value of a field; names are case-insensitive (RFC 9116, section 2.3).
fn value_of<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (field, value) = line.split_once(':')?;
    let value = value.trim();
    (field.trim().eq_ignore_ascii_case(name) && !value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{codes, is_silent, sample};
    use crate::facts::SilenceKind;

    const AT: &str = "https://a.example/.well-known/security.txt";

    fn judged(body: &str) -> Vec<String> {
        codes(sample().answer(AT, 200, &[("content-type", "text/plain; charset=utf-8")], body).judge("security-txt = {}"))
    }

    #[test]
    fn each_case_has_its_code() {
        assert_eq!(judged("Contact: mailto:a@a.example\nExpires: 2027-01-01T00:00:00Z\n"), ["ok"]);
        assert_eq!(judged("contact: mailto:a@a.example\nexpires: 2026-11-21T00:00:00Z\n"), ["expired"]);
        assert_eq!(judged("Expires: 2027-01-01T00:00:00Z\n"), ["no-contact"]);
        assert_eq!(judged("Contact: mailto:a@a.example\n"), ["undated"]);
        assert_eq!(codes(sample().judge("security-txt = {}")), ["missing"]);
    }

    #[test]
    fn a_page_for_every_address_is_no_security_txt() {
        let everywhere = sample().page(AT, "<p>Contact: us</p>");
        assert_eq!(codes(everywhere.judge("security-txt = {}")), ["missing"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(AT, SilenceKind::TimedOut).judge("security-txt = {}")));
        assert!(is_silent(&sample().answer(AT, 403, &[], "").judge("security-txt = {}")));
    }
}

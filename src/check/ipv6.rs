//! The site has an IPv6 address, and answers there: two things.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::codes;
use super::{Case, Judge, Judgement};
use crate::facts::{Authority, Door};
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Ipv6 {}

codes! { Ok = "ok", Missing = "missing", Unreachable = "unreachable" }

impl Judge for Ipv6 {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let authority = Authority::of(case.address()?).expect("a site has a host");
        let host = &authority.host;
        let addresses = case.addresses(host)?;
        if !addresses.iter().any(std::net::IpAddr::is_ipv6) {
            let because = say!(fr: "{host} n'a pas d'adresse IPv6", en: "{host} has no IPv6 address");
            return Code::Missing.refutes(because).at(host).alone();
        }
        let finding = match case.ipv6_door(&authority)? {
            Door::Open => {
                Code::Ok.supports(say!(fr: "{host} a une adresse IPv6 et y répond", en: "{host} has an IPv6 address and answers there"))
            }
            Door::Closed => Code::Unreachable.refutes(say!(
                fr: "{host} a une adresse IPv6, mais y refuse les connexions",
                en: "{host} has an IPv6 address, but refuses connections there",
            )),
        };
        finding.at(host).alone()
    }
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{Sample, codes, is_silent, sample};
    use crate::facts::Door;

    fn both() -> Sample {
        sample().addresses("a.example", &["192.0.2.1", "2001:db8::1"])
    }

    #[test]
    fn an_ipv6_address_is_met_its_absence_is_not() {
        assert_eq!(codes(both().ipv6("a.example", Door::Open).judge("ipv6 = {}")), ["ok"]);
        assert_eq!(codes(sample().addresses("a.example", &["192.0.2.1"]).judge("ipv6 = {}")), ["missing"]);
        assert_eq!(codes(both().ipv6("a.example", Door::Closed).judge("ipv6 = {}")), ["unreachable"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().judge("ipv6 = {}")));
        assert!(is_silent(&both().judge("ipv6 = {}")), "an auditor without IPv6 knows nothing of theirs");
    }
}

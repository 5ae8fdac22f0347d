//! The name of the site has an IPv6 address.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::codes;
use super::{Case, Judge, Judgement};
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Ipv6 {}

codes! { Ok = "ok", Missing = "missing" }

impl Judge for Ipv6 {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let host = case.address()?.host_str().expect("a site has a host");
        let addresses = case.addresses(host)?;
        let finding = if addresses.iter().any(std::net::IpAddr::is_ipv6) {
            Code::Ok.supports(say!(fr: "{host} a une adresse IPv6", en: "{host} has an IPv6 address"))
        } else {
            Code::Missing.refutes(say!(fr: "{host} n'a pas d'adresse IPv6", en: "{host} has no IPv6 address"))
        };
        finding.at(host).alone()
    }
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{codes, is_silent, sample};

    #[test]
    fn an_ipv6_address_is_met_its_absence_is_not() {
        assert_eq!(codes(sample().addresses("a.example", &["192.0.2.1", "2001:db8::1"]).judge("ipv6 = {}")), ["ok"]);
        assert_eq!(codes(sample().addresses("a.example", &["192.0.2.1"]).judge("ipv6 = {}")), ["missing"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().judge("ipv6 = {}")));
    }
}

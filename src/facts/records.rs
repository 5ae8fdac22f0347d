//! What the name servers say of a name: records, or that there are none.

use std::net::IpAddr;

/// A kind of record that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// IPv4 addresses; the aliases that lead to them are told too.
    A,
    /// IPv6 addresses; the same.
    Aaaa,
    /// Which authorities may issue certificates (RFC 8659).
    Caa,
    /// Who receives the mail.
    Mx,
    Ns,
    /// The name of an address.
    Ptr,
    #[cfg_attr(not(test), expect(dead_code, reason = "no check judges it yet; the tests of the probe read it"))]
    Soa,
    /// Which certificate a service shows (RFC 6698).
    Tlsa,
    Txt,
}

/// What name servers answered; a failure or no answer is a silence, not this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Records {
    /// Whether the name exists at all: "no such name" and "no such record" are two things.
    pub name: NameState,
    /// The aliases (CNAME) that were followed, each the target of the one before.
    pub aliases: Vec<String>,
    /// In a stable order; empty where there is none.
    pub found: Vec<Record>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameState {
    Exists,
    Unknown,
}

/// One record. Names are in small letters, without the final dot; texts are clean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Record {
    Address(IpAddr),
    /// An authority that may issue, and what for.
    Caa {
        tag: String,
        value: String,
    },
    Mx {
        preference: u16,
        host: String,
    },
    /// Of a name server, or of an address.
    Name(String),
    /// The main name server of the zone, as its SOA record has it.
    Soa(String),
    /// Usage, selector, matching type (RFC 6698, section 2.1), digest in hexadecimal digits.
    Tlsa(u8, u8, u8, String),
    /// Its strings joined without a blank, as SPF and DMARC want it.
    Text(String),
}

impl Records {
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> {
        self.found.iter().filter_map(|record| if let Record::Address(address) = record { Some(*address) } else { None })
    }

    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.found.iter().filter_map(|record| if let Record::Text(text) = record { Some(text.as_str()) } else { None })
    }

    /// Of name servers, or of an address.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.found.iter().filter_map(|record| if let Record::Name(name) = record { Some(name.as_str()) } else { None })
    }

    /// The hosts that receive the mail, by preference. The null MX of RFC 7505, which receives none, is the host "".
    pub fn mail_hosts(&self) -> impl Iterator<Item = &str> {
        self.found.iter().filter_map(|record| if let Record::Mx { host, .. } = record { Some(host.as_str()) } else { None })
    }

    /// Tag and value of each CAA record.
    pub fn issuers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.found
            .iter()
            .filter_map(|record| if let Record::Caa { tag, value } = record { Some((tag.as_str(), value.as_str())) } else { None })
    }
}

/// The name under which an address tells its own (RFC 1035, section 3.5; RFC 3596, section 2.5).
pub fn reverse_name(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(address) => {
            let digits = address.octets().into_iter().rev().flat_map(|byte| [byte & 15, byte >> 4]);
            let labels = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).flat_map(|digit| [digit, '.']);
            labels.chain("ip6.arpa".chars()).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_name_backwards() {
        assert_eq!(reverse_name("192.0.2.1".parse().unwrap()), "1.2.0.192.in-addr.arpa");
        let long = reverse_name("2001:db8::1".parse().unwrap());
        assert!(long.starts_with("1.0.0.0.") && long.ends_with(".8.b.d.0.1.0.0.2.ip6.arpa"), "{long}");
    }
}

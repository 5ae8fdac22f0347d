//! Which addresses and names are public, so that an audited site cannot make us knock at the neighbours' doors.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What the IANA IPv4 special-purpose registry (RFC 6890) does not call global: base and prefix length in bits.
const NOT_PUBLIC_V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8),           // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),      // private (RFC 1918)
    (Ipv4Addr::new(100, 64, 0, 0), 10),   // between a provider and its customers (RFC 6598)
    (Ipv4Addr::new(127, 0, 0, 0), 8),     // loopback
    (Ipv4Addr::new(169, 254, 0, 0), 16),  // link-local, and the metadata of clouds
    (Ipv4Addr::new(172, 16, 0, 0), 12),   // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),    // IETF protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),    // documentation (RFC 5737)
    (Ipv4Addr::new(192, 88, 99, 0), 24),  // former 6to4 relays (RFC 7526)
    (Ipv4Addr::new(192, 168, 0, 0), 16),  // private
    (Ipv4Addr::new(198, 18, 0, 0), 15),   // benchmarking (RFC 2544)
    (Ipv4Addr::new(198, 51, 100, 0), 24), // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),  // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 4),     // multicast
    (Ipv4Addr::new(240, 0, 0, 0), 4),     // reserved, broadcast
];

/// Only `2000::/3` holds public addresses (RFC 4291); these parts of it do not.
const NOT_PUBLIC_V6: [(Ipv6Addr, u32); 3] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // IETF protocol assignments: Teredo, ORCHID, benchmarking
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation (RFC 3849)
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation (RFC 9637)
];

const GLOBAL_UNICAST: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
const NAT64: (Ipv6Addr, u32) = (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);
const SIX_TO_FOUR: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16);

/// Domains that never lead out of a house or a company: RFC 6761, 6762 and 8375, ICANN's `internal`, and those that it will never delegate
/// since routers and companies took them (`home`, `corp`, `mail`, name collisions of 2013) or keep taking them.
const NOT_PUBLIC_NAMES: [&str; 13] = [
    "localhost",
    "localdomain",
    "local",
    "internal",
    "home.arpa",
    "home",
    "corp",
    "mail",
    "lan",
    "intranet",
    "private",
    "onion",
    "invalid",
];

/// Whether a name may lead to the public internet. A name without a dot is a neighbour's.
pub(super) fn is_public_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let is_within = |domain: &str| name.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    name.contains('.') && !NOT_PUBLIC_NAMES.iter().any(|domain| name == *domain || is_within(domain))
}

/// Whether an address belongs to the public internet; one that carries an IPv4 address is judged by it.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match embedded_v4(address) {
            Some(inner) => is_public_v4(inner),
            None => within_v6(address, GLOBAL_UNICAST) && !NOT_PUBLIC_V6.iter().any(|network| within_v6(address, *network)),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !NOT_PUBLIC_V4.iter().any(|network| within_v4(address, *network))
}

/// The IPv4 address that the packets would reach in the end: mapped (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056).
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [_, first, second, .., last_but_one, last] = address.segments();
    if within_v6(address, NAT64) {
        Some(joined(last_but_one, last))
    } else if within_v6(address, SIX_TO_FOUR) {
        Some(joined(first, second))
    } else {
        address.to_ipv4_mapped()
    }
}

fn joined(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

fn within_v4(address: Ipv4Addr, (base, prefix): (Ipv4Addr, u32)) -> bool {
    (address.to_bits() ^ base.to_bits()).leading_zeros() >= prefix
}

fn within_v6(address: Ipv6Addr, (base, prefix): (Ipv6Addr, u32)) -> bool {
    (address.to_bits() ^ base.to_bits()).leading_zeros() >= prefix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_neighbourhood_is_not_public() {
        let addresses = "0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 \
            192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 \
            255.255.255.255 :: ::1 fe80::1 fc00::1 fd12::1 ff02::1 fec0::1 100::1 2001:db8::1 3fff::1 2001::1 2001:2::1 \
            2001:10::1 5f00::1 64:ff9b:1::1";
        for address in addresses.split_whitespace() {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn the_internet_is_public() {
        let addresses = "1.1.1.1 100.63.0.1 100.128.0.1 172.32.0.1 91.224.148.84 198.20.0.1 2a00:5881::1 2001:4860::1 2606:4700::1";
        for address in addresses.split_whitespace() {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn a_name_of_the_neighbourhood_is_not_public() {
        for name in
            "localhost LOCALHOST. a.localhost router printer.local vault.internal nas.home.arpa a.lan x.corp metadata.google.internal"
                .split_whitespace()
        {
            assert!(!is_public_name(name), "{name}");
        }
        for name in "a.test www.example.org local.example.org mylocal.org internal.example lan.fr. home.arpa.example".split_whitespace() {
            assert!(is_public_name(name), "{name}");
        }
    }

    #[test]
    fn an_address_inside_another_is_the_one_that_counts() {
        for (address, public) in [
            ("::ffff:127.0.0.1", false),
            ("::ffff:1.1.1.1", true),
            ("64:ff9b::a00:1", false),
            ("64:ff9b::101:101", true),
            ("2002:c0a8:101::1", false),
            ("2002:101:101::1", true),
            ("::127.0.0.1", false),
            ("::1.1.1.1", false),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }
}

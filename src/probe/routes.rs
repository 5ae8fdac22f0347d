//! Where a host and a port are really to be found, in the words of curl's `--resolve` and `--connect-to`.

use std::net::IpAddr;
use std::str::FromStr;

use url::Host;

use crate::text::{Text, say};

/// `[+]host:port:address[,address]...`: the addresses of a host for one port, `*` being any host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolve {
    host: Option<Host>,
    port: u16,
    addresses: Vec<IpAddr>,
}

impl FromStr for Resolve {
    type Err = Text;

    fn from_str(text: &str) -> Result<Self, Text> {
        // With `+`, curl lets the entry lapse after a while; a run is shorter than that.
        let [host, port, addresses] = fields(text.strip_prefix('+').unwrap_or(text)).ok_or_else(|| {
            say!(
                fr: "« {text} » : il faut hôte:port:adresse[,adresse]…, par exemple example.org:443:192.0.2.1",
                en: "\"{text}\": expected host:port:address[,address]..., for example example.org:443:192.0.2.1",
            )
        })?;
        let host = if host == "*" { None } else { Some(parse_host(host)?) };
        let addresses = addresses.split(',').map(parse_address).collect::<Result<_, _>>()?;
        Ok(Self { host, port: parse_port(port)?, addresses })
    }
}

/// `host1:port1:host2:port2`: to reach the first, connect to the second. Empty before means any, empty after means the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectTo {
    from: (Option<Host>, Option<u16>),
    to: (Option<Host>, Option<u16>),
}

impl FromStr for ConnectTo {
    type Err = Text;

    fn from_str(text: &str) -> Result<Self, Text> {
        let [from_host, from_port, to_host, to_port] = fields(text).ok_or_else(|| {
            say!(
                fr: "« {text} » : il faut hôte1:port1:hôte2:port2, par exemple example.org:443:127.0.0.1:8443",
                en: "\"{text}\": expected host1:port1:host2:port2, for example example.org:443:127.0.0.1:8443",
            )
        })?;
        Ok(Self {
            from: (unless_empty(from_host, parse_host)?, unless_empty(from_port, parse_port)?),
            to: (unless_empty(to_host, parse_host)?, unless_empty(to_port, parse_port)?),
        })
    }
}

/// Where to connect for a host and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Destination {
    pub(super) host: Host,
    pub(super) port: u16,
    /// Whether a rule of the operator names this host.
    pub(super) chosen: bool,
}

/// What the operator decided about names.
#[derive(Debug, Default)]
pub(super) struct Routes {
    resolve: Vec<Resolve>,
    connect_to: Vec<ConnectTo>,
}

impl Routes {
    pub(super) fn new(resolve: Vec<Resolve>, connect_to: Vec<ConnectTo>) -> Self {
        Self { resolve, connect_to }
    }

    /// The first rule that fits wins, as in curl.
    pub(super) fn destination(&self, host: &Host, port: u16) -> Destination {
        let fits = |rule: &&ConnectTo| rule.from.0.as_ref().is_none_or(|h| same(h, host)) && rule.from.1.is_none_or(|p| p == port);
        let (to_host, to_port) = self.connect_to.iter().find(fits).map(|rule| rule.to.clone()).unwrap_or_default();
        Destination { chosen: to_host.is_some(), host: to_host.unwrap_or_else(|| host.clone()), port: to_port.unwrap_or(port) }
    }

    /// The addresses that the operator gave for a name; without a port, those for any port. A name goes before `*`.
    pub(super) fn addresses(&self, host: &Host, port: Option<u16>) -> Option<Vec<IpAddr>> {
        let for_port = || self.resolve.iter().filter(|entry| port.is_none_or(|port| entry.port == port));
        let named: Vec<_> = for_port().filter(|entry| entry.host.as_ref().is_some_and(|h| same(h, host))).collect();
        let entries = if named.is_empty() { for_port().filter(|entry| entry.host.is_none()).collect() } else { named };
        let mut addresses: Vec<_> = entries.iter().flat_map(|entry| &entry.addresses).copied().collect();
        addresses.sort_unstable();
        addresses.dedup();
        (!addresses.is_empty()).then_some(addresses)
    }
}

/// A host as a URL or a certificate writes it; an IPv6 address with or without its brackets.
pub(super) fn host(text: &str) -> Option<Host> {
    Host::parse(text).ok().or_else(|| Some(Host::Ipv6(text.parse().ok()?)))
}

/// `example.org.` is `example.org`: the final dot only keeps search lists out.
fn same(a: &Host, b: &Host) -> bool {
    match (a, b) {
        (Host::Domain(a), Host::Domain(b)) => a.trim_end_matches('.') == b.trim_end_matches('.'),
        _ => a == b,
    }
}

/// Cuts at the colons outside brackets; the last field takes the rest.
fn fields<const N: usize>(text: &str) -> Option<[&str; N]> {
    let mut in_brackets = false;
    let outside = move |c: char| {
        in_brackets = c == '[' || (in_brackets && c != ']');
        c == ':' && !in_brackets
    };
    text.splitn(N, outside).collect::<Vec<_>>().try_into().ok()
}

fn unless_empty<T>(text: &str, parse: fn(&str) -> Result<T, Text>) -> Result<Option<T>, Text> {
    if text.is_empty() { Ok(None) } else { parse(text).map(Some) }
}

fn parse_host(text: &str) -> Result<Host, Text> {
    Host::parse(text).map_err(|_| {
        say!(
            fr: "« {text} » n'est pas un nom d'hôte ; une adresse IPv6 s'écrit entre crochets",
            en: "\"{text}\" is not a host name; an IPv6 address is written in brackets",
        )
    })
}

fn parse_port(text: &str) -> Result<u16, Text> {
    text.parse().ok().filter(|port| *port != 0).ok_or_else(|| {
        say!(
            fr: "« {text} » n'est pas un port : il faut un nombre de 1 à 65535",
            en: "\"{text}\" is not a port: expected a number from 1 to 65535",
        )
    })
}

fn parse_address(text: &str) -> Result<IpAddr, Text> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().map_err(|_| say!(fr: "« {text} » n'est pas une adresse IP", en: "\"{text}\" is not an IP address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(resolve: &[&str], connect_to: &[&str]) -> Routes {
        Routes::new(
            resolve.iter().map(|text| text.parse().unwrap()).collect(),
            connect_to.iter().map(|text| text.parse().unwrap()).collect(),
        )
    }

    fn name(text: &str) -> Host {
        host(text).unwrap()
    }

    fn destination(rules: &[&str], to: &str, port: u16) -> String {
        let found = routes(&[], rules).destination(&name(to), port);
        format!("{}:{}{}", found.host, found.port, if found.chosen { " chosen" } else { "" })
    }

    fn addresses(entries: &[&str], of: &str, port: Option<u16>) -> Vec<String> {
        routes(entries, &[]).addresses(&name(of), port).unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn connect_to_replaces_what_it_names_and_keeps_the_rest() {
        assert_eq!(destination(&[], "a.test", 443), "a.test:443");
        assert_eq!(destination(&["a.test:443:127.0.0.1:8443"], "a.test", 443), "127.0.0.1:8443 chosen");
        assert_eq!(destination(&["a.test:443:127.0.0.1:8443"], "a.test", 80), "a.test:80");
        assert_eq!(destination(&["a.test:443:127.0.0.1:8443"], "b.test", 443), "b.test:443");
        assert_eq!(destination(&["::[::1]:8443"], "b.test", 80), "[::1]:8443 chosen");
        assert_eq!(destination(&["A.test:::8443"], "a.test.", 80), "a.test.:8443");
        assert_eq!(destination(&["[2001:db8::1]:443:c.test:"], "2001:db8::1", 443), "c.test:443 chosen");
        assert_eq!(destination(&["a.test::b.test:", "::c.test:"], "a.test", 80), "b.test:80 chosen", "the first rule wins");
    }

    #[test]
    fn resolve_gives_the_addresses_of_a_name_and_a_port() {
        assert_eq!(addresses(&["a.test:443:192.0.2.1"], "a.test", Some(443)), ["192.0.2.1"]);
        assert!(addresses(&["a.test:443:192.0.2.1"], "a.test", Some(80)).is_empty());
        assert!(addresses(&["a.test:443:192.0.2.1"], "b.test", Some(443)).is_empty());
        assert_eq!(addresses(&["+a.test:443:[::1],192.0.2.1,::2"], "a.test", Some(443)), ["192.0.2.1", "::1", "::2"]);
        assert_eq!(addresses(&["*:443:192.0.2.1", "a.test:443:192.0.2.2"], "a.test", Some(443)), ["192.0.2.2"], "a name goes before `*`");
        assert_eq!(addresses(&["*:443:192.0.2.1"], "b.test", Some(443)), ["192.0.2.1"]);
        assert_eq!(addresses(&["a.test:443:192.0.2.1", "a.test:80:192.0.2.2"], "a.test", None), ["192.0.2.1", "192.0.2.2"]);
        assert_eq!(addresses(&["écologie.test:443:192.0.2.1"], "xn--cologie-9xa.test", None), ["192.0.2.1"]);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for wrong in [
            "",
            "a.test",
            "a.test:443",
            "a.test:http:192.0.2.1",
            "a.test:0:192.0.2.1",
            "a.test:443:b.test",
            "a.test:443:192.0.2.1,",
            ":443:192.0.2.1",
        ] {
            assert!(wrong.parse::<Resolve>().is_err(), "{wrong}");
        }
        for wrong in ["", "a.test:443", "a.test:443:b.test", "a.test:443:b.test:99999", "::1:443:b.test:443", "a b:443:c.test:443"] {
            assert!(wrong.parse::<ConnectTo>().is_err(), "{wrong}");
        }
        let told = "a.test:http:192.0.2.1".parse::<Resolve>().unwrap_err();
        assert_eq!(told.fr, "« http » n'est pas un port : il faut un nombre de 1 à 65535");
        assert_eq!(told.en, "\"http\" is not a port: expected a number from 1 to 65535");
    }
}

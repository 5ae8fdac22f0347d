//! What can be set about the way to look; everything else is fixed.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::{ConnectTo, Resolve, TrustAnchor};
use crate::day::Day;
use crate::text::{Text, say};

/// Header fields of an answer.
pub(super) const MOST_FIELDS: usize = 100;

/// Codings of a body, one upon the other: nobody needs more, and each multiplies what a bomb holds.
pub(super) const MOST_CODINGS: usize = 3;

/// How to look, and within what limits.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Certificates are judged at noon UTC of this day, whatever the clock says; those made in the afternoon count as made in time.
    pub today: Day,
    /// Look even at addresses that are not public.
    pub allow_private: bool,
    /// PEM files of authorities to trust besides those of Mozilla.
    pub ca_files: Vec<PathBuf>,
    pub resolve: Vec<Resolve>,
    pub connect_to: Vec<ConnectTo>,
    /// The name server to ask, by UDP and TCP; by default those of the system.
    pub dns: Option<SocketAddr>,
    /// What DNSSEC proofs rest on instead of the key of the root: for a zone of one's own.
    pub trust_anchor: Option<TrustAnchor>,
    /// An `http`, `https`, `socks5` or `socks5h` proxy. It looks names up itself: `resolve` and `connect_to` cannot be used, and what is
    /// private is refused by the name, and by what our own name server says of it. Proxies of the environment are ignored: the verdict must
    /// not depend on them.
    pub proxy: Option<Url>,
    /// Ask mail servers whether they encrypt.
    pub smtp: bool,
    /// The Chromium that visits pages.
    pub browser: Browser,
    /// For a connection with its TLS handshake; for a name to be looked up as well.
    pub connect_timeout: Duration,
    /// For a whole request, waiting for one's turn and looking names up put aside.
    pub timeout: Duration,
    /// Before the second and last look at what may only be passing, a time-out, a 503..., which is made when all else was seen.
    /// `Retry-After` may lengthen it.
    pub pause: Duration,
    /// A server that asks for more patience than this is not asked again.
    pub longest_pause: Duration,
    /// Bytes of a body, both on the wire and after decompression.
    pub body_limit: usize,
    /// Bytes of all header fields of an answer.
    pub header_limit: usize,
    /// Connections at a time to one address and port.
    pub per_address: usize,
    /// Requests at a time on one connection, where it speaks HTTP/2; on any other, one.
    pub per_connection: usize,
    /// Hosts at a time.
    pub hosts: usize,
}

/// Whether pages are also visited by a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Browser {
    Unwanted,
    /// Asked for, and not found.
    Missing,
    At(PathBuf),
}

impl Settings {
    pub fn new(today: Day) -> Self {
        Self {
            today,
            allow_private: false,
            ca_files: Vec::new(),
            resolve: Vec::new(),
            connect_to: Vec::new(),
            dns: None,
            trust_anchor: None,
            proxy: None,
            smtp: false,
            browser: Browser::Unwanted,
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(10),
            pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(30),
            body_limit: 1024 * 1024,
            header_limit: 64 * 1024,
            per_address: 2,
            per_connection: 6,
            hosts: 64,
        }
    }

    /// What cannot be done is told before anything is asked.
    pub(super) fn checked(mut self) -> Result<Self, Text> {
        let Some(proxy) = &mut self.proxy else {
            return Ok(self);
        };
        if !(self.resolve.is_empty() && self.connect_to.is_empty()) {
            return Err(say!(
                fr: "--proxy ne va ni avec --resolve ni avec --connect-to : c'est le proxy qui trouve les adresses",
                en: "--proxy goes neither with --resolve nor with --connect-to: the proxy finds the addresses",
            ));
        }
        if self.browser != Browser::Unwanted {
            return Err(say!(
                fr: "--browser ne va pas avec --proxy : le navigateur passe déjà par un mandataire, celui qui vérifie les adresses",
                en: "--browser does not go with --proxy: the browser already goes through a proxy, the one that checks addresses",
            ));
        }
        // With `socks5`, reqwest would look names up itself, without asking us.
        if proxy.scheme() == "socks5" {
            let _ = proxy.set_scheme("socks5h");
        }
        match proxy.scheme() {
            "http" | "https" | "socks5h" => Ok(self),
            scheme => Err(say!(
                fr: "« {scheme} » n'est pas une sorte de proxy connue : http, https, socks5 ou socks5h",
                en: "\"{scheme}\" is not a known kind of proxy: http, https, socks5 or socks5h",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(proxy: &str, connect_to: &[&str]) -> Result<String, Text> {
        let connect_to = connect_to.iter().map(|rule| rule.parse().unwrap()).collect();
        let settings = Settings { proxy: Some(proxy.parse().unwrap()), connect_to, ..Settings::new(Day::new(2026, 11, 22)) };
        settings.checked().map(|settings| settings.proxy.unwrap().to_string())
    }

    #[test]
    fn a_proxy_is_of_a_known_kind_and_finds_the_addresses() {
        assert_eq!(checked("http://p.test:3128", &[]).unwrap(), "http://p.test:3128/");
        assert_eq!(checked("socks5://p.test:1080", &[]).unwrap(), "socks5h://p.test:1080");
        assert!(checked("ftp://p.test", &[]).unwrap_err().en.contains("ftp"));
        assert!(checked("http://p.test", &["a.test:::8080"]).is_err());
    }
}

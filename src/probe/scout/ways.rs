//! The way to a host: the addresses that may be dialled for a URL, each of them checked.

use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

use super::{Scout, Way};
use crate::facts::{Authority, SilenceKind};
use crate::probe::guard;

impl Scout {
    /// The addresses to dial for a URL, each of them checked.
    pub(in crate::probe) async fn way_to(&self, url: &Url) -> Result<Way, SilenceKind> {
        let ("http" | "https", Some(host), Some(port)) = (url.scheme(), url.host(), url.port_or_known_default()) else {
            return Err(SilenceKind::Garbled);
        };
        let host = host.to_owned();
        if self.settings.proxy.is_some() {
            return self.check_by_proxy(&host).await.map(|()| Way::Proxied);
        }
        let to = self.routes.destination(&host, port);
        let (addresses, chosen) = match (literal(&to.host), self.routes.addresses(&to.host, Some(to.port)), &to.host) {
            (Some(address), ..) => (vec![address], to.chosen),
            (None, Some(given), _) => (given, true),
            (None, None, host) => (self.dns.some(&host.to_string()).await?, false),
        };
        if addresses.is_empty() {
            return Err(SilenceKind::DnsFailed);
        }
        if !chosen {
            self.check(&addresses)?;
        }
        Ok(Way::Direct(addresses.into_iter().map(|address| SocketAddr::new(address, to.port)).collect()))
    }

    /// Where a proxy leads is its own affair; it is not asked to go where the name, or what our own name server says of it, is not public.
    async fn check_by_proxy(&self, host: &Host) -> Result<(), SilenceKind> {
        match (host, literal(host)) {
            _ if self.settings.allow_private => Ok(()),
            (_, Some(address)) => self.check(&[address]),
            (Host::Domain(name), None) if !guard::is_public_name(name) => Err(SilenceKind::PrivateAddress),
            // Who has no name server of one's own has the proxy's word.
            (name, None) => self.check(&self.dns.some(&name.to_string()).await.unwrap_or_default()),
        }
    }

    /// One address that is not public is enough to refuse: which one would be dialled is not ours to choose.
    fn check(&self, addresses: &[IpAddr]) -> Result<(), SilenceKind> {
        if self.settings.allow_private || addresses.iter().all(|address| guard::is_public(*address)) {
            Ok(())
        } else {
            Err(SilenceKind::PrivateAddress)
        }
    }
}

fn literal(host: &Host) -> Option<IpAddr> {
    match host {
        Host::Ipv4(address) => Some(IpAddr::V4(*address)),
        Host::Ipv6(address) => Some(IpAddr::V6(*address)),
        Host::Domain(_) => None,
    }
}

/// Where one waits for one's turn. Behind a proxy the addresses are not known, so that names stand for them.
pub(super) fn doors(way: &Way, url: &Url) -> Vec<String> {
    match way {
        Way::Direct(addresses) => addresses.iter().map(ToString::to_string).collect(),
        Way::Proxied => Authority::of(url).iter().map(ToString::to_string).collect(),
    }
}

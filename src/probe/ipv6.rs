//! Whether a host answers over IPv6: one connection, nothing said.

use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;
use url::{Host, Url};

use super::dns::Dns;
use super::guard;
use super::routes::{self, Routes};
use super::scout::{Meter, Way};
use super::settings::Settings;
use crate::facts::{Authority, Door, SilenceKind};

/// The IPv6 addresses to dial, each of them checked; or wherever the operator said that this host is.
pub(super) async fn way(authority: &Authority, routes: &Routes, dns: &Dns, settings: &Settings) -> Result<(Url, Way), SilenceKind> {
    // Behind a proxy nobody knows by which way it goes.
    if settings.proxy.is_some() {
        return Err(SilenceKind::NotAsked);
    }
    let host = routes::host(&authority.host).ok_or(SilenceKind::DnsFailed)?;
    let url = format!("https://{host}:{}/", authority.port).parse().map_err(|_| SilenceKind::DnsFailed)?;
    let to = routes.destination(&host, authority.port);
    let (addresses, chosen) = match (&to.host, routes.addresses(&to.host, Some(to.port))) {
        (Host::Ipv4(address), _) => (vec![IpAddr::V4(*address)], to.chosen),
        (Host::Ipv6(address), _) => (vec![IpAddr::V6(*address)], to.chosen),
        (Host::Domain(_), Some(given)) => (given, true),
        (Host::Domain(name), None) => (dns.all(name).await?, false),
    };
    let addresses: Vec<IpAddr> = addresses.into_iter().filter(|address| to.chosen || address.is_ipv6()).collect();
    if addresses.is_empty() {
        return Err(SilenceKind::DnsFailed);
    }
    if !(chosen || settings.allow_private || addresses.iter().all(|address| guard::is_public(*address))) {
        return Err(SilenceKind::PrivateAddress);
    }
    Ok((url, Way::Direct(addresses.into_iter().map(|address| SocketAddr::new(address, to.port)).collect())))
}

/// The first address that says something decides; that none does is a silence.
pub(super) async fn knock(way: &Way, meter: &Meter, limit: Duration) -> Result<Door, SilenceKind> {
    let Way::Direct(addresses) = way else { return Err(SilenceKind::NotAsked) };
    let mut closed = false;
    for address in addresses.iter() {
        if address.is_ipv6() && !goes_out(*address).await {
            return Err(SilenceKind::NoIpv6);
        }
        meter.request();
        match timeout(limit, TcpStream::connect(address)).await {
            Ok(Ok(_)) => return Ok(Door::Open),
            Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => closed = true,
            // Our own way out may be as much at fault as theirs in.
            Ok(Err(_)) | Err(_) => {}
        }
    }
    if closed { Ok(Door::Closed) } else { Err(SilenceKind::TimedOut) }
}

/// Whether this machine knows a way there. Nothing is sent: to connect a UDP socket is to ask our own routes.
async fn goes_out(address: SocketAddr) -> bool {
    match UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0)).await {
        Ok(socket) => socket.connect(address).await.is_ok(),
        Err(_) => false,
    }
}

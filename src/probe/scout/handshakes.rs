//! Handshakes: the certificate that a host shows, the versions of TLS that it accepts, the encryption that its mail server offers.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::time::sleep;
use url::Url;

use super::{Scout, Way};
use crate::facts::{Authority, Certificate, Handshake, Protocols, SilenceKind, Starttls, Version};
use crate::probe::versions::{self, Heard};
use crate::probe::{chain, line, routes, smtp, tls};

impl Scout {
    pub(super) async fn certificate(&self, authority: &Authority) -> Result<Certificate, SilenceKind> {
        let url = address(authority)?;
        let way = self.way_to(&url).await?;
        self.shake_hands(&url, &way).await
    }

    async fn shake_hands(&self, url: &Url, way: &Way) -> Result<Certificate, SilenceKind> {
        let host = url.host_str().ok_or(SilenceKind::DnsFailed)?;
        let (config, witness) = self.tls.recording();
        let handshake = async || {
            self.meter.request();
            match way {
                Way::Direct(addresses) => tls::shake_hands(config, host, addresses, self.settings.connect_timeout).await,
                Way::Proxied => line::shake_hands(url, config, &self.settings).await.map(|()| Handshake::default()),
            }
        };
        let agreed = self.in_turn(url, way, handshake).await?;
        let handshake = Handshake { stapled: witness.stapled(), ..agreed };
        chain::read(witness.chain(), host, handshake, &self.tls).ok_or(SilenceKind::CertificateRefused)
    }

    pub(super) async fn certificate_in_clear(&self, authority: &Authority) -> Result<Certificate, SilenceKind> {
        let url = address(authority)?;
        let way = self.way_to(&url).await?;
        let (Way::Direct(addresses), Some(host)) = (&way, url.host_str()) else {
            return Err(SilenceKind::BehindProxy);
        };
        self.meter.request();
        let asked = || versions::ask_to_show(host, addresses, self.settings.connect_timeout);
        let (version, chain) = self.in_turn(&url, &way, asked).await?;
        let handshake = Handshake { version: Some(version), in_clear: true, ..Handshake::default() };
        chain::read(&chain, host, handshake, &self.tls).ok_or(SilenceKind::CertificateRefused)
    }

    /// Old versions first, so that one that is accepted after them shows that the server was still there.
    pub(super) async fn protocols(&self, authority: &Authority) -> Result<Protocols, SilenceKind> {
        let url = address(authority)?;
        let Way::Direct(mut addresses) = self.way_to(&url).await? else {
            return Err(SilenceKind::BehindProxy);
        };
        let mut heard = BTreeMap::new();
        for version in [Version::Tls11, Version::Tls10, Version::Tls12, Version::Tls13] {
            let newer =
                heard.get(&Version::Tls11).copied().filter(|heard| version == Version::Tls10 && versions::refuses_older_ones(*heard));
            let (answer, address) = match newer {
                Some(refusal) => (refusal, None),
                None => self.greet_twice(version, &url, &addresses).await.map(|(answer, address)| (answer, Some(address)))?,
            };
            heard.insert(version, answer);
            // One machine, whose answers can be compared; nobody waits for long at a mute door.
            addresses = address.map_or(addresses, |address| Arc::from([address]));
            if heard.len() == 2 && heard.values().all(|heard| *heard == Heard::TimedOut) {
                break;
            }
        }
        versions::told(&heard)
    }

    async fn greet_twice(&self, version: Version, url: &Url, addresses: &Arc<[SocketAddr]>) -> Result<(Heard, SocketAddr), SilenceKind> {
        let host = url.host_str().ok_or(SilenceKind::DnsFailed)?;
        let way = Way::Direct(Arc::clone(addresses));
        let greet = || {
            self.meter.request();
            self.in_turn(url, &way, || versions::greet(version, host, addresses, self.settings.connect_timeout))
        };
        let first = greet().await?;
        if !versions::is_passing(first.0) || first.0 == Heard::TimedOut {
            return Ok(first);
        }
        sleep(self.settings.pause).await;
        greet().await
    }

    pub(super) async fn starttls(&self, authority: &Authority) -> Result<Starttls, SilenceKind> {
        if !self.settings.smtp {
            return Err(SilenceKind::NotAsked);
        }
        let url = address(authority)?;
        let way = self.way_to(&url).await?;
        let (Way::Direct(addresses), Some(host)) = (&way, url.host_str()) else { return Err(SilenceKind::BehindProxy) };
        let (config, witness) = self.tls.recording();
        let talk = async || {
            self.meter.request();
            smtp::ask(config, host, addresses, self.settings.connect_timeout, &self.meter).await
        };
        let Some(agreed) = self.in_turn_for(self.settings.timeout * smtp::PATIENCE, &url, &way, talk).await? else {
            return Ok(Starttls::NotOffered);
        };
        let handshake = Handshake { stapled: witness.stapled(), ..agreed };
        let certificate = chain::read(witness.chain(), host, handshake, &self.tls).ok_or(SilenceKind::CertificateRefused)?;
        Ok(Starttls::Encrypted(Box::new(certificate), witness.chain().iter().map(smtp::print).collect()))
    }
}

fn address(authority: &Authority) -> Result<Url, SilenceKind> {
    let host = routes::host(&authority.host).ok_or(SilenceKind::DnsFailed)?;
    format!("https://{host}:{}/", authority.port).parse().map_err(|_| SilenceKind::DnsFailed)
}

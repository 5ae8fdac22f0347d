//! One look at one need: finds the way, waits for its turn, and tells what may only be passing.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{sleep, timeout};
use url::{Host, Url};

use super::dns::Dns;
use super::manners::Manners;
use super::routes::{self, Routes};
use super::settings::Settings;
use super::tls::{self, Tls};
use super::{Cost, chain, guard, http};
use crate::facts::{Authority, Certificate, Exchange, Fact, Need, Seen, Silence, SilenceKind};
use crate::text::Text;

/// What all looks share.
pub(super) struct Scout {
    settings: Settings,
    routes: Routes,
    dns: Dns,
    tls: Tls,
    manners: Manners<reqwest::Client>,
    meter: Meter,
}

/// Which look it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Time {
    First,
    /// The last one, after a pause.
    Second(Duration),
}

/// What came of a look.
#[derive(Debug)]
pub(super) enum Look {
    Last(Seen),
    /// It may only be passing: to be looked at once more, later, and not before this pause.
    Again(Duration),
}

/// How a host is reached.
#[derive(Debug)]
pub(super) enum Way {
    /// Any of these addresses, all checked, all with one port.
    Direct(Arc<[SocketAddr]>),
    /// The proxy looks the name up.
    Proxied,
}

/// What the run costs to those who are audited.
#[derive(Debug, Default)]
pub(super) struct Meter {
    requests: AtomicUsize,
    bytes: AtomicU64,
}

impl Meter {
    pub(super) fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn bytes(&self, count: usize) {
        self.bytes.fetch_add(count as u64, Ordering::Relaxed);
    }
}

impl Scout {
    /// To be called within a tokio runtime.
    pub(super) fn new(settings: Settings) -> Result<Self, Text> {
        let settings = settings.checked()?;
        Ok(Self {
            routes: Routes::new(settings.resolve.clone(), settings.connect_to.clone()),
            dns: Dns::new(settings.dns, settings.connect_timeout),
            tls: Tls::new(settings.today, &settings.ca_files)?,
            manners: Manners::new(settings.hosts, settings.per_address),
            meter: Meter::default(),
            settings,
        })
    }

    pub(super) fn cost(&self) -> Cost {
        Cost { requests: self.meter.requests.load(Ordering::Relaxed), bytes: self.meter.bytes.load(Ordering::Relaxed) }
    }

    /// Nothing is dialled any more.
    pub(super) fn close(&self) {
        self.manners.close();
    }

    pub(super) async fn look(&self, need: &Need, time: Time) -> Look {
        if let Time::Second(pause) = time {
            sleep(pause).await;
        }
        let seen = self.see(need).await;
        match (time, passing(&seen)) {
            // Whoever asks for more patience than there is has said no: to ask again would be to insist.
            (Time::First, Some(asked)) if asked <= self.settings.longest_pause => Look::Again(asked.max(self.settings.pause)),
            _ => Look::Last(seen),
        }
    }

    async fn see(&self, need: &Need) -> Seen {
        let seen = match need {
            Need::Exchange(url) => self.exchange(url).await.map(|exchange| Fact::Exchange(Arc::new(exchange))),
            Need::Certificate(authority) => self.certificate(authority).await.map(|certificate| Fact::Certificate(Arc::new(certificate))),
            Need::Addresses(name) => self.addresses(name).await.map(|addresses| Fact::Addresses(addresses.into())),
        };
        seen.map_err(|kind| Silence::new(kind, need.place()))
    }

    async fn exchange(&self, url: &Url) -> Result<Exchange, SilenceKind> {
        let way = self.way_to(url).await?;
        self.get(url, &way).await
    }

    async fn get(&self, url: &Url, way: &Way) -> Result<Exchange, SilenceKind> {
        let visit = http::Visit::new(url, way, self.tls.strict(), &self.settings)?;
        let mut turn = self.manners.turn(doors(way, url), Some(visit.origin())).await.ok_or(SilenceKind::NotAsked)?;
        let look = http::get(&visit, turn.take(), &self.meter);
        let (seen, connection) = timeout(self.settings.timeout, look).await.unwrap_or((Err(SilenceKind::TimedOut), None));
        // Whoever waits for the answer need not wait for the door.
        tokio::spawn(turn.leave(connection));
        seen
    }

    async fn certificate(&self, authority: &Authority) -> Result<Certificate, SilenceKind> {
        let host = routes::host(&authority.host).ok_or(SilenceKind::DnsFailed)?;
        let url: Url = format!("https://{host}:{}/", authority.port).parse().map_err(|_| SilenceKind::DnsFailed)?;
        let way = self.way_to(&url).await?;
        self.shake_hands(&url, &way).await
    }

    async fn shake_hands(&self, url: &Url, way: &Way) -> Result<Certificate, SilenceKind> {
        let host = url.host_str().ok_or(SilenceKind::DnsFailed)?;
        let (config, witness) = self.tls.recording();
        let handshake = async {
            self.meter.request();
            match way {
                Way::Direct(addresses) => tls::shake_hands(config, host, addresses, self.settings.connect_timeout).await,
                Way::Proxied => http::shake_hands(url, config, &self.settings).await,
            }
        };
        self.in_turn(url, way, handshake).await?;
        chain::read(witness.chain(), host, &self.tls).ok_or(SilenceKind::CertificateRefused)
    }

    /// The time limit of a look starts with its turn.
    async fn in_turn<T>(&self, url: &Url, way: &Way, look: impl Future<Output = Result<T, SilenceKind>>) -> Result<T, SilenceKind> {
        let turn = self.manners.turn(doors(way, url), None).await.ok_or(SilenceKind::NotAsked)?;
        let seen = timeout(self.settings.timeout, look).await.unwrap_or(Err(SilenceKind::TimedOut));
        tokio::spawn(turn.leave(None));
        seen
    }

    /// As they are: nothing is dialled, so that private ones are told too.
    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, SilenceKind> {
        let host = routes::host(name).ok_or(SilenceKind::DnsFailed)?;
        match (self.routes.addresses(&host, None), &host) {
            (_, Host::Ipv4(address)) => Ok(vec![IpAddr::V4(*address)]),
            (_, Host::Ipv6(address)) => Ok(vec![IpAddr::V6(*address)]),
            (Some(given), _) => Ok(given),
            (None, Host::Domain(name)) => self.dns.all(name).await,
        }
    }

    /// The addresses to dial for a URL, each of them checked.
    async fn way_to(&self, url: &Url) -> Result<Way, SilenceKind> {
        let ("http" | "https", Some(host), Some(port)) = (url.scheme(), url.host(), url.port_or_known_default()) else {
            return Err(SilenceKind::Garbled);
        };
        let host = host.to_owned();
        if self.settings.proxy.is_some() {
            return self.check(literal(&host).as_slice()).map(|()| Way::Proxied);
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
fn doors(way: &Way, url: &Url) -> Vec<String> {
    match way {
        Way::Direct(addresses) => addresses.iter().map(ToString::to_string).collect(),
        Way::Proxied => Authority::of(url).iter().map(ToString::to_string).collect(),
    }
}

fn is_passing(kind: SilenceKind) -> bool {
    matches!(kind, SilenceKind::TimedOut | SilenceKind::Garbled | SilenceKind::TlsFailed)
}

/// How long to wait before looking again; nothing when there is no reason to.
fn passing(seen: &Seen) -> Option<Duration> {
    match seen {
        Ok(Fact::Exchange(exchange)) if matches!(exchange.status, 429 | 502 | 503 | 504) => Some(retry_after(exchange)),
        Err(silence) if is_passing(silence.kind) => Some(Duration::ZERO),
        _ => None,
    }
}

/// RFC 9110, section 10.2.3. A date needs a clock, which is not an input: it is taken for more than we ever wait.
fn retry_after(exchange: &Exchange) -> Duration {
    exchange.header("retry-after").map_or(Duration::ZERO, |value| value.trim().parse().map_or(Duration::MAX, Duration::from_secs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Body, Headers};

    fn pause(status: u16, fields: &[(&str, &str)]) -> Option<Duration> {
        let headers = fields.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect::<Headers>();
        let exchange = Exchange::new("http://a.test/".parse().unwrap(), status, headers, None, Body::Empty);
        passing(&Ok(Fact::Exchange(Arc::new(exchange))))
    }

    #[test]
    fn a_server_says_how_long_to_wait() {
        assert_eq!(pause(503, &[]), Some(Duration::ZERO));
        assert_eq!(pause(429, &[("retry-after", " 3 ")]), Some(Duration::from_secs(3)));
        for odd in ["Wed, 21 Oct 2015 07:28:00 GMT", "-1", "99999999999999999999999", "soon", ""] {
            assert_eq!(pause(503, &[("retry-after", odd)]), Some(Duration::MAX), "{odd}");
        }
        assert_eq!(pause(200, &[("retry-after", "3")]), None);
    }

    #[test]
    fn what_will_not_change_is_not_looked_at_again() {
        let told = |kind| passing(&Err(Silence::new(kind, "a.test")));
        for kind in [SilenceKind::Refused, SilenceKind::DnsFailed, SilenceKind::CertificateRefused, SilenceKind::PrivateAddress] {
            assert_eq!(told(kind), None, "{kind:?}");
        }
        assert!(told(SilenceKind::TimedOut).is_some());
    }
}

//! One look at one need: finds the way, waits for its turn, and tells what may only be passing.

mod handshakes;
mod ways;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use url::{Host, Url};

use super::dns::Dns;
use super::line::Line;
use super::manners::{Manners, Turn};
use super::patience::{Patience, Plea, retry_after};
use super::received::Received;
use super::routes::{self, Routes};
use super::settings::{Browser, Settings};
use super::tls::Tls;
use super::{Cost, TrustAnchor, browser, http, ipv6};
use crate::facts::{Authority, Door, Exchange, Fact, Need, Seen, Silence, SilenceKind, Visit};
use crate::text::Text;
use ways::doors;

/// Browsers at a time: each takes some hundred megabytes.
pub(super) const VISITS: usize = 2;

/// KiB of answers that are read or wait to be judged: what comes faster than it is judged waits on the disk.
pub(super) const MOST_READ: usize = 8 * 1024;

/// Of a site that says that it is asked too much.
const TOO_MUCH: SilenceKind = SilenceKind::HttpError(429);

/// What all looks share.
pub(super) struct Scout {
    settings: Settings,
    routes: Routes,
    dns: Dns,
    tls: Tls,
    manners: Manners<Line>,
    patience: Patience,
    visits: Semaphore,
    desk: Arc<Semaphore>,
    meter: Arc<Meter>,
}

/// Which look it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Time {
    First,
    /// The last one, after a pause.
    Second(Duration),
}

/// Room on the desk, until it is dropped; none for what takes hardly any.
#[derive(Debug)]
pub(super) struct Room(#[expect(dead_code, reason = "held, and never looked at")] Option<OwnedSemaphorePermit>);

impl Room {
    pub(super) const NONE: Self = Self(None);
}

/// What came of a look.
#[derive(Debug)]
pub(super) enum Look {
    /// With the room that it takes until it is judged.
    Last(Seen, Room),
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

/// By which connection a page is asked for.
#[derive(Debug, Clone, Copy)]
enum Connection {
    /// One that was kept, if there is one.
    Any,
    New,
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
            dns: Dns::new(settings.dns, settings.trust_anchor.as_ref().map(TrustAnchor::keys), settings.connect_timeout),
            tls: Tls::new(settings.today, &settings.ca_files)?,
            manners: Manners::new(&settings),
            patience: Patience::new(settings.longest_pause),
            visits: Semaphore::new(VISITS),
            desk: Arc::new(Semaphore::new(MOST_READ)),
            meter: Arc::default(),
            settings,
        })
    }

    pub(super) fn cost(&self) -> Cost {
        Cost { requests: self.meter.requests.load(Ordering::Relaxed), bytes: self.meter.bytes.load(Ordering::Relaxed) }
    }

    pub(super) fn browses(&self) -> bool {
        matches!(self.settings.browser, Browser::At(_))
    }

    pub(super) fn meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }

    pub(super) fn tls(&self) -> &Tls {
        &self.tls
    }

    /// Nothing is dialled any more.
    pub(super) fn close(&self) {
        self.manners.close();
        self.visits.close();
        self.desk.close();
    }

    /// Thousands of looks wait for their turn at the same time: what one takes is boxed once it has its turn, not before.
    pub(super) async fn look(&self, need: &Need, time: Time) -> Look {
        let is_left_alone = || matches!(need, Need::Exchange(url) if self.patience.leaves_alone(url));
        if let Time::Second(pause) = time
            && !is_left_alone()
        {
            sleep(pause).await;
        }
        let (mut seen, room) = self.see(need).await;
        // What fails twice may be a host whose versions or ciphers nobody here speaks any more.
        if let (Time::Second(_), Need::Certificate(authority), true) = (time, need, is_failed_handshake(&seen))
            && let Ok(certificate) = Box::pin(self.certificate_in_clear(authority)).await
        {
            seen = Ok(Fact::Certificate(Arc::new(certificate)));
        }
        // Each version of TLS was greeted twice already where that was called for, and who is to be left alone is not asked again.
        let again = passing(&seen).filter(|_| !matches!(need, Need::Protocols(_)) && !is_left_alone());
        match (time, again) {
            // Whoever asks for more patience than there is has said no: to ask again would be to insist.
            (Time::First, Some(asked)) if asked <= self.settings.longest_pause => Look::Again(asked.max(self.settings.pause)),
            _ => Look::Last(told_to_wait(seen), room),
        }
    }

    async fn see(&self, need: &Need) -> (Seen, Room) {
        let mut room = Room::NONE;
        let seen = match need {
            Need::Exchange(url) => self.exchange(url).await.map(|(exchange, taken)| {
                room = taken;
                Fact::Exchange(Arc::new(exchange))
            }),
            // Large, and rare beside pages.
            Need::Certificate(authority) => {
                Box::pin(self.certificate(authority)).await.map(|certificate| Fact::Certificate(Arc::new(certificate)))
            }
            Need::Protocols(authority) => Box::pin(self.protocols(authority)).await.map(|protocols| Fact::Protocols(Arc::new(protocols))),
            Need::Visit(url) => self.visit(url).await.map(|visit| Fact::Visit(Arc::new(visit))),
            Need::Addresses(name) => self.addresses(name).await.map(|addresses| Fact::Addresses(addresses.into())),
            Need::Ipv6(authority) => self.ipv6(authority).await.map(Fact::Ipv6),
            Need::Records(name, kind) => self.dns.records(name, *kind).await.map(|records| Fact::Records(Arc::new(records))),
            Need::Starttls(authority) => Box::pin(self.starttls(authority)).await.map(|starttls| Fact::Starttls(Arc::new(starttls))),
            Need::Signature(domain) => self.dns.signature(domain).await.map(Fact::Signature),
        };
        (seen.map_err(|kind| Silence::new(kind, need.place())), room)
    }

    async fn exchange(&self, url: &Url) -> Result<(Exchange, Room), SilenceKind> {
        let way = self.way_to(url).await?;
        let received = self.get(url, &way).await?;
        let weight = received.weight(self.settings.body_limit) / 1024;
        if weight == 0 {
            return Ok((received.read(self.settings.body_limit)?, Room::NONE));
        }
        // Nobody is kept waiting at a door by this, and no time runs: it is we who are slow.
        let asked = u32::try_from(weight.min(MOST_READ)).unwrap_or(u32::MAX);
        let mut room = Arc::clone(&self.desk).acquire_many_owned(asked).await.map_err(|_| SilenceKind::NotAsked)?;
        let exchange = received.read(self.settings.body_limit)?;
        let kept = room.split(exchange.text().len() / 1024);
        Ok((exchange, Room(kept)))
    }

    async fn get(&self, url: &Url, way: &Way) -> Result<Received, SilenceKind> {
        let visit = http::Visit { url, way, tls: self.tls.resuming(url), settings: &self.settings };
        match self.get_by(&visit, Connection::Any).await {
            // It was closed meanwhile, as a server may at any time.
            (Err(SilenceKind::Garbled), Connection::Any) => self.get_by(&visit, Connection::New).await.0,
            (seen, _) => seen,
        }
    }

    /// What was seen, and by which connection: one that was kept is `Any`.
    async fn get_by(&self, visit: &http::Visit<'_>, wanted: Connection) -> (Result<Received, SilenceKind>, Connection) {
        let url = visit.url;
        let mut turn = match self.welcome(visit, wanted).await {
            Ok(turn) => turn,
            Err(kind) => return (Err(kind), Connection::New),
        };
        let used = if turn.has_kept() { Connection::Any } else { Connection::New };
        let made = Patience::moment();
        let look = Box::pin(http::get(visit, &mut turn, &self.meter));
        let (seen, connection) = timeout(self.settings.timeout, look).await.unwrap_or((Err(SilenceKind::TimedOut), None));
        if let Ok(received) = &seen {
            self.patience.hear(url, Plea::of(received.status, &received.headers, self.settings.pause), made, Patience::moment());
        }
        // Whoever waits for the answer need not wait for the door.
        tokio::spawn(turn.leave(connection));
        (seen, used)
    }

    /// A turn at a moment when the site may be asked. Whoever waits for that moment keeps neither a door nor a place from others.
    async fn welcome(&self, visit: &http::Visit<'_>, wanted: Connection) -> Result<Turn<Line>, SilenceKind> {
        let (doors, origin) = (doors(visit.way, visit.url), visit.origin());
        loop {
            if !self.patience.wait(visit.url).await {
                return Err(TOO_MUCH);
            }
            let turn = match wanted {
                Connection::Any => self.manners.turn(doors.clone(), Some(origin.clone())).await,
                Connection::New => self.manners.turn_anew(doors.clone(), origin.clone()).await,
            };
            let turn = turn?;
            if self.patience.welcomes(visit.url) {
                return Ok(turn);
            }
        }
    }

    async fn ipv6(&self, authority: &Authority) -> Result<Door, SilenceKind> {
        let (url, way) = ipv6::way(authority, &self.routes, &self.dns, &self.settings).await?;
        self.in_turn(&url, &way, || ipv6::knock(&way, &self.meter, self.settings.connect_timeout)).await
    }

    async fn in_turn<T>(&self, url: &Url, way: &Way, look: impl AsyncFnOnce() -> Result<T, SilenceKind>) -> Result<T, SilenceKind> {
        self.in_turn_for(self.settings.timeout, url, way, look).await
    }

    /// The time limit of a look starts with its turn.
    async fn in_turn_for<T>(
        &self,
        limit: Duration,
        url: &Url,
        way: &Way,
        look: impl AsyncFnOnce() -> Result<T, SilenceKind>,
    ) -> Result<T, SilenceKind> {
        let turn = self.manners.turn(doors(way, url), None).await?;
        let seen = timeout(limit, Box::pin(look())).await.unwrap_or(Err(SilenceKind::TimedOut));
        match way {
            // Its connection was its own, and is closed.
            Way::Direct(_) => drop(turn),
            Way::Proxied => drop(tokio::spawn(turn.leave(None))),
        }
        seen
    }

    /// A browser keeps no turn at a door: it opens as many connections to a host as those of visitors do.
    async fn visit(&self, url: &Url) -> Result<Visit, SilenceKind> {
        let program = match &self.settings.browser {
            Browser::Unwanted => return Err(SilenceKind::NotAsked),
            Browser::Missing => return Err(SilenceKind::NoBrowser),
            Browser::At(program) => program,
        };
        // What is not public is refused before anything is started.
        self.way_to(url).await?;
        if !self.patience.wait(url).await {
            return Err(TOO_MUCH);
        }
        let _turn = self.visits.acquire().await.map_err(|_| SilenceKind::NotAsked)?;
        Box::pin(browser::visit(self, program, url, self.settings.connect_timeout, self.settings.body_limit)).await
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
}

fn is_failed_handshake(seen: &Seen) -> bool {
    matches!(seen, Err(Silence { kind: SilenceKind::TlsFailed, .. }))
}

fn is_passing(kind: SilenceKind) -> bool {
    matches!(kind, SilenceKind::TimedOut | SilenceKind::Garbled | SilenceKind::TlsFailed)
}

/// How long to wait before looking again; nothing when there is no reason to.
fn passing(seen: &Seen) -> Option<Duration> {
    match seen {
        Ok(Fact::Exchange(exchange)) if matches!(exchange.status, 429 | 502 | 503 | 504) => Some(retry_after(&exchange.headers)),
        Err(silence) if is_passing(silence.kind) => Some(Duration::ZERO),
        _ => None,
    }
}

/// What is not asked because the site asked for peace is told as if it had been: which ones were asked before is chance.
fn told_to_wait(seen: Seen) -> Seen {
    match seen {
        Ok(Fact::Exchange(exchange)) if exchange.status == 429 => Err(Silence::new(TOO_MUCH, exchange.url())),
        seen => seen,
    }
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

    #[tokio::test]
    async fn a_look_that_waits_is_small() {
        let scout = Scout::new(Settings::new(crate::day::Day::new(2026, 11, 22))).unwrap();
        let need = Need::Exchange("https://a.test/".parse().unwrap());
        let bytes = size_of_val(&scout.look(&need, Time::First));
        assert!(bytes <= 1500, "{bytes}");
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

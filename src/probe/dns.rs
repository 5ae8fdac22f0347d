//! Looking names up, telling "no such name" from "no address" and from "no answer".

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use hickory_resolver::TokioResolver;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::dnssec::TrustAnchors;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::memory::Memory;
use super::patience::{Moment, Patience};
use super::resolvers::Resolvers;
use crate::facts::SilenceKind;

/// Names looked up at a time: home routers drop what comes faster.
pub(super) const AT_A_TIME: usize = 16;

/// The name servers that are asked, and what they said.
pub(super) struct Dns {
    pub(super) resolvers: Resolvers,
    /// For a question, IPv4 or IPv6, about a name.
    pub(super) limit: Duration,
    pub(super) turns: Semaphore,
    /// Each page, certificate and greeting needs the addresses of its host.
    known: Memory<Families>,
}

/// What is known of a name: for each family its addresses, none when the name exists without one.
#[derive(Debug, Clone)]
struct Families {
    v4: Result<Vec<IpAddr>, SilenceKind>,
    v6: Result<Vec<IpAddr>, SilenceKind>,
}

/// What is said of a family, and until when it holds, by the word of the name server (RFC 1035, section 3.2.1; RFC 2308, section 5).
type Said = (Result<Vec<IpAddr>, SilenceKind>, Option<Moment>);

impl Dns {
    /// To be called within a tokio runtime.
    pub(super) fn new(server: Option<SocketAddr>, anchors: Option<Arc<TrustAnchors>>, limit: Duration) -> Self {
        Self { resolvers: Resolvers::new(server, anchors, limit), limit, turns: Semaphore::new(AT_A_TIME), known: Memory::default() }
    }

    /// All addresses of a name. Fails when only one family is known, for "no IPv6" must not be said of a server that kept silent.
    pub(super) async fn all(&self, name: &str) -> Result<Vec<IpAddr>, SilenceKind> {
        let Families { v4, v6 } = self.look_up(name).await;
        Ok(sorted(v4?, v6?))
    }

    /// The addresses of a name that are known: enough to connect to one of them.
    pub(super) async fn some(&self, name: &str) -> Result<Vec<IpAddr>, SilenceKind> {
        let Families { v4, v6 } = self.look_up(name).await;
        match (v4, v6) {
            (Err(kind), Err(_)) => Err(kind),
            (v4, v6) => Ok(sorted(v4.unwrap_or_default(), v6.unwrap_or_default())),
        }
    }

    async fn look_up(&self, text: &str) -> Families {
        if let Some(known) = self.known.of(text) {
            return known;
        }
        let unknown = || Families { v4: Err(SilenceKind::DnsFailed), v6: Err(SilenceKind::DnsFailed) };
        let (Some(resolver), Ok(mut name)) = (self.resolvers.plain(), Name::from_utf8(text)) else {
            return unknown();
        };
        // Search lists would find another host, another day, on another machine.
        name.set_fqdn(true);
        let Ok(_turn) = self.turns.acquire().await else {
            return unknown();
        };
        let in_time = |kind| {
            timeout(self.limit, Box::pin(family(resolver, &name, kind))).map(|said| said.unwrap_or((Err(SilenceKind::DnsFailed), None)))
        };
        let ((v4, until), (v6, until_6)) = tokio::join!(in_time(RecordType::A), in_time(RecordType::AAAA));
        let families = Families { v4, v6 };
        if let (Some(until), Some(until_6)) = (until, until_6) {
            self.known.keep(text, families.clone(), until.min(until_6));
        }
        families
    }
}

async fn family(resolver: &TokioResolver, name: &Name, kind: RecordType) -> Said {
    match resolver.lookup(name.clone(), kind).await {
        Ok(found) => {
            let addresses = found.answers().iter().filter_map(|record| address(&record.data)).collect();
            (Ok(addresses), Some(found.valid_until().into()))
        }
        Err(error) if error.is_no_records_found() && !error.is_nx_domain() => (Ok(Vec::new()), holds_until(&error)),
        Err(_) => (Err(SilenceKind::DnsFailed), None),
    }
}

/// That there is nothing holds as long as the zone says; when it says nothing, for now.
fn holds_until(error: &NetError) -> Option<Moment> {
    let NetError::Dns(DnsError::NoRecordsFound(none)) = error else { return None };
    Some(Patience::moment() + Duration::from_secs(none.negative_ttl?.into()))
}

/// Nothing for the aliases that lead to an address.
fn address(data: &RData) -> Option<IpAddr> {
    match data {
        RData::A(address) => Some(IpAddr::V4(address.0)),
        RData::AAAA(address) => Some(IpAddr::V6(address.0)),
        _ => None,
    }
}

fn sorted(v4: Vec<IpAddr>, v6: Vec<IpAddr>) -> Vec<IpAddr> {
    let mut addresses = [v4, v6].concat();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}

//! Looking names up, telling "no such name" from "no address" and from "no answer".

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use hickory_resolver::TokioResolver;
use hickory_resolver::proto::dnssec::TrustAnchors;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use tokio::sync::Semaphore;
use tokio::time::timeout;

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
}

/// What is known of a name: for each family its addresses, none when the name exists without one.
struct Families {
    v4: Result<Vec<IpAddr>, SilenceKind>,
    v6: Result<Vec<IpAddr>, SilenceKind>,
}

impl Dns {
    /// To be called within a tokio runtime.
    pub(super) fn new(server: Option<SocketAddr>, anchors: Option<Arc<TrustAnchors>>, limit: Duration) -> Self {
        Self { resolvers: Resolvers::new(server, anchors, limit), limit, turns: Semaphore::new(AT_A_TIME) }
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

    async fn look_up(&self, name: &str) -> Families {
        let unknown = || Families { v4: Err(SilenceKind::DnsFailed), v6: Err(SilenceKind::DnsFailed) };
        let (Some(resolver), Ok(mut name)) = (self.resolvers.plain(), Name::from_utf8(name)) else {
            return unknown();
        };
        // Search lists would find another host, another day, on another machine.
        name.set_fqdn(true);
        let Ok(_turn) = self.turns.acquire().await else {
            return unknown();
        };
        let in_time =
            |kind| timeout(self.limit, Box::pin(family(resolver, &name, kind))).map(|seen| seen.unwrap_or(Err(SilenceKind::DnsFailed)));
        let (v4, v6) = tokio::join!(in_time(RecordType::A), in_time(RecordType::AAAA));
        Families { v4, v6 }
    }
}

async fn family(resolver: &TokioResolver, name: &Name, kind: RecordType) -> Result<Vec<IpAddr>, SilenceKind> {
    match resolver.lookup(name.clone(), kind).await {
        Ok(found) => Ok(found.answers().iter().filter_map(|record| address(&record.data)).collect()),
        Err(error) if error.is_no_records_found() && !error.is_nx_domain() => Ok(Vec::new()),
        Err(_) => Err(SilenceKind::DnsFailed),
    }
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

//! What asks name servers: one resolver for what they say, others for what they can prove.

use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::config::{NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::dnssec::TrustAnchors;
use hickory_resolver::{ConnectionProvider, Resolver, TokioResolver};

use super::unchecked::Unchecked;
use crate::text::{Text, say};

/// Keys that DNSSEC proofs rest on, as DNSKEY records: `example. IN DNSKEY 257 3 13 ...`.
#[derive(Clone)]
pub struct TrustAnchor(Arc<TrustAnchors>);

impl TrustAnchor {
    pub(super) fn keys(&self) -> Arc<TrustAnchors> {
        Arc::clone(&self.0)
    }
}

impl std::fmt::Debug for TrustAnchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TrustAnchor")
    }
}

impl FromStr for TrustAnchor {
    type Err = Text;

    fn from_str(text: &str) -> Result<Self, Text> {
        let keys = TrustAnchors::from_str(text).map_err(|error| {
            say!(
                fr: "ce ne sont pas des enregistrements DNSKEY ({error})",
                en: "these are not DNSKEY records ({error})",
            )
        })?;
        Ok(Self(Arc::new(keys)))
    }
}

/// Asks the same name servers in two ways, so that a zone whose signatures do not hold can still be looked at.
pub(super) struct Resolvers {
    server: Option<SocketAddr>,
    anchors: Option<Arc<TrustAnchors>>,
    limit: Duration,
    /// None where the system has no name server: nothing is found then.
    plain: Option<TokioResolver>,
    unchecked: Option<Resolver<Unchecked>>,
    proving: Option<Resolver<Unchecked>>,
}

impl Resolvers {
    /// To be called within a tokio runtime.
    pub(super) fn new(server: Option<SocketAddr>, anchors: Option<Arc<TrustAnchors>>, limit: Duration) -> Self {
        let mut resolvers = Self { server, anchors, limit, plain: None, unchecked: None, proving: None };
        resolvers.plain = resolvers.build(TokioRuntimeProvider::default(), Proofs::Unasked).ok();
        resolvers.unchecked = resolvers.build(Unchecked::default(), Proofs::Unasked).ok();
        resolvers.proving = resolvers.fresh();
        resolvers
    }

    pub(super) fn plain(&self) -> Option<&TokioResolver> {
        self.plain.as_ref()
    }

    /// What the plain one hears, and what name servers would keep back because its signatures do not hold.
    pub(super) fn unchecked(&self) -> Option<&Resolver<Unchecked>> {
        self.unchecked.as_ref()
    }

    /// Keeps answers only whose signatures it has followed up to a trusted key; name servers are asked not to do so in its place.
    pub(super) fn proving(&self) -> Option<&Resolver<Unchecked>> {
        self.proving.as_ref()
    }

    /// The same, remembering nothing.
    pub(super) fn fresh(&self) -> Option<Resolver<Unchecked>> {
        self.build(Unchecked::default(), Proofs::Followed).ok()
    }

    fn build<P: ConnectionProvider>(&self, provider: P, proofs: Proofs) -> Result<Resolver<P>, NetError> {
        let mut builder = match self.server {
            Some(server) => Resolver::builder_with_config(given(server), provider),
            None => Resolver::builder(provider)?,
        };
        let options = builder.options_mut();
        if self.server.is_some() || proofs == Proofs::Followed {
            options.use_hosts_file = ResolveHosts::Never;
        }
        options.timeout = self.limit / 2;
        options.attempts = 1;
        options.validate = proofs == Proofs::Followed;
        match (&self.anchors, proofs) {
            (Some(anchors), Proofs::Followed) => builder.with_trust_anchor(Arc::clone(anchors)).build(),
            _ => builder.build(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proofs {
    Unasked,
    Followed,
}

fn given(server: SocketAddr) -> ResolverConfig {
    let mut name_server = NameServerConfig::udp_and_tcp(server.ip());
    for connection in &mut name_server.connections {
        connection.port = server.port();
    }
    ResolverConfig::from_name_servers(vec![name_server])
}

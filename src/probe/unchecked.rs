//! Questions that ask a name server to hand on what it has, even if its own proofs fail (CD, RFC 4035, section 3.2.2).
//!
//! A resolver that checks signatures itself says of a zone whose signatures do not hold what it says of one whose servers are broken:
//! SERVFAIL. To tell the two apart the signatures must come here.

use std::net::IpAddr;
use std::pin::Pin;

use futures_util::TryFutureExt;
use hickory_resolver::config::ConnectionConfig;
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::xfer::{DnsExchange, DnsHandle};
use hickory_resolver::proto::op::DnsRequest;
use hickory_resolver::{ConnectionProvider, PoolContext};

type Exchange = DnsExchange<TokioRuntimeProvider>;

/// Connects as tokio does, and marks each question. The library that follows signatures takes the mark off, so that it is set after it.
#[derive(Clone, Default)]
pub(super) struct Unchecked(TokioRuntimeProvider);

impl ConnectionProvider for Unchecked {
    type Conn = Marking;
    type FutureConn = Pin<Box<dyn Future<Output = Result<Marking, NetError>> + Send>>;
    type RuntimeProvider = TokioRuntimeProvider;

    fn new_connection(&self, ip: IpAddr, config: &ConnectionConfig, context: &PoolContext) -> Result<Self::FutureConn, NetError> {
        Ok(Box::pin(self.0.new_connection(ip, config, context)?.map_ok(Marking)))
    }

    fn runtime_provider(&self) -> &TokioRuntimeProvider {
        &self.0
    }
}

#[derive(Clone)]
pub(super) struct Marking(Exchange);

impl DnsHandle for Marking {
    type Response = <Exchange as DnsHandle>::Response;
    type Runtime = TokioRuntimeProvider;

    fn send(&self, mut request: DnsRequest) -> Self::Response {
        request.metadata.checking_disabled = true;
        self.0.send(request)
    }
}

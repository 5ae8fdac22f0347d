//! A real name server on loopback: a root, and zones under it; one with a label `mute` never answers, one with `broken` always fails.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use hickory_resolver::net::runtime::{Time, TokioRuntimeProvider};
use hickory_resolver::proto::dnssec::crypto::EcdsaSigningKey;
use hickory_resolver::proto::dnssec::rdata::{DNSKEY, DNSSECRData, DS};
use hickory_resolver::proto::dnssec::{Algorithm, DigestType, DnssecSigner, SigningKey};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use hickory_resolver::proto::serialize::txt::Parser;
use hickory_server::Server;
use hickory_server::dnssec::NxProofKind;
use hickory_server::server::{Request, RequestHandler, ResponseHandler, ResponseInfo};
use hickory_server::store::in_memory::InMemoryZoneHandler;
use hickory_server::zone_handler::{AxfrPolicy, Catalog, MessageResponseBuilder, ZoneHandler, ZoneType};
use tokio::net::{TcpListener, UdpSocket};

/// A key and its DNSKEY.
pub struct Key(Vec<u8>);

impl Key {
    pub fn new() -> Self {
        Self(EcdsaSigningKey::generate_pkcs8(Algorithm::ECDSAP256SHA256).unwrap().secret_pkcs8_der().to_vec())
    }

    fn signing(&self) -> EcdsaSigningKey {
        EcdsaSigningKey::from_pkcs8(&self.0.as_slice().into(), Algorithm::ECDSAP256SHA256).unwrap()
    }

    pub fn dnskey(&self) -> DNSKEY {
        DNSKEY::from_key(&self.signing().to_public_key().unwrap())
    }

    pub fn ds(&self, zone: &Name) -> Record {
        let key = self.dnskey();
        let digest = key.to_digest(zone, DigestType::SHA256).unwrap().as_ref().to_vec();
        let ds = DS::new(key.calculate_key_tag().unwrap(), Algorithm::ECDSAP256SHA256, DigestType::SHA256, digest);
        Record::from_rdata(zone.clone(), 60, RData::DNSSEC(DNSSECRData::DS(ds)))
    }
}

pub fn name(text: &str) -> Name {
    Name::from_ascii(text).unwrap()
}

pub fn zone(origin: &str, text: &str, more: Vec<Record>, key: Option<&Key>) -> Arc<dyn ZoneHandler> {
    let origin = name(origin);
    let (origin, records) = Parser::new(text.to_owned(), None, Some(origin)).parse().unwrap();
    let proofs = key.map(|_| NxProofKind::Nsec);
    let mut zone =
        InMemoryZoneHandler::<TokioRuntimeProvider>::new(origin.clone(), records, ZoneType::Primary, AxfrPolicy::Deny, proofs).unwrap();
    for record in more {
        assert!(zone.upsert_mut(record, 1));
    }
    if let Some(key) = key {
        let signer = DnssecSigner::new(key.dnskey(), Box::new(key.signing()), origin, Duration::from_hours(24));
        zone.add_zone_signing_key_mut(signer).unwrap();
        zone.secure_zone_mut().unwrap();
    }
    Arc::new(zone)
}

/// All zones on one server, as a resolver shows them: what stands above a zone answers for its DS.
pub struct Tree {
    above: Catalog,
    all: Catalog,
    passing: Passing,
}

#[async_trait]
impl RequestHandler for Tree {
    async fn handle_request<R: ResponseHandler, T: Time>(&self, request: &Request, mut out: R) -> ResponseInfo {
        let query = request.request_info().unwrap().query;
        let within = |label: &str| query.name().iter().any(|part| part == label.as_bytes());
        let kept_back = self.passing == Passing::Checked && !request.metadata.checking_disabled && within("bogus");
        if within("mute") && query.query_type() != RecordType::DS {
            std::future::pending::<()>().await;
        }
        if (within("broken") || kept_back) && query.query_type() != RecordType::DS {
            let failure = MessageResponseBuilder::from_message_request(request).error_msg(&request.metadata, ResponseCode::ServFail);
            return out.send_response(failure).await.unwrap();
        }
        let catalog = if query.query_type() == RecordType::DS { &self.above } else { &self.all };
        catalog.handle_request::<R, T>(request, out).await
    }
}

impl Tree {
    /// The root answers for the DS of all that is under it.
    pub fn new(root: &Arc<dyn ZoneHandler>, zones: impl IntoIterator<Item = (String, Arc<dyn ZoneHandler>)>, passing: Passing) -> Self {
        let mut tree = Self { above: Catalog::new(), all: Catalog::new(), passing };
        tree.above.upsert(name(".").into(), vec![Arc::clone(root)]);
        tree.all.upsert(name(".").into(), vec![Arc::clone(root)]);
        for (origin, zone) in zones {
            tree.all.upsert(name(&origin).into(), vec![zone]);
        }
        tree
    }
}

/// Whether the server hands signatures on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passing {
    Signatures,
    /// And checks them itself: what does not hold is SERVFAIL, unless it is asked not to check.
    Checked,
    None,
}

pub fn serve(tree: Tree) -> SocketAddr {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            // One port for both: what is free for the one may be taken for the other.
            let (udp, tcp) = loop {
                let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
                if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()).await {
                    break (udp, tcp);
                }
            };
            let address = udp.local_addr().unwrap();
            let mut server = Server::new(tree);
            server.register_socket(udp);
            server.register_listener(tcp, Duration::from_secs(5), 32);
            sender.send(address).unwrap();
            server.block_until_done().await.unwrap();
        });
    });
    receiver.recv().unwrap()
}

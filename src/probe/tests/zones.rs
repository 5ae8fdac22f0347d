//! A real name server on loopback: a signed root, and zones under it that are signed, badly signed, unsigned, or silent.

use std::net::SocketAddr;
use std::sync::mpsc::channel;
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use hickory_resolver::net::runtime::{Time, TokioRuntimeProvider};
use hickory_resolver::proto::dnssec::crypto::EcdsaSigningKey;
use hickory_resolver::proto::dnssec::rdata::{DNSKEY, DNSSECRData, DS};
use hickory_resolver::proto::dnssec::{Algorithm, DigestType, DnssecSigner, SigningKey};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::rdata::TXT;
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use hickory_resolver::proto::serialize::txt::Parser;
use hickory_server::Server;
use hickory_server::dnssec::NxProofKind;
use hickory_server::server::{Request, RequestHandler, ResponseHandler, ResponseInfo};
use hickory_server::store::in_memory::InMemoryZoneHandler;
use hickory_server::zone_handler::{AxfrPolicy, Catalog, MessageResponseBuilder, ZoneHandler, ZoneType};
use tokio::net::{TcpListener, UdpSocket};

use crate::probe::{Settings, TrustAnchor};

/// Ten includes and the one that is too many; a loop; records that are broken or huge.
fn plain_zone() -> String {
    let mut zone = "@ 60 IN SOA ns.plain. root.plain. 1 60 60 60 60\n@ 60 IN NS ns.plain.\n".to_owned();
    zone.push_str("@ 60 IN TXT \"v=spf1 \" \"include:_spf1.plain -all\"\n");
    for n in 1..=11 {
        zone.push_str(&format!("_spf{n} 60 IN TXT \"v=spf1 include:_spf{}.plain -all\"\n", n + 1));
    }
    zone.push_str("_spf12 60 IN TXT \"v=spf1 -all\"\n");
    zone.push_str("www 60 IN CNAME web.plain.\nweb 60 IN CNAME host.plain.\nhost 60 IN A 192.0.2.7\n");
    zone.push_str("ring 60 IN CNAME ring2.plain.\nring2 60 IN CNAME ring.plain.\n");
    for n in 0..150 {
        zone.push_str(&format!("many 60 IN A 192.0.3.{n}\n"));
    }
    let long = format!("\"{}\" ", "x".repeat(250)).repeat(60);
    zone.push_str(&format!("huge 60 IN TXT {long}\n"));
    zone
}

const GOOD: &str = "@ 60 IN SOA ns.good. root.good. 1 60 60 60 60
@ 60 IN NS NS.Good.
@ 60 IN MX 20 b.mail.good.
@ 60 IN MX 10 a.mail.good.
@ 60 IN CAA 0 issue \"letsencrypt.org\"
www 60 IN A 192.0.2.1
www 60 IN AAAA 2001:db8::1
_25._tcp.a.mail 60 IN TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
";
const BOGUS: &str = "@ 60 IN SOA ns.bogus. root.bogus. 1 60 60 60 60\n@ 60 IN NS ns.bogus.\nwww 60 IN A 192.0.2.2\n";
const ROOT: &str = "@ 60 IN SOA ns.good. root.good. 1 60 60 60 60\n@ 60 IN NS ns.good.\ngood 60 IN NS ns.good.\nbogus 60 IN NS ns.bogus.
stripped 60 IN NS ns.good.\nplain 60 IN NS ns.plain.\nmute 60 IN NS ns.good.\nbroken 60 IN NS ns.good.\n";

fn nasty() -> Record {
    let text = TXT::from_bytes(vec![b"a\x1b[31mred", b"\nline"]);
    Record::from_rdata(name("nasty.plain."), 60, RData::TXT(text))
}

/// A key and its DNSKEY.
struct Key(Vec<u8>);

impl Key {
    fn new() -> Self {
        Self(EcdsaSigningKey::generate_pkcs8(Algorithm::ECDSAP256SHA256).unwrap().secret_pkcs8_der().to_vec())
    }

    fn signing(&self) -> EcdsaSigningKey {
        EcdsaSigningKey::from_pkcs8(&self.0.as_slice().into(), Algorithm::ECDSAP256SHA256).unwrap()
    }

    fn dnskey(&self) -> DNSKEY {
        DNSKEY::from_key(&self.signing().to_public_key().unwrap())
    }

    fn ds(&self, zone: &Name) -> Record {
        let key = self.dnskey();
        let digest = key.to_digest(zone, DigestType::SHA256).unwrap().as_ref().to_vec();
        let ds = DS::new(key.calculate_key_tag().unwrap(), Algorithm::ECDSAP256SHA256, DigestType::SHA256, digest);
        Record::from_rdata(zone.clone(), 60, RData::DNSSEC(DNSSECRData::DS(ds)))
    }
}

fn name(text: &str) -> Name {
    Name::from_ascii(text).unwrap()
}

fn zone(origin: &str, text: &str, more: Vec<Record>, key: Option<&Key>) -> Arc<dyn ZoneHandler> {
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
struct Tree {
    above: Catalog,
    all: Catalog,
}

#[async_trait]
impl RequestHandler for Tree {
    async fn handle_request<R: ResponseHandler, T: Time>(&self, request: &Request, mut out: R) -> ResponseInfo {
        let query = request.request_info().unwrap().query;
        let asked = query.name().to_string();
        if asked.ends_with("mute.") && query.query_type() != RecordType::DS {
            std::future::pending::<()>().await;
        }
        if asked.ends_with("broken.") && query.query_type() != RecordType::DS {
            let failure = MessageResponseBuilder::from_message_request(request).error_msg(&request.metadata, ResponseCode::ServFail);
            return out.send_response(failure).await.unwrap();
        }
        let catalog = if query.query_type() == RecordType::DS { &self.above } else { &self.all };
        catalog.handle_request::<R, T>(request, out).await
    }
}

/// Whether the server hands signatures on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passing {
    Signatures,
    None,
}

fn serve(tree: Tree) -> SocketAddr {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            // A port that is free for one may be taken for the other.
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

/// Two servers of the same zones: one that hands signatures on, and one that does not know them; and the key to trust.
static SERVERS: LazyLock<(SocketAddr, SocketAddr, TrustAnchor)> = LazyLock::new(|| {
    let [root, good, bogus, other] = [(); 4].map(|()| Key::new());
    let anchor = format!(". 60 IN DNSKEY {}", root.dnskey()).parse().unwrap();
    let tree = |passing: Passing| {
        let key = |key| (passing == Passing::Signatures).then_some(key);
        // The zone above names a key that the zone does not have.
        let signed = if passing == Passing::Signatures { vec![good.ds(&name("good.")), other.ds(&name("bogus."))] } else { Vec::new() };
        let above = zone(".", ROOT, signed, key(&root));
        let mut tree = Tree { above: Catalog::new(), all: Catalog::new() };
        tree.above.upsert(name(".").into(), vec![Arc::clone(&above)]);
        tree.all.upsert(name(".").into(), vec![above]);
        tree.all.upsert(name("good.").into(), vec![zone("good.", GOOD, Vec::new(), key(&good))]);
        tree.all.upsert(name("bogus.").into(), vec![zone("bogus.", BOGUS, Vec::new(), key(&bogus))]);
        tree.all.upsert(name("plain.").into(), vec![zone("plain.", &plain_zone(), vec![nasty()], None)]);
        serve(tree)
    };
    (tree(Passing::Signatures), tree(Passing::None), anchor)
});

/// What asks this server.
pub(super) fn asking(passing: Passing) -> Settings {
    let (signed, stripped, anchor) = &*SERVERS;
    let server = if passing == Passing::Signatures { *signed } else { *stripped };
    Settings { dns: Some(server), trust_anchor: Some(anchor.clone()), connect_timeout: Duration::from_millis(1500), ..super::settings() }
}

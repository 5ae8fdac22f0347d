//! The servers of the bench: every host by HTTP and HTTPS on one port of all of 127.0.0.0/8, and a name server that knows them.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::BufRead;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hickory_resolver::proto::op::{Message, MessageType, ResponseCode};
use hickory_resolver::proto::rr::rdata::SOA;
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use super::village::{Hosts, Village};

/// First byte of a TLS handshake (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 0x16;
/// Bytes of the first message of a handshake, and more.
const HELLO: usize = 2048;

struct Stage {
    hosts: Hosts,
    authority: CertifiedIssuer<'static, KeyPair>,
    /// By ALPN.
    spoken: Vec<Vec<u8>>,
    tls: Mutex<BTreeMap<String, Arc<ServerConfig>>>,
    delay: Duration,
    /// One request a line: what was asked, host, path. Of a greeting, the address and its bytes; of a name, its kind of records.
    log: Mutex<Vec<String>>,
}

/// Serves until the input ends; each line of it names a file, where all visits since the last one are written.
pub fn run() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let village = Village::of_words(&words[0], &words[1]);
    let delay = Duration::from_millis(words[2].parse().unwrap());
    let spoken = words[3].split(',').map(|protocol| protocol.as_bytes().to_vec()).collect();
    let (hosts, authority) = (village.hosts(), authority());
    let stage = Arc::new(Stage { hosts, authority, spoken, tls: Mutex::default(), delay, log: Mutex::default() });
    std::fs::write("ca.pem", stage.authority.pem()).unwrap();
    let dns = UdpSocket::bind("127.0.0.1:0").unwrap();
    let dns_port = dns.local_addr().unwrap().port();
    let naming = Arc::clone(&stage);
    std::thread::spawn(move || answer_names(&dns, village, &naming));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0))).unwrap();
    println!("{} {dns_port}", listener.local_addr().unwrap().port());
    let serving = Arc::clone(&stage);
    runtime.spawn(async move {
        loop {
            if let Ok((stream, _)) = listener.accept().await {
                let stage = Arc::clone(&serving);
                tokio::spawn(async move { stage.visit(stream).await });
            }
        }
    });
    for line in std::io::stdin().lock().lines() {
        let log = std::mem::take(&mut *stage.log.lock().unwrap());
        std::fs::write(line.unwrap(), log.join("\n") + "\n").unwrap();
        println!("written");
    }
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "fleet");
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn answer_names(socket: &UdpSocket, village: Village, stage: &Stage) {
    let mut buffer = [0; 1500];
    while let Ok((length, client)) = socket.recv_from(&mut buffer) {
        let Ok(mut message) = Message::from_vec(&buffer[..length]) else { continue };
        let question = message.queries[0].clone();
        message.metadata.message_type = MessageType::Response;
        let name = question.name().to_ascii().trim_end_matches('.').to_ascii_lowercase();
        stage.note(format!("name {name}. {}", question.query_type()));
        match (village.address(&name), question.query_type()) {
            (Some(address), RecordType::A) => {
                message.answers.push(Record::from_rdata(question.name().clone(), 600, RData::from(IpAddr::V4(address))));
            }
            (Some(_), _) => message.authorities.push(soa()),
            (None, _) => {
                message.metadata.response_code = ResponseCode::NXDomain;
                message.authorities.push(soa());
            }
        }
        socket.send_to(&message.to_vec().unwrap(), client).unwrap();
    }
}

/// How long it holds that there is nothing (RFC 2308, section 5).
fn soa() -> Record {
    let zone = Name::from_ascii("example.").unwrap();
    Record::from_rdata(zone.clone(), 600, RData::SOA(SOA::new(zone.clone(), zone, 1, 600, 600, 600, 600)))
}

impl Stage {
    /// How a visit ends is the visitor's to tell.
    async fn visit(self: Arc<Self>, stream: TcpStream) -> Option<()> {
        stream.set_nodelay(true).ok()?;
        let mut first = [0; HELLO];
        let length = stream.peek(&mut first).await.ok()?;
        if length == 0 {
            return None;
        }
        if first[0] != HANDSHAKE {
            return self.speak(stream, "http").await.map(drop);
        }
        let door = stream.local_addr().ok()?.ip();
        let Some((name, stream)) = self.agree(stream).await else {
            let hello = first[..length].iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
            self.note(format!("greeting {door} {hello}"));
            return None;
        };
        let by_streams = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        let asked = if by_streams { self.speak_by_streams(stream).await } else { self.speak(stream, "https").await? };
        if asked == 0 {
            self.note(format!("handshake {name} /"));
        }
        Some(())
    }

    /// A handshake; nothing when the visitor only wanted to see how it begins.
    async fn agree(&self, stream: TcpStream) -> Option<(String, TlsStream<TcpStream>)> {
        let hello = LazyConfigAcceptor::new(rustls::server::Acceptor::default(), stream).await.ok()?;
        let name = hello.client_hello().server_name().unwrap_or_default().to_owned();
        let stream = hello.into_stream(self.config(&name)?).await.ok()?;
        Some((name, stream))
    }

    fn config(&self, name: &str) -> Option<Arc<ServerConfig>> {
        self.hosts.get(name)?;
        let mut tls = self.tls.lock().unwrap();
        let made = tls.entry(name.to_owned()).or_insert_with(|| {
            let (mut leaf, key) = (CertificateParams::new([name.to_owned()]).unwrap(), KeyPair::generate().unwrap());
            leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
            let certificate = leaf.signed_by(&key, &self.authority).unwrap();
            let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
            let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
            let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
            let mut config = builder.with_single_cert(vec![certificate.der().clone()], key).unwrap();
            config.alpn_protocols.clone_from(&self.spoken);
            Arc::new(config)
        });
        Some(Arc::clone(made))
    }

    /// Answers all requests of a connection; says how many there were.
    async fn speak(&self, stream: impl AsyncRead + AsyncWrite + Unpin, scheme: &str) -> Option<usize> {
        let count = AtomicUsize::new(0);
        let service = service_fn(|request: Request<Incoming>| {
            count.fetch_add(1, Ordering::Relaxed);
            async move { Ok::<_, Infallible>(self.answer(&request, scheme).await) }
        });
        let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        Some(count.into_inner())
    }

    /// The same by HTTP/2.
    async fn speak_by_streams(self: &Arc<Self>, stream: TlsStream<TcpStream>) -> usize {
        let count = Arc::<AtomicUsize>::default();
        let (stage, counting) = (Arc::clone(self), Arc::clone(&count));
        let service = service_fn(move |request: Request<Incoming>| {
            counting.fetch_add(1, Ordering::Relaxed);
            let stage = Arc::clone(&stage);
            async move { Ok::<_, Infallible>(stage.answer(&request, "https").await) }
        });
        let _ = hyper::server::conn::http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
        count.load(Ordering::Relaxed)
    }

    async fn answer(&self, request: &Request<Incoming>, scheme: &str) -> Response<String> {
        let said = request.uri().host().or_else(|| request.headers().get("host")?.to_str().ok()?.split(':').next());
        let host = said.unwrap().to_owned();
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        self.note(format!("{scheme} {host} {path}"));
        tokio::time::sleep(self.delay).await;
        let mut response = Response::new(String::new());
        if scheme == "http" {
            *response.status_mut() = 301.try_into().unwrap();
            response.headers_mut().insert("location", format!("https://{host}{path}").parse().unwrap());
            return response;
        }
        let answers = self.hosts.get(&host);
        let plain = path.split('?').next().unwrap();
        let Some(answer) = answers.and_then(|answers| answers.get(path).or_else(|| answers.get(plain))) else {
            *response.status_mut() = 404.try_into().unwrap();
            "<html lang=en><title>404</title><h1>404 Not found</h1>".clone_into(response.body_mut());
            response.headers_mut().insert("content-type", "text/html".parse().unwrap());
            return response;
        };
        *response.status_mut() = answer.status.try_into().unwrap();
        for (name, value) in &answer.headers {
            response.headers_mut().insert(hyper::header::HeaderName::try_from(name).unwrap(), value.parse().unwrap());
        }
        response.body_mut().clone_from(&answer.body);
        response
    }

    fn note(&self, visit: String) {
        self.log.lock().unwrap().push(visit);
    }
}

/// Where everything answers.
pub fn door(village: Village, host: &str, port: u16) -> SocketAddr {
    SocketAddr::from((village.address(host).unwrap(), port))
}

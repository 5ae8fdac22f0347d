//! A client on the same stack that makes the same requests within the same limits, reads the answers and judges nothing.

use std::collections::{BTreeMap, VecDeque};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RecordType;
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::stage::door;
use super::village::Village;

/// Connections at a time to one address, and in all: those of the audit.
const PER_ADDRESS: usize = 2;
const HOSTS: usize = 64;
/// Requests at a time on one of HTTP/2.
const PER_CONNECTION: usize = 6;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Visit {
    host: String,
    scheme: String,
    path: String,
}

/// Names at a time: those of the audit.
const NAMES: usize = 16;

/// Replays the log named by the first argument on the ports that are the others: web, and names.
pub fn run() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (text, port) = (std::fs::read_to_string(&words[0]).unwrap(), words[1].parse().unwrap());
    let (mut queues, mut names) = (BTreeMap::<SocketAddr, Vec<Visit>>::new(), VecDeque::new());
    for line in text.lines() {
        let [scheme, host, path] = line.splitn(3, ' ').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap();
        // The log names hosts of the village alone.
        let village = Village { count: usize::MAX, spread: super::village::Spread::Together };
        if scheme == "name" {
            names.push_back((host, path.parse().unwrap()));
            continue;
        }
        let door = if scheme == "greeting" { SocketAddr::new(host.parse().unwrap(), port) } else { door(village, &host, port) };
        queues.entry(door).or_default().push(Visit { host, scheme, path });
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (tls, places) = (Arc::new(tls()), Arc::new(Semaphore::new(HOSTS)));
    runtime.block_on(async {
        let mut workers = Vec::new();
        let (resolver, names) = (resolver(words[2].parse().unwrap()), Arc::new(Mutex::new(names)));
        workers.extend((0..NAMES).map(|_| tokio::spawn(look_up(Arc::clone(&names), resolver.clone()))));
        for (address, mut visits) in queues {
            visits.sort();
            let queue = Arc::new(Mutex::new(Queue { visits: visits.into(), served: Vec::new() }));
            for _ in 0..PER_ADDRESS {
                workers.push(tokio::spawn(work(address, Arc::clone(&queue), Arc::clone(&tls), Arc::clone(&places))));
            }
        }
        for worker in workers {
            worker.await.unwrap();
        }
    });
}

/// What is left to ask at one address, and which origins have a connection.
#[derive(Default)]
struct Queue {
    visits: VecDeque<Visit>,
    served: Vec<String>,
}

impl Queue {
    /// The next visit, rather of an origin that no other connection serves.
    fn any(&mut self) -> Option<Visit> {
        let alone = self.visits.iter().position(|visit| !self.served.contains(&visit.origin()));
        self.visits.remove(alone.unwrap_or(0))
    }

    fn of(&mut self, origin: &str) -> Option<Visit> {
        let at = self.visits.iter().position(|visit| visit.origin() == origin)?;
        self.visits.remove(at)
    }
}

impl Visit {
    fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.host)
    }
}

async fn work(address: SocketAddr, queue: Arc<Mutex<Queue>>, tls: Arc<ClientConfig>, places: Arc<Semaphore>) {
    loop {
        let Some(visit) = queue.lock().unwrap().any() else { return };
        let _place = places.acquire().await.unwrap();
        if visit.scheme == "greeting" {
            greet(address, &visit.path).await;
            continue;
        }
        if visit.scheme == "handshake" {
            shake_hands(&visit.host, address, &whole(&tls)).await;
            continue;
        }
        // It knows all that it will ask: a connection serves one origin until there is nothing left to ask there.
        let origin = visit.origin();
        queue.lock().unwrap().served.push(origin.clone());
        match Line::open(&visit, address, &tls).await {
            Line::Http1(mut sender) => {
                let mut next = Some(visit);
                while let Some(visit) = next {
                    sender.ready().await.unwrap();
                    let mut answer = sender.send_request(request(&visit, &visit.path)).await.unwrap();
                    while let Some(frame) = answer.body_mut().frame().await {
                        frame.unwrap();
                    }
                    next = queue.lock().unwrap().of(&origin);
                }
            }
            Line::Http2(sender) => {
                let first = Mutex::new(Some(visit));
                let streams = (0..PER_CONNECTION).map(|_| {
                    let (mut sender, queue, first, origin) = (sender.clone(), &queue, &first, &origin);
                    let next = move || first.lock().unwrap().take().or_else(|| queue.lock().unwrap().of(origin));
                    async move {
                        while let Some(visit) = next() {
                            sender.ready().await.unwrap();
                            let asked = request(&visit, &format!("{origin}{}", visit.path));
                            let mut answer = sender.send_request(asked).await.unwrap();
                            while let Some(frame) = answer.body_mut().frame().await {
                                frame.unwrap();
                            }
                        }
                    }
                });
                join_all(streams).await;
            }
        }
        queue.lock().unwrap().served.retain(|served| *served != origin);
    }
}

enum Line {
    Http1(http1::SendRequest<Empty<Bytes>>),
    Http2(http2::SendRequest<Empty<Bytes>>),
}

impl Line {
    async fn open(visit: &Visit, address: SocketAddr, tls: &Arc<ClientConfig>) -> Self {
        if visit.scheme == "http" {
            let (sender, connection) = http1::handshake(TokioIo::new(dial(address).await)).await.unwrap();
            tokio::spawn(connection);
            return Self::Http1(sender);
        }
        let stream = shake_hands(&visit.host, address, tls).await;
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
            tokio::spawn(connection);
            return Self::Http2(sender);
        }
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Self::Http1(sender)
    }
}

async fn dial(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

async fn shake_hands(host: &str, address: SocketAddr, tls: &Arc<ClientConfig>) -> TlsStream<TcpStream> {
    let name = ServerName::try_from(host.to_owned()).unwrap();
    TlsConnector::from(Arc::clone(tls)).connect(name, dial(address).await).await.unwrap()
}

/// The certificates are shown in whole handshakes alone.
fn whole(tls: &ClientConfig) -> Arc<ClientConfig> {
    let mut tls = tls.clone();
    tls.resumption = Resumption::disabled();
    Arc::new(tls)
}

fn request(visit: &Visit, uri: &str) -> Request<Empty<Bytes>> {
    let request = Request::get(uri);
    let request = if uri.starts_with('/') { request.header("host", &visit.host) } else { request };
    request.body(Empty::new()).unwrap()
}

async fn greet(address: SocketAddr, hello: &str) {
    let bytes: Vec<u8> = (0..hello.len()).step_by(2).map(|at| u8::from_str_radix(&hello[at..at + 2], 16).unwrap()).collect();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(&bytes).await.unwrap();
    let _ = stream.read(&mut [0; 1024]).await.unwrap();
}

async fn look_up(names: Arc<Mutex<VecDeque<(String, RecordType)>>>, resolver: TokioResolver) {
    loop {
        let Some((name, kind)) = names.lock().unwrap().pop_front() else { return };
        // That there is none is an answer.
        let _ = resolver.lookup(name, kind).await;
    }
}

fn resolver(port: u16) -> TokioResolver {
    let mut connection = ConnectionConfig::udp();
    connection.port = port;
    let server = NameServerConfig::new(Ipv4Addr::LOCALHOST.into(), true, vec![connection]);
    let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
    TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()).build().unwrap()
}

fn tls() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file("ca.pem").unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let mut config = builder.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

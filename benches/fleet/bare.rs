//! A client on the same stack that makes the same requests within the same limits, reads the answers and judges nothing.

use std::collections::{BTreeMap, VecDeque};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RecordType;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, redirect, retry};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_rustls::TlsConnector;

use super::stage::door;
use super::village::Village;

/// Connections at a time to one address, and in all: those of the audit.
const PER_ADDRESS: usize = 2;
const HOSTS: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Visit {
    host: String,
    scheme: String,
    path: String,
}

/// Answers one address to every question.
struct Pinned(SocketAddr);

impl Resolve for Pinned {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(std::iter::once(self.0));
        Box::pin(std::future::ready(Ok(addresses)))
    }
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
    let (tls, places) = (tls(), Arc::new(Semaphore::new(HOSTS)));
    runtime.block_on(async {
        let mut workers = Vec::new();
        let (resolver, names) = (resolver(words[2].parse().unwrap()), Arc::new(Mutex::new(names)));
        workers.extend((0..NAMES).map(|_| tokio::spawn(look_up(Arc::clone(&names), resolver.clone()))));
        for (address, mut visits) in queues {
            // It knows all that it will ask: a connection serves one host until there is nothing left to ask there.
            visits.sort();
            let queue = Arc::new(Mutex::new(VecDeque::from(visits)));
            for _ in 0..PER_ADDRESS {
                workers.push(tokio::spawn(work(address, Arc::clone(&queue), tls.clone(), Arc::clone(&places))));
            }
        }
        for worker in workers {
            worker.await.unwrap();
        }
    });
}

async fn work(address: SocketAddr, queue: Arc<Mutex<VecDeque<Visit>>>, tls: ClientConfig, places: Arc<Semaphore>) {
    let mut open: Option<(String, Client)> = None;
    loop {
        let Some(visit) = queue.lock().unwrap().pop_front() else { return };
        let _place = places.acquire().await.unwrap();
        if visit.scheme == "greeting" {
            greet(address, &visit.path).await;
            continue;
        }
        if visit.scheme == "handshake" {
            open = None;
            let name = ServerName::try_from(visit.host).unwrap();
            let stream = TcpStream::connect(address).await.unwrap();
            TlsConnector::from(Arc::new(tls.clone())).connect(name, stream).await.unwrap();
            continue;
        }
        let origin = format!("{}://{}", visit.scheme, visit.host);
        if open.as_ref().is_none_or(|(of, _)| *of != origin) {
            open = Some((origin.clone(), client(address, tls.clone())));
        }
        let client = &open.as_ref().unwrap().1;
        let mut response = client.get(format!("{origin}{}", visit.path)).send().await.unwrap();
        while response.chunk().await.unwrap().is_some() {}
    }
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

fn client(address: SocketAddr, tls: ClientConfig) -> Client {
    let builder = Client::builder().redirect(redirect::Policy::none()).retry(retry::never()).no_proxy().pool_max_idle_per_host(1);
    builder.tls_backend_preconfigured(tls).dns_resolver(Pinned(address)).build().unwrap()
}

fn tls() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file("ca.pem").unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let mut config = builder.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

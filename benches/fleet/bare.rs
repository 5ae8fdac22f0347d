//! A client on the same stack that makes the same visits within the same limits, reads the bodies and judges nothing.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, redirect, retry};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
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

/// Replays the log named by the first argument on the port that is the second.
pub fn run() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (text, port) = (std::fs::read_to_string(&words[0]).unwrap(), words[1].parse().unwrap());
    let mut queues = BTreeMap::<SocketAddr, Vec<Visit>>::new();
    for line in text.lines() {
        let [scheme, host, path] = line.splitn(3, ' ').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap();
        // The log names hosts of the village alone.
        let village = Village { count: usize::MAX, spread: super::village::Spread::Together };
        queues.entry(door(village, &host, port)).or_default().push(Visit { host, scheme, path });
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (tls, places) = (tls(), Arc::new(Semaphore::new(HOSTS)));
    runtime.block_on(async {
        let mut workers = Vec::new();
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

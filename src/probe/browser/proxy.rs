//! The one way out of the browser: each connection is looked up, checked and verified as those of the tool itself.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use http_body_util::{Either, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, HeaderName, PROXY_AUTHORIZATION};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncBufReadExt, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::{LazyConfigAcceptor, TlsConnector};
use url::Url;

use super::counted::{Counted, Purse};
use super::disguise::Disguise;
use crate::facts::SilenceKind;
use crate::probe::failure::{kind_of, kind_of_handshake};
use crate::probe::scout::{Scout, Way};
use crate::probe::tls::{dial, server_name};

/// First byte of a TLS handshake (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 0x16;

/// How long a connection waits until the browser has told what asks for it: two pipes race.
const TOLD: Duration = Duration::from_secs(3);

/// Connections at a time; a browser opens six to a host.
pub(in crate::probe) const CONNECTIONS: usize = 128;

const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");

type Answer = Response<Either<Incoming, Empty<Bytes>>>;

/// A proxy on loopback for one browser.
pub(in crate::probe) struct Proxy<'s> {
    scout: &'s Scout,
    limit: Duration,
    disguise: Disguise,
    purse: Arc<Purse>,
    /// The hosts that the page asks for, as the browser tells them.
    wanted: watch::Sender<BTreeSet<String>>,
    /// How each host was reached, or why it was not.
    asked: Mutex<BTreeMap<String, Result<(), SilenceKind>>>,
}

impl<'s> Proxy<'s> {
    pub(in crate::probe) fn new(scout: &'s Scout, limit: Duration, most_bytes: u64) -> Result<Self, rcgen::Error> {
        Ok(Self {
            scout,
            limit,
            disguise: Disguise::new()?,
            purse: Arc::new(Purse::new(most_bytes)),
            wanted: watch::Sender::default(),
            asked: Mutex::default(),
        })
    }

    pub(in crate::probe) async fn listen() -> io::Result<(TcpListener, SocketAddr)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    }

    /// The digest of the key that the browser has to believe.
    pub(super) fn digest(&self) -> String {
        self.disguise.digest()
    }

    /// Why a host was not reached, if the browser asked for it; nothing if it did not.
    pub(super) fn outcome(&self, host: &str) -> Option<Result<(), SilenceKind>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).get(host).copied()
    }

    pub(in crate::probe) fn is_spent(&self) -> bool {
        self.purse.is_empty()
    }

    /// Lets connections to that host through: the page asks for it.
    pub(in crate::probe) fn let_through(&self, host: &str) {
        self.wanted.send_if_modified(|wanted| wanted.insert(host.to_owned()));
    }

    /// What the browser wants of its own accord, to update itself for instance, never leaves: nobody is called but by the page.
    async fn is_wanted(&self, host: &str) -> bool {
        let mut wanted = self.wanted.subscribe();
        timeout(TOLD, wanted.wait_for(|wanted| wanted.contains(host))).await.is_ok()
    }

    /// Serves as long as it is waited for; never ends by itself.
    pub(in crate::probe) async fn serve(&self, listener: TcpListener) {
        let mut connections = FuturesUnordered::new();
        loop {
            tokio::select! {
                accepted = listener.accept(), if connections.len() < CONNECTIONS => {
                    if let Ok((stream, _)) = accepted {
                        connections.push(self.attend(stream));
                    }
                }
                Some(()) = connections.next() => {}
            }
        }
    }

    /// How a connection ends is the browser's to tell.
    async fn attend(&self, stream: TcpStream) {
        let tunnel = Mutex::new(None);
        let stream = Counted { stream, purse: Arc::clone(&self.purse), meter: self.scout.meter() };
        let service = service_fn(|request| self.answer(request, &tunnel));
        let mut server = hyper::server::conn::http1::Builder::new();
        let _ = server.preserve_header_case(true).serve_connection(TokioIo::new(stream), service).with_upgrades().await;
        let opened = tunnel.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Tunnel { host, server, browser }) = opened
            && let Ok(browser) = browser.await
        {
            let told = self.carry(&host, server, TokioIo::new(browser)).await;
            if let Err(kind) = told {
                self.tell(&host, Err(kind));
            }
        }
    }

    async fn answer(&self, mut request: Request<Incoming>, tunnel: &Mutex<Option<Tunnel>>) -> Result<Answer, io::Error> {
        let Some(url) = place(request.uri()) else {
            return Ok(empty(StatusCode::BAD_REQUEST));
        };
        let host = url.host_str().unwrap_or_default().to_owned();
        if !self.is_wanted(&host).await {
            return Ok(empty(StatusCode::FORBIDDEN));
        }
        // It counts from now on: a name may be looked up for longer than the visit lasts.
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).entry(host.clone()).or_insert(Err(SilenceKind::TimedOut));
        let reached = self.reach(&url).await;
        self.tell(&host, reached.as_ref().map(|_| ()).map_err(|kind| *kind));
        let Ok(server) = reached else {
            // An answer of ours would be taken for the page's own: only a tunnel is refused in words.
            let tunnel = request.method() == Method::CONNECT;
            return if tunnel { Ok(empty(StatusCode::BAD_GATEWAY)) } else { Err(io::ErrorKind::ConnectionRefused.into()) };
        };
        if request.method() == Method::CONNECT {
            let browser = hyper::upgrade::on(&mut request);
            *tunnel.lock().unwrap_or_else(PoisonError::into_inner) = Some(Tunnel { host, server, browser });
            return Ok(empty(StatusCode::OK));
        }
        forward(server, request).await.map(|answer| answer.map(Either::Left)).map_err(io::Error::other)
    }

    /// The same way, and the same refusals, as for what the tool asks itself.
    async fn reach(&self, url: &Url) -> Result<TcpStream, SilenceKind> {
        match self.scout.way_to(url).await? {
            Way::Direct(addresses) => dial(&addresses, self.limit).await,
            Way::Proxied => Err(SilenceKind::NotAsked),
        }
    }

    async fn carry(&self, host: &str, mut server: TcpStream, browser: TokioIo<hyper::upgrade::Upgraded>) -> Result<(), SilenceKind> {
        let mut browser = BufReader::new(browser);
        let first = browser.fill_buf().await.ok().and_then(|bytes| bytes.first().copied());
        if first != Some(HANDSHAKE) {
            let _ = copy_bidirectional(&mut browser, &mut server).await;
            return Ok(());
        }
        let Ok(hello) = LazyConfigAcceptor::new(rustls::server::Acceptor::default(), browser).await else {
            return Ok(());
        };
        let mut config = rustls::ClientConfig::clone(self.scout.tls().strict());
        config.alpn_protocols = hello.client_hello().alpn().into_iter().flatten().map(<[u8]>::to_vec).collect();
        let name = server_name(host).ok_or(SilenceKind::DnsFailed)?;
        let handshake = timeout(self.limit, TlsConnector::from(Arc::new(config)).connect(name, server));
        let mut server = handshake.await.map_err(|_| SilenceKind::TimedOut)?.map_err(|error| kind_of_handshake(&error))?;
        let protocol = server.get_ref().1.alpn_protocol().map(<[u8]>::to_vec);
        let config = self.disguise.config(host, protocol.as_deref()).map_err(|error| kind_of(error.as_ref()))?;
        if let Ok(mut browser) = hello.into_stream(config).await {
            let _ = copy_bidirectional(&mut browser, &mut server).await;
        }
        Ok(())
    }

    /// A host that was reached once was reached; one whose certificate was refused stays so.
    fn tell(&self, host: &str, how: Result<(), SilenceKind>) {
        let refused = |how: &Result<(), SilenceKind>| matches!(how, Err(SilenceKind::CertificateRefused | SilenceKind::TlsFailed));
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let before = asked.get(host);
        if before.is_none_or(|before| !refused(before) && (before.is_err() || refused(&how))) {
            asked.insert(host.to_owned(), how);
        }
    }
}

struct Tunnel {
    host: String,
    server: TcpStream,
    browser: hyper::upgrade::OnUpgrade,
}

/// What a request wants to reach: `host:port` after CONNECT, a whole URL otherwise.
pub(super) fn place(uri: &Uri) -> Option<Url> {
    let authority = uri.authority()?;
    match uri.scheme_str() {
        None => Url::parse(&format!("https://{authority}/")).ok(),
        Some("http") => Url::parse(&format!("http://{authority}/")).ok(),
        Some(_) => None,
    }
}

fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Either::Right(Empty::new()));
    *answer.status_mut() = status;
    answer
}

/// Plain HTTP: one request a connection.
async fn forward(server: TcpStream, mut request: Request<Incoming>) -> hyper::Result<Response<Incoming>> {
    let (mut sender, connection) = hyper::client::conn::http1::Builder::new().handshake(TokioIo::new(server)).await?;
    // It ends with the answer, or when nobody reads it any more.
    tokio::spawn(connection);
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    *request.uri_mut() = path.parse().unwrap_or_default();
    for name in [PROXY_CONNECTION, PROXY_AUTHORIZATION, CONNECTION] {
        request.headers_mut().remove(name);
    }
    sender.send_request(request).await
}

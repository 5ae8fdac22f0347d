//! One connection for pages: dialled on addresses that were checked, shaken hands on, and spoken through until it closes.

use std::future::poll_fn;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http_body_util::{BodyExt, Either, Empty};
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::{http1, http2};
use hyper::header::{HOST, HeaderMap, HeaderValue};
use hyper::rt::{Read, Write};
use hyper::{Request, Response, Uri};
use hyper_util::rt::{TokioExecutor, TokioIo};
use reqwest::{Client, ClientBuilder, Proxy, redirect, retry};
use rustls::ClientConfig;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::{Position, Url};

use super::failure::{kind_of, kind_of_handshake};
use super::manners::Shared;
use super::scout::Way;
use super::settings::{MOST_FIELDS, Settings};
use super::tls::{dial, server_name};
use crate::facts::SilenceKind;

/// Bytes of an answer that a server may send before they are read: a few round trips for the largest.
pub(super) const WINDOW: u32 = 128 * 1024;

/// RFC 9113, section 6.9.1.
const WIDEST: u32 = (1 << 31) - 1;

/// A connection to one origin.
#[derive(Debug)]
pub(super) enum Line {
    Http1(http1::SendRequest<Empty<Bytes>>, IpAddr),
    Http2(Streams),
    /// Made by a proxy: the client has at most one.
    Proxied(Client),
}

/// A connection that carries several requests at a time.
#[derive(Debug, Clone)]
pub(super) struct Streams {
    sender: http2::SendRequest<Empty<Bytes>>,
    address: IpAddr,
    /// How many the server takes at a time.
    taken: Arc<AtomicUsize>,
}

/// An answer of which the body is still to come, and whose machine it is; nothing is known of that one behind a proxy.
pub(super) type Answer = (Response<Coming>, Option<IpAddr>);
pub(super) type Coming = Either<Incoming, reqwest::Body>;

impl Shared for Line {
    fn another(&self) -> Option<Self> {
        match self {
            Self::Http2(streams) => Some(Self::Http2(streams.clone())),
            Self::Http1(..) | Self::Proxied(_) => None,
        }
    }

    fn room(&self) -> usize {
        match self {
            Self::Http2(streams) => streams.taken.load(Ordering::Relaxed),
            Self::Http1(..) | Self::Proxied(_) => 1,
        }
    }

    fn is_closed(&self) -> bool {
        match self {
            Self::Http1(sender, _) => sender.is_closed(),
            Self::Http2(streams) => streams.sender.is_closed(),
            Self::Proxied(_) => false,
        }
    }
}

impl Line {
    /// `tls` is shaken hands with where the URL asks for it.
    pub(super) async fn open(url: &Url, way: &Way, tls: &Arc<ClientConfig>, settings: &Settings) -> Result<Self, SilenceKind> {
        match way {
            Way::Direct(addresses) => {
                let opening = Self::dialled(url, addresses, tls, settings);
                timeout(settings.connect_timeout, opening).await.unwrap_or(Err(SilenceKind::TimedOut))
            }
            Way::Proxied => {
                let client = proxied(ClientConfig::clone(tls), settings)?.build();
                client.map(Self::Proxied).map_err(|error| kind_of(&error))
            }
        }
    }

    async fn dialled(url: &Url, addresses: &[SocketAddr], tls: &Arc<ClientConfig>, settings: &Settings) -> Result<Self, SilenceKind> {
        let stream = dial(addresses, settings.connect_timeout).await?;
        let address = stream.peer_addr().map_err(|error| kind_of(&error))?.ip();
        // A few small writes, none of which waits for an answer to the one before.
        stream.set_nodelay(true).map_err(|error| kind_of(&error))?;
        if url.scheme() != "https" {
            return by_http1(stream, address).await;
        }
        let name = url.host_str().and_then(server_name).ok_or(SilenceKind::DnsFailed)?;
        let shaken = TlsConnector::from(Arc::clone(tls)).connect(name, stream).await;
        let stream = shaken.map_err(|error| kind_of_handshake(&error))?;
        match stream.get_ref().1.alpn_protocol() {
            Some(b"h2") => by_http2(stream, address, settings).await,
            _ => by_http1(stream, address).await,
        }
    }

    /// Asks for a page, and hears what comes before its body.
    pub(super) async fn ask(&mut self, url: &Url) -> Result<Answer, SilenceKind> {
        let (answer, address) = match self {
            Self::Http1(sender, address) => {
                sender.ready().await.map_err(|error| kind_of(&error))?;
                (sender.send_request(request(url, Position::BeforePath)?).await, *address)
            }
            Self::Http2(streams) => {
                streams.sender.ready().await.map_err(|error| kind_of(&error))?;
                (streams.sender.send_request(request(url, Position::BeforeScheme)?).await, streams.address)
            }
            Self::Proxied(client) => {
                let answer = client.get(bare(url)).send().await.map_err(|error| kind_of_sending(&error, url))?;
                return Ok((Response::from(answer).map(Either::Right), None));
            }
        };
        let answer = answer.map_err(|error| kind_of(&error))?;
        Ok((answer.map(Either::Left), Some(address)))
    }
}

async fn by_http1<S>(stream: S, address: IpAddr) -> Result<Line, SilenceKind>
where
    TokioIo<S>: Read + Write + Unpin + Send + 'static,
{
    let made = http1::Builder::new().max_headers(MOST_FIELDS).handshake(TokioIo::new(stream)).await;
    let (sender, connection) = made.map_err(|error| kind_of(&error))?;
    tokio::spawn(connection);
    Ok(Line::Http1(sender, address))
}

async fn by_http2<S>(stream: S, address: IpAddr, settings: &Settings) -> Result<Line, SilenceKind>
where
    TokioIo<S>: Read + Write + Unpin + Send + 'static,
{
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder.initial_stream_window_size(WINDOW).initial_connection_window_size(windows(settings));
    builder.max_header_list_size(u32::try_from(settings.header_limit).unwrap_or(u32::MAX));
    let (sender, mut connection) = builder.handshake(TokioIo::new(stream)).await.map_err(|error| kind_of(&error))?;
    let taken = Arc::new(AtomicUsize::new(1));
    let telling = Arc::clone(&taken);
    tokio::spawn(poll_fn(move |context| {
        let end = Pin::new(&mut connection).poll(context);
        // What the server says of it comes before its first answer.
        telling.store(connection.current_max_send_streams(), Ordering::Relaxed);
        end.map(drop)
    }));
    Ok(Line::Http2(Streams { sender, address, taken }))
}

/// As much for each answer, so that none holds another up.
fn windows(settings: &Settings) -> u32 {
    WINDOW.saturating_mul(u32::try_from(settings.per_connection).unwrap_or(u32::MAX)).min(WIDEST)
}

/// What is asked of a server itself is a path, with the `Host` beside it; HTTP/2 says the whole address.
fn request(url: &Url, from: Position) -> Result<Request<Empty<Bytes>>, SilenceKind> {
    let url = bare(url);
    let mut request = Request::new(Empty::new());
    *request.uri_mut() = url[from..].parse::<Uri>().map_err(|_| SilenceKind::Garbled)?;
    request.headers_mut().extend(super::http::offered());
    if matches!(from, Position::BeforePath) {
        let host = HeaderValue::from_str(&url[Position::BeforeHost..Position::AfterPort]).map_err(|_| SilenceKind::Garbled)?;
        request.headers_mut().insert(HOST, host);
    }
    Ok(request)
}

/// Neither a fragment nor a name and a password: nobody gave them to us.
fn bare(url: &Url) -> Url {
    let mut said = url.clone();
    said.set_fragment(None);
    if !said.username().is_empty() || said.password().is_some() {
        let _ = said.set_password(None);
        let _ = said.set_username("");
    }
    said
}

/// The next bytes of a body; nothing at its end.
pub(super) async fn chunk(body: &mut Coming) -> Result<Option<Bytes>, SilenceKind> {
    while let Some(frame) = body.frame().await {
        // What follows a body says nothing to us.
        if let Ok(data) = frame.map_err(|error| kind_of(&*error))?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

/// Bytes of a body as it is announced.
pub(super) fn announced(body: &Coming) -> Option<u64> {
    body.size_hint().exact()
}

/// Shakes hands through a proxy, for the sake of the certificates that `tls` records; what is answered afterwards does not matter.
pub(super) async fn shake_hands(url: &Url, tls: ClientConfig, settings: &Settings) -> Result<(), SilenceKind> {
    let client = proxied(tls, settings)?.build().map_err(|error| kind_of(&error))?;
    match client.head(url.clone()).send().await {
        Err(error) if error.is_connect() => Err(kind_of_sending(&error, url)),
        _ => Ok(()),
    }
}

fn proxied(tls: ClientConfig, settings: &Settings) -> Result<ClientBuilder, SilenceKind> {
    let proxy = settings.proxy.clone().ok_or(SilenceKind::Garbled)?;
    Ok(Client::builder()
        .default_headers(HeaderMap::from_iter(super::http::offered()))
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_proxy()
        .proxy(Proxy::all(proxy).map_err(|error| kind_of(&error))?)
        .connect_timeout(settings.connect_timeout)
        .pool_max_idle_per_host(1)
        .http1_max_headers(MOST_FIELDS)
        .http2_initial_stream_window_size(WINDOW)
        .http2_initial_connection_window_size(windows(settings))
        .http2_max_header_list_size(u32::try_from(settings.header_limit).unwrap_or(u32::MAX)))
}

fn kind_of_sending(error: &reqwest::Error, url: &Url) -> SilenceKind {
    if error.is_connect() && url.scheme() == "https" { kind_of_handshake(error) } else { kind_of(error) }
}

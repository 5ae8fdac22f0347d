//! One connection for pages: dialled on addresses that were checked, shaken hands on, and spoken through until it closes.

use std::future::{pending, poll_fn};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use h2::RecvStream;
use h2::client::SendRequest;
use http_body_util::{BodyExt, Empty};
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderValue};
use hyper::rt::{Read, Write};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use reqwest::{Client, ClientBuilder, Proxy, redirect, retry};
use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use url::{Position, Url};

use super::failure::{kind_of, kind_of_handshake};
use super::manners::{CLOSING, Shared};
use super::scout::Way;
use super::settings::{MOST_FIELDS, Settings};
use super::tls::{dial, server_name};
use crate::facts::SilenceKind;

/// Bytes of an answer that a server may send before they are read: a few round trips for the largest.
pub(super) const WINDOW: u32 = 128 * 1024;

/// Requests at a time on a connection until its server says how many it takes; by HTTP/1.1 it never does.
const AT_FIRST: usize = 1;

/// RFC 9113, section 6.9.1.
const WIDEST: u32 = (1 << 31) - 1;

/// A connection to one origin.
#[derive(Debug)]
pub(super) struct Line {
    speaker: Speaker,
    /// How many requests the server takes at a time; nobody tells any more once the connection is closed. Nothing behind a proxy.
    taken: Option<watch::Receiver<usize>>,
}

#[derive(Debug)]
enum Speaker {
    Http1(http1::SendRequest<Empty<Bytes>>, IpAddr),
    /// Carries several requests at a time.
    Http2(SendRequest<Bytes>, IpAddr),
    /// Made by a proxy: the client has at most one.
    Proxied(Client),
}

/// An answer of which the body is still to come, and whose machine it is; nothing is known of that one behind a proxy.
pub(super) type Answer = (Response<Coming>, Option<IpAddr>);

/// A body that is still to come.
pub(super) enum Coming {
    Http1(Incoming),
    /// With its length, where it is announced.
    Http2(RecvStream, Option<u64>),
    Proxied(reqwest::Body),
}

impl Shared for Line {
    fn another(&self) -> Option<Self> {
        match &self.speaker {
            Speaker::Http2(sender, address) => Some(Self { speaker: Speaker::Http2(sender.clone(), *address), taken: self.taken.clone() }),
            Speaker::Http1(..) | Speaker::Proxied(_) => None,
        }
    }

    fn room(&self) -> usize {
        self.taken.as_ref().map_or(AT_FIRST, |taken| *taken.borrow())
    }

    fn is_closed(&self) -> bool {
        self.taken.as_ref().is_some_and(|taken| taken.has_changed().is_err())
    }

    async fn close(self) {
        let Self { speaker, taken } = self;
        drop(speaker);
        match taken {
            Some(mut taken) => drop(timeout(CLOSING, taken.wait_for(|_| false)).await),
            // Nobody tells.
            None => sleep(CLOSING).await,
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
                let client = proxied(ClientConfig::clone(tls), settings)?.build().map_err(|error| kind_of(&error))?;
                Ok(Self { speaker: Speaker::Proxied(client), taken: None })
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

    /// Comes back once the server says that it takes more than one request at a time: it does before its first answer (RFC 9113, section 3.4),
    /// or never.
    pub(super) fn widened(&self) -> impl Future<Output = ()> + use<> {
        let taken = self.taken.clone();
        async move {
            let Some(mut taken) = taken else { return pending().await };
            if taken.wait_for(|taken| *taken > AT_FIRST).await.is_err() {
                pending::<()>().await;
            }
        }
    }

    /// Asks for a page, and hears what comes before its body.
    pub(super) async fn ask(&mut self, url: &Url) -> Result<Answer, SilenceKind> {
        match &mut self.speaker {
            Speaker::Http1(sender, address) => {
                sender.ready().await.map_err(|error| kind_of(&error))?;
                let answer = sender.send_request(request(url, Position::BeforePath, Empty::new())?).await;
                Ok((answer.map_err(|error| kind_of(&error))?.map(Coming::Http1), Some(*address)))
            }
            Speaker::Http2(sender, address) => {
                let request = request(url, Position::BeforeScheme, ())?;
                poll_fn(|context| sender.poll_ready(context)).await.map_err(|error| kind_of(&error))?;
                let (answer, _) = sender.send_request(request, true).map_err(|error| kind_of(&error))?;
                let answer = answer.await.map_err(|error| kind_of(&error))?;
                let length = answer.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
                Ok((answer.map(|body| Coming::Http2(body, length)), Some(*address)))
            }
            Speaker::Proxied(client) => {
                let answer = client.get(bare(url)).send().await.map_err(|error| kind_of_sending(&error, url))?;
                Ok((Response::from(answer).map(Coming::Proxied), None))
            }
        }
    }
}

async fn by_http1<S>(stream: S, address: IpAddr) -> Result<Line, SilenceKind>
where
    TokioIo<S>: Read + Write + Unpin + Send + 'static,
{
    let made = http1::Builder::new().max_headers(MOST_FIELDS).handshake(TokioIo::new(stream)).await;
    let (sender, connection) = made.map_err(|error| kind_of(&error))?;
    let (told, taken) = watch::channel(AT_FIRST);
    tokio::spawn(async move {
        let _ = connection.await;
        drop(told);
    });
    Ok(Line { speaker: Speaker::Http1(sender, address), taken: Some(taken) })
}

async fn by_http2<S>(stream: S, address: IpAddr, settings: &Settings) -> Result<Line, SilenceKind>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = h2::client::Builder::new();
    builder.enable_push(false).initial_max_send_streams(AT_FIRST);
    builder.initial_window_size(WINDOW).initial_connection_window_size(windows(settings));
    builder.max_header_list_size(u32::try_from(settings.header_limit).unwrap_or(u32::MAX));
    let (sender, mut connection) = builder.handshake(stream).await.map_err(|error| kind_of(&error))?;
    let (telling, taken) = watch::channel(AT_FIRST);
    tokio::spawn(async move {
        let speaking = poll_fn(|context| {
            let end = Pin::new(&mut connection).poll(context);
            let most = connection.max_concurrent_send_streams();
            telling.send_if_modified(|known| std::mem::replace(known, most) != most);
            end
        });
        let _ = speaking.await;
        drop(connection);
        drop(telling);
    });
    Ok(Line { speaker: Speaker::Http2(sender, address), taken: Some(taken) })
}

/// As much for each answer, so that none holds another up.
fn windows(settings: &Settings) -> u32 {
    WINDOW.saturating_mul(u32::try_from(settings.per_connection).unwrap_or(u32::MAX)).min(WIDEST)
}

/// What is asked of a server itself is a path, with the `Host` beside it; HTTP/2 says the whole address.
fn request<B>(url: &Url, from: Position, body: B) -> Result<Request<B>, SilenceKind> {
    let url = bare(url);
    let mut request = Request::new(body);
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

impl Coming {
    /// The next bytes; nothing at the end.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, SilenceKind> {
        match self {
            Self::Http1(body) => data(body).await,
            Self::Proxied(body) => data(body).await,
            Self::Http2(body, _) => {
                let Some(chunk) = body.data().await else { return Ok(None) };
                let chunk = chunk.map_err(|error| kind_of(&error))?;
                body.flow_control().release_capacity(chunk.len()).map_err(|error| kind_of(&error))?;
                Ok(Some(chunk))
            }
        }
    }

    /// Bytes that are announced.
    pub(super) fn announced(&self) -> Option<u64> {
        match self {
            Self::Http1(body) => body.size_hint().exact(),
            Self::Http2(_, length) => *length,
            Self::Proxied(body) => body.size_hint().exact(),
        }
    }
}

async fn data<B: Body<Data = Bytes, Error: std::error::Error + 'static> + Unpin>(body: &mut B) -> Result<Option<Bytes>, SilenceKind> {
    while let Some(frame) = body.frame().await {
        // What follows a body says nothing to us.
        if let Ok(data) = frame.map_err(|error| kind_of(&error))?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
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

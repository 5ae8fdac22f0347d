//! The web server of the stage: HTTP and HTTPS on one port, told apart by the first byte.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, PoisonError};

use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue, LOCATION, STRICT_TRANSPORT_SECURITY};
use hyper::http::uri::Authority;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::LazyConfigAcceptor;

use super::Requests;
use super::certificates::Certificates;
use super::site::{Host, PlainHttp, Route, Scheme, Sites};

/// First byte of a TLS handshake (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 0x16;

pub(super) struct Server {
    sites: Sites,
    tls: BTreeMap<String, Arc<ServerConfig>>,
    requests: Requests,
}

impl Server {
    pub(super) fn new(sites: Sites, certificates: &Certificates, requests: Requests) -> io::Result<Arc<Self>> {
        let config = |host: &Host| {
            let config = certificates.server_config(&host.name, host.certificate).map_err(io::Error::other)?;
            Ok((host.name.clone(), config))
        };
        let tls = sites.hosts.iter().map(config).collect::<io::Result<_>>()?;
        Ok(Arc::new(Self { sites, tls, requests }))
    }

    /// Answers until the other end of `stopped` is dropped; the connections go with the runtime.
    pub(super) async fn serve(self: Arc<Self>, listener: std::net::TcpListener, mut stopped: oneshot::Receiver<()>) -> io::Result<()> {
        let listener = TcpListener::from_std(listener)?;
        loop {
            let accepted = tokio::select! {
                _ = &mut stopped => return Ok(()),
                accepted = listener.accept() => accepted,
            };
            if let Ok((stream, _)) = accepted {
                let server = Arc::clone(&self);
                // How a visit ends is the visitor's to tell.
                tokio::spawn(async move { server.visit(stream).await.ok() });
            }
        }
    }

    async fn visit(self: Arc<Self>, stream: TcpStream) -> io::Result<()> {
        // Without it, each first answer waits 40 ms for the acknowledgement of the one before.
        stream.set_nodelay(true)?;
        let mut first = [0];
        if stream.peek(&mut first).await? == 0 {
            return Ok(());
        }
        if first[0] != HANDSHAKE {
            return self.speak(stream, Scheme::Http).await;
        }
        let hello = LazyConfigAcceptor::new(rustls::server::Acceptor::default(), stream).await?;
        let name = hello.client_hello().server_name().unwrap_or_default().to_ascii_lowercase();
        if self.sites.host(&name).is_some_and(|host| host.silent) {
            std::future::pending::<()>().await;
        }
        // A name that nobody knows gets the certificate of the first host, as with most servers.
        let first = self.sites.hosts.first().map(|host| &host.name);
        let config = self.tls.get(&name).or_else(|| self.tls.get(first?)).ok_or(io::ErrorKind::NotFound)?;
        let stream = hello.into_stream(Arc::clone(config)).await?;
        self.speak(stream, Scheme::Https).await
    }

    async fn speak(self: Arc<Self>, stream: impl AsyncRead + AsyncWrite + Unpin, scheme: Scheme) -> io::Result<()> {
        let service = service_fn(|request| {
            let server = Arc::clone(&self);
            async move { server.answer(&request, scheme).await }
        });
        let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        connection.await.map_err(io::Error::other)
    }

    async fn answer(&self, request: &Request<Incoming>, scheme: Scheme) -> io::Result<Response<String>> {
        let name = host_name(request);
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        self.note(request.method(), scheme, &name, path);
        let Some(host) = self.sites.host(&name) else { return Ok(plain_page(StatusCode::MISDIRECTED_REQUEST)) };
        if host.silent {
            std::future::pending::<()>().await;
        }
        let route = host.route(scheme, path);
        let plain_http = route.as_ref().and_then(|route| route.scheme).map_or(host.plain_http, |_| PlainHttp::Open);
        let mut response = match (scheme, plain_http) {
            (Scheme::Http, PlainHttp::Closed) => return Err(io::ErrorKind::ConnectionAborted.into()),
            (Scheme::Http, PlainHttp::Redirect) => redirect(&format!("https://{name}{path}"))?,
            _ => route.map_or_else(|| Ok(plain_page(StatusCode::NOT_FOUND)), written)?,
        };
        for (name, value) in &host.headers {
            // HSTS must not be sent in clear (RFC 6797, section 7.2).
            if !response.headers().contains_key(name) && (scheme == Scheme::Https || name != STRICT_TRANSPORT_SECURITY) {
                response.headers_mut().insert(name, value.clone());
            }
        }
        Ok(response)
    }

    fn note(&self, method: &Method, scheme: Scheme, name: &str, path: &str) {
        let scheme = if scheme == Scheme::Https { "https" } else { "http" };
        let url = format!("{scheme}://{name}{path}");
        let asked = if method == Method::GET { url } else { format!("{method} {url}") };
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
    }
}

/// Without its port: visitors come by another one than the address says.
fn host_name(request: &Request<Incoming>) -> String {
    let header = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let authority = request.uri().authority().map(Authority::as_str).or(header).unwrap_or_default();
    authority.split(':').next().unwrap_or_default().to_ascii_lowercase()
}

fn redirect(to: &str) -> io::Result<Response<String>> {
    let to = to.parse().map_err(io::Error::other)?;
    let mut response = plain_page(StatusCode::MOVED_PERMANENTLY);
    response.headers_mut().insert(LOCATION, to);
    Ok(response)
}

fn written(route: Route) -> io::Result<Response<String>> {
    let mut response = Response::new(route.body);
    *response.status_mut() = route.status;
    *response.headers_mut() = route.headers;
    response.headers_mut().insert(CONTENT_TYPE, route.media_type.parse().map_err(io::Error::other)?);
    Ok(response)
}

/// A page that says its status and nothing else.
fn plain_page(status: StatusCode) -> Response<String> {
    let body = format!("<!doctype html>\n<html lang=\"en\"><head><title>{status}</title></head><body><h1>{status}</h1></body></html>\n");
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

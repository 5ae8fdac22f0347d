//! One GET, pinned on addresses that were checked; no redirect, no cookie, no second try but where a kept connection was closed.

use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, HOST, HeaderMap, HeaderValue};
use reqwest::{Client, ClientBuilder, Proxy, Response, Version, redirect, retry};
use rustls::ClientConfig;
use sha2::{Digest, Sha256};
use url::{Host, Url};

use super::body::Reader;
use super::failure::{kind_of, kind_of_handshake};
use super::received::{Received, Spool, Wire};
use super::scout::{Meter, Way};
use super::settings::{MOST_FIELDS, Settings};
use crate::facts::{Body, Headers, SilenceKind};

/// Where a hoster can read who knocks, and complain.
const CONTACT: &str = "https://framagit.org/chatons/chatons-audit";

/// Bytes of a picture that are read; icons are far smaller.
pub(super) const LARGEST_PICTURE: usize = 256 * 1024;

/// What is asked, and how it is said on the wire.
struct Request {
    url: Url,
    /// The `Host` of the URL that was asked for, when the port that is dialled is not the one it names.
    host: Option<HeaderValue>,
}

/// Asks for a URL and reads the answer, by a connection that was kept or by a new one; hands it back when it can be used again.
pub(super) async fn get(visit: &Visit<'_>, kept: Option<Client>, meter: &Meter) -> (Result<Received, SilenceKind>, Option<Client>) {
    if let Some(client) = kept {
        match visit.ask(client, meter).await {
            // It was closed meanwhile, as a server may at any time.
            (Err(SilenceKind::Garbled), _) => {}
            answered => return answered,
        }
    }
    match visit.client() {
        Ok(client) => visit.ask(client, meter).await,
        Err(kind) => (Err(kind), None),
    }
}

/// One URL to ask for, and how.
pub(super) struct Visit<'a> {
    url: &'a Url,
    way: &'a Way,
    request: Request,
    tls: ClientConfig,
    settings: &'a Settings,
}

impl<'a> Visit<'a> {
    pub(super) fn new(url: &'a Url, way: &'a Way, mut tls: ClientConfig, settings: &'a Settings) -> Result<Self, SilenceKind> {
        let request = Request::new(url, way)?;
        if request.host.is_some() {
            // HTTP/2 has no `Host` field: its authority comes from the URL.
            tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        }
        Ok(Self { url, way, request, tls, settings })
    }

    /// What a connection must have been made for to serve here too: the same scheme, name, port and addresses.
    pub(super) fn origin(&self) -> String {
        let host = self.request.host.as_ref().and_then(|host| host.to_str().ok()).unwrap_or_default();
        format!("{} {host} {:?}", &self.request.url[..url::Position::BeforePath], self.way)
    }

    fn client(&self) -> Result<Client, SilenceKind> {
        builder(self.way, self.tls.clone(), self.settings)?.build().map_err(|error| kind_of(&error))
    }

    async fn ask(&self, client: Client, meter: &Meter) -> (Result<Received, SilenceKind>, Option<Client>) {
        match self.answer(&client, meter).await {
            Ok((received, reusable)) => (Ok(received), reusable.then_some(client)),
            Err(kind) => (Err(kind), None),
        }
    }

    /// The answer, and whether its connection is free for another.
    async fn answer(&self, client: &Client, meter: &Meter) -> Result<(Received, bool), SilenceKind> {
        let mut asked = client.get(self.request.url.clone());
        if let Some(host) = &self.request.host {
            asked = asked.header(HOST, host);
        }
        meter.request();
        let mut response = asked.send().await.map_err(|error| kind_of_sending(&error, self.url))?;
        let headers = fields(response.headers(), self.settings.header_limit, meter)?;
        let (status, address) = (response.status().as_u16(), answering(&response, self.way));
        let stays = response.version() >= Version::HTTP_11 && !says_close(&headers);
        let (wire, read) = if is_picture(status, &headers) {
            (picture(&mut response, meter).await, false)
        } else {
            body(&mut response, &headers, self.settings.body_limit, meter).await?
        };
        let reusable = stays && (read || response.version() == Version::HTTP_2);
        Ok((Received { url: self.url.clone(), status, headers, address, wire }, reusable))
    }
}

fn says_close(headers: &Headers) -> bool {
    headers.get("connection").into_iter().flatten().any(|value| value.to_ascii_lowercase().contains("close"))
}

/// Shakes hands through a proxy, for the sake of the certificates that `tls` records; what is answered afterwards does not matter.
pub(super) async fn shake_hands(url: &Url, tls: ClientConfig, settings: &Settings) -> Result<(), SilenceKind> {
    let client = builder(&Way::Proxied, tls, settings)?.build().map_err(|error| kind_of(&error))?;
    match client.head(url.clone()).send().await {
        Err(error) if error.is_connect() => Err(kind_of_sending(&error, url)),
        _ => Ok(()),
    }
}

impl Request {
    /// A port written in a URL wins over that of the addresses, so that it must go when they differ.
    fn new(url: &Url, way: &Way) -> Result<Self, SilenceKind> {
        let mut said = url.clone();
        said.set_fragment(None);
        let Way::Direct(addresses) = way else {
            return Ok(Self { url: said, host: None });
        };
        let dialled = addresses.first().ok_or(SilenceKind::DnsFailed)?;
        let port = match literal(url) {
            // No resolver is asked about an address: it would be dialled itself, whatever the rule says.
            Some(literal) if literal != dialled.ip() => return Err(SilenceKind::Garbled),
            Some(_) => (url.port_or_known_default() != Some(dialled.port())).then_some(Some(dialled.port())),
            None => url.port().filter(|port| *port != dialled.port()).map(|_| None),
        };
        let Some(port) = port else {
            return Ok(Self { url: said, host: None });
        };
        said.set_port(port).map_err(|()| SilenceKind::Garbled)?;
        let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
        Ok(Self { url: said, host: Some(HeaderValue::from_str(host).map_err(|_| SilenceKind::Garbled)?) })
    }
}

fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(IpAddr::V4(address)),
        Host::Ipv6(address) => Some(IpAddr::V6(address)),
        Host::Domain(_) => None,
    }
}

/// A client has at most one connection, for one origin: those of a machine are counted by its doors.
fn builder(way: &Way, tls: ClientConfig, settings: &Settings) -> Result<ClientBuilder, SilenceKind> {
    let builder = Client::builder()
        .user_agent(user_agent())
        .default_headers(offered())
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_proxy()
        .connect_timeout(settings.connect_timeout)
        .pool_max_idle_per_host(1)
        .http1_max_headers(MOST_FIELDS)
        .http2_max_header_list_size(u32::try_from(settings.header_limit).unwrap_or(u32::MAX));
    match (way, &settings.proxy) {
        (Way::Direct(addresses), _) => Ok(builder.dns_resolver(Pinned(addresses.to_vec()))),
        (Way::Proxied, Some(proxy)) => Ok(builder.proxy(Proxy::all(proxy.clone()).map_err(|error| kind_of(&error))?)),
        (Way::Proxied, None) => Err(SilenceKind::Garbled),
    }
}

pub(super) fn user_agent() -> String {
    format!("chatons-audit/{} (+{CONTACT}; audit of a hoster)", env!("CARGO_PKG_VERSION"))
}

fn offered() -> HeaderMap {
    HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static("text/html,*/*;q=0.8")),
        (ACCEPT_LANGUAGE, HeaderValue::from_static("fr,en;q=0.8")),
        (ACCEPT_ENCODING, HeaderValue::from_static("gzip, br")),
    ])
}

/// Answers the same addresses to every question, so that what is dialled is what was checked.
struct Pinned(Vec<SocketAddr>);

impl Resolve for Pinned {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(self.0.clone().into_iter());
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

fn kind_of_sending(error: &reqwest::Error, url: &Url) -> SilenceKind {
    if error.is_connect() && url.scheme() == "https" { kind_of_handshake(error) } else { kind_of(error) }
}

/// Of the hoster's machine: nothing is known of it behind a proxy.
fn answering(response: &Response, way: &Way) -> Option<IpAddr> {
    match way {
        Way::Direct(_) => response.remote_addr().map(|address| address.ip()),
        Way::Proxied => None,
    }
}

fn fields(received: &HeaderMap, limit: usize, meter: &Meter) -> Result<Headers, SilenceKind> {
    let mut headers = Headers::new();
    let mut size = 0;
    for (name, value) in received {
        size += name.as_str().len() + value.len() + ": \r\n".len();
        headers.entry(name.as_str().to_owned()).or_default().push(String::from_utf8_lossy(value.as_bytes()).into_owned());
    }
    meter.bytes(size);
    if size > limit { Err(SilenceKind::TooLarge) } else { Ok(headers) }
}

/// A picture that is not made of text, whole and as it is.
fn is_picture(status: u16, headers: &Headers) -> bool {
    let first = |name: &str| headers.get(name).and_then(|values| values.first());
    let image = first("content-type").is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("image/"));
    status == 200 && image && Reader::of(headers).is_none() && first("content-encoding").is_none()
}

/// Only the digest of a picture is kept, for the icons of programs; one that is too large or breaks off has none.
async fn picture(response: &mut Response, meter: &Meter) -> Wire {
    let (mut digest, mut size) = (Sha256::new(), 0);
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                meter.bytes(chunk.len());
                size += chunk.len();
                if size > LARGEST_PICTURE {
                    return Wire::Known(Body::Binary, None);
                }
                digest.update(&chunk);
            }
            Ok(None) if size == 0 => return Wire::Known(Body::Empty, None),
            Ok(None) => return Wire::Known(Body::Binary, Some(hexadecimal(&digest.finalize()))),
            Err(_) => return Wire::Known(Body::Binary, None),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// The body, and whether it was read to its end.
async fn body(response: &mut Response, headers: &Headers, limit: usize, meter: &Meter) -> Result<(Wire, bool), SilenceKind> {
    let reader = match Reader::of(headers) {
        // What a redirect says beside its address is for nobody.
        Some(Err(_)) if response.status().is_redirection() => None,
        Some(reader) => Some(reader?),
        None => None,
    };
    if reader.is_some() && response.content_length().is_some_and(|length| length > limit as u64) {
        return Ok((Wire::Known(Body::TooLarge, None), false));
    }
    let mut spool = Spool::default();
    while let Some(chunk) = response.chunk().await.map_err(|error| kind_of(&error))? {
        meter.bytes(chunk.len());
        if reader.is_none() && !chunk.is_empty() {
            return Ok((Wire::Known(Body::Binary, None), false));
        }
        if spool.length + chunk.len() > limit {
            return Ok((Wire::Known(Body::TooLarge, None), false));
        }
        spool.push(&chunk)?;
    }
    Ok((reader.map_or(Wire::Known(Body::Empty, None), |reader| Wire::Unread(reader, spool)), true))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The URL that is sent for, and after it the `Host` field when one is set by hand.
    fn said(url: &str, addresses: &[&str]) -> Result<String, SilenceKind> {
        let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
        let request = Request::new(&url.parse().unwrap(), &Way::Direct(addresses))?;
        let host = request.host.map(|host| format!(" for {}", host.to_str().unwrap())).unwrap_or_default();
        Ok(format!("{}{host}", request.url))
    }

    #[test]
    fn a_port_of_the_url_gives_way_to_that_of_the_addresses() {
        assert_eq!(said("https://a.test/x#y", &["192.0.2.1:443"]), Ok("https://a.test/x".to_owned()));
        assert_eq!(said("https://a.test/x", &["192.0.2.1:8443"]), Ok("https://a.test/x".to_owned()), "the port of the address is used");
        assert_eq!(said("https://a.test:8443/x", &["192.0.2.1:8443"]), Ok("https://a.test:8443/x".to_owned()));
        assert_eq!(said("https://a.test:8443/x", &["192.0.2.1:9443"]), Ok("https://a.test/x for a.test:8443".to_owned()));
    }

    #[test]
    fn an_address_in_the_url_is_never_dialled_in_place_of_another() {
        assert_eq!(said("http://192.0.2.1/", &["192.0.2.1:80"]), Ok("http://192.0.2.1/".to_owned()));
        assert_eq!(said("http://192.0.2.1/", &["192.0.2.1:8080"]), Ok("http://192.0.2.1:8080/ for 192.0.2.1".to_owned()));
        assert_eq!(said("http://[2001:db8::1]:81/", &["[2001:db8::1]:80"]), Ok("http://[2001:db8::1]/ for [2001:db8::1]:81".to_owned()));
        assert_eq!(said("http://192.0.2.1/", &["192.0.2.2:80"]), Err(SilenceKind::Garbled));
    }
}

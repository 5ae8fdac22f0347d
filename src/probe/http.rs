//! One GET and its answer, read within the limits; no redirect, no cookie.

use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use hyper::Version;
use hyper::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use rustls::ClientConfig;
use sha2::{Digest, Sha256};
use tokio::time::timeout;
use url::Url;

use super::body::Reader;
use super::line::{Coming, Line};
use super::manners::{Shared, Turn};
use super::received::{Received, Spool, Wire};
use super::scout::{Meter, Way};
use super::settings::{MOST_FIELDS, Settings};
use crate::facts::{Body, Headers, SilenceKind};

/// Where a hoster can read who knocks, and complain.
const CONTACT: &str = "https://framagit.org/chatons/chatons-audit";

/// For a server to say how many requests it takes at a time: nobody waits for that any longer.
const SETTLING: Duration = Duration::from_secs(1);

/// Bytes of a picture that are read; icons are far smaller.
pub(super) const LARGEST_PICTURE: usize = 256 * 1024;

/// Asks for a URL and reads the answer, by a connection that was kept or by a new one; hands it back when it can be used again. Whoever
/// asks for the same place may come along once it is known that it carries several requests at a time.
pub(super) async fn get(visit: &Visit<'_>, turn: &mut Turn<Line>, meter: &Meter) -> (Result<Received, SilenceKind>, Option<Line>) {
    meter.request();
    let mut line = match turn.take() {
        Some(line) => line,
        None => match Line::open(visit.url, visit.way, visit.tls, visit.settings).await {
            Ok(line) => {
                turn.open(&line);
                line
            }
            Err(kind) => {
                if kind == SilenceKind::TimedOut {
                    turn.tell_mute();
                }
                return (Err(kind), None);
            }
        },
    };
    match visit.answer(&mut line, turn, meter).await {
        Ok((received, stays)) => (Ok(received), stays.then_some(line)),
        Err(kind) => (Err(kind), None),
    }
}

/// One URL to ask for, and how.
pub(super) struct Visit<'a> {
    pub(super) url: &'a Url,
    pub(super) way: &'a Way,
    pub(super) tls: &'a Arc<ClientConfig>,
    pub(super) settings: &'a Settings,
}

impl Visit<'_> {
    /// What a connection must have been made for to serve here too: the same scheme, name, port and addresses.
    pub(super) fn origin(&self) -> String {
        format!("{} {:?}", &self.url[..url::Position::BeforePath], self.way)
    }

    /// The answer, and whether its connection is free for another.
    async fn answer(&self, line: &mut Line, turn: &mut Turn<Line>, meter: &Meter) -> Result<(Received, bool), SilenceKind> {
        let (another, widened) = (line.another(), timeout(SETTLING, line.widened()));
        let mut asking = pin!(line.ask(self.url));
        let (mut answer, address) = tokio::select! {
            biased;
            known = widened => {
                if let (Ok(()), Some(another)) = (known, another) {
                    turn.share(another);
                }
                turn.settle();
                asking.await?
            }
            answer = &mut asking => answer?,
        };
        turn.settle();
        let headers = fields(answer.headers(), self.settings.header_limit, meter)?;
        let (status, version) = (answer.status().as_u16(), answer.version());
        let stays = version >= Version::HTTP_11 && !says_close(&headers);
        let (wire, read) = if is_picture(status, &headers) {
            (picture(answer.body_mut(), meter).await, false)
        } else {
            let redirects = answer.status().is_redirection();
            body(answer.body_mut(), redirects, &headers, self.settings.body_limit, meter).await?
        };
        Ok((Received { url: self.url.clone(), status, headers, address, wire }, stays && (read || version == Version::HTTP_2)))
    }
}

fn says_close(headers: &Headers) -> bool {
    headers.get("connection").into_iter().flatten().any(|value| value.to_ascii_lowercase().contains("close"))
}

pub(super) fn user_agent() -> String {
    format!("chatons-audit/{} (+{CONTACT}; audit of a hoster)", env!("CARGO_PKG_VERSION"))
}

/// The fields of every request: who asks, and what is read.
pub(super) fn offered() -> [(HeaderName, HeaderValue); 4] {
    static USER_AGENT_SAID: LazyLock<HeaderValue> =
        LazyLock::new(|| HeaderValue::from_str(&user_agent()).expect("our name and address are plain"));
    [
        (USER_AGENT, USER_AGENT_SAID.clone()),
        (ACCEPT, HeaderValue::from_static("text/html,*/*;q=0.8")),
        (ACCEPT_LANGUAGE, HeaderValue::from_static("fr,en;q=0.8")),
        (ACCEPT_ENCODING, HeaderValue::from_static("gzip, br")),
    ]
}

fn fields(received: &HeaderMap, limit: usize, meter: &Meter) -> Result<Headers, SilenceKind> {
    let mut headers = Headers::new();
    let mut size = 0;
    for (name, value) in received {
        size += name.as_str().len() + value.len() + ": \r\n".len();
        headers.entry(name.as_str().to_owned()).or_default().push(String::from_utf8_lossy(value.as_bytes()).into_owned());
    }
    meter.bytes(size);
    if size > limit || received.len() > MOST_FIELDS { Err(SilenceKind::TooLarge) } else { Ok(headers) }
}

/// A picture that is not made of text, whole and as it is.
fn is_picture(status: u16, headers: &Headers) -> bool {
    let first = |name: &str| headers.get(name).and_then(|values| values.first());
    let image = first("content-type").is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("image/"));
    status == 200 && image && Reader::of(headers).is_none() && first("content-encoding").is_none()
}

/// Only the digest of a picture is kept, for the icons of programs; one that is too large or breaks off has none.
async fn picture(coming: &mut Coming, meter: &Meter) -> Wire {
    let (mut digest, mut size) = (Sha256::new(), 0);
    loop {
        match coming.chunk().await {
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
async fn body(coming: &mut Coming, redirects: bool, headers: &Headers, limit: usize, meter: &Meter) -> Result<(Wire, bool), SilenceKind> {
    let reader = match Reader::of(headers) {
        // What a redirect says beside its address is for nobody.
        Some(Err(_)) if redirects => None,
        Some(reader) => Some(reader?),
        None => None,
    };
    if reader.is_some() && coming.announced().is_some_and(|length| length > limit as u64) {
        return Ok((Wire::Known(Body::TooLarge, None), false));
    }
    let mut spool = Spool::default();
    while let Some(chunk) = coming.chunk().await? {
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

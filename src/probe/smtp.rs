//! Asks a mail server whether it encrypts, shakes hands, and takes leave: no sender and no addressee is ever named, no mail sent.

pub(super) mod reply;

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{Algorithm, SHA256, SHA512, digest};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::failure::{kind_of, kind_of_handshake};
use super::scout::Meter;
use super::tls::{agreed, dial, server_name};
use crate::facts::{Digests, Handshake, Print, SilenceKind};
use reply::{Offer, Reply};

/// Mail servers let strangers wait for some seconds before they greet them, so as to tell programs that send unasked mail.
pub(super) const PATIENCE: u32 = 2;

/// Bytes of one reply: a server that can do a great deal says so in two thousand.
pub(super) const LONGEST_REPLY: usize = 16 * 1024;

/// Says who we are; a name that can be nobody's (RFC 2606).
const EHLO: &[u8] = b"EHLO chatons-audit.invalid\r\n";

/// For the answer to our leave, which nobody needs.
const LEAVE: Duration = Duration::from_millis(500);

/// What was agreed upon; nothing when encryption is not offered.
pub(super) async fn ask(
    mut config: ClientConfig,
    host: &str,
    addresses: &[SocketAddr],
    limit: Duration,
    meter: &Meter,
) -> Result<Option<Handshake>, SilenceKind> {
    let name = server_name(host).ok_or(SilenceKind::DnsFailed)?;
    // This is no HTTP.
    config.alpn_protocols.clear();
    let mut stream = dial(addresses, limit).await?;
    let offer = offer(&mut stream, meter).await;
    if offer != Ok(Offer::Made) {
        take_leave(&mut stream).await;
    }
    match offer? {
        Offer::NotMade => return Ok(None),
        Offer::Overwritten => return Err(SilenceKind::Garbled),
        Offer::Made => {}
    }
    let ready = say(&mut stream, b"STARTTLS\r\n", meter).await?;
    if ready.code != 220 {
        take_leave(&mut stream).await;
        return Err(SilenceKind::TlsFailed);
    }
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| kind_of_handshake(&error))?;
    let handshake = agreed(stream.get_ref().1);
    take_leave(&mut stream).await;
    Ok(Some(handshake))
}

async fn offer(stream: &mut TcpStream, meter: &Meter) -> Result<Offer, SilenceKind> {
    // Who is turned away at the door learns nothing of what is behind it.
    if hear(stream, meter).await?.code != 220 {
        return Err(SilenceKind::Refused);
    }
    match say(stream, EHLO, meter).await? {
        reply if reply.code == 250 => Ok(reply.offer()),
        _ => Err(SilenceKind::Refused),
    }
}

async fn say(stream: &mut TcpStream, words: &[u8], meter: &Meter) -> Result<Reply, SilenceKind> {
    stream.write_all(words).await.map_err(|error| kind_of(&error))?;
    hear(stream, meter).await
}

/// One reply, and not a byte more: what stands behind it was slipped in by somebody, before the encryption that is to keep him out.
async fn hear(stream: &mut TcpStream, meter: &Meter) -> Result<Reply, SilenceKind> {
    let mut heard = Vec::new();
    let mut buffer = [0; 2048];
    while heard.len() <= LONGEST_REPLY {
        let count = stream.read(&mut buffer).await.map_err(|error| kind_of(&error))?;
        if count == 0 {
            return Err(SilenceKind::Garbled);
        }
        meter.bytes(count);
        heard.extend_from_slice(&buffer[..count]);
        match reply::read(&heard) {
            Ok(None) => {}
            Ok(Some(reply)) if reply.length == heard.len() => return Ok(reply),
            Ok(Some(_)) | Err(_) => return Err(SilenceKind::Garbled),
        }
    }
    Err(SilenceKind::TooLarge)
}

async fn take_leave(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    let _ = timeout(LEAVE, async {
        stream.write_all(b"QUIT\r\n").await?;
        stream.flush().await?;
        stream.read(&mut [0; 64]).await
    })
    .await;
}

/// The digests of a certificate; those of its key are empty where it cannot be read, and name nothing.
pub(super) fn print(certificate: &CertificateDer<'_>) -> Print {
    let key = X509Certificate::from_der(certificate).ok().map(|(_, parsed)| digests(parsed.public_key().raw));
    Print { whole: digests(certificate), key: key.unwrap_or_else(|| Digests { sha256: String::new(), sha512: String::new() }) }
}

fn digests(bytes: &[u8]) -> Digests {
    let of = |algorithm: &'static Algorithm| {
        digest(algorithm, bytes).as_ref().iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    };
    Digests { sha256: of(&SHA256), sha512: of(&SHA512) }
}

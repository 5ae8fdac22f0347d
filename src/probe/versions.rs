//! Which versions of TLS a server accepts: it is greeted in each, and never answers for another.
//!
//! Accepted: it ends its part of the greeting in that very version. Refused: it says so by an alert, or goes on in another version; or else
//! it hangs up, twice. All this counts only when it accepts some version, asked for after the old ones: who hangs up on everybody refuses
//! nothing. A time-out is never a refusal: a firewall may swallow old greetings that the server would have taken.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::greeting::{Answer, Shown, Unshown, answer, code, hello, shown};
use super::tls::dial;
use crate::facts::{Protocols, Reply, SilenceKind, Version};

/// More than any part of a server: its certificates are in it.
pub(super) const LONGEST_PART: usize = 1 << 17;

const HANDSHAKE_FAILURE: u8 = 40;
const PROTOCOL_VERSION: u8 = 70;
const INSUFFICIENT_SECURITY: u8 = 71;

/// How a greeting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    Answer(Answer),
    /// The connection was cut before anything could be said.
    Cut,
    TimedOut,
}

/// Greets a server once. Fails when nobody can be reached.
pub(super) async fn greet(
    version: Version,
    host: &str,
    addresses: &[SocketAddr],
    limit: Duration,
) -> Result<(Heard, SocketAddr), SilenceKind> {
    let mut stream = dial(addresses, limit).await?;
    let address = stream.peer_addr().map_err(|_| SilenceKind::Garbled)?;
    let listening = listen(&mut stream, version, host, |heard| answer(version, heard));
    let heard = match timeout(limit, listening).await {
        Ok(Ok(answer)) => Heard::Answer(answer.unwrap_or(Answer::Garbled)),
        Ok(Err(Closed)) => Heard::Cut,
        Err(_) => Heard::TimedOut,
    };
    Ok((heard, address))
}

/// The certificates of one with whom no handshake can be gone through: of the versions in which they come in clear, it chooses.
pub(super) async fn ask_to_show(host: &str, addresses: &[SocketAddr], limit: Duration) -> Result<Shown, SilenceKind> {
    let mut stream = dial(addresses, limit).await?;
    let listening = listen(&mut stream, Version::Tls12, host, shown);
    match timeout(limit, listening).await {
        Ok(Ok(Some(Ok(shown)))) => Ok(shown),
        Ok(Ok(Some(Err(Unshown)) | None) | Err(Closed)) => Err(SilenceKind::TlsFailed),
        Err(_) => Err(SilenceKind::TimedOut),
    }
}

/// The connection was cut before anything could be said.
struct Closed;

/// Says a greeting, and reads what comes until something can be said of it; nothing when that takes too long a reading.
async fn listen<T>(stream: &mut TcpStream, version: Version, host: &str, told: impl Fn(&[u8]) -> Option<T>) -> Result<Option<T>, Closed> {
    let name = (!host.starts_with('[') && host.parse::<std::net::IpAddr>().is_err()).then_some(host);
    stream.write_all(&hello(version, name)).await.map_err(|_| Closed)?;
    let mut heard = Vec::new();
    let mut buffer = [0; 4096];
    while heard.len() <= LONGEST_PART {
        let count = stream.read(&mut buffer).await.ok().filter(|count| *count > 0).ok_or(Closed)?;
        heard.extend_from_slice(&buffer[..count]);
        if let Some(told) = told(&heard) {
            return Ok(Some(told));
        }
    }
    Ok(None)
}

/// Whether a second greeting may be answered otherwise.
pub(super) fn is_passing(heard: Heard) -> bool {
    match heard {
        Heard::Answer(Answer::Alert(reason)) => ![HANDSHAKE_FAILURE, PROTOCOL_VERSION, INSUFFICIENT_SECURITY].contains(&reason),
        Heard::Answer(Answer::Garbled) | Heard::Cut | Heard::TimedOut => true,
        Heard::Answer(Answer::GoesOn(_) | Answer::Instead(_)) => false,
    }
}

/// An alert about the version is sent by who accepts only newer ones (RFC 5246, E.1), so that there is no need to ask for older ones.
pub(super) fn refuses_older_ones(heard: Heard) -> bool {
    heard == Heard::Answer(Answer::Alert(PROTOCOL_VERSION))
}

/// What all that was heard comes to; nothing when no version was accepted.
pub(super) fn told(heard: &BTreeMap<Version, Heard>) -> Result<Protocols, SilenceKind> {
    let replies: BTreeMap<Version, Reply> = heard.iter().map(|(version, heard)| (*version, reply(*version, *heard))).collect();
    if replies.values().any(|reply| *reply == Reply::Accepted) {
        return Ok(Protocols(replies));
    }
    let all_late = heard.values().all(|heard| *heard == Heard::TimedOut);
    Err(if all_late { SilenceKind::TimedOut } else { SilenceKind::TlsFailed })
}

fn reply(version: Version, heard: Heard) -> Reply {
    match heard {
        Heard::Answer(Answer::GoesOn(chosen)) if chosen == code(version) => Reply::Accepted,
        // A server may only choose an older one; a newer one than it was offered is madness.
        Heard::Answer(Answer::Instead(other)) if other > code(version) => Reply::Silent(SilenceKind::Garbled),
        Heard::Answer(Answer::GoesOn(_) | Answer::Instead(_) | Answer::Alert(_)) | Heard::Cut => Reply::Refused,
        Heard::Answer(Answer::Garbled) => Reply::Silent(SilenceKind::Garbled),
        Heard::TimedOut => Reply::Silent(SilenceKind::TimedOut),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn protocols(heard: [Heard; 4]) -> Result<[Reply; 4], SilenceKind> {
        let heard = Version::ALL.into_iter().zip(heard).collect();
        told(&heard).map(|protocols| Version::ALL.map(|version| protocols.reply(version)))
    }

    const NO: Heard = Heard::Answer(Answer::Alert(PROTOCOL_VERSION));
    const TLS12: Heard = Heard::Answer(Answer::GoesOn(0x0303));

    #[test]
    fn who_accepts_a_version_refuses_those_on_which_it_hangs_up() {
        use Reply::{Accepted, Refused, Silent};
        assert_eq!(protocols([Heard::Cut, NO, TLS12, NO]), Ok([Refused, Refused, Accepted, Refused]));
        let internal_error = Heard::Answer(Answer::Alert(80));
        assert_eq!(
            protocols([internal_error, NO, TLS12, Heard::Answer(Answer::Instead(0x0303))]),
            Ok([Refused, Refused, Accepted, Refused])
        );
        let mad = Heard::Answer(Answer::Instead(0x0303));
        assert_eq!(protocols([mad, NO, TLS12, NO]), Ok([Silent(SilenceKind::Garbled), Refused, Accepted, Refused]));
    }

    #[test]
    fn silence_refuses_nothing() {
        let [first, ..] = protocols([Heard::TimedOut, NO, TLS12, NO]).unwrap();
        assert_eq!(first, Reply::Silent(SilenceKind::TimedOut));
        assert_eq!(protocols([Heard::Cut; 4]), Err(SilenceKind::TlsFailed), "who hangs up on everybody refuses nothing");
        assert_eq!(protocols([NO; 4]), Err(SilenceKind::TlsFailed));
        assert_eq!(protocols([Heard::TimedOut; 4]), Err(SilenceKind::TimedOut));
    }
}

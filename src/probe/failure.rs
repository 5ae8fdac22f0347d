//! From an error of the network to the reason of a silence.

use std::error::Error;
use std::io;

use crate::facts::SilenceKind;

/// The first cause that says what happened; what none explains is garbled.
pub(super) fn kind_of(error: &(dyn Error + 'static)) -> SilenceKind {
    std::iter::successors(Some(error), |error| cause(*error)).find_map(told_by).unwrap_or(SilenceKind::Garbled)
}

/// The same for a handshake: what is cut there is a failure of TLS.
pub(super) fn kind_of_handshake(error: &(dyn Error + 'static)) -> SilenceKind {
    match kind_of(error) {
        SilenceKind::Garbled => SilenceKind::TlsFailed,
        kind => kind,
    }
}

/// `io::Error::source` skips the error that it wraps.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

fn told_by(error: &(dyn Error + 'static)) -> Option<SilenceKind> {
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(of_tls(error));
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return of_io(error);
    }
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        return error.is_parse_too_large().then_some(SilenceKind::TooLarge);
    }
    let late = error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout);
    late.then_some(SilenceKind::TimedOut)
}

fn of_tls(error: &rustls::Error) -> SilenceKind {
    match error {
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => SilenceKind::CertificateRefused,
        _ => SilenceKind::TlsFailed,
    }
}

fn of_io(error: &io::Error) -> Option<SilenceKind> {
    match error.kind() {
        // A firewall of our own side says `PermissionDenied`.
        io::ErrorKind::ConnectionRefused | io::ErrorKind::PermissionDenied => Some(SilenceKind::Refused),
        // Nobody there, or no way there: nothing will ever come back.
        io::ErrorKind::TimedOut | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable | io::ErrorKind::AddrNotAvailable => {
            Some(SilenceKind::TimedOut)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rustls::{AlertDescription, CertificateError};

    use super::*;

    #[test]
    fn the_cause_is_found_however_deep_it_is() {
        let refused = io::Error::other(io::Error::other(io::Error::from(io::ErrorKind::ConnectionRefused)));
        assert_eq!(kind_of(&refused), SilenceKind::Refused);
        let expired = io::Error::new(io::ErrorKind::InvalidData, rustls::Error::InvalidCertificate(CertificateError::Expired));
        assert_eq!(kind_of(&expired), SilenceKind::CertificateRefused);
        let alert = io::Error::new(io::ErrorKind::InvalidData, rustls::Error::AlertReceived(AlertDescription::HandshakeFailure));
        assert_eq!(kind_of(&alert), SilenceKind::TlsFailed);
    }

    #[test]
    fn no_way_to_a_host_is_no_answer() {
        for kind in [io::ErrorKind::TimedOut, io::ErrorKind::HostUnreachable, io::ErrorKind::NetworkUnreachable] {
            assert_eq!(kind_of(&io::Error::from(kind)), SilenceKind::TimedOut, "{kind}");
        }
    }

    #[test]
    fn what_is_cut_is_garbled_or_a_failure_of_tls() {
        let cut = io::Error::from(io::ErrorKind::UnexpectedEof);
        assert_eq!(kind_of(&cut), SilenceKind::Garbled);
        assert_eq!(kind_of_handshake(&cut), SilenceKind::TlsFailed);
    }
}

//! TLS on the day of the run: strict for what is read, and a handshake that only records the certificates.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, ProtocolVersion, RootCertStore, SignatureScheme};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::Url;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::chain::key;
use super::failure::{kind_of, kind_of_handshake};
use super::patience::{Moment, Patience};
use super::sessions::Sessions;
use crate::day::Day;
use crate::facts::{Handshake, SilenceKind, Version};
use crate::text::{Text, say};

/// Whom to trust, and at what time.
#[derive(Debug)]
pub(super) struct Tls {
    provider: Arc<CryptoProvider>,
    pub(super) roots: Arc<RootCertStore>,
    pub(super) noon: UnixTime,
    verifier: Arc<WebPkiServerVerifier>,
    strict: Arc<ClientConfig>,
    resuming: Arc<ClientConfig>,
}

impl Tls {
    pub(super) fn new(today: Day, ca_files: &[PathBuf]) -> Result<Self, Text> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for file in ca_files {
            add(&mut roots, file)?;
        }
        let (provider, roots) = (Arc::new(aws_lc_rs::default_provider()), Arc::new(roots));
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(&provider))
            .build()
            .expect("the roots are not empty, and there is no revocation list");
        let noon = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(today.noon_unix()).unwrap_or_default()));
        let witness = Arc::new(Witness::new(&verifier, Rigour::Strict, noon));
        let strict = config(&provider, &witness, noon);
        let mut resuming = strict.clone();
        resuming.resumption = Resumption::store(Arc::<Sessions>::default());
        Ok(Self { provider, roots, noon, verifier, strict: Arc::new(strict), resuming: Arc::new(resuming) })
    }

    /// Refuses what a browser would refuse.
    pub(super) fn strict(&self) -> &Arc<ClientConfig> {
        &self.strict
    }

    /// The same for a URL, with whose server a session is resumed if there was one: only who was not refused has any. They are kept by name,
    /// so that those of the usual port alone are: the one behind another may show another certificate, and take sessions of the first.
    pub(super) fn resuming(&self, url: &Url) -> &Arc<ClientConfig> {
        if url.port().is_none() { &self.resuming } else { &self.strict }
    }

    /// Accepts any certificate, as long as the server holds its key, and keeps the chain.
    pub(super) fn recording(&self) -> (ClientConfig, Arc<Witness>) {
        let witness = Arc::new(Witness::new(&self.verifier, Rigour::Lenient, self.noon));
        (config(&self.provider, &witness, self.noon), witness)
    }

    pub(super) fn algorithms(&self) -> WebPkiSupportedAlgorithms {
        self.provider.signature_verification_algorithms
    }
}

/// A whole handshake each time.
fn config(provider: &Arc<CryptoProvider>, witness: &Arc<Witness>, noon: UnixTime) -> ClientConfig {
    let mut config = ClientConfig::builder_with_details(Arc::clone(provider), Arc::new(Afternoon { noon, start: Patience::moment() }))
        .with_safe_default_protocol_versions()
        .expect("the provider speaks TLS 1.2 and 1.3")
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(witness) as _)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.resumption = Resumption::disabled();
    config
}

fn add(roots: &mut RootCertStore, file: &Path) -> Result<(), Text> {
    let shown = file.display();
    let unreadable = |error: &dyn std::fmt::Display| {
        say!(
            fr: "{shown} : certificats d'autorité illisibles ({error})",
            en: "{shown}: cannot read authority certificates ({error})",
        )
    };
    let certificates = CertificateDer::pem_file_iter(file).map_err(|error| unreadable(&error))?;
    let mut count = 0;
    for certificate in certificates {
        roots.add(certificate.map_err(|error| unreadable(&error))?).map_err(|error| unreadable(&error))?;
        count += 1;
    }
    if count == 0 {
        return Err(say!(fr: "{shown} : aucun certificat au format PEM", en: "{shown}: no certificate in PEM format"));
    }
    Ok(())
}

/// Connects to the first address that answers and shakes hands, all within the limit; tells what was agreed upon.
pub(super) async fn shake_hands(
    config: ClientConfig,
    host: &str,
    addresses: &[SocketAddr],
    limit: Duration,
) -> Result<Handshake, SilenceKind> {
    let name = server_name(host).ok_or(SilenceKind::DnsFailed)?;
    let shaken = async {
        let stream = dial(addresses, limit).await?;
        let handshake = TlsConnector::from(Arc::new(config)).connect(name, stream);
        handshake.await.map(|stream| agreed(stream.get_ref().1)).map_err(|error| kind_of_handshake(&error))
    };
    timeout(limit, shaken).await.unwrap_or(Err(SilenceKind::TimedOut))
}

pub(super) fn agreed(connection: &ClientConnection) -> Handshake {
    let version = match connection.protocol_version() {
        Some(ProtocolVersion::TLSv1_2) => Some(Version::Tls12),
        Some(ProtocolVersion::TLSv1_3) => Some(Version::Tls13),
        _ => None,
    };
    let alpn = connection.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned());
    Handshake { version, alpn, ..Handshake::default() }
}

/// The addresses share the time limit, as in reqwest.
pub(super) async fn dial(addresses: &[SocketAddr], limit: Duration) -> Result<TcpStream, SilenceKind> {
    let mut failure = SilenceKind::DnsFailed;
    for address in addresses {
        let share = limit / u32::try_from(addresses.len()).unwrap_or(u32::MAX);
        failure = match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => kind_of(&error),
            Err(_) => SilenceKind::TimedOut,
        };
    }
    Err(failure)
}

/// `host` as a URL writes it: an IPv6 address in brackets.
pub(super) fn server_name(host: &str) -> Option<ServerName<'static>> {
    ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).ok()
}

/// Begins at noon and goes on, so that the age of sessions can be told. Certificates are judged at noon.
#[derive(Debug)]
struct Afternoon {
    noon: UnixTime,
    start: Moment,
}

impl TimeProvider for Afternoon {
    fn current_time(&self) -> Option<UnixTime> {
        let noon = Duration::from_secs(self.noon.as_secs());
        Some(UnixTime::since_unix_epoch(noon + Patience::moment().duration_since(self.start)))
    }
}

/// Half a day, in seconds.
const HALF_A_DAY: u64 = 43_200;

/// Noon; for a chain of which a certificate was made that very afternoon, the moment from which all are valid: who renewed it in time
/// did nothing wrong.
pub(super) fn moment<'c>(chain: impl IntoIterator<Item = &'c CertificateDer<'c>>, noon: UnixTime) -> UnixTime {
    let afternoon = noon.as_secs()..noon.as_secs() + HALF_A_DAY;
    let begins = |der: &CertificateDer<'_>| u64::try_from(X509Certificate::from_der(der).ok()?.1.validity().not_before.timestamp()).ok();
    let latest = chain.into_iter().filter_map(begins).filter(|begins| afternoon.contains(begins)).max();
    latest.map_or(noon, |begins| UnixTime::since_unix_epoch(Duration::from_secs(begins)))
}

/// Judges the certificates that a server shows, or keeps them, whatever they are worth.
#[derive(Debug)]
pub(super) struct Witness {
    verifier: Arc<WebPkiServerVerifier>,
    rigour: Rigour,
    noon: UnixTime,
    chain: OnceLock<Vec<CertificateDer<'static>>>,
    stapled: OnceLock<bool>,
}

#[derive(Debug, Clone, Copy)]
enum Rigour {
    Strict,
    Lenient,
}

impl Witness {
    fn new(verifier: &Arc<WebPkiServerVerifier>, rigour: Rigour, noon: UnixTime) -> Self {
        Self { verifier: Arc::clone(verifier), rigour, noon, chain: OnceLock::new(), stapled: OnceLock::new() }
    }

    /// As served, the leaf first; empty before the handshake.
    pub(super) fn chain(&self) -> &[CertificateDer<'static>] {
        self.chain.get().map_or(&[], Vec::as_slice)
    }

    pub(super) fn stapled(&self) -> bool {
        self.stapled.get().copied().unwrap_or_default()
    }

    /// A signature made by a key that is too short cannot be verified here, and matters no more: whoever holds it, it is told to be weak.
    /// With any other key the server must prove that it holds it, or its certificate could be anybody's.
    fn looks_away(&self) -> bool {
        let leaf = self.chain().first().and_then(|leaf| X509Certificate::from_der(leaf).ok());
        matches!(self.rigour, Rigour::Lenient) && leaf.is_some_and(|(_, leaf)| key(leaf.public_key()).is_weak())
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match self.rigour {
            Rigour::Strict => {
                let at = moment(std::iter::once(leaf).chain(others), self.noon);
                self.verifier.verify_server_cert(leaf, others, name, ocsp, at)
            }
            Rigour::Lenient => {
                self.chain
                    .get_or_init(|| std::iter::once(leaf).chain(others).map(|certificate| certificate.clone().into_owned()).collect());
                self.stapled.get_or_init(|| !ocsp.is_empty());
                Ok(ServerCertVerified::assertion())
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        match self.verifier.verify_tls12_signature(message, certificate, signed) {
            Err(_) if self.looks_away() => Ok(HandshakeSignatureValid::assertion()),
            verdict => verdict,
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        match self.verifier.verify_tls13_signature(message, certificate, signed) {
            Err(_) if self.looks_away() => Ok(HandshakeSignatureValid::assertion()),
            verdict => verdict,
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

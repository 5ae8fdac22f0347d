//! Servers of TLS: real ones for what is spoken today, and a hand-written one for versions and keys that no library serves any more.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{ServerConfig, ServerConnection, SignatureAlgorithm, SignatureScheme, SupportedProtocolVersion};

/// On a port of loopback, until the end of the tests.
pub struct Server {
    pub address: SocketAddr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    Tls10 = 1,
    Tls11 = 2,
    /// With ciphers that are not spoken any more.
    Tls12 = 3,
}

/// What is done with a greeting of an old version.
#[derive(Debug, Clone, Copy)]
pub enum Old {
    /// The newest of these that is not newer than the greeting; a refusal when there is none.
    Speaks(&'static [Version]),
    Alert(u8),
    /// Begins, then finds that it may not, as OpenSSL does when its policy forbids what the old version needs.
    Retracts,
    Cut,
    Mute,
}

/// A chain, its key, and what is spoken.
pub struct Certificate {
    key: Arc<CertifiedKey>,
    versions: Vec<&'static SupportedProtocolVersion>,
}

impl Certificate {
    /// Of `tests/tls/certificates/`.
    pub fn of(name: &str) -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls/certificates").join(name).with_extension("pem");
        let chain = CertificateDer::pem_file_iter(&file).unwrap().map(Result::unwrap).collect();
        let key = aws_lc_rs::sign::any_supported_type(&PrivateKeyDer::from_pem_file(&file).unwrap());
        // The library refuses keys that are too short.
        let key = key.unwrap_or_else(|_| Arc::new(Scribble(SignatureAlgorithm::RSA, SignatureScheme::RSA_PSS_SHA256)));
        Self { key: Arc::new(CertifiedKey::new(chain, key)), versions: rustls::ALL_VERSIONS.to_vec() }
    }

    pub fn only(mut self, version: &'static SupportedProtocolVersion) -> Self {
        self.versions = vec![version];
        self
    }

    pub fn without_its_key(mut self) -> Self {
        let scribble = Arc::new(Scribble(SignatureAlgorithm::ECDSA, SignatureScheme::ECDSA_NISTP256_SHA256));
        self.key = Arc::new(CertifiedKey::new(self.key.cert.clone(), scribble));
        self
    }

    /// The message of old handshakes (RFC 5246, 7.4.2).
    fn message(&self) -> Vec<u8> {
        let sized = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[1..], bytes].concat();
        message(11, &sized(&self.key.cert.iter().flat_map(|one| sized(one)).collect::<Vec<_>>()))
    }

    fn config(self) -> Arc<ServerConfig> {
        let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        let builder = builder.with_protocol_versions(&self.versions).unwrap().with_no_client_auth();
        Arc::new(builder.with_cert_resolver(Arc::new(Always(self.key))))
    }
}

#[derive(Debug)]
struct Always(Arc<CertifiedKey>);

impl ResolvesServerCert for Always {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

/// Signs, but not well.
#[derive(Debug, Clone)]
struct Scribble(SignatureAlgorithm, SignatureScheme);

impl SigningKey for Scribble {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered.contains(&self.1).then(|| Box::new(self.clone()) as _)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.0
    }
}

impl Signer for Scribble {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        Ok(vec![1; 128])
    }

    fn scheme(&self) -> SignatureScheme {
        self.1
    }
}

impl Server {
    fn serving(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, serve) = (listener.local_addr().unwrap(), Arc::new(serve));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, serve) = (stream.unwrap(), Arc::clone(&serve));
                thread::spawn(move || serve(stream));
            }
        });
        Self { address }
    }

    /// Shakes hands and says nothing more.
    pub fn tls(certificate: Certificate) -> Self {
        let config = certificate.config();
        Self::serving(move |stream| shake_hands(&config, stream))
    }

    /// The same, but for old greetings.
    pub fn old(certificate: Certificate, old: Old) -> Self {
        let shown = certificate.message();
        let config = certificate.config();
        Self::serving(move |mut stream| {
            let mut head = [0; 11];
            while matches!(stream.peek(&mut head), Ok(1..11)) {}
            if head[10] >= 3 { shake_hands(&config, stream) } else { answer(&mut stream, old, &shown) }
        })
    }

    /// Speaks these versions and no other, as far as its part of the greeting goes.
    pub fn relic(certificate: &Certificate, versions: &'static [Version]) -> Self {
        let shown = certificate.message();
        Self::serving(move |mut stream| answer(&mut stream, Old::Speaks(versions), &shown))
    }

    /// Does the same to everybody.
    pub fn all(old: Old) -> Self {
        Self::serving(move |mut stream| answer(&mut stream, old, &[]))
    }

    pub fn plain() -> Self {
        Self::serving(|mut stream| {
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        })
    }
}

fn shake_hands(config: &Arc<ServerConfig>, mut stream: TcpStream) {
    let mut connection = ServerConnection::new(Arc::clone(config)).unwrap();
    while connection.is_handshaking() && connection.complete_io(&mut stream).is_ok() {}
    connection.send_close_notify();
    let _ = connection.complete_io(&mut stream);
}

/// Reads one greeting and answers it by hand, with these certificates.
fn answer(stream: &mut TcpStream, old: Old, shown: &[u8]) {
    let mut greeting = vec![0; 5];
    if stream.read_exact(&mut greeting).is_err() {
        return;
    }
    let mut rest = vec![0; usize::from(u16::from_be_bytes([greeting[3], greeting[4]]))];
    if stream.read_exact(&mut rest).is_err() {
        return;
    }
    let asked = rest[5];
    let bytes = match old {
        Old::Cut => return,
        // Until the other side has had enough.
        Old::Mute => return drop(stream.read(&mut [0])),
        Old::Alert(reason) => alert(reason),
        Old::Retracts => [record(&hello(asked)), alert(80)].concat(),
        Old::Speaks(versions) => match versions.iter().map(|version| *version as u8).filter(|version| *version <= asked).max() {
            Some(version) => record(&[&hello(version), shown, &message(14, &[])].concat()),
            None => alert(70),
        },
    };
    let _ = stream.write_all(&bytes);
    // The other side hangs up first, so that nothing that was written is lost.
    let _ = stream.read(&mut [0]);
}

fn hello(minor: u8) -> Vec<u8> {
    message(2, &[&[3, minor][..], &[7; 32], &[0, 0, 0x2f, 0]].concat())
}

fn message(kind: u8, content: &[u8]) -> Vec<u8> {
    [&[kind, 0][..], &u16::try_from(content.len()).unwrap().to_be_bytes(), content].concat()
}

fn record(content: &[u8]) -> Vec<u8> {
    [&[22, 3, 1][..], &u16::try_from(content.len()).unwrap().to_be_bytes(), content].concat()
}

fn alert(reason: u8) -> Vec<u8> {
    vec![21, 3, 1, 0, 2, 2, reason]
}

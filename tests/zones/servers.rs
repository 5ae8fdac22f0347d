//! What stands behind the zones: an authority, the web servers of mail policies, and doors that are open or not.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, PublicKeyData as _, date_time_ymd};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use sha2::{Digest, Sha256};

/// Whom the run trusts.
pub struct Authority {
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let (mut params, key) = (CertificateParams::default(), KeyPair::generate().unwrap());
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "Root");
        (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2040, 1, 1));
        Self { pem: params.self_signed(&key).unwrap().pem(), issuer: Issuer::new(params, key) }
    }

    /// A server's configuration, valid until the end of that year, and the SHA-256 of its key as a zone names it.
    pub fn certify(&self, host: &str, last_year: i32) -> (Arc<ServerConfig>, String) {
        let (mut params, key) = (CertificateParams::new([host.to_owned()]).unwrap(), KeyPair::generate().unwrap());
        (params.not_before, params.not_after) = (date_time_ymd(2025, 1, 1), date_time_ymd(last_year, 12, 31));
        let chain = vec![params.signed_by(&key, &self.issuer).unwrap().der().clone()];
        let private = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let digest = Sha256::digest(key.subject_public_key_info()).iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        });
        (Arc::new(builder.with_single_cert(chain, private).unwrap()), digest)
    }
}

fn listening(serve: impl Fn(std::net::TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || listener.incoming().for_each(|stream| serve(stream.unwrap())));
    address
}

/// Takes every connection, and says nothing.
pub fn door() -> SocketAddr {
    listening(drop)
}

/// Answers any request over TLS.
pub fn web(tls: Arc<ServerConfig>, status: &'static str, body: &'static str) -> SocketAddr {
    listening(move |stream| {
        let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&tls)).unwrap(), stream);
        // How a visit ends is the visitor's to tell.
        let _ = stream.read(&mut [0; 4096]);
        let length = body.len();
        let _ =
            write!(stream, "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
        stream.conn.send_close_notify();
        let _ = stream.flush();
    })
}

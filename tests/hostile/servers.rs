//! Servers that mean harm, each on a loopback address of its own: what they say is written by hand, down to the last byte.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use hickory_resolver::proto::op::{Message, MessageType, ResponseCode};
use hickory_resolver::proto::rr::{RData, Record, RecordType};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Where all of them live.
pub const DOMAIN: &str = "hostile.test";

/// The authority that the run trusts, and a certificate of it for every name of the domain.
static TRUSTED: LazyLock<(String, Arc<ServerConfig>)> = LazyLock::new(|| {
    let mut params = named("Root");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let root = params.self_signed(&key).unwrap();
    let (issuer, key) = (Issuer::new(params, key), KeyPair::generate().unwrap());
    let mut leaf = CertificateParams::new([format!("*.{DOMAIN}")]).unwrap();
    (leaf.not_before, leaf.not_after) = (date_time_ymd(2026, 11, 1), date_time_ymd(2027, 1, 30));
    let leaf = leaf.signed_by(&key, &issuer).unwrap();
    (root.pem(), config(leaf.der().clone(), &key))
});

/// What `--ca-file` is to name.
pub fn ca_pem() -> &'static str {
    &TRUSTED.0
}

pub fn trusted() -> Arc<ServerConfig> {
    Arc::clone(&TRUSTED.1)
}

/// A certificate that nobody vouches for, and whose names try everything.
pub fn odd() -> Arc<ServerConfig> {
    let mut params = named("a\0.hostile.test\u{1b}[31mROUGE\u{202e}\u{7}");
    params.distinguished_name.push(DnType::OrganizationName, "\u{1b}]0;titre\u{7}O\0");
    let key = KeyPair::generate().unwrap();
    config(params.self_signed(&key).unwrap().der().clone(), &key)
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    (params.not_before, params.not_after) = (date_time_ymd(2026, 1, 1), date_time_ymd(2030, 1, 1));
    params
}

fn config(certificate: rustls::pki_types::CertificateDer<'static>, key: &KeyPair) -> Arc<ServerConfig> {
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    Arc::new(builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap())
}

/// A connection, encrypted or not.
pub trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// What is done with one visitor, from the path that was asked for on.
pub type Behaviour = Arc<dyn Fn(&mut dyn Stream, &str) + Send + Sync>;

/// Hands each connection over in a thread of its own.
pub fn serve(ip: [u8; 4], visit: impl Fn(TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::from(ip), 0)).unwrap();
    let (address, visit) = (listener.local_addr().unwrap(), Arc::new(visit));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, visit) = (stream.unwrap(), Arc::clone(&visit));
            thread::spawn(move || visit(stream));
        }
    });
    address
}

/// A web server that shakes hands as it should.
pub fn https(ip: [u8; 4], config: Arc<ServerConfig>, behaviour: Behaviour) -> SocketAddr {
    serve(ip, move |stream| {
        let mut encrypted = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
        if let Some(path) = path(&mut encrypted) {
            behaviour(&mut encrypted, &path);
        }
        encrypted.conn.send_close_notify();
        let _ = encrypted.flush();
    })
}

/// Reads the head of one request; nothing when the visitor turns away.
fn path(stream: &mut dyn Stream) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if !matches!(stream.read(&mut byte), Ok(1)) {
            return None;
        }
        head.push(byte[0]);
    }
    Some(String::from_utf8_lossy(&head).split(' ').nth(1)?.to_owned())
}

/// Answers by these very bytes.
pub fn says(bytes: impl Into<Vec<u8>>) -> Behaviour {
    let bytes = bytes.into();
    Arc::new(move |stream, _| drop(stream.write_all(&bytes)))
}

/// By these bytes, then by others again and again for as long as somebody listens.
pub fn endless(start: &'static [u8], again: &'static [u8], pause: Duration) -> Behaviour {
    Arc::new(move |stream, _| {
        let _ = stream.write_all(start);
        while stream.write_all(again).and_then(|()| stream.flush()).is_ok() {
            thread::sleep(pause);
        }
    })
}

/// A whole answer, which ends the connection.
pub fn answer(status: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n{fields}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

pub fn leads(to: &str) -> Behaviour {
    says(answer("302 Found", &format!("Location: {to}\r\n"), b""))
}

/// A name server that knows these addresses of these names, and no other name; nothing may be remembered.
pub fn name_server(known: &'static [(&'static str, &'static str)]) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    thread::spawn(move || {
        let mut buffer = [0; 1500];
        while let Ok((length, client)) = socket.recv_from(&mut buffer) {
            let mut message = Message::from_vec(&buffer[..length]).unwrap();
            message.metadata.message_type = MessageType::Response;
            let question = message.queries.first().unwrap().clone();
            let name = question.name().to_ascii();
            let found = known.iter().filter(|(known, _)| name.trim_end_matches('.') == *known);
            let addresses: Vec<Ipv4Addr> = found.map(|(_, address)| address.parse().unwrap()).collect();
            if addresses.is_empty() {
                message.metadata.response_code = ResponseCode::NXDomain;
            } else if question.query_type() == RecordType::A {
                let record = |address: Ipv4Addr| Record::from_rdata(question.name().clone(), 0, RData::from(std::net::IpAddr::V4(address)));
                message.answers.extend(addresses.into_iter().map(record));
            }
            let _ = socket.send_to(&message.to_vec().unwrap(), client);
        }
    });
    address
}

/// A proxy that goes where it is told, and remembers where that was.
pub struct Proxy {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// `known` says where each `host:port` is.
    pub fn new(known: Vec<(String, SocketAddr)>) -> Self {
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let noted = Arc::clone(&asked);
        let address = serve([127, 0, 0, 1], move |mut stream| {
            let Some(place) = path(&mut stream) else { return };
            noted.lock().unwrap().push(place.clone());
            let Some((_, to)) = known.iter().find(|(host, _)| *host == place) else {
                drop(stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
                return;
            };
            let mut there = TcpStream::connect(to).unwrap();
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            let (mut back, mut from) = (stream.try_clone().unwrap(), there.try_clone().unwrap());
            thread::spawn(move || {
                let _ = std::io::copy(&mut from, &mut back);
                let _ = back.shutdown(std::net::Shutdown::Both);
            });
            let _ = std::io::copy(&mut stream, &mut there);
            let _ = there.shutdown(std::net::Shutdown::Both);
        });
        Self { address, asked }
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// A file of the authority, in a folder.
pub fn ca_file(folder: &std::path::Path) -> PathBuf {
    let file = folder.join("ca.pem");
    std::fs::write(&file, ca_pem()).unwrap();
    file
}

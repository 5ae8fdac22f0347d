//! Web servers that behave as badly as a test wants, and count who comes.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A connection, encrypted or not.
pub(super) trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// A server on a port of loopback, until the end of the tests.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Hands each connection over, in a thread of its own; it is closed afterwards.
    pub(super) fn raw(serve: impl Fn(&mut dyn Stream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, connections, serve) = (listener.local_addr().unwrap(), Arc::<AtomicUsize>::default(), Arc::new(serve));
        let count = Arc::clone(&connections);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, serve) = (stream.unwrap(), Arc::clone(&serve));
                count.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || serve(&mut stream));
            }
        });
        Self { address, connections }
    }

    /// Answers each request, whose head is handed over, by these very bytes.
    pub(super) fn http(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::raw(move |stream| answer_once(stream, &answer))
    }

    /// Answers each request by these bytes, then by others again and again for as long as somebody listens.
    pub(super) fn endless(start: &'static [u8], again: &'static [u8], pause: Duration) -> Self {
        Self::raw(move |stream| {
            answer_once(stream, &|_| start.to_vec());
            while stream.write_all(again).is_ok() {
                thread::sleep(pause);
            }
        })
    }

    /// Listens, and never says a word.
    pub(super) fn mute() -> Self {
        Self::raw(|stream| while matches!(stream.read(&mut [0]), Ok(1)) {})
    }

    pub(super) fn https(config: Arc<ServerConfig>, answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::raw(move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut encrypted = StreamOwned::new(connection, stream);
            answer_once(&mut encrypted, &answer);
            encrypted.conn.send_close_notify();
            let _ = encrypted.flush();
        })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// A rule for `--connect-to` that brings everything here.
    pub(super) fn everything(&self) -> Vec<super::super::ConnectTo> {
        vec![format!("::{}", self.address).parse().unwrap()]
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// Reads the head of one request and answers it.
pub(super) fn answer_once(stream: &mut dyn Stream, answer: &dyn Fn(&str) -> Vec<u8>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        // A client that turns away has nothing to be told.
        if !matches!(stream.read(&mut byte), Ok(1)) {
            return;
        }
        head.push(byte[0]);
    }
    let _ = stream.write_all(&answer(&String::from_utf8_lossy(&head)));
    let _ = stream.flush();
}

/// A whole answer, which ends the connection.
pub(super) fn answer(status: &str, fields: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len()).into_bytes();
    for (name, value) in fields {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

pub(super) fn page(words: &str) -> Vec<u8> {
    answer("200 OK", &[("Content-Type", "text/html")], words.as_bytes())
}

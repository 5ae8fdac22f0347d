//! HTTP/2 from the server's end, frame by frame (RFC 9113, section 4.1), and a host that speaks it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::NamedTempFile;

use super::authorities::{Authority, leaf};
use super::servers::{Server, Stream};
use super::settings;
use crate::probe::Settings;

pub(super) const DATA: u8 = 0;
pub(super) const HEADERS: u8 = 1;
pub(super) const RESET: u8 = 3;
pub(super) const SETTINGS: u8 = 4;
pub(super) const PING: u8 = 6;
pub(super) const GOAWAY: u8 = 7;
pub(super) const CONTINUATION: u8 = 9;

/// Flags of the last frame of a stream, and of a head; those who confirm have the first.
pub(super) const END: u8 = 1;
pub(super) const WHOLE: u8 = 4;

/// Reasons.
pub(super) const NO_ERROR: u8 = 0;
pub(super) const REFUSED: u8 = 7;

/// `:status: 200`, `content-type: text/html` (RFC 7541, appendix A).
pub(super) const PAGE: [u8; 12] = *b"\x88\x5f\x09text/html";

/// One end of a connection: frames (RFC 9113, section 4.1).
pub(super) struct Frames<'a>(pub(super) &'a mut dyn Stream);

impl Frames<'_> {
    pub(super) fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> bool {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let head = [&length[1..], &[kind, flags], &stream.to_be_bytes()].concat();
        self.0.write_all(&[&head, payload].concat()).and_then(|()| self.0.flush()).is_ok()
    }

    /// The next stream that is asked for something; nothing once the other end is gone.
    pub(super) fn asked(&mut self) -> Option<u32> {
        loop {
            let mut head = [0; 9];
            self.0.read_exact(&mut head).ok()?;
            let mut payload = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
            self.0.read_exact(&mut payload).ok()?;
            let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
            match head[3] {
                HEADERS => return Some(stream),
                SETTINGS if head[4] & END == 0 => {
                    self.send(SETTINGS, END, 0, &[]);
                }
                _ => {}
            }
        }
    }

    pub(super) fn page(&mut self, stream: u32) -> bool {
        self.send(HEADERS, WHOLE, stream, &PAGE) && self.send(DATA, END, stream, b"abc")
    }

    pub(super) fn reset(&mut self, stream: u32, reason: u8) -> bool {
        self.send(RESET, 0, stream, &[0, 0, 0, reason])
    }

    pub(super) fn go_away(&mut self, last: u32) -> bool {
        self.send(GOAWAY, 0, 0, &[last.to_be_bytes(), [0, 0, 0, NO_ERROR]].concat())
    }
}

/// A host that speaks HTTP/2 by these frames, and counts who comes.
pub(super) struct Host {
    pub(super) server: Server,
    ca_files: Vec<PathBuf>,
    _file: NamedTempFile,
    /// The most connections that were open to it when one came.
    pub(super) most_open: Arc<AtomicUsize>,
}

/// Connections that are open to a port, as their own end knows them: that one is closed is known there before the server hears of it.
/// Told by Linux alone.
fn open_to(port: u16) -> usize {
    const ESTABLISHED: &str = "01";
    let there = format!(":{port:04X}");
    let table = std::fs::read_to_string("/proc/self/net/tcp").unwrap_or_default();
    let fields = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    fields.filter(|fields| fields.len() > 3 && fields[2].ends_with(&there) && fields[3] == ESTABLISHED).count()
}

impl Host {
    /// `allows` is a setting of the server, with its number.
    pub(super) fn new(allows: Option<(u8, u8)>, serve: impl Fn(&mut Frames<'_>) + Send + Sync + 'static) -> Self {
        let said = allows.map(|(setting, value)| vec![0, setting, 0, 0, 0, value]).unwrap_or_default();
        Self::bare(move |frames| {
            frames.send(SETTINGS, 0, 0, &said);
            serve(frames);
        })
    }

    /// One that does not even begin by its settings.
    pub(super) fn bare(serve: impl Fn(&mut Frames<'_>) + Send + Sync + 'static) -> Self {
        let root = Authority::root("Root");
        let (file, ca_files) = root.file();
        let mut config = ServerConfig::clone(&root.serve(&leaf("a.test"), &[]));
        config.alpn_protocols = vec![b"h2".to_vec()];
        let config = Arc::new(config);
        let (most_open, port) = (Arc::<AtomicUsize>::default(), Arc::new(OnceLock::new()));
        let (highest, own) = (Arc::clone(&most_open), Arc::clone(&port));
        let server = Server::raw(move |stream| {
            highest.fetch_max(open_to(*own.wait()), Ordering::SeqCst);
            let mut encrypted = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            let mut preface = [0; 24];
            if std::io::Read::read_exact(&mut encrypted, &mut preface).is_ok() {
                serve(&mut Frames(&mut encrypted));
            }
            encrypted.conn.send_close_notify();
            let _ = std::io::Write::flush(&mut encrypted);
        });
        port.set(server.address.port()).unwrap();
        Self { server, ca_files, _file: file, most_open }
    }

    pub(super) fn settings(&self) -> Settings {
        Settings { connect_to: self.server.everything(), ca_files: self.ca_files.clone(), per_address: 1, ..settings() }
    }
}

//! Where a browser cannot be spoken to through a pipe: none is ever started.

use std::io;
use std::net::SocketAddr;
use std::path::Path;

use tokio::process::{ChildStdin, ChildStdout};

pub(super) enum Program {}

impl Program {
    pub(super) fn start(_: &Path, _: SocketAddr, _: &str) -> io::Result<(Self, ChildStdin, ChildStdout)> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

//! A connection of the browser that costs no more than a visit may.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::probe::scout::Meter;

/// What the connections of a visit have brought to the browser, and what they may.
#[derive(Debug)]
pub(super) struct Purse {
    spent: AtomicU64,
    most: u64,
}

impl Purse {
    pub(super) fn new(most: u64) -> Self {
        Self { spent: AtomicU64::new(0), most }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.spent.load(Ordering::Relaxed) > self.most
    }
}

pub(super) struct Counted {
    pub(super) stream: TcpStream,
    pub(super) purse: std::sync::Arc<Purse>,
    pub(super) meter: std::sync::Arc<Meter>,
}

impl AsyncRead for Counted {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.purse.is_empty() {
            return Poll::Ready(Err(io::ErrorKind::QuotaExceeded.into()));
        }
        let written = std::task::ready!(Pin::new(&mut self.stream).poll_write(context, bytes))?;
        self.purse.spent.fetch_add(written as u64, Ordering::Relaxed);
        self.meter.bytes(written);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

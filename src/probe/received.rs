//! An answer as it came: what is large waits on the disk until there is room to read it, so that many large ones fit into little memory.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::net::IpAddr;

use url::Url;

use super::body::Reader;
use crate::facts::{Body, Exchange, Headers, SilenceKind};

/// Bytes of a body that are kept in memory while the rest of it is awaited.
pub(super) const MOST_IN_MEMORY: usize = 16 * 1024;

/// All of an answer, its body not yet undone.
pub(super) struct Received {
    pub(super) url: Url,
    pub(super) status: u16,
    pub(super) headers: Headers,
    pub(super) address: Option<IpAddr>,
    pub(super) wire: Wire,
}

/// What stands for a body.
pub(super) enum Wire {
    /// That there is none to read, or none that is read; with the digest of a picture.
    Known(Body, Option<String>),
    Unread(Reader, Spool),
}

impl Received {
    /// Bytes that it may take to read.
    pub(super) fn weight(&self, limit: usize) -> usize {
        match &self.wire {
            Wire::Known(..) => 0,
            Wire::Unread(reader, spool) => reader.weight(spool.length, limit),
        }
    }

    /// `limit` is in bytes, after decompression.
    pub(super) fn read(self, limit: usize) -> Result<Exchange, SilenceKind> {
        let (body, picture) = match self.wire {
            Wire::Known(body, picture) => (body, picture),
            Wire::Unread(reader, spool) => (reader.read(spool.into_bytes()?, limit)?, None),
        };
        Ok(Exchange::new(self.url, self.status, self.headers, self.address, body).showing(picture))
    }
}

/// Bytes that come little by little: the first in memory, then all in a file without a name.
#[derive(Default)]
pub(super) struct Spool {
    memory: Vec<u8>,
    file: Option<File>,
    pub(super) length: usize,
}

impl Spool {
    /// Fails when it can be kept nowhere.
    pub(super) fn push(&mut self, chunk: &[u8]) -> Result<(), SilenceKind> {
        self.length += chunk.len();
        if self.file.is_none() && self.length > MOST_IN_MEMORY {
            // Where no file can be made, memory has to do.
            self.file = tempfile::tempfile().ok();
            if let Some(file) = &mut self.file {
                file.write_all(&std::mem::take(&mut self.memory)).map_err(|_| SilenceKind::TooLarge)?;
            }
        }
        if let Some(file) = &mut self.file {
            return file.write_all(chunk).map_err(|_| SilenceKind::TooLarge);
        }
        self.memory.extend_from_slice(chunk);
        Ok(())
    }

    fn into_bytes(self) -> Result<Vec<u8>, SilenceKind> {
        let Some(mut file) = self.file else { return Ok(self.memory) };
        let mut bytes = Vec::with_capacity(self.length);
        let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_end(&mut bytes));
        read.map(|_| bytes).map_err(|_| SilenceKind::TooLarge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_stays_in_memory_and_much_comes_back_from_the_disk() {
        for (size, on_disk) in [(0, false), (MOST_IN_MEMORY, false), (MOST_IN_MEMORY + 1, true), (1 << 20, true)] {
            let bytes: Vec<u8> = (0..size).map(|n| u8::try_from(n % 251).unwrap()).collect();
            let mut spool = Spool::default();
            bytes.chunks(1000).for_each(|chunk| spool.push(chunk).unwrap());
            assert_eq!((spool.length, spool.file.is_some(), spool.memory.capacity() > 2 * MOST_IN_MEMORY), (size, on_disk, false));
            assert!(spool.into_bytes().unwrap() == bytes, "{size}");
        }
    }
}

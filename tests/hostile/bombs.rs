//! Answers that are small on the wire and large once read; and how much memory a whole run takes among many of them.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use crate::Village;
use crate::servers::{Behaviour, answer, https, says, trusted};

/// Five MiB of blanks, as brotli puts them.
const BROTLI_BOMB: [u8; 14] = [0x9f, 0xff, 0xff, 0x4f, 0xf8, 0x25, 0x40, 0xe2, 0xb1, 0x40, 0x20, 0xf7, 0xfe, 0x09];

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn coded(coding: &str, body: &[u8]) -> Vec<u8> {
    answer("200 OK", &format!("Content-Type: text/html\r\nContent-Encoding: {coding}\r\n"), body)
}

/// Fifty MiB.
pub fn gzip() -> Vec<u8> {
    coded("gzip", &zipped(&vec![b' '; 50 << 20]))
}

pub fn brotli() -> Vec<u8> {
    coded("br", &BROTLI_BOMB)
}

pub fn nested() -> Vec<u8> {
    coded("gzip, gzip, gzip", &zipped(&zipped(&zipped(&vec![b' '; 50 << 20]))))
}

/// More often than anybody needs.
pub fn wrapped() -> Vec<u8> {
    coded("gzip, gzip, gzip, gzip", &zipped(b"abc"))
}

/// As was not offered.
pub fn zstd() -> Vec<u8> {
    coded("zstd", b"\x28\xb5\x2f\xfd\0\x58\x59\0\0abc")
}

/// A page of as many steps as are read, each of one letter.
fn pdf_of_steps() -> Vec<u8> {
    let steps = zipped_by_zlib(&b"q ".repeat(39_000));
    let head = format!("<< /Filter /FlateDecode /Length {} >>\nstream\n", steps.len());
    document(&[
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
        &[head.as_bytes(), &steps, b"\nendstream"].concat(),
        b"<< /Type /Page /Parent 2 0 R /Contents 3 0 R >>",
    ])
}

/// One object that holds as many numbers as are read.
fn pdf_of_numbers() -> Vec<u8> {
    document(&[b"<< /Type /Catalog /Pages 2 0 R >>", format!("[{}]", "0 ".repeat(129_000)).as_bytes()])
}

fn zipped_by_zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn document(objects: &[&[u8]]) -> Vec<u8> {
    let mut body = b"%PDF-1.7\n".to_vec();
    for (number, object) in (1..).zip(objects) {
        body.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        body.extend_from_slice(object);
        body.extend_from_slice(b"\nendobj\n");
    }
    body.extend_from_slice(b"trailer\n<< /Root 1 0 R >>\n%%EOF\n");
    answer("200 OK", "Content-Type: application/pdf\r\n", &body)
}

const LIMIT: usize = 1 << 20;

/// In KiB: 100 MiB for a whole run, without those of the program of a release.
#[cfg(target_os = "linux")]
const MOST_OF_ITS_OWN: u64 = 78 * 1024;

/// As much as is read, then nothing more: it is held until the visitor has had enough.
fn stalls() -> Behaviour {
    let start = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
    let body = b"<p>lorem ipsum</p>\n".repeat(LIMIT / 19);
    Arc::new(move |stream, _| {
        let _ = stream.write_all(start).and_then(|()| stream.write_all(&body)).and_then(|()| stream.flush());
        let _ = stream.read(&mut [0]);
    })
}

/// The most memory of its own that a run took, in KiB, and how it ended. Its own: the pages of the program itself, some 40 MiB of a debug
/// build and 22 of a release, do not depend on what hosts send.
#[cfg(target_os = "linux")]
fn peak(village: &Village) -> (u64, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chatons-audit"));
    command.args(village.directly()).current_dir(village.folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut most = 0;
    loop {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let told = status.lines().find_map(|line| line.strip_prefix("RssAnon:")?.trim().strip_suffix(" kB")?.parse().ok());
        most = told.unwrap_or(most).max(most);
        if let Some(ended) = child.try_wait().unwrap() {
            return (most, ended.code().expect("it ends by itself"));
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// So many hosts, each on its own machine, that behave like these in turn.
fn village(subnet: u8, count: u8, kinds: &[Behaviour]) -> Village {
    Village::new((1..=count).map(|n| {
        let name = if n == 1 { "www".to_owned() } else { format!("b{n}") };
        (name, Some(https([127, 0, subnet, n], trusted(), Arc::clone(&kinds[usize::from(n) % kinds.len()]))))
    }))
}

/// Sixty-four hosts at a time, as many as are ever visited: all hold what they gave, or each is another bomb. Documents are taken apart one
/// at a time: one of each is enough.
#[test]
#[cfg(target_os = "linux")]
fn a_run_among_bombs_stays_small() {
    let all = [stalls(), says(gzip()), stalls(), says(brotli()), stalls(), says(nested())];
    let documents = [says(pdf_of_steps()), says(pdf_of_numbers())];
    for (subnet, count, kinds) in [(7, 64, &all[..1]), (8, 64, &all[1..2]), (9, 64, &all), (10, 2, &documents)] {
        let (most, code) = peak(&village(subnet, count, kinds));
        assert!(most < MOST_OF_ITS_OWN, "{most} KiB among those of 127.0.{subnet}.0");
        // That nothing was seen is an outcome too, where the machine is slow.
        assert!(matches!(code, 0 | 1 | 3), "{code}");
    }
}

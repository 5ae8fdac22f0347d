//! From the bytes of an answer to its body: decompression and decoding, within limits.

use std::io::{self, Read};
use std::sync::LazyLock;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use regex::bytes::Regex;

use super::pdf;
use super::settings::MOST_CODINGS;
use crate::facts::{Body, Headers, SilenceKind};

/// Bytes in which a page says its own encoding, and in which text is told from the rest (WHATWG HTML, 13.2.3.2).
const PRESCAN: usize = 1024;

/// The buffer of the brotli decoder, in bytes.
const BROTLI_BUFFER: usize = 4096;

static DECLARED_ENCODING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i-u)(?:<meta[^>]*?charset|<\?xml[^>]*?encoding)\s*=\s*["']?\s*([a-z0-9_.:-]+)"#).expect("a constant pattern")
});

/// How to read the body that the header fields announce.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reader {
    nature: Nature,
    /// In the order in which they are to be undone.
    codings: Vec<Coding>,
    charset: Option<&'static Encoding>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nature {
    Text,
    /// Without a media type: its bytes will tell.
    Unknown,
    /// Its words are taken out of it.
    Pdf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
}

impl Reader {
    /// Nothing when the body is not text: it need not be read. Text that is coded in a way that was not offered cannot be.
    pub(super) fn of(headers: &Headers) -> Option<Result<Self, SilenceKind>> {
        let content_type = headers.get("content-type").and_then(|values| values.first()).map_or("", String::as_str);
        let (media_type, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
        let (nature, charset) = (nature(media_type)?, charset(parameters));
        Some(codings(headers).map(|codings| Self { nature, codings, charset }).ok_or(SilenceKind::Garbled))
    }

    /// Bytes that it may take to read that many: what is undone, and twice what comes of it while it is decoded.
    pub(super) fn weight(&self, wire: usize, limit: usize) -> usize {
        match (self.nature, self.codings.is_empty()) {
            // The library takes it apart before a page is read.
            (Nature::Pdf, _) => 8 * limit,
            (_, false) => 4 * limit,
            (_, true) => 4 * wire,
        }
    }

    /// `limit` is in bytes, after decompression.
    pub(super) fn read(&self, wire: Vec<u8>, limit: usize) -> Result<Body, SilenceKind> {
        let mut bytes = wire;
        for coding in &self.codings {
            bytes = coding.undo(&bytes, limit).map_err(|_| SilenceKind::Garbled)?;
            if bytes.len() > limit {
                return Ok(Body::TooLarge);
            }
        }
        Ok(match self.nature {
            _ if bytes.is_empty() => Body::Empty,
            Nature::Pdf => pdf::text(&bytes).map_or(Body::Binary, Body::Text),
            Nature::Unknown if !looks_like_text(&bytes) => Body::Binary,
            _ => Body::Text(self.decode(&bytes)),
        })
    }

    fn decode(&self, bytes: &[u8]) -> String {
        // `decode` puts a byte order mark before the encoding that it is given.
        let usual = if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 };
        // What nobody declares and is not UTF-8 is read as browsers do in western countries (WHATWG Encoding, legacy defaults).
        let encoding = self.charset.or_else(|| declared_encoding(bytes)).unwrap_or(usual);
        encoding.decode(bytes).0.into_owned()
    }
}

impl Coding {
    fn of(name: &str) -> Option<Self> {
        match name {
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            "br" => Some(Self::Brotli),
            _ => None,
        }
    }

    /// At most one byte more than the limit, to show that it is exceeded.
    fn undo(self, bytes: &[u8], limit: usize) -> io::Result<Vec<u8>> {
        let decoder: &mut dyn Read = match self {
            Self::Gzip => &mut MultiGzDecoder::new(bytes),
            Self::Deflate => &mut ZlibDecoder::new(bytes),
            Self::Brotli => &mut brotli_decompressor::Decompressor::new(bytes, BROTLI_BUFFER),
        };
        let mut out = Vec::new();
        decoder.take(limit as u64 + 1).read_to_end(&mut out)?;
        Ok(out)
    }
}

/// Nothing for what is known not to be text.
fn nature(media_type: &str) -> Option<Nature> {
    let media_type = media_type.trim().to_ascii_lowercase();
    let (family, kind) = media_type.split_once('/').unwrap_or_default();
    let syntax = kind.rsplit('+').next().unwrap_or_default();
    match (family, syntax) {
        // Web servers say `octet-stream` of every file whose extension they do not know, such as `.properties`.
        ("", _) | ("application", "octet-stream") => Some(Nature::Unknown),
        ("application", "pdf" | "x-pdf") => Some(Nature::Pdf),
        ("text", _) | (_, "json" | "xml" | "javascript" | "x-javascript" | "ecmascript") => Some(Nature::Text),
        _ => None,
    }
}

/// All values of `Content-Encoding` (RFC 9110, section 8.4), the last one first; nothing if one is unknown.
fn codings(headers: &Headers) -> Option<Vec<Coding>> {
    let values = headers.get("content-encoding").into_iter().flatten();
    let names = values.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase());
    let mut codings =
        names.filter(|name| !matches!(name.as_str(), "" | "identity")).map(|name| Coding::of(&name)).collect::<Option<Vec<_>>>()?;
    codings.reverse();
    (codings.len() <= MOST_CODINGS).then_some(codings)
}

fn charset(parameters: &str) -> Option<&'static Encoding> {
    let value = parameters
        .split(';')
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?
        .1;
    Encoding::for_label(value.trim().trim_matches(['"', '\'']).as_bytes())
}

fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let label = DECLARED_ENCODING.captures(&bytes[..bytes.len().min(PRESCAN)])?.get(1)?;
    // A declaration that can be read byte by byte is not in UTF-16, whatever it says.
    Encoding::for_label(label.as_bytes()).map(|encoding| if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

fn looks_like_text(bytes: &[u8]) -> bool {
    let is_binary = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace() && *byte != b'\x1b';
    Encoding::for_bom(bytes).is_some() || !bytes[..bytes.len().min(PRESCAN)].iter().any(is_binary)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use super::*;

    const LIMIT: usize = 10_000;

    fn headers(fields: &[(&str, &str)]) -> Headers {
        let mut headers = Headers::new();
        for (name, value) in fields {
            headers.entry((*name).to_owned()).or_default().push((*value).to_owned());
        }
        headers
    }

    fn read(fields: &[(&str, &str)], bytes: &[u8]) -> Result<Body, SilenceKind> {
        Reader::of(&headers(fields)).map_or(Ok(Body::Binary), |reader| reader?.read(bytes.to_vec(), LIMIT))
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn text(words: &str) -> Body {
        Body::Text(words.to_owned())
    }

    #[test]
    fn text_is_told_by_its_type() {
        for media_type in [
            "text/html",
            "TEXT/plain; charset=utf-8",
            "application/json",
            "application/activity+json",
            "image/svg+xml",
            "application/javascript",
        ] {
            assert_eq!(read(&[("content-type", media_type)], b"abc"), Ok(text("abc")), "{media_type}");
        }
        for media_type in ["image/png", "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"] {
            assert_eq!(read(&[("content-type", media_type)], b"abc"), Ok(Body::Binary), "{media_type}");
        }
    }

    #[test]
    fn without_a_type_the_bytes_tell() {
        assert_eq!(read(&[], b"abc\n"), Ok(text("abc\n")));
        assert_eq!(read(&[], b"\x89PNG\r\n\x1a\n\0\0"), Ok(Body::Binary));
        assert_eq!(read(&[("content-type", "application/octet-stream")], b"organization.name=A"), Ok(text("organization.name=A")));
        assert_eq!(read(&[], b""), Ok(Body::Empty));
    }

    #[test]
    fn the_encoding_is_that_of_the_mark_then_the_header_then_the_page() {
        let latin1: &[u8] = b"<meta charset=iso-8859-1>\xe9";
        assert_eq!(read(&[("content-type", "text/html")], latin1), Ok(text("<meta charset=iso-8859-1>é")));
        assert_eq!(read(&[("content-type", "text/html; charset=\"ISO-8859-1\"")], b"\xe9"), Ok(text("é")));
        assert_eq!(read(&[("content-type", "text/html; charset=iso-8859-1")], "\u{feff}é".as_bytes()), Ok(text("é")));
        assert_eq!(read(&[("content-type", "text/html; charset=utf-8")], latin1), Ok(text("<meta charset=iso-8859-1>\u{fffd}")));
        assert_eq!(read(&[("content-type", "text/html")], "<meta charset=utf-16>é".as_bytes()), Ok(text("<meta charset=utf-16>é")));
        assert_eq!(
            read(&[("content-type", "text/html")], b"<META http-equiv=x content='text/html; charset=windows-1252'>\x80"),
            Ok(text("<META http-equiv=x content='text/html; charset=windows-1252'>€"))
        );
        assert_eq!(read(&[], b"\xff\xfeA\0"), Ok(text("A")));
    }

    #[test]
    fn compressed_bodies_are_read() {
        let coded = |coding| [("content-type", "text/html"), ("content-encoding", coding)];
        assert_eq!(read(&coded("gzip"), &gzip(b"abc")), Ok(text("abc")));
        assert_eq!(read(&coded("GZIP, x-gzip"), &gzip(&gzip(b"abc"))), Ok(text("abc")));
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
        zlib.write_all(b"abc").unwrap();
        assert_eq!(read(&coded("deflate"), &zlib.finish().unwrap()), Ok(text("abc")));
        // As brotli 1.1 writes it.
        assert_eq!(read(&coded("br"), b"\x0b\x01\x80abc\x03"), Ok(text("abc")));
        assert_eq!(read(&coded("identity"), b"abc"), Ok(text("abc")));
        assert_eq!(read(&coded("zstd"), b"abc"), Err(SilenceKind::Garbled));
        assert_eq!(read(&coded("gzip, rot13"), b"abc"), Err(SilenceKind::Garbled));
        assert_eq!(read(&[("content-type", "image/png"), ("content-encoding", "zstd")], b"abc"), Ok(Body::Binary));
        assert_eq!(read(&coded("gzip"), b"abc"), Err(SilenceKind::Garbled));
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        let coded = |coding| [("content-type", "text/html"), ("content-encoding", coding)];
        assert_eq!(read(&coded("gzip"), &gzip(&[b' '; LIMIT])), Ok(text(&" ".repeat(LIMIT))));
        assert_eq!(read(&coded("gzip"), &gzip(&[b' '; LIMIT + 1])), Ok(Body::TooLarge));
        assert_eq!(read(&coded("gzip, gzip"), &gzip(&gzip(&vec![0; 100 * LIMIT]))), Ok(Body::TooLarge));
        let nested = gzip(&gzip(&gzip(&gzip(b"abc"))));
        assert_eq!(read(&coded("gzip, gzip, gzip, gzip"), &nested), Err(SilenceKind::Garbled), "more than anybody needs is not undone");
    }
}

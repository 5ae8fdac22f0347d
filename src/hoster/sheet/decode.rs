//! The bytes of a sheet as text, whatever program saved it.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// UTF-8, UTF-16 or Windows-1252, with or without a mark; nothing for what is no text.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    // Spreadsheets of their own kind: .xlsx and .ods are archives, .xls is a compound file.
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return None;
    }
    let guess = match bytes {
        [0, b, ..] if *b != 0 => UTF_16BE,
        [b, 0, ..] if *b != 0 => UTF_16LE,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => WINDOWS_1252,
    };
    let encoding = Encoding::for_bom(bytes).map_or(guess, |(encoding, _)| encoding);
    let (text, _, damaged) = encoding.decode(bytes);
    (!damaged && !text.contains('\0')).then(|| text.into_owned())
}

/// The separator with which the first line reads best, by the count of titles that `known` finds in it.
pub(super) fn separator(text: &str, known: impl Fn(&str) -> bool) -> u8 {
    let titles = |separator: u8| first_row(text, separator).iter().filter(|title| known(title)).count();
    // The last of those that do equally well.
    [b'\t', b',', b';'].into_iter().max_by_key(|separator| titles(*separator)).unwrap_or(b';')
}

fn first_row(text: &str, separator: u8) -> Vec<String> {
    let mut rows = reader(text, separator);
    let first = rows.records().next().and_then(Result::ok);
    first.map(|row| row.iter().map(str::to_owned).collect()).unwrap_or_default()
}

pub(super) fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_that_spreadsheets_write_is_read() {
        let text = "id;réponse\r\nT8;respecté — « oui »\r\n";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let (windows, _, _) = WINDOWS_1252.encode(text);
        let with = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            with(b"\xef\xbb\xbf", text.as_bytes()),
            with(b"\xff\xfe", &utf16),
            with(b"\xfe\xff", &big),
            utf16,
            big,
            windows.into_owned(),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Some(text), "{bytes:?}");
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(decode(b"PK\x03\x04rest"), None);
        assert_eq!(decode(b"\xff\xfea"), None, "half a letter");
        assert_eq!(decode(b"id;\0\0"), None);
    }

    #[test]
    fn the_separator_is_found_by_the_titles() {
        let known = |title: &str| ["id", "note, brève"].contains(&title);
        assert_eq!(separator("id;\"note, brève\";x,y,z\r\n", known), b';');
        assert_eq!(separator("id,\"note, brève\"\n", known), b',');
        assert_eq!(separator("id\tnote, brève\n", known), b'\t');
    }
}

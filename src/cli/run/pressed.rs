//! A text that waits to be shown, pressed: what a fleet's reports take until the last hoster is told is a tenth of them.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

pub(super) struct Pressed(Vec<u8>);

impl Pressed {
    pub(super) fn new(text: &str) -> Self {
        let mut press = DeflateEncoder::new(Vec::new(), Compression::fast());
        let pressed = press.write_all(text.as_bytes()).and_then(|()| press.finish());
        let mut pressed = pressed.expect("memory takes every byte");
        pressed.shrink_to_fit();
        Self(pressed)
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        DeflateDecoder::new(self.0.as_slice()).read_to_string(&mut text).expect("it was pressed above");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_out_as_it_went_in_and_takes_less_in_between() {
        for text in [String::new(), "é\u{1b}\0".to_owned(), "standing = \"met\"\n".repeat(10_000)] {
            let pressed = Pressed::new(&text);
            assert_eq!(pressed.text(), text);
            assert!(pressed.0.len() < 10 + text.len() / 10, "{} bytes of {}", pressed.0.len(), text.len());
        }
    }
}

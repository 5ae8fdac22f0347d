//! The facts of a run: the latest at hand, the older ones in a file without a name, so that memory does not grow with what is seen.
//!
//! A large page is dear to read again, so nothing may have to be: what a search for documents needs of the many pages it starts from
//! is kept beside the facts (`check::finder`), and a check that lacks more than fits is given it by parts, each put away for the
//! next: what it made of a part is kept. Only one that then lacks the first part again has all at hand at once.

use std::collections::{BTreeSet, VecDeque};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::net::IpAddr;
use std::sync::Arc;

use serde::Serialize;
use url::Url;

use crate::check::Facts;
use crate::facts::{Body, ByNeed, Exchange, Fact, Headers, Need, Seen};
use crate::hoster::Hoster;

/// Bytes of exchanges at hand.
const AT_HAND: usize = 8 << 20;
/// What an exchange takes besides what was received.
const EMPTY_EXCHANGE: usize = 2048;
/// What a header field takes besides its value.
const FIELD: usize = 128;
/// How often its text is held: as received, and as the page that was read from it.
const COPIES: usize = 3;

/// An exchange in the file: all but its text, then its text.
#[derive(Clone, Copy)]
struct Place {
    start: u64,
    head: usize,
    text: usize,
}

/// Everything seen so far; nothing is ever forgotten, or it would be asked for twice.
pub(super) struct Cellar {
    at_hand: Facts,
    /// Exchanges at hand, the oldest first.
    order: VecDeque<Need>,
    weight: usize,
    limit: usize,
    /// Where each of the others is in the file.
    below: ByNeed<Place>,
    /// Nothing where no file can be made: all stays at hand then.
    file: Option<File>,
    end: u64,
}

impl Cellar {
    pub(super) fn new() -> Self {
        Self::with_limit(AT_HAND)
    }

    pub(super) fn with_limit(limit: usize) -> Self {
        let file = tempfile::tempfile().ok();
        Self { at_hand: Facts::new(), order: VecDeque::new(), weight: 0, limit, below: ByNeed::new(), file, end: 0 }
    }

    pub(super) fn at_hand(&self) -> &Facts {
        &self.at_hand
    }

    pub(super) fn put(&mut self, need: Need, seen: Seen) {
        if let Ok(Fact::Exchange(exchange)) = &seen {
            self.weight += weight(exchange);
            self.order.push_back(need.clone());
        }
        self.at_hand.insert(need, seen);
    }

    /// Nothing more is asked about a hoster, for whose sake all this was asked: few others will ever ask for it.
    pub(super) fn part_with(&mut self, hoster: &Hoster, asked: &[Need]) {
        self.at_hand.part_with(hoster);
        for need in asked {
            self.put_away(need);
        }
    }

    /// Whether it was ever seen.
    pub(super) fn has(&self, need: &Need) -> bool {
        self.at_hand.contains_key(need)
    }

    /// Brings up what of these is below: all of it, or as much as fits, and one at least; says what it brought.
    pub(super) fn fetch_some(&mut self, needs: &BTreeSet<Need>, all: bool) -> Vec<Need> {
        let room = self.weight.max(self.limit) + self.limit / 2;
        let mut brought = Vec::new();
        for need in needs {
            if (all || self.weight < room) && self.fetch(need) {
                brought.push(need.clone());
            }
        }
        brought
    }

    /// Brings a fact up again; says whether it was below.
    fn fetch(&mut self, need: &Need) -> bool {
        if self.at_hand.get(need).is_some() {
            return false;
        }
        let Some(place) = self.below.get(need).copied() else { return false };
        let Some(exchange) = self.file.as_mut().and_then(|file| read(file, place).ok()) else {
            // The disk is gone: it is as if it had never been seen.
            self.below.swap_remove(need);
            self.at_hand.lose(need);
            return false;
        };
        self.put(need.clone(), Ok(Fact::Exchange(Arc::new(exchange))));
        true
    }

    /// Puts the oldest exchanges away until the others fit.
    pub(super) fn tidy(&mut self) {
        while self.weight > self.limit {
            let Some(need) = self.order.pop_front() else { return };
            self.put_away(&need);
        }
    }

    /// An exchange that is at hand; where no file can be written, it stays.
    fn put_away(&mut self, need: &Need) {
        let Some(Ok(Fact::Exchange(exchange))) = self.at_hand.get(need) else { return };
        let weight = weight(exchange);
        if !self.below.contains_key(need) {
            let Some(Ok(place)) = self.file.as_mut().map(|file| write(file, self.end, exchange)) else { return };
            self.end += (place.head + place.text) as u64;
            self.below.insert(need.clone(), place);
        }
        self.at_hand.put_away(need);
        self.weight -= weight;
    }
}

fn weight(exchange: &Exchange) -> usize {
    let field = |values: &Vec<String>| FIELD + values.iter().map(String::len).sum::<usize>();
    EMPTY_EXCHANGE + exchange.headers.values().map(field).sum::<usize>() + COPIES * exchange.text().len()
}

/// All of an exchange but its text, under the names of its fields.
#[derive(Serialize)]
struct Head<'e> {
    url: &'e Option<Url>,
    status: u16,
    headers: &'e Headers,
    address: Option<IpAddr>,
    body: &'e Body,
    picture: &'e Option<String>,
}

/// Its text stands after all else that was seen, as it is: to spell and to read a large one each time would take long.
fn write(file: &mut File, start: u64, exchange: &Exchange) -> io::Result<Place> {
    let Exchange { url, status, headers, address, body, picture, .. } = exchange;
    let body = if matches!(body, Body::Text(_)) { &Body::Text(String::new()) } else { body };
    let mut bytes = serde_json::to_vec(&Head { url, status: *status, headers, address: *address, body, picture })?;
    let (head, text) = (bytes.len(), exchange.text());
    bytes.extend_from_slice(text.as_bytes());
    file.seek(SeekFrom::Start(start))?;
    file.write_all(&bytes)?;
    Ok(Place { start, head, text: text.len() })
}

fn read(file: &mut File, place: Place) -> io::Result<Exchange> {
    let mut head = vec![0; place.head];
    file.seek(SeekFrom::Start(place.start))?;
    file.read_exact(&mut head)?;
    let mut exchange: Exchange = serde_json::from_slice(&head)?;
    if let Body::Text(text) = &mut exchange.body {
        let mut bytes = vec![0; place.text];
        file.read_exact(&mut bytes)?;
        *text = String::from_utf8(bytes).map_err(io::Error::other)?;
    }
    Ok(exchange)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(n: usize) -> (Need, Exchange) {
        let url: Url = format!("https://a.example/{n}").parse().unwrap();
        let headers = Headers::from([("x-odd".to_owned(), vec!["é\u{1b}".to_owned(), String::new()])]);
        let exchange = Exchange::new(url.clone(), 200, headers, Some([127, 0, 0, 1].into()), Body::Text(format!("<p>{n}\0é").repeat(100)));
        (Need::Exchange(url), exchange)
    }

    #[test]
    fn what_is_put_away_comes_back_as_it_was() {
        let mut cellar = Cellar::with_limit(10_000);
        for n in 0..100 {
            let (need, exchange) = page(n);
            cellar.put(need, Ok(Fact::Exchange(Arc::new(exchange))));
            cellar.tidy();
            assert!(cellar.order.len() < 6);
        }
        for n in (0..100).rev().chain(0..100) {
            let (need, was) = page(n);
            assert!(cellar.has(&need), "{n}");
            cellar.fetch(&need);
            let Some(Ok(Fact::Exchange(is))) = cellar.at_hand().get(&need) else { panic!("an exchange") };
            assert_eq!((is.url(), is.status, &is.headers, is.address, &is.body), (was.url(), 200, &was.headers, was.address, &was.body));
            cellar.tidy();
        }
        assert!(!cellar.fetch(&Need::Addresses("a.example".to_owned())));
    }
}

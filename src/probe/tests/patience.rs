//! What a site that asks for patience gets: peace, without taking anything from the others.

use std::sync::{Arc, Mutex};

use super::servers::{Server, answer, page};
use super::{exchange, settings};
use crate::facts::{Need, Observer, Seen, SilenceKind};
use crate::probe::{Probe, Settings};

const TOO_MUCH: SilenceKind = SilenceKind::HttpError(429);

/// One machine for every name, one visitor at a time in all; what it was asked, as `host/path`.
struct Machine {
    server: Server,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Machine {
    /// Answers what it is asked, the first time counted as zero.
    fn new(answer: impl Fn(usize, &str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let hearing = Arc::clone(&heard);
        let server = Server::http(move |head| {
            let line = |start: &str| head.lines().find_map(|line| line.strip_prefix(start)).unwrap();
            let asked = format!("{}{}", line("host: "), line("GET ").split(' ').next().unwrap());
            let host = line("host: ").to_owned();
            let mut heard = hearing.lock().unwrap();
            let before = heard.iter().filter(|asked| asked.starts_with(&host)).count();
            heard.push(asked.clone());
            drop(heard);
            answer(before, &asked)
        });
        Self { server, heard }
    }

    fn look(&self, urls: &[&str]) -> Vec<(Need, Seen)> {
        let settings = Settings { connect_to: self.server.everything(), per_address: 1, hosts: 1, ..settings() };
        let mut probe = Probe::new(settings).unwrap();
        for url in urls {
            probe.ask(Need::Exchange(url.parse().unwrap()));
        }
        let mut seen: Vec<_> = std::iter::from_fn(|| probe.next()).collect();
        seen.sort_by(|(a, _), (b, _)| a.cmp(b));
        seen
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

const TAME: [&str; 3] = ["http://tame.test/1", "http://tame.test/2", "http://tame.test/3"];
const SHY: [&str; 4] = ["http://shy.test/1", "http://shy.test/2", "http://shy.test/3", "http://shy.test/4"];

fn all() -> Vec<&'static str> {
    [&SHY[..], &TAME].concat()
}

fn too_much(after: &[(&str, &str)]) -> Vec<u8> {
    answer("429 Too Many Requests", after, b"")
}

/// Where the pages of a host that are seen, and those that are not, both as numbers.
fn outcome(seen: &[(Need, Seen)], host: &str) -> (usize, usize) {
    let of_host: Vec<_> = seen.iter().filter(|(need, _)| need.place().contains(host)).collect();
    let silent = of_host.iter().filter(|(need, seen)| {
        let told = seen.as_ref().err().filter(|silence| silence.kind == TOO_MUCH);
        assert!(told.is_none_or(|silence| silence.place == need.place()));
        assert_eq!(told.is_some(), seen.is_err(), "{seen:?}");
        told.is_some()
    });
    let silent = silent.count();
    (of_host.len() - silent, silent)
}

/// Only one connection may be open in all, and whoever waits does not have it.
#[test]
fn a_site_that_asks_for_peace_is_left_in_peace_and_holds_nobody_back() {
    for status in ["429 Too Many Requests", "503 Service Unavailable"] {
        let machine =
            Machine::new(
                move |before, asked| {
                    if asked.starts_with("shy") && before == 0 { answer(status, &[("Retry-After", "2")], b"") } else { page("") }
                },
            );
        let seen = machine.look(&all());
        assert_eq!((outcome(&seen, "shy"), outcome(&seen, "tame")), ((4, 0), (3, 0)), "{status}");
        let heard = machine.heard();
        let shy: Vec<usize> = heard.iter().enumerate().filter(|(_, asked)| asked.starts_with("shy")).map(|(n, _)| n).collect();
        assert_eq!(shy.len(), 5, "the one that was refused is looked at again");
        assert!(shy[1] > 3, "nothing of it is asked before all of the other: {heard:?}");
        assert_eq!(heard[shy[0]], heard[shy[4]], "and that at the end: {heard:?}");
    }
}

#[test]
fn who_asks_for_more_patience_than_there_is_is_not_asked_again() {
    for value in ["31", "Wed, 21 Oct 2026 07:28:00 GMT"] {
        let machine = Machine::new(move |_, asked| if asked.starts_with("shy") { too_much(&[("Retry-After", value)]) } else { page("") });
        let seen = machine.look(&all());
        assert_eq!((outcome(&seen, "shy"), outcome(&seen, "tame")), ((0, 4), (3, 0)), "{value}");
        assert_eq!(machine.heard().iter().filter(|asked| asked.starts_with("shy")).count(), 1, "{:?}", machine.heard());
    }
}

/// It does not say for how long: it is waited for a little, twice, then left alone. What was not asked is told as what was.
#[test]
fn who_always_says_that_it_is_too_much_is_believed() {
    let machine = Machine::new(|_, asked| if asked.starts_with("shy") { too_much(&[]) } else { page("") });
    let seen = machine.look(&all());
    assert_eq!((outcome(&seen, "shy"), outcome(&seen, "tame")), ((0, 4), (3, 0)));
    assert_eq!(machine.heard().iter().filter(|asked| asked.starts_with("shy")).count(), 3, "{:?}", machine.heard());
}

#[test]
fn who_asks_for_patience_now_and_then_is_seen_whole() {
    let machine = Machine::new(|before, _| if before % 3 == 1 { too_much(&[("Retry-After", "0")]) } else { page("") });
    let urls: Vec<String> = (0..12).map(|n| format!("http://shy.test/{n}")).collect();
    let seen = machine.look(&urls.iter().map(String::as_str).collect::<Vec<_>>());
    let (whole, silent) = outcome(&seen, "shy");
    assert!(whole + silent == 12 && whole >= 10, "{:?}", machine.heard());
}

/// A 503 is about one page: another one of the same site is asked for, however long it asks to wait.
#[test]
fn a_page_that_is_down_for_long_silences_no_other() {
    let down = |_, asked: &str| if asked.ends_with("/2") { answer("503 Down", &[("Retry-After", "3600")], b"") } else { page("") };
    let machine = Machine::new(down);
    let seen = machine.look(&SHY);
    assert!(seen.iter().all(|(_, seen)| seen.is_ok()), "{seen:?}");
    assert_eq!(machine.heard().len(), 4, "it is not asked again");
}

/// A 429 is a silence, whichever check asks and however it asks.
#[test]
fn too_much_is_a_silence() {
    let server = Server::http(|_| too_much(&[]));
    assert_eq!(exchange(settings(), &server.url()).unwrap_err(), TOO_MUCH);
    assert_eq!(server.connections(), 2, "it is looked at again once");
}

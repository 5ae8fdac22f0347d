//! How many at a time, and how it all ends.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::servers::{Server, page};
use super::{TODAY, settings};
use crate::facts::{Need, Observer, Seen, SilenceKind};
use crate::probe::{Cost, Probe, Settings, offline};

fn ask_for_pages(observer: &mut impl Observer, server: &Server, count: usize) {
    for n in 0..count {
        // One name each: they share nothing but the address.
        observer.ask(Need::Exchange(format!("http://n{n}.test/{n}").parse().unwrap()));
    }
    assert!(server.connections() <= count);
}

fn answers(observer: &mut impl Observer) -> Vec<(Need, Seen)> {
    std::iter::from_fn(|| observer.next()).collect()
}

fn is_not_asked(seen: &Seen) -> bool {
    seen.as_ref().is_err_and(|silence| silence.kind == SilenceKind::NotAsked)
}

#[test]
fn one_address_is_visited_by_so_many_at_a_time() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let highest = Arc::clone(&most);
    let server = Server::http(move |_| {
        highest.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(20));
        now.fetch_sub(1, Ordering::SeqCst);
        page("abc")
    });
    let mut probe = Probe::new(Settings { connect_to: server.everything(), ..settings() }).unwrap();
    ask_for_pages(&mut probe, &server, 12);
    let answers = answers(&mut probe);
    assert!(answers.iter().all(|(_, seen)| seen.is_ok()));
    assert_eq!(answers.iter().map(|(need, _)| need).collect::<BTreeSet<_>>().len(), 12, "each need once");
    assert_eq!((server.connections(), most.load(Ordering::SeqCst)), (12, 2));
    let per_answer = 3 + "connection: close\r\ncontent-length: 3\r\ncontent-type: text/html\r\n".len() as u64;
    assert_eq!(probe.cost(), Cost { requests: 12, bytes: 12 * per_answer });
}

/// A host on which nobody shakes hands is tried once for all that is asked of it, and once more at the end.
#[test]
fn a_mute_host_is_not_waited_for_by_each_in_its_turn() {
    let mute = Server::mute();
    let settings = Settings { connect_to: mute.everything(), connect_timeout: Duration::from_millis(300), ..settings() };
    let mut probe = Probe::new(settings).unwrap();
    for n in 0..8 {
        probe.ask(Need::Exchange(format!("https://a.test/{n}").parse().unwrap()));
    }
    let kinds: Vec<SilenceKind> = answers(&mut probe).into_iter().map(|(_, seen)| seen.unwrap_err().kind).collect();
    assert_eq!((kinds, mute.connections(), probe.cost().requests), (vec![SilenceKind::TimedOut; 8], 2, 2));
}

#[test]
fn stopping_brings_everything_back_at_once() {
    let mute = Server::mute();
    let patient = Settings { connect_to: mute.everything(), timeout: Duration::from_mins(1), ..settings() };
    let mut probe = Probe::new(patient).unwrap();
    ask_for_pages(&mut probe, &mute, 5);
    let start = Instant::now();
    while mute.connections() < 2 {
        std::thread::yield_now();
    }
    probe.stop();
    ask_for_pages(&mut probe, &mute, 5);
    let answers = answers(&mut probe);
    assert!(answers.len() == 10 && answers.iter().all(|(_, seen)| is_not_asked(seen)), "{answers:?}");
    assert!(probe.is_stopped() && start.elapsed() < Duration::from_secs(10));
    assert_eq!(mute.connections(), 2, "nothing is dialled any more");
}

#[test]
fn offline_nothing_is_asked() {
    let mut offline = offline();
    let needs = [Need::Addresses("a.test".into()), Need::Exchange("https://a.test/".parse().unwrap())];
    needs.iter().cloned().for_each(|need| offline.ask(need));
    let answers = answers(&mut offline);
    assert_eq!(answers.iter().map(|(need, _)| need).collect::<Vec<_>>(), needs.iter().collect::<Vec<_>>());
    assert!(answers.iter().all(|(_, seen)| is_not_asked(seen)));
}

#[test]
fn the_defaults_are_those_of_the_manual() {
    let settings = Settings::new(TODAY);
    assert_eq!((settings.body_limit, settings.header_limit), (1 << 20, 1 << 16));
    assert_eq!((settings.connect_timeout.as_secs(), settings.timeout.as_secs()), (5, 10));
    assert_eq!((settings.per_address, settings.per_connection, settings.hosts, settings.allow_private), (2, 6, 64, false));
}

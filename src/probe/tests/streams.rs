//! HTTP/2: several requests at a time on one connection, and servers that make the worst of it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::frames::{CONTINUATION, DATA, END, HEADERS, Host, PAGE, PING, REFUSED, SETTINGS, WHOLE};
use crate::facts::{Body, Exchange, Fact, Need, Observer, SilenceKind};
use crate::probe::{Probe, Settings};

/// What comes of one page.
fn page(host: &Host) -> Result<Body, SilenceKind> {
    pages(Settings { timeout: Duration::from_millis(500), ..host.settings() }, 1).remove(&0).unwrap().map(|seen| seen.body.clone())
}

/// What comes of so many pages, asked for all at once after a first one.
fn pages(settings: Settings, count: usize) -> BTreeMap<usize, Result<Arc<Exchange>, SilenceKind>> {
    pages_by(settings, [0..1, 1..count])
}

fn pages_by(settings: Settings, waves: impl IntoIterator<Item = Range<usize>>) -> BTreeMap<usize, Result<Arc<Exchange>, SilenceKind>> {
    let mut probe = Probe::new(settings).unwrap();
    let mut seen = BTreeMap::new();
    for wave in waves {
        for n in wave {
            probe.ask(Need::Exchange(format!("https://a.test/{n}").parse().unwrap()));
        }
        while let Some((Need::Exchange(url), fact)) = probe.next() {
            let exchange = fact.map_err(|silence| silence.kind).map(|fact| match fact {
                Fact::Exchange(exchange) => exchange,
                other => panic!("{other:?}"),
            });
            seen.insert(url.path()[1..].parse().unwrap(), exchange);
        }
    }
    seen
}

fn all_seen(seen: &BTreeMap<usize, Result<Arc<Exchange>, SilenceKind>>, count: usize) {
    assert_eq!(seen.len(), count);
    for (n, page) in seen {
        assert_eq!(page.as_ref().map(|page| page.text()), Ok("abc"), "{n}");
    }
}

/// A server that answers only when so many wait, but for the very first one: who asks for fewer at a time would wait for ever.
#[test]
fn so_many_are_asked_for_at_a_time_on_one_connection() {
    let most = Arc::<AtomicUsize>::default();
    let highest = Arc::clone(&most);
    let host = Host::new(None, move |frames| {
        let Some(first) = frames.asked() else { return };
        frames.page(first);
        loop {
            let mut waiting = Vec::new();
            while waiting.len() < 6 {
                let Some(stream) = frames.asked() else { return };
                waiting.push(stream);
            }
            highest.fetch_max(waiting.len(), Ordering::SeqCst);
            for stream in waiting {
                frames.page(stream);
            }
        }
    });
    all_seen(&pages(host.settings(), 19), 19);
    assert_eq!((host.server.connections(), most.load(Ordering::SeqCst)), (1, 6));
}

/// A server says how many it takes before it answers anything, and this one answers nothing until so many wait.
#[test]
fn nobody_waits_for_a_first_answer() {
    let host = Host::new(Some((3, 100)), |frames| {
        let waiting: Vec<u32> = std::iter::from_fn(|| frames.asked()).take(6).collect();
        for stream in waiting {
            frames.page(stream);
        }
        while frames.asked().is_some() {}
    });
    all_seen(&pages_by(Settings { timeout: Duration::from_secs(2), ..host.settings() }, std::iter::once(0..6)), 6);
    assert_eq!(host.server.connections(), 1);
}

/// Its first connection says nothing at all: others do not wait for it as long as who asked first.
#[test]
fn who_never_says_how_many_it_takes_holds_up_one_alone() {
    let (count, answered) = (AtomicUsize::new(0), Arc::<AtomicUsize>::default());
    let counting = Arc::clone(&answered);
    let host = Host::bare(move |frames| {
        let is_mute = count.fetch_add(1, Ordering::SeqCst) == 0;
        if !is_mute {
            frames.send(SETTINGS, 0, 0, &[]);
        }
        while let Some(stream) = frames.asked() {
            if !is_mute {
                counting.fetch_add(1, Ordering::SeqCst);
                frames.page(stream);
            }
        }
    });
    let settings = Settings { timeout: Duration::from_mins(1), per_address: 2, ..host.settings() };
    let mut probe = Probe::new(settings).unwrap();
    for n in 0..6 {
        probe.ask(Need::Exchange(format!("https://a.test/{n}").parse().unwrap()));
    }
    for _ in 0..5 {
        assert!(probe.next().unwrap().1.is_ok());
    }
    probe.stop();
    assert!(probe.next().unwrap().1.is_err());
    assert_eq!(answered.load(Ordering::SeqCst), 5);
}

/// It refuses what is more than it takes.
#[test]
fn a_server_that_takes_few_at_a_time_is_asked_no_more() {
    let refused = Arc::<AtomicUsize>::default();
    let counting = Arc::clone(&refused);
    let host = Host::new(Some((3, 1)), move |frames| {
        let mut last = 0;
        while let Some(stream) = frames.asked() {
            std::thread::sleep(Duration::from_millis(5));
            counting.fetch_add(usize::from(stream < last), Ordering::SeqCst);
            last = stream;
            frames.page(stream);
        }
    });
    // Were they all sent at once, those that wait within the connection would be late.
    all_seen(&pages(Settings { timeout: Duration::from_millis(500), ..host.settings() }, 12), 12);
    assert_eq!((host.server.connections(), refused.load(Ordering::SeqCst)), (1, 0));
}

#[test]
fn what_a_server_refuses_or_leaves_is_asked_for_again_by_a_new_connection() {
    // It goes away after its first answer, whatever else was asked.
    let leaving = Host::new(None, |frames| {
        if let Some(first) = frames.asked() {
            frames.page(first);
            frames.go_away(first);
            while frames.asked().is_some() {}
        }
    });
    // It closes after its second.
    let closing = Host::new(None, |frames| {
        for _ in 0..2 {
            let Some(stream) = frames.asked() else { return };
            frames.page(stream);
        }
    });
    // It takes one stream a connection, and refuses the others.
    let refusing = Host::new(None, |frames| {
        if let Some(first) = frames.asked() {
            frames.page(first);
        }
        while let Some(stream) = frames.asked() {
            frames.reset(stream, REFUSED);
        }
    });
    for (name, host) in [("leaving", leaving), ("closing", closing), ("refusing", refusing)] {
        for per_address in [1, 2] {
            let seen = pages(Settings { per_address, ..host.settings() }, 13);
            assert!(seen.values().all(Result::is_ok), "{name}: {seen:?}");
            all_seen(&seen, 13);
            let most = host.most_open.swap(0, Ordering::SeqCst);
            assert!(most <= per_address, "{name}: {most} connections, at most {per_address} may be open");
            #[cfg(target_os = "linux")]
            assert!(most > 0, "{name}: nobody was counted");
        }
    }
}

#[test]
fn what_is_reset_always_is_garbled() {
    let host = Host::new(None, |frames| {
        while let Some(stream) = frames.asked() {
            frames.reset(stream, 2);
        }
    });
    assert_eq!(page(&host), Err(SilenceKind::Garbled));
}

#[test]
fn a_mute_stream_takes_nothing_from_its_neighbours() {
    let streams = Arc::<Mutex<usize>>::default();
    let host = Host::new(None, move |frames| {
        while let Some(stream) = frames.asked() {
            let mut count = streams.lock().unwrap();
            *count += 1;
            // The third is never answered.
            if *count != 3 {
                frames.page(stream);
            }
        }
    });
    let seen = pages(Settings { timeout: Duration::from_millis(500), ..host.settings() }, 12);
    all_seen(&seen, 12);
}

#[test]
fn limits_hold_on_streams_too() {
    let fields = |count: usize| -> Vec<u8> {
        // Literal, not indexed, with a name of its own: "x" and 100 bytes.
        let field = [&b"\x00\x01x\x64"[..], &[b'v'; 100]].concat();
        [PAGE.to_vec(), field.repeat(count)].concat()
    };
    let head = |fields: Vec<u8>| {
        Host::new(None, move |frames| {
            while let Some(stream) = frames.asked() {
                let parts: Vec<&[u8]> = fields.chunks(16_000).collect();
                for (n, part) in parts.iter().enumerate() {
                    let whole = if n + 1 == parts.len() { WHOLE } else { 0 };
                    let kind = if n == 0 { HEADERS } else { CONTINUATION };
                    frames.send(kind, whole, stream, part);
                }
                frames.send(DATA, END, stream, b"abc");
            }
        })
    };
    assert_eq!(page(&head(fields(90))), Ok(Body::Text("abc".to_owned())));
    assert_eq!(page(&head(fields(200))), Err(SilenceKind::TooLarge), "too many");
    assert!(page(&head(fields(900))).is_err(), "too much");
    // A head without end.
    let endless = Host::new(None, |frames| {
        if let Some(stream) = frames.asked() {
            frames.send(HEADERS, 0, stream, &PAGE);
            while frames.send(CONTINUATION, 0, stream, &[b"\x00\x01x\x64", &[b'v'; 100][..]].concat()) {}
        }
    });
    assert!(page(&endless).is_err());
}

#[test]
fn a_body_without_end_is_too_large_and_no_more_is_sent_than_is_read() {
    let sent = Arc::<AtomicUsize>::default();
    let counting = Arc::clone(&sent);
    // It heeds no window.
    let rude = Host::new(None, move |frames| {
        if let Some(stream) = frames.asked() {
            frames.send(HEADERS, WHOLE, stream, &PAGE);
            while frames.send(DATA, 0, stream, &[b' '; 16_000]) {
                counting.fetch_add(16_000, Ordering::SeqCst);
            }
        }
    });
    assert!(matches!(page(&rude), Ok(Body::TooLarge) | Err(SilenceKind::Garbled)));
    let bomb = [0x9f, 0xff, 0xff, 0x4f, 0xf8, 0x25, 0x40, 0xe2, 0xb1, 0x40, 0x20, 0xf7, 0xfe, 0x09];
    let bomb = Host::new(None, move |frames| {
        while let Some(stream) = frames.asked() {
            // `content-encoding: br`.
            frames.send(HEADERS, WHOLE, stream, &[&PAGE[..], b"\x5a\x02br"].concat());
            frames.send(DATA, END, stream, &bomb);
        }
    });
    assert_eq!(page(&bomb), Ok(Body::TooLarge));
}

#[test]
fn noise_is_not_an_answer() {
    for (kind, payload) in [(PING, &[0; 8][..]), (SETTINGS, &[0, 4, 0, 1, 0, 0][..])] {
        let noisy = Host::new(None, move |frames| {
            if frames.asked().is_some() {
                while frames.send(kind, 0, 0, payload) {}
            }
        });
        let heard = page(&noisy);
        assert!(matches!(heard, Err(SilenceKind::TimedOut | SilenceKind::Garbled)), "{heard:?}");
    }
}

/// What it says of its port is said by HTTP/2 too, in the address itself.
#[test]
fn a_port_that_is_mapped_to_another_is_still_the_one_asked_for() {
    let heard = Arc::<Mutex<Vec<u8>>>::default();
    let hearing = Arc::clone(&heard);
    let host = Host::new(Some((1, 0)), move |frames| {
        let mut bytes = [0; 512];
        while let Ok(count @ 1..) = frames.0.read(&mut bytes) {
            hearing.lock().unwrap().extend_from_slice(&bytes[..count]);
        }
    });
    let mut probe = Probe::new(Settings { timeout: Duration::from_millis(300), ..host.settings() }).unwrap();
    probe.ask(Need::Exchange("https://a.test:8443/".parse().unwrap()));
    assert!(probe.next().unwrap().1.is_err());
    // `a.test:8443` in the code of RFC 7541, appendix B.
    let said = [0x1a, 0xe9, 0x2a, 0x13, 0x71, 0xe6, 0x9a, 0x67];
    assert!(heard.lock().unwrap().windows(said.len()).any(|bytes| bytes == said));
}

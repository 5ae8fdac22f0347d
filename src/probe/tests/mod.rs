//! The probe against servers on loopback: no internet, and no clock but that of the limits.

mod answers;
mod authorities;
#[cfg(unix)]
mod browsing;
mod certificates;
mod floods;
mod frames;
mod hostile;
mod limits;
mod names;
mod patience;
mod pdf;
#[path = "../../../tests/post/mod.rs"]
mod post;
mod rebinding;
mod records;
mod routes;
mod servers;
mod sessions;
mod smtp;
mod streams;
#[path = "../../../tests/tree/mod.rs"]
mod tree;
mod versions;
mod zones;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use super::{Probe, Settings};
use crate::day::Day;
use crate::facts::{Authority, Certificate, Exchange, Fact, Need, Observer, SilenceKind};

const TODAY: Day = Day::new(2026, 11, 22);

/// What the tests need: loopback, and little patience.
fn settings() -> Settings {
    Settings {
        allow_private: true,
        // Nobody listens there: no test asks a real name server by accident.
        dns: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 9))),
        connect_timeout: Duration::from_secs(2),
        timeout: Duration::from_secs(2),
        pause: Duration::from_millis(1),
        ..Settings::new(TODAY)
    }
}

/// As a run is without `--allow-private`.
fn strict() -> Settings {
    Settings { allow_private: false, ..settings() }
}

fn see(settings: Settings, need: &Need) -> Result<Fact, SilenceKind> {
    let mut probe = Probe::new(settings).unwrap();
    probe.ask(need.clone());
    let (seen, fact) = probe.next().unwrap();
    assert_eq!(&seen, need);
    assert!(probe.next().is_none(), "one answer to one need");
    fact.map_err(|silence| {
        assert_eq!(silence.place, need.place());
        silence.kind
    })
}

fn exchange(settings: Settings, url: &str) -> Result<Arc<Exchange>, SilenceKind> {
    see(settings, &Need::Exchange(url.parse().unwrap())).map(|fact| match fact {
        Fact::Exchange(exchange) => exchange,
        other => panic!("{other:?}"),
    })
}

fn certificate(settings: Settings, host: &str, port: u16) -> Result<Arc<Certificate>, SilenceKind> {
    see(settings, &Need::Certificate(Authority { host: host.to_owned(), port })).map(|fact| match fact {
        Fact::Certificate(certificate) => certificate,
        other => panic!("{other:?}"),
    })
}

fn addresses(settings: Settings, name: &str) -> Result<Vec<IpAddr>, SilenceKind> {
    see(settings, &Need::Addresses(name.to_owned())).map(|fact| match fact {
        Fact::Addresses(addresses) => addresses.to_vec(),
        other => panic!("{other:?}"),
    })
}

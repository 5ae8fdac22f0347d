//! Going to look: the only module that knows the network, and the only one that is asynchronous inside.

mod body;
mod browser;
mod chain;
mod dns;
mod failure;
pub mod fuzzing;
mod greeting;
mod guard;
mod http;
mod ipv6;
mod limits;
mod line;
mod manners;
mod memory;
mod patience;
mod pdf;
mod received;
mod records;
mod resolvers;
mod routes;
mod scout;
mod sessions;
mod settings;
mod signature;
mod smtp;
mod tls;
mod unchecked;
mod versions;
mod weak;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

pub use pdf::written as pdf_of;
pub use resolvers::TrustAnchor;
pub use routes::{ConnectTo, Resolve};
pub use settings::{Browser, Settings};

use crate::facts::{Body, Headers, Need, Observer, Seen, Silence, SilenceKind};
use crate::text::{Text, say};
use scout::{Look, Room, Scout, Time};

/// Threads: the network is waited for more than worked on, and a second one would only hold more memory.
const WORKERS: usize = 1;

/// Looks at the real world.
pub struct Probe {
    scout: Arc<Scout>,
    sender: Sender<(Need, Look)>,
    receiver: Receiver<(Need, Look)>,
    under_way: usize,
    /// What may only be passing, and how long to wait before it is looked at again.
    deferred: Vec<(Need, Duration)>,
    stopped: watch::Sender<bool>,
    runtime: Runtime,
}

/// A body, from its bytes: what a site would be seen to answer.
pub fn read_body(headers: &Headers, bytes: Vec<u8>) -> Result<Body, SilenceKind> {
    let limit = bytes.len();
    body::Reader::of(headers).map_or(Ok(Body::Binary), |reader| reader?.read(bytes, limit))
}

/// What a run asked of others.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// HTTP requests and TLS handshakes, second looks included; questions to name servers are not.
    pub requests: usize,
    /// Bytes of header fields and bodies as received, before decompression.
    pub bytes: u64,
}

impl Probe {
    pub fn new(settings: Settings) -> Result<Self, Text> {
        let runtime = Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build().map_err(|error| {
            say!(
                fr: "le réseau ne peut pas être observé ({error})",
                en: "the network cannot be observed ({error})",
            )
        })?;
        let scout = {
            let _within = runtime.enter();
            Arc::new(Scout::new(settings)?)
        };
        let (sender, receiver) = channel();
        Ok(Self { scout, sender, receiver, under_way: 0, deferred: Vec::new(), stopped: watch::Sender::new(false), runtime })
    }

    pub fn cost(&self) -> Cost {
        self.scout.cost()
    }

    /// All that is under way, and all that is asked later, comes back at once as not asked.
    #[cfg(test)]
    pub fn stop(&self) {
        stop(&self.scout, &self.stopped);
    }

    /// Stops at Ctrl-C, instead of ending the program; where a browser looks, also when it is told to end: its profile must go first.
    pub fn stop_on_interrupt(&self) {
        let (scout, stopped) = (Arc::clone(&self.scout), self.stopped.clone());
        self.runtime.spawn(async move {
            let browses = scout.browses();
            if told_to_end(browses).await.is_ok() {
                stop(&scout, &stopped);
            }
        });
    }

    pub fn is_stopped(&self) -> bool {
        *self.stopped.borrow()
    }
}

#[cfg(unix)]
async fn told_to_end(browses: bool) -> std::io::Result<()> {
    if !browses {
        return tokio::signal::ctrl_c().await;
    }
    let mut end = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = end.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn told_to_end(_: bool) -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// Doors first: the turn of a look that is given up must not go to one that has not heard yet.
fn stop(scout: &Scout, stopped: &watch::Sender<bool>) {
    scout.close();
    stopped.send_replace(true);
}

impl Probe {
    fn send_for(&mut self, need: Need, time: Time) {
        let (scout, sender, mut stopped) = (Arc::clone(&self.scout), self.sender.clone(), self.stopped.subscribe());
        self.under_way += 1;
        self.runtime.spawn(async move {
            // Hostile bytes that make a parser panic must not leave `next` waiting for ever.
            let look = AssertUnwindSafe(scout.look(&need, time)).catch_unwind();
            let look = tokio::select! {
                biased;
                _ = stopped.wait_for(|stopped| *stopped) => Look::Last(Err(Silence::new(SilenceKind::NotAsked, need.place())), Room::NONE),
                look = look => look.unwrap_or_else(|_| Look::Last(Err(Silence::new(SilenceKind::Garbled, need.place())), Room::NONE)),
            };
            // Nobody listens any more when the run has been given up.
            let _ = sender.send((need, look));
        });
    }
}

impl Observer for Probe {
    fn ask(&mut self, need: Need) {
        self.send_for(need, Time::First);
    }

    fn next(&mut self) -> Option<(Need, Seen)> {
        loop {
            if self.under_way == 0 {
                // Nothing else is left to see: the last moment for what was passing to have passed.
                for (need, pause) in std::mem::take(&mut self.deferred) {
                    self.send_for(need, Time::Second(pause));
                }
            }
            self.under_way = self.under_way.checked_sub(1)?;
            match self.receiver.recv().ok()? {
                (need, Look::Last(seen, room)) => {
                    // It is about to be judged: the room that it took is for another.
                    drop(room);
                    return Some((need, seen));
                }
                (need, Look::Again(pause)) => self.deferred.push((need, pause)),
            }
        }
    }
}

/// Looks at nothing: every need comes back as not asked.
pub fn offline() -> impl Observer {
    Offline::default()
}

#[derive(Debug, Default)]
struct Offline(VecDeque<Need>);

impl Observer for Offline {
    fn ask(&mut self, need: Need) {
        self.0.push_back(need);
    }

    fn next(&mut self) -> Option<(Need, Seen)> {
        let need = self.0.pop_front()?;
        let place = need.place();
        Some((need, Err(Silence::new(SilenceKind::NotAsked, place))))
    }
}

//! How many at a time: waiting for one's turn at a host's door.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;

/// Leaves the time to close a connection, to another task here and to the server there: the next one must not overtake it.
const CLOSING: Duration = Duration::from_millis(10);

/// Turns at each address, and in all.
#[derive(Debug)]
pub(super) struct Manners {
    hosts: Arc<Semaphore>,
    per_address: usize,
    doors: Mutex<BTreeMap<String, Arc<Semaphore>>>,
}

/// The right to connect, until it is dropped. Never kept until a second look.
#[derive(Debug)]
pub(super) struct Turn {
    _permits: Vec<OwnedSemaphorePermit>,
}

impl Manners {
    pub(super) fn new(hosts: usize, per_address: usize) -> Self {
        // A limit of none would wait for ever.
        Self { hosts: Arc::new(Semaphore::new(hosts.max(1))), per_address: per_address.max(1), doors: Mutex::default() }
    }

    /// Waits until one more connection may be made to any of these doors (`address:port`); nothing once it is all over.
    pub(super) async fn turn(&self, doors: impl IntoIterator<Item = String>) -> Option<Turn> {
        let mut doors: Vec<_> = doors.into_iter().collect();
        // Everybody takes doors in the same order, and a host's place last: nobody holds what another waits for in a circle,
        // and a crowd before one door leaves the places to others.
        doors.sort_unstable();
        doors.dedup();
        let mut permits = Vec::new();
        for door in doors {
            permits.push(self.door(door).acquire_owned().await.ok()?);
        }
        permits.push(Arc::clone(&self.hosts).acquire_owned().await.ok()?);
        Some(Turn { _permits: permits })
    }

    /// Nobody gets a turn any more.
    pub(super) fn close(&self) {
        self.hosts.close();
    }

    fn door(&self, name: String) -> Arc<Semaphore> {
        let mut doors = self.doors.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(doors.entry(name).or_insert_with(|| Arc::new(Semaphore::new(self.per_address))))
    }
}

impl Turn {
    /// Gives the turn up, once the connection is closed.
    pub(super) async fn leave(self) {
        sleep(CLOSING).await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    fn doors(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[tokio::test]
    async fn a_door_lets_so_many_in_and_others_stay_open() {
        let manners = Manners::new(64, 2);
        let first = manners.turn(doors(&["a:443"])).await;
        let _second = manners.turn(doors(&["a:443", "b:443"])).await;
        assert!(timeout(Duration::from_millis(20), manners.turn(doors(&["a:443"]))).await.is_err());
        let _other = manners.turn(doors(&["b:443"])).await;
        drop(first);
        assert!(manners.turn(doors(&["a:443"])).await.is_some());
    }

    #[tokio::test]
    async fn so_many_hosts_at_a_time() {
        let manners = Manners::new(1, 2);
        let first = manners.turn(doors(&["a:443"])).await;
        assert!(timeout(Duration::from_millis(20), manners.turn(doors(&["b:443"]))).await.is_err());
        drop(first);
        assert!(manners.turn(doors(&["b:443"])).await.is_some());
    }

    #[tokio::test]
    async fn nobody_gets_in_when_it_is_all_over() {
        let manners = Manners::new(1, 2);
        let _first = manners.turn(doors(&["a:443"])).await;
        let waiting = manners.turn(doors(&["b:443"]));
        manners.close();
        assert!(waiting.await.is_none());
    }
}

//! How many at a time: waiting for one's turn at a machine's door, and keeping a connection open for the next visitors of the same place.

mod town;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, sleep_until};

use super::patience::{Moment, Patience};
use super::settings::Settings;
use crate::facts::SilenceKind;
use town::{Granted, Share, Town};

/// Leaves the time to close a connection to another task: the next one must not overtake it.
pub(super) const CLOSING: Duration = Duration::from_millis(10);

/// What was answered may make somebody ask the same place for more: for so long its connection makes way for nobody else. To open another
/// one would take longer.
const LINGERING: Duration = Duration::from_millis(10);

/// A connection, of which several visitors may have a hold.
pub(super) trait Shared: Sized {
    /// Another hold on it; nothing when it serves one at a time.
    fn another(&self) -> Option<Self>;
    /// How many the server takes at a time.
    fn room(&self) -> usize;
    fn is_closed(&self) -> bool;
    /// Comes back once it is closed, or should be.
    fn close(self) -> impl Future<Output = ()> + Send;
}

/// Turns at each machine, and in all. `C` is what speaks through a connection.
#[derive(Debug)]
pub(super) struct Manners<C: Shared> {
    hosts: Arc<Semaphore>,
    town: Arc<Mutex<Town<C>>>,
}

/// The right to connect, until it is dropped. Never kept until a second look.
#[derive(Debug)]
pub(super) struct Turn<C: Shared> {
    door: String,
    origin: Option<String>,
    kept: Option<C>,
    /// The connection that it shares.
    share: Option<u64>,
    /// Others of its place wait to know what its connection carries.
    opens: bool,
    /// For how long its connection makes way for nobody.
    lingers: Duration,
    town: Arc<Mutex<Town<C>>>,
    place: Option<Arc<OwnedSemaphorePermit>>,
}

impl<C: Shared + Send + 'static> Manners<C> {
    pub(super) fn new(settings: &Settings) -> Self {
        // A limit of none would wait for ever.
        let hosts = settings.hosts.max(1);
        let town = Town::new(settings.per_address.max(1), settings.per_connection.max(1), hosts);
        Self { hosts: Arc::new(Semaphore::new(hosts)), town: Arc::new(Mutex::new(town)) }
    }

    /// Waits until one more connection may be used at the machine that has these doors (`address:port`). A connection is kept for an
    /// `origin`, and handed to the next that asks for the same. Nothing is asked once it is all over, nor while one waits where another
    /// finds that nobody opens.
    pub(super) async fn turn(&self, doors: Vec<String>, origin: Option<String>) -> Result<Turn<C>, SilenceKind> {
        let over = SilenceKind::NotAsked;
        let door = doors.first().ok_or(over)?.clone();
        let granted = locked(&self.town).ask(&doors, origin.as_deref());
        let granted = match granted {
            Ok(granted) => granted,
            Err((waiting, rested)) => {
                // Not here: hundreds of visitors wait.
                if let Some(rested) = rested {
                    tokio::spawn(make_way(Arc::clone(&self.town), door.clone(), rested));
                }
                waiting.await.map_err(|_| locked(&self.town).why_nobody_waits())?
            }
        };
        let opens = matches!(granted, Granted::New | Granted::InPlaceOf(_)) && origin.is_some();
        let mut turn =
            Turn { door, origin, kept: None, share: None, opens, lingers: Duration::ZERO, town: Arc::clone(&self.town), place: None };
        match granted {
            Granted::Kept(connection, share) => {
                turn.kept = Some(connection);
                if let Some(Share(since, place)) = share {
                    (turn.share, turn.place) = (Some(since), place.upgrade());
                }
            }
            Granted::New => {}
            Granted::InPlaceOf(another) => Box::pin(another.close()).await,
        }
        // A host's place comes last: a crowd before one door leaves the places to others.
        if turn.place.is_none() {
            turn.place = Some(Arc::new(Arc::clone(&self.hosts).acquire_owned().await.map_err(|_| over)?));
            turn.tell_place();
        }
        Ok(turn)
    }

    /// A turn with a connection of its own, which is then kept as any other.
    pub(super) async fn turn_anew(&self, doors: Vec<String>, origin: String) -> Result<Turn<C>, SilenceKind> {
        let mut turn = self.turn(doors, None).await?;
        turn.origin = Some(origin);
        Ok(turn)
    }

    /// Nobody gets a turn any more.
    pub(super) fn close(&self) {
        self.hosts.close();
        locked(&self.town).close();
    }
}

impl<C: Shared> Turn<C> {
    /// The connection that was kept for this place, if there is one.
    pub(super) fn take(&mut self) -> Option<C> {
        self.kept.take()
    }

    pub(super) fn has_kept(&self) -> bool {
        self.kept.is_some()
    }

    /// A connection was made. Where it carries one request at a time, that is known at once.
    pub(super) fn open(&mut self, connection: &C) {
        locked(&self.town).open(&self.door);
        if connection.another().is_none() {
            self.settle();
        }
    }

    /// Others may use the connection of this turn beside it, by this other hold on it.
    pub(super) fn share(&mut self, another: C) {
        if let (Some(origin), Some(place), None) = (&self.origin, &self.place, self.share) {
            self.share = locked(&self.town).share(&self.door, origin, another, Arc::downgrade(place));
        }
    }

    /// It is known what its connection carries: one request at a time, or, once it is shared, as many as may be.
    pub(super) fn settle(&mut self) {
        if let (true, Some(origin)) = (std::mem::take(&mut self.opens), &self.origin) {
            locked(&self.town).settle(&self.door, origin);
        }
    }

    /// Nobody opens: whoever waits for the same place need not try it in its turn.
    pub(super) fn tell_mute(&self) {
        if let Some(origin) = &self.origin {
            locked(&self.town).mute(&self.door, origin);
        }
    }

    fn tell_place(&self) {
        if let (Some(since), Some(place)) = (self.share, &self.place) {
            locked(&self.town).place(&self.door, since, Arc::downgrade(place));
        }
    }

    /// Gives the turn up, with the connection if it can be used again; otherwise once it is closed. Comes back when that connection has made way
    /// for another, if it must.
    pub(super) async fn leave(mut self, connection: Option<C>) {
        self.place = None;
        if connection.is_none() {
            sleep(CLOSING).await;
        }
        (self.kept, self.lingers) = (connection, LINGERING);
        let (town, door) = (Arc::clone(&self.town), self.door.clone());
        drop(self);
        let rested = locked(&town).rested(&door);
        if let Some(rested) = rested {
            make_way(town, door, rested).await;
        }
    }
}

impl<C: Shared> Drop for Turn<C> {
    fn drop(&mut self) {
        self.settle();
        let rested = Patience::moment() + self.lingers;
        locked(&self.town).leave(&self.door, self.origin.as_deref(), self.share, self.kept.take(), rested);
    }
}

/// Connections that nobody uses go at that moment, where others wait.
async fn make_way<C: Shared>(town: Arc<Mutex<Town<C>>>, door: String, rested: Moment) {
    sleep_until(rested).await;
    locked(&town).make_way(&door);
}

fn locked<C>(town: &Mutex<Town<C>>) -> MutexGuard<'_, Town<C>> {
    town.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;

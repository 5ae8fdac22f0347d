//! How many at a time: waiting for one's turn at a machine's door, and keeping a connection open for the next visitor of the same place.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::sleep;

/// Leaves the time to close a connection, to another task here and to the server there: the next one must not overtake it.
const CLOSING: Duration = Duration::from_millis(10);

/// Turns at each machine, and in all. `C` is what speaks through a connection.
#[derive(Debug)]
pub(super) struct Manners<C> {
    hosts: Arc<Semaphore>,
    town: Arc<Mutex<Town<C>>>,
}

/// All machines; those that share an address are one.
#[derive(Debug)]
struct Town<C> {
    per_address: usize,
    most_idle: usize,
    is_over: bool,
    machines: Vec<Machine<C>>,
    /// By `address:port`.
    doors: BTreeMap<String, usize>,
    /// Which machines have an idle connection, the one that was used longest ago first.
    idle: BTreeMap<u64, usize>,
    clock: u64,
}

#[derive(Debug)]
struct Machine<C> {
    /// Connections in use, and idle ones.
    open: usize,
    waiting: VecDeque<(Option<String>, oneshot::Sender<Granted<C>>)>,
    idle: Vec<Idle<C>>,
}

/// A connection that nobody uses; it counts among those that are open.
#[derive(Debug)]
struct Idle<C> {
    origin: String,
    since: u64,
    connection: C,
}

/// The right to use one more connection, old or new.
#[derive(Debug)]
enum Granted<C> {
    Kept(C),
    New,
    /// Another connection is being closed for it.
    InPlaceOfAnother,
}

/// The right to connect, until it is dropped. Never kept until a second look.
#[derive(Debug)]
pub(super) struct Turn<C> {
    door: String,
    origin: Option<String>,
    kept: Option<C>,
    town: Arc<Mutex<Town<C>>>,
    place: Option<OwnedSemaphorePermit>,
}

impl<C> Manners<C> {
    pub(super) fn new(hosts: usize, per_address: usize) -> Self {
        // A limit of none would wait for ever.
        let (hosts, per_address) = (hosts.max(1), per_address.max(1));
        let town = Town {
            per_address,
            most_idle: hosts,
            is_over: false,
            machines: Vec::new(),
            doors: BTreeMap::new(),
            idle: BTreeMap::new(),
            clock: 0,
        };
        Self { hosts: Arc::new(Semaphore::new(hosts)), town: Arc::new(Mutex::new(town)) }
    }

    /// Waits until one more connection may be used at the machine that has these doors (`address:port`); nothing once it is all over.
    /// A connection is kept for an `origin`, and handed to the next that asks for the same.
    pub(super) async fn turn(&self, doors: Vec<String>, origin: Option<String>) -> Option<Turn<C>> {
        let door = doors.first()?.clone();
        let granted = locked(&self.town).ask(&doors, origin.as_deref());
        let granted = match granted {
            Ok(granted) => granted,
            Err(waiting) => waiting.await.ok()?,
        };
        let mut turn = Turn { door, origin, kept: None, town: Arc::clone(&self.town), place: None };
        match granted {
            Granted::Kept(connection) => turn.kept = Some(connection),
            Granted::New => {}
            Granted::InPlaceOfAnother => sleep(CLOSING).await,
        }
        // A host's place comes last: a crowd before one door leaves the places to others.
        turn.place = Some(Arc::clone(&self.hosts).acquire_owned().await.ok()?);
        Some(turn)
    }

    /// Nobody gets a turn any more.
    pub(super) fn close(&self) {
        self.hosts.close();
        let mut town = locked(&self.town);
        town.is_over = true;
        town.machines.iter_mut().for_each(|machine| machine.waiting.clear());
    }
}

impl<C> Turn<C> {
    /// The connection that was kept for this place, if there is one.
    pub(super) fn take(&mut self) -> Option<C> {
        self.kept.take()
    }

    /// Gives the turn up, with the connection if it can be used again; otherwise once it is closed.
    pub(super) async fn leave(mut self, connection: Option<C>) {
        self.place = None;
        if connection.is_none() {
            sleep(CLOSING).await;
        }
        self.kept = connection;
    }
}

impl<C> Drop for Turn<C> {
    fn drop(&mut self) {
        let left = locked(&self.town).leave(&self.door, self.origin.take(), self.kept.take());
        // Closed when nobody holds the door of the town any more.
        drop(left);
    }
}

fn locked<C>(town: &Mutex<Town<C>>) -> MutexGuard<'_, Town<C>> {
    town.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<C> Town<C> {
    fn ask(&mut self, doors: &[String], origin: Option<&str>) -> Result<Granted<C>, oneshot::Receiver<Granted<C>>> {
        let n = self.machine(doors);
        let machine = &mut self.machines[n];
        if let Some(at) = machine.idle.iter().position(|idle| Some(idle.origin.as_str()) == origin) {
            let idle = machine.idle.remove(at);
            self.idle.remove(&idle.since);
            return Ok(Granted::Kept(idle.connection));
        }
        if machine.open < self.per_address {
            machine.open += 1;
            return Ok(Granted::New);
        }
        if !machine.idle.is_empty() {
            let idle = machine.idle.remove(0);
            self.idle.remove(&idle.since);
            return Ok(Granted::InPlaceOfAnother);
        }
        let (sender, receiver) = oneshot::channel();
        if !self.is_over {
            machine.waiting.push_back((origin.map(str::to_owned), sender));
        }
        Err(receiver)
    }

    /// To the next that waits, or kept for a while, or closed. What is closed is handed back.
    fn leave(&mut self, door: &str, origin: Option<String>, mut connection: Option<C>) -> Option<C> {
        let n = self.doors[door];
        let machine = &mut self.machines[n];
        // Two machines that turned out to be one may have had too many open.
        while machine.open <= self.per_address && !machine.waiting.is_empty() {
            let same = || machine.waiting.iter().position(|(waiting, _)| *waiting == origin && origin.is_some());
            let at = connection.is_some().then(same).flatten();
            let (_, sender) = machine.waiting.remove(at.unwrap_or(0))?;
            let granted = match (at, connection.take()) {
                (Some(_), Some(kept)) => Granted::Kept(kept),
                (_, Some(_)) => Granted::InPlaceOfAnother,
                (_, None) => Granted::New,
            };
            match sender.send(granted) {
                Ok(()) => return None,
                // Given up meanwhile: the connection goes to another.
                Err(Granted::Kept(kept)) => connection = Some(kept),
                Err(_) => {}
            }
        }
        let (Some(kept), Some(origin)) = (connection, origin) else {
            machine.open -= 1;
            return None;
        };
        if self.is_over || machine.open > self.per_address {
            machine.open -= 1;
            return Some(kept);
        }
        self.clock += 1;
        machine.idle.push(Idle { origin, since: self.clock, connection: kept });
        self.idle.insert(self.clock, n);
        self.oldest_beyond_the_limit()
    }

    fn oldest_beyond_the_limit(&mut self) -> Option<C> {
        if self.idle.len() <= self.most_idle {
            return None;
        }
        let (since, n) = self.idle.pop_first()?;
        let machine = &mut self.machines[n];
        let at = machine.idle.iter().position(|idle| idle.since == since)?;
        machine.open -= 1;
        Some(machine.idle.remove(at).connection)
    }

    /// Of several machines that turned out to be one, idle connections must not stand in the way of those who wait.
    fn close_surplus(&mut self, n: usize) {
        let machine = &mut self.machines[n];
        while machine.open > self.per_address
            && let Some(idle) = machine.idle.pop()
        {
            machine.open -= 1;
            self.idle.remove(&idle.since);
        }
    }

    /// The machine behind these doors. Doors of several machines make one of them.
    fn machine(&mut self, doors: &[String]) -> usize {
        let known: Vec<usize> = doors.iter().filter_map(|door| self.doors.get(door).copied()).collect();
        let n = known.iter().min().copied().unwrap_or(self.machines.len());
        if n == self.machines.len() {
            self.machines.push(Machine { open: 0, waiting: VecDeque::new(), idle: Vec::new() });
        }
        for other in known.into_iter().filter(|other| *other != n) {
            let gone = std::mem::replace(&mut self.machines[other], Machine { open: 0, waiting: VecDeque::new(), idle: Vec::new() });
            self.machines[n].open += gone.open;
            self.machines[n].waiting.extend(gone.waiting);
            self.machines[n].idle.extend(gone.idle);
            self.doors.values_mut().chain(self.idle.values_mut()).filter(|at| **at == other).for_each(|at| *at = n);
            self.close_surplus(n);
        }
        for door in doors {
            if self.doors.get(door) != Some(&n) {
                self.doors.insert(door.clone(), n);
            }
        }
        n
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    fn doors(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    fn town(hosts: usize) -> Manners<&'static str> {
        Manners::new(hosts, 2)
    }

    async fn turn(manners: &Manners<&'static str>, names: &[&str], origin: &str) -> Turn<&'static str> {
        manners.turn(doors(names), Some(origin.to_owned())).await.unwrap()
    }

    async fn is_full(manners: &Manners<&'static str>, name: &str) -> bool {
        timeout(Duration::from_millis(20), manners.turn(doors(&[name]), None)).await.is_err()
    }

    #[tokio::test]
    async fn a_door_lets_so_many_in_and_others_stay_open() {
        let manners = town(64);
        let first = turn(&manners, &["a:443"], "a").await;
        let _second = turn(&manners, &["a:443"], "a").await;
        assert!(is_full(&manners, "a:443").await);
        let _other = turn(&manners, &["b:443"], "b").await;
        drop(first);
        assert!(!is_full(&manners, "a:443").await);
    }

    #[tokio::test]
    async fn doors_of_one_machine_are_counted_together() {
        let manners = town(64);
        let first = turn(&manners, &["a4:443"], "a").await;
        let _second = turn(&manners, &["a6:443"], "a").await;
        let third = turn(&manners, &["a4:443", "a6:443"], "b");
        assert!(timeout(Duration::from_millis(20), third).await.is_err(), "it was two machines, and is one");
        first.leave(None).await;
        let _again = turn(&manners, &["a6:443"], "a").await;
        assert!(is_full(&manners, "a4:443").await);
    }

    #[tokio::test]
    async fn idle_connections_of_what_is_one_machine_hold_nobody_up() {
        let manners = town(64);
        for name in ["b", "c"] {
            let two = (turn(&manners, &[name], name).await, turn(&manners, &[name], name).await);
            two.0.leave(Some("kept")).await;
            two.1.leave(Some("kept")).await;
        }
        let (first, second) = (turn(&manners, &["a"], "x").await, turn(&manners, &["a"], "y").await);
        let (waiting, joining) = (turn(&manners, &["a"], "z"), turn(&manners, &["a", "b", "c"], "w"));
        let leaving = async {
            tokio::task::yield_now().await;
            first.leave(None).await;
            second.leave(None).await;
        };
        let passing = async |turn: Turn<&'static str>| turn.leave(None).await;
        let waiting = async { passing(waiting.await).await };
        let joining = async { passing(joining.await).await };
        let all = async { tokio::join!(waiting, joining, leaving) };
        timeout(Duration::from_secs(5), all).await.expect("nobody waits for ever");
    }

    #[tokio::test]
    async fn a_connection_is_kept_for_the_same_place() {
        let manners = town(64);
        turn(&manners, &["a:443"], "x").await.leave(Some("to x")).await;
        turn(&manners, &["a:443"], "y").await.leave(Some("to y")).await;
        assert_eq!(turn(&manners, &["a:443"], "x").await.take(), Some("to x"));
        // One of the two is closed for a third place: never three at a time.
        turn(&manners, &["a:443"], "y").await.leave(Some("to y")).await;
        let (mut third, mut fourth) = (turn(&manners, &["a:443"], "z").await, turn(&manners, &["a:443"], "x").await);
        assert_eq!((third.take(), fourth.take()), (None, None));
        assert!(is_full(&manners, "a:443").await);
    }

    #[tokio::test]
    async fn a_connection_goes_first_to_who_waits_for_the_same_place() {
        let manners = Manners::new(64, 1);
        let first = turn(&manners, &["a:443"], "x").await;
        let (other, same) = (turn(&manners, &["a:443"], "y"), turn(&manners, &["a:443"], "x"));
        let given = async {
            tokio::task::yield_now().await;
            first.leave(Some("to x")).await;
        };
        let same = async {
            let mut same = same.await;
            let kept = same.take();
            same.leave(None).await;
            kept
        };
        let (mut other, same, ()) = tokio::join!(other, same, given);
        assert_eq!((other.take(), same), (None, Some("to x")));
    }

    #[tokio::test]
    async fn few_idle_connections_are_kept() {
        let manners = town(2);
        for name in ["a", "b", "c"] {
            turn(&manners, &[name], name).await.leave(Some("kept")).await;
        }
        assert_eq!(turn(&manners, &["a"], "a").await.take(), None, "the oldest is closed");
        assert_eq!(turn(&manners, &["c"], "c").await.take(), Some("kept"));
    }

    #[tokio::test]
    async fn so_many_hosts_at_a_time() {
        let manners = town(1);
        let first = turn(&manners, &["a:443"], "a").await;
        assert!(is_full(&manners, "b:443").await);
        drop(first);
        assert!(!is_full(&manners, "b:443").await);
    }

    #[tokio::test]
    async fn nobody_gets_in_when_it_is_all_over() {
        let manners = Manners::<()>::new(1, 1);
        let _first = manners.turn(doors(&["a:443"]), None).await;
        let (other, same) = (manners.turn(doors(&["b:443"]), None), manners.turn(doors(&["a:443"]), None));
        let close = async {
            tokio::task::yield_now().await;
            manners.close();
        };
        let (other, same, ()) = tokio::join!(other, same, close);
        assert!(other.is_none() && same.is_none() && manners.turn(doors(&["c:443"]), None).await.is_none());
    }
}

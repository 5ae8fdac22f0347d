//! The machines of a run: which connections each has, what they are kept for, and who waits for one.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Weak;

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::Shared;
use crate::facts::SilenceKind;
use crate::probe::patience::{Moment, Patience};

/// All machines; those that share an address are one.
#[derive(Debug)]
pub(super) struct Town<C> {
    per_address: usize,
    per_connection: usize,
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
    /// Places to which a connection is being opened, and nobody knows yet how many it carries.
    opening: Vec<String>,
    /// Those that are idle, or may be shared; they count among those that are open.
    kept: Vec<Kept<C>>,
    /// Somebody was let in.
    has_opened: bool,
}

#[derive(Debug)]
struct Kept<C> {
    /// Since when it is idle, or shared.
    since: u64,
    origin: String,
    users: usize,
    /// From when on it makes way for another, if nobody uses it.
    rested: Moment,
    /// Nothing when it is good for those who use it, and for nobody else.
    connection: Option<C>,
    /// What its users hold together among the hosts at a time.
    place: Weak<OwnedSemaphorePermit>,
}

/// The right to use one more connection, old or new.
#[derive(Debug)]
pub(super) enum Granted<C> {
    Kept(C, Option<Share>),
    New,
    /// Another connection is to be closed for it.
    InPlaceOf(C),
}

/// Where one waits, and when there may be a way if nobody makes one before.
type Waiting<C> = (oneshot::Receiver<Granted<C>>, Option<Moment>);

/// In a connection that others use too: which one, and their place.
#[derive(Debug)]
pub(super) struct Share(pub(super) u64, pub(super) Weak<OwnedSemaphorePermit>);

impl<C> Default for Machine<C> {
    fn default() -> Self {
        Self { open: 0, waiting: VecDeque::new(), opening: Vec::new(), kept: Vec::new(), has_opened: false }
    }
}

impl<C> Machine<C> {
    fn is_opening(&self, origin: Option<&str>) -> bool {
        origin.is_some_and(|origin| self.opening.iter().any(|opening| opening == origin))
    }

    /// The first of those who wait, but for a connection that is being opened.
    fn next(&self) -> Option<usize> {
        self.waiting.iter().position(|(origin, _)| !self.is_opening(origin.as_deref()))
    }
}

impl<C: Shared> Town<C> {
    pub(super) fn new(per_address: usize, per_connection: usize, most_idle: usize) -> Self {
        let (machines, doors, idle) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        Self { per_address, per_connection, most_idle, is_over: false, machines, doors, idle, clock: 0 }
    }

    /// Nobody waits any more.
    pub(super) fn close(&mut self) {
        self.is_over = true;
        self.machines.iter_mut().for_each(|machine| machine.waiting.clear());
    }

    pub(super) fn ask(&mut self, doors: &[String], origin: Option<&str>) -> Result<Granted<C>, Waiting<C>> {
        let n = self.machine(doors);
        self.forget_closed(n);
        if let Some(granted) = origin.and_then(|origin| self.join(n, origin)) {
            return Ok(granted);
        }
        if !self.machines[n].is_opening(origin) {
            let granted = if self.machines[n].open < self.per_address {
                self.machines[n].open += 1;
                Some(Granted::New)
            } else {
                self.rested_one(n).map(Granted::InPlaceOf)
            };
            if let Some(granted) = granted {
                self.machines[n].opening.extend(origin.map(str::to_owned));
                return Ok(granted);
            }
        }
        let (sender, receiver) = oneshot::channel();
        if !self.is_over {
            self.machines[n].waiting.push_back((origin.map(str::to_owned), sender));
        }
        Err((receiver, self.when_rested(n)))
    }

    /// It is known how many a new connection to this place carries, or that there is none: who waited for that may have one of their own.
    pub(super) fn settle(&mut self, door: &str, origin: &str) {
        let n = self.doors[door];
        let machine = &mut self.machines[n];
        if let Some(at) = machine.opening.iter().position(|opening| opening == origin) {
            machine.opening.swap_remove(at);
        }
        while self.machines[n].open < self.per_address && self.machines[n].next().is_some() {
            self.machines[n].open += 1;
            self.free(n, Granted::New);
        }
        self.give_way(n);
    }

    /// When the first of those that nobody uses has rested.
    fn when_rested(&self, n: usize) -> Option<Moment> {
        self.machines[n].kept.iter().filter(|kept| kept.users == 0).map(|kept| kept.rested).min()
    }

    /// When a connection of this machine has to make way; nothing where nobody waits for it.
    pub(super) fn rested(&self, door: &str) -> Option<Moment> {
        let n = self.doors[door];
        if self.machines[n].waiting.is_empty() { None } else { self.when_rested(n) }
    }

    pub(super) fn make_way(&mut self, door: &str) {
        self.give_way(self.doors[door]);
    }

    /// Connections that have rested go, where others wait.
    fn give_way(&mut self, n: usize) {
        while self.machines[n].next().is_some()
            && let Some(another) = self.rested_one(n)
        {
            self.free(n, Granted::InPlaceOf(another));
        }
    }

    fn rested_one(&mut self, n: usize) -> Option<C> {
        let now = Patience::moment();
        self.take_idle(n, |kept| kept.rested <= now)
    }

    /// Takes a connection that nobody uses; it still counts.
    fn take_idle(&mut self, n: usize, fits: impl Fn(&Kept<C>) -> bool) -> Option<C> {
        let kept = &mut self.machines[n].kept;
        let idle = kept.remove(kept.iter().position(|kept| kept.users == 0 && fits(kept))?);
        self.idle.remove(&idle.since);
        idle.connection
    }

    /// One more user of a connection that is kept for this place.
    fn join(&mut self, n: usize, origin: &str) -> Option<Granted<C>> {
        let most = self.per_connection;
        let kept = &mut self.machines[n].kept;
        let with_room = |kept: &Kept<C>| kept.connection.as_ref().is_some_and(|connection| kept.users < connection.room().clamp(1, most));
        let all = kept.iter().enumerate().filter(|(_, kept)| kept.origin == origin && with_room(kept));
        let (at, _) = all.min_by_key(|(_, kept)| kept.users)?;
        self.idle.remove(&kept[at].since);
        match kept[at].connection.as_ref()?.another() {
            Some(another) => {
                kept[at].users += 1;
                Some(Granted::Kept(another, Some(Share(kept[at].since, Weak::clone(&kept[at].place)))))
            }
            None => kept.remove(at).connection.map(|connection| Granted::Kept(connection, None)),
        }
    }

    /// Counts the user of a connection that is in use as the first of those who share it.
    pub(super) fn share(&mut self, door: &str, origin: &str, connection: C, place: Weak<OwnedSemaphorePermit>) -> Option<u64> {
        let n = self.doors[door];
        if self.is_over || self.machines[n].open > self.per_address {
            return None;
        }
        self.clock += 1;
        let rested = Patience::moment();
        let kept = Kept { since: self.clock, origin: origin.to_owned(), users: 1, rested, connection: Some(connection), place };
        let since = kept.since;
        self.machines[n].kept.push(kept);
        self.serve(n, origin);
        Some(since)
    }

    pub(super) fn open(&mut self, door: &str) {
        self.machines[self.doors[door]].has_opened = true;
    }

    /// Nobody opens there: those who wait for this place wait no more. A machine that let somebody in may only have enough of visitors, and
    /// those who wait may be served by a connection that it has already.
    pub(super) fn mute(&mut self, door: &str, origin: &str) {
        let machine = &mut self.machines[self.doors[door]];
        if !machine.has_opened {
            machine.waiting.retain(|(waiting, _)| waiting.as_deref() != Some(origin));
        }
    }

    /// What it means that one waits no more, and has got nothing.
    pub(super) fn why_nobody_waits(&self) -> SilenceKind {
        if self.is_over { SilenceKind::NotAsked } else { SilenceKind::TimedOut }
    }

    /// What the users of a shared connection hold among the hosts at a time.
    pub(super) fn place(&mut self, door: &str, since: u64, place: Weak<OwnedSemaphorePermit>) {
        let kept = &mut self.machines[self.doors[door]].kept;
        if let Some(kept) = kept.iter_mut().find(|kept| kept.since == since) {
            kept.place = place;
        }
    }

    /// Those who wait for this place, as long as a connection that is kept for it has room.
    fn serve(&mut self, n: usize, origin: &str) {
        loop {
            let waiting = &mut self.machines[n].waiting;
            waiting.retain(|(_, sender)| !sender.is_closed());
            let Some(at) = waiting.iter().position(|(waiting, _)| waiting.as_deref() == Some(origin)) else { return };
            let Some(granted) = self.join(n, origin) else { return };
            let Some((_, sender)) = self.machines[n].waiting.remove(at) else { return };
            // Given up meanwhile: the connection goes to another.
            match sender.send(granted) {
                Err(Granted::Kept(connection, None)) => self.keep(n, origin, connection, Patience::moment()),
                Err(Granted::Kept(hold, Some(Share(since, _)))) => self.part(n, since, Some(hold), Patience::moment()),
                _ => {}
            }
        }
    }

    /// To the next that waits for the same place, or kept, or closed; from that moment on it makes way for others.
    pub(super) fn leave(&mut self, door: &str, origin: Option<&str>, share: Option<u64>, connection: Option<C>, rested: Moment) {
        let n = self.doors[door];
        match (share, connection, origin) {
            (Some(since), connection, _) => self.part(n, since, connection, rested),
            (None, Some(connection), Some(origin)) => self.keep(n, origin, connection, rested),
            (None, connection, _) => self.free(n, connection.map_or(Granted::New, Granted::InPlaceOf)),
        }
    }

    /// One user less of a shared connection. When it failed for one, nobody else gets it.
    fn part(&mut self, n: usize, since: u64, hold: Option<C>, rested: Moment) {
        let kept = &mut self.machines[n].kept;
        let Some(at) = kept.iter().position(|kept| kept.since == since) else { return };
        kept[at].users -= 1;
        if hold.is_none() {
            kept[at].connection = None;
        }
        if kept[at].users > 0 {
            let origin = kept[at].origin.clone();
            return self.serve(n, &origin);
        }
        let kept = kept.remove(at);
        match kept.connection {
            Some(connection) => self.keep(n, &kept.origin, connection, rested),
            None => self.free(n, hold.map_or(Granted::New, Granted::InPlaceOf)),
        }
    }

    /// An idle connection goes to who waits for the same place, or stays; where there are many, the one that was used longest ago is closed.
    fn keep(&mut self, n: usize, origin: &str, connection: C, rested: Moment) {
        if self.is_over || self.machines[n].open > self.per_address || connection.is_closed() {
            return self.free(n, Granted::InPlaceOf(connection));
        }
        self.clock += 1;
        let since = self.clock;
        let kept = Kept { since, origin: origin.to_owned(), users: 0, rested, connection: Some(connection), place: Weak::new() };
        self.machines[n].kept.push(kept);
        self.idle.insert(since, n);
        self.serve(n, origin);
        self.give_way(n);
        if self.idle.len() > self.most_idle
            && let Some((since, n)) = self.idle.first_key_value().map(|(since, n)| (*since, *n))
            && let Some(another) = self.take_idle(n, |kept| kept.since == since)
        {
            self.free(n, Granted::InPlaceOf(another));
        }
    }

    /// The place of a connection that is no more goes to the next that waits.
    fn free(&mut self, n: usize, mut granted: Granted<C>) {
        let machine = &mut self.machines[n];
        // Two machines that turned out to be one may have had too many open.
        while machine.open <= self.per_address
            && let Some(next) = machine.next()
            && let Some((origin, sender)) = machine.waiting.remove(next)
        {
            match sender.send(granted) {
                Ok(()) => return machine.opening.extend(origin),
                Err(back) => granted = back,
            }
        }
        machine.open -= 1;
    }

    /// What the other side closed meanwhile serves nobody.
    fn forget_closed(&mut self, n: usize) {
        let machine = &mut self.machines[n];
        let (idle, open) = (&mut self.idle, &mut machine.open);
        machine.kept.retain_mut(|kept| {
            if !kept.connection.as_ref().is_some_and(C::is_closed) {
                return true;
            }
            kept.connection = None;
            let is_idle = kept.users == 0;
            if is_idle {
                idle.remove(&kept.since);
                *open -= 1;
            }
            !is_idle
        });
    }

    /// Of several machines that turned out to be one, idle connections must not stand in the way of those who wait.
    fn close_surplus(&mut self, n: usize) {
        while self.machines[n].open > self.per_address && self.take_idle(n, |_| true).is_some() {
            self.machines[n].open -= 1;
        }
    }

    /// The machine behind these doors. Doors of several machines make one of them.
    fn machine(&mut self, doors: &[String]) -> usize {
        let known: Vec<usize> = doors.iter().filter_map(|door| self.doors.get(door).copied()).collect();
        let n = known.iter().min().copied().unwrap_or(self.machines.len());
        if n == self.machines.len() {
            self.machines.push(Machine::default());
        }
        for other in known.into_iter().filter(|other| *other != n) {
            let gone = std::mem::take(&mut self.machines[other]);
            self.machines[n].open += gone.open;
            self.machines[n].has_opened |= gone.has_opened;
            self.machines[n].waiting.extend(gone.waiting);
            self.machines[n].opening.extend(gone.opening);
            self.machines[n].kept.extend(gone.kept);
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

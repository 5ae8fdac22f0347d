//! Sessions of TLS that may be resumed: few of each host, and of so many hosts.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustls::NamedGroup;
use rustls::client::{ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::pki_types::ServerName;

/// Hosts: more than those of the hosters that are judged at a time have, mostly; the first to come is forgotten first.
pub(super) const MOST_HOSTS: usize = 512;

/// Of a host: one for each connection at a time. A server may give any number, of 64 KiB each.
pub(super) const MOST_TICKETS: usize = 2;

#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    hosts: BTreeMap<String, Host>,
    order: VecDeque<String>,
}

#[derive(Debug, Default)]
struct Host {
    group: Option<NamedGroup>,
    session: Option<Tls12ClientSessionValue>,
    tickets: VecDeque<Tls13ClientSessionValue>,
}

impl Sessions {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn host(&mut self, name: &ServerName<'_>) -> Option<&mut Host> {
        self.hosts.get_mut(&*name.to_str())
    }

    fn keep(&mut self, name: &ServerName<'_>) -> &mut Host {
        let name = name.to_str().into_owned();
        if !self.hosts.contains_key(&name) {
            self.order.push_back(name.clone());
            if self.order.len() > MOST_HOSTS
                && let Some(first) = self.order.pop_front()
            {
                self.hosts.remove(&first);
            }
        }
        self.hosts.entry(name).or_default()
    }
}

impl ClientSessionStore for Sessions {
    fn set_kx_hint(&self, name: ServerName<'static>, group: NamedGroup) {
        self.known().keep(&name).group = Some(group);
    }

    fn kx_hint(&self, name: &ServerName<'_>) -> Option<NamedGroup> {
        self.known().host(name)?.group
    }

    fn set_tls12_session(&self, name: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.known().keep(&name).session = Some(value);
    }

    fn tls12_session(&self, name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.known().host(name)?.session.clone()
    }

    fn remove_tls12_session(&self, name: &ServerName<'static>) {
        if let Some(host) = self.known().host(name) {
            host.session = None;
        }
    }

    fn insert_tls13_ticket(&self, name: ServerName<'static>, value: Tls13ClientSessionValue) {
        let mut known = self.known();
        let tickets = &mut known.keep(&name).tickets;
        tickets.truncate(MOST_TICKETS - 1);
        tickets.push_front(value);
    }

    fn take_tls13_ticket(&self, name: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.known().host(name)?.tickets.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_that_came_first_are_forgotten_first() {
        let (sessions, name) = (Sessions::default(), |n: usize| ServerName::try_from(format!("n{n}.test")).unwrap());
        for n in 0..=MOST_HOSTS {
            sessions.set_kx_hint(name(n), NamedGroup::X25519);
        }
        assert_eq!((sessions.kx_hint(&name(0)), sessions.kx_hint(&name(1))), (None, Some(NamedGroup::X25519)));
        assert_eq!(sessions.known().order.len(), MOST_HOSTS);
    }
}

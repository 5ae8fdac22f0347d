//! A thing to go and see, and what is brought back.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use url::Url;

use super::{Certificate, Door, Exchange, Protocols, RecordKind, Records, Signature, Silence, Starttls, Visit};

/// A thing to go and see. It is asked once in a run, whoever needs it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// One GET, without following a redirect: each hop is a need of its own, so that none is asked twice.
    Exchange(Url),
    /// One TLS handshake, to see the certificates as they are served.
    Certificate(Authority),
    /// Which versions of TLS are accepted: one greeting each.
    Protocols(Authority),
    /// The addresses of a host name.
    Addresses(String),
    /// One connection over IPv6, to see whether it is taken.
    Ipv6(Authority),
    /// The records of a name, as its name servers publish them.
    Records(String, RecordKind),
    /// Whether the zone of a domain is signed.
    Signature(String),
    /// Whether a mail server encrypts, and with which certificates; not asked unless a person wants it.
    Starttls(Authority),
    /// What a real browser does on a page; not asked unless a person wants it.
    Visit(Url),
}

/// What is known of needs, found by their digest: addresses are long and alike, and to compare many at each look-up takes long.
pub type ByNeed<T> = indexmap::IndexMap<Need, T>;

/// A host and a port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Authority {
    pub host: String,
    pub port: u16,
}

impl Authority {
    /// Of an `http` or `https` URL.
    pub fn of(url: &Url) -> Option<Self> {
        Some(Self { host: url.host_str()?.to_owned(), port: url.port_or_known_default()? })
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl Need {
    /// As it is named in evidence.
    pub fn place(&self) -> String {
        match self {
            Self::Exchange(url) | Self::Visit(url) => url.to_string(),
            Self::Certificate(authority) | Self::Protocols(authority) | Self::Ipv6(authority) | Self::Starttls(authority) => {
                authority.to_string()
            }
            Self::Addresses(name) | Self::Records(name, _) | Self::Signature(name) => name.clone(),
        }
    }
}

/// What is brought back for a [`Need`] of the same name.
#[derive(Debug, Clone)]
pub enum Fact {
    Exchange(Arc<Exchange>),
    Certificate(Arc<Certificate>),
    Protocols(Arc<Protocols>),
    /// In a stable order; empty when the name exists without an address.
    Addresses(Arc<[IpAddr]>),
    Ipv6(Door),
    Records(Arc<Records>),
    Signature(Signature),
    Starttls(Arc<Starttls>),
    Visit(Arc<Visit>),
}

/// A fact, or the reason why there is none.
pub type Seen = Result<Fact, Silence>;

/// Goes and looks. The engine knows the network by this alone.
pub trait Observer {
    /// Sends for a fact; returns at once.
    fn ask(&mut self, need: Need);

    /// Waits for the next answer, in whatever order they come; nothing when none is under way.
    fn next(&mut self) -> Option<(Need, Seen)>;
}

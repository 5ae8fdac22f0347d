//! An imaginary hoster on loopback, over real TLS: what `demo` audits, and what the tests look at.

mod certificates;
mod names;
mod server;
mod site;
#[cfg(test)]
mod tests;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use crate::day::Day;
use certificates::Certificates;
use names::Names;
use server::Server;
pub use site::Sites;

/// What the imaginary hoster Le Chat Perché serves, its deliberate faults told on top.
pub const SITES: &str = include_str!("sites.toml");

/// Its `hoster.toml`.
pub const HOSTER: &str = include_str!("hoster.toml");

/// Every URL that was asked, in order; HEAD and other methods than GET are named before it.
type Requests = Arc<Mutex<Vec<String>>>;

/// A web of its own: one loopback port that serves all hosts of some [`Sites`], by HTTP and by HTTPS. Dropped, it is gone.
#[derive(Debug)]
pub struct Stage {
    address: SocketAddr,
    name_server: SocketAddr,
    trust_anchor: String,
    ca_pem: String,
    requests: Requests,
    /// Dropping it stops the server.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Stage {
    /// Opens the web; its certificates are valid or not as seen from `today`, whatever the clock says.
    pub fn open(sites: Sites, today: Day) -> io::Result<Self> {
        let certificates = Certificates::new(today).map_err(io::Error::other)?;
        let requests = Requests::default();
        let names = Names::new(&sites)?;
        let trust_anchor = names.trust_anchor();
        let server = Server::new(sites, &certificates, Arc::clone(&requests))?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let questions = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        questions.set_nonblocking(true)?;
        let name_server = questions.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("demo".to_owned()).spawn(move || {
            // A socket that cannot be watched serves nobody: its visitors see a refusal.
            let _ = runtime.block_on(async {
                tokio::spawn(names.serve(tokio::net::UdpSocket::from_std(questions)?));
                server.serve(listener, stopped).await
            });
        })?;
        let ca_pem = certificates.ca_pem();
        Ok(Self { address, name_server, trust_anchor, ca_pem, requests, stop: Some(stop), thread: Some(thread) })
    }

    /// The certificate of the authority that visitors of this web trust.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// Where all hosts answer, whatever port their address names.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the zones of these sites are asked for; a question about any other name is refused.
    pub fn name_server(&self) -> SocketAddr {
        self.name_server
    }

    /// The keys of its signed zones, as DNSKEY records.
    pub fn trust_anchor(&self) -> &str {
        &self.trust_anchor
    }

    /// Every URL that was asked so far, in order. A visit that ends in the TLS handshake asked for none.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server is told by its own message; here it would hide the one of a test.
            let _ = thread.join();
        }
    }
}

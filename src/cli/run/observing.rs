//! The options on how to look, and what looks.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use url::Url;

use super::browser;
use crate::cli::lang::tr;
use crate::day::Day;
use crate::facts::{Need, Observer, Seen};
use crate::file::{Fault, Place, Source};
use crate::probe::{Browser, ConnectTo, Cost, Probe, Resolve, Settings, TrustAnchor, offline};
use crate::text::{Text, say};

#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = tr("Le réseau ", "The network"))]
pub(in crate::cli) struct Observing {
    #[arg(long, help = tr("Sans réseau : juger ce qui n'en demande pas", "Without a network: judge what needs none"))]
    offline: bool,
    #[arg(long, value_name = tr("SECONDES", "SECONDS"), help = tr("Temps laissé à une requête (par défaut : 10)", "Time given to a request (default: 10)"))]
    timeout: Option<u64>,
    #[arg(long, value_name = "N", help = tr("Hôtes regardés en même temps (par défaut : 64)", "Hosts looked at side by side (default: 64)"))]
    jobs: Option<usize>,
    #[arg(long, value_name = tr("FICHIER", "FILE"), help = tr("Autorité de certification à croire en plus (PEM)", "Certificate authority to trust besides (PEM)"))]
    ca_file: Vec<PathBuf>,
    #[arg(long, value_name = "HOST:PORT:ADDR", value_parser = resolve, help = tr("Adresse d'un hôte, comme curl", "Address of a host, as curl has it"))]
    resolve: Vec<Resolve>,
    #[arg(long, value_name = "HOST1:PORT1:HOST2:PORT2", value_parser = connect_to, help = tr("Se connecter ailleurs, comme curl", "Connect elsewhere, as curl has it"))]
    connect_to: Vec<ConnectTo>,
    #[arg(long, value_name = "ADDR:PORT", help = tr("Le serveur de noms à interroger", "The name server to ask"))]
    dns: Option<SocketAddr>,
    #[arg(long, value_name = tr("FICHIER", "FILE"), help = tr("Clés DNSSEC à croire au lieu de celle de la racine (DNSKEY)", "DNSSEC keys to trust instead of that of the root (DNSKEY)"))]
    trust_anchor: Option<PathBuf>,
    #[arg(long, value_name = "URL", help = tr("Passer par ce mandataire (http, https, socks5)", "Go through this proxy (http, https, socks5)"))]
    proxy: Option<Url>,
    #[arg(long, help = tr("Regarder aussi les adresses privées", "Look at private addresses too"))]
    allow_private: bool,
    /// With `=`, so that the name of a hoster is never taken for a program.
    #[arg(long, value_name = tr("CHEMIN", "PATH"), num_args = 0..=1, require_equals = true, default_missing_value = "auto", conflicts_with = "offline",
        help = tr("Visiter aussi les pages avec Chromium, sans cliquer sur rien", "Visit pages with Chromium too, without clicking on anything"))]
    browser: Option<PathBuf>,
    /// Of `run` alone.
    #[arg(skip)]
    pub(super) smtp: bool,
}

fn resolve(text: &str) -> Result<Resolve, String> {
    text.parse().map_err(|why: Text| super::tr_text(&why))
}

fn connect_to(text: &str) -> Result<ConnectTo, String> {
    text.parse().map_err(|why: Text| super::tr_text(&why))
}

fn trust_anchor(file: &Path) -> Result<TrustAnchor, Fault> {
    let source = Source::open(file)?;
    source.text.parse().map_err(|what: Text| {
        let remedy = say!(fr: "Donner des lignes comme « example. IN DNSKEY 257 3 13 … ».", en: "Give lines like `example. IN DNSKEY 257 3 13 ...`.");
        Fault::new(Place::file(file), what, remedy)
    })
}

/// What looks: the network, or nothing at all.
pub(in crate::cli) enum Eye {
    Probe(Box<Probe>),
    Closed(Box<dyn Observer>),
}

impl Observing {
    /// What looks at everything through a loopback web, for the demo.
    pub(in crate::cli) fn on_stage(web: SocketAddr, ca_file: PathBuf, name_server: SocketAddr, trust_anchor: PathBuf) -> Self {
        let everywhere = format!("::{}:{}", web.ip(), web.port());
        let named = format!("*:443:{},[::1]", web.ip());
        Self {
            ca_file: vec![ca_file],
            dns: Some(name_server),
            trust_anchor: Some(trust_anchor),
            connect_to: vec![everywhere.parse().expect("a rule made here")],
            resolve: vec![named.parse().expect("a rule made here")],
            allow_private: true,
            ..Self::default()
        }
    }

    pub(in crate::cli) fn is_offline(&self) -> bool {
        self.offline
    }

    fn browser(&self) -> Browser {
        match &self.browser {
            None => Browser::Unwanted,
            Some(path) => browser::find(path).map_or(Browser::Missing, Browser::At),
        }
    }

    /// Said once, before the run goes on without it.
    pub(super) fn missing_browser(&self) -> Option<Text> {
        (self.browser() == Browser::Missing).then(|| browser::missing(self.browser.as_deref().unwrap_or(Path::new("auto"))))
    }

    pub(in crate::cli) fn observer(&self, today: Day) -> Result<Eye, Fault> {
        if self.offline {
            return Ok(Eye::Closed(Box::new(offline())));
        }
        let mut settings = Settings::new(today);
        settings.allow_private = self.allow_private;
        settings.ca_files.clone_from(&self.ca_file);
        settings.resolve.clone_from(&self.resolve);
        settings.connect_to.clone_from(&self.connect_to);
        settings.dns = self.dns;
        settings.trust_anchor = self.trust_anchor.as_deref().map(trust_anchor).transpose()?;
        settings.proxy.clone_from(&self.proxy);
        settings.smtp = self.smtp;
        settings.browser = self.browser();
        if let Some(seconds) = self.timeout {
            settings.timeout = Duration::from_secs(seconds.max(1));
            settings.connect_timeout = settings.connect_timeout.min(settings.timeout);
        }
        if let Some(jobs) = self.jobs {
            settings.hosts = jobs.max(1);
        }
        let probe = Probe::new(settings).map_err(|what| {
            let remedy = say!(fr: "Corriger les options du réseau.", en: "Mend the options of the network.");
            match self.ca_file.first() {
                Some(file) => Fault::new(Place::file(file), what, remedy),
                None => Fault::nowhere(what, remedy),
            }
        })?;
        probe.stop_on_interrupt();
        Ok(Eye::Probe(Box::new(probe)))
    }
}

impl Eye {
    /// What the run asked of others; nothing was asked when offline.
    pub(super) fn cost(&self) -> Option<Cost> {
        match self {
            Self::Probe(probe) => Some(probe.cost()),
            Self::Closed(_) => None,
        }
    }

    /// Whether a person stopped it.
    pub(in crate::cli) fn was_interrupted(&self) -> bool {
        matches!(self, Self::Probe(probe) if probe.is_stopped())
    }
}

impl Observer for Eye {
    fn ask(&mut self, need: Need) {
        match self {
            Self::Probe(probe) => probe.ask(need),
            Self::Closed(closed) => closed.ask(need),
        }
    }

    fn next(&mut self) -> Option<(Need, Seen)> {
        match self {
            Self::Probe(probe) => probe.next(),
            Self::Closed(closed) => closed.next(),
        }
    }
}

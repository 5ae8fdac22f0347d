//! Why nothing was seen. A silence is never a verdict.

use std::fmt;

use crate::text::{Text, say};

/// Nobody answered, or the answer cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    pub kind: SilenceKind,
    /// What could not be seen: a URL, a host and port, a name.
    pub place: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SilenceKind {
    /// The name does not exist, or no name server answered for it.
    DnsFailed,
    /// A name server answered that it cannot, or will not, answer (SERVFAIL, REFUSED...).
    NameServerFailed,
    /// The name server at hand passes no DNSSEC proofs on: signed or not, nobody can tell from here.
    NotValidated,
    /// This machine has no way out over IPv6.
    NoIpv6,
    Refused,
    TimedOut,
    /// The connection was cut, or what came is not HTTP.
    Garbled,
    /// The TLS handshake failed for another reason than the certificate.
    TlsFailed,
    /// The certificate is not one that a browser would accept, so what it protects was not read.
    CertificateRefused,
    /// An answer that says nothing about the page: 401, 403, 429, 5xx...
    HttpError(u16),
    /// A page that wants to know whether a person is reading (anti-robot page).
    Challenge,
    TooLarge,
    RedirectLoop,
    /// The address is not public, and `--allow-private` was not given.
    PrivateAddress,
    /// The page shows nothing without running a program.
    NeedsJavascript,
    /// A file whose words nobody here can read: a scanned PDF, an office document.
    Unreadable,
    /// A success without a word: nobody would call it a page.
    EmptyPage,
    /// What only a direct connection shows, and `--proxy` was given.
    BehindProxy,
    /// `--browser` was asked for, and there is none that starts.
    NoBrowser,
    /// `--offline`, or the run was interrupted.
    NotAsked,
}

impl SilenceKind {
    /// The codes of all silences; any check may fall silent for any of these reasons.
    pub const CODES: [&str; 20] = [
        "dns-failed",
        "name-server-failed",
        "not-validated",
        "no-ipv6",
        "refused",
        "timed-out",
        "garbled",
        "tls-failed",
        "certificate-refused",
        "http-error",
        "challenge",
        "too-large",
        "redirect-loop",
        "private-address",
        "needs-javascript",
        "unreadable",
        "empty-page",
        "behind-proxy",
        "no-browser",
        "not-asked",
    ];

    /// The stable code of a finding that rests on this silence.
    pub fn code(self) -> &'static str {
        match self {
            Self::DnsFailed => "dns-failed",
            Self::NameServerFailed => "name-server-failed",
            Self::NotValidated => "not-validated",
            Self::NoIpv6 => "no-ipv6",
            Self::Refused => "refused",
            Self::TimedOut => "timed-out",
            Self::Garbled => "garbled",
            Self::TlsFailed => "tls-failed",
            Self::CertificateRefused => "certificate-refused",
            Self::HttpError(_) => "http-error",
            Self::Challenge => "challenge",
            Self::TooLarge => "too-large",
            Self::RedirectLoop => "redirect-loop",
            Self::PrivateAddress => "private-address",
            Self::NeedsJavascript => "needs-javascript",
            Self::Unreadable => "unreadable",
            Self::EmptyPage => "empty-page",
            Self::BehindProxy => "behind-proxy",
            Self::NoBrowser => "no-browser",
            Self::NotAsked => "not-asked",
        }
    }
}

impl Silence {
    pub fn new(kind: SilenceKind, place: impl fmt::Display) -> Self {
        Self { kind, place: place.to_string() }
    }

    /// The host of the place.
    fn host(&self) -> String {
        let url = url::Url::parse(&self.place).ok().and_then(|url| url.host_str().map(str::to_owned));
        let bare = || {
            self.place
                .rsplit_once(':')
                .filter(|(_, port)| port.parse::<u16>().is_ok())
                .map_or(self.place.as_str(), |(host, _)| host)
                .to_owned()
        };
        url.unwrap_or_else(bare)
    }

    /// The reason, as a sentence.
    pub fn because(&self) -> Text {
        let (place, host) = (&self.place, self.host());
        match self.kind {
            SilenceKind::DnsFailed => say!(fr: "le nom {host} n'a pas été trouvé", en: "the name {host} was not found"),
            SilenceKind::NameServerFailed => {
                say!(fr: "le serveur de noms n'a pas su répondre au sujet de {host}", en: "the name server could not answer about {host}")
            }
            SilenceKind::NotValidated => {
                say!(fr: "le serveur de noms interrogé ne transmet pas les preuves DNSSEC de {host}", en: "the name server that was asked passes no DNSSEC proofs of {host} on")
            }
            SilenceKind::NoIpv6 => {
                say!(fr: "cette machine n'a pas d'IPv6 pour essayer {host}", en: "this machine has no IPv6 by which to try {host}")
            }
            SilenceKind::Refused => say!(fr: "{place} refuse la connexion", en: "{place} refuses the connection"),
            SilenceKind::TimedOut => say!(fr: "{place} n'a pas répondu à temps", en: "{place} did not answer in time"),
            SilenceKind::Garbled => {
                say!(fr: "la réponse de {place} est illisible ou coupée", en: "the answer of {place} is garbled or cut")
            }
            SilenceKind::TlsFailed => {
                say!(fr: "la connexion chiffrée à {host} n'a pas pu s'établir", en: "no encrypted connection to {host} could be made")
            }
            SilenceKind::CertificateRefused => {
                say!(fr: "le certificat de {host} n'est pas valable : rien n'a été lu derrière", en: "the certificate of {host} is not valid: nothing was read behind it")
            }
            // Perhaps of another page than this one, which was then not asked for.
            SilenceKind::HttpError(429) => {
                say!(fr: "{host} répond que trop de pages lui sont demandées à la fois (erreur 429)", en: "{host} answers that it is asked for too many pages at a time (error 429)")
            }
            SilenceKind::HttpError(status) => say!(fr: "{place} répond par l'erreur {status}", en: "{place} answers with error {status}"),
            SilenceKind::Challenge => say!(fr: "{place} répond par une page anti-robot", en: "{place} answers with an anti-robot page"),
            SilenceKind::TooLarge => say!(fr: "la réponse de {place} est trop grande", en: "the answer of {place} is too large"),
            SilenceKind::RedirectLoop => say!(fr: "{place} renvoie sans fin d'une adresse à l'autre", en: "{place} redirects without end"),
            SilenceKind::PrivateAddress => {
                say!(fr: "l'adresse de {host} n'est pas publique (voir --allow-private)", en: "the address of {host} is not public (see --allow-private)")
            }
            SilenceKind::NeedsJavascript => {
                say!(fr: "{place} n'affiche rien sans JavaScript", en: "{place} shows nothing without JavaScript")
            }
            SilenceKind::Unreadable => {
                say!(fr: "{place} est un fichier dont les mots ne peuvent pas être lus ici (un PDF numérisé, par exemple)", en: "{place} is a file whose words cannot be read here (a scanned PDF, for instance)")
            }
            SilenceKind::EmptyPage => say!(fr: "{place} répond par une page vide", en: "{place} answers with an empty page"),
            SilenceKind::BehindProxy => {
                say!(fr: "cela ne se voit pas de {host} à travers un serveur mandataire (--proxy)", en: "this cannot be seen of {host} through a proxy (--proxy)")
            }
            SilenceKind::NoBrowser => {
                say!(fr: "aucun navigateur n'a pu être lancé pour visiter {place}", en: "no browser could be started to visit {place}")
            }
            SilenceKind::NotAsked => say!(fr: "{place} n'a pas été visité", en: "{place} was not visited"),
        }
    }
}

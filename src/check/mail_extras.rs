//! What a domain does besides so that mail reaches it encrypted: MTA-STS (RFC 8461), TLS-RPT (RFC 8460), DANE (RFC 7672).

use std::sync::Arc;

use url::Url;

use super::domain::registered;
use super::{Case, Stop};
use crate::facts::{Authority, Fact, Need, Print, Record, RecordKind, Records, Signature, Silence, SilenceKind, Starttls};

/// Where mail is handed over from one server to another.
const MAIL_PORT: u16 = 25;

/// Hosts that are asked for a certificate's digest, and whether they encrypt.
pub const MOST_MAIL_SERVERS: usize = 4;

/// All that was seen; what is not there, or did not answer, is simply not here: none of it is asked of anybody.
#[derive(Debug, Default)]
pub(super) struct Extras {
    pub(super) sts: Option<Sts>,
    /// The record that says where reports go.
    pub(super) reports: Option<String>,
    /// Those that receive the mail, by preference.
    pub(super) hosts: Vec<MailHost>,
}

/// A host that receives mail.
#[derive(Debug)]
pub(super) struct MailHost {
    pub(super) name: String,
    /// What a signed zone names its certificate by.
    pub(super) named: Option<Arc<Records>>,
    /// Whether it encrypts; nothing where a person did not ask for it.
    pub(super) seen: Option<Result<Arc<Starttls>, Silence>>,
}

/// What a signed zone announces of a certificate, before what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Announced {
    Nothing,
    /// In a way that cannot be compared.
    Unknown,
    /// The very certificate (usage 3).
    Certificate,
    /// One of those that are served with it (usage 2).
    Issuer,
    /// None of those that are shown.
    Other,
}

impl MailHost {
    pub(super) fn door(&self) -> Authority {
        Authority { host: self.name.clone(), port: MAIL_PORT }
    }

    pub(super) fn announced(&self) -> Announced {
        let Some(records) = &self.named else { return Announced::Nothing };
        match self.seen.as_ref().and_then(|seen| seen.as_deref().ok()) {
            Some(Starttls::Encrypted(_, prints)) => announced(records, prints),
            Some(Starttls::NotOffered) => announced(records, &[]),
            None => Announced::Unknown,
        }
    }
}

/// As senders do (RFC 7672, section 3.1): usages 0 and 1, and what is not understood, are passed over.
fn announced(records: &Records, prints: &[Print]) -> Announced {
    let (mut whole, mut compared) = (false, false);
    let mut answer = None;
    for record in &records.found {
        match record {
            Record::Tlsa(usage @ (2 | 3), selector @ (0 | 1), matching @ (1 | 2), digest)
                if digest.len() == 64 * usize::from(*matching) =>
            {
                compared = true;
                let most = if *usage == 3 { 1 } else { prints.len() };
                if prints.iter().take(most).any(|print| print.is_named(*selector, *matching, digest)) {
                    answer = if *usage == 3 { Some(Announced::Certificate) } else { answer.or(Some(Announced::Issuer)) };
                }
            }
            // The certificate itself, which is not kept in full.
            Record::Tlsa(2 | 3, 0 | 1, 0, _) => whole = true,
            _ => {}
        }
    }
    answer.unwrap_or(if compared && !whole { Announced::Other } else { Announced::Unknown })
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sts {
    /// The mode that the policy asks for.
    Policy(Url, String),
    /// The record promises a policy that is not there.
    Nowhere(Url),
}

pub(super) fn extras(case: &Case<'_>, domain: &str, mail: &Records) -> Result<Extras, Stop> {
    let (sts, reports) = (format!("_mta-sts.{domain}"), format!("_smtp._tls.{domain}"));
    let hosts: Vec<&str> = mail.mail_hosts().filter(|host| !host.is_empty()).take(MOST_MAIL_SERVERS).collect();
    case.expect([&sts, &reports].map(|name| Need::Records(name.clone(), RecordKind::Txt)));
    case.expect(hosts.iter().map(|host| Need::Records(digest_name(host), RecordKind::Tlsa)));
    case.expect(hosts.iter().map(|host| Need::Starttls(Authority { host: (*host).to_owned(), port: MAIL_PORT })));
    let mut extras = Extras { reports: starting(case, &reports, "v=TLSRPTv1")?, ..Extras::default() };
    if starting(case, &sts, "v=STSv1")?.is_some() {
        extras.sts = policy(case, domain)?;
    }
    for host in hosts {
        let mut named = heard(case.records(&digest_name(host), RecordKind::Tlsa))?.filter(|records| !records.found.is_empty());
        // Without a signature anybody could have named that certificate (RFC 7672, section 2.1).
        if named.is_some() && heard(case.signature(registered(host).unwrap_or(host)))? != Some(Signature::Signed) {
            named = None;
        }
        extras.hosts.push(MailHost { name: host.to_owned(), named, seen: asked(case, host)? });
    }
    Ok(extras)
}

/// What is seen of a mail server; nothing where nobody wanted it.
fn asked(case: &Case<'_>, host: &str) -> Result<Option<Result<Arc<Starttls>, Silence>>, Stop> {
    Ok(match case.seen(Need::Starttls(Authority { host: host.to_owned(), port: MAIL_PORT }))? {
        Ok(Fact::Starttls(starttls)) => Some(Ok(Arc::clone(starttls))),
        Ok(_) => unreachable!("an answer of a mail server is brought back for a mail server"),
        Err(silence) if silence.kind == SilenceKind::NotAsked => None,
        Err(silence) => Some(Err(silence.clone())),
    })
}

fn digest_name(host: &str) -> String {
    format!("_25._tcp.{host}")
}

/// What was seen; nothing when nobody answered.
fn heard<T>(seen: Result<T, Stop>) -> Result<Option<T>, Stop> {
    match seen {
        Ok(seen) => Ok(Some(seen)),
        Err(Stop::Silent(_)) => Ok(None),
        Err(stop) => Err(stop),
    }
}

/// The one text of a name that starts so; several count as none, as the RFCs have it.
fn starting(case: &Case<'_>, name: &str, version: &str) -> Result<Option<String>, Stop> {
    let Some(records) = heard(case.records(name, RecordKind::Txt))? else { return Ok(None) };
    let mut own = records.texts().filter(|text| text.split(';').next().is_some_and(|start| start.trim() == version));
    Ok(own.next().filter(|_| own.next().is_none()).map(str::to_owned))
}

fn policy(case: &Case<'_>, domain: &str) -> Result<Option<Sts>, Stop> {
    let Ok(url) = Url::parse(&format!("https://mta-sts.{domain}/.well-known/mta-sts.txt")) else { return Ok(None) };
    // No redirect: senders do not follow one (section 3.3).
    let Some(exchange) = heard(case.hop(&url))? else { return Ok(None) };
    let value = |key: &str| {
        let mut lines = exchange.text().lines().filter_map(|line| line.split_once(':'));
        lines.find(|(name, _)| name.trim() == key).map(|(_, value)| value.trim())
    };
    let mode = value("mode").filter(|mode| matches!(*mode, "enforce" | "testing" | "none"));
    Ok(match (exchange.status, value("version"), mode) {
        (200, Some("STSv1"), Some(mode)) => Some(Sts::Policy(url, mode.to_owned())),
        (200 | 404 | 410, ..) => Some(Sts::Nowhere(url)),
        // A breakdown or a refusal tells nothing.
        _ => None,
    })
}

//! What a domain does besides so that mail reaches it encrypted: MTA-STS (RFC 8461), TLS-RPT (RFC 8460), DANE (RFC 7672).

use url::Url;

use super::domain::registered;
use super::{Case, Stop};
use crate::facts::{Need, RecordKind, Records, Signature};

/// Hosts that are asked for a certificate's digest.
const MOST_HOSTS: usize = 4;

/// All that was seen; what is not there, or did not answer, is simply not here: none of it is asked of anybody.
#[derive(Debug, Default)]
pub(super) struct Extras {
    pub(super) sts: Option<Sts>,
    /// The record that says where reports go.
    pub(super) reports: Option<String>,
    /// Mail hosts whose certificate is named in a signed zone.
    pub(super) dane: Vec<String>,
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
    let hosts: Vec<&str> = mail.mail_hosts().filter(|host| !host.is_empty()).take(MOST_HOSTS).collect();
    case.expect([&sts, &reports].map(|name| Need::Records(name.clone(), RecordKind::Txt)));
    case.expect(hosts.iter().map(|host| Need::Records(digest_name(host), RecordKind::Tlsa)));
    let mut extras = Extras { reports: starting(case, &reports, "v=TLSRPTv1")?, ..Extras::default() };
    if starting(case, &sts, "v=STSv1")?.is_some() {
        extras.sts = policy(case, domain)?;
    }
    for host in hosts {
        let named = heard(case.records(&digest_name(host), RecordKind::Tlsa))?.is_some_and(|records| !records.found.is_empty());
        // Without a signature anybody could have named that certificate (RFC 7672, section 2.1).
        if named && heard(case.signature(registered(host).unwrap_or(host)))? == Some(Signature::Signed) {
            extras.dane.push(host.to_owned());
        }
    }
    Ok(extras)
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

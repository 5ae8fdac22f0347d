//! The records of a name: what there is, that there is none, that there is no such name, or that nobody could say.

use std::fmt::Write as _;
use std::net::IpAddr;

use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::Message;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use tokio::time::timeout;

use super::dns::Dns;
use crate::facts::{NameState, Record, RecordKind, Records, SilenceKind};
use crate::text::clean;

/// Records of one name that are kept; whoever has more is not read further.
pub(super) const MOST_RECORDS: usize = 100;
/// Characters of a text that are kept: an SPF record is shorter by far.
pub(super) const LONGEST_TEXT: usize = 4096;

impl Dns {
    pub(super) async fn records(&self, name: &str, kind: RecordKind) -> Result<Records, SilenceKind> {
        let resolver = self.resolvers.plain().ok_or(SilenceKind::DnsFailed)?;
        let name = absolute(name).ok_or(SilenceKind::DnsFailed)?;
        let _turn = self.turns.acquire().await.map_err(|_| SilenceKind::NotAsked)?;
        match timeout(self.limit, Box::pin(resolver.lookup(name.clone(), type_of(kind)))).await {
            Err(_) => Err(SilenceKind::TimedOut),
            Ok(Ok(lookup)) => Ok(read(&name, &lookup)),
            Ok(Err(error)) => {
                let name = none(&error)?;
                Ok(Records { name, aliases: Vec::new(), found: Vec::new() })
            }
        }
    }
}

/// Search lists would find another host, another day, on another machine.
pub(super) fn absolute(name: &str) -> Option<Name> {
    let mut name = Name::from_utf8(name).ok()?;
    name.set_fqdn(true);
    Some(name)
}

/// Whether an error says that there is nothing; otherwise why nobody could say.
pub(super) fn none(error: &NetError) -> Result<NameState, SilenceKind> {
    match error {
        // A referral is no answer: a server that does not look further does not know.
        NetError::Dns(DnsError::NoRecordsFound(none)) if none.soa.is_none() && none.ns.is_some() => Err(SilenceKind::NameServerFailed),
        error if error.is_nx_domain() => Ok(NameState::Unknown),
        error if error.is_no_records_found() => Ok(NameState::Exists),
        NetError::Timeout => Err(SilenceKind::TimedOut),
        _ => Err(SilenceKind::NameServerFailed),
    }
}

fn type_of(kind: RecordKind) -> RecordType {
    match kind {
        RecordKind::A => RecordType::A,
        RecordKind::Aaaa => RecordType::AAAA,
        RecordKind::Caa => RecordType::CAA,
        RecordKind::Mx => RecordType::MX,
        RecordKind::Ns => RecordType::NS,
        RecordKind::Ptr => RecordType::PTR,
        RecordKind::Soa => RecordType::SOA,
        RecordKind::Tlsa => RecordType::TLSA,
        RecordKind::Txt => RecordType::TXT,
    }
}

/// What a whole message tells of the name that it asks for, for `super::fuzzing`.
pub(super) fn told(message: &[u8]) -> Option<Records> {
    let message = Message::from_vec(message).ok()?;
    let query = message.queries.first()?.clone();
    let name = absolute(&query.name().to_utf8())?;
    Some(read(&name, &Lookup::new_with_max_ttl(query, message.answers)))
}

/// Only what belongs to the name or to an alias of it: a server may add what it likes.
fn read(asked: &Name, lookup: &Lookup) -> Records {
    let mut owners = vec![asked.to_lowercase()];
    let mut aliases = Vec::new();
    while let Some(target) = lookup.answers().iter().find_map(|record| match &record.data {
        RData::CNAME(target) if record.name.to_lowercase() == *owners.last().expect("never empty") => Some(target.0.to_lowercase()),
        _ => None,
    }) {
        if owners.contains(&target) {
            break;
        }
        aliases.push(spelt(&target));
        owners.push(target);
    }
    let own = lookup.answers().iter().filter(|record| owners.contains(&record.name.to_lowercase()));
    let mut found: Vec<Record> = own.filter_map(|record| meant(&record.data)).collect();
    found.sort();
    found.dedup();
    found.truncate(MOST_RECORDS);
    Records { name: NameState::Exists, aliases, found }
}

fn meant(data: &RData) -> Option<Record> {
    Some(match data {
        RData::A(address) => Record::Address(IpAddr::V4(address.0)),
        RData::AAAA(address) => Record::Address(IpAddr::V6(address.0)),
        RData::CAA(caa) => Record::Caa { tag: text(caa.tag.to_ascii_lowercase().as_bytes()), value: text(&caa.value) },
        RData::MX(mx) => Record::Mx { preference: mx.preference, host: spelt(&mx.exchange) },
        RData::NS(name) => Record::Name(spelt(&name.0)),
        RData::PTR(name) => Record::Name(spelt(&name.0)),
        RData::SOA(soa) => Record::Soa(spelt(&soa.mname)),
        RData::TLSA(tlsa) => {
            let digest = tlsa.cert_data.iter().take(64).fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            });
            Record::Tlsa(tlsa.cert_usage.into(), tlsa.selector.into(), tlsa.matching.into(), digest)
        }
        RData::TXT(txt) => Record::Text(text(&txt.txt_data.concat())),
        _ => return None,
    })
}

/// In small letters, without the final dot; bytes that are no letters are escaped.
fn spelt(name: &Name) -> String {
    clean(name.to_ascii().to_ascii_lowercase().trim_end_matches('.'))
}

fn text(bytes: &[u8]) -> String {
    let text: String = String::from_utf8_lossy(bytes).chars().take(LONGEST_TEXT).collect();
    clean(&text)
}

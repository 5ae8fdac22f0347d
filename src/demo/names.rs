//! The name server of the stage: the zones of `sites.toml`, signed or not, by UDP on loopback.

use std::collections::BTreeMap;
use std::io;

use hickory_resolver::proto::dnssec::crypto::EcdsaSigningKey;
use hickory_resolver::proto::dnssec::rdata::sig::SigInput;
use hickory_resolver::proto::dnssec::rdata::{DNSKEY, DNSSECRData, RRSIG};
use hickory_resolver::proto::dnssec::{Algorithm, DnsSecError, DnssecSigner, SigningKey, TBS};
use hickory_resolver::proto::op::{Message, MessageType, ResponseCode};
use hickory_resolver::proto::rr::{DNSClass, LowerName, Name, RData, Record, RecordSet, RecordType, RrKey, SerialNumber};
use hickory_resolver::proto::serialize::txt::Parser;
use tokio::net::UdpSocket;

use super::site::{Sites, Zone};

/// Signatures hold from 2001 to 2069: the demo may be played on any day.
const HOLDS_FROM: u32 = 1_000_000_000;
const HOLDS_UNTIL: u32 = HOLDS_FROM + i32::MAX as u32;
/// Aliases that are followed within a zone.
const MOST_ALIASES: usize = 8;

#[derive(Default)]
pub(super) struct Names {
    zones: Vec<Signed>,
}

struct Signed {
    origin: LowerName,
    records: BTreeMap<RrKey, RecordSet>,
    /// The signature of each set of records; none of a zone that is not signed.
    signatures: BTreeMap<RrKey, Record>,
    key: Option<DNSKEY>,
}

impl Names {
    pub(super) fn new(sites: &Sites) -> io::Result<Self> {
        let zones = sites.zones.iter().map(|zone| Signed::new(zone).map_err(io::Error::other));
        Ok(Self { zones: zones.collect::<io::Result<_>>()? })
    }

    /// The keys of the signed zones, as DNSKEY records: what a visitor may trust.
    pub(super) fn trust_anchor(&self) -> String {
        let keys = self.zones.iter().filter_map(|zone| Some(format!("{} 60 IN DNSKEY {}\n", zone.origin, zone.key.as_ref()?)));
        keys.collect()
    }

    /// Answers for as long as the runtime lives.
    pub(super) async fn serve(self, socket: UdpSocket) {
        let mut buffer = [0; 4096];
        // A question that cannot be read is not answered; its visitor waits.
        while let Ok((length, visitor)) = socket.recv_from(&mut buffer).await {
            let answer = Message::from_vec(&buffer[..length]).ok().and_then(|question| self.answer(question).to_vec().ok());
            if let Some(answer) = answer {
                let _ = socket.send_to(&answer, visitor).await;
            }
        }
    }

    fn answer(&self, mut message: Message) -> Message {
        message.metadata.message_type = MessageType::Response;
        message.metadata.recursion_available = true;
        message.additionals.clear();
        let signatures = message.edns.as_ref().is_some_and(|edns| edns.flags().dnssec_ok);
        let Some(query) = message.queries.first().cloned() else { return message };
        let (mut name, kind) = (LowerName::from(query.name()), query.query_type());
        for _ in 0..MOST_ALIASES {
            // The deepest zone that holds it.
            let within = self.zones.iter().filter(|zone| zone.origin.zone_of(&name));
            let Some(zone) = within.max_by_key(|zone| zone.origin.num_labels()) else {
                // Of a name of ours that leads elsewhere, the first half is told.
                if message.answers.is_empty() {
                    message.metadata.response_code = ResponseCode::Refused;
                }
                return message;
            };
            let Some(alias) = zone.tell(&name, kind, signatures, &mut message) else { return message };
            name = alias;
        }
        message
    }
}

impl Signed {
    fn new(zone: &Zone) -> anyhow::Result<Self> {
        let mut origin = Name::from_ascii(&zone.name)?;
        origin.set_fqdn(true);
        let (origin, mut records) = Parser::new(zone.records.as_str(), None, Some(origin)).parse()?;
        let (mut signatures, mut key) = (BTreeMap::new(), None);
        if zone.signed {
            let signer = signer(&origin)?;
            let own = DNSKEY::clone(signer.dnskey());
            let keys = Record::from_rdata(origin.clone(), 60, RData::DNSSEC(DNSSECRData::DNSKEY(own.clone())));
            records.insert(RrKey::new(origin.clone().into(), RecordType::DNSKEY), RecordSet::from(keys));
            for (at, set) in &records {
                signatures.insert(at.clone(), sign(&signer, set)?);
            }
            key = Some(own);
        }
        Ok(Self { origin: origin.into(), records, signatures, key })
    }

    /// Adds what the zone says of a name; an alias is handed back to be followed.
    fn tell(&self, name: &LowerName, kind: RecordType, signatures: bool, message: &mut Message) -> Option<LowerName> {
        let at = |kind| RrKey::new(name.clone(), kind);
        for (key, goes_on) in [(at(kind), false), (at(RecordType::CNAME), true)] {
            let Some(set) = self.records.get(&key) else { continue };
            message.answers.extend(set.records_without_rrsigs().cloned());
            message.answers.extend(self.signatures.get(&key).filter(|_| signatures).cloned());
            let target =
                set.records_without_rrsigs().find_map(|record| if let RData::CNAME(to) = &record.data { Some(to.0.clone()) } else { None });
            return target.filter(|_| goes_on).map(LowerName::from);
        }
        let exists = self.records.keys().any(|key| name.zone_of(&key.name));
        if !exists {
            message.metadata.response_code = ResponseCode::NXDomain;
        }
        let start = RrKey::new(self.origin.clone(), RecordType::SOA);
        message.authorities.extend(self.records.get(&start).into_iter().flat_map(RecordSet::records_without_rrsigs).cloned());
        None
    }
}

fn signer(origin: &Name) -> Result<DnssecSigner, DnsSecError> {
    let made = EcdsaSigningKey::generate_pkcs8(Algorithm::ECDSAP256SHA256)?;
    let key = EcdsaSigningKey::from_pkcs8(&made, Algorithm::ECDSAP256SHA256)?;
    let public = DNSKEY::from_key(&key.to_public_key()?);
    Ok(DnssecSigner::new(public, Box::new(key), origin.clone(), std::time::Duration::ZERO))
}

fn sign(signer: &DnssecSigner, set: &RecordSet) -> anyhow::Result<Record> {
    let input = SigInput {
        type_covered: set.record_type(),
        algorithm: signer.key().algorithm(),
        num_labels: set.name().num_labels(),
        original_ttl: set.ttl(),
        sig_expiration: SerialNumber::new(HOLDS_UNTIL),
        sig_inception: SerialNumber::new(HOLDS_FROM),
        key_tag: signer.calculate_key_tag()?,
        signer_name: signer.signer_name().clone(),
    };
    let to_be_signed = TBS::from_input(set.name(), DNSClass::IN, &input, set.records_without_rrsigs())?;
    let signature = RRSIG::from_sig(input, signer.sign(&to_be_signed)?);
    Ok(Record::from_rdata(set.name().clone(), set.ttl(), RData::DNSSEC(DNSSECRData::RRSIG(signature))))
}

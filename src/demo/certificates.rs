//! Certificates made on the spot, good and bad as seen from one day.

use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::site::CertificateKind;
use crate::day::Day;

/// An authority that visitors trust, and one that they do not know.
pub(super) struct Certificates {
    today: Day,
    trusted: CertifiedIssuer<'static, KeyPair>,
    unknown: CertifiedIssuer<'static, KeyPair>,
}

impl CertificateKind {
    /// Days from today to the last day of validity.
    fn days_left(self) -> i32 {
        match self {
            Self::Expired => -1,
            Self::ExpiresSoon => 10,
            _ => 60,
        }
    }
}

impl Certificates {
    pub(super) fn new(today: Day) -> Result<Self, rcgen::Error> {
        let trusted = authority("chatons-audit demo", today)?;
        let unknown = authority("Unknown to all", today)?;
        Ok(Self { today, trusted, unknown })
    }

    pub(super) fn ca_pem(&self) -> String {
        self.trusted.pem()
    }

    /// What a host of that name presents in a handshake.
    pub(super) fn server_config(&self, name: &str, kind: CertificateKind) -> anyhow::Result<Arc<ServerConfig>> {
        let (certificate, key) = self.leaf(name, kind)?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key.serialize_der().into()))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    fn leaf(&self, name: &str, kind: CertificateKind) -> Result<(CertificateDer<'static>, KeyPair), rcgen::Error> {
        let name = if kind == CertificateKind::WrongHost { "elsewhere.example" } else { name };
        let mut leaf = params(name, self.today.plus_days(-30), self.today.plus_days(kind.days_left()), vec![name.to_owned()])?;
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate()?;
        let certificate = match kind {
            CertificateKind::SelfSigned => leaf.self_signed(&key)?,
            CertificateKind::UnknownIssuer => leaf.signed_by(&key, &self.unknown)?,
            _ => leaf.signed_by(&key, &self.trusted)?,
        };
        Ok((certificate.der().clone(), key))
    }
}

fn authority(name: &str, today: Day) -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = params(name, today.plus_days(-365), today.plus_days(3650), Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn params(name: &str, from: Day, until: Day, names: Vec<String>) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let noon = |day: Day| rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(u64::try_from(day.noon_unix()).unwrap_or_default());
    (params.not_before, params.not_after) = (noon(from), noon(until));
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

//! The certificates that the proxy shows to our own browser, in place of those that it has verified itself.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use sha2::{Digest, Sha256};

/// A key made for one visit, which that browser alone believes, and which goes with it.
pub(super) struct Disguise {
    key: KeyPair,
}

impl Disguise {
    pub(super) fn new() -> Result<Self, rcgen::Error> {
        Ok(Self { key: KeyPair::generate()? })
    }

    /// As `--ignore-certificate-errors-spki-list` wants it.
    pub(super) fn digest(&self) -> String {
        STANDARD.encode(Sha256::digest(self.key.subject_public_key_info()))
    }

    /// What is shown for a host; both sides speak the same protocol, since what they say is handed on as it is.
    pub(super) fn config(&self, host: &str, protocol: Option<&[u8]>) -> anyhow::Result<Arc<ServerConfig>> {
        let certificate = CertificateParams::new(vec![host.trim_matches(['[', ']']).to_owned()])?.self_signed(&self.key)?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(self.key.serialize_der().into()))?;
        config.alpn_protocols = protocol.map(<[u8]>::to_vec).into_iter().collect();
        Ok(Arc::new(config))
    }
}

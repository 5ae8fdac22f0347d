//! Certificates made for the occasion, good and bad.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, CustomExtension, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, SupportedProtocolVersion};
use tempfile::NamedTempFile;

/// An authority, known or not.
pub(super) struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub(super) fn root(name: &str) -> Self {
        let (params, key) = (authority(name), KeyPair::generate().unwrap());
        Self { certificate: params.self_signed(&key).unwrap(), issuer: Issuer::new(params, key) }
    }

    pub(super) fn intermediate(&self, name: &str) -> Self {
        let (params, key) = (authority(name), KeyPair::generate().unwrap());
        Self { certificate: params.signed_by(&key, &self.issuer).unwrap(), issuer: Issuer::new(params, key) }
    }

    pub(super) fn der(&self) -> CertificateDer<'static> {
        self.certificate.der().clone()
    }

    /// The server's configuration: a leaf, and the others as they are to be served.
    pub(super) fn serve(&self, leaf: &CertificateParams, others: &[&Self]) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let certificate = leaf.signed_by(&key, &self.issuer).unwrap();
        let others = others.iter().map(|other| other.certificate.der().clone());
        config(std::iter::once(certificate.der().clone()).chain(others).collect(), &key)
    }

    /// The same, by a server that speaks one version alone.
    pub(super) fn serve_by(&self, leaf: &CertificateParams, version: &'static SupportedProtocolVersion) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let chain = vec![leaf.signed_by(&key, &self.issuer).unwrap().der().clone()];
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        builder.with_protocol_versions(&[version]).unwrap().with_no_client_auth().with_single_cert(chain, key).unwrap()
    }

    /// The same, with an OCSP answer that nobody reads.
    pub(super) fn serve_stapled(&self, leaf: &CertificateParams) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let chain = vec![leaf.signed_by(&key, &self.issuer).unwrap().der().clone()];
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        Arc::new(builder.with_single_cert_with_ocsp(chain, key, vec![1, 2, 3]).unwrap())
    }

    /// For `--ca-file`; the file lives as long as the first value.
    pub(super) fn file(&self) -> (NamedTempFile, Vec<PathBuf>) {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(self.certificate.pem().as_bytes()).unwrap();
        let path = file.path().to_owned();
        (file, vec![path])
    }
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    params.distinguished_name.push(DnType::OrganizationName, format!("{name} & Co"));
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2040, 1, 1));
    params
}

/// A leaf for a host, valid from the first of January 2026 to the first of January 2027.
pub(super) fn leaf(host: &str) -> CertificateParams {
    let mut params = CertificateParams::new([host.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, host);
    (params.not_before, params.not_after) = (date_time_ymd(2026, 1, 1), date_time_ymd(2027, 1, 1));
    params
}

/// Says where the issuer's certificate is: `SEQUENCE { SEQUENCE { OID caIssuers, [6] "http://a.test/" } }`.
pub(super) fn with_ca_issuers(mut leaf: CertificateParams) -> CertificateParams {
    let access = b"\x30\x1c\x30\x1a\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x02\x86\x0ehttp://a.test/";
    leaf.custom_extensions.push(CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], access.to_vec()));
    leaf
}

pub(super) fn self_signed(params: &CertificateParams) -> Arc<ServerConfig> {
    let key = KeyPair::generate().unwrap();
    config(vec![params.self_signed(&key).unwrap().der().clone()], &key)
}

fn config(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> Arc<ServerConfig> {
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    Arc::new(builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth().with_single_cert(chain, key).unwrap())
}

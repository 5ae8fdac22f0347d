//! Signatures that verifiers no longer accept, so that a weak one is not mistaken for an unknown authority.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA1_ASN1, RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, UnparsedPublicKey, VerificationAlgorithm,
};
use rustls::pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};

const MD5_WITH_RSA: AlgorithmIdentifier = AlgorithmIdentifier::from_slice(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04\x05\x00");
const SHA1_WITH_RSA: AlgorithmIdentifier = AlgorithmIdentifier::from_slice(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05\x05\x00");
const SHA1_WITH_ECDSA: AlgorithmIdentifier = AlgorithmIdentifier::from_slice(b"\x06\x07\x2a\x86\x48\xce\x3d\x04\x01");

/// To be tried before those of today, which refuse the short keys that these take.
pub(super) const ALGORITHMS: [&dyn SignatureVerificationAlgorithm; 6] = [
    &Weak::rsa(alg_id::RSA_PKCS1_SHA256, Some(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY)),
    &Weak::rsa(alg_id::RSA_PKCS1_SHA512, Some(&RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY)),
    &Weak::rsa(SHA1_WITH_RSA, Some(&RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY)),
    &Weak { key: alg_id::ECDSA_P256, signature: SHA1_WITH_ECDSA, verifier: Some(&ECDSA_P256_SHA1_ASN1) },
    &Weak { key: alg_id::ECDSA_P384, signature: SHA1_WITH_ECDSA, verifier: None },
    &Weak::rsa(MD5_WITH_RSA, None),
];

#[derive(Debug)]
struct Weak {
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    /// What nothing here can verify is taken at its word: whatever it signs is told to be weak.
    verifier: Option<&'static dyn VerificationAlgorithm>,
}

impl Weak {
    const fn rsa(signature: AlgorithmIdentifier, verifier: Option<&'static dyn VerificationAlgorithm>) -> Self {
        Self { key: alg_id::RSA_ENCRYPTION, signature, verifier }
    }
}

impl SignatureVerificationAlgorithm for Weak {
    fn verify_signature(&self, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        match self.verifier {
            Some(verifier) => UnparsedPublicKey::new(verifier, key).verify(message, signature).map_err(|_| InvalidSignature),
            None => Ok(()),
        }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

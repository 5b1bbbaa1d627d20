//! josekit's signer trait, with ring behind it.

use josekit::JoseError;
use josekit::jwk::Jwk;
use josekit::jws::{self, JwsAlgorithm, JwsSigner};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
};
use std::sync::Arc;
use zeroize::Zeroizing;

use super::KeyError;
use crate::jwk::Material;
use crate::{Algorithm, PublicJwk, base64url};

#[derive(Debug)]
enum Pair {
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// Signs ES256, ES384 or EdDSA.
#[derive(Clone, Debug)]
pub(super) struct RingSigner {
    pair: Arc<Pair>,
    algorithm: Algorithm,
    kid: Arc<str>,
}

impl RingSigner {
    /// `jwk` has the private half, `public` the checked public one; ring refuses halves that do not belong
    /// together.
    pub(super) fn new(jwk: &Jwk, algorithm: Algorithm, public: &PublicJwk) -> Result<Self, KeyError> {
        let d = jwk.parameter("d").and_then(|d| d.as_str()).and_then(base64url::decode);
        let d = Zeroizing::new(d.ok_or(KeyError::Malformed)?);
        let pair = match public.material() {
            Material::Ec { x, y, .. } => {
                let scheme = match algorithm {
                    Algorithm::ES384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
                    _ => &ECDSA_P256_SHA256_FIXED_SIGNING,
                };
                let point = [&[0x04], x.as_slice(), y.as_slice()].concat();
                let random = SystemRandom::new();
                EcdsaKeyPair::from_private_key_and_public_key(scheme, &d, &point, &random).map(Pair::Ecdsa)
            }
            Material::Ed25519 { x } => Ed25519KeyPair::from_seed_and_public_key(&d, x).map(Pair::Ed25519),
            Material::Rsa { .. } => return Err(KeyError::Malformed),
        };
        let pair = Arc::new(pair.map_err(|_| KeyError::Inconsistent)?);
        Ok(Self { pair, algorithm, kid: public.thumbprint().into() })
    }
}

impl JwsSigner for RingSigner {
    fn algorithm(&self) -> &dyn JwsAlgorithm {
        match self.algorithm {
            Algorithm::ES384 => &jws::ES384,
            Algorithm::EdDSA => &jws::EdDSA,
            _ => &jws::ES256,
        }
    }

    fn key_id(&self) -> Option<&str> {
        Some(&self.kid)
    }

    fn signature_len(&self) -> usize {
        if self.algorithm == Algorithm::ES384 { 96 } else { 64 }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, JoseError> {
        let signature = match &*self.pair {
            Pair::Ecdsa(pair) => pair
                .sign(&SystemRandom::new(), message)
                .map_err(|error| JoseError::InvalidSignature(error.into()))?,
            Pair::Ed25519(pair) => pair.sign(message),
        };
        Ok(signature.as_ref().to_vec())
    }

    fn box_clone(&self) -> Box<dyn JwsSigner> {
        Box::new(self.clone())
    }
}

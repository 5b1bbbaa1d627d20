//! Signed tokens in compact serialization (RFC 7515).

#[cfg(test)]
mod tests;

use ring::signature::{
    self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use std::fmt;

use crate::jwk::Material;
use crate::{Algorithm, JwkError, PublicJwk, base64url};

/// The longest token that is looked at, in bytes.
pub const MAX_TOKEN_LEN: usize = 16 * 1024;

/// Why a token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Longer than [`MAX_TOKEN_LEN`].
    #[error("the token is longer than 16 KiB")]
    TooLong,
    /// Not three base64url parts with a JSON object as header.
    #[error("not a well-formed signed token")]
    Malformed,
    /// The header has `crit` or `b64`: extensions that are not implemented here (RFC 7515 §4.1.11).
    #[error("the header demands an extension that is not supported")]
    CriticalHeader,
    /// `alg` is unknown, `none`, or not allowed here.
    #[error("the signature algorithm is unknown or not allowed")]
    AlgorithmNotAllowed,
    /// `alg` is not the key's algorithm.
    #[error("the header names another algorithm than the key's")]
    AlgorithmMismatch,
    /// No key of the set can have signed it.
    #[error("no key fits the token")]
    NoKey,
    /// The signature is not the key's.
    #[error("the signature is not valid")]
    BadSignature,
}

/// The protected header's members that mean something here. Others are ignored (RFC 7515 §4); a repeated one
/// of these is refused.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Header {
    /// The algorithm that the signer names. It never selects a key's algorithm.
    pub alg: String,
    /// Which key was used.
    #[serde(default)]
    pub kid: Option<String>,
    /// The media type of the whole token.
    #[serde(default)]
    pub typ: Option<String>,
    #[serde(default, rename = "crit", deserialize_with = "present")]
    has_crit: bool,
    #[serde(default, rename = "b64", deserialize_with = "present")]
    has_b64: bool,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

impl Header {
    fn parse(json: &[u8]) -> Result<Self, JwsError> {
        // serde would read a struct from an array, too.
        if !json.trim_ascii_start().starts_with(b"{") {
            return Err(JwsError::Malformed);
        }
        let header: Self = serde_json::from_slice(json).map_err(|_| JwsError::Malformed)?;
        if header.has_crit || header.has_b64 { Err(JwsError::CriticalHeader) } else { Ok(header) }
    }

    /// Whether `typ` is the media type `application/{subtype}` (RFC 7515 §4.1.9: the prefix may be left out,
    /// and case does not matter).
    pub fn is_type(&self, subtype: &str) -> bool {
        const PREFIX: &str = "application/";
        let Some(typ) = self.typ.as_deref() else { return false };
        let bare = match typ.get(..PREFIX.len()) {
            Some(start) if start.eq_ignore_ascii_case(PREFIX) => &typ[PREFIX.len()..],
            _ => typ,
        };
        bare.eq_ignore_ascii_case(subtype)
    }

    /// The algorithm that the header names, if it is one of ours.
    pub fn algorithm(&self) -> Result<Algorithm, JwsError> {
        self.alg.parse().map_err(|_| JwsError::AlgorithmNotAllowed)
    }
}

/// A token taken apart, not verified yet: nothing in it is true before [`Parsed::verify`].
#[derive(Clone, Debug)]
pub struct Parsed<'a> {
    /// The protected header.
    pub header: Header,
    /// The decoded payload.
    pub payload: Vec<u8>,
    signing_input: &'a str,
    signature: Vec<u8>,
}

impl<'a> Parsed<'a> {
    /// Takes a compact serialization apart (RFC 7515 §5.2 steps 1 to 7).
    pub fn parse(token: &'a str) -> Result<Self, JwsError> {
        if token.len() > MAX_TOKEN_LEN {
            return Err(JwsError::TooLong);
        }
        let (signing_input, signature) = token.rsplit_once('.').ok_or(JwsError::Malformed)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JwsError::Malformed)?;
        // A fourth part leaves a dot in the payload, which base64url refuses.
        let decode = |part| base64url::decode(part).ok_or(JwsError::Malformed);
        let header = Header::parse(&decode(header)?)?;
        Ok(Self { header, payload: decode(payload)?, signing_input, signature: decode(signature)? })
    }

    /// Verifies the signature (RFC 7515 §5.2 step 8). The key's algorithm is used; a header that names another
    /// is refused (RFC 8725 §3.1).
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), JwsError> {
        if self.header.algorithm()? != key.algorithm {
            return Err(JwsError::AlgorithmMismatch);
        }
        key.verify(self.signing_input.as_bytes(), &self.signature)
    }
}

/// A public key prepared for one algorithm.
#[derive(Clone)]
pub struct VerifyingKey {
    algorithm: Algorithm,
    prepared: Prepared,
}

#[derive(Clone)]
enum Prepared {
    Bytes(UnparsedPublicKey<Vec<u8>>),
    Rsa(&'static RsaParameters, RsaPublicKeyComponents<Vec<u8>>),
}

impl VerifyingKey {
    /// Prepares `jwk` for `algorithm`, which must fit its type and its own `alg`.
    pub fn from_jwk(jwk: &PublicJwk, algorithm: Algorithm) -> Result<Self, JwkError> {
        if !jwk.usable_for(algorithm) {
            return Err(JwkError::UnsupportedAlgorithm);
        }
        let prepared = match jwk.material() {
            Material::Ec { x, y, .. } => {
                // SEC 1 §2.3.3: 0x04 ‖ x ‖ y is the uncompressed point. ring checks that it is on the curve.
                let point = [&[0x04], x.as_slice(), y.as_slice()].concat();
                let scheme: &'static dyn VerificationAlgorithm = match algorithm {
                    Algorithm::ES384 => &signature::ECDSA_P384_SHA384_FIXED,
                    _ => &signature::ECDSA_P256_SHA256_FIXED,
                };
                Prepared::Bytes(UnparsedPublicKey::new(scheme, point))
            }
            Material::Ed25519 { x } => {
                Prepared::Bytes(UnparsedPublicKey::new(&signature::ED25519, x.clone()))
            }
            Material::Rsa { n, e } => {
                let scheme = match algorithm {
                    Algorithm::PS256 => &signature::RSA_PSS_2048_8192_SHA256,
                    _ => &signature::RSA_PKCS1_2048_8192_SHA256,
                };
                Prepared::Rsa(scheme, RsaPublicKeyComponents { n: n.clone(), e: e.clone() })
            }
        };
        Ok(Self { algorithm, prepared })
    }

    /// The only algorithm that this key verifies.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Checks a signature as the algorithm makes it, outside of any JWS.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), JwsError> {
        match &self.prepared {
            Prepared::Bytes(key) => key.verify(message, signature),
            Prepared::Rsa(parameters, key) => key.verify(parameters, message, signature),
        }
        .map_err(|_| JwsError::BadSignature)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

//! Public keys as JSON (RFC 7517, RFC 7518 §6, RFC 8037 §2).

mod members;
mod set;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Algorithm, base64url};
use members::{Members, Published};

pub use set::{JwkSet, MAX_KEYS};

/// Why a JWK was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// Not a JSON object with well-formed members.
    #[error("not a well-formed JSON Web Key")]
    Malformed,
    /// It holds a private or symmetric key, which must never be shown.
    #[error("holds private key members; only the public members belong here")]
    PrivateMembers,
    /// A key type or curve that no algorithm of ours uses.
    #[error("unsupported key type or curve (EC P-256, EC P-384, OKP Ed25519 and RSA are supported)")]
    UnsupportedKey,
    /// An `alg` that is not ours, or does not fit the key.
    #[error("`alg` is unsupported or does not fit the key")]
    UnsupportedAlgorithm,
    /// `use` or `key_ops` say that it does not verify signatures.
    #[error("`use` or `key_ops` do not allow signatures")]
    NotForSignatures,
    /// An RSA modulus under 2048 or over 8192 bits, or a useless exponent.
    #[error("an RSA key needs 2048 to 8192 bits and an odd exponent of at least 3")]
    WeakRsa,
    /// A set with no keys, or with too many.
    #[error("a key set holds between 1 and 50 keys")]
    KeyCount,
}

/// The curves of RFC 7518 §6.2.1.1 that Signet uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
}

impl Curve {
    fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }

    /// Bytes of a coordinate (RFC 7518 §6.2.1.2: always the full size).
    fn coordinate_len(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }
}

/// The public key itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Material {
    Ec { curve: Curve, x: Vec<u8>, y: Vec<u8> },
    Rsa { n: Vec<u8>, e: Vec<u8> },
    Ed25519 { x: Vec<u8> },
}

/// A public key that verifies signatures. Reading one checks it, so that a value of this type holds public
/// members only, of a supported type and sufficient size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicJwk {
    material: Material,
    kid: Option<String>,
    algorithm: Option<Algorithm>,
}

impl PublicJwk {
    /// Reads a JWK.
    pub fn from_json(json: &[u8]) -> Result<Self, JwkError> {
        let value: serde_json::Value = serde_json::from_slice(json).map_err(|_| JwkError::Malformed)?;
        Self::from_value(&value)
    }

    /// Reads a JWK that is JSON already.
    pub fn from_value(value: &serde_json::Value) -> Result<Self, JwkError> {
        Members::read(value, members::Side::Public)?.into_public()
    }

    /// The key's own identifier (RFC 7517 §4.5).
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The algorithm the key is bound to (RFC 7517 §4.4).
    pub fn algorithm(&self) -> Option<Algorithm> {
        self.algorithm
    }

    /// Whether the key's type fits `algorithm`, and its own `alg`, if any, says the same.
    pub fn usable_for(&self, algorithm: Algorithm) -> bool {
        self.fits(algorithm) && self.algorithm.is_none_or(|own| own == algorithm)
    }

    fn fits(&self, algorithm: Algorithm) -> bool {
        match &self.material {
            Material::Ec { curve: Curve::P256, .. } => algorithm == Algorithm::ES256,
            Material::Ec { curve: Curve::P384, .. } => algorithm == Algorithm::ES384,
            Material::Rsa { .. } => matches!(algorithm, Algorithm::RS256 | Algorithm::PS256),
            Material::Ed25519 { .. } => algorithm == Algorithm::EdDSA,
        }
    }

    /// The SHA-256 thumbprint, in base64url (RFC 7638 §3, RFC 8037 §2).
    pub fn thumbprint(&self) -> String {
        // RFC 7638 §3.2: only the required members, in lexicographic order, without white space. All values
        // are base64url or plain names, so nothing needs escaping.
        let canonical = match &self.material {
            Material::Ec { curve, x, y } => format!(
                r#"{{"crv":"{}","kty":"EC","x":"{}","y":"{}"}}"#,
                curve.name(),
                base64url::encode(x),
                base64url::encode(y)
            ),
            Material::Rsa { n, e } => {
                format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, base64url::encode(e), base64url::encode(n))
            }
            Material::Ed25519 { x } => {
                format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, base64url::encode(x))
            }
        };
        base64url::encode(ring::digest::digest(&ring::digest::SHA256, canonical.as_bytes()).as_ref())
    }

    pub(crate) fn material(&self) -> &Material {
        &self.material
    }

    /// The same key, bound to `algorithm` and named by its thumbprint, as Signet publishes its own.
    #[cfg(feature = "issue")]
    pub(crate) fn bound_to(mut self, algorithm: Algorithm) -> Result<Self, JwkError> {
        if !self.usable_for(algorithm) {
            return Err(JwkError::UnsupportedAlgorithm);
        }
        self.algorithm = Some(algorithm);
        self.kid = Some(self.thumbprint());
        Ok(self)
    }

    /// The public half of a private JWK.
    #[cfg(feature = "issue")]
    pub(crate) fn of_private(value: &serde_json::Value) -> Result<Self, JwkError> {
        Members::read(value, members::Side::Private)?.into_public()
    }
}

impl Serialize for PublicJwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Published::of(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PublicJwk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Self::from_value(&value).map_err(serde::de::Error::custom)
    }
}

//! Reading private keys from outside.

use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use josekit::jwk::alg::ed::EdKeyPair;
use josekit::jwk::alg::rsa::RsaKeyPair;
use josekit::jwk::{Jwk, KeyPair};
use serde_json::Value;

use super::KeyError;
use crate::{Algorithm, PublicJwk};

/// A JWK with both halves of the key in `pem`.
pub(super) fn from_pem(pem: &str, algorithm: Algorithm) -> Result<Jwk, KeyError> {
    let block = private_key_block(pem)?;
    let pair: Result<Box<dyn KeyPair>, _> = match algorithm {
        Algorithm::ES256 => EcKeyPair::from_pem(block, Some(EcCurve::P256)).map(boxed),
        Algorithm::ES384 => EcKeyPair::from_pem(block, Some(EcCurve::P384)).map(boxed),
        Algorithm::EdDSA => EdKeyPair::from_pem(block).map(boxed),
        Algorithm::RS256 | Algorithm::PS256 => RsaKeyPair::from_pem(block).map(boxed),
    };
    pair.map(|pair| pair.to_jwk_key_pair()).map_err(|_| KeyError::Malformed)
}

fn boxed(pair: impl KeyPair + 'static) -> Box<dyn KeyPair> {
    Box::new(pair)
}

/// The one block that is a private key: `openssl ecparam` writes the curve's parameters in front of it.
fn private_key_block(pem: &str) -> Result<&str, KeyError> {
    if pem.contains("BEGIN ENCRYPTED PRIVATE KEY") || pem.contains("Proc-Type: 4,ENCRYPTED") {
        return Err(KeyError::Encrypted);
    }
    const LABELS: [&str; 3] = ["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"];
    for label in LABELS {
        let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
        if let Some(start) = pem.find(&begin)
            && let Some(len) = pem[start..].find(&end)
        {
            return Ok(&pem[start..start + len + end.len()]);
        }
    }
    Err(if pem.contains("PUBLIC KEY-----") { KeyError::PublicOnly } else { KeyError::Malformed })
}

/// The private JWK in `json` with both halves, and its algorithm: the one asked for, or the key's own.
pub(super) fn from_jwk(json: &[u8], asked: Option<Algorithm>) -> Result<(Jwk, Algorithm), KeyError> {
    let value: Value = serde_json::from_slice(json).map_err(|_| KeyError::Malformed)?;
    let public = PublicJwk::of_private(&value)?;
    let Value::Object(members) = value else { return Err(KeyError::Malformed) };
    if !members.contains_key("d") {
        return Err(KeyError::PublicOnly);
    }
    let algorithm = match asked.or_else(|| public.algorithm()) {
        Some(algorithm) => algorithm,
        None => only_algorithm(&public).ok_or(KeyError::AlgorithmNeeded)?,
    };
    let jwk = Jwk::from_map(members).map_err(|_| KeyError::Malformed)?;
    Ok((jwk, algorithm))
}

fn only_algorithm(public: &PublicJwk) -> Option<Algorithm> {
    let mut fitting = Algorithm::ALL.into_iter().filter(|algorithm| public.usable_for(*algorithm));
    fitting.next().filter(|_| fitting.next().is_none())
}

//! Keys that sign. ring signs ES256, ES384 and EdDSA through josekit's signer trait; RSA stays with josekit's
//! OpenSSL, which is twice as fast at it.

mod import;
mod ring_signer;
#[cfg(test)]
mod tests;

use josekit::jwk::Jwk;
use josekit::jws::{self, JwsHeader, JwsSigner};
use std::fmt;
use zeroize::Zeroizing;

use crate::{Algorithm, JwkError, JwsError, PublicJwk, VerifyingKey};
use ring_signer::RingSigner;

/// Bits of an RSA key that Signet makes itself.
const RSA_BITS: u32 = 2048;
/// What a key signs, once, to prove that its halves belong together.
const PROBE: &[u8] = b"signet key check";

/// Why a private key could not be made or taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Neither a PEM block nor a JSON Web Key of a private key that fits the algorithm.
    #[error("not a private key of the algorithm in PEM (PKCS#8, SEC1 or PKCS#1) or JWK form")]
    Malformed,
    /// Protected by a password.
    #[error("the key is encrypted; decrypt it first")]
    Encrypted,
    /// A public key where a private one is needed.
    #[error("this is a public key; the private key is needed")]
    PublicOnly,
    /// An RSA key in JWK form that does not say `alg`, and no algorithm was given.
    #[error("the key fits several algorithms; say which")]
    AlgorithmNeeded,
    /// The key's type, size, `use` or `alg`.
    #[error(transparent)]
    Unsuitable(#[from] JwkError),
    /// Private and public half do not belong together.
    #[error("private and public half of the key do not belong together")]
    Inconsistent,
    /// The cryptographic library made no key.
    #[error("the key could not be made")]
    Generation,
}

/// Signing failed inside the cryptographic library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("signing failed")]
pub struct SignError;

/// A private key bound to one algorithm, ready to sign.
pub struct SigningKey {
    algorithm: Algorithm,
    public: PublicJwk,
    kid: String,
    verifying: VerifyingKey,
    private: Zeroizing<Vec<u8>>,
    signer: Box<dyn JwsSigner>,
    /// Headers made ahead, for the types of token that are issued all the time.
    headers: [(&'static str, JwsHeader); 2],
}

impl SigningKey {
    /// Makes a new key. RSA takes about a quarter of a second of computing: off the workers, ahead of need.
    pub fn generate(algorithm: Algorithm) -> Result<Self, KeyError> {
        let jwk = match algorithm {
            Algorithm::ES256 => Jwk::generate_ec_key(josekit::jwk::P_256),
            Algorithm::ES384 => Jwk::generate_ec_key(josekit::jwk::P_384),
            Algorithm::EdDSA => Jwk::generate_ed_key(josekit::jwk::Ed25519),
            Algorithm::RS256 | Algorithm::PS256 => Jwk::generate_rsa_key(RSA_BITS),
        };
        Self::from_key_pair(jwk.map_err(|_| KeyError::Generation)?, algorithm)
    }

    /// Takes a private key in PEM form: PKCS#8, SEC1 (`EC PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`).
    pub fn from_pem(pem: &str, algorithm: Algorithm) -> Result<Self, KeyError> {
        Self::from_key_pair(import::from_pem(pem, algorithm)?, algorithm)
    }

    /// Takes a private key as a JWK (RFC 7517). `algorithm` may be left out if the key names it or its type
    /// has only one.
    pub fn from_jwk(json: &[u8], algorithm: Option<Algorithm>) -> Result<Self, KeyError> {
        let (jwk, algorithm) = import::from_jwk(json, algorithm)?;
        Self::from_key_pair(jwk, algorithm)
    }

    /// Takes what [`SigningKey::to_private_bytes`] gave.
    pub fn from_private_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        Self::from_jwk(bytes, None)
    }

    /// The private key as a JWK, to be sealed and kept.
    pub fn to_private_bytes(&self) -> Zeroizing<Vec<u8>> {
        self.private.clone()
    }

    /// Builds the key from a JWK that has both halves.
    fn from_key_pair(mut jwk: Jwk, algorithm: Algorithm) -> Result<Self, KeyError> {
        let members = serde_json::Value::Object(jwk.as_ref().clone());
        let public = PublicJwk::of_private(&members)?.bound_to(algorithm)?;
        let kid = public.thumbprint();
        jwk.set_key_use("sig");
        jwk.set_algorithm(algorithm.as_str());
        jwk.set_key_id(&kid);
        let signer: Box<dyn JwsSigner> = match algorithm {
            Algorithm::ES256 | Algorithm::ES384 | Algorithm::EdDSA => {
                Box::new(RingSigner::new(&jwk, algorithm, &public)?)
            }
            Algorithm::RS256 => Box::new(jws::RS256.signer_from_jwk(&jwk).map_err(|_| KeyError::Malformed)?),
            Algorithm::PS256 => Box::new(jws::PS256.signer_from_jwk(&jwk).map_err(|_| KeyError::Malformed)?),
        };
        let private = serde_json::to_vec(jwk.as_ref()).map_err(|_| KeyError::Malformed)?;
        let verifying = VerifyingKey::from_jwk(&public, algorithm)?;
        let headers = ["at+jwt", "JWT"].map(|typ| (typ, header(typ)));
        let key =
            Self { algorithm, public, kid, verifying, private: Zeroizing::new(private), signer, headers };
        key.check().map_err(|_| KeyError::Inconsistent)?;
        Ok(key)
    }

    /// An imported key could have halves of two different keys: sign something and verify it.
    fn check(&self) -> Result<(), JwsError> {
        let signature = self.signer.sign(PROBE).map_err(|_| JwsError::BadSignature)?;
        self.verifying.verify(PROBE, &signature)
    }

    /// The key's identifier: its thumbprint (RFC 7638).
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The only algorithm that it signs with.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public half, with `kid`, `alg` and `use`.
    pub fn public_jwk(&self) -> &PublicJwk {
        &self.public
    }

    /// The public half, ready to verify.
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.verifying
    }

    /// Signs bytes that are no JWS; [`VerifyingKey::verify`] checks it.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        self.signer.sign(message).map_err(|_| SignError)
    }

    /// Signs `payload` into a compact serialization (RFC 7515 §7.1) with the header members `alg`, `kid` and
    /// `typ`.
    pub fn sign_compact(&self, typ: &str, payload: &[u8]) -> Result<String, SignError> {
        let made = self.headers.iter().find(|(known, _)| *known == typ);
        let signed = match made {
            Some((_, header)) => jws::serialize_compact(payload, header, &*self.signer),
            None => jws::serialize_compact(payload, &header(typ), &*self.signer),
        };
        signed.map_err(|_| SignError)
    }
}

/// josekit adds `alg` and `kid` from the signer.
fn header(typ: &str) -> JwsHeader {
    let mut header = JwsHeader::new();
    header.set_token_type(typ);
    header
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

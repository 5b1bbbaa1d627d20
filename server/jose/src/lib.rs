//! Keys and what is made with them: JWK, JWS, JWT verification, sealing at rest.
//!
//! Verification (`jwk`, `jws`, `verify`) and sealing need ring and serde only, so that a resource server
//! can use them alone; making signatures is the feature `issue`.

mod algorithm;
mod base64url;
pub mod jwk;
pub mod jws;
pub mod message;
pub mod refresh;
pub mod seal;
#[cfg(feature = "issue")]
pub mod signing;
mod symmetric;
#[cfg(test)]
mod testing;
pub mod verify;

pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use jwk::{JwkError, JwkSet, PublicJwk};
pub use jws::{Header, JwsError, Parsed, VerifyingKey};
pub use message::MessageSealer;
pub use refresh::{Forged, NoSuchKey, OpenedRefresh, RefreshKeys};
pub use seal::{MasterKeys, SealError};
#[cfg(feature = "issue")]
pub use signing::{KeyError, SignError, SigningKey};
pub use symmetric::{InvalidKeyId, KeyId, RandomnessFailed, generate_symmetric_key};

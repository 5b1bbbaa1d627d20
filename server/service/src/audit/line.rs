//! A seal as it leaves this deployment: a line of JSON, enough to check its hash, its signature, and what follows it.

use serde::{Deserialize, Serialize};
use signet_protocol::audit::seal::Digest;
use signet_store::SignedSeal;

/// A seal that is exported. Hashes and the signature are hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealLine {
    /// 1, 2, 3 …
    pub seq: i64,
    /// When it was made, RFC 3339, to the millisecond.
    pub at: String,
    /// The hash of the one before.
    pub previous: String,
    /// The least number of a row in it; 0: it has none.
    pub first_id: i64,
    /// The greatest number of a row in it; 0: it has none.
    pub last_id: i64,
    /// How far rows were dropped for their age.
    pub dropped_through: i64,
    /// SHA-256 of the numbers and digests of its rows.
    pub rows_sha256: String,
    /// The key that signed it.
    pub kid: String,
    /// Its hash.
    pub hash: String,
    /// The Ed25519 signature over the hash.
    pub signature: String,
}

impl SealLine {
    /// Of a seal.
    pub fn of(signed: &SignedSeal) -> Self {
        let seal = &signed.seal;
        Self {
            seq: seal.seq,
            at: seal.at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            previous: seal.previous.to_string(),
            first_id: seal.first_id,
            last_id: seal.last_id,
            dropped_through: seal.dropped_through,
            rows_sha256: Digest::of(&seal.rows).to_string(),
            kid: seal.kid.to_string(),
            hash: seal.hash().to_string(),
            signature: signed.signature.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

//! Comparing a password with a hash of any kind that is known.

use super::hashing::fill;
use super::pool::Memory;
use argon2::{Algorithm, Argon2, Params, Version};
use ring::pbkdf2;
use signet_protocol::password::stored::{
    Argon2Hash, Argon2Variant, BcryptHash, Pbkdf2Digest, Pbkdf2Hash, ScryptHash,
};
use signet_protocol::password::{PasswordHash, normalized};
use signet_protocol::secret::Secret;
use std::num::NonZeroU32;
use subtle::ConstantTimeEq as _;

/// bcrypt reads no more of a password than that.
const BCRYPT_BYTES: usize = 72;

/// What of a password a hash was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// Of its normal form.
    Normal,
    /// Of what was typed, which is another text.
    AsTyped,
    /// Of another password.
    Wrong,
}

/// Compares a password, as it was typed, with a hash. Others, and we in the past, hashed what was typed: where the
/// normal form differs from that, both are tried, whoever it is.
pub(super) fn compare(typed: &Secret<String>, hash: &PasswordHash, memory: &mut Memory) -> Compared {
    let normal = normalized(typed);
    if matches(normal.expose(), hash, memory) {
        Compared::Normal
    } else if normal.expose() != typed.expose() && matches(typed.expose(), hash, memory) {
        Compared::AsTyped
    } else {
        Compared::Wrong
    }
}

/// Hashes as the hash says, and compares the outputs in constant time.
fn matches(password: &str, hash: &PasswordHash, memory: &mut Memory) -> bool {
    let password = password.as_bytes();
    match hash {
        PasswordHash::Argon2(hash) => argon2(password, hash, memory).unwrap_or(false),
        PasswordHash::Bcrypt(hash) => bcrypt(password, hash),
        PasswordHash::Pbkdf2(hash) => pbkdf2(password, hash),
        PasswordHash::Scrypt(hash) => scrypt(password, hash).unwrap_or(false),
    }
}

fn argon2(password: &[u8], hash: &Argon2Hash, memory: &mut Memory) -> Option<bool> {
    let algorithm = match hash.variant {
        Argon2Variant::D => Algorithm::Argon2d,
        Argon2Variant::I => Algorithm::Argon2i,
        Argon2Variant::Id => Algorithm::Argon2id,
    };
    let version = Version::try_from(hash.version).ok()?;
    let params = Params::new(hash.memory_kib, hash.iterations, hash.parallelism, None).ok()?;
    let mut computed = vec![0; hash.output.len()];
    fill(&Argon2::new(algorithm, version, params), (password, &hash.salt), &mut computed, memory)?;
    Some(computed.ct_eq(&hash.output).into())
}

/// bcrypt takes a password with a zero byte at its end, and cuts it. What lies beyond does not count until the hash is
/// replaced by one of ours, which is made of all that was typed.
fn bcrypt(password: &[u8], hash: &BcryptHash) -> bool {
    let mut bytes = zeroize::Zeroizing::new([0; BCRYPT_BYTES]);
    let length = password.len().min(BCRYPT_BYTES);
    for (byte, of_password) in bytes.iter_mut().zip(password) {
        *byte = *of_password;
    }
    let with_end = bytes.get(..(length + 1).min(BCRYPT_BYTES)).unwrap_or_default();
    let computed = bcrypt::bcrypt(hash.cost.into(), hash.salt, with_end);
    // The last of its 24 bytes is never written down.
    computed.iter().zip(&hash.output).fold(0, |differ, (a, b)| differ | (a ^ b)).ct_eq(&0).into()
}

fn pbkdf2(password: &[u8], hash: &Pbkdf2Hash) -> bool {
    let algorithm = match hash.digest {
        Pbkdf2Digest::Sha1 => pbkdf2::PBKDF2_HMAC_SHA1,
        Pbkdf2Digest::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
        Pbkdf2Digest::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
    };
    NonZeroU32::new(hash.iterations).is_some_and(|iterations| {
        pbkdf2::verify(algorithm, iterations, &hash.salt, password, &hash.output).is_ok()
    })
}

fn scrypt(password: &[u8], hash: &ScryptHash) -> Option<bool> {
    let params = scrypt::Params::new(hash.log_n, hash.r, hash.p).ok()?;
    let mut computed = vec![0; hash.output.len()];
    scrypt::scrypt(password, &hash.salt, &params, &mut computed).ok()?;
    Some(computed.ct_eq(&hash.output).into())
}

#[cfg(test)]
mod tests;

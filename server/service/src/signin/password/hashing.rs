//! The server's own way to hash a password: argon2id (RFC 9106).

use super::pool::Memory;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use signet_protocol::environment::Random;
use signet_protocol::password::stored::{Argon2Hash, Argon2Variant};
use signet_protocol::password::{PasswordHash, normalized};
use signet_protocol::secret::Secret;

/// How much work a hash is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hashing {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub iterations: u32,
    /// Lanes. They are worked on one after the other: this costs an attacker nothing more, and fits hashes that are used
    /// elsewhere, too.
    pub parallelism: u32,
}

impl Hashing {
    /// The floor: 19 MiB, two passes, one lane (OWASP's first recommendation for argon2id).
    pub const FLOOR: Self = Self { memory_kib: 19 * 1024, iterations: 2, parallelism: 1 };

    /// Hashes a password in its normal form; `None` if no randomness is to be had, or the parameters are none of argon2.
    pub fn hash_now(self, password: &Secret<String>, random: &Random) -> Option<Secret<String>> {
        self.hash(&normalized(password), random, &mut Memory::new())
    }

    /// Hashes a password that is in its normal form.
    pub(super) fn hash(
        self,
        password: &Secret<String>,
        random: &Random,
        memory: &mut Memory,
    ) -> Option<Secret<String>> {
        let salt: [u8; 16] = random.bytes().ok()?;
        let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
        let params = Params::new(self.memory_kib, self.iterations, self.parallelism, None).ok()?;
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        fill(&hasher, (password.expose().as_bytes(), &salt), &mut output, memory)?;
        let Self { memory_kib, iterations, parallelism } = self;
        let (salt, output) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(output));
        Some(Secret::new(format!(
            "$argon2id$v=19$m={memory_kib},t={iterations},p={parallelism}${salt}${output}"
        )))
    }

    /// Whether a hash was made with no less work.
    pub fn is_met_by(self, hash: &PasswordHash) -> bool {
        matches!(hash, PasswordHash::Argon2(hash)
            if hash.variant == Argon2Variant::Id
                && hash.memory_kib >= self.memory_kib
                && hash.iterations >= self.iterations
                && hash.parallelism >= self.parallelism)
    }

    /// What an unknown user's password is compared with, so that it takes as long as a known one's. Nobody has this
    /// password: the bytes are arbitrary.
    pub(super) fn decoy(self) -> PasswordHash {
        PasswordHash::Argon2(Argon2Hash {
            variant: Argon2Variant::Id,
            version: 19,
            memory_kib: self.memory_kib,
            iterations: self.iterations,
            parallelism: self.parallelism,
            salt: b"signet-decoy-salt".to_vec(),
            output: (0..32).collect(),
        })
    }
}

/// Runs argon2 in `memory`, which grows to what is needed and is used again.
pub(super) fn fill(
    hasher: &Argon2<'_>,
    (password, salt): (&[u8], &[u8]),
    output: &mut [u8],
    memory: &mut Memory,
) -> Option<()> {
    let blocks = hasher.params().block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::new());
    }
    hasher.hash_password_into_with_memory(password, salt, output, memory.get_mut(..blocks)?).ok()
}

//! Passwords: comparing them, hashing them, and saying which may be chosen, all on threads of their own.

pub mod breached;
mod common;
mod compare;
mod hashing;
mod pool;
mod rules;
#[cfg(test)]
mod tests;

pub use hashing::Hashing;
pub use pool::{Busy, Place};
pub use rules::PasswordRules;

use compare::{Compared, compare};
use pool::{Memory, Pool};
use signet_protocol::environment::Random;
use signet_protocol::password::{OwnWords, PasswordFault, PasswordHash, PasswordPolicy, Person, normalized};
use signet_protocol::secret::Secret;
use std::sync::Arc;

/// Whether a password is right.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is, and its hash is as strong as it should be.
    Right,
    /// It is, and here is a stronger hash of it to keep instead.
    RightButWeak(String),
    /// It is not, or there is none.
    Wrong,
}

/// Why a password was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// It is none that may be chosen, for at least one reason.
    #[error("the password may not be chosen")]
    Faults(Vec<PasswordFault>),
    /// It could not be judged: too much is going on, or the list of known passwords cannot be read.
    #[error(transparent)]
    Busy(#[from] Busy),
}

/// What the operator decided about passwords.
#[derive(Clone, Debug)]
pub struct PasswordSettings {
    /// How many cores may be busy with passwords at once.
    pub cores: usize,
    /// How much work a hash is.
    pub hashing: Hashing,
    /// Which may be chosen.
    pub rules: PasswordRules,
}

/// Everything that is done with passwords. Cloning it is cheap.
#[derive(Clone)]
pub struct Passwords {
    pool: Pool,
    shared: Arc<Shared>,
}

struct Shared {
    hashing: Hashing,
    decoy: PasswordHash,
    rules: PasswordRules,
    random: Random,
}

impl Passwords {
    /// Starts the threads. At rest they hold no more than `cores` times the memory of one hash.
    pub fn new(settings: PasswordSettings, random: Random) -> Self {
        let PasswordSettings { cores, hashing, rules } = settings;
        let pool = Pool::new(cores, hashing.memory_kib as usize);
        Self { pool, shared: Arc::new(Shared { hashing, decoy: hashing.decoy(), rules, random }) }
    }

    /// How long passwords must be, for whoever asks for one.
    pub fn policy(&self) -> PasswordPolicy {
        self.shared.rules.policy
    }

    /// A place in the line of those whose passwords are compared next.
    pub async fn place(&self) -> Result<Place, Busy> {
        self.pool.place().await
    }

    /// Compares a password with a hash, or with a decoy if there is none.
    pub async fn verify(
        &self,
        place: Place,
        password: &Secret<String>,
        hash: Option<&Secret<String>>,
    ) -> Result<Verdict, Busy> {
        let (password, hash, shared) = (password.clone(), hash.cloned(), self.shared.clone());
        self.pool.run(place, move |memory| shared.verify(&password, hash.as_ref(), memory)).await
    }

    /// Whether a person may choose this password.
    pub async fn check_new(&self, password: &Secret<String>, person: Person<'_>) -> Result<(), Unfit> {
        let (words, password, shared) = self.taken(password, person);
        self.pool.run(self.place().await?, move |_| shared.check(&password, &words)).await?
    }

    /// Hashes a password for keeping. It is not checked here.
    pub async fn hash_new(&self, password: &Secret<String>) -> Result<Secret<String>, Busy> {
        let (password, shared) = (password.clone(), self.shared.clone());
        self.pool.run(self.place().await?, move |memory| shared.hash(&password, memory)).await?
    }

    /// Checks a password that a person chose, and hashes it: both at once, with one turn in the line.
    pub async fn choose(
        &self,
        password: &Secret<String>,
        person: Person<'_>,
    ) -> Result<Secret<String>, Unfit> {
        let (words, password, shared) = self.taken(password, person);
        let work = move |memory: &mut Memory| {
            shared.check(&password, &words)?;
            Ok(shared.hash(&password, memory)?)
        };
        self.pool.run(self.place().await?, work).await?
    }

    fn taken(
        &self,
        password: &Secret<String>,
        person: Person<'_>,
    ) -> (OwnWords, Secret<String>, Arc<Shared>) {
        let words = OwnWords::new(person, &self.shared.rules.product_name);
        (words, password.clone(), self.shared.clone())
    }
}

impl Shared {
    fn verify(
        &self,
        password: &Secret<String>,
        hash: Option<&Secret<String>>,
        memory: &mut Memory,
    ) -> Verdict {
        let Some(hash) = hash.and_then(|hash| PasswordHash::parse(hash.expose()).ok()) else {
            compare(password, &self.decoy, memory);
            return Verdict::Wrong;
        };
        match compare(password, &hash, memory) {
            Compared::Wrong => Verdict::Wrong,
            Compared::Normal if self.hashing.is_met_by(&hash) => Verdict::Right,
            Compared::Normal | Compared::AsTyped => match self.hash(password, memory) {
                Ok(stronger) => Verdict::RightButWeak(stronger.expose().clone()),
                Err(Busy) => Verdict::Right,
            },
        }
    }

    fn check(&self, password: &Secret<String>, own_words: &OwnWords) -> Result<(), Unfit> {
        match self.rules.faults(password, own_words) {
            Ok(faults) if faults.is_empty() => Ok(()),
            Ok(faults) => Err(Unfit::Faults(faults)),
            Err(error) => {
                // Better no new password for a while than one that is known to all.
                tracing::error!(%error, "passwords.breached_list cannot be read");
                Err(Busy.into())
            }
        }
    }

    fn hash(&self, password: &Secret<String>, memory: &mut Memory) -> Result<Secret<String>, Busy> {
        self.hashing.hash(&normalized(password), &self.random, memory).ok_or(Busy)
    }
}

/// Compares a password with a hash where it stands: for the command line, which has no one to keep waiting.
pub fn verifies(password: &Secret<String>, hash: &Secret<String>) -> bool {
    let hash = PasswordHash::parse(hash.expose());
    hash.is_ok_and(|hash| compare(password, &hash, &mut Memory::new()) != Compared::Wrong)
}

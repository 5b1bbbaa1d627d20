//! Password hashing: argon2id on a bounded pool, so that a flood of sign-ins slows only sign-ins.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use signet_protocol::secret::Secret;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How long a sign-in waits for its turn before it is told to come again.
const PATIENCE: Duration = Duration::from_secs(3);
/// How many sign-ins may wait for one core.
const QUEUE_PER_CORE: usize = 32;
/// The floor: 19 MiB, two passes, one lane (OWASP's first recommendation for argon2id).
const PARAMS: Params = Params::DEFAULT;

/// The pool has no place: try again in a few seconds.
#[derive(Debug, thiserror::Error)]
#[error("too many sign-ins at once")]
pub struct Busy;

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

/// The pool.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

struct Inner {
    turns: Semaphore,
    places: Semaphore,
    /// What an unknown user's password is compared with, so that it takes as long as a known one's.
    decoy: OnceLock<String>,
}

impl Passwords {
    /// A pool that keeps at most so many cores busy.
    pub fn new(cores: usize) -> Self {
        Self(Arc::new(Inner {
            turns: Semaphore::new(cores),
            places: Semaphore::new(cores * QUEUE_PER_CORE),
            decoy: OnceLock::new(),
        }))
    }

    /// Compares a password with a hash, or with a decoy if there is none.
    pub async fn verify(
        &self,
        password: &Secret<String>,
        hash: Option<&Secret<String>>,
    ) -> Result<Verdict, Busy> {
        let (password, hash) = (password.clone(), hash.cloned());
        let inner = self.0.clone();
        self.in_turn(move || {
            let known = hash.is_some();
            let decoy = || inner.decoy.get_or_init(|| hash_now(b"decoy").unwrap_or_default()).clone();
            let verdict = verify_now(&password, &hash.map_or_else(decoy, |hash| hash.expose().clone()));
            if known { verdict } else { Verdict::Wrong }
        })
        .await
    }

    /// Hashes a new password.
    pub async fn hash(&self, password: &Secret<String>) -> Result<String, Busy> {
        let password = password.clone();
        self.in_turn(move || hash_now(password.expose().as_bytes())).await?.ok_or(Busy)
    }

    /// Prepares what the first unknown user would otherwise wait for.
    pub async fn warm_up(&self) {
        let inner = self.0.clone();
        let _ = self
            .in_turn(move || inner.decoy.get_or_init(|| hash_now(b"decoy").unwrap_or_default()).len())
            .await;
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let _place = self.0.places.try_acquire().map_err(|_| Busy)?;
        let turn = tokio::time::timeout(PATIENCE, self.0.turns.acquire()).await;
        let _turn = turn.map_err(|_| Busy)?.map_err(|_| Busy)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Busy)
    }
}

/// Hashes a password where it stands: for the command line, which has no one to keep waiting.
pub fn hash_now(password: &[u8]) -> Option<String> {
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS);
    hasher.hash_password(password).ok().map(|hash| hash.to_string())
}

/// Compares a password with a hash where it stands: for the command line.
pub fn verifies(password: &Secret<String>, hash: &Secret<String>) -> bool {
    verify_now(password, hash.expose()) != Verdict::Wrong
}

/// Whether a PHC string was made with parameters no weaker than the server's own.
pub fn is_strong(hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|parsed| has_strong_parameters(&parsed))
}

fn has_strong_parameters(hash: &PasswordHash) -> bool {
    hash.algorithm.as_str() == "argon2id"
        && Params::try_from(hash).is_ok_and(|params| {
            params.m_cost() >= PARAMS.m_cost()
                && params.t_cost() >= PARAMS.t_cost()
                && params.p_cost() >= PARAMS.p_cost()
        })
}

fn verify_now(password: &Secret<String>, hash: &str) -> Verdict {
    let Ok(parsed) = PasswordHash::new(hash) else { return Verdict::Wrong };
    let password = password.expose().as_bytes();
    if Argon2::default().verify_password(password, &parsed).is_err() {
        return Verdict::Wrong;
    }
    if has_strong_parameters(&parsed) {
        return Verdict::Right;
    }
    hash_now(password).map_or(Verdict::Right, Verdict::RightButWeak)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_right_password_is_told_from_a_wrong_one() {
        let pool = Passwords::new(1);
        let hash = secret(&pool.hash(&secret("correct horse")).await.unwrap());
        assert_eq!(pool.verify(&secret("correct horse"), Some(&hash)).await.unwrap(), Verdict::Right);
        assert_eq!(pool.verify(&secret("wrong horse"), Some(&hash)).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn nobody_has_the_decoys_password() {
        let pool = Passwords::new(1);
        assert_eq!(pool.verify(&secret("decoy"), None).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn an_unknown_users_password_is_compared_with_as_strong_a_hash_as_any() {
        let pool = Passwords::new(1);
        pool.verify(&secret("anything"), None).await.unwrap();
        let decoy = pool.0.decoy.get().expect("nothing was hashed for an unknown user");
        assert!(is_strong(decoy), "{decoy}");
        assert_eq!(verify_now(&secret("decoy"), decoy), Verdict::Right, "the comparison is a real one");
    }

    #[tokio::test]
    async fn a_hash_below_the_floor_is_replaced() {
        let weak =
            Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8 * 1024, 1, 1, None).unwrap());
        let hash = secret(&weak.hash_password(b"correct horse").unwrap().to_string());
        let pool = Passwords::new(1);
        let Verdict::RightButWeak(stronger) =
            pool.verify(&secret("correct horse"), Some(&hash)).await.unwrap()
        else {
            panic!("a weak hash was kept")
        };
        assert_eq!(
            pool.verify(&secret("correct horse"), Some(&secret(&stronger))).await.unwrap(),
            Verdict::Right
        );
    }

    #[tokio::test]
    async fn a_malformed_hash_lets_nobody_in() {
        let pool = Passwords::new(1);
        assert_eq!(pool.verify(&secret("x"), Some(&secret("x"))).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_full_queue_answers_busy_at_once() {
        let pool = Passwords::new(1);
        let waiting: Vec<_> = (0..QUEUE_PER_CORE).map(|_| pool.0.places.try_acquire().unwrap()).collect();
        assert!(pool.verify(&secret("x"), None).await.is_err());
        drop(waiting);
    }
}

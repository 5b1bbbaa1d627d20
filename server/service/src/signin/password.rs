//! Password hashing: argon2id on threads of its own, so that a flood of sign-ins slows only sign-ins.
//!
//! Each thread keeps one buffer for as long as it lives: what hashing takes of memory is known beforehand. A request
//! that nobody waits for any more is not begun; one that has begun keeps its thread until it is done.

use argon2::password_hash::PasswordHasher as _;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use signet_protocol::secret::Secret;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use subtle::ConstantTimeEq as _;
use tokio::sync::oneshot;

/// How long a sign-in waits for its turn before it is told to come again.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many sign-ins may wait for one core.
const QUEUE_PER_CORE: usize = 32;
/// The floor: 19 MiB, two passes, one lane (OWASP's first recommendation for argon2id).
const PARAMS: Params = Params::DEFAULT;
/// What an unknown user's password is compared with, so that it takes as long as a known one's. Nobody has this password:
/// the bytes are arbitrary.
const DECOY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2lnbmV0LWRlY295LXNhbHQ$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

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

/// The pool. Its threads end with the last clone.
#[derive(Clone)]
pub struct Passwords(SyncSender<Job>);

struct Job {
    password: Secret<String>,
    hash: Option<Secret<String>>,
    answer: oneshot::Sender<Verdict>,
}

impl Passwords {
    /// A pool that keeps at most so many cores busy.
    pub fn new(cores: usize) -> Self {
        let (sender, receiver) = sync_channel(cores * QUEUE_PER_CORE);
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..cores {
            let receiver = receiver.clone();
            std::thread::spawn(move || work(&receiver));
        }
        Self(sender)
    }

    /// Compares a password with a hash, or with a decoy if there is none.
    pub async fn verify(
        &self,
        password: &Secret<String>,
        hash: Option<&Secret<String>>,
    ) -> Result<Verdict, Busy> {
        let (answer, verdict) = oneshot::channel();
        let job = Job { password: password.clone(), hash: hash.cloned(), answer };
        self.0.try_send(job).map_err(|_: TrySendError<Job>| Busy)?;
        tokio::time::timeout(PATIENCE, verdict).await.map_err(|_| Busy)?.map_err(|_| Busy)
    }
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    let mut memory = Vec::new();
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        if job.answer.is_closed() {
            continue;
        }
        let verdict = match &job.hash {
            Some(hash) => verify_now(&job.password, hash.expose(), &mut memory),
            None => {
                verify_now(&job.password, DECOY, &mut memory);
                Verdict::Wrong
            }
        };
        // Whoever asked may have gone meanwhile.
        let _ = job.answer.send(verdict);
    }
}

/// Hashes a password where it stands: for the command line, which has no one to keep waiting.
pub fn hash_now(password: &[u8]) -> Option<String> {
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS);
    hasher.hash_password(password).ok().map(|hash| hash.to_string())
}

/// Compares a password with a hash where it stands: for the command line.
pub fn verifies(password: &Secret<String>, hash: &Secret<String>) -> bool {
    matches(password.expose(), hash.expose(), &mut Vec::new())
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

fn verify_now(password: &Secret<String>, hash: &str, memory: &mut Vec<Block>) -> Verdict {
    if !matches(password.expose(), hash, memory) {
        Verdict::Wrong
    } else if is_strong(hash) {
        Verdict::Right
    } else {
        hash_now(password.expose().as_bytes()).map_or(Verdict::Right, Verdict::RightButWeak)
    }
}

/// Hashes the password as the PHC string says and compares the outputs in constant time. `memory` is used again.
fn matches(password: &str, hash: &str, memory: &mut Vec<Block>) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    let (Some(salt), Some(expected)) = (&parsed.salt, &parsed.hash) else { return false };
    let Ok(algorithm) = Algorithm::try_from(parsed.algorithm.as_str()) else { return false };
    let Ok(version) = parsed.version.map_or(Ok(Version::default()), Version::try_from) else { return false };
    let Ok(params) = Params::try_from(&parsed) else { return false };
    let blocks = params.block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::new());
    }
    let hasher = Argon2::new(algorithm, version, params);
    let mut computed = vec![0; expected.len()];
    let hashed = memory.get_mut(..blocks).map(|memory| {
        hasher.hash_password_into_with_memory(password.as_bytes(), salt, &mut computed, memory)
    });
    matches!(hashed, Some(Ok(()))) && computed.ct_eq(expected.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    fn hashed(text: &str) -> Secret<String> {
        Secret::new(hash_now(text.as_bytes()).unwrap())
    }

    #[tokio::test]
    async fn a_right_password_is_told_from_a_wrong_one() {
        let (pool, hash) = (Passwords::new(1), hashed("correct horse"));
        assert_eq!(pool.verify(&secret("correct horse"), Some(&hash)).await.unwrap(), Verdict::Right);
        assert_eq!(pool.verify(&secret("wrong horse"), Some(&hash)).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn an_unknown_user_is_hashed_for_and_refused() {
        assert!(PasswordHash::new(DECOY).is_ok() && is_strong(DECOY));
        assert_eq!(Passwords::new(1).verify(&secret("decoy"), None).await.unwrap(), Verdict::Wrong);
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

    #[test]
    fn a_malformed_hash_lets_nobody_in() {
        for hash in
            ["", "x", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ", "$unknown$c2FsdHNhbHQ$AAAA"]
        {
            assert!(!matches("x", hash, &mut Vec::new()), "{hash}");
        }
    }

    #[test]
    fn memory_is_used_again_by_whoever_comes_next() {
        let (strong, mut memory) = (hashed("correct horse"), Vec::new());
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
        let weak = weak.hash_password(b"battery").unwrap().to_string();
        for _ in 0..2 {
            assert!(matches("correct horse", strong.expose(), &mut memory));
            assert!(matches("battery", &weak, &mut memory));
            assert!(!matches("correct horse", &weak, &mut memory));
        }
        assert_eq!(memory.len(), PARAMS.block_count());
    }

    #[tokio::test]
    async fn a_full_queue_answers_busy_at_once() {
        let (sender, _receiver) = sync_channel(1);
        let pool = Passwords(sender);
        let (answer, _verdict) = oneshot::channel();
        pool.0.try_send(Job { password: secret("x"), hash: None, answer }).unwrap();
        assert!(pool.verify(&secret("x"), None).await.is_err());
    }
}

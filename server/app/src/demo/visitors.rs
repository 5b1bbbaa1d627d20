//! What the demo remembers, in memory and for a while: who has signed in, and what it waits for an answer to.

use super::tokens::IdToken;
use crate::pages::Verdict;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use signet_protocol::secret::Secret;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// How many visitors, and how many errands, are remembered at once; the longest unused make room.
const CAPACITY: u64 = 256;
/// How long an answer from the server may be on its way: people look for their passwords.
const ERRAND_LIFETIME: Duration = Duration::from_secs(15 * 60);
/// How long a visitor who does nothing stays signed in.
const IDLE_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// What a browser was sent to the server for.
#[derive(Clone)]
pub enum Errand {
    /// To sign in; with these the answer is checked and redeemed.
    SignIn { nonce: String, code_verifier: Secret<String> },
    /// To sign out.
    SignOut,
}

/// Somebody who has signed in.
pub struct Session {
    pub name: String,
    pub id_token: Secret<String>,
    /// The one that came with the sign-in.
    pub first: IdToken,
    pub id_token_verdict: Verdict,
    pub access_token: Secret<String>,
    pub access_token_verdict: Verdict,
    pub refresh_token: Option<Secret<String>>,
    pub refreshed_count: u32,
    pub userinfo: Option<Vec<(String, String)>>,
    /// What went wrong with the last button.
    pub problem: Option<String>,
}

/// A session behind a lock, so that two buttons pressed at once do not use one refresh token twice.
pub type Shared = Arc<Mutex<Session>>;

/// Everything that is remembered. A visitor is known by the secret in their cookie.
pub struct Visitors {
    sessions: Cache<String, Shared>,
    /// By `state`; with the visitor who may come back with it.
    errands: Cache<String, (String, Errand)>,
}

impl Default for Visitors {
    fn default() -> Self {
        Self {
            sessions: Cache::builder()
                .max_capacity(CAPACITY)
                .eviction_policy(EvictionPolicy::lru())
                .time_to_idle(IDLE_LIFETIME)
                .build(),
            errands: Cache::builder()
                .max_capacity(CAPACITY)
                .eviction_policy(EvictionPolicy::lru())
                .time_to_live(ERRAND_LIFETIME)
                .build(),
        }
    }
}

impl Visitors {
    /// Remembers what `visitor` is sent for. `state` is a secret of 256 bits.
    pub fn send(&self, visitor: &str, state: String, errand: Errand) {
        self.errands.insert(state, (visitor.to_owned(), errand));
    }

    /// What `visitor` comes back from, once. Somebody else's `state` is refused and stays theirs.
    pub fn return_from(&self, visitor: &str, state: &str) -> Option<Errand> {
        let (sent, _) = self.errands.get(state)?;
        if sent != visitor {
            return None;
        }
        self.errands.remove(state).map(|(_, errand)| errand)
    }

    /// Remembers who has signed in.
    pub fn sign_in(&self, visitor: String, session: Session) {
        self.sessions.insert(visitor, Arc::new(Mutex::new(session)));
    }

    /// Whoever has signed in.
    pub fn session(&self, visitor: &str) -> Option<Shared> {
        self.sessions.get(visitor)
    }

    /// Forgets whoever has signed in.
    pub fn sign_out(&self, visitor: &str) -> Option<Shared> {
        self.sessions.remove(visitor)
    }
}

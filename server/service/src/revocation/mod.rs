//! Which tokens no longer count: told by the `changes` feed, remembered in memory until they expire by themselves.

mod feed;
mod freshness;

pub use feed::{Feed, Listeners, run as run_feed};
pub use freshness::Freshness;

use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use signet_protocol::id::{GrantId, Jti};
use signet_store::{Store, StoreError};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The deny-list of this process.
#[derive(Clone)]
pub struct Revocations(Arc<Inner>);

struct Inner {
    store: Store,
    freshness: Freshness,
    denied: RwLock<Denied>,
}

#[derive(Default)]
struct Denied {
    tokens: HashMap<Jti, Moment>,
    grants: HashMap<GrantId, Moment>,
}

impl Revocations {
    /// An empty list, to be filled from the feed before the first request.
    pub fn new(store: Store, freshness: Freshness) -> Self {
        Self(Arc::new(Inner { store, freshness, denied: RwLock::default() }))
    }

    /// Whether a token, or the grant it belongs to, was revoked.
    ///
    /// Answered from memory; from SQL when this process has lost touch with the feed, and then
    /// `Err` means that the truth is out of reach, so that nothing may be said of the token.
    pub async fn is_revoked(&self, jti: &Jti, grant: Option<&GrantId>) -> Result<bool, StoreError> {
        if self.denies(jti, grant) {
            return Ok(true);
        }
        if self.0.freshness.is_current() {
            return Ok(false);
        }
        self.0.store.tokens().is_revoked(jti, grant).await
    }

    fn denies(&self, jti: &Jti, grant: Option<&GrantId>) -> bool {
        let denied = self.0.denied.read().unwrap_or_else(PoisonError::into_inner);
        denied.tokens.contains_key(jti) || grant.is_some_and(|grant| denied.grants.contains_key(grant))
    }

    /// Takes note of a change; those that revoke nothing are none of its business.
    fn note(&self, change: &Change) {
        let mut denied = self.0.denied.write().unwrap_or_else(PoisonError::into_inner);
        match change {
            Change::TokenRevoked { jti, expires_at } => {
                denied.tokens.insert(jti.clone(), *expires_at);
            }
            Change::GrantRevoked { grant_id, expires_at } => {
                denied.grants.insert(grant_id.clone(), *expires_at);
            }
            Change::ClientChanged { .. }
            | Change::ClientsChanged
            | Change::ResourcesChanged
            | Change::RolesChanged
            | Change::KeysChanged
            | Change::SettingsChanged
            | Change::LimitsLifted { .. } => {}
        }
    }

    /// Drops what has expired by itself.
    fn forget_expired(&self, now: Moment) {
        let mut denied = self.0.denied.write().unwrap_or_else(PoisonError::into_inner);
        denied.tokens.retain(|_, end| *end > now);
        denied.grants.retain(|_, end| *end > now);
    }
}

//! The keys that sign, seal and prove: one immutable snapshot in memory, made from the rows that all nodes share.
//!
//! A key's state follows from its times, so that every node agrees without a word between them:
//! it is published from `created_at`, signs from `activates_at` to `retires_at`, and leaves the JWKS at `unpublish_at`.

mod chain;
mod material;
mod rotation;
mod snapshot;
#[cfg(test)]
pub(crate) mod tests;

pub use rotation::{KeyError, KeyStatus, RotationPlan, picture};
pub use snapshot::Snapshot;

use crate::settings::Settings;
use arc_swap::ArcSwap;
use signet_jose::{Algorithm, MasterKeys};
use signet_protocol::algorithm::SigningAlg;
use signet_protocol::environment::{Clock, Random};
use signet_protocol::registration::client::MAX_REFRESH_LIFETIME;
use signet_store::{Store, StoreError};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The most a token may live, in seconds: a retired key stays published for so long.
pub const MAX_TOKEN_LIFETIME: i64 = signet_protocol::claims::MAX_TOKEN_LIFETIME as i64;

/// All keys, ready for use.
#[derive(Clone)]
pub struct KeyRing(Arc<Inner>);

struct Inner {
    store: Store,
    master: Arc<MasterKeys>,
    clock: Clock,
    random: Random,
    schedule: Schedule,
    snapshot: ArcSwap<Snapshot>,
    /// One reading at a time: an older picture must not take the place of a newer one.
    reading: tokio::sync::Mutex<()>,
    /// When the keys were last read because a token named an unknown one, in Unix seconds.
    looked_again_at: AtomicI64,
}

/// When keys are replaced, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// A signing key's working life.
    pub rotation: u32,
    /// How long a key is published before it signs.
    pub publish_ahead: u32,
    /// How long a grant may live: refresh tokens are proven with old keys for as long.
    pub longest_grant: u32,
}

impl Schedule {
    /// As the operator decided.
    pub fn of(settings: &Settings) -> Self {
        Self {
            rotation: settings.key_rotation,
            publish_ahead: settings.key_publish_ahead,
            longest_grant: MAX_REFRESH_LIFETIME,
        }
    }
}

impl KeyRing {
    /// Reads and opens every key. One that can't be opened is an error here, at the start, where an operator sees it.
    pub async fn load(
        store: Store,
        master: Arc<MasterKeys>,
        (clock, random): (Clock, Random),
        schedule: Schedule,
    ) -> Result<Self, StoreError> {
        let snapshot = ArcSwap::from_pointee(Snapshot::read(&store, &master, clock.now(), None).await?);
        Ok(Self(Arc::new(Inner {
            store,
            master,
            clock,
            random,
            schedule,
            snapshot,
            reading: tokio::sync::Mutex::default(),
            looked_again_at: AtomicI64::new(0),
        })))
    }

    /// The keys as they stand.
    pub fn snapshot(&self) -> arc_swap::Guard<Arc<Snapshot>> {
        self.0.snapshot.load()
    }

    /// Reads the keys again. A new one that can't be opened is left out, with an error in the log: it must not keep
    /// what has become of the others, such as a revocation, from this process.
    pub async fn reload(&self) -> Result<(), StoreError> {
        let _turn = self.0.reading.lock().await;
        let known = self.0.snapshot.load_full();
        let now = self.0.clock.now();
        let snapshot = Snapshot::read(&self.0.store, &self.0.master, now, Some(&known)).await?;
        self.0.snapshot.store(Arc::new(snapshot));
        Ok(())
    }

    /// Reads the keys again because a token names one that is not known here: another node may just have made it.
    /// At most once a second, so that forged tokens cause no queries. Tells whether they were read.
    pub async fn look_again(&self) -> Result<bool, StoreError> {
        let now = self.0.clock.now().timestamp();
        if self.0.looked_again_at.swap(now, Ordering::Relaxed) == now {
            return Ok(false);
        }
        self.reload().await.map(|()| true)
    }
}

/// The same algorithm in the words of the key crate, which knows nothing of the protocol.
pub fn algorithm(alg: SigningAlg) -> Algorithm {
    match alg {
        SigningAlg::ES256 => Algorithm::ES256,
        SigningAlg::ES384 => Algorithm::ES384,
        SigningAlg::RS256 => Algorithm::RS256,
        SigningAlg::PS256 => Algorithm::PS256,
        SigningAlg::EdDSA => Algorithm::EdDSA,
    }
}

//! Reading the `changes` feed: each second from SQL, and at once from Redis where there is one.

use crate::directory::Directory;
use crate::keys::KeyRing;
use crate::revocation::{Freshness, Revocations};
use signet_protocol::change::Change;
use signet_protocol::environment::Clock;
use signet_store::{Ephemeral, Store, StoreError};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};

/// Sequence numbers commit out of order: so far back does every reading look again (seconds).
const OVERLAP: i64 = 60;
/// How often SQL is asked.
const PERIOD: Duration = Duration::from_secs(1);

/// Brings changes, from wherever they were made, to the parts of this process that remember things.
#[derive(Clone)]
pub struct Feed(Arc<Inner>);

/// What remembers things, and so must hear of changes.
#[derive(Clone)]
pub struct Listeners {
    /// When the feed was last read.
    pub freshness: Freshness,
    /// The deny-list.
    pub revocations: Revocations,
    /// Clients and APIs.
    pub directory: Directory,
    /// Keys.
    pub keys: KeyRing,
}

struct Inner {
    store: Store,
    ephemeral: Ephemeral,
    clock: Clock,
    listeners: Listeners,
    position: Mutex<Position>,
}

/// How far the feed was read.
#[derive(Default)]
struct Position {
    latest: i64,
    /// What has been applied of the stretch that is read again, with when (Unix seconds).
    applied: HashMap<i64, i64>,
}

impl Feed {
    /// Reads all that is still revoked; after this the process knows as much as any other.
    pub async fn open(
        store: Store,
        ephemeral: Ephemeral,
        clock: Clock,
        listeners: Listeners,
    ) -> Result<Self, StoreError> {
        let latest = store.changes().latest_seq().await?;
        for (_, change) in store.changes().live_revocations(clock.now()).await? {
            listeners.revocations.note(&change);
        }
        listeners.freshness.heard();
        let position = Mutex::new(Position { latest, applied: HashMap::new() });
        Ok(Self(Arc::new(Inner { store, ephemeral, clock, listeners, position })))
    }

    /// Applies changes that this process has just committed, and pushes them to the other nodes.
    /// A push that fails costs nothing but time: the others read SQL within a second.
    pub async fn announce(&self, changes: &[Change]) {
        for change in changes {
            if let Err(error) = self.apply(change).await {
                tracing::warn!(%error, "a change will be applied with the next reading of the feed");
            }
            let pushed = async {
                self.0.ephemeral.deny(change, self.0.clock.now()).await?;
                self.0.ephemeral.publish(change).await
            };
            if let Err(error) = pushed.await {
                tracing::warn!(%error, "a change could not be pushed; other nodes read it from SQL within a second");
            }
        }
    }

    /// One reading of SQL.
    pub async fn poll(&self) -> Result<(), StoreError> {
        let mut position = self.0.position.lock().await;
        let now = self.0.clock.now();
        let overlap = now - chrono::TimeDelta::seconds(OVERLAP);
        for (seq, change) in self.0.store.changes().since(position.latest, overlap).await? {
            if position.applied.contains_key(&seq) {
                continue;
            }
            // A change that can't be applied stays unread, and so does what follows it.
            self.apply(&change).await?;
            position.applied.insert(seq, now.timestamp());
            position.latest = position.latest.max(seq);
        }
        position.applied.retain(|_, applied_at| *applied_at > now.timestamp() - 2 * OVERLAP);
        self.0.listeners.freshness.heard();
        self.0.listeners.revocations.forget_expired(now);
        Ok(())
    }

    async fn apply(&self, change: &Change) -> Result<(), StoreError> {
        let Listeners { revocations, directory, keys, .. } = &self.0.listeners;
        revocations.note(change);
        match change {
            Change::TokenRevoked { .. } | Change::GrantRevoked { .. } => Ok(()),
            Change::ClientChanged { client_id } => {
                directory.forget_client(client_id);
                Ok(())
            }
            Change::ResourcesChanged => directory.reload_resources().await,
            Change::KeysChanged => keys.reload().await,
        }
    }
}

/// Reads the feed until `stop` says so.
pub async fn run(feed: Feed, mut stop: watch::Receiver<bool>) {
    let mut pushes = feed.0.ephemeral.subscribe();
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut reachable = true;
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            Some(change) = pushes.next() => {
                if let Err(error) = feed.apply(&change).await {
                    tracing::warn!(%error, "a pushed change will be applied with the next reading of the feed");
                }
            }
            _ = ticks.tick() => match feed.poll().await {
                Ok(()) if reachable => {}
                Ok(()) => {
                    reachable = true;
                    tracing::info!("the changes feed can be read again");
                }
                Err(error) if reachable => {
                    reachable = false;
                    tracing::error!(%error, "the changes feed cannot be read: revocation is asked from SQL, token by token");
                }
                Err(_) => {}
            },
        }
    }
}

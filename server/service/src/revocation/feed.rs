//! Reading the `changes` feed: each second from SQL, and at once from Redis where there is one.

mod position;
#[cfg(test)]
mod tests;

use crate::configuration::Follower;
use crate::directory::Directory;
use crate::keys::KeyRing;
use crate::limits::Limits;
use crate::revocation::{Freshness, Revocations};
use position::Position;
use signet_protocol::change::Change;
use signet_protocol::environment::Clock;
use signet_store::{Ephemeral, EphemeralError, Store, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Semaphore, watch};

/// Sequence numbers commit out of order: so far back does every reading look again (seconds).
const OVERLAP: i64 = 60;
/// How often SQL is asked.
const PERIOD: Duration = Duration::from_secs(1);
/// So many announcements may be on their way to Redis at once; with a Redis that hangs, the rest stay with SQL.
const PUSHES: usize = 64;

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
    /// Settings that may change.
    pub settings: Follower,
    /// What is counted.
    pub limits: Limits,
}

struct Inner {
    store: Store,
    ephemeral: Ephemeral,
    clock: Clock,
    listeners: Listeners,
    position: Mutex<Position>,
    pushes: Arc<Semaphore>,
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
        let position = Mutex::new(Position::after(latest));
        let pushes = Arc::new(Semaphore::new(PUSHES));
        Ok(Self(Arc::new(Inner { store, ephemeral, clock, listeners, position, pushes })))
    }

    /// Applies changes that this process has just committed, and has them pushed to the other nodes, for which nobody waits.
    /// A push that fails costs nothing but time: the others read SQL within a second.
    pub async fn announce(&self, changes: &[Change]) {
        for change in changes {
            if let Err(error) = self.apply(change).await {
                tracing::warn!(%error, "a change will be applied with the next reading of the feed");
            }
        }
        if changes.is_empty() || !self.0.ephemeral.is_shared() {
            return;
        }
        let Ok(place) = self.0.pushes.clone().try_acquire_owned() else {
            tracing::warn!(
                "Redis is slow: changes are not pushed; other nodes read them from SQL within a second"
            );
            return;
        };
        let (feed, changes) = (self.clone(), changes.to_vec());
        tokio::spawn(async move {
            if let Err(error) = feed.push(&changes).await {
                tracing::warn!(%error, "changes could not be pushed; other nodes read them from SQL within a second");
            }
            drop(place);
        });
    }

    /// Tells the other nodes. The first failure ends it: with the next change Redis would be as far away.
    async fn push(&self, changes: &[Change]) -> Result<(), EphemeralError> {
        for change in changes {
            self.0.ephemeral.publish(change).await?;
        }
        Ok(())
    }

    /// One reading of SQL. A change that can't be applied holds no other one up: it is tried again with each reading, and
    /// the first such error is the answer.
    pub async fn poll(&self) -> Result<(), StoreError> {
        let mut position = self.0.position.lock().await;
        let now = self.0.clock.now();
        let overlap = now - chrono::TimeDelta::seconds(OVERLAP);
        let entries = self.0.store.changes().since(position.latest(), overlap).await?;
        position.read(entries);
        let mut failed = None;
        for (seq, change) in position.owed() {
            match self.apply(&change).await {
                Ok(()) => position.settle(seq, now),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        position.forget(now - chrono::TimeDelta::seconds(2 * OVERLAP));
        // Every revocation has been noted: `apply` begins with that, and it can't fail.
        self.0.listeners.freshness.heard();
        self.0.listeners.revocations.forget_expired(now);
        failed.map_or(Ok(()), Err)
    }

    async fn apply(&self, change: &Change) -> Result<(), StoreError> {
        let Listeners { revocations, directory, keys, settings, limits, .. } = &self.0.listeners;
        revocations.note(change);
        match change {
            Change::TokenRevoked { .. } | Change::GrantRevoked { .. } => Ok(()),
            Change::ClientChanged { client_id } => {
                directory.forget_client(client_id);
                Ok(())
            }
            Change::ClientsChanged => {
                directory.forget_clients();
                Ok(())
            }
            Change::ResourcesChanged => directory.reload_resources().await,
            Change::RolesChanged => directory.reload_roles().await,
            Change::KeysChanged => keys.reload().await,
            Change::SettingsChanged => settings.reload().await,
            Change::LimitsLifted { places } => {
                limits.forget_here(places);
                Ok(())
            }
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
                    tracing::info!("the changes feed is followed again");
                }
                Err(error) if reachable => {
                    reachable = false;
                    tracing::error!(%error, "the changes feed cannot be followed: it is tried again each second, and revocation asked from SQL while it cannot be read");
                }
                Err(_) => {}
            },
        }
    }
}

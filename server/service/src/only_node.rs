//! Without Redis there is one node only. SQLite's lock lasts as long as its process; PostgreSQL forgets its own when it
//! restarts, so that being the only one has to be seen to again and again.

use signet_store::{NodeLock, Store, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};

/// How often the lock is looked after.
const PERIOD: Duration = Duration::from_secs(5);

/// Being the only node of a deployment. Clones are the same one.
#[derive(Clone)]
pub struct OnlyNode(Arc<Inner>);

struct Inner {
    store: Store,
    /// None: it was let go.
    lock: Mutex<Option<NodeLock>>,
}

impl OnlyNode {
    /// Becomes it; [`StoreError::Locked`] if another node is.
    pub(crate) async fn become_it(store: Store) -> Result<Self, StoreError> {
        let lock = Mutex::new(Some(store.lock_single_node().await?));
        Ok(Self(Arc::new(Inner { store, lock })))
    }

    /// Takes the lock again if the database has lost it; [`StoreError::Locked`] if another node was faster.
    pub(crate) async fn insist(&self) -> Result<(), StoreError> {
        let mut lock = self.0.lock.lock().await;
        match &*lock {
            Some(held) if !held.is_held().await => {
                *lock = Some(self.0.store.lock_single_node().await?);
                tracing::info!("the database had forgotten that this is its only node");
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Lets another node in.
    pub async fn release(&self) {
        if let Some(lock) = self.0.lock.lock().await.take() {
            lock.release().await;
        }
    }
}

/// Looks after the lock until `stop` says so.
pub(crate) async fn run(only_node: OnlyNode, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            // Whether the database answers at all is told elsewhere.
            _ = ticks.tick() => if let Err(error @ StoreError::Locked) = only_node.insist().await {
                tracing::error!(%error, "this node is not the only one");
            },
        }
    }
}

//! The processes that serve a deployment: each says every few seconds that it is there.

use crate::audit::AuditWatch;
use chrono::TimeDelta;
use signet_protocol::environment::{Clock, Moment};
use signet_store::{Node, Store, StoreError};
use std::time::Duration;
use tokio::sync::watch;

/// How often a process says that it is there.
const PERIOD: Duration = Duration::from_secs(5);
/// How long it takes at most to say that it goes.
const FAREWELL: Duration = Duration::from_secs(1);
/// Who said nothing for so long is not shown any more.
const GONE: TimeDelta = TimeDelta::seconds(20);
/// Who said nothing for so long is forgotten.
const FORGOTTEN: TimeDelta = TimeDelta::minutes(5);

/// This process among the others.
#[derive(Clone)]
pub(crate) struct OwnNode {
    store: Store,
    clock: Clock,
    watch: AuditWatch,
    id: String,
    address: String,
    started_at: Moment,
}

impl OwnNode {
    /// `watch`: how it gets on with the audit log.
    pub(crate) fn new(
        (store, clock): (&Store, &Clock),
        watch: &AuditWatch,
        (id, address): (String, String),
    ) -> Self {
        let (store, clock, watch) = (store.clone(), clock.clone(), watch.clone());
        Self { started_at: clock.now(), store, clock, watch, id, address }
    }

    async fn beat(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let node = Node {
            id: self.id.clone(),
            address: self.address.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: self.started_at,
            seen_at: now,
            unwritten: self.watch.health().waiting as u64,
        };
        self.store.nodes().beat(&node, now - FORGOTTEN).await
    }
}

/// Those that are there.
pub(crate) async fn present(store: &Store, now: Moment) -> Result<Vec<Node>, StoreError> {
    store.nodes().since(now - GONE).await
}

/// Says that this process is there until `stop` says so. Whether the database answers at all is told elsewhere.
pub(crate) async fn run(own: OwnNode, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = stop.changed() => break,
            _ = ticks.tick() => {}
        }
        if let Err(error) = own.beat().await {
            tracing::debug!(%error, "this node could not say that it is there");
        }
    }
    // A database that is away keeps no process from ending: who says nothing more is gone soon.
    let left = tokio::time::timeout(FAREWELL, own.store.nodes().leave(&own.id)).await;
    if !matches!(left, Ok(Ok(()))) {
        tracing::debug!("this node could not say that it goes");
    }
}

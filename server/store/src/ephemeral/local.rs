//! The short-lived state in this process. Its size is bounded: a flood pushes out the oldest, not the server.

use moka::Expiry;
use moka::ops::compute::Op;
use moka::sync::Cache;
use signet_protocol::change::Change;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Entries of one kind at most.
const CAPACITY: u64 = 100_000;
/// Changes that a listener may lag behind.
const BACKLOG: usize = 1024;

#[derive(Clone, Copy, Debug)]
struct Entry {
    count: u32,
    ttl: Duration,
}

/// An entry lives from its making on; counting does not prolong it.
struct FromItsMaking;

impl Expiry<String, Entry> for FromItsMaking {
    fn expire_after_create(&self, _: &String, entry: &Entry, _: Instant) -> Option<Duration> {
        Some(entry.ttl)
    }

    /// Taking the place of an entry that has expired but is still there counts as an update, too.
    fn expire_after_update(
        &self,
        _: &String,
        entry: &Entry,
        _: Instant,
        until_expiry: Option<Duration>,
    ) -> Option<Duration> {
        if entry.count == 1 { Some(entry.ttl) } else { until_expiry }
    }
}

type Entries = Cache<String, Entry>;

#[derive(Clone, Debug)]
pub(super) struct Local {
    spent: Entries,
    failures: Entries,
    denied: Entries,
    listeners: Arc<Mutex<Vec<mpsc::Sender<Change>>>>,
}

impl Local {
    pub(super) fn new() -> Self {
        let entries = || Cache::builder().max_capacity(CAPACITY).expire_after(FromItsMaking).build();
        Self { spent: entries(), failures: entries(), denied: entries(), listeners: Arc::default() }
    }

    pub(super) fn spend_once(&self, key: &str, ttl: Duration) -> bool {
        count(&self.spent, key, ttl) == 1
    }

    pub(super) fn count_failure(&self, key: &str, window: Duration) -> u32 {
        count(&self.failures, key, window)
    }

    pub(super) fn failures(&self, key: &str) -> u32 {
        self.failures.get(key).map_or(0, |entry| entry.count)
    }

    pub(super) fn forgive(&self, key: &str) {
        self.failures.entry_by_ref(key).and_compute_with(|entry| {
            match entry.map(|entry| entry.into_value()) {
                Some(entry) if entry.count > 1 => Op::Put(Entry { count: entry.count - 1, ..entry }),
                Some(_) => Op::Remove,
                None => Op::Nop,
            }
        });
    }

    pub(super) fn clear(&self, key: &str) {
        self.failures.invalidate(key);
    }

    pub(super) fn deny(&self, key: &str, ttl: Duration) {
        self.denied.insert(key.to_owned(), Entry { count: 1, ttl });
    }

    pub(super) fn is_denied(&self, key: &str) -> bool {
        self.denied.contains_key(key)
    }

    pub(super) fn publish(&self, change: &Change) {
        let mut listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        // One that lags too far behind misses this, as it would with Redis; one that has gone is dropped.
        listeners.retain(|listener| {
            !matches!(listener.try_send(change.clone()), Err(mpsc::error::TrySendError::Closed(_)))
        });
    }

    pub(super) fn subscribe(&self) -> mpsc::Receiver<Change> {
        let (sender, receiver) = mpsc::channel(BACKLOG);
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }
}

/// Counts one more under a key; calls for the same key wait for each other.
fn count(entries: &Entries, key: &str, ttl: Duration) -> u32 {
    let counted = entries.entry_by_ref(key).and_upsert_with(|entry| match entry {
        Some(entry) => {
            let entry = entry.into_value();
            Entry { count: entry.count.saturating_add(1), ..entry }
        }
        None => Entry { count: 1, ttl },
    });
    counted.into_value().count
}

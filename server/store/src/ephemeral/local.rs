//! The short-lived state in this process. Its size is bounded: a flood pushes out the oldest, not the server.

use crate::limit::{Kept, Rule, Step, Verdict};
use moka::Expiry;
use moka::ops::compute::Op;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Entries of one kind at most.
const CAPACITY: u64 = 100_000;
/// A limit's state is kept for so much longer than it matters: what lets go of it has another clock than what reads it.
const SLACK: Duration = Duration::from_secs(1);
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

/// A limit's state, and for how long it matters.
#[derive(Clone, Copy, Debug)]
struct Limited {
    kept: Kept,
    life: Duration,
}

/// A limit's state lives as long as it matters, counted from its last change.
struct FromItsChange;

impl Expiry<String, Limited> for FromItsChange {
    fn expire_after_create(&self, _: &String, limited: &Limited, _: Instant) -> Option<Duration> {
        Some(limited.life)
    }

    fn expire_after_update(
        &self,
        _: &String,
        limited: &Limited,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(limited.life)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Local {
    spent: Entries,
    limits: Cache<String, Limited>,
    listeners: Arc<Mutex<Vec<mpsc::Sender<Change>>>>,
}

impl Local {
    pub(super) fn new() -> Self {
        let spent = Cache::builder().max_capacity(CAPACITY).expire_after(FromItsMaking).build();
        // What was used last stays: whoever floods it with new keys pushes out the oldest, and not what is counted now.
        let limits = Cache::builder()
            .max_capacity(CAPACITY)
            .eviction_policy(EvictionPolicy::lru())
            .expire_after(FromItsChange)
            .build();
        Self { spent, limits, listeners: Arc::default() }
    }

    pub(super) fn spend_once(&self, key: &str, ttl: Duration) -> bool {
        count(&self.spent, key, ttl) == 1
    }

    /// Steps under one key wait for each other.
    pub(super) fn limit(&self, key: &str, rule: &Rule, step: Step, now: Moment) -> Verdict {
        let at = now.timestamp_micros();
        if step == Step::Peek {
            let kept = self.limits.get(key).map(|limited| limited.kept).unwrap_or_default();
            return rule.step(step, kept, at).1;
        }
        let mut verdict = None;
        self.limits.entry_by_ref(key).and_compute_with(|entry| {
            let kept = entry.map(|entry| entry.into_value().kept).unwrap_or_default();
            let (kept, found, life) = rule.step(step, kept, at);
            verdict = Some(found);
            match u64::try_from(life) {
                _ if step == Step::Take && !found.allowed => Op::Nop,
                Ok(life) if life > 0 => Op::Put(Limited { kept, life: Duration::from_millis(life) + SLACK }),
                _ => Op::Remove,
            }
        });
        // The closure has run; were it not so, nobody would be let through on nothing's word.
        verdict.unwrap_or(Verdict { allowed: false, remaining: 0, wait: 1000, reset: 1000, at })
    }

    pub(super) fn forget(&self, key: &str) {
        self.limits.invalidate(key);
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

//! When this process last heard from the `changes` feed.

use signet_protocol::environment::Clock;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// After so many milliseconds of silence, memory alone is not believed any more.
const STALE_AFTER_MS: i64 = 10_000;

/// Shared by everything that remembers what SQL knows.
#[derive(Clone)]
pub struct Freshness {
    clock: Clock,
    heard_at: Arc<AtomicI64>,
}

impl Freshness {
    /// Not heard from yet.
    pub fn new(clock: Clock) -> Self {
        Self { clock, heard_at: Arc::new(AtomicI64::new(i64::MIN)) }
    }

    /// Whether memory may answer for SQL.
    pub fn is_current(&self) -> bool {
        let now = self.clock.now().timestamp_millis();
        now.saturating_sub(self.heard_at.load(Ordering::Relaxed)) < STALE_AFTER_MS
    }

    /// The feed was read to its end.
    pub(super) fn heard(&self) {
        self.heard_at.store(self.clock.now().timestamp_millis(), Ordering::Relaxed);
    }
}

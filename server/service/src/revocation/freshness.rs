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
        let silence = now.saturating_sub(self.heard_at.load(Ordering::Relaxed));
        // A clock that was set back says nothing about how long the silence was.
        (0..STALE_AFTER_MS).contains(&silence)
    }

    /// The feed was read to its end.
    pub(super) fn heard(&self) {
        self.heard_at.store(self.clock.now().timestamp_millis(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn a_clock_that_was_set_back_does_not_make_old_news_fresh() {
        let seconds = Arc::new(AtomicI64::new(10_000));
        let source = seconds.clone();
        let clock = Clock::new(move || DateTime::from_timestamp(source.load(Ordering::Relaxed), 0).unwrap());
        let freshness = Freshness::new(clock);
        assert!(!freshness.is_current());
        freshness.heard();
        for (now, current) in
            [(10_000, true), (10_009, true), (10_010, false), (20_000, false), (6_400, false)]
        {
            seconds.store(now, Ordering::Relaxed);
            assert_eq!(freshness.is_current(), current, "{now}");
        }
    }
}

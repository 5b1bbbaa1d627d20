//! A Redis that does not answer is asked again once in a while, and not by everyone who comes along.

use signet_store::EphemeralError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long a Redis that failed is left alone.
const PAUSE: Duration = Duration::from_secs(2);

/// Closed: Redis is asked. Open: it is not, except by one caller after each pause.
pub(super) struct Circuit {
    began: Instant,
    /// Milliseconds after the beginning; 0: closed.
    open_until: AtomicU64,
}

impl Circuit {
    pub(super) fn new() -> Self {
        Self { began: Instant::now(), open_until: AtomicU64::new(0) }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.open_until.load(Ordering::Relaxed) == 0
    }

    /// Whether this caller is to ask.
    pub(super) fn may_pass(&self) -> bool {
        self.may_pass_at(self.began.elapsed())
    }

    fn may_pass_at(&self, now: Duration) -> bool {
        let until = self.open_until.load(Ordering::Relaxed);
        if until == 0 {
            return true;
        }
        // One asks for all of them; meanwhile the others do without.
        until <= millis(now)
            && self
                .open_until
                .compare_exchange(until, millis(now + PAUSE), Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }

    pub(super) fn open(&self, error: &EphemeralError) {
        self.open_at(self.began.elapsed(), error);
    }

    fn open_at(&self, now: Duration, error: &EphemeralError) {
        if self.open_until.swap(millis(now + PAUSE), Ordering::Relaxed) == 0 {
            tracing::warn!(%error, "limits are counted in this process alone");
        }
    }

    pub(super) fn close(&self) {
        if !self.is_closed() && self.open_until.swap(0, Ordering::Relaxed) != 0 {
            tracing::info!("limits are counted in Redis again");
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_caller_asks_again_after_each_pause() {
        let circuit = Circuit::new();
        let at = |seconds| Duration::from_secs(seconds);
        assert!(circuit.may_pass_at(at(1)) && circuit.may_pass_at(at(1)));
        circuit.open_at(at(1), &EphemeralError::Unavailable("away".into()));
        assert!(!circuit.is_closed() && !circuit.may_pass_at(at(2)));
        assert!(circuit.may_pass_at(at(3)));
        assert!(!circuit.may_pass_at(at(3)));
        assert!(circuit.may_pass_at(at(5)));
        circuit.close();
        assert!(circuit.is_closed() && circuit.may_pass_at(at(5)));
    }
}

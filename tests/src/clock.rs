//! Time in a test's hand.

use chrono::{TimeDelta, Utc};
use signet_protocol::environment::{Clock, Moment};
use std::sync::{Arc, Mutex};

/// The system's clock, as the server's own process has it.
pub fn system_clock() -> Clock {
    Clock::new(now)
}

#[expect(clippy::disallowed_methods, reason = "the harness is where the tests' time comes from")]
fn now() -> Moment {
    Utc::now()
}

enum Hand {
    Running { ahead: TimeDelta },
    Still { at: Moment },
}

/// A clock that tests set. Clones show the same time.
#[derive(Clone)]
pub struct FakeClock(Arc<Mutex<Hand>>);

impl FakeClock {
    /// A clock that stands still at the present second until it is moved.
    pub fn still() -> Self {
        let at = now();
        let at = at - TimeDelta::nanoseconds(i64::from(at.timestamp_subsec_nanos()));
        Self(Arc::new(Mutex::new(Hand::Still { at })))
    }

    /// A clock that runs with the system's, as far ahead of it as it has been moved.
    pub fn running() -> Self {
        Self(Arc::new(Mutex::new(Hand::Running { ahead: TimeDelta::zero() })))
    }

    /// What it shows.
    pub fn now(&self) -> Moment {
        match *self.0.lock().unwrap() {
            Hand::Running { ahead } => now() + ahead,
            Hand::Still { at } => at,
        }
    }

    /// Moves it by `seconds`, back if they are negative.
    pub fn advance(&self, seconds: i64) {
        let by = TimeDelta::seconds(seconds);
        match &mut *self.0.lock().unwrap() {
            Hand::Running { ahead } => *ahead += by,
            Hand::Still { at } => *at += by,
        }
    }

    /// Sets it.
    pub fn set(&self, moment: Moment) {
        match &mut *self.0.lock().unwrap() {
            Hand::Running { ahead } => *ahead = moment - now(),
            Hand::Still { at } => *at = moment,
        }
    }

    /// The clock to hand to the server.
    pub fn clock(&self) -> Clock {
        let shared = self.clone();
        Clock::new(move || shared.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_sees_the_hand_move() {
        for fake in [FakeClock::still(), FakeClock::running()] {
            let clock = fake.clock();
            let before = clock.now();
            fake.advance(3600);
            let passed = (clock.now() - before).num_seconds();
            assert!((3600..3605).contains(&passed), "{passed}");
        }
    }
}

//! Which clients have proved who they are from which networks, as far as this process remembers.

use crate::limits::LimitKey;
use chrono::TimeDelta;
use moka::sync::Cache;
use signet_protocol::environment::Moment;

/// So many are remembered at most; who is asked for seldom is forgotten first.
const REMEMBERED: u64 = 50_000;
/// How long one proof is remembered.
const LATELY: TimeDelta = TimeDelta::hours(1);
/// A proof is noted anew when the last one is older than this.
const FRESH: TimeDelta = TimeDelta::minutes(5);

/// Clients, each with a network, and when one proved itself from there.
#[derive(Clone)]
pub(super) struct Proved(Cache<LimitKey, Moment>);

impl Default for Proved {
    fn default() -> Self {
        Self(Cache::new(REMEMBERED))
    }
}

impl Proved {
    /// Whether it did within the last hour.
    pub(super) fn lately(&self, client_and_network: &LimitKey, now: Moment) -> bool {
        self.0.get(client_and_network).is_some_and(|proved| now - proved < LATELY)
    }

    /// It just did.
    pub(super) fn note(&self, client_and_network: LimitKey, now: Moment) {
        if self.0.get(&client_and_network).is_none_or(|proved| now - proved >= FRESH) {
            self.0.insert(client_and_network, now);
        }
    }
}

//! How far the `changes` feed was read, and what of it is still to be applied.

use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use std::collections::{BTreeMap, HashMap};

/// What this process knows of the feed.
pub(super) struct Position {
    latest: i64,
    /// Read and not yet applied. Kept here, since entries leave the feed after a while.
    owed: BTreeMap<i64, Change>,
    /// What has been applied of the stretch that is read again, with when.
    applied: HashMap<i64, Moment>,
}

impl Position {
    /// Nothing is owed up to here.
    pub(super) fn after(latest: i64) -> Self {
        Self { latest, owed: BTreeMap::new(), applied: HashMap::new() }
    }

    /// The highest number that was read.
    pub(super) fn latest(&self) -> i64 {
        self.latest
    }

    /// Takes note of entries, some of which were read before.
    pub(super) fn read(&mut self, entries: impl IntoIterator<Item = (i64, Change)>) {
        for (seq, change) in entries {
            self.latest = self.latest.max(seq);
            if !self.applied.contains_key(&seq) {
                self.owed.insert(seq, change);
            }
        }
    }

    /// What is to be applied, in order.
    pub(super) fn owed(&self) -> Vec<(i64, Change)> {
        self.owed.iter().map(|(seq, change)| (*seq, change.clone())).collect()
    }

    /// An entry was applied.
    pub(super) fn settle(&mut self, seq: i64, now: Moment) {
        self.owed.remove(&seq);
        self.applied.insert(seq, now);
    }

    /// Forgets what was applied before `then`: it is not read again.
    pub(super) fn forget(&mut self, then: Moment) {
        self.applied.retain(|_, applied_at| *applied_at > then);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(seconds: i64) -> Moment {
        Moment::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_change_that_fails_is_owed_until_it_succeeds_and_holds_no_other_up() {
        let mut position = Position::after(6);
        let both = [(7, Change::ResourcesChanged), (8, Change::KeysChanged)];
        position.read(both.clone());
        assert_eq!(position.owed(), both);
        position.settle(8, moment(1));
        assert_eq!((position.latest(), position.owed()), (8, vec![(7, Change::ResourcesChanged)]));
        // Also when the feed keeps neither of them any more.
        position.forget(moment(1));
        position.read([]);
        assert_eq!(position.owed(), [(7, Change::ResourcesChanged)]);
        position.settle(7, moment(700));
        assert_eq!(position.owed(), []);
    }

    #[test]
    fn what_was_applied_is_not_applied_again_when_the_overlap_brings_it_back() {
        let mut position = Position::after(0);
        // Numbers become visible out of order: 2 before 1.
        position.read([(2, Change::KeysChanged)]);
        position.settle(2, moment(1));
        position.forget(moment(0));
        position.read([(1, Change::ResourcesChanged), (2, Change::KeysChanged)]);
        assert_eq!(position.owed(), [(1, Change::ResourcesChanged)]);
    }
}

//! How far the audit log is sealed.

use super::GAP_TIME;
use signet_protocol::audit::seal::{Digest, MAX_ROWS, Seal};
use signet_protocol::environment::Moment;

/// Numbers below the greatest sealed one that no seal holds: their transactions are under way, or were undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Gap {
    first: i64,
    last: i64,
    noticed: Moment,
}

/// What the next seal names of the last one; zeros: there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tip {
    pub seq: i64,
    pub hash: Digest,
    pub dropped_through: i64,
}

impl Tip {
    pub fn of(seal: &Seal) -> Self {
        Self { seq: seal.seq, hash: seal.hash(), dropped_through: seal.dropped_through }
    }
}

/// What the seals up to some seal hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Position {
    /// That seal.
    pub tip: Tip,
    greatest: i64,
    gaps: Vec<Gap>,
}

impl Position {
    /// After this seal; `greatest` is the greatest number of a row up to it. There are no gaps:
    /// they are older than [`GAP_TIME`].
    pub fn after(tip: Tip, greatest: i64) -> Self {
        Self { tip, greatest, gaps: Vec::new() }
    }

    /// The greatest number that is sealed.
    pub fn greatest(&self) -> i64 {
        self.greatest
    }

    /// Where rows may still appear below it: rising ranges, both ends included.
    pub fn gaps(&self) -> Vec<(i64, i64)> {
        self.gaps.iter().map(|gap| (gap.first, gap.last)).collect()
    }

    /// The next seal, made at some moment, holds these rising numbers.
    pub fn advance(&mut self, tip: Tip, ids: impl IntoIterator<Item = i64>, at: Moment) {
        self.tip = tip;
        self.gaps.retain(|gap| gap.noticed.checked_add_signed(GAP_TIME).is_some_and(|end| end > at));
        for id in ids {
            if id <= self.greatest {
                self.fill(id);
                continue;
            }
            if id > self.greatest.saturating_add(1) {
                self.gaps.push(Gap { first: self.greatest + 1, last: id - 1, noticed: at });
            }
            self.greatest = id;
        }
    }

    fn fill(&mut self, id: i64) {
        let place = self.gaps.partition_point(|gap| gap.last < id);
        let Some(gap) = self.gaps.get(place).copied().filter(|gap| gap.first <= id) else { return };
        let halves = [Gap { last: id - 1, ..gap }, Gap { first: id + 1, ..gap }];
        self.gaps.splice(place..=place, halves.into_iter().filter(|gap| gap.first <= gap.last));
    }
}

/// So many rows are read for one seal.
pub(super) const ROWS: u64 = MAX_ROWS as u64;

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn at(seconds: i64) -> Moment {
        Moment::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn tip(seq: i64) -> Tip {
        Tip { seq, ..Tip::default() }
    }

    #[test]
    fn a_row_that_commits_late_is_looked_for_in_its_gap_until_the_gap_is_too_old() {
        let mut position = Position::after(tip(3), 10);
        position.advance(tip(4), [11, 14, 15, 20], at(0));
        assert_eq!((position.greatest(), position.gaps()), (20, vec![(12, 13), (16, 19)]));
        position.advance(tip(5), [13, 17, 21], at(1));
        assert_eq!(position.gaps(), [(12, 12), (16, 16), (18, 19)]);
        position.advance(tip(6), [12, 16, 23], at(2));
        assert_eq!((position.greatest(), position.gaps()), (23, vec![(18, 19), (22, 22)]));
        position.advance(tip(7), [24], at(0) + GAP_TIME);
        assert_eq!(position.gaps(), [(22, 22)]);
        assert_eq!(position.tip.seq, 7);
    }
}

//! What is to become of the keys of one purpose and algorithm: decided over their rows, without making or writing one.
//!
//! The live keys are a chain: each ends where the next begins, and the last one has no end. So there is always one that
//! works, even when nobody was there to rotate; and its successor is published long before its turn.

#[cfg(test)]
mod tests;

use super::{MAX_TOKEN_LIFETIME, Schedule};
use chrono::TimeDelta;
use signet_protocol::environment::Moment;
use signet_protocol::id::KeyId;
use signet_store::{KeyPurpose, KeyRow, KeyTimes, Retiming};

/// The live keys of one purpose and algorithm, in the order of their turns.
pub(super) struct Chain<'a> {
    purpose: KeyPurpose,
    alg: &'a str,
    links: Vec<&'a KeyRow>,
    schedule: Schedule,
    now: Moment,
}

/// A key that is to be made.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wanted {
    pub(super) purpose: KeyPurpose,
    pub(super) alg: String,
    pub(super) times: KeyTimes,
}

/// What is to become of a chain.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Plan {
    pub(super) add: Vec<Wanted>,
    pub(super) retime: Vec<Retiming>,
}

impl Plan {
    pub(super) fn is_empty(&self) -> bool {
        self.add.is_empty() && self.retime.is_empty()
    }

    pub(super) fn and(mut self, other: Self) -> Self {
        self.add.extend(other.add);
        self.retime.extend(other.retime);
        self
    }
}

/// When a key begins to sign.
pub(super) struct Turn {
    pub(super) kid: KeyId,
    pub(super) at: Moment,
}

impl<'a> Chain<'a> {
    /// The chain of one purpose and algorithm among all rows.
    pub(super) fn of(
        rows: &'a [KeyRow],
        (purpose, alg): (KeyPurpose, &'a str),
        schedule: Schedule,
        now: Moment,
    ) -> Self {
        let mut links: Vec<&KeyRow> = rows
            .iter()
            .filter(|row| row.purpose == purpose && row.alg == alg && row.revoked_at.is_none())
            .filter(|row| row.retires_at.is_none_or(|end| end > now))
            .collect();
        links.sort_by(|a, b| (a.activates_at, &a.kid).cmp(&(b.activates_at, &b.kid)));
        Self { purpose, alg, links, schedule, now }
    }

    /// Every chain that there are rows of, be they retired or revoked.
    pub(super) fn all(rows: &'a [KeyRow], schedule: Schedule, now: Moment) -> Vec<Self> {
        let mut names: Vec<(KeyPurpose, &str)> = Vec::new();
        for row in rows {
            if !names.contains(&(row.purpose, &row.alg)) {
                names.push((row.purpose, &row.alg));
            }
        }
        names.into_iter().map(|name| Self::of(rows, name, schedule, now)).collect()
    }

    /// What its keys are for.
    pub(super) fn purpose(&self) -> KeyPurpose {
        self.purpose
    }

    /// Its algorithm.
    pub(super) fn alg(&self) -> &str {
        self.alg
    }

    /// Whether one of its keys works now.
    pub(super) fn is_at_work(&self) -> bool {
        self.links.first().is_some_and(|first| first.activates_at <= self.now)
    }

    /// Its first key, which works at once: there is no other.
    fn begin(&self) -> Plan {
        Plan { add: vec![self.wanted(self.now, None)], retime: Vec::new() }
    }

    /// Brings it in order, whatever it looks like: a key works now, each ends where the next begins, and the last, which
    /// has no end, is yet to have its turn. Nothing is planned for a chain that is so already.
    pub(super) fn mend(&self) -> Plan {
        let mut times: Vec<KeyTimes> = self.links.iter().map(|link| KeyTimes::of(link)).collect();
        let Some(first) = times.first_mut() else { return self.begin() };
        // Only a chain that was broken begins in the future. It is an emergency: there is nothing to sign with.
        first.activates_at = first.activates_at.min(self.now);
        for next in 1..times.len() {
            let turn = times.get(next).map(|next| next.activates_at.max(self.now));
            if let (Some(turn), Some(link)) = (turn, times.get_mut(next - 1))
                && link.retires_at != Some(turn)
            {
                self.retire(link, turn);
            }
        }
        let mut plan = Plan::default();
        if let Some(last) = times.last_mut()
            && (last.retires_at.is_some() || last.activates_at <= self.now)
        {
            let due = last.retires_at.unwrap_or(last.activates_at + seconds(self.schedule.rotation));
            let turn = due.max(self.seen_by_all());
            if last.retires_at != Some(turn) {
                self.retire(last, turn);
            }
            plan.add.push(self.wanted(turn, None));
        }
        plan.retime = retimings(&self.links, times);
        plan
    }

    /// The next key has its turn as soon as every verifier can have seen it. `None`: there is no next one, which
    /// [`mend`](Self::mend) mends.
    pub(super) fn rotate(&self) -> Option<(Turn, Plan)> {
        let (current, next) = (self.links.first()?, self.links.get(1)?);
        let seen_by_all = next.created_at + seconds(self.schedule.publish_ahead);
        let at = self.now.max(seen_by_all).min(next.activates_at);
        let turn = Turn { kid: next.kid.clone(), at };
        if at == next.activates_at {
            return Some((turn, Plan::default()));
        }
        let (mut ends, mut begins) = (KeyTimes::of(current), KeyTimes::of(next));
        self.retire(&mut ends, at);
        begins.activates_at = at;
        let mut plan = Plan::default();
        if begins.retires_at.is_none() {
            let follows = (at + seconds(self.schedule.rotation)).max(self.seen_by_all());
            self.retire(&mut begins, follows);
            plan.add.push(self.wanted(follows, None));
        }
        plan.retime = retimings(&[current, next], vec![ends, begins]);
        Some((turn, plan))
    }

    /// The times of a key that was made elsewhere: its turn comes once every verifier can have seen it, at once if it is the
    /// first. `Err`: another key has its turn before that, then.
    pub(super) fn admit(&self) -> Result<(KeyTimes, Plan), Moment> {
        let open = |activates_at| KeyTimes { activates_at, retires_at: None, unpublish_at: None };
        let Some(current) = self.links.first() else { return Ok((open(self.now), Plan::default())) };
        let turn = self.seen_by_all();
        let mut admitted = open(turn);
        if let Some(next) = self.links.get(1) {
            if next.activates_at <= turn {
                return Err(next.activates_at);
            }
            self.retire(&mut admitted, next.activates_at);
        }
        let mut ends = KeyTimes::of(current);
        self.retire(&mut ends, turn);
        Ok((admitted, Plan { add: Vec::new(), retime: retimings(&[current], vec![ends]) }))
    }

    /// What closes the gap that a revoked key leaves. The place of the working key is taken at once, by its successor if
    /// there is one: waiting until every verifier knows that would mean to sign with nothing. The place of a later one is
    /// taken by a new key, no sooner than every verifier can have seen it.
    pub(super) fn without(&self, revoked: &KeyId) -> Plan {
        let Some(place) = self.links.iter().position(|link| link.kid == *revoked) else {
            return Plan::default();
        };
        let next = self.links.get(place + 1);
        let Some(before) = place.checked_sub(1).and_then(|before| self.links.get(before)) else {
            let Some(next) = next else { return self.begin() };
            let promoted = KeyTimes { activates_at: self.now, ..KeyTimes::of(next) };
            return Plan { add: Vec::new(), retime: retimings(&[next], vec![promoted]) };
        };
        let turn = self.links.get(place).map_or(self.now, |link| link.activates_at).max(self.seen_by_all());
        let next_turn = next.map(|next| next.activates_at);
        let mut ends = KeyTimes::of(before);
        let mut plan = Plan::default();
        match next_turn {
            // The one after it is due before a new key could sign.
            Some(next_turn) if next_turn <= turn => self.retire(&mut ends, next_turn),
            _ => {
                self.retire(&mut ends, turn);
                plan.add.push(self.wanted(turn, next_turn));
            }
        }
        plan.retime = retimings(&[before], vec![ends]);
        plan
    }

    /// From when a key that is made now is known to every verifier.
    fn seen_by_all(&self) -> Moment {
        self.now + seconds(self.schedule.publish_ahead)
    }

    fn wanted(&self, activates_at: Moment, retires_at: Option<Moment>) -> Wanted {
        let mut times = KeyTimes { activates_at, retires_at: None, unpublish_at: None };
        if let Some(end) = retires_at {
            self.retire(&mut times, end);
        }
        Wanted { purpose: self.purpose, alg: self.alg.to_owned(), times }
    }

    /// Lets a key work until `at`, and be known until the last token that it signs by then has expired.
    fn retire(&self, times: &mut KeyTimes, at: Moment) {
        let known = match self.purpose {
            KeyPurpose::Jwt | KeyPurpose::Form => MAX_TOKEN_LIFETIME,
            KeyPurpose::Refresh => i64::from(self.schedule.longest_grant),
        };
        times.retires_at = Some(at);
        times.unpublish_at = Some(at + TimeDelta::seconds(known));
    }
}

/// What changes, of what is wanted.
fn retimings(links: &[&KeyRow], wanted: Vec<KeyTimes>) -> Vec<Retiming> {
    let pairs = links.iter().zip(wanted);
    pairs
        .map(|(link, to)| Retiming { kid: link.kid.clone(), from: KeyTimes::of(link), to })
        .filter(|retiming| retiming.from != retiming.to)
        .collect()
}

fn seconds(seconds: u32) -> TimeDelta {
    TimeDelta::seconds(i64::from(seconds))
}

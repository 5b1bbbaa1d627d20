use super::*;
use proptest::prelude::*;
use std::collections::{HashMap, HashSet};

const AHEAD: u32 = 600;
const DAY: i64 = 86_400;
const SCHEDULE: Schedule =
    Schedule { rotation: 90 * 86_400, publish_ahead: AHEAD, longest_grant: 90 * 86_400 };
const NAME: (KeyPurpose, &str) = (KeyPurpose::Jwt, "ES256");

fn at(seconds: i64) -> Moment {
    Moment::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

/// The keys of one algorithm, as they are after what has been done to them.
struct Keys {
    rows: Vec<KeyRow>,
    now: i64,
    /// Keys that signed at once because there was no other.
    hurried: HashSet<KeyId>,
    signed_until: HashMap<KeyId, Moment>,
}

impl Keys {
    fn new() -> Self {
        Self { rows: Vec::new(), now: 0, hurried: HashSet::new(), signed_until: HashMap::new() }
    }

    /// With a working key `k0` and its successor `k1`.
    fn started() -> Self {
        let mut keys = Self::new();
        keys.maintain();
        keys.maintain();
        keys
    }

    fn chain(&self) -> Chain<'_> {
        Chain::of(&self.rows, NAME, SCHEDULE, at(self.now))
    }

    fn add(&mut self, times: KeyTimes) -> KeyId {
        let kid = KeyId::new(format!("k{}", self.rows.len()));
        self.rows.push(KeyRow {
            kid: kid.clone(),
            purpose: NAME.0,
            alg: NAME.1.to_owned(),
            public: None,
            sealed: Vec::new(),
            created_at: at(self.now),
            activates_at: times.activates_at,
            retires_at: times.retires_at,
            unpublish_at: times.unpublish_at,
            revoked_at: None,
        });
        kid
    }

    fn apply(&mut self, plan: Plan) {
        let mut due_now = Vec::new();
        for Retiming { kid, from, to } in plan.retime {
            let row = self.rows.iter_mut().find(|row| row.kid == kid).unwrap();
            assert_eq!((KeyTimes::of(row), row.revoked_at), (from, None));
            if to.activates_at != from.activates_at && to.activates_at < row.created_at + seconds(AHEAD) {
                due_now.push(kid);
            }
            (row.activates_at, row.retires_at, row.unpublish_at) =
                (to.activates_at, to.retires_at, to.unpublish_at);
        }
        for wanted in plan.add {
            let kid = self.add(wanted.times);
            if wanted.times.activates_at == at(self.now) {
                due_now.push(kid);
            }
        }
        // Only where nothing else could sign.
        for kid in due_now {
            let now = at(self.now);
            let another = self.rows.iter().any(|row| {
                row.kid != kid
                    && row.revoked_at.is_none()
                    && row.activates_at <= now
                    && row.retires_at.is_none_or(|end| end > now)
            });
            assert!(!another, "{kid} was hurried for nothing");
            self.hurried.insert(kid);
        }
    }

    fn maintain(&mut self) {
        let plan = self.chain().mend();
        self.apply(plan);
    }

    fn rotate(&mut self) -> Option<Moment> {
        self.maintain();
        let (turn, plan) = self.chain().rotate()?;
        self.apply(plan);
        Some(turn.at)
    }

    fn import(&mut self) {
        if !self.rows.is_empty() {
            self.maintain();
        }
        let is_first = self.rows.is_empty();
        let Ok((times, plan)) = self.chain().admit() else { return };
        self.apply(plan);
        let kid = self.add(times);
        if is_first {
            self.hurried.insert(kid);
        }
    }

    fn revoke(&mut self, number: usize) {
        let now = at(self.now);
        let live: Vec<KeyId> =
            self.rows.iter().filter(|row| row.revoked_at.is_none()).map(|row| row.kid.clone()).collect();
        if live.is_empty() {
            return;
        }
        let kid = &live[number % live.len()];
        let plan = self.chain().without(kid);
        self.rows.iter_mut().find(|row| row.kid == *kid).unwrap().revoked_at = Some(now);
        self.apply(plan);
        self.maintain();
    }

    fn wait(&mut self, seconds: i64) {
        let (from, until) = (at(self.now), at(self.now + seconds));
        for row in self.rows.iter().filter(|row| row.revoked_at.is_none() && row.activates_at < until) {
            if row.retires_at.is_none_or(|end| end > from) {
                let end = row.retires_at.map_or(until, |end| end.min(until));
                self.signed_until.insert(row.kid.clone(), end);
            }
        }
        self.now += seconds;
    }

    fn live(&self) -> impl Iterator<Item = &KeyRow> {
        self.rows.iter().filter(|row| row.revoked_at.is_none())
    }

    fn working(&self, moment: Moment) -> Vec<&str> {
        let works =
            |row: &&KeyRow| row.activates_at <= moment && row.retires_at.is_none_or(|end| end > moment);
        self.live().filter(works).map(|row| row.kid.as_str()).collect()
    }

    /// All that is promised of the keys of an algorithm, now and for ever if nobody touches them again.
    fn check(&self) {
        let now = at(self.now);
        let turns = self.live().flat_map(|row| [Some(row.activates_at), row.retires_at]).flatten();
        for moment in turns.filter(|turn| *turn > now).chain([now]) {
            assert_eq!(self.working(moment).len(), 1, "at {moment}: {:#?}", self.rows);
        }
        assert!(self.live().filter(|row| row.retires_at.is_none()).count() == 1, "{:#?}", self.rows);
        for row in self.live() {
            let published_ahead = row.activates_at >= row.created_at + seconds(AHEAD);
            assert!(published_ahead || self.hurried.contains(&row.kid), "{row:#?}");
            if let (Some(end), Some(signed)) = (row.unpublish_at, self.signed_until.get(&row.kid)) {
                assert!(end >= *signed + TimeDelta::seconds(MAX_TOKEN_LIFETIME), "{row:#?}");
            }
        }
    }

    /// And the successor of the working key is published.
    fn check_successor(&self) {
        assert!(self.live().any(|row| row.activates_at > at(self.now)), "{:#?}", self.rows);
    }
}

#[test]
fn a_revoked_successor_is_replaced_in_the_same_stroke() {
    let mut keys = Keys::started();
    let turn = keys.rows[1].activates_at;
    let plan = keys.chain().without(&"k1".into());
    assert_eq!(plan.add.len(), 1);
    assert_eq!(plan.add[0].times.activates_at, turn);
    keys.revoke(1);
    keys.check();
    keys.wait(91 * DAY);
    assert_eq!(keys.working(at(keys.now)), ["k2"]);
}

#[test]
fn a_successor_that_is_revoked_shortly_before_its_turn_is_replaced_no_sooner_than_verifiers_can_know() {
    let mut keys = Keys::started();
    keys.wait(90 * DAY - 10);
    keys.revoke(1);
    keys.check();
    assert_eq!(keys.rows[2].activates_at, at(keys.now + i64::from(AHEAD)));
    assert_eq!(keys.working(keys.rows[1].activates_at), ["k0"]);
}

#[test]
fn the_middle_of_a_chain_is_replaced_between_its_neighbours() {
    let mut keys = Keys::started();
    keys.wait(DAY);
    keys.import();
    assert_eq!(keys.rows.len(), 3);
    keys.revoke(2);
    keys.check();
    assert_eq!(keys.rows[3].activates_at, keys.rows[2].activates_at);
    assert_eq!(keys.rows[3].retires_at, Some(keys.rows[1].activates_at));
}

#[test]
fn the_place_of_a_revoked_working_key_is_taken_at_once() {
    let mut keys = Keys::started();
    keys.wait(DAY);
    keys.revoke(0);
    keys.check();
    keys.check_successor();
    assert_eq!(keys.working(at(keys.now)), ["k1"]);
}

#[test]
fn a_chain_without_an_end_to_come_gets_one() {
    let mut keys = Keys::started();
    // What a key that was revoked without a replacement leaves behind.
    keys.rows[1].revoked_at = Some(at(0));
    keys.maintain();
    keys.check();
    keys.check_successor();
    assert_eq!(keys.rows[2].activates_at, at(90 * DAY));
}

#[test]
fn a_chain_whose_keys_are_all_gone_begins_anew() {
    let mut keys = Keys::started();
    keys.rows[1].revoked_at = Some(at(0));
    keys.wait(100 * DAY);
    assert!(!keys.chain().is_at_work());
    keys.maintain();
    keys.check();
}

#[test]
fn two_chains_of_one_algorithm_become_one() {
    let mut keys = Keys::started();
    keys.wait(5);
    keys.add(KeyTimes { activates_at: at(5), retires_at: None, unpublish_at: None });
    keys.hurried.insert("k2".into());
    keys.maintain();
    keys.check();
    keys.check_successor();
    assert_eq!(keys.working(at(5)), ["k2"]);
}

#[test]
fn a_rotation_waits_until_every_verifier_can_have_seen_the_next_key() {
    let mut keys = Keys::started();
    assert_eq!(keys.rotate(), Some(at(i64::from(AHEAD))));
    // Ordered again it is the same one.
    keys.wait(5);
    assert_eq!(keys.rotate(), Some(at(i64::from(AHEAD))));
    keys.check();
    keys.wait(DAY);
    assert_eq!(keys.rotate(), Some(at(keys.now)));
    keys.check();
}

#[test]
fn a_chain_in_order_is_left_alone() {
    let keys = Keys::started();
    assert_eq!(keys.chain().mend(), Plan::default());
}

#[derive(Clone, Debug)]
enum Step {
    Maintain,
    Rotate,
    Import,
    Revoke(usize),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::Maintain),
        Just(Step::Rotate),
        Just(Step::Import),
        (0..6_usize).prop_map(Step::Revoke),
        (1..2_000_i64).prop_map(Step::Wait),
        (1..100 * DAY).prop_map(Step::Wait),
    ]
}

proptest! {
    #[test]
    fn whatever_is_done_one_key_works_its_successor_is_known_and_no_token_loses_its_key(
        begins_by_import in any::<bool>(),
        steps in prop::collection::vec(step(), 1..25),
    ) {
        let mut keys = Keys::new();
        if begins_by_import { keys.import() } else { keys.maintain() }
        keys.check();
        for step in steps {
            match step {
                Step::Maintain => keys.maintain(),
                Step::Rotate => {
                    prop_assert!(keys.rotate().is_some());
                }
                Step::Import => keys.import(),
                Step::Revoke(number) => keys.revoke(number),
                Step::Wait(seconds) => keys.wait(seconds),
            }
            keys.check();
            if !matches!(step, Step::Wait(_)) {
                keys.check_successor();
            }
        }
    }
}

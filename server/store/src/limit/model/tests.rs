//! What holds for every strategy, whatever comes when.

use super::*;
use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, prop_compose, prop_oneof, proptest};
use std::time::Duration;

/// Some moment, in microseconds: long after 1970, so that nothing kept is long ago.
const START: i64 = 1_800_000_000_000_000;

prop_compose! {
    fn rule()(
        strategy in prop::sample::select(Strategy::ALL.to_vec()),
        number in 1..30u32,
        millis in 1..5_000u64,
        burst in prop::option::of(1..30u32),
        rising in any::<bool>(),
    ) -> Rule {
        let rule = Rule::new(strategy, number, Duration::from_millis(millis), burst);
        if rising { rule.rising() } else { rule }
    }
}

fn steps() -> impl proptest::strategy::Strategy<Value = Vec<(bool, i64)>> {
    // Mostly takes, at moments that lie from nothing to a few seconds apart.
    prop::collection::vec((prop::bool::weighted(0.1), prop_oneof![0..2_000i64, 0..3_000_000i64]), 1..120)
}

/// Takes at this moment; what was refused leaves no trace.
fn take(rule: &Rule, kept: &mut Kept, at: i64) -> Verdict {
    let (next, verdict, _) = rule.step(Step::Take, *kept, at);
    if verdict.allowed {
        *kept = next;
    }
    verdict
}

fn give_back(rule: &Rule, kept: &mut Kept, at: i64) -> Verdict {
    let (next, verdict, _) = rule.step(Step::GiveBack, *kept, at);
    *kept = next;
    verdict
}

proptest! {
    #[test]
    fn the_next_one_passes_when_it_was_told_to_come_and_not_before(rule in rule(), steps in steps()) {
        let (mut kept, mut at) = (Kept::default(), START);
        for (back, pause) in steps {
            at += pause;
            let verdict = if back { give_back(&rule, &mut kept, at) } else { take(&rule, &mut kept, at) };
            prop_assert_eq!(verdict.wait == 0, verdict.remaining > 0, "{:?}", verdict);
            let peek = |at| rule.step(Step::Peek, kept, at).1;
            prop_assert!(peek(at + verdict.wait * 1000).allowed, "{:?} {:?}", rule, verdict);
            if verdict.wait > 0 {
                prop_assert!(!peek(at + (verdict.wait - 1) * 1000).allowed, "{:?} {:?}", rule, verdict);
            }
        }
    }

    #[test]
    fn what_remains_is_what_passes_at_once(rule in rule(), steps in steps()) {
        let (mut kept, mut at) = (Kept::default(), START);
        for (_, pause) in steps {
            at += pause;
            let remaining = rule.step(Step::Peek, kept, at).1.remaining;
            let mut copy = kept;
            let passed = (0..1_000).take_while(|_| take(&rule, &mut copy, at).allowed).count();
            prop_assert_eq!(u32::try_from(passed).unwrap(), remaining);
            take(&rule, &mut kept, at);
        }
    }

    #[test]
    fn what_is_given_back_at_once_leaves_no_trace(rule in rule(), steps in steps()) {
        let (mut kept, mut at) = (Kept::default(), START);
        for (_, pause) in steps {
            at += pause;
            let before = rule.step(Step::Peek, kept, at).1;
            let mut copy = kept;
            if take(&rule, &mut copy, at).allowed {
                let after = give_back(&rule, &mut copy, at);
                prop_assert_eq!((after.allowed, after.remaining), (before.allowed, before.remaining));
                prop_assert_eq!(copy.strikes, rule.settled(kept, at).strikes);
            }
            take(&rule, &mut kept, at);
        }
    }

    #[test]
    fn no_more_pass_than_the_strategy_says(rule in rule(), steps in steps()) {
        let (mut kept, mut at) = (Kept::default(), START);
        let mut passed = Vec::new();
        for (_, pause) in steps {
            at += pause;
            if take(&rule, &mut kept, at).allowed {
                passed.push(at);
            }
        }
        let (period, number) = (rule.period * 1000, rule.number);
        for (first, &from) in passed.iter().enumerate() {
            for (last, &to) in passed.iter().enumerate().skip(first) {
                let (count, time) = (i64::try_from(last - first + 1).unwrap(), to - from);
                let most = match rule.strategy {
                    // Two windows may meet between the first and the last.
                    Strategy::FixedWindow | Strategy::SlidingWindow => number * (time / period + 2),
                    // To the millisecond at either end.
                    Strategy::TokenBucket => rule.burst + ceiling((time + 1_000) * number, period),
                    Strategy::LeakyBucket => rule.burst + time / rule.beat(),
                };
                prop_assert!(count <= most, "{count} in {time} µs, {most} at most: {rule:?}");
            }
        }
    }

    #[test]
    fn what_no_longer_matters_might_as_well_be_gone(rule in rule(), steps in steps()) {
        let (mut kept, mut at) = (Kept::default(), START);
        for (back, pause) in steps {
            at += pause;
            if back { give_back(&rule, &mut kept, at); } else { take(&rule, &mut kept, at); }
            let life = rule.step(Step::Peek, kept, at).2;
            let then = at + (life + 1) * 1000;
            prop_assert_eq!(rule.step(Step::Take, kept, then).1, rule.step(Step::Take, Kept::default(), then).1);
        }
    }

    #[test]
    fn a_clock_that_was_set_back_locks_nobody_out_for_long(rule in rule(), steps in steps(), back in 0..10_000_000_000i64) {
        let (mut kept, mut at) = (Kept::default(), START);
        for (_, pause) in steps {
            at += pause;
            take(&rule, &mut kept, at);
        }
        let wait = rule.step(Step::Peek, kept, at - back).1.wait;
        prop_assert!(wait <= (Rule::MOST_PERIODS + 2) * rule.period, "{wait} ms: {rule:?}");
    }
}

#[test]
fn a_window_ends_a_period_after_its_first_one() {
    let rule = Rule::new(Strategy::FixedWindow, 2, Duration::from_secs(900), None);
    let mut kept = Kept::default();
    assert!(take(&rule, &mut kept, START).allowed);
    assert!(take(&rule, &mut kept, START + 800_000_000).allowed);
    let refused = take(&rule, &mut kept, START + 899_000_000);
    assert_eq!((refused.allowed, refused.wait), (false, 1_000));
    assert!(take(&rule, &mut kept, START + 900_000_000).allowed);
}

#[test]
fn a_sliding_window_allows_no_double_burst_where_two_windows_meet() {
    let rule = Rule::new(Strategy::SlidingWindow, 10, Duration::from_secs(10), None);
    let mut kept = Kept::default();
    let passed = |kept: &mut Kept, at| (0..20).filter(|_| take(&rule, kept, at).allowed).count();
    take(&rule, &mut kept, START);
    assert_eq!(passed(&mut kept, START + 9_900_000), 9);
    assert_eq!(passed(&mut kept, START + 10_100_000), 0);
    assert_eq!(passed(&mut kept, START + 15_000_000), 5);
}

#[test]
fn a_leaky_bucket_keeps_its_beat_to_the_microsecond() {
    let rule = Rule::new(Strategy::LeakyBucket, 700, Duration::from_secs(1), Some(1));
    let mut kept = Kept::default();
    let passed = (0..1_000_000).step_by(50).filter(|at| take(&rule, &mut kept, START + at).allowed).count();
    assert!((665..=700).contains(&passed), "{passed}");
}

#[test]
fn refusals_grow_longer_up_to_eight_periods_and_are_forgotten() {
    let rule = Rule::new(Strategy::FixedWindow, 1, Duration::from_secs(60), None).rising();
    let (mut kept, mut at) = (Kept::default(), START);
    let mut waits = Vec::new();
    for _ in 0..6 {
        let verdict = take(&rule, &mut kept, at);
        assert!(verdict.allowed);
        waits.push(verdict.wait / 60_000);
        at += verdict.wait * 1000;
    }
    assert_eq!(waits, [1, 2, 4, 8, 8, 8]);
    at += 8 * 60 * 1_000_000;
    assert_eq!(take(&rule, &mut kept, at).wait, 60_000);
}

#[test]
fn numbers_out_of_bounds_are_taken_into_them() {
    let rule = Rule::new(Strategy::TokenBucket, 1, Duration::from_secs(86_400), Some(1_000_000));
    assert_eq!(rule.burst, 7);
    let rule = Rule::new(Strategy::FixedWindow, 0, Duration::ZERO, Some(0));
    assert_eq!((rule.number, rule.period, rule.burst), (1, 1, 1));
}

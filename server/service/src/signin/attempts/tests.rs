use super::*;
use crate::limits::{LimitSettings, LimitTable, Strategy};
use crate::settings::Live;
use chrono::{DateTime, TimeDelta};
use signet_protocol::environment::Clock;
use signet_store::Ephemeral;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

struct Hand(Arc<AtomicI64>);

impl Hand {
    fn advance(&self, seconds: u32) {
        self.0.fetch_add(seconds.into(), Ordering::Relaxed);
    }
}

/// So many for an account, for a network and for both; the clock stands still.
fn limits(account: u32, network: u32, pair: u32) -> (Limits, Hand) {
    let mut table = LimitTable::default();
    for (name, number) in [
        (LimitName::SignInAccount, account),
        (LimitName::SignInNetwork, network),
        (LimitName::SignInPair, pair),
    ] {
        let settings = LimitSettings {
            strategy: Strategy::FixedWindow,
            number: Some(number),
            ..name.default_settings()
        };
        table.set(name, settings);
    }
    let hand = Arc::new(AtomicI64::new(0));
    let shown = hand.clone();
    let clock = Clock::new(move || {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
            + TimeDelta::seconds(shown.load(Ordering::Relaxed))
    });
    (Limits::new(Live::with_limits(table), Ephemeral::local(), clock), Hand(hand))
}

fn address(last: u8) -> Option<IpAddr> {
    Some(IpAddr::from([192, 0, 2, last]))
}

async fn attempt<'a>(
    limits: &'a Limits,
    login: &str,
    address: Option<IpAddr>,
) -> Result<Attempt<'a>, Limited> {
    let mut attempt = Attempt::begin(limits, address, None).await?;
    attempt.at(Account::Unknown(login)).await?;
    Ok(attempt)
}

async fn known<'a>(
    limits: &'a Limits,
    user: &UserId,
    (address, device): (Option<IpAddr>, Option<&'a Device>),
) -> Result<Attempt<'a>, Limited> {
    let mut attempt = Attempt::begin(limits, address, device).await?;
    attempt.at(Account::Known(user)).await?;
    Ok(attempt)
}

#[tokio::test]
async fn an_attempt_counts_as_failed_until_it_has_succeeded() {
    let (limits, _) = limits(2, 50, 50);
    let attempts =
        (attempt(&limits, "alice", address(1)).await, attempt(&limits, "Alice ", address(2)).await);
    let refused = attempt(&limits, "alice", address(3)).await.err().unwrap();
    assert_eq!((refused.retry_after, refused.limit.policy), (900, "sign_in_account"));
    attempts.0.unwrap().succeeded().await;
    assert!(attempt(&limits, "alice", address(1)).await.is_ok());
}

#[tokio::test]
async fn a_blocked_network_locks_no_account() {
    let (limits, _) = limits(3, 5, 50);
    for guess in 0..20 {
        drop(attempt(&limits, &format!("nobody-{guess}"), address(1)).await);
    }
    for _ in 0..20 {
        assert!(attempt(&limits, "alice", address(1)).await.is_err());
    }
    assert!(attempt(&limits, "alice", address(2)).await.is_ok());
}

#[tokio::test]
async fn people_behind_one_address_who_sign_in_rightly_are_not_counted() {
    let (limits, _) = limits(10, 2, 10);
    for person in 0..20 {
        attempt(&limits, &format!("person-{person}"), address(1)).await.unwrap().succeeded().await;
    }
}

#[tokio::test]
async fn an_attempt_that_was_not_tried_does_not_count() {
    let (limits, _) = limits(1, 1, 1);
    for _ in 0..3 {
        attempt(&limits, "alice", address(1)).await.unwrap().given_up().await;
    }
}

#[tokio::test]
async fn guesses_from_one_network_do_not_use_the_account_up_for_another() {
    let (limits, _) = limits(10, 50, 3);
    for _ in 0..20 {
        drop(attempt(&limits, "alice", address(1)).await);
    }
    for _ in 0..3 {
        assert!(attempt(&limits, "alice", address(2)).await.is_ok());
    }
    let refused = attempt(&limits, "alice", address(2)).await.err().unwrap();
    assert_eq!(refused.limit.policy, "sign_in_pair");
}

#[tokio::test]
async fn whoever_goes_on_guessing_waits_longer_each_time_but_never_for_ever() {
    let (limits, hand) = limits(2, 1000, 1000);
    let mut waits = Vec::new();
    for _ in 0..6 {
        for _ in 0..2 {
            assert!(attempt(&limits, "alice", address(1)).await.is_ok());
        }
        let refused = attempt(&limits, "alice", address(1)).await.err().unwrap();
        waits.push(refused.retry_after / 900);
        hand.advance(refused.retry_after);
    }
    assert_eq!(waits, [1, 2, 4, 8, 8, 8]);
}

#[tokio::test]
async fn strangers_guesses_do_not_keep_the_owners_browser_out() {
    let (limits, _) = limits(3, 5, 3);
    let (alice, bob) = (UserId::from("alice"), UserId::from("bob"));
    let device = Device::of_test("device", &[&alice]);
    // From everywhere, the owner's own network among it.
    for last in 0..50 {
        drop(known(&limits, &alice, (address(last % 10), None)).await);
    }
    assert!(known(&limits, &alice, (address(1), None)).await.is_err());
    assert!(known(&limits, &alice, (address(1), Some(&device))).await.is_ok());
    // It opens no other account, and no more guesses at this one than any browser has.
    assert!(known(&limits, &bob, (address(20), Some(&device))).await.is_ok());
    for _ in 0..50 {
        drop(known(&limits, &bob, (address(20), Some(&device))).await);
    }
    assert!(known(&limits, &bob, (address(20), Some(&device))).await.is_err());
    for _ in 0..9 {
        assert!(known(&limits, &alice, (address(1), Some(&device))).await.is_ok());
    }
    let refused = known(&limits, &alice, (address(1), Some(&device))).await.err().unwrap();
    assert_eq!(refused.limit.policy, "sign_in_device");
}

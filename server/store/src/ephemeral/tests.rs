use super::Ephemeral;
use crate::limit::{Rule, Step, Strategy};
use signet_protocol::change::Change;
use std::time::Duration;

async fn local() -> Ephemeral {
    Ephemeral::open(None, "test").await.unwrap()
}

const LONG: Duration = Duration::from_secs(600);

#[tokio::test]
async fn a_key_is_spent_once() {
    let state = local().await;
    assert!(state.spend_once("jti", LONG).await.unwrap());
    assert!(!state.spend_once("jti", LONG).await.unwrap());
    assert!(state.spend_once("another", LONG).await.unwrap());
}

#[tokio::test]
async fn what_passed_counts_until_it_is_given_back_forgotten_or_over() {
    let state = local().await;
    let now = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let rule = Rule::new(Strategy::FixedWindow, 2, LONG, None);
    let step = async |step, now| state.limit("alice", &rule, step, now).await.unwrap();
    assert_eq!(step(Step::Take, now).await.remaining, 1);
    assert!(step(Step::Take, now).await.allowed);
    let refused = step(Step::Take, now).await;
    assert_eq!((refused.allowed, refused.retry_after()), (false, 600));
    assert_eq!(step(Step::GiveBack, now).await.remaining, 1);
    assert_eq!(step(Step::Peek, now).await.remaining, 1);
    state.forget("alice").await.unwrap();
    assert_eq!(step(Step::Peek, now).await.remaining, 2);
    step(Step::Take, now).await;
    assert_eq!(step(Step::Peek, now + LONG).await.remaining, 2);
}

#[tokio::test]
async fn a_published_change_reaches_every_listener() {
    let state = local().await;
    let (mut one, mut other) = (state.subscribe(), state.subscribe());
    state.publish(&Change::KeysChanged).await.unwrap();
    assert_eq!(one.next().await, Some(Change::KeysChanged));
    assert_eq!(other.next().await, Some(Change::KeysChanged));
}

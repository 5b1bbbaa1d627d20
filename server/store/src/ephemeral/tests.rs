use super::Ephemeral;
use signet_protocol::change::Change;
use signet_protocol::id::Jti;
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
async fn failures_are_counted_until_cleared() {
    let state = local().await;
    assert_eq!(state.count_failure("alice", LONG).await.unwrap(), 1);
    assert_eq!(state.count_failure("alice", LONG).await.unwrap(), 2);
    assert_eq!(state.failures("alice").await.unwrap(), 2);
    assert_eq!(state.failures("bob").await.unwrap(), 0);
    state.clear("alice").await.unwrap();
    assert_eq!(state.failures("alice").await.unwrap(), 0);
}

#[tokio::test]
async fn a_denied_token_is_found_until_it_expires() {
    let state = local().await;
    let now = chrono::DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    let revoked = |jti: &str, seconds| Change::TokenRevoked {
        jti: Jti::from(jti),
        expires_at: now + Duration::from_secs(seconds),
    };
    state.deny(&revoked("live", 600), now).await.unwrap();
    state.deny(&revoked("expired", 0), now).await.unwrap();
    assert!(state.is_denied(&Jti::from("live"), None).await.unwrap());
    assert!(!state.is_denied(&Jti::from("expired"), None).await.unwrap());
}

#[tokio::test]
async fn a_published_change_reaches_every_listener() {
    let state = local().await;
    let (mut one, mut other) = (state.subscribe(), state.subscribe());
    state.publish(&Change::KeysChanged).await.unwrap();
    assert_eq!(one.next().await, Some(Change::KeysChanged));
    assert_eq!(other.next().await, Some(Change::KeysChanged));
}

//! The short-lived state, in this process and in Redis.

use crate::fixture::after;
use futures_util::future::join_all;
use signet_protocol::change::Change;
use signet_protocol::id::Jti;
use signet_store::{Ephemeral, EphemeralError};
use signet_tests::{Services, eventually};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(600);

async fn local() -> Ephemeral {
    Ephemeral::open(None, "test").await.unwrap()
}

async fn shared() -> Ephemeral {
    let (url, prefix) = Services::from_environment().redis_with_prefix();
    Ephemeral::open(Some(&url), &prefix).await.unwrap()
}

async fn one_of_twenty_spends_a_key(state: Ephemeral) {
    // More than once: a race that is lost seldom is lost all the same.
    for round in 0..50 {
        let attempts = (0..20).map(|_| {
            let state = state.clone();
            tokio::spawn(async move { state.spend_once(&format!("jti-{round}"), LONG).await.unwrap() })
        });
        let outcomes = join_all(attempts).await;
        assert_eq!(outcomes.into_iter().map(Result::unwrap).filter(|first| *first).count(), 1);
    }
}

async fn a_change_reaches_those_who_listen(state: Ephemeral) {
    let mut feed = state.subscribe();
    let change = Change::TokenRevoked { jti: Jti::from("jti"), expires_at: after(600) };
    // The subscription takes its time; what is published before it is not kept.
    let heard = eventually(Duration::from_secs(10), async || {
        state.publish(&change).await.unwrap();
        tokio::time::timeout(Duration::from_millis(20), feed.next()).await
    })
    .await;
    assert_eq!(heard, Some(change));
}

macro_rules! rules {
    ($($rule:ident),+ $(,)?) => {
        mod in_process {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $rule() {
                super::$rule(super::local().await).await;
            })+
        }
        mod redis {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $rule() {
                super::$rule(super::shared().await).await;
            })+
        }
    };
}

rules! {
    one_of_twenty_spends_a_key,
    a_change_reaches_those_who_listen,
}

#[tokio::test]
async fn a_redis_that_is_away_is_an_error_and_not_a_hang() {
    let nobody = format!("redis://127.0.0.1:{}/", signet_tests::free_port());
    let state = Ephemeral::open(Some(&nobody), "test").await.unwrap();
    let answer = tokio::time::timeout(Duration::from_secs(10), state.spend_once("jti", LONG)).await;
    assert!(matches!(answer, Ok(Err(EphemeralError::Unavailable(_)))));
}

#[tokio::test]
async fn a_malformed_redis_url_is_refused() {
    let refused = Ephemeral::open(Some("http://127.0.0.1"), "test").await;
    assert!(matches!(refused, Err(EphemeralError::Url)));
}

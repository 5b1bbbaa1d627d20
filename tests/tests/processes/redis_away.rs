//! Redis makes nodes quick, never truthful: emptied, stopped or started again, nothing revoked comes back.

use crate::shop::{PASSWORD, SOON, Shop, Tokens, expect_error, start, start_beside};
use signet_tests::{PrivateRedis, ServerProcess, Services, Settings, eventually};
use std::time::Duration;

/// How long a node may take to notice that Redis is back.
const RECOVERY: Duration = Duration::from_secs(20);

async fn two_on(redis: &PrivateRedis) -> (ServerProcess, ServerProcess, Shop, Shop) {
    let settings = Settings::new().with("redis.url", redis.url());
    let first = start(settings.with_postgres(&Services::from_environment()).await).await;
    let second = start_beside(&first).await;
    let (a, b) = (Shop::at(&first).await, Shop::at(&second).await);
    (first, second, a, b)
}

async fn is_dead_everywhere(shops: [&Shop; 2], tokens: &Tokens) {
    for shop in shops {
        eventually(SOON, async || !shop.is_active(&tokens.access).await).await;
        assert!(!shop.is_active(&tokens.refresh).await);
        expect_error(&shop.refresh(&tokens.refresh).send().await, 400, "invalid_grant");
    }
}

#[tokio::test]
async fn revoked_tokens_stay_revoked_when_redis_is_emptied_stopped_and_restarted() {
    let mut redis = PrivateRedis::start().await;
    let (_first, _second, a, b) = two_on(&redis).await;
    let browser = a.signed_in().await;
    let (early, late) = (a.tokens(&browser).await, a.tokens(&browser).await);
    a.revoke(&early.refresh).send().await.expect_status(200);
    is_dead_everywhere([&a, &b], &early).await;

    redis.empty().await;
    is_dead_everywhere([&a, &b], &early).await;

    redis.stop().await;
    is_dead_everywhere([&a, &b], &early).await;
    // Without its push, the other node reads it from the database.
    b.revoke(&late.refresh).send().await.expect_status(200);
    is_dead_everywhere([&a, &b], &late).await;

    redis.restart().await;
    for shop in [&a, &b] {
        eventually(RECOVERY, async || shop.health().await.0 == 200).await;
    }
    is_dead_everywhere([&a, &b], &early).await;
    is_dead_everywhere([&a, &b], &late).await;
}

#[tokio::test]
async fn a_node_started_after_redis_was_emptied_knows_what_was_revoked() {
    let redis = PrivateRedis::start().await;
    let (first, mut second, a, b) = two_on(&redis).await;
    let tokens = a.tokens(&a.signed_in().await).await;
    a.revoke(&tokens.access).send().await.expect_status(200);
    eventually(SOON, async || !b.is_active(&tokens.access).await).await;
    second.kill9().await;
    redis.empty().await;
    let second = start_beside(&first).await;
    assert!(!Shop::at(&second).await.is_active(&tokens.access).await);
}

#[tokio::test]
async fn tokens_issue_while_redis_is_away_and_readiness_says_why_not() {
    let mut redis = PrivateRedis::start().await;
    let (_first, _second, a, b) = two_on(&redis).await;
    let mut tokens = a.tokens(&a.signed_in().await).await;
    redis.stop().await;
    for shop in [&a, &b] {
        eventually(SOON, async || shop.health().await.0 == 503).await;
        let (_, body) = shop.health().await;
        assert!(body.contains(r#""reason":"redis: it does not answer""#), "{body}");
        shop.own_token().await.expect_status(200);
        tokens = Tokens::of(&shop.refresh(&tokens.refresh).send().await.expect_status(200));
        assert!(shop.is_active(&tokens.access).await);
        shop.tokens(&shop.signed_in().await).await;
    }
    redis.restart().await;
    for shop in [&a, &b] {
        eventually(RECOVERY, async || shop.health().await.0 == 200).await;
        shop.refresh(&tokens.refresh).send().await.expect_status(200);
    }
}

#[tokio::test]
async fn a_lost_redis_does_not_switch_limits_off() {
    let mut redis = PrivateRedis::start().await;
    let settings = Settings::new().with("redis.url", redis.url()).with("limits.sign_in_account.number", 2);
    let server = start(settings).await;
    let shop = Shop::at(&server).await;
    let (_, health) = shop.health().await;
    assert!(health.contains(r#""limits":"redis""#), "{health}");
    redis.stop().await;
    let mut last = 0;
    for _ in 0..4 {
        last = shop.try_sign_in(&shop.browser(), "alice", "wrong").await.status();
    }
    assert_eq!(last, 429);
    assert_eq!(shop.try_sign_in(&shop.browser(), "alice", PASSWORD).await.status(), 429);
    let (status, health) = shop.health().await;
    assert!(status == 503 && health.contains(r#""limits":"in-process, redis is away""#), "{health}");

    redis.restart().await;
    eventually(RECOVERY, async || shop.health().await.1.contains(r#""limits":"redis""#)).await;
    shop.try_sign_in(&shop.browser(), "alice", PASSWORD).await.callback().code();
}

#[tokio::test]
async fn a_redis_that_dies_while_a_password_is_compared_costs_nobody_an_attempt() {
    let mut redis = PrivateRedis::start().await;
    // Passwords so dear that there is time to kill it between what is taken and what is given back.
    let settings = Settings::new()
        .with("redis.url", redis.url())
        .with("passwords.memory_kib", 65536)
        .with("passwords.iterations", 12)
        .with("limits.sign_in_account.number", 1);
    let server = start(settings).await;
    let shop = Shop::at(&server).await;
    let browser = shop.browser();
    let sign_in = async { shop.try_sign_in(&browser, "alice", PASSWORD).await.callback().code().to_owned() };
    let kill = async {
        eventually(SOON, async || redis.has("*sign_in_account*").await).await;
        redis.stop().await;
    };
    tokio::join!(sign_in, kill);
    // Neither here, where it is counted now, nor there, when it is back.
    shop.try_sign_in(&shop.browser(), "alice", PASSWORD).await.callback().code();
    redis.restart().await;
    eventually(RECOVERY, async || shop.health().await.1.contains(r#""limits":"redis""#)).await;
    shop.try_sign_in(&shop.browser(), "alice", PASSWORD).await.callback().code();
    // And it still is a limit.
    assert_eq!(shop.try_sign_in(&shop.browser(), "alice", "wrong").await.status(), 400);
    assert_eq!(shop.try_sign_in(&shop.browser(), "alice", PASSWORD).await.status(), 429);
}

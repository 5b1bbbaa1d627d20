//! Without Redis there is one node, and it does all that two do.

use crate::BINARY;
use crate::shop::{PASSWORD, SHOP, SOON, Shop, Tokens, expect_error, resources, start};
use signet_tests::{
    ServerProcess, Services, Settings, eventually, header_unchecked, let_keys_be_seen, run_command,
};

async fn refuses_a_second(settings: Settings) {
    let mut first = start(settings.clone()).await;
    let exit = run_command(BINARY, &settings.second_node(), &["serve"]).await;
    assert_eq!(exit.code, Some(1), "{}", exit.stderr);
    // It says what is wrong, and how to mend it.
    assert!(exit.stderr.contains("another") && exit.stderr.contains("redis.url"), "{}", exit.stderr);
    // Commands are no nodes, and the first one is unharmed.
    first.command(&["keys", "list"]).await.expect_success();
    Shop::at(&first).await.own_token().await.expect_status(200);
    // Once the first has ended, in whatever way, there is room.
    first.kill9().await;
    ServerProcess::start(BINARY, settings.second_node()).await;
}

#[tokio::test]
async fn a_second_node_without_redis_is_refused_on_sqlite() {
    refuses_a_second(Settings::new()).await;
}

#[tokio::test]
async fn a_second_node_without_redis_is_refused_on_postgres() {
    refuses_a_second(Settings::new().with_postgres(&Services::from_environment()).await).await;
}

async fn does_everything(settings: Settings) {
    let settings = settings.with("limits.sign_in_account.number", 3);
    let server = start(settings).await;
    let shop = Shop::at(&server).await;
    let browser = shop.signed_in().await;
    let (first, second) = (shop.tokens(&browser).await, shop.tokens(&browser).await);
    let first = Tokens::of(&shop.refresh(&first.refresh).send().await.expect_status(200));

    // Revocation is there at once.
    shop.revoke(&first.refresh).send().await.expect_status(200);
    assert!(!shop.is_active(&first.access).await && shop.is_active(&second.access).await);

    // The command line reaches it.
    let old = header_unchecked(&shop.own_token().await.field("access_token"))["kid"].clone();
    let_keys_be_seen(server.settings()).await;
    server.command(&["keys", "rotate", "--alg", "ES256"]).await.expect_success();
    eventually(SOON, async || header_unchecked(&shop.own_token().await.field("access_token"))["kid"] != old)
        .await;
    server.apply(&resources().replace(SHOP.1, "another secret of the shop, 36 characters")).await;
    eventually(SOON, async || shop.own_token().await.status == 401).await;
    server.apply(&resources()).await;
    eventually(SOON, async || shop.own_token().await.status == 200).await;
    assert!(!shop.is_active(&first.access).await);

    // Limits count.
    for _ in 0..3 {
        assert_eq!(shop.try_sign_in(&shop.browser(), "alice", "wrong").await.status(), 400);
    }
    assert_eq!(shop.try_sign_in(&shop.browser(), "alice", PASSWORD).await.status(), 429);

    // And what was revoked stays so over a restart.
    let server = server.restart().await;
    assert!(!shop.is_active(&first.access).await && shop.is_active(&second.access).await);
    expect_error(&shop.refresh(&first.refresh).send().await, 400, "invalid_grant");
    drop(server);
}

#[tokio::test]
async fn one_node_does_what_two_do_on_sqlite() {
    does_everything(Settings::new()).await;
}

#[tokio::test]
async fn one_node_does_what_two_do_on_postgres() {
    does_everything(Settings::new().with_postgres(&Services::from_environment()).await).await;
}

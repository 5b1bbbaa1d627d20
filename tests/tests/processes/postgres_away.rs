//! Without its database a server says so, promises nothing, and goes on by itself when the database is back.

use crate::BINARY;
use crate::shop::{CALLBACK, PASSWORD, SHOP, Shop, Tokens, start, start_beside};
use signet_tests::{
    AuthenticatorApp, Form, Page, PrivatePostgres, ServerProcess, Settings, eventually, run_command,
    system_clock,
};
use std::time::Duration;

const RECOVERY: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_server_outlives_a_restart_of_its_database() {
    let postgres = PrivatePostgres::start().await;
    let server = start(Settings::new().with("database.url", postgres.url())).await;
    let shop = Shop::at(&server).await;
    let browser = shop.signed_in().await;
    let tokens = shop.tokens(&browser).await;
    let (kept, unwanted) = (shop.tokens(&browser).await, shop.tokens(&browser).await);

    postgres.stop().await;
    // Never 200: nobody could keep that promise (RFC 7009 §2.2.1).
    for token in [&unwanted.refresh, &unwanted.access] {
        let answer = shop.revoke(token).send().await.expect_status(503);
        assert!(answer.header("retry-after").is_some());
    }
    let refused = shop.refresh(&kept.refresh).send().await;
    assert_eq!((refused.status, refused.field("error").as_str()), (503, "temporarily_unavailable"));
    let (status, body) = shop.health().await;
    assert_eq!(status, 503);
    // Which part it is, and nothing of what was said: addresses and names of users stand in that.
    assert!(body.contains(r#""reason":"database: it does not answer""#), "{body}");
    // What needs no database goes on.
    assert_eq!(shop.http.get(shop.discovery.get("jwks_uri")).await.status, 200);

    postgres.resume().await;
    eventually(RECOVERY, async || shop.health().await.0 == 200).await;
    // What was not confirmed was not lost either: it can be asked again.
    shop.revoke(&unwanted.refresh).send().await.expect_status(200);
    assert!(!shop.is_active(&unwanted.access).await);
    for held in [kept, tokens] {
        let next = Tokens::of(&shop.refresh(&held.refresh).send().await.expect_status(200));
        assert!(shop.is_active(&next.access).await);
    }
    shop.tokens(&browser).await;
    shop.own_token().await.expect_status(200);
}

#[tokio::test]
async fn whoever_loses_the_database_in_the_middle_of_a_step_is_told_and_goes_on_from_there() {
    let postgres = PrivatePostgres::start().await;
    let settings = Settings::new().with("database.url", postgres.url()).with("factors.policy", "required");
    let server = start(settings).await;
    let shop = Shop::at(&server).await;
    let browser = shop.browser();
    let page = browser.get(shop.discovery.authorization(SHOP.0, CALLBACK).url()).await;
    let password = page.form("#login").fill("username", "alice").fill("password", PASSWORD);
    let page = sent_into_the_void(&postgres, &shop, password, "#login-submit").await;
    let page = page.form("#enrol").press("#enrol-totp").await;
    let app = AuthenticatorApp::with_key(&page.text("#enrol-totp-secret"));
    let code = page.form("form#enrol-totp").fill("code", &app.code(system_clock().now()));
    let page = sent_into_the_void(&postgres, &shop, code, "#enrol-totp-submit").await;
    assert!(page.has("#recovery-codes"), "{}", page.html());
    page.form("#continue").press("#continue-submit").await.callback().code();
}

/// Sends a form while there is no database, which is told, and again when it is back.
async fn sent_into_the_void(postgres: &PrivatePostgres, shop: &Shop, form: Form, button: &str) -> Page {
    postgres.stop().await;
    let page = form.clone().press(button).await;
    assert_eq!((page.status(), page.left_for()), (503, None), "{}", page.html());
    assert!(page.has("#error #error-description") && page.answer().header("retry-after").is_some());
    postgres.resume().await;
    eventually(RECOVERY, async || shop.health().await.0 == 200).await;
    form.press(button).await
}

#[tokio::test]
async fn the_only_node_is_the_only_one_after_a_restart_of_its_database_too() {
    let postgres = PrivatePostgres::start().await;
    let server = start(Settings::new().with("database.url", postgres.url())).await;
    let shop = Shop::at(&server).await;
    postgres.stop().await;
    postgres.resume().await;
    eventually(RECOVERY, async || shop.health().await.0 == 200).await;
    let exit = run_command(BINARY, &server.settings().second_node(), &["serve"]).await;
    assert_eq!(exit.code, Some(1), "{}", exit.stderr);
    assert!(exit.stderr.contains("redis.url"), "{}", exit.stderr);
}

/// Sends a signal that has no method of its own.
fn signal(server: &ServerProcess, name: &str) {
    let pid = server.pid().to_string();
    assert!(std::process::Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
}

#[tokio::test]
async fn a_node_that_was_overtaken_is_not_ready_until_it_is_alone_again() {
    let postgres = PrivatePostgres::start().await;
    let first = start(Settings::new().with("database.url", postgres.url())).await;
    let shop = Shop::at(&first).await;
    // It sleeps through the restart, and another node finds the lock free.
    signal(&first, "STOP");
    postgres.stop().await;
    postgres.resume().await;
    let mut second = start_beside(&first).await;
    signal(&first, "CONT");
    eventually(RECOVERY, async || {
        let (status, body) = shop.health().await;
        if status == 503 && body.contains("another node") { Ok(()) } else { Err((status, body)) }
    })
    .await;
    assert_eq!(Shop::at(&second).await.health().await.0, 200);
    second.kill9().await;
    eventually(RECOVERY, async || shop.health().await.0 == 200).await;
}

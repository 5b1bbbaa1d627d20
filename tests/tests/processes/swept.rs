//! Expired rows go by themselves.

use crate::BINARY;
use crate::shop::{CALLBACK, PASSWORD, SHOP, resources};
use sea_orm::{ConnectionTrait as _, Database, Statement};
use signet_tests::{FakeClock, Settings, TestServer, eventually, run_command};
use std::time::Duration;

const SWEPT: [&str; 3] = ["codes", "sessions", "grants"];

async fn rows(settings: &Settings) -> Vec<i64> {
    count(settings, &SWEPT).await
}

async fn count(settings: &Settings, tables: &[&str]) -> Vec<i64> {
    let url = format!("sqlite://{}?mode=ro", settings.path("signet.db").display());
    let database = Database::connect(url).await.unwrap();
    let mut counts = Vec::new();
    for table in tables {
        let sql = format!("SELECT count(*) FROM {table}");
        let statement = Statement::from_string(database.get_database_backend(), sql);
        let row = database.query_one_raw(statement).await.unwrap().unwrap();
        counts.push(row.try_get_by_index(0).unwrap());
    }
    database.close().await.unwrap();
    counts
}

#[tokio::test]
async fn sessions_codes_and_grants_are_swept_once_they_have_expired() {
    let settings = Settings::new();
    let file = settings.write_file("resources.toml", &resources()).display().to_string();
    run_command(BINARY, &settings, &["apply", &file]).await.expect_success();
    let clock = FakeClock::running();
    let server = TestServer::start_at(settings.clone(), clock.clone()).await;
    let request = server.discovery.authorization(SHOP.0, CALLBACK).scope("openid offline_access");
    let page = server.browser().get(request.url()).await;
    let form = page.form("#login").fill("username", "alice").fill("password", PASSWORD);
    let callback = form.press("#login-submit").await.callback();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", callback.code()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", &request.pkce.verifier),
    ];
    server.token(SHOP, &form).await.expect_status(200);
    server.stop().await;
    assert_eq!(rows(&settings).await, [1, 1, 1]);

    // Nothing goes before its time: the used code stays for as long as its access token (RFC 6749 §4.1.2).
    clock.advance(300);
    let server = TestServer::start_at(settings.clone(), clock.clone()).await;
    server.http.get(server.discovery.get("jwks_uri")).await.expect_status(200);
    server.stop().await;
    assert_eq!(rows(&settings).await, [1, 1, 1]);

    clock.advance(92 * 86_400);
    let server = TestServer::start_at(settings.clone(), clock.clone()).await;
    eventually(Duration::from_secs(20), async || {
        let left = rows(&settings).await;
        if left == [0, 0, 0] { Ok(()) } else { Err(left) }
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn an_account_goes_once_its_days_of_grace_are_over() {
    let settings = Settings::new().with("accounts.deletion_grace_days", 3);
    let file = settings.write_file("resources.toml", &resources()).display().to_string();
    run_command(BINARY, &settings, &["apply", &file]).await.expect_success();
    let people = count(&settings, &["users"]).await[0];
    let clock = FakeClock::running();
    let server = TestServer::start_at(settings.clone(), clock.clone()).await;
    let request = server.discovery.authorization(SHOP.0, CALLBACK).scope("openid offline_access");
    let alice = server.browser();
    let page = alice.get(request.url()).await;
    let form = page.form("#login").fill("username", "alice").fill("password", PASSWORD);
    form.press("#login-submit").await.callback();
    alice.get("/account/delete").await.form("#delete").press("#delete-submit").await;
    server.stop().await;

    clock.advance(2 * 86_400);
    let server = TestServer::start_at(settings.clone(), clock.clone()).await;
    server.http.get(server.discovery.get("jwks_uri")).await.expect_status(200);
    server.stop().await;
    assert_eq!(count(&settings, &["users"]).await, [people]);

    clock.advance(86_400);
    let server = TestServer::start_at(settings.clone(), clock.clone()).await;
    eventually(Duration::from_secs(20), async || {
        let left = count(&settings, &["users", "sessions", "grants"]).await;
        if left == [people - 1, 0, 0] { Ok(()) } else { Err(left) }
    })
    .await;
    server.stop().await;
}

//! When a grant ends although nobody replayed anything: time, the person, the session.

use crate::world::{OFFLINE, REACHES, World, refused};
use signet_tests::eventually;

/// A day, in seconds.
const DAY: i64 = 86_400;

/// Alice, disabled.
pub const DISABLED: &str = r#"
    [[users]]
    username = "alice"
    email = "alice@example.test"
    email_verified = true
    name = "Alice Example"
    phone_number = "+1 555 0100"
    disabled = true
"#;
const ANOTHER_PASSWORD: &str = r#"
    [[users]]
    username = "alice"
    email = "alice@example.test"
    email_verified = true
    name = "Alice Example"
    phone_number = "+1 555 0100"
    password = "an entirely different passphrase"
"#;
const BRIEF: &str = r#"
    [[clients]]
    client_id = "brief"
    client_secret = "a secret of thirty-two characters"
    redirect_uris = ["https://brief.example.test/callback"]
    grant_types = ["authorization_code", "refresh_token"]
    scope = "openid offline_access"
    skip_consent = true
    refresh_token_idle_lifetime = 600
    refresh_token_lifetime = 1500
"#;

#[tokio::test]
async fn a_grant_ends_after_a_week_without_use() {
    let world = World::still().await;
    let token = world.sign_in("web", OFFLINE).await.field("refresh_token");
    world.advance(7 * DAY - 1);
    let token = world.refresh("web", &token).await.expect_status(200).field("refresh_token");
    world.advance(7 * DAY);
    refused(&world.refresh("web", &token).await, 400, "invalid_grant");
    assert!(!world.is_active(&token).await);
}

#[tokio::test]
async fn a_grant_ends_after_ninety_days_however_often_it_was_used() {
    let world = World::still().await;
    let mut token = world.sign_in("web", OFFLINE).await.field("refresh_token");
    for _ in 0..14 {
        world.advance(6 * DAY);
        token = world.refresh("web", &token).await.expect_status(200).field("refresh_token");
    }
    world.advance(6 * DAY - 1);
    let last = world.refresh("web", &token).await.expect_status(200);
    // Its access token does not outlive it.
    assert_eq!(last.json()["expires_in"], 1);
    world.advance(1);
    refused(&world.refresh("web", &last.field("refresh_token")).await, 400, "invalid_grant");
}

#[tokio::test]
async fn a_client_may_register_shorter_lifetimes() {
    let world = World::at(signet_tests::FakeClock::still(), BRIEF).await;
    let idle = world.sign_in("brief", OFFLINE).await.field("refresh_token");
    let mut used = world.sign_in("brief", OFFLINE).await.field("refresh_token");
    world.advance(599);
    used = world.refresh("brief", &used).await.expect_status(200).field("refresh_token");
    world.advance(1);
    refused(&world.refresh("brief", &idle).await, 400, "invalid_grant");
    world.advance(500);
    used = world.refresh("brief", &used).await.expect_status(200).field("refresh_token");
    world.advance(400);
    refused(&world.refresh("brief", &used).await, 400, "invalid_grant");
}

/// Everything that a sign-in gave ends within a moment of the change.
async fn ended_by(declared: &str) {
    let world = World::start().await;
    let tokens = world.sign_in("web", OFFLINE).await;
    let (access, refresh) = (tokens.field("access_token"), tokens.field("refresh_token"));
    world.server.set_passwords(declared).await;
    refused(&world.refresh("web", &refresh).await, 400, "invalid_grant");
    eventually(REACHES, async || !world.is_active(&access).await).await;
    assert!(!world.is_active(&refresh).await);
    eventually(REACHES, async || world.userinfo(&access).await.status == 401).await;
}

#[tokio::test]
async fn a_disabled_person_loses_every_grant() {
    ended_by(DISABLED).await;
}

#[tokio::test]
async fn a_changed_password_ends_every_grant() {
    ended_by(ANOTHER_PASSWORD).await;
}

/// OpenID Connect Core §11: without `offline_access`, only while the person is signed in.
#[tokio::test]
async fn without_offline_access_a_grant_ends_with_its_session() {
    let world = World::start().await;
    let browser = world.server.browser();
    let session_bound = world.authorize(&browser, world.request("web", "openid")).await;
    let offline = world.authorize(&browser, world.request("web", OFFLINE)).await;
    let session_bound = world.token("web", &session_bound.form()).await.expect_status(200);
    let offline = world.token("web", &offline.form()).await.expect_status(200);
    let session_bound = world.refresh("web", &session_bound.field("refresh_token")).await.expect_status(200);
    let page = browser.get(world.endpoint("end_session_endpoint")).await;
    page.form("#logout").press("#logout-confirm").await;
    refused(&world.refresh("web", &session_bound.field("refresh_token")).await, 400, "invalid_grant");
    assert!(!world.is_active(&session_bound.field("access_token")).await);
    world.refresh("web", &offline.field("refresh_token")).await.expect_status(200);
}

#[tokio::test]
async fn without_offline_access_a_grant_ends_at_the_sessions_absolute_end() {
    let world = World::still().await;
    let mut token = world.sign_in("web", "openid").await.field("refresh_token");
    // The browser is idle all the time: that does not end the grant, and refreshing does not prolong it.
    for _ in 0..2 {
        world.advance(6 * DAY);
        token = world.refresh("web", &token).await.expect_status(200).field("refresh_token");
    }
    world.advance(2 * DAY);
    refused(&world.refresh("web", &token).await, 400, "invalid_grant");
}

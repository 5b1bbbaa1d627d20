//! How long a session lasts, by the clock.

use crate::person::{Site, sign_in};
use signet_tests::{FakeClock, Settings};

const HOUR: i64 = 3600;

async fn site() -> Site {
    let settings = Settings::new().with("sessions.idle_lifetime", HOUR).with("sessions.lifetime", 3 * HOUR);
    Site::with(settings, FakeClock::running(), "").await
}

#[tokio::test]
async fn an_idle_session_ends() {
    let site = site().await;
    let browser = site.signed_in("alice").await;
    site.server.clock().advance(HOUR - 60);
    browser.get(site.trusted().url()).await.callback().code();
    site.server.clock().advance(HOUR + 1);
    assert!(browser.get(site.trusted().url()).await.has("#login"));
}

#[tokio::test]
async fn use_keeps_a_session_alive_but_not_beyond_its_absolute_end() {
    let site = site().await;
    let browser = site.signed_in("alice").await;
    for _ in 0..5 {
        site.server.clock().advance(HOUR / 2);
        browser.get(site.trusted().url()).await.callback().code();
    }
    site.server.clock().advance(HOUR / 2 + 1);
    assert!(browser.get(site.trusted().url()).await.has("#login"), "a session outlived its absolute end");
}

#[tokio::test]
async fn signing_in_again_after_the_end_begins_another_session() {
    let site = site().await;
    let browser = site.signed_in("alice").await;
    let first = crate::person::id_token(&site.tokens(&browser, "openid").await)["sid"].clone();
    site.server.clock().advance(4 * HOUR);
    sign_in(browser.get(site.trusted().url()).await, "alice").await.callback().code();
    let second = crate::person::id_token(&site.tokens(&browser, "openid").await)["sid"].clone();
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_session_bound_refresh_token_ends_with_the_session_and_not_with_its_idleness() {
    let site = site().await;
    let browser = site.signed_in("alice").await;
    let bound = site.tokens(&browser, "openid").await.field("refresh_token");
    let offline = site.tokens(&browser, "openid offline_access").await.field("refresh_token");
    // The browser is long idle, the application is not.
    site.server.clock().advance(2 * HOUR);
    let bound = site.refresh(&bound).await.expect_status(200).field("refresh_token");
    let offline = site.refresh(&offline).await.expect_status(200).field("refresh_token");
    site.server.clock().advance(HOUR + 1);
    assert_eq!(site.refresh(&bound).await.expect_status(400).field("error"), "invalid_grant");
    site.refresh(&offline).await.expect_status(200);
}

#[tokio::test]
async fn consent_given_after_the_session_ended_needs_a_new_sign_in() {
    let site = site().await;
    let browser = site.signed_in("alice").await;
    let waiting = browser.get(site.shop().url()).await.form("#consent");
    site.server.clock().advance(3 * HOUR - 1);
    let page = waiting.press("#consent-allow").await;
    assert!(page.has("#login"), "{}", page.html());
}

#[tokio::test]
async fn signing_out_of_an_idle_session_ends_what_still_hangs_on_it() {
    let site = site().await;
    let browser = site.signed_in("alice").await;
    let bound = site.tokens(&browser, "openid").await.field("refresh_token");
    site.server.clock().advance(HOUR + 1);
    let page = browser.get(site.discovery().get("end_session_endpoint")).await;
    assert!(page.has("#signed-out"), "{}", page.html());
    assert_eq!(site.refresh(&bound).await.expect_status(400).field("error"), "invalid_grant");
}

#[tokio::test]
async fn signing_in_over_someone_elses_idle_session_ends_it() {
    let site = site().await;
    let browser = site.signed_in("alice").await;
    let bound = site.tokens(&browser, "openid").await.field("refresh_token");
    site.server.clock().advance(HOUR + 1);
    sign_in(browser.get(site.trusted().url()).await, "bob").await.callback().code();
    assert_eq!(site.refresh(&bound).await.expect_status(400).field("error"), "invalid_grant");
}

//! Step-up: a session is raised to what a client asks for (RFC 9470).

use crate::person::{Site, enrol_app, id_token, second_factor, sign_in};
use signet_tests::{AuthenticatorApp, Browser};

/// Alice, with an app and a session that a password alone began.
async fn signed_in_with_app(site: &Site) -> (Browser, AuthenticatorApp) {
    let request = site.trusted().with("acr_values", "aal2");
    let page = sign_in(site.browser().get(request.url()).await, "alice").await;
    let (app, _) = enrol_app(site, page).await;
    site.server.clock().advance(60);
    let browser = site.browser();
    let page = sign_in(browser.get(site.trusted().url()).await, "alice").await;
    let form = page.form("#mfa").fill("code", &app.code(site.server.clock().now()));
    form.tamper("remember", "yes").press("#mfa-submit").await.callback().code();
    // Signed in by password on a remembered device: `aal1`.
    let again = site.trusted().with("prompt", "login");
    sign_in(browser.get(again.url()).await, "alice").await.callback().code();
    site.server.clock().advance(60);
    (browser, app)
}

/// RFC 9470 §5, with the values that a resource server's `insufficient_user_authentication` challenge names.
#[tokio::test]
async fn acr_values_raise_an_existing_session() {
    let site = Site::start().await;
    let (browser, app) = signed_in_with_app(&site).await;
    let weak = site.tokens(&browser, "openid").await;
    let (acr, auth_time) = (id_token(&weak)["acr"].clone(), id_token(&weak)["auth_time"].clone());
    assert_eq!(acr, "aal1");
    let request = site.trusted().with("acr_values", "aal2");
    let page = browser.get(request.url()).await;
    assert!(!page.has("#login"), "the password was typed already");
    let callback = second_factor(page, &app.code(site.server.clock().now())).await.callback();
    let strong = site.redeem(&request, &callback).await.expect_status(200);
    let claims = id_token(&strong);
    assert_eq!(claims["acr"], "aal2");
    assert_eq!(claims["amr"], serde_json::json!(["pwd", "otp", "mfa"]));
    assert_eq!(claims["auth_time"], auth_time, "the password is no younger for it");
    let access = signet_tests::claims_unchecked(&strong.field("access_token"));
    assert_eq!(access["acr"], "aal2", "RFC 9068 §2.2.1");
    // The session stays as strong.
    assert_eq!(id_token(&site.tokens(&browser, "openid").await)["acr"], "aal2");
}

/// As the administration API refuses a token of such a sign-in.
#[tokio::test]
async fn the_console_is_closed_to_a_password_alone_where_administrators_must_prove_a_factor() {
    const DESK: &str = r#"
        [[roles]]
        name = "careful"
        permissions = ["clients:read"]
        second_factor = "required"

        [[groups]]
        name = "desk"
        roles = ["careful"]
        members = ["alice"]
    "#;
    let site = Site::declaring(DESK).await;
    let (browser, app) = signed_in_with_app(&site).await;
    assert!(!browser.get("/account").await.has("#mfa"), "what is hers alone is open to her");
    let page = browser.get("/console/clients").await;
    assert!(page.has("#mfa") && !page.has("[name=remember]"), "{}", page.html());
    let page = second_factor(page, &app.code(site.server.clock().now())).await;
    assert!(page.url().path().ends_with("/console/clients") && !page.has("#mfa"), "{}", page.html());
}

/// A remembered browser would be asked again all the same.
#[tokio::test]
async fn a_factor_that_a_client_asks_for_is_not_offered_to_be_remembered() {
    let site = Site::start().await;
    let (browser, app) = signed_in_with_app(&site).await;
    let cookie = browser.cookie("signet-remembered");
    let page = browser.get(site.trusted().with("acr_values", "aal2").url()).await;
    assert!(page.has("#mfa") && !page.has("[name=remember]"), "{}", page.html());
    let form = page.form("#mfa").fill("code", &app.code(site.server.clock().now()));
    form.tamper("remember", "yes").press("#mfa-submit").await.callback().code();
    assert_eq!(browser.cookie("signet-remembered"), cookie);
}

/// RFC 9470 §5: `max_age` beside `acr_values`.
#[tokio::test]
async fn max_age_beside_acr_values_asks_for_both() {
    let site = Site::start().await;
    let (browser, app) = signed_in_with_app(&site).await;
    let request = site.trusted().with("acr_values", "aal2").with("max_age", "30");
    let page = browser.get(request.url()).await;
    let page = sign_in(page, "alice").await;
    let callback = second_factor(page, &app.code(site.server.clock().now())).await.callback();
    let claims = id_token(&site.redeem(&request, &callback).await.expect_status(200));
    let age = site.server.clock().now().timestamp() - claims["auth_time"].as_i64().unwrap();
    assert!(age <= 30, "{age}");
    assert_eq!(claims["acr"], "aal2");
}

#[tokio::test]
async fn raising_a_session_changes_its_cookie() {
    let site = Site::start().await;
    let (browser, app) = signed_in_with_app(&site).await;
    let thief = browser.thief();
    let page = browser.get(site.trusted().with("acr_values", "aal2").url()).await;
    second_factor(page, &app.code(site.server.clock().now())).await.callback().code();
    assert_ne!(browser.cookie("signet-session"), thief.cookie("signet-session"));
    assert!(thief.get(site.trusted().url()).await.has("#login"), "the old secret proves nothing");
}

/// OpenID Connect Core Unmet Authentication Requirements 1.0 §2.
#[tokio::test]
async fn levels_that_nobody_knows_are_refused() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let callback = browser.get(site.trusted().with("acr_values", "urn:example:gold").url()).await.callback();
    assert_eq!(callback.error(), "unmet_authentication_requirements");
}

#[tokio::test]
async fn a_refresh_keeps_the_level_of_its_authorization() {
    let site = Site::start().await;
    let (browser, app) = signed_in_with_app(&site).await;
    let weak = site.tokens(&browser, "openid offline_access").await;
    let page = browser.get(site.trusted().with("acr_values", "aal2").url()).await;
    second_factor(page, &app.code(site.server.clock().now())).await.callback().code();
    let refreshed = site.refresh(&weak.field("refresh_token")).await.expect_status(200);
    let access = signet_tests::claims_unchecked(&refreshed.field("access_token"));
    assert_eq!(access["acr"], "aal1", "what was authorized weakly is no stronger for a later factor");
}

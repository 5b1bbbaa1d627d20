//! Second factors: set up when policy wants one, asked for at each sign-in, replaced by a recovery code.

use crate::person::{Site, enrol_app, id_token, second_factor, sign_in};
use signet_tests::{AuthenticatorApp, Browser, FakeClock, Page, Settings};

/// Everybody must have a second factor.
async fn strict() -> Site {
    Site::with(Settings::new().with("factors.policy", "required"), FakeClock::running(), "").await
}

/// Alice with her app, in the browser she set it up in, and her recovery codes.
async fn with_app(site: &Site) -> (Browser, AuthenticatorApp, Vec<String>) {
    let browser = site.browser();
    let page = sign_in(browser.get(site.trusted().url()).await, "alice").await;
    let (app, page) = enrol_app(site, page).await;
    let codes = page.text("#recovery-codes").split(' ').map(str::to_owned).collect();
    page.form("#continue").press("#continue-submit").await.callback().code();
    // The code that it was set up with is used up.
    site.server.clock().advance(60);
    (browser, app, codes)
}

async fn password(site: &Site, browser: &Browser) -> Page {
    let page = sign_in(browser.get(site.trusted().url()).await, "alice").await;
    assert!(page.has("form#mfa[method=post] input[name=code]"), "{}", page.html());
    page
}

#[tokio::test]
async fn whoever_must_have_a_second_factor_sets_one_up_before_any_code_is_issued() {
    let site = strict().await;
    let browser = site.browser();
    let request = site.trusted();
    let page = sign_in(browser.get(request.url()).await, "alice").await;
    assert!(page.has("#enrol #enrol-totp") && page.left_for().is_none(), "{}", page.html());
    let (_, page) = enrol_app(&site, page).await;
    assert_eq!(page.text("#recovery-codes").split(' ').count(), 10);
    let callback = page.form("#continue").press("#continue-submit").await.callback();
    let tokens = site.redeem(&request, &callback).await.expect_status(200);
    let claims = id_token(&tokens);
    assert_eq!(
        (claims["acr"].as_str(), claims["amr"].clone()),
        (Some("aal2"), serde_json::json!(["pwd", "otp", "mfa"]))
    );
}

#[tokio::test]
async fn a_code_of_the_app_completes_the_sign_in() {
    let site = strict().await;
    let (_, app, _) = with_app(&site).await;
    let browser = site.browser();
    let page = password(&site, &browser).await;
    assert_eq!(browser.cookie("signet-session"), None, "half a sign-in is no session");
    let page = second_factor(page, &app.code(site.server.clock().now())).await;
    page.callback().code();
    assert!(browser.cookie("signet-session").is_some());
    // Signed in is signed in: nothing is asked again.
    browser.get(site.trusted().url()).await.callback().code();
}

#[tokio::test]
async fn a_wrong_code_is_told_and_the_next_one_counts() {
    let site = strict().await;
    let (_, app, _) = with_app(&site).await;
    let page = password(&site, &site.browser()).await;
    let right = app.code(site.server.clock().now());
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let page = second_factor(page, wrong).await;
    assert!(page.has("#mfa-error[role=alert]"), "{}", page.html());
    let spaced = format!("{} {}", &right[..3], &right[3..]);
    second_factor(page, &spaced).await.callback().code();
}

#[tokio::test]
async fn whoever_lost_the_phone_comes_back_with_a_recovery_code() {
    let site = strict().await;
    let (_, _, codes) = with_app(&site).await;
    let browser = site.browser();
    let page = password(&site, &browser).await;
    let page = page.form("#mfa-instead").press("#instead-recovery_code").await;
    second_factor(page, &codes[3].to_uppercase()).await.callback().code();
    // Each works once.
    let page = password(&site, &site.browser()).await;
    let page = page.form("#mfa-instead").press("#instead-recovery_code").await;
    let page = second_factor(page, &codes[3]).await;
    assert!(page.has("#mfa-error"), "{}", page.html());
    second_factor(page, &codes[4]).await.callback().code();
}

#[tokio::test]
async fn a_second_factor_is_offered_and_not_forced_by_default_on_this_machine() {
    let site = Site::declaring(
        "[[users]]\nusername = \"root\"\npassword = \"correct horse battery staple\"\nroles = [\"admin\"]",
    )
    .await;
    sign_in(site.browser().get(site.trusted().url()).await, "root").await.callback().code();
}

#[tokio::test]
async fn a_client_and_a_role_may_demand_a_second_factor() {
    let site = Site::declaring(
        r#"
        [[roles]]
        name = "payroll"
        second_factor = "required"

        [[users]]
        username = "carol"
        password = "correct horse battery staple"
        roles = ["payroll"]

        [[users]]
        username = "dave"
        password = "correct horse battery staple"

        [[groups]]
        name = "finance"
        roles = ["payroll"]
        members = ["dave"]

        [[clients]]
        client_id = "vault"
        client_secret = "the secret of a shop, 32 characters"
        redirect_uris = ["https://trusted.example.test/callback"]
        scope = "openid"
        skip_consent = true
        second_factor = "required"
    "#,
    )
    .await;
    for name in ["carol", "dave"] {
        let page = sign_in(site.browser().get(site.trusted().url()).await, name).await;
        assert!(page.has("#enrol"), "{name}: {}", page.html());
    }
    let vault = site.trusted().with("client_id", "vault");
    let page = sign_in(site.browser().get(vault.url()).await, "alice").await;
    assert!(page.has("#enrol"), "{}", page.html());
    // A session from elsewhere is not enough for it.
    let browser = site.signed_in("alice").await;
    assert!(browser.get(vault.url()).await.has("#enrol"));
}

#[tokio::test]
async fn a_remembered_device_is_not_asked_again_for_thirty_days() {
    let site = strict().await;
    let (_, app, _) = with_app(&site).await;
    let browser = site.browser();
    let form = password(&site, &browser).await.form("#mfa");
    let code = app.code(site.server.clock().now());
    form.fill("code", &code).tamper("remember", "yes").press("#mfa-submit").await.callback().code();
    let again = || site.trusted().with("prompt", "login");
    let request = again();
    let callback = sign_in(browser.get(request.url()).await, "alice").await.callback();
    let tokens = site.redeem(&request, &callback).await.expect_status(200);
    assert_eq!(id_token(&tokens)["acr"], "aal1", "remembering proves nothing");
    // Another person in the same browser is asked, and so is this one when the time is over.
    assert!(sign_in(browser.get(again().url()).await, "bob").await.has("#enrol"));
    site.server.clock().advance(31 * 86_400);
    assert!(sign_in(browser.get(again().url()).await, "alice").await.has("#mfa"));
}

#[tokio::test]
async fn remembering_can_be_switched_off() {
    let settings = Settings::new().with("factors.policy", "required").with("factors.remember_days", 0);
    let site = Site::with(settings, FakeClock::running(), "").await;
    let (_, app, _) = with_app(&site).await;
    let browser = site.browser();
    let page = password(&site, &browser).await;
    assert!(!page.has("[name=remember]"));
    let code = app.code(site.server.clock().now());
    page.form("#mfa")
        .fill("code", &code)
        .tamper("remember", "yes")
        .press("#mfa-submit")
        .await
        .callback()
        .code();
    assert_eq!(browser.cookie("signet-remembered"), None);
}

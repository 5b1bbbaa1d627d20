//! The cookies, and the session that one of them proves.

use crate::person::{Site, id_token, sign_in};

const SESSION: &str = "signet-session";
const BROWSER: &str = "signet-browser";
const DEVICE: &str = "signet-device";

#[tokio::test]
async fn a_visitor_gets_the_form_cookie_and_a_person_those_of_session_and_device() {
    let site = Site::start().await;
    let browser = site.browser();
    let page = browser.get(site.trusted().url()).await;
    assert_eq!(browser.cookie_names(), [BROWSER]);
    let set: Vec<_> = page.answer().header_all("set-cookie").collect();
    let value = browser.cookie(BROWSER).unwrap();
    assert_eq!(set, [format!("{BROWSER}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000")]);
    let page = sign_in(page, "alice").await;
    let set: Vec<_> = page.answer().header_all("set-cookie").collect();
    let secret = browser.cookie(SESSION).unwrap();
    let device = browser.cookie(DEVICE).unwrap();
    let expected = [
        format!("{DEVICE}={device}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000"),
        format!("{SESSION}={secret}; Path=/; HttpOnly; SameSite=Lax"),
    ];
    assert_eq!(set, expected);
    assert_eq!(secret.len(), 43, "256 bits");
    assert_eq!(browser.cookie(BROWSER), Some(value), "set once and not replaced by signing in");
}

#[tokio::test]
async fn tabs_do_not_replace_the_cookie_that_forms_are_bound_to() {
    let site = Site::start().await;
    let browser = site.browser();
    let first = browser.get(site.trusted().url()).await;
    let value = browser.cookie(BROWSER);
    let second = browser.get(site.shop().url()).await;
    assert_eq!((browser.cookie(BROWSER), second.answer().header("set-cookie")), (value, None));
    sign_in(second, "alice").await;
    // The form of the first tab is as good as before.
    sign_in(first, "alice").await.callback().code();
}

#[tokio::test]
async fn the_secret_changes_at_each_authentication_and_the_old_one_is_worth_nothing() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let thief = browser.thief();
    let before = browser.cookie(SESSION);
    sign_in(browser.get(site.trusted().with("prompt", "login").url()).await, "alice").await.callback().code();
    assert_ne!(browser.cookie(SESSION), before);
    let silent = site.trusted().with("prompt", "none");
    assert_eq!(thief.get(silent.url()).await.callback().error(), "login_required");
    browser.get(silent.url()).await.callback().code();
}

#[tokio::test]
async fn a_secret_that_was_there_before_signing_in_is_not_taken_over() {
    let site = Site::start().await;
    let browser = site.browser();
    let planted = "A".repeat(43);
    browser.set_cookie(SESSION, &planted);
    let page = sign_in(browser.get(site.trusted().url()).await, "alice").await;
    page.callback().code();
    assert_ne!(browser.cookie(SESSION).unwrap(), planted, "session fixation");
    let attacker = site.browser();
    attacker.set_cookie(SESSION, &planted);
    assert!(attacker.get(site.trusted().url()).await.has("#login"));
}

#[tokio::test]
async fn sid_is_stable_when_the_same_person_signs_in_again() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let first = id_token(&site.tokens(&browser, "openid").await);
    let request = site.trusted().with("prompt", "login");
    let callback = sign_in(browser.get(request.url()).await, "alice").await.callback();
    let second = id_token(&site.redeem(&request, &callback).await);
    assert_eq!(first["sid"], second["sid"]);
    assert!(first["sid"].is_string());
    assert_eq!((&second["acr"], &second["amr"]), (&"aal1".into(), &serde_json::json!(["pwd"])));
    let other = site.signed_in("alice").await;
    assert_ne!(
        id_token(&site.tokens(&other, "openid").await)["sid"],
        first["sid"],
        "another browser's session"
    );
}

#[tokio::test]
async fn signing_in_again_keeps_the_grants_of_the_session() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let token = site.tokens(&browser, "openid").await.field("refresh_token");
    sign_in(browser.get(site.trusted().with("prompt", "login").url()).await, "alice").await.callback().code();
    site.refresh(&token).await.expect_status(200);
}

#[tokio::test]
async fn signing_in_as_someone_else_ends_the_session_and_what_hangs_on_it() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let old = browser.thief();
    let bound = site.tokens(&browser, "openid").await.field("refresh_token");
    let offline = site.tokens(&browser, "openid offline_access").await.field("refresh_token");
    sign_in(browser.get(site.trusted().with("prompt", "login").url()).await, "bob").await.callback().code();
    assert!(old.get(site.trusted().url()).await.has("#login"), "alice's session goes on");
    assert_eq!(site.refresh(&bound).await.expect_status(400).field("error"), "invalid_grant");
    site.refresh(&offline).await.expect_status(200);
}

#[tokio::test]
async fn values_that_no_server_of_ours_made_are_no_session() {
    let site = Site::start().await;
    for value in ["x", "' OR 1=1 --", &"a".repeat(4000), "%00", "\u{e9}"] {
        let browser = site.browser();
        browser.set_cookie(SESSION, value);
        browser.set_cookie(BROWSER, value);
        let page = browser.get(site.trusted().url()).await;
        assert!(page.has("#login"), "{value}: {}", page.html());
    }
}

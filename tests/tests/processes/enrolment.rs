//! An authenticator app, set up on the way and asked for, by the clock that processes have.

use crate::shop::{PASSWORD, Shop};
use chrono::TimeDelta;
use signet_tests::{AuthenticatorApp, Browser, Form, Page, system_clock};

/// The form that sets an app up, filled in, after a right password in this browser.
pub async fn enrolment(shop: &Shop, browser: &Browser) -> (AuthenticatorApp, Form) {
    let page = shop.try_sign_in(browser, "alice", PASSWORD).await;
    let page = page.form("#enrol").press("#enrol-totp").await;
    let app = AuthenticatorApp::with_key(&page.text("#enrol-totp-secret"));
    let form = page.form("form#enrol-totp").fill("code", &app.code(system_clock().now()));
    (app, form)
}

/// The app's next code: the present one may be used up already, and the next one is accepted early.
pub fn next_code(app: &AuthenticatorApp) -> String {
    app.code(system_clock().now() + TimeDelta::seconds(30))
}

/// Alice's app.
pub async fn enrolled(shop: &Shop) -> AuthenticatorApp {
    let (app, form) = enrolment(shop, &shop.browser()).await;
    let page = form.press("#enrol-totp-submit").await;
    assert!(page.has("#recovery-codes"), "{}", page.html());
    app
}

/// The page that asks for the second factor.
pub async fn half(shop: &Shop, browser: &Browser) -> Page {
    let page = shop.try_sign_in(browser, "alice", PASSWORD).await;
    assert!(page.has("#mfa"), "{}", page.html());
    page
}

//! What a person does with their factors, in their account and when they sign in.

use crate::world::{PASSWORD, World};
use serde_json::Value;
use signet_tests::{AuthenticatorApp, Browser, FakeClock, Page, Settings, SoftAuthenticator};

pub const SECURITY: &str = "/account/security";
pub const ALICE: &str = "alice@example.test";

/// A world with Bob, in which policy asks for second factors as a test needs it.
pub async fn world(policy: &str) -> World {
    let bob = "[[users]]\nusername = \"bob\"\npassword = \"correct horse battery staple\"";
    World::of(Settings::new().with("factors.policy", policy), FakeClock::running(), bob).await
}

/// Types user name and password on the way to an application.
pub async fn password(world: &World, browser: &Browser, username: &str) -> Page {
    let page = browser.get(world.request("web", "openid").with("prompt", "login").url()).await;
    page.form("#login").fill("username", username).fill("password", PASSWORD).press("#login-submit").await
}

/// A browser in which somebody without a factor is signed in.
pub async fn signed_in(world: &World, username: &str) -> Browser {
    let browser = world.server.browser();
    password(world, &browser, username).await.callback();
    browser
}

/// Types the code that an app shows where one is asked for.
pub async fn second_step(world: &World, page: &Page, app: &AuthenticatorApp) -> Page {
    let code = app.code(world.server.clock().now());
    page.form("#mfa").fill("code", &code).press("#mfa-submit").await
}

/// The same in a browser that is to be remembered.
pub async fn remembered(world: &World, app: &AuthenticatorApp, username: &str) -> Browser {
    let browser = world.server.browser();
    let form = password(world, &browser, username).await.form("#mfa").tamper("remember", "yes");
    form.fill("code", &app.code(world.server.clock().now())).press("#mfa-submit").await.callback();
    browser
}

/// The page on which an app is set up, and that app.
pub async fn new_app(browser: &Browser) -> (AuthenticatorApp, Page) {
    let page = browser.get(format!("{SECURITY}/app")).await;
    (AuthenticatorApp::with_key(&page.text("#enrol-totp-secret")), page)
}

/// Types an app's first code. Its next code counts a minute later.
pub async fn confirm(world: &World, page: &Page, app: &AuthenticatorApp) -> Page {
    let code = app.code(world.server.clock().now());
    let after = page.form("form#enrol-totp").fill("code", &code).press("#enrol-totp-submit").await;
    world.advance(60);
    after
}

/// Sets a first app up; with it come recovery codes.
pub async fn add_app(world: &World, browser: &Browser) -> (AuthenticatorApp, Vec<String>) {
    let (app, page) = new_app(browser).await;
    let page = confirm(world, &page, &app).await;
    let codes = codes(&page);
    let page = page.form("#continue").press("#continue-submit").await;
    assert_eq!(page.text("#account-done"), "Your authenticator app is set up.");
    (app, codes)
}

/// The recovery codes that a page shows.
pub fn codes(page: &Page) -> Vec<String> {
    page.text("#recovery-codes").split(' ').map(str::to_owned).collect()
}

/// The form by which a browser sends a new passkey.
pub async fn new_passkey(
    world: &World,
    browser: &Browser,
    name: &str,
) -> (SoftAuthenticator, signet_tests::Form) {
    let page = browser.get(format!("{SECURITY}/passkey")).await;
    let options = page.attribute("form#enrol-passkey", "data-options").expect("options");
    let options: Value = serde_json::from_str(&options).unwrap();
    let mut device = SoftAuthenticator::new(&world.server.issuer());
    let answer = device.create(&options);
    let form = page.form("form#enrol-passkey").fill("name", name).tamper("credential", &answer);
    (device, form)
}

/// Makes a passkey; ends at the account, or at recovery codes if it is the first factor.
pub async fn add_passkey(world: &World, browser: &Browser, name: &str) -> Page {
    let (_, form) = new_passkey(world, browser, name).await;
    form.send_as_it_is().await
}

/// Sends what a button of the security page would; all its forms are alike but for that.
pub async fn press(page: &Page, (name, value): (&str, &str)) -> Page {
    page.form(".sheet form").tamper(name, value).send_as_it_is().await
}

/// What tells a person's passkeys (`remove_passkey`) or remembered browsers (`forget`) apart.
pub async fn ids(browser: &Browser, button: &str) -> Vec<String> {
    browser.get(SECURITY).await.attributes(&format!("button[name={button}]"), "value")
}

//! The console, in the layouts that administrators have.

use crate::pages::SignInPage;
use crate::site::{PASSWORD, is_in_order};
use signet_tests::chromium::Window;
use signet_tests::{Chromium, FakeClock, Settings, TestServer};
use std::path::Path;

const DECLARED: &str = r#"
    [[resources]]
    identifier = "https://api.example.test"
    scopes = ["orders:read", "orders:write"]

    [[users]]
    username = "carol"
    name = "Carol Example"
    password = "correct horse battery staple"
    roles = ["signet:client_manager"]

    [[clients]]
    client_id = "legacy"
    client_secret = "the secret of a shop, 32 characters"
    client_name = "An application from long ago with quite a long name"
    redirect_uris = ["http://localhost:9/callback"]
    token_endpoint_auth_method = "client_secret_post"
    grant_types = ["authorization_code", "refresh_token", "client_credentials"]
    scope = "openid orders:read orders:gone"
    require_pkce = false
    second_factor = "off"
    access_token_lifetime = 7200
    claims = [{ claim = "https://example.test/claims/department", from = "attributes.department" }]
"#;

pub async fn keep(browser: &Chromium, suffix: &str, name: &str) {
    is_in_order(browser, name).await;
    let file = format!("../target/pages/console-{name}-{suffix}.png");
    browser.picture(&Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).await;
}

/// From the first page to a client that is registered, changed and removed. Scripts are off: none is needed.
async fn the_whole_way(width: u32, dark: bool) {
    let server = TestServer::start_with(Settings::new(), FakeClock::running(), DECLARED).await;
    let suffix = format!("{width}-{}", if dark { "dark" } else { "light" });
    let window = Window { width, dark, scripts: false, ..Window::default() };
    Chromium::run(&format!("console_{suffix}"), window, async |browser| {
        browser.goto(&format!("{}/console", server.issuer())).await;
        SignInPage::of(browser).await.sign_in("carol", PASSWORD).await;
        browser.see("#clients").await;
        keep(browser, &suffix, "clients").await;
        browser.click("#new-client").await;
        browser.see("#kind-web").await;
        keep(browser, &suffix, "kinds").await;
        browser.click("#kind-web").await;
        browser.fill("#client_name", "The Shop").await;
        browser.fill("#redirect_uris", "http://shop.test/callback").await;
        browser.click("#client-submit").await;
        browser.see("#redirect_uris-problem").await;
        keep(browser, &suffix, "new-client-faulty").await;
        browser.fill("#redirect_uris", "https://shop.test/callback").await;
        browser.click("#client-submit").await;
        browser.see("#client-secret").await;
        keep(browser, &suffix, "client-made").await;
        browser.click("#client-page").await;
        browser.see("#client-settings").await;
        keep(browser, &suffix, "client").await;
        browser.click("#client-rotate").await;
        browser.see("#overlap").await;
        keep(browser, &suffix, "ask-secret").await;
        browser.click("#ask-submit").await;
        browser.see("#client-secret").await;
        keep(browser, &suffix, "secret").await;
        browser.goto(&format!("{}/console/clients/legacy", server.issuer())).await;
        browser.see("#lint-without-pkce").await;
        keep(browser, &suffix, "client-risky").await;
        tried_out(browser, &suffix).await;
        browser.click("#client-state").await;
        browser.see("#ask").await;
        keep(browser, &suffix, "ask-disable").await;
        browser.click("#ask-submit").await;
        browser.see("#client-disabled").await;
        browser.click("#client-remove").await;
        browser.click("#ask-submit").await;
        browser.see("#console-done").await;
        keep(browser, &suffix, "removed").await;
    })
    .await;
}

/// From a client's page through its code flow and back.
async fn tried_out(browser: &Chromium, suffix: &str) {
    browser.click("#client-try").await;
    browser.see("#trial").await;
    keep(browser, suffix, "trial").await;
    browser.click("#trial-submit").await;
    browser.click("#consent-allow").await;
    browser.see("#tried-access_token").await;
    keep(browser, suffix, "tried").await;
    browser.click("#tried-again").await;
    browser.click("#trial-submit").await;
    browser.click("#consent-deny").await;
    browser.see("#tried-refusal").await;
    keep(browser, suffix, "tried-refused").await;
    browser.click("#tried-back").await;
}

#[tokio::test]
async fn the_console_fits_a_phone_in_light_colours() {
    the_whole_way(360, false).await;
}

#[tokio::test]
async fn the_console_fits_a_phone_in_dark_colours() {
    the_whole_way(360, true).await;
}

#[tokio::test]
async fn the_console_fits_a_desk_in_light_colours() {
    the_whole_way(1280, false).await;
}

#[tokio::test]
async fn the_console_fits_a_desk_in_dark_colours() {
    the_whole_way(1280, true).await;
}

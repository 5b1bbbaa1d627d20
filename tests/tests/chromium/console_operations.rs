//! The pages of the console for those who run the server, in the layouts that they have.

use crate::pages::SignInPage;
use crate::site::{PASSWORD, is_in_order};
use signet_tests::chromium::Window;
use signet_tests::{Chromium, FakeClock, Settings, TestServer};
use std::path::Path;

const DECLARED: &str = r#"
    [[resources]]
    identifier = "https://api.example.test/a/rather/long/address/of/an/api"
    scopes = ["orders:read", "orders:write"]
    claims = [{ claim = "team", from = "attributes.team" }]

    [[users]]
    username = "ada"
    name = "Ada Example"
    email = "ada@example.test"
    password = "correct horse battery staple"
    roles = ["admin"]

    [[clients]]
    client_id = "shop"
    client_secret = "the secret of a shop, 32 characters"
    redirect_uris = ["https://shop.example.test/callback"]
    scope = "openid orders:read orders:write"
"#;

async fn keep(browser: &Chromium, suffix: &str, name: &str) {
    is_in_order(browser, name).await;
    let file = format!("../target/pages/console-{name}-{suffix}.png");
    browser.picture(&Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).await;
}

/// Every page, one after the other. Scripts are off: none is needed.
async fn the_whole_way(width: u32, dark: bool) {
    let settings = Settings::new().with("factors.policy", "off").with("mail.url", "smtp://127.0.0.1:9");
    let settings = settings.with("mail.from", "no-reply@example.com");
    let server = TestServer::start_with(settings, FakeClock::running(), DECLARED).await;
    let suffix = format!("{width}-{}", if dark { "dark" } else { "light" });
    let window = Window { width, dark, scripts: false, ..Window::default() };
    Chromium::run(&format!("console_operations_{suffix}"), window, async |browser| {
        let open = async |path: &str| browser.goto(&format!("{}/console/{path}", server.issuer())).await;
        browser.goto(&format!("{}/forgot", server.issuer())).await;
        browser.fill("[name=username]", "ada").await;
        browser.click("#forgot-submit").await;
        browser.see("#forgot-sent").await;
        open("keys").await;
        SignInPage::of(browser).await.sign_in("ada", PASSWORD).await;
        browser.see("#rotate").await;
        keep(browser, &suffix, "keys").await;
        browser.click("#rotate-submit").await;
        browser.see("#console-done").await;
        browser.click("#keys li a").await;
        browser.see("#withdrawal").await;
        keep(browser, &suffix, "ask-key").await;
        browser.click("#ask-submit").await;
        browser.see("#old-keys").await;
        keep(browser, &suffix, "keys-revoked").await;
        open("apis").await;
        browser.see("#apis").await;
        keep(browser, &suffix, "apis").await;
        browser.click("#new-api").await;
        browser.fill("#identifier", "nonsense").await;
        browser.click("#api-submit").await;
        browser.see("#api-error").await;
        keep(browser, &suffix, "new-api-faulty").await;
        open("apis").await;
        browser.click("#apis a").await;
        browser.see("#api-managed").await;
        keep(browser, &suffix, "api").await;
        browser.fill("#scopes", "orders:read").await;
        browser.click("#api-submit").await;
        browser.see("#api-losing").await;
        keep(browser, &suffix, "api-losing").await;
        browser.click("#api-remove").await;
        browser.see("#ask").await;
        keep(browser, &suffix, "ask-api").await;
        open("clients/shop").await;
        browser.see("#claims").await;
        keep(browser, &suffix, "client-claims").await;
        open("mails").await;
        browser.see("#mails").await;
        keep(browser, &suffix, "mails").await;
        browser.click("#mails li a").await;
        browser.see("#ask").await;
        keep(browser, &suffix, "ask-mail").await;
        open("settings").await;
        browser.see("#settings-accounts").await;
        keep(browser, &suffix, "settings").await;
        open("limits").await;
        browser.see("#release-address").await;
        keep(browser, &suffix, "limits").await;
        open("overview").await;
        browser.see("#chart-tokens").await;
        keep(browser, &suffix, "overview").await;
        // Longer than a sign-in lets somebody change things.
        server.clock().advance(11 * 60);
        open("keys").await;
        browser.see("#sign-in-again").await;
        keep(browser, &suffix, "keys-later").await;
    })
    .await;
}

#[tokio::test]
async fn the_pages_of_operations_fit_a_phone_in_light_colours() {
    the_whole_way(360, false).await;
}

#[tokio::test]
async fn the_pages_of_operations_fit_a_phone_in_dark_colours() {
    the_whole_way(360, true).await;
}

#[tokio::test]
async fn the_pages_of_operations_fit_a_desk_in_light_colours() {
    the_whole_way(1280, false).await;
}

#[tokio::test]
async fn the_pages_of_operations_fit_a_desk_in_dark_colours() {
    the_whole_way(1280, true).await;
}

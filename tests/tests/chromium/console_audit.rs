//! The audit log in the console, in the layouts that auditors have.

use crate::console::keep;
use crate::pages::SignInPage;
use crate::site::PASSWORD;
use signet_tests::chromium::Window;
use signet_tests::{Chromium, FakeClock, Settings, TestServer};

const DECLARED: &str = r#"
    [[users]]
    username = "olga"
    name = "Olga Example"
    password = "correct horse battery staple"
    roles = ["signet:owner"]

    [[clients]]
    client_id = "shop"
    client_secret = "the secret of a shop, 32 characters"
    client_name = "The Shop"
    redirect_uris = ["https://shop.example.test/a/callback/that/is/long/enough/for/any/phone"]
    scope = "openid profile email"
"#;

/// From the list to an event and a client's history. Scripts are off: none is needed.
async fn the_whole_way(width: u32, dark: bool, language: &'static str) {
    let server = TestServer::start_with(Settings::new(), FakeClock::running(), DECLARED).await;
    let suffix = format!("{width}-{}-{language}", if dark { "dark" } else { "light" });
    let window = Window { width, dark, language, scripts: false, ..Window::default() };
    Chromium::run(&format!("console_audit_{suffix}"), window, async |browser| {
        let at = |path: &str| format!("{}{path}", server.issuer());
        browser.goto(&at("/console/clients/shop")).await;
        SignInPage::of(browser).await.sign_in("olga", PASSWORD).await;
        browser.see("#client").await;
        browser.fill("#redirect_uris", "https://shop.example.test/callback").await;
        browser.click("#client-submit").await;
        browser.see("#console-done").await;
        browser.click("#history summary").await;
        keep(browser, &suffix, "client-history").await;
        browser.goto(&at("/console/audit")).await;
        browser.see("#events").await;
        keep(browser, &suffix, "audit").await;
        browser.goto(&at("/console/audit?address=here&from=soon&event=client_changed")).await;
        browser.see("#address-problem").await;
        keep(browser, &suffix, "audit-filter-faulty").await;
        browser.goto(&at("/console/audit?event=client_changed")).await;
        browser.click("#events strong a").await;
        browser.see("#changes").await;
        keep(browser, &suffix, "event").await;
        browser.goto(&at("/console/audit?event=nothing")).await;
        browser.see("#events-none").await;
        keep(browser, &suffix, "audit-none").await;
    })
    .await;
}

#[tokio::test]
async fn the_audit_log_fits_a_phone_in_light_colours() {
    the_whole_way(360, false, "en").await;
}

#[tokio::test]
async fn the_audit_log_fits_a_phone_in_dark_colours() {
    the_whole_way(360, true, "de").await;
}

#[tokio::test]
async fn the_audit_log_fits_a_desk_in_light_colours() {
    the_whole_way(1280, false, "de").await;
}

#[tokio::test]
async fn the_audit_log_fits_a_desk_in_dark_colours() {
    the_whole_way(1280, true, "en").await;
}

//! From an error page to why it was shown, as somebody does it who got the id on the telephone.

use crate::console::keep;
use crate::pages::SignInPage;
use crate::site::PASSWORD;
use signet_tests::chromium::Window;
use signet_tests::{Chromium, FakeClock, Settings, TestServer};

const DECLARED: &str = r#"
    [[users]]
    username = "audrey"
    password = "correct horse battery staple"
    roles = ["signet:auditor"]

    [[clients]]
    client_id = "shop"
    client_secret = "the secret of a shop, 32 characters"
    client_name = "The Shop"
    redirect_uris = ["https://shop.example.test/callback", "https://shop.example.test/signed-in/callback"]
    scope = "openid"
"#;

async fn from_the_error_page_to_the_reason(width: u32, dark: bool) {
    let server = TestServer::start_with(Settings::new(), FakeClock::running(), DECLARED).await;
    let suffix = format!("{width}-{}", if dark { "dark" } else { "light" });
    let window = Window { width, dark, scripts: false, ..Window::default() };
    Chromium::run(&format!("refusals_{suffix}"), window, async |browser| {
        let broken = "https://shop.example.test/signed-in/calback";
        browser.goto(&server.discovery.authorization("shop", broken).url()).await;
        browser.see("#error").await;
        let id = browser.text("#error-request").await;
        browser.goto(&format!("{}/console/refusals", server.issuer())).await;
        SignInPage::of(browser).await.sign_in("audrey", PASSWORD).await;
        browser.see("#explain").await;
        keep(browser, &suffix, "refusals").await;
        browser.fill("#explain input", &id).await;
        browser.click("#explain button").await;
        browser.see("#explained").await;
        assert_eq!(browser.text("#came").await, broken);
        assert_eq!(browser.text("#expected mark").await, "lback");
        keep(browser, &suffix, "refusal").await;
        browser.click("#clause").await;
        browser.see("#rule-redirect-uri-unregistered").await;
        browser.goto(&format!("{}/console/refusals?id=unheard-of", server.issuer())).await;
        browser.see("#not-found").await;
        keep(browser, &suffix, "refusal-not-found").await;
    })
    .await;
}

#[tokio::test]
async fn a_refusal_is_explained_on_a_phone() {
    from_the_error_page_to_the_reason(360, false).await;
    from_the_error_page_to_the_reason(360, true).await;
}

#[tokio::test]
async fn a_refusal_is_explained_on_a_desk() {
    from_the_error_page_to_the_reason(1280, false).await;
    from_the_error_page_to_the_reason(1280, true).await;
}

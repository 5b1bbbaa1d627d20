//! A server with a person, the demo, and an application that takes its answers by form_post.

use signet_tests::{AuthorizationUrl, Chromium, FakeClock, Settings, TestServer};

pub const PASSWORD: &str = "correct horse battery staple";
pub const SECRET: &str = "the secret of a shop, 32 characters";
/// The application.
pub const SHOP: &str = "shop";

/// Starts the server; the shop takes its answers at `callback`.
pub async fn start(callback: &str) -> TestServer {
    start_with(Settings::new().with_demo(), callback).await
}

/// The same with settings of the test's own.
pub async fn start_with(settings: Settings, callback: &str) -> TestServer {
    let resources = format!(
        r#"
        [[resources]]
        identifier = "https://api.example.test"
        scopes = ["orders:read", "orders:write"]

        [[users]]
        username = "alice"
        email = "alice@example.test"
        name = "Alice Example"
        password = "{PASSWORD}"

        [[clients]]
        client_id = "{SHOP}"
        client_secret = "{SECRET}"
        client_name = "The Shop"
        client_uri = "https://shop.example.test/"
        policy_uri = "https://shop.example.test/privacy"
        tos_uri = "https://shop.example.test/terms"
        redirect_uris = ["{callback}"]
        grant_types = ["authorization_code", "refresh_token"]
        scope = "openid profile email offline_access orders:read orders:write"
        "#
    );
    TestServer::start_with(settings, FakeClock::running(), &resources).await
}

/// Where the demo is.
pub fn demo(server: &TestServer) -> String {
    format!("http://{}/", server.settings().get("demo.listen"))
}

/// A request of the shop for all that it may have.
pub fn request(server: &TestServer, callback: &str) -> AuthorizationUrl {
    let scope = "openid profile email offline_access orders:read orders:write";
    server.discovery.authorization(SHOP, callback).scope(scope)
}

/// The browser has complained about nothing since it was last asked, nothing sticks out of the window, and nothing
/// serious keeps anyone from using the page.
pub async fn is_in_order(browser: &Chromium, page: &str) {
    let barriers: Vec<_> = browser.barriers().await.iter().map(ToString::to_string).collect();
    assert_eq!(barriers, [""; 0], "{page}");
    assert_eq!(browser.complaints().await, [""; 0], "{page}");
    assert!(!browser.scrolls_sideways().await, "{page} scrolls sideways");
}

//! People in the console, in the layouts that administrators have.

use crate::console::keep;
use crate::pages::SignInPage;
use crate::site::PASSWORD;
use signet_tests::chromium::Window;
use signet_tests::{Chromium, FakeClock, Settings, TestServer};
use thirtyfour::prelude::*;

const CALLBACK: &str = "https://shop.example.test/callback";

const DECLARED: &str = r#"
    [[roles]]
    name = "clerk"
    description = "Sees orders and answers questions about them"

    [[groups]]
    name = "sales"
    description = "The people who sell"
    roles = ["clerk"]

    [[users]]
    username = "olga"
    name = "Olga Example"
    password = "correct horse battery staple"
    roles = ["signet:owner"]

    [[users]]
    username = "alice"
    name = "Alice Example with quite a long name"
    email = "alice.with.a.long.address@department.example.test"
    email_verified = true
    password = "correct horse battery staple"
    roles = ["signet:client_manager", "clerk"]
    attributes = { department = "Sales", floor = 3, projects = ["one", "another"] }

    [[clients]]
    client_id = "shop"
    client_secret = "the secret of a shop, 32 characters"
    client_name = "The Shop"
    redirect_uris = ["https://shop.example.test/callback"]
    grant_types = ["authorization_code", "refresh_token"]
    scope = "openid profile email offline_access"
    skip_consent = true
"#;

/// A server on which Alice is signed in somewhere, and an application has access to her account.
async fn lively() -> TestServer {
    let server = TestServer::start_with(Settings::new(), FakeClock::running(), DECLARED).await;
    let request = server.discovery.authorization("shop", CALLBACK).scope("openid offline_access");
    let page = server.browser().get(request.url()).await;
    let page = page.form("#login").fill("username", "alice").fill("password", PASSWORD);
    let callback = page.press("#login-submit").await.callback();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", callback.code()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", &request.pkce.verifier),
    ];
    server.token(("shop", "the secret of a shop, 32 characters"), &form).await.expect_status(200);
    server
}

/// What each step shows is looked at. Scripts are off: none is needed.
async fn the_whole_way(width: u32, dark: bool, language: &'static str) {
    let server = lively().await;
    let suffix = format!("{width}-{}-{language}", if dark { "dark" } else { "light" });
    let window = Window { width, dark, language, scripts: false, ..Window::default() };
    Chromium::run(&format!("console_people_{suffix}"), window, async |browser| {
        let look = async |name: &str| keep(browser, &suffix, name).await;
        let step = async |link: &str, name: &str| {
            browser.click(link).await;
            browser.see(".sheet .card").await;
            look(name).await;
        };
        browser.goto(&format!("{}/console/users?search=alice", server.issuer())).await;
        SignInPage::of(browser).await.sign_in("olga", PASSWORD).await;
        browser.see("#users").await;
        look("users").await;
        step("#users a", "user").await;
        let page = browser.url().await;
        for (link, name) in [
            ("#user-edit", "user-edit"),
            ("#user-change-roles", "user-roles"),
            ("#user-change-groups", "user-groups"),
            ("#user-sessions a.small", "ask-session"),
            ("#user-remove", "ask-user-remove"),
        ] {
            browser.goto(&page).await;
            step(link, name).await;
        }
        browser.goto(&page).await;
        browser.click("#user-state").await;
        step("#ask-submit", "user-disabled").await;
        browser.goto(&format!("{}/console/users", server.issuer())).await;
        step("#new-user", "new-user").await;
        browser.fill("#email", "somebody@nowhere").await;
        step("#user-submit", "new-user-invited").await;
        for (path, name) in [
            ("groups", "groups"),
            ("groups/sales", "group"),
            ("groups/sales/edit", "group-edit"),
            ("groups/sales/members", "group-members"),
            ("roles", "roles"),
            ("roles/signet:user_manager", "role-built-in"),
            ("roles/clerk", "role"),
            ("new-role", "new-role"),
            ("sessions", "sessions"),
            ("emergency", "emergency"),
            ("clients/shop/preview?user=alice&look=1", "preview"),
        ] {
            browser.goto(&format!("{}/console/{path}", server.issuer())).await;
            browser.see(".sheet .card").await;
            look(name).await;
        }
        browser.goto(&format!("{}/console/new-user?how=password", server.issuer())).await;
        browser.fill("#username", "alice").await;
        step("#user-submit", "new-user-faulty").await;
    })
    .await;
}

#[tokio::test]
async fn the_keyboard_leads_past_the_navigation_and_to_the_search() {
    let server = lively().await;
    Chromium::run("console_keyboard", Window::default(), async |browser| {
        browser.goto(&format!("{}/console/users", server.issuer())).await;
        SignInPage::of(browser).await.sign_in("olga", PASSWORD).await;
        browser.see("#users").await;
        browser.press(Key::Tab).await;
        browser.focused(".skip").await;
        browser.press(Key::Enter).await;
        browser.focused("#sheet").await;
        browser.press("/").await;
        browser.focused("#search input[name=search]").await;
        // There it is a letter like others.
        browser.press("a/b").await;
        let typed = browser.evaluate("document.querySelector('#search input').value").await;
        assert_eq!(typed, "a/b");
        assert_eq!(browser.complaints().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn people_fit_a_phone_in_light_colours() {
    the_whole_way(360, false, "de").await;
}

#[tokio::test]
async fn people_fit_a_phone_in_dark_colours() {
    the_whole_way(360, true, "en").await;
}

#[tokio::test]
async fn people_fit_a_desk_in_light_colours() {
    the_whole_way(1280, false, "en").await;
}

#[tokio::test]
async fn people_fit_a_desk_in_dark_colours() {
    the_whole_way(1280, true, "de").await;
}

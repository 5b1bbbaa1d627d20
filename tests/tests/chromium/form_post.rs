//! Answers that a browser posts to the application (OAuth 2.0 Form Post Response Mode).

use crate::pages::{ConsentPage, SignInPage};
use crate::receiver;
use crate::site::{self, PASSWORD, SECRET, SHOP, is_in_order};
use signet_tests::chromium::Window;
use signet_tests::{AuthorizationUrl, Chromium, TestServer};

/// The application gets the code, which is worth tokens.
async fn arrives(browser: &Chromium, server: &TestServer, request: &AuthorizationUrl, callback: &str) {
    browser.see("#received").await;
    assert_eq!(browser.url().await, callback);
    assert_eq!(browser.text("#state").await, request.state);
    assert_eq!(browser.text("#iss").await, server.issuer());
    let code = browser.text("#code").await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", callback),
        ("code_verifier", &request.pkce.verifier),
    ];
    server.token((SHOP, SECRET), &form).await.expect_status(200).field("refresh_token");
}

#[tokio::test]
async fn an_answer_is_posted_to_the_application() {
    let callback = receiver::start().await;
    let server = site::start(&callback).await;
    Chromium::run("form_post", Window::default(), async |browser| {
        let request = site::request(&server, &callback).with("response_mode", "form_post");
        browser.goto(&request.url()).await;
        SignInPage::of(browser).await.sign_in("alice", PASSWORD).await;
        ConsentPage::of(browser).await.allow().await;
        arrives(browser, &server, &request, &callback).await;
        is_in_order(browser, "receiver").await;
        // A refusal goes the same way.
        let request = request.with("prompt", "consent");
        browser.goto(&request.url()).await;
        ConsentPage::of(browser).await.deny().await;
        browser.see("#received").await;
        assert_eq!(browser.text("#error").await, "access_denied");
        is_in_order(browser, "receiver").await;
    })
    .await;
}

#[tokio::test]
async fn without_scripts_a_button_posts_the_answer() {
    let callback = receiver::start().await;
    let server = site::start(&callback).await;
    let window = Window { scripts: false, ..Window::default() };
    Chromium::run("form_post_without_scripts", window, async |browser| {
        let request = site::request(&server, &callback).with("response_mode", "form_post");
        browser.goto(&request.url()).await;
        SignInPage::of(browser).await.sign_in("alice", PASSWORD).await;
        ConsentPage::of(browser).await.allow().await;
        browser.see("#form-post").await;
        is_in_order(browser, "form_post").await;
        browser.click("#form-post-submit").await;
        arrives(browser, &server, &request, &callback).await;
    })
    .await;
}

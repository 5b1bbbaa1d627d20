//! A newcomer: the binary's first start, what it says, and the demo that it names.

use crate::pages::{ConsentPage, DemoPage, SignInPage};
use crate::site::is_in_order;
use signet_tests::chromium::Window;
use signet_tests::{Chromium, ServerProcess, Settings};

/// What follows `label` in what the server told on its start.
fn told<'a>(stderr: &'a str, label: &str) -> &'a str {
    let rest = stderr.split_once(label).unwrap_or_else(|| panic!("no {label} in {stderr}")).1;
    rest.split_whitespace().next().expect("a value")
}

#[tokio::test]
async fn a_newcomer_gets_from_the_first_start_to_tokens_and_out_again() {
    let binary = env!("CARGO_BIN_EXE_signet-under-test");
    let server = ServerProcess::start(binary, Settings::new().with_demo()).await;
    let stderr = server.stderr();
    assert_eq!(told(&stderr, "ready at "), server.issuer());
    let (name, password) = (told(&stderr, "Administrator:"), told(&stderr, "Password:"));
    let demo = told(&stderr, "Try it:");

    Chromium::run("first_start", Window::default(), async |browser| {
        browser.goto(&server.issuer()).await;
        assert_eq!(browser.see("#home-demo").await.attr("href").await.unwrap().as_deref(), Some(demo));
        is_in_order(browser, "start page").await;

        let page = DemoPage::open(browser, demo).await;
        is_in_order(browser, "demo").await;
        page.begin().await;
        let form = SignInPage::of(browser).await;
        assert!(browser.url().await.starts_with(&server.issuer()));
        form.sign_in(name, password).await;
        ConsentPage::of(browser).await.allow().await;

        assert_eq!(page.verdicts().await, ["Valid", "Valid"]);
        assert_eq!(browser.url().await, demo);
        assert_eq!(page.claim("#demo-id-token", "iss").await, server.issuer());
        assert_eq!(page.claim("#demo-access-token", "client_id").await, "signet-demo");
        let before = page.claim("#demo-access-token", "jti").await;
        page.refresh(1).await;
        assert_ne!(page.claim("#demo-access-token", "jti").await, before);
        page.refresh(2).await;
        assert_eq!(page.verdicts().await, ["Valid", "Valid"]);
        page.userinfo().await;
        assert_eq!(page.claim("#demo-userinfo-result", "preferred_username").await, name);
        is_in_order(browser, "demo, signed in").await;

        page.sign_out().await;
        is_in_order(browser, "demo, signed out").await;
        // Really out: at the demo and at the server.
        page.begin().await;
        SignInPage::of(browser).await;
        browser.goto(demo).await;
        browser.see("#demo-sign-in").await;
    })
    .await;
}

#[tokio::test]
async fn whoever_denies_the_demo_is_not_signed_in_there() {
    let binary = env!("CARGO_BIN_EXE_signet-under-test");
    let server = ServerProcess::start(binary, Settings::new().with_demo()).await;
    let stderr = server.stderr();
    Chromium::run("denied", Window::default(), async |browser| {
        let page = DemoPage::open(browser, told(&stderr, "Try it:")).await;
        page.begin().await;
        SignInPage::of(browser).await.sign_in("admin", told(&stderr, "Password:")).await;
        ConsentPage::of(browser).await.deny().await;
        assert_eq!(crate::pages::ErrorPage::of(browser).await.code().await, "access_denied");
        is_in_order(browser, "demo, denied").await;
    })
    .await;
}

//! Signing in: with a wrong password, without a mouse, without scripts.

use crate::pages::{ConsentPage, DemoPage, SignInPage};
use crate::site::{self, PASSWORD, is_in_order};
use signet_tests::Chromium;
use signet_tests::chromium::Window;
use thirtyfour::prelude::*;

const NOWHERE: &str = "https://shop.example.test/callback";

#[tokio::test]
async fn a_wrong_password_is_told_and_the_user_name_stays() {
    let server = site::start(NOWHERE).await;
    Chromium::run("wrong_password", Window::default(), async |browser| {
        let page = DemoPage::open(browser, &site::demo(&server)).await;
        page.begin().await;
        let form = SignInPage::of(browser).await;
        let said = form.fail("alice", "wrong").await;
        assert!(said.contains("do not match"), "{said}");
        assert_eq!(
            (form.value("username").await.as_str(), form.value("password").await.as_str()),
            ("alice", "")
        );
        // Whoever cannot see the page hears why, and goes on where the mistake was.
        browser.focused("#password").await;
        assert_eq!(browser.see("#login-error").await.attr("role").await.unwrap().as_deref(), Some("alert"));
        is_in_order(browser, "wrong password").await;
        // An unknown person is told the same.
        assert_eq!(form.fail("nobody", "wrong").await, said);
        form.sign_in("alice", PASSWORD).await;
        ConsentPage::of(browser).await.allow().await;
        assert_eq!(page.verdicts().await, ["Valid", "Valid"]);
    })
    .await;
}

#[tokio::test]
async fn a_keyboard_is_enough() {
    let server = site::start(NOWHERE).await;
    Chromium::run("keyboard", Window::default(), async |browser| {
        browser.goto(&site::demo(&server)).await;
        browser.tab_to("#demo-sign-in").await;
        browser.press(Key::Enter).await;
        SignInPage::of(browser).await;
        // The first field has the focus from the start.
        browser.focused("#username").await;
        browser.press("alice" + Key::Tab).await;
        browser.press(PASSWORD + Key::Enter).await;
        ConsentPage::of(browser).await;
        browser.tab_to("#consent-allow").await;
        let outline = "getComputedStyle(document.activeElement).outlineStyle";
        assert_eq!(browser.evaluate(outline).await, "solid", "the focus can be seen");
        browser.press(Key::Enter).await;
        browser.see("#demo-verdict").await;
        browser.tab_to("#demo-sign-out").await;
        browser.press(Key::Enter).await;
        browser.see("#demo-sign-in").await;
        is_in_order(browser, "signed out").await;
    })
    .await;
}

#[tokio::test]
async fn no_page_needs_scripts() {
    let server = site::start(NOWHERE).await;
    let window = Window { scripts: false, ..Window::default() };
    Chromium::run("without_scripts", window, async |browser| {
        let page = DemoPage::open(browser, &site::demo(&server)).await;
        page.begin().await;
        SignInPage::of(browser).await.sign_in("alice@example.test", PASSWORD).await;
        ConsentPage::of(browser).await.allow().await;
        assert_eq!(page.verdicts().await, ["Valid", "Valid"]);
        page.refresh(1).await;
        page.userinfo().await;
        page.sign_out().await;
        is_in_order(browser, "signed out").await;
    })
    .await;
}

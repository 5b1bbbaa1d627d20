//! Signing in: with a wrong password, without a mouse, without scripts.

use crate::pages::{ConsentPage, DemoPage, SignInPage};
use crate::receiver;
use crate::site::{self, PASSWORD, SHOP, is_in_order};
use futures_util::future::join_all;
use signet_tests::chromium::Window;
use signet_tests::{Chromium, Settings, TestServer};
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

/// Guesses Alice's password from twenty places at once, ten times over; gives how often that was refused unheard.
async fn guess_from_many_addresses(server: &TestServer, callback: &str) -> usize {
    let mut refused = 0;
    for round in 0..10 {
        let guesses = (0..20).map(async |guess| {
            let browser = server.browser().at_address(&format!("198.51.100.{}", round * 20 + guess));
            let page = browser.get(server.discovery.authorization(SHOP, callback).url()).await;
            let form = page.form("#login").fill("username", "alice").fill("password", "a guess");
            usize::from(form.press("#login-submit").await.status() == 429)
        });
        refused += join_all(guesses).await.into_iter().sum::<usize>();
    }
    refused
}

#[tokio::test]
async fn two_hundred_guesses_from_many_addresses_do_not_keep_the_owner_out_of_their_own_browser() {
    let callback = receiver::start().await;
    // The server takes this machine for its proxy, and believes what it says of addresses.
    let proxied = Settings::new().with("server.trusted_proxies", vec!["127.0.0.1".to_owned()]);
    let server = site::start_with(proxied, &callback).await;
    Chromium::run("guessed_at", Window::default(), async |browser| {
        let visit = async || {
            let request = server.discovery.authorization(SHOP, &callback).with("prompt", "login");
            browser.goto(&request.url()).await;
            SignInPage::of(browser).await
        };
        let arrived = async || {
            browser.arrive(|url| url.starts_with(&callback) && url.contains("code=")).await;
        };
        visit().await.sign_in("alice", PASSWORD).await;
        ConsentPage::of(browser).await.allow().await;
        arrived().await;
        let owner = async {
            visit().await.sign_in("alice", PASSWORD).await;
            arrived().await;
        };
        let (refused, ()) = tokio::join!(guess_from_many_addresses(&server, &callback), owner);
        assert_eq!(refused, 180, "twenty of them were compared with the password");
        // The account is closed to strangers now; the owner may even err.
        let form = visit().await;
        assert!(form.fail("alice", "a slip").await.contains("do not match"));
        form.sign_in("alice", PASSWORD).await;
        arrived().await;
    })
    .await;
}

//! A person's own account, in the layouts that people have.

use crate::pages::{ConsentPage, SignInPage};
use crate::site::{self, PASSWORD, is_in_order};
use signet_tests::chromium::Window;
use signet_tests::{Chromium, TestServer};
use std::path::Path;

pub const CALLBACK: &str = "http://127.0.0.1:9/callback";

async fn look(browser: &Chromium, (server, suffix): (&TestServer, &str), (path, name): (&str, &str)) {
    browser.goto(&format!("{}{path}", server.issuer())).await;
    browser.see(".account").await;
    keep(browser, suffix, name).await;
}

/// Checks the page that the window shows and leaves a picture of it.
pub async fn keep(browser: &Chromium, suffix: &str, name: &str) {
    is_in_order(browser, name).await;
    let file = format!("../target/pages/account-{name}-{suffix}.png");
    browser.picture(&Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).await;
}

/// Signs in on the way to the shop, and lets it in.
async fn sign_in(browser: &Chromium, server: &TestServer) {
    browser.goto(&site::request(server, CALLBACK).with("response_mode", "form_post").url()).await;
    SignInPage::of(browser).await.sign_in("alice", PASSWORD).await;
    ConsentPage::of(browser).await.allow().await;
    browser.see("#form-post").await;
}

/// Goes through every page. Scripts are off: none of them needs any.
async fn every_page_is_in_order(width: u32, dark: bool) {
    let server = site::start(CALLBACK).await;
    let suffix = format!("{width}-{}", if dark { "dark" } else { "light" });
    let elsewhere = server.browser();
    let page = elsewhere.get(site::request(&server, CALLBACK).url()).await;
    page.form("#login").fill("username", "alice").fill("password", PASSWORD).press("#login-submit").await;

    let window = Window { width, dark, scripts: false, ..Window::default() };
    Chromium::run(&format!("account_{suffix}"), window, async |browser| {
        sign_in(browser, &server).await;
        let at = (&server, suffix.as_str());
        look(browser, at, ("/account", "overview")).await;
        look(browser, at, ("/account/profile", "profile")).await;
        browser.fill("#picture", "https://example.test/a b").await;
        browser.click("#profile-submit").await;
        browser.see("#picture[aria-invalid=true]").await;
        keep(browser, &suffix, "profile-faulty").await;
        browser.fill("#picture", "https://example.test/alice.png").await;
        browser.click("#profile-submit").await;
        browser.see("#account-done").await;
        keep(browser, &suffix, "profile-done").await;
        look(browser, at, ("/account/password", "password")).await;
        look(browser, at, ("/account/security", "security-none")).await;
        look(browser, at, ("/account/applications", "applications")).await;
        look(browser, at, ("/account/activity", "activity")).await;
        look(browser, at, ("/account/data", "data")).await;
        look(browser, at, ("/account/delete", "delete")).await;
        look(browser, at, ("/account/devices", "devices")).await;
        browser.click("#sessions-end-others").await;
        browser.see("#account-done").await;
        assert!(!elsewhere.get("/account").await.has(".account"));
        browser.goto(&format!("{}/account/delete", server.issuer())).await;
        browser.click("#delete-submit").await;
        browser.see("#leaving-sign-in").await;
        keep(browser, &suffix, "leaving").await;
    })
    .await;
}

#[tokio::test]
async fn every_account_page_fits_a_phone_in_light_colours() {
    every_page_is_in_order(360, false).await;
}

#[tokio::test]
async fn every_account_page_fits_a_phone_in_dark_colours() {
    every_page_is_in_order(360, true).await;
}

#[tokio::test]
async fn every_account_page_fits_a_desk_in_light_colours() {
    every_page_is_in_order(1280, false).await;
}

#[tokio::test]
async fn every_account_page_fits_a_desk_in_dark_colours() {
    every_page_is_in_order(1280, true).await;
}

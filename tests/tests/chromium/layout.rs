//! Every page on a phone and on a desk, in light and dark colours, in English and in German: nothing sticks out, nothing
//! serious keeps anyone from using it, and the browser has nothing to complain about. Pictures of them are left in `target/pages`.

use crate::pages::{ConsentPage, DemoPage, ErrorPage, SignInPage, SignOutPage};
use crate::site::{self, PASSWORD, is_in_order};
use signet_tests::chromium::Window;
use signet_tests::{Chromium, TestServer};
use std::path::Path;

const CALLBACK: &str = "http://127.0.0.1:9/callback";

/// One person's look at the pages.
struct Look<'a> {
    browser: &'a Chromium,
    server: &'a TestServer,
    suffix: String,
}

impl Look<'_> {
    /// Checks the page that the window shows and leaves a picture of it.
    async fn at(&self, name: &str) {
        is_in_order(self.browser, name).await;
        let file = format!("../target/pages/{name}-{}.png", self.suffix);
        self.browser.picture(&Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).await;
    }

    async fn at_the_start_and_at_refusals(&self) {
        self.browser.goto(&self.server.issuer()).await;
        self.at("home").await;
        self.browser.goto(&format!("{}/nothing-here", self.server.issuer())).await;
        assert_eq!(ErrorPage::of(self.browser).await.code().await, "not_found");
        self.at("not-found").await;
        let unknown = site::request(self.server, "https://evil.example.test/");
        self.browser.goto(&unknown.url()).await;
        assert_eq!(ErrorPage::of(self.browser).await.code().await, "invalid_request");
        self.at("refusal").await;
    }

    async fn at_the_demo(&self) {
        let demo = DemoPage::open(self.browser, &site::demo(self.server)).await;
        self.at("demo").await;
        demo.begin().await;
        let form = SignInPage::of(self.browser).await;
        self.at("sign-in").await;
        form.fail("alice", "wrong").await;
        self.at("sign-in-wrong").await;
        form.sign_in("alice", PASSWORD).await;
        ConsentPage::of(self.browser).await.allow().await;
        demo.verdicts().await;
        self.at("demo-signed-in").await;
        demo.refresh(1).await;
        demo.userinfo().await;
        self.at("demo-userinfo").await;
        self.browser.goto(&self.server.issuer()).await;
        self.at("home-signed-in").await;
    }

    async fn at_the_shop(&self) {
        let request = site::request(self.server, CALLBACK).with("response_mode", "form_post");
        self.browser.goto(&request.clone().with("prompt", "login").url()).await;
        SignInPage::of(self.browser).await;
        self.at("sign-in-confirm").await;
        self.browser.goto(&request.clone().with("prompt", "select_account").url()).await;
        self.browser.see("#select-account").await;
        self.at("select-account").await;
        self.browser.click("#account-continue").await;
        let consent = ConsentPage::of(self.browser).await;
        self.at("consent").await;
        consent.allow().await;
        self.browser.see("#form-post").await;
        self.at("form-post").await;
    }

    async fn at_the_way_out(&self) {
        self.browser.goto(self.server.discovery.get("end_session_endpoint")).await;
        let page = SignOutPage::of(self.browser).await;
        self.at("sign-out").await;
        page.confirm().await;
        self.at("signed-out").await;
        // The demo still has tokens of a session that is over.
        self.browser.goto(&site::demo(self.server)).await;
        DemoPage::open_signed_in(self.browser).await.sign_out().await;
        self.at("demo-signed-out").await;
    }
}

/// Looks at every page. Scripts are off, so that the page that posts an answer stays to be looked at.
async fn every_page_is_in_order(width: u32, dark: bool, language: &'static str) {
    let server = site::start(CALLBACK).await;
    let suffix = format!("{width}-{}-{language}", if dark { "dark" } else { "light" });
    let window = Window { width, dark, language, scripts: false, ..Window::default() };
    Chromium::run(&format!("layout_{suffix}"), window, async |browser| {
        browser.goto(&server.issuer()).await;
        let state =
            "[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, document.documentElement.lang]";
        assert_eq!(browser.evaluate(state).await, serde_json::json!([width, dark, language]));
        let look = Look { browser, server: &server, suffix: suffix.clone() };
        look.at_the_start_and_at_refusals().await;
        look.at_the_demo().await;
        look.at_the_shop().await;
        look.at_the_way_out().await;
    })
    .await;
}

#[tokio::test]
async fn every_page_fits_a_phone_in_light_colours() {
    every_page_is_in_order(360, false, "en").await;
}

#[tokio::test]
async fn every_page_fits_a_phone_in_dark_colours_and_german() {
    every_page_is_in_order(360, true, "de").await;
}

#[tokio::test]
async fn every_page_fits_a_desk_in_light_colours_and_german() {
    every_page_is_in_order(1280, false, "de").await;
}

#[tokio::test]
async fn every_page_fits_a_desk_in_dark_colours() {
    every_page_is_in_order(1280, true, "en").await;
}

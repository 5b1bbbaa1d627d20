//! A person without their password, and one without an account: from the sign-in page over a mail to a password of their
//! own, on a phone and on a desk, in light and dark colours. Pictures of the pages are left in `target/pages`.

use crate::pages::{DemoPage, SignInPage};
use crate::site::{demo, is_in_order};
use signet_tests::chromium::Window;
use signet_tests::{Chromium, FakeClock, Settings, TestServer};
use std::path::Path;

const ALICE: &str = "alice@example.test";
const CAROL: &str = "carol@example.test";
const NEW: &str = "seven green bicycles under water";

async fn start() -> TestServer {
    let resources = format!(
        r#"
        [[users]]
        username = "alice"
        email = "{ALICE}"
        name = "Alice Example"
        password = "correct horse battery staple"
        "#
    );
    let settings = Settings::new().with_demo().with("accounts.self_registration", true);
    TestServer::start_with(settings, FakeClock::running(), &resources).await
}

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

    async fn sees(&self, selector: &str, name: &str) {
        self.browser.see(selector).await;
        self.at(name).await;
    }

    async fn sign_in_page(&self) -> SignInPage<'_> {
        DemoPage::open(self.browser, &demo(self.server)).await.begin().await;
        SignInPage::of(self.browser).await
    }

    async fn forgets_the_password(&self) {
        self.sign_in_page().await;
        self.browser.click("#forgot-link").await;
        self.sees("#forgot", "forgot").await;
        self.browser.fill("#forgot [name=username]", "alice").await;
        self.browser.click("#forgot-submit").await;
        self.sees("#forgot-sent", "forgot-sent").await;
        let mail = self.server.mailbox().latest(ALICE).await;
        self.browser.goto(&mail.link()).await;
        self.sees("#reset", "reset").await;
        let whose = "document.querySelector('#reset [name=username]')";
        let shown = self.browser.evaluate(&format!("[{whose}.value, {whose}.offsetParent === null]")).await;
        assert_eq!(shown, serde_json::json!([ALICE, true]), "it is there for whoever keeps passwords alone");
        // As long as it has to be, and made of her own name.
        self.browser.fill("#reset [name=password]", "alice@example.test").await;
        self.browser.click("#reset-submit").await;
        self.sees("#reset-error", "reset-unfit").await;
        self.browser.fill("#reset [name=password]", NEW).await;
        self.browser.click("#reset-submit").await;
        self.sees("#password-changed", "password-changed").await;
        self.browser.goto(&mail.link()).await;
        self.sees("#link-gone", "link-gone").await;
        self.sign_in_page().await.sign_in("alice", NEW).await;
        self.browser.see("#consent").await;
    }

    async fn opens_an_account(&self) {
        self.sign_in_page().await;
        self.browser.click("#register-link").await;
        self.sees("#register", "register").await;
        self.browser.fill("#register [name=email]", CAROL).await;
        self.browser.click("#register-submit").await;
        self.sees("#register-sent", "register-sent").await;
        let link = self.server.mailbox().latest(CAROL).await.link();
        self.browser.goto(&link).await;
        self.sees("#join", "join").await;
        self.joins("alice").await;
        self.sees("#join-error", "join-name-taken").await;
        self.joins("carol").await;
        self.sees("#joined", "joined").await;
    }

    async fn joins(&self, username: &str) {
        self.browser.fill("#join [name=username]", username).await;
        self.browser.fill("#join [name=password]", NEW).await;
        self.browser.click("#join-submit").await;
    }
}

/// Scripts are off: none of this needs any.
async fn finds_the_way(width: u32, dark: bool) {
    let server = start().await;
    let suffix = format!("{width}-{}", if dark { "dark" } else { "light" });
    let window = Window { width, dark, scripts: false, ..Window::default() };
    Chromium::run(&format!("forgotten_{suffix}"), window, async |browser| {
        let look = Look { browser, server: &server, suffix: suffix.clone() };
        look.opens_an_account().await;
        look.forgets_the_password().await;
    })
    .await;
}

#[tokio::test]
async fn a_password_is_reset_from_a_mail_on_a_phone() {
    finds_the_way(360, false).await;
}

#[tokio::test]
async fn a_password_is_reset_from_a_mail_on_a_phone_in_dark_colours() {
    finds_the_way(360, true).await;
}

#[tokio::test]
async fn a_password_is_reset_from_a_mail_on_a_desk() {
    finds_the_way(1280, false).await;
}

#[tokio::test]
async fn a_password_is_reset_from_a_mail_on_a_desk_in_dark_colours() {
    finds_the_way(1280, true).await;
}

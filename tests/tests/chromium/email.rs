//! Another email address, from the account's page over two mailboxes to the new one; and a factor that a new password does
//! not replace. On a phone and on a desk, in light and dark colours. Pictures of the pages are left in `target/pages`.

use crate::pages::SignInPage;
use crate::site::{self, PASSWORD, is_in_order};
use signet_tests::chromium::Window;
use signet_tests::{AuthenticatorApp, Chromium, FakeClock, Settings, TestServer};
use std::path::Path;

const ALICE: &str = "alice@example.test";
const BOB: &str = "bob@example.test";
const NEW: &str = "alice@new.test";
const OTHER: &str = "seven green bicycles under water";

async fn start() -> TestServer {
    let resources = format!(
        r#"
        [[users]]
        username = "alice"
        email = "{ALICE}"
        email_verified = true
        name = "Alice Example"
        password = "{PASSWORD}"

        [[users]]
        username = "bob"
        email = "{BOB}"
        name = "Bob Example"
        roles = ["admin"]
        password = "{PASSWORD}"

        [[clients]]
        client_id = "shop"
        client_secret = "{secret}"
        redirect_uris = ["http://127.0.0.1:9/callback"]
        scope = "openid"
        "#,
        secret = site::SECRET
    );
    TestServer::start_with(Settings::new(), FakeClock::running(), &resources).await
}

/// One person's look at the pages.
struct Look<'a> {
    browser: &'a Chromium,
    server: &'a TestServer,
    suffix: String,
}

impl Look<'_> {
    async fn sees(&self, selector: &str, name: &str) {
        self.browser.see(selector).await;
        is_in_order(self.browser, name).await;
        let file = format!("../target/pages/email-{name}-{}.png", self.suffix);
        self.browser.picture(&Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).await;
    }

    async fn goes(&self, path: &str) {
        self.browser.goto(&format!("{}{path}", self.server.issuer())).await;
    }

    async fn signs_in(&self, username: &str) {
        self.goes("/account").await;
        SignInPage::of(self.browser).await.sign_in(username, PASSWORD).await;
        self.browser.see("#account").await;
    }

    async fn changes_the_address(&self) {
        self.goes("/account/email").await;
        self.sees("#email-change", "change").await;
        self.browser.fill("#email", ALICE).await;
        self.browser.click("#email-submit").await;
        self.sees("#email-error", "same").await;
        self.browser.fill("#email", NEW).await;
        self.browser.click("#email-submit").await;
        self.sees("#email-pending", "pending").await;
        let mailbox = self.server.mailbox();
        let approve = mailbox.about(ALICE, "A new email address for your account").await;
        self.browser.goto(&approve.link()).await;
        self.sees("#change-email-refuse", "approve").await;
        self.browser.click("#change-email-submit").await;
        self.sees("#email-change-waiting", "waiting").await;
        self.goes("/account").await;
        self.sees("#email-moving", "moving").await;
        let confirm = mailbox.about(NEW, "Confirm your new email address").await;
        let elsewhere = self.server.browser().get(confirm.link()).await;
        assert!(elsewhere.has("#sign-in-first"), "{}", elsewhere.html());
        self.browser.goto(&confirm.link()).await;
        self.sees("#change-email", "confirm").await;
        self.browser.click("#change-email-submit").await;
        self.sees("#email-changed", "changed").await;
        mailbox.about(ALICE, "Your email address at Signet was changed").await;
    }

    async fn verifies_the_address(&self) {
        self.goes("/account").await;
        self.sees("#verify-send", "unverified").await;
        self.browser.click("#verify-send-submit").await;
        self.sees("#account-done", "verify-sent").await;
        self.browser.goto(&self.server.mailbox().latest(BOB).await.link()).await;
        self.sees("#verify-email", "verify").await;
        self.browser.click("#verify-email-submit").await;
        self.browser.see("#email-verified").await;
        self.goes("/account/delete").await;
        self.browser.click("#delete-submit").await;
        self.sees("#delete-refused", "last-administrator").await;
    }
}

/// Scripts are off: none of this needs any.
async fn takes_the_way(width: u32, dark: bool) {
    let server = start().await;
    let suffix = format!("{width}-{}", if dark { "dark" } else { "light" });
    for (name, username) in [("email_change", "alice"), ("email_verify", "bob")] {
        let window = Window { width, dark, scripts: false, ..Window::default() };
        Chromium::run(&format!("{name}_{suffix}"), window, async |browser| {
            let look = Look { browser, server: &server, suffix: suffix.clone() };
            look.signs_in(username).await;
            if username == "alice" {
                look.changes_the_address().await;
            } else {
                look.verifies_the_address().await;
            }
        })
        .await;
    }
}

#[tokio::test]
async fn an_address_is_changed_on_a_phone() {
    takes_the_way(360, false).await;
}

#[tokio::test]
async fn an_address_is_changed_on_a_phone_in_dark_colours() {
    takes_the_way(360, true).await;
}

#[tokio::test]
async fn an_address_is_changed_on_a_desk() {
    takes_the_way(1280, false).await;
}

#[tokio::test]
async fn an_address_is_changed_on_a_desk_in_dark_colours() {
    takes_the_way(1280, true).await;
}

#[tokio::test]
async fn a_reset_password_does_not_replace_the_second_factor() {
    let server = start().await;
    let request = || server.discovery.authorization("shop", "http://127.0.0.1:9/callback");
    let elsewhere = server.browser();
    let page = elsewhere.get(request().with("acr_values", "aal2").url()).await;
    let page = page.form("#login").fill("username", "alice").fill("password", PASSWORD);
    let page = page.press("#login-submit").await.form("#enrol").press("#enrol-totp").await;
    let app = AuthenticatorApp::with_key(&page.text("#enrol-totp-secret"));
    let code = app.code(server.clock().now());
    page.form("form#enrol-totp").fill("code", &code).press("#enrol-totp-submit").await;

    Chromium::run("reset_with_factor", Window::default(), async |browser| {
        browser.goto(&format!("{}/forgot", server.issuer())).await;
        browser.fill("#forgot [name=username]", "alice").await;
        browser.click("#forgot-submit").await;
        browser.see("#forgot-sent").await;
        let mail = server.mailbox().about(ALICE, "Choose a new password").await;
        browser.goto(&mail.link()).await;
        browser.fill("#reset [name=password]", OTHER).await;
        browser.click("#reset-submit").await;
        browser.see("#password-changed").await;
        browser.goto(&format!("{}/account", server.issuer())).await;
        SignInPage::of(browser).await.sign_in("alice", OTHER).await;
        browser.see("#mfa").await;
        is_in_order(browser, "mfa").await;
        server.clock().advance(60);
        browser.fill("#mfa [name=code]", &app.code(server.clock().now())).await;
        browser.click("#mfa-submit").await;
        browser.see("#account").await;
    })
    .await;
}

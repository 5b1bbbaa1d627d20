//! Factors in the account: each is added, used, changed and removed, in the layouts that people have.

use crate::account::{CALLBACK, keep};
use crate::pages::{SecurityPage, SignInPage};
use crate::site::{self, PASSWORD};
use signet_tests::chromium::{Authenticator, Window};
use signet_tests::{AuthenticatorApp, Chromium, TestServer};

struct Person<'a> {
    browser: &'a Chromium,
    server: &'a TestServer,
    suffix: String,
}

impl<'a> Person<'a> {
    async fn keep(&self, name: &str) {
        keep(self.browser, &self.suffix, name).await;
    }

    async fn go(&self, path: &str) {
        self.browser.goto(&format!("{}{path}", self.server.issuer())).await;
    }

    async fn security(&self) -> SecurityPage<'a> {
        self.go("/account/security").await;
        SecurityPage::of(self.browser).await
    }

    async fn leave(&self) {
        self.browser.goto(self.server.discovery.get("end_session_endpoint")).await;
        self.browser.click("#logout-confirm").await;
        self.browser.see("#signed-out").await;
    }

    /// Types what the app shows, and waits for what comes then. The app's next code counts a minute later.
    async fn code(&self, form: &str, app: &AuthenticatorApp, then: &str) {
        let code = app.code(self.server.clock().now());
        self.browser.fill(&format!("{form} [name=code]"), &code).await;
        self.browser.click(&format!("{form} button[type=submit]")).await;
        self.browser.see(then).await;
        self.server.clock().advance(60);
    }

    async fn add_app(&self) -> AuthenticatorApp {
        self.security().await.add_app().await;
        let app = AuthenticatorApp::with_key(&self.browser.text("#enrol-totp-secret").await);
        self.keep("add-app").await;
        self.code("form#enrol-totp", &app, "#recovery-codes").await;
        self.browser.click("#continue-submit").await;
        assert_eq!(SecurityPage::done(self.browser).await.1, "Your authenticator app is set up.");
        app
    }

    async fn add_passkey(&self) {
        self.security().await.add_passkey("Laptop").await;
        self.keep("add-passkey").await;
        self.browser.click("#passkey-submit").await;
        assert_eq!(SecurityPage::done(self.browser).await.1, "The passkey is created.");
        self.keep("security").await;
    }

    async fn rename_passkey(&self) {
        let page = self.security().await;
        page.open("#passkeys").await;
        page.open("#app").await;
        self.keep("security-open").await;
        page.rename_passkey("Old laptop").await;
        assert_eq!(SecurityPage::done(self.browser).await.1, "The passkey has its new name.");
        assert!(self.browser.text("#passkeys").await.contains("Old laptop"));
    }

    async fn replace_app(&self) -> AuthenticatorApp {
        let page = self.security().await;
        page.open("#app").await;
        page.add_app().await;
        let app = AuthenticatorApp::with_key(&self.browser.text("#enrol-totp-secret").await);
        self.keep("replace-app").await;
        self.code("form#enrol-totp", &app, "#account-done").await;
        app
    }

    async fn make_codes(&self) {
        assert_eq!(self.security().await.new_codes().await.len(), 10);
        self.keep("new-codes").await;
        self.browser.click("#codes-kept").await;
        SecurityPage::of(self.browser).await;
    }

    /// Signs in with the app, in a browser that is remembered from then on; and has it forgotten.
    async fn use_app(&self, app: &AuthenticatorApp, key: &Authenticator<'_>) {
        self.leave().await;
        // Or it would be quicker.
        key.touched(false).await;
        self.go("/account").await;
        SignInPage::of(self.browser).await.sign_in("alice", PASSWORD).await;
        self.browser.click("#mfa [name=remember]").await;
        self.code("#mfa", app, "#account").await;
        self.keep("overview-with-factors").await;
        self.security().await;
        self.keep("security-remembered").await;
        self.browser.click("button[name=forget]").await;
        SecurityPage::done(self.browser).await;
    }

    /// Signs in with the passkey alone.
    async fn use_passkey(&self, key: &Authenticator<'_>) {
        self.leave().await;
        key.touched(false).await;
        self.go("/account/security").await;
        self.browser.see("#login-passkey #passkey-submit").await;
        key.touched(true).await;
        self.browser.click("#login-passkey #passkey-submit").await;
        SecurityPage::of(self.browser).await;
    }

    async fn remove_both(&self) {
        self.security().await.remove("#passkeys").await;
        assert_eq!(SecurityPage::done(self.browser).await.1, "The passkey is removed.");
        self.security().await.remove("#app").await;
        assert_eq!(SecurityPage::done(self.browser).await.1, "The authenticator app is removed.");
    }
}

async fn every_factor_comes_and_goes(width: u32, dark: bool) {
    let server = site::start(CALLBACK).await;
    let suffix = format!("{width}-{}", if dark { "dark" } else { "light" });
    let window = Window { width, dark, ..Window::default() };
    Chromium::run(&format!("account_factors_{suffix}"), window, async |browser| {
        let person = Person { browser, server: &server, suffix: suffix.clone() };
        let key = browser.with_authenticator().await;
        key.touched(false).await;
        person.go("/account").await;
        SignInPage::of(browser).await.sign_in("alice", PASSWORD).await;
        browser.see("#account").await;
        key.touched(true).await;
        person.add_app().await;
        person.add_passkey().await;
        person.rename_passkey().await;
        let app = person.replace_app().await;
        person.make_codes().await;
        person.use_app(&app, &key).await;
        person.use_passkey(&key).await;
        person.remove_both().await;
    })
    .await;
}

#[tokio::test]
async fn every_factor_comes_and_goes_on_a_phone_in_light_colours() {
    every_factor_comes_and_goes(360, false).await;
}

#[tokio::test]
async fn every_factor_comes_and_goes_on_a_phone_in_dark_colours() {
    every_factor_comes_and_goes(360, true).await;
}

#[tokio::test]
async fn every_factor_comes_and_goes_on_a_desk_in_light_colours() {
    every_factor_comes_and_goes(1280, false).await;
}

#[tokio::test]
async fn every_factor_comes_and_goes_on_a_desk_in_dark_colours() {
    every_factor_comes_and_goes(1280, true).await;
}

//! Factors in a real browser: an authenticator app, a passkey (with the browser's own virtual authenticator), a recovery
//! code, and step-up for a client.

use crate::pages::SignInPage;
use crate::receiver;
use crate::site::{self, PASSWORD, is_in_order};
use signet_tests::chromium::Window;
use signet_tests::{AuthenticatorApp, Chromium, FakeClock, Settings, TestServer};

/// A server on which everybody needs a second factor, and where its client takes its answers.
async fn strict() -> (TestServer, String) {
    let callback = receiver::start().await;
    let resources = format!(
        r#"
        [[users]]
        username = "alice"
        email = "alice@example.test"
        name = "Alice Example"
        password = "{PASSWORD}"

        [[clients]]
        client_id = "trusted"
        client_secret = "{}"
        redirect_uris = ["{callback}"]
        scope = "openid"
        skip_consent = true
        "#,
        site::SECRET
    );
    let settings = Settings::new().with("factors.policy", "required");
    (TestServer::start_with(settings, FakeClock::running(), &resources).await, callback)
}

struct Person<'a> {
    browser: &'a Chromium,
    server: &'a TestServer,
    callback: &'a str,
}

impl Person<'_> {
    /// Goes where the client sends people; what it asks for besides is added.
    async fn visit(&self, more: &[(&str, &str)]) {
        let request = self.server.discovery.authorization("trusted", self.callback);
        let request = more.iter().fold(request, |request, (name, value)| request.with(name, value));
        self.browser.goto(&request.url()).await;
    }

    async fn password(&self) {
        SignInPage::of(self.browser).await.sign_in("alice", PASSWORD).await;
    }

    /// The client has its code.
    async fn arrived(&self) {
        self.browser.arrive(|url| url.starts_with(self.callback) && url.contains("code=")).await;
    }

    async fn leave(&self) {
        self.browser.goto(self.server.discovery.get("end_session_endpoint")).await;
        self.browser.click("#logout-confirm").await;
        self.browser.see("#signed-out").await;
    }

    async fn code(&self, code: &str) {
        self.browser.fill("#mfa [name=code]", code).await;
        self.browser.click("#mfa-submit").await;
    }

    /// Sets an authenticator app up on the way; gives it with the recovery codes.
    async fn enrol_app(&self) -> (AuthenticatorApp, Vec<String>) {
        self.browser.see("#enrol").await;
        is_in_order(self.browser, "choose a factor").await;
        self.browser.click("#enrol-totp").await;
        let app = AuthenticatorApp::with_key(&self.browser.text("#enrol-totp-secret").await);
        is_in_order(self.browser, "set up an app").await;
        let shown = app.code(self.server.clock().now());
        self.browser.fill("form#enrol-totp [name=code]", &shown).await;
        self.browser.click("#enrol-totp-submit").await;
        let codes = self.browser.text("#recovery-codes").await;
        is_in_order(self.browser, "recovery codes").await;
        self.browser.click("#continue-submit").await;
        self.arrived().await;
        self.server.clock().advance(60);
        (app, codes.split_whitespace().map(str::to_owned).collect())
    }
}

#[tokio::test]
async fn an_app_is_set_up_used_lost_and_replaced_by_a_recovery_code() {
    let (server, callback) = strict().await;
    Chromium::run("factor_app", Window::default(), async |browser| {
        let person = Person { browser, server: &server, callback: &callback };
        person.visit(&[]).await;
        person.password().await;
        let (app, codes) = person.enrol_app().await;
        assert_eq!(codes.len(), 10);
        person.leave().await;

        person.visit(&[]).await;
        person.password().await;
        browser.see("#mfa").await;
        is_in_order(browser, "second factor").await;
        person.code("000000").await;
        browser.see("#mfa-error").await;
        is_in_order(browser, "wrong code").await;
        person.code(&app.code(server.clock().now())).await;
        person.arrived().await;
        person.leave().await;

        // The phone is gone.
        person.visit(&[]).await;
        person.password().await;
        browser.click("#instead-recovery_code").await;
        is_in_order(browser, "recovery code").await;
        person.code(&codes[0]).await;
        person.arrived().await;
    })
    .await;
}

#[tokio::test]
async fn a_passkey_is_made_used_as_second_factor_and_in_place_of_the_password() {
    let (server, callback) = strict().await;
    Chromium::run("factor_passkey", Window::default(), async |browser| {
        let person = Person { browser, server: &server, callback: &callback };
        let key = browser.with_authenticator().await;
        person.visit(&[]).await;
        person.password().await;
        browser.click("#enrol #enrol-passkey").await;
        browser.see("#passkey-submit").await;
        is_in_order(browser, "make a passkey").await;
        browser.fill("form#enrol-passkey [name=name]", "Laptop").await;
        browser.click("#passkey-submit").await;
        browser.see("#recovery-codes").await;
        browser.click("#continue-submit").await;
        person.arrived().await;
        person.leave().await;

        // As second factor. Nobody touches the key before the button is pressed.
        key.touched(false).await;
        person.visit(&[]).await;
        person.password().await;
        browser.see("#mfa-passkey #passkey-submit").await;
        is_in_order(browser, "second factor by passkey").await;
        key.touched(true).await;
        browser.click("#passkey-submit").await;
        person.arrived().await;
        person.leave().await;

        // In place of the password.
        key.touched(false).await;
        person.visit(&[("acr_values", "phr")]).await;
        browser.see("#login-passkey #passkey-submit").await;
        key.touched(true).await;
        browser.click("#login-passkey #passkey-submit").await;
        person.arrived().await;
    })
    .await;
}

#[tokio::test]
async fn a_client_asks_for_a_stronger_sign_in_and_gets_it() {
    let (server, callback) = strict().await;
    Chromium::run("factor_step_up", Window::default(), async |browser| {
        let person = Person { browser, server: &server, callback: &callback };
        person.visit(&[]).await;
        person.password().await;
        let (app, _) = person.enrol_app().await;
        // The session has what an app gives. A passkey is more than that, and there is none yet.
        person.visit(&[("acr_values", "aal2")]).await;
        person.arrived().await;
        let _key = browser.with_authenticator().await;
        person.visit(&[("acr_values", "phr")]).await;
        browser.click("#enrol #enrol-passkey").await;
        browser.click("#passkey-submit").await;
        person.arrived().await;
        drop(app);
    })
    .await;
}

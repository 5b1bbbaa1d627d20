//! The people and the applications of these tests, and what a person does on a page.

use signet_tests::{
    Answer, AuthenticatorApp, AuthorizationUrl, Browser, Callback, Discovery, FakeClock, Page, Settings,
    TestServer,
};

pub const PASSWORD: &str = "correct horse battery staple";
pub const SECRET: &str = "the secret of a shop, 32 characters";
pub const SHOP: &str = "https://shop.example.test/callback";

/// Declared before the server starts; a test may declare more.
const RESOURCES: &str = r#"
    [[resources]]
    identifier = "https://api.example.test"
    scopes = ["orders:read", "orders:write"]

    [[users]]
    username = "alice"
    email = "alice@example.test"
    name = "Alice Example"
    password = "correct horse battery staple"

    [[users]]
    username = "bob"
    password = "correct horse battery staple"

    [[clients]]
    client_id = "shop"
    client_secret = "the secret of a shop, 32 characters"
    client_name = "The Shop"
    redirect_uris = ["https://shop.example.test/callback", "https://shop.example.test/other?own=1"]
    post_logout_redirect_uris = ["https://shop.example.test/bye"]
    grant_types = ["authorization_code", "refresh_token"]
    scope = "openid profile email offline_access orders:read orders:write"

    [[clients]]
    client_id = "trusted"
    client_secret = "the secret of a shop, 32 characters"
    redirect_uris = ["https://trusted.example.test/callback"]
    post_logout_redirect_uris = ["https://trusted.example.test/bye"]
    grant_types = ["authorization_code", "refresh_token"]
    scope = "openid offline_access"
    skip_consent = true
"#;

/// A server with people and applications.
pub struct Site {
    pub server: TestServer,
}

impl Site {
    pub async fn start() -> Self {
        Self::with(Settings::new(), FakeClock::running(), "").await
    }

    /// The same, and what else this test needs.
    pub async fn declaring(more: &str) -> Self {
        Self::with(Settings::new(), FakeClock::running(), more).await
    }

    pub async fn with(settings: Settings, clock: FakeClock, more: &str) -> Self {
        let server = TestServer::start_with(settings, clock, &format!("{RESOURCES}\n{more}")).await;
        Self { server }
    }

    pub fn browser(&self) -> Browser {
        self.server.browser()
    }

    pub fn discovery(&self) -> &Discovery {
        &self.server.discovery
    }

    /// A good request of the shop, which asks for consent.
    pub fn shop(&self) -> AuthorizationUrl {
        self.discovery().authorization("shop", SHOP)
    }

    /// A good request of an application that needs no consent.
    pub fn trusted(&self) -> AuthorizationUrl {
        self.discovery().authorization("trusted", "https://trusted.example.test/callback")
    }

    /// A browser in which this person has signed in to the trusted application.
    pub async fn signed_in(&self, username: &str) -> Browser {
        let browser = self.browser();
        let page = sign_in(browser.get(self.trusted().url()).await, username).await;
        page.callback().code();
        browser
    }

    /// Redeems the code of a response to `request`.
    pub async fn redeem(&self, request: &AuthorizationUrl, callback: &Callback) -> Answer {
        let client = request.pairs().into_iter().find(|(name, _)| *name == "client_id").unwrap().1;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", callback.code()),
            ("redirect_uri", callback.redirect_uri.as_str()),
            ("code_verifier", &request.pkce.verifier),
        ];
        self.server.token((client, SECRET), &form).await
    }

    /// The tokens of a whole visit to the trusted application, whoever is signed in.
    pub async fn tokens(&self, browser: &Browser, scope: &str) -> Answer {
        let request = self.trusted().scope(scope);
        let callback = browser.get(request.url()).await.callback();
        self.redeem(&request, &callback).await.expect_status(200)
    }

    /// Uses a refresh token of the trusted application.
    pub async fn refresh(&self, token: &str) -> Answer {
        self.server
            .token(("trusted", SECRET), &[("grant_type", "refresh_token"), ("refresh_token", token)])
            .await
    }
}

/// Fills in the sign-in form with the right password.
pub async fn sign_in(page: Page, username: &str) -> Page {
    sign_in_with(page, username, PASSWORD).await
}

/// Fills in the sign-in form.
pub async fn sign_in_with(page: Page, username: &str, password: &str) -> Page {
    page.form("#login").fill("username", username).fill("password", password).press("#login-submit").await
}

/// Sets an authenticator app up on the page that asks which factor it shall be; ends at the recovery codes.
pub async fn enrol_app(site: &Site, page: Page) -> (AuthenticatorApp, Page) {
    let page = page.form("#enrol").press("#enrol-totp").await;
    let app = AuthenticatorApp::with_key(&page.text("#enrol-totp-secret"));
    let code = app.code(site.server.clock().now());
    let page = page.form("form#enrol-totp").fill("code", &code).press("#enrol-totp-submit").await;
    assert!(page.has("#recovery-codes"), "{}", page.html());
    (app, page)
}

/// Types a code into the second factor's form.
pub async fn second_factor(page: Page, code: &str) -> Page {
    page.form("#mfa").fill("code", code).press("#mfa-submit").await
}

/// Allows what the consent page asks for.
pub async fn allow(page: Page) -> Page {
    page.form("#consent").press("#consent-allow").await
}

/// The error code of a refusal shown to the person; the test fails if the browser went anywhere.
#[track_caller]
pub fn shown_error(page: &Page) -> String {
    assert_eq!(page.left_for(), None, "the browser was sent away");
    assert!(page.status() >= 400, "{}: {}", page.status(), page.html());
    page.text("#error #error-code")
}

/// What an ID token says.
#[track_caller]
pub fn id_token(answer: &Answer) -> serde_json::Value {
    signet_tests::claims_unchecked(&answer.field("id_token"))
}

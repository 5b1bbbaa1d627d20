//! A server with people, clients and APIs, and the ways in which tests get tokens from it.

use serde_json::Value;
use signet_tests::{Answer, AuthorizationUrl, Browser, FakeClock, Settings, TestServer, claims_unchecked};
use std::time::Duration;

/// Everyone's password.
pub const PASSWORD: &str = "correct horse battery staple";
/// Every secret, unless a test says otherwise.
pub const SECRET: &str = "a secret of thirty-two characters";
/// An API whose tokens `orders-api` may introspect.
pub const ORDERS: &str = "https://orders.example.test";
/// Another API.
pub const BILLING: &str = "https://billing.example.test";
/// How long a change takes to reach a running server, with room for a busy machine.
pub const REACHES: Duration = Duration::from_secs(20);

/// The declared world. Nobody is asked for consent: that is not what these tests are about.
const DECLARED: &str = r#"
    [[resources]]
    identifier = "https://orders.example.test"
    scopes = ["orders:read", "orders:write"]
    introspection_clients = ["orders-api"]

    [[resources]]
    identifier = "https://billing.example.test"
    scopes = ["billing:read"]

    [[users]]
    username = "alice"
    email = "alice@example.test"
    email_verified = true
    name = "Alice Example"
    phone_number = "+1 555 0100"
    password = "correct horse battery staple"

    [[clients]]
    client_id = "web"
    client_secret = "a secret of thirty-two characters"
    redirect_uris = ["https://web.example.test/callback", "https://web.example.test/other"]
    allowed_origins = ["https://console.example.test"]
    grant_types = ["authorization_code", "refresh_token", "client_credentials"]
    scope = "openid profile email address phone offline_access orders:read orders:write billing:read"
    skip_consent = true

    [[clients]]
    client_id = "other"
    client_secret = "a secret of thirty-two characters"
    redirect_uris = ["https://other.example.test/callback"]
    grant_types = ["authorization_code", "refresh_token"]
    scope = "openid offline_access"
    skip_consent = true

    [[clients]]
    client_id = "spa"
    token_endpoint_auth_method = "none"
    redirect_uris = ["https://spa.example.test/callback"]
    grant_types = ["authorization_code", "refresh_token"]
    scope = "openid profile offline_access orders:read"
    skip_consent = true

    [[clients]]
    client_id = "legacy"
    client_secret = "a secret of thirty-two characters"
    redirect_uris = ["https://legacy.example.test/callback"]
    scope = "openid"
    require_pkce = false
    skip_consent = true

    [[clients]]
    client_id = "post"
    client_secret = "a secret of thirty-two characters"
    token_endpoint_auth_method = "client_secret_post"
    grant_types = ["client_credentials"]
    scope = "orders:read"

    [[clients]]
    client_id = "orders-api"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "orders:read"

    [[clients]]
    client_id = "stranger"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "billing:read"
"#;

/// The running server and what belongs to it.
pub struct World {
    /// The server.
    pub server: TestServer,
}

/// A code, and what its client needs to redeem it.
pub struct Code {
    /// The code.
    pub code: String,
    /// The request that it answers.
    pub request: AuthorizationUrl,
    /// `redirect_uri` of that request.
    pub redirect_uri: String,
}

impl Code {
    /// The form that redeems it.
    pub fn form(&self) -> Vec<(&str, &str)> {
        vec![
            ("grant_type", "authorization_code"),
            ("code", &self.code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", &self.request.pkce.verifier),
        ]
    }

    /// The form with a parameter replaced.
    pub fn form_with<'a>(&'a self, name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
        let mut form = self.form_without(name);
        form.push((name, value));
        form
    }

    /// The form without a parameter.
    pub fn form_without(&self, name: &str) -> Vec<(&str, &str)> {
        self.form().into_iter().filter(|(n, _)| *n != name).collect()
    }
}

impl World {
    /// On a clock that runs.
    pub async fn start() -> Self {
        Self::at(FakeClock::running(), "").await
    }

    /// On a clock that stands still until the test moves it.
    pub async fn still() -> Self {
        Self::at(FakeClock::still(), "").await
    }

    /// With more declared than there is anyway.
    pub async fn with(more: &str) -> Self {
        Self::at(FakeClock::running(), more).await
    }

    /// With a clock and more declared.
    pub async fn at(clock: FakeClock, more: &str) -> Self {
        Self::of(Settings::new(), clock, more).await
    }

    /// With all of it.
    pub async fn of(settings: Settings, clock: FakeClock, more: &str) -> Self {
        let server = TestServer::start_with(settings, clock, &format!("{DECLARED}\n{more}")).await;
        Self { server }
    }

    /// An endpoint.
    pub fn endpoint(&self, name: &str) -> &str {
        self.server.discovery.get(name)
    }

    /// Moves the clock.
    pub fn advance(&self, seconds: i64) {
        self.server.clock().advance(seconds);
    }

    /// A token request as `client` makes it: `spa` only names itself, the others authenticate.
    pub async fn token(&self, client: &str, form: &[(&str, &str)]) -> Answer {
        self.post("token_endpoint", client, form).await
    }

    /// A POST to an endpoint as `client` makes it.
    pub async fn post(&self, endpoint: &str, client: &str, form: &[(&str, &str)]) -> Answer {
        let call = self.server.http.post(self.endpoint(endpoint));
        if client == "spa" {
            return call.form(&[form, &[("client_id", client)]].concat()).send().await;
        }
        call.basic(client, SECRET).form(form).send().await
    }

    /// An authorization request of `client`.
    pub fn request(&self, client: &str, scope: &str) -> AuthorizationUrl {
        let redirect_uri = format!("https://{client}.example.test/callback");
        self.server.discovery.authorization(client, &redirect_uri).scope(scope)
    }

    /// Signs in, if the browser is not, and returns with the code.
    pub async fn authorize(&self, browser: &Browser, request: AuthorizationUrl) -> Code {
        let mut page = browser.get(request.url()).await;
        if page.has("#login") {
            let form = page.form("#login").fill("username", "alice").fill("password", PASSWORD);
            page = form.press("#login-submit").await;
        }
        let callback = page.callback();
        let code = callback.checked_code(&request, &self.server.issuer()).to_owned();
        Code { code, request, redirect_uri: callback.redirect_uri }
    }

    /// A code for Alice, who signs in with a new browser.
    pub async fn code(&self, client: &str, scope: &str) -> Code {
        self.authorize(&self.server.browser(), self.request(client, scope)).await
    }

    /// The token answer for a code that Alice's sign-in gave.
    pub async fn sign_in(&self, client: &str, scope: &str) -> Answer {
        let code = self.code(client, scope).await;
        self.token(client, &code.form()).await.expect_status(200)
    }

    /// A refresh.
    pub async fn refresh(&self, client: &str, refresh_token: &str) -> Answer {
        self.token(client, &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    }

    /// An access token of the client itself.
    pub async fn client_token(&self, client: &str, form: &[(&str, &str)]) -> String {
        let form = [&[("grant_type", "client_credentials")], form].concat();
        self.token(client, &form).await.expect_status(200).field("access_token")
    }

    /// What introspection says to `caller`.
    pub async fn introspect(&self, caller: &str, token: &str) -> Value {
        self.post("introspection_endpoint", caller, &[("token", token)]).await.expect_status(200).json()
    }

    /// Whether introspection by `web` calls the token active.
    pub async fn is_active(&self, token: &str) -> bool {
        self.introspect("web", token).await["active"] == true
    }

    /// Revokes as `client`; the test fails unless that is answered with 200.
    pub async fn revoke(&self, client: &str, token: &str) {
        self.post("revocation_endpoint", client, &[("token", token)]).await.expect_status(200);
    }

    /// Userinfo with a bearer token.
    pub async fn userinfo(&self, token: &str) -> Answer {
        self.server
            .http
            .call(reqwest::Method::GET, self.endpoint("userinfo_endpoint"))
            .bearer(token)
            .send()
            .await
    }
}

/// The scope that gives a refresh token which outlives the session.
pub const OFFLINE: &str = "openid offline_access";

/// Checks that the answer is the standard's error (RFC 6749 §5.2) with everything around it that holds for all of them.
#[track_caller]
pub fn refused(answer: &Answer, status: u16, error: &str) {
    let body = answer.text();
    assert_eq!(answer.status, status, "{body}");
    let json = answer.json();
    assert_eq!(json["error"], error, "{body}");
    let description = json["error_description"].as_str().unwrap_or_else(|| panic!("no description: {body}"));
    // RFC 6749 §5.2: "Values for the "error_description" parameter MUST NOT include characters outside the set
    // %x20-21 / %x23-5B / %x5D-7E."
    assert!(
        description.bytes().all(|b| matches!(b, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~')),
        "{description}"
    );
    assert_eq!(json["request_id"], answer.header("x-request-id").unwrap(), "{body}");
    assert_eq!(answer.header("content-type").as_deref(), Some("application/json"));
    not_stored(answer);
}

/// RFC 6749 §5.1: the answer stays out of caches.
#[track_caller]
pub fn not_stored(answer: &Answer) {
    assert_eq!(answer.header("cache-control").as_deref(), Some("no-store"), "{}", answer.url);
    assert_eq!(answer.header("pragma").as_deref(), Some("no-cache"), "{}", answer.url);
}

/// The scope values of an access token, sorted.
pub fn scope_of(token: &str) -> Vec<String> {
    let claims = claims_unchecked(token);
    let mut values: Vec<_> = claims["scope"].as_str().unwrap_or("").split(' ').map(str::to_owned).collect();
    values.sort();
    values
}

/// `aud`, always as a list.
pub fn audience_of(token: &str) -> Vec<String> {
    match claims_unchecked(token)["aud"].clone() {
        Value::String(one) => vec![one],
        many => serde_json::from_value(many).unwrap(),
    }
}

//! A server with APIs that differ in their signing algorithm and clients that differ in how they authenticate.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::json;
use signet_tests::{Browser, FakeClock, Settings, TestServer};
use std::sync::LazyLock;
use url::Url;

pub const SECRET: &str = "a secret of thirty-two characters";
pub const CALLBACK: &str = "https://app.example.test/callback";
pub const SIGNED_OUT: &str = "https://app.example.test/signed-out";
pub const SCOPE: &str = "openid profile email offline_access es256:read";
const PASSWORD: &str = "correct horse battery staple";

/// What the APIs ask for: one API each.
pub const ALGORITHMS: [&str; 5] = ["ES256", "ES384", "RS256", "PS256", "EdDSA"];

/// A client and the algorithm of its ID tokens.
pub struct Client {
    pub id: &'static str,
    /// `token_endpoint_auth_method`
    pub method: &'static str,
    /// `id_token_signed_response_alg`
    pub id_token: &'static str,
    /// `userinfo_signed_response_alg`
    pub userinfo: Option<&'static str>,
}

pub const BASIC: Client =
    Client { id: "basic", method: "client_secret_basic", id_token: "RS256", userinfo: None };
pub const POST: Client =
    Client { id: "post", method: "client_secret_post", id_token: "ES256", userinfo: None };
pub const SIGNED: Client =
    Client { id: "signed", method: "private_key_jwt", id_token: "PS256", userinfo: Some("ES384") };
pub const PUBLIC: Client = Client { id: "public", method: "none", id_token: "EdDSA", userinfo: None };

/// The identifier of the API whose tokens are signed with this algorithm.
pub fn api(algorithm: &str) -> String {
    format!("https://{}.example.test", algorithm.to_lowercase())
}

/// The scope of that API.
pub fn api_scope(algorithm: &str) -> String {
    format!("{}:read", algorithm.to_lowercase())
}

/// The private half of the key that [`SIGNED`] registers, as PKCS #8 PEM.
pub static CLIENT_KEY: LazyLock<String> =
    LazyLock::new(|| rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap().serialize_pem());
pub const CLIENT_KEY_ID: &str = "key-1";

/// The resource file.
pub fn declared() -> String {
    let user = format!(
        r#"
        [[users]]
        username = "alice"
        email = "alice@example.test"
        email_verified = true
        name = "Alice Example"
        password = "{PASSWORD}"
        "#
    );
    let apis = ALGORITHMS.map(|algorithm| {
        let (identifier, scope) = (api(algorithm), api_scope(algorithm));
        format!(
            "[[resources]]\nidentifier = \"{identifier}\"\nscopes = [\"{scope}\"]\nsigning_alg = \"{algorithm}\"\n"
        )
    });
    let clients = [BASIC, POST, SIGNED, PUBLIC].map(|client| declare(&client));
    format!("{user}\n{}\n{}", apis.join("\n"), clients.join("\n"))
}

fn declare(client: &Client) -> String {
    let Client { id, method, id_token, userinfo } = client;
    let scopes = ALGORITHMS.map(api_scope).join(" ");
    let grants = if *method == "none" { "" } else { ", \"client_credentials\"" };
    let credential = match *method {
        "none" => String::new(),
        "private_key_jwt" => {
            let key = EncodingKey::from_ec_pem(CLIENT_KEY.as_bytes()).unwrap();
            let mut public = json!(Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap());
            public["kid"] = CLIENT_KEY_ID.into();
            format!("jwks = {}", toml::Value::try_from(json!({ "keys": [public] })).unwrap())
        }
        _ => format!("client_secret = \"{SECRET}\""),
    };
    let userinfo = userinfo.map(|it| format!("userinfo_signed_response_alg = \"{it}\"")).unwrap_or_default();
    format!(
        r#"
        [[clients]]
        client_id = "{id}"
        client_name = "The {id} application"
        token_endpoint_auth_method = "{method}"
        {credential}
        redirect_uris = ["{CALLBACK}"]
        post_logout_redirect_uris = ["{SIGNED_OUT}"]
        grant_types = ["authorization_code", "refresh_token"{grants}]
        scope = "openid profile email offline_access {scopes}"
        id_token_signed_response_alg = "{id_token}"
        {userinfo}
        "#
    )
}

pub async fn start() -> TestServer {
    TestServer::start_with(Settings::new(), FakeClock::running(), &declared()).await
}

/// Opens the authorization URL, signs in, allows what is asked, and returns where the browser was sent.
pub async fn visit(browser: &Browser, authorization_url: &str) -> Url {
    let page = browser.get(authorization_url).await;
    let form = page.form("#login").fill("username", "alice").fill("password", PASSWORD);
    let page = form.press("#login-submit").await;
    let page = page.form("#consent").press("#consent-allow").await;
    page.left_for().unwrap_or_else(|| panic!("{}", page.html())).clone()
}

/// Opens the sign-out URL: the browser comes back to the application, and nobody is signed in any more.
pub async fn sign_out(browser: &Browser, end_session_url: &str, authorization_url: &str) {
    let before = browser.get(authorization_url).await;
    assert!(before.left_for().is_some(), "still signed in, and consent is remembered: {}", before.html());
    let page = browser.get(end_session_url).await;
    let back = page.left_for().unwrap_or_else(|| panic!("{}", page.html()));
    let sent = Url::parse(end_session_url).unwrap();
    let state =
        |url: &Url| url.query_pairs().find(|(name, _)| name == "state").map(|(_, value)| value.into_owned());
    assert!(state(back).is_some_and(|it| Some(it) == state(&sent)), "{back}");
    assert!(back.as_str().starts_with(SIGNED_OUT), "{back}");
    assert!(browser.get(authorization_url).await.has("#login"), "signing in again asks for the password");
}

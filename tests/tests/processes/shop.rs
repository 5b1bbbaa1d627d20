//! One person, and the applications that she signs in to: what every test here acts through.

use crate::BINARY;
use reqwest::Method;
use serde_json::Value;
use signet_tests::{
    Answer, Browser, Call, Discovery, Http, Jwks, Page, ServerProcess, Settings, claims_unchecked, eventually,
};
use std::net::IpAddr;
use std::time::Duration;

pub const PASSWORD: &str = "correct horse battery staple";
pub const SHOP: (&str, &str) = ("shop", "the secret of the shop, 32 characters");
pub const CALLBACK: &str = "https://shop.example.test/callback";

/// An API, a person, and a client that keeps people signed in and has errands of its own.
pub fn resources() -> String {
    let (shop, secret) = SHOP;
    format!(
        r#"
        [[resources]]
        identifier = "https://api.example.test"
        scopes = ["orders:read"]

        [[users]]
        username = "alice"
        email = "alice@example.test"
        password = "{PASSWORD}"

        [[clients]]
        client_id = "{shop}"
        client_secret = "{secret}"
        client_name = "Shop"
        redirect_uris = ["{CALLBACK}"]
        grant_types = ["authorization_code", "refresh_token", "client_credentials"]
        scope = "openid offline_access orders:read"
        skip_consent = true
        "#
    )
}

/// What the server does within a second, it does within this on a busy machine.
pub const SOON: Duration = Duration::from_secs(10);

/// Starts a server with [`resources`] in it.
pub async fn start(settings: Settings) -> ServerProcess {
    let server = ServerProcess::start(BINARY, settings).await;
    server.apply(&resources()).await;
    // A running server hears of new resources within a second.
    let shop = Shop::at(&server).await;
    eventually(SOON * 10, async || {
        let token = shop.own_token().await.expect_status(200).field("access_token");
        claims_unchecked(&token)["aud"] == "https://api.example.test"
    })
    .await;
    server
}

/// Starts another node beside it.
pub async fn start_beside(first: &ServerProcess) -> ServerProcess {
    ServerProcess::start(BINARY, first.settings().second_node()).await
}

/// The shop, as it reaches one node.
#[derive(Clone)]
pub struct Shop {
    pub http: Http,
    pub discovery: Discovery,
}

/// A code on its way to the token endpoint.
#[derive(Clone, Debug)]
pub struct Code {
    pub code: String,
    pub verifier: String,
}

/// What a redemption or refresh gave.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

impl Tokens {
    #[track_caller]
    pub fn of(answer: &Answer) -> Self {
        Self { access: answer.field("access_token"), refresh: answer.field("refresh_token") }
    }
}

impl Shop {
    /// The shop before this node, whatever other nodes the issuer has.
    pub async fn at(server: &ServerProcess) -> Self {
        let address = url::Url::parse(&server.address()).unwrap();
        let address: IpAddr = address.host_str().unwrap().parse().unwrap();
        let http = Http::to_node(address);
        let discovery = Discovery::fetch(&http, &server.issuer()).await;
        Self { http, discovery }
    }

    /// A browser with no cookies, before this node.
    pub fn browser(&self) -> Browser {
        Browser::with(self.http.clone(), self.discovery.issuer())
    }

    /// Types name and password on the sign-in page that the shop sends people to.
    pub async fn try_sign_in(&self, browser: &Browser, username: &str, password: &str) -> Page {
        let page = browser.get(self.discovery.authorization(SHOP.0, CALLBACK).url()).await;
        page.form("#login").fill("username", username).fill("password", password).press("#login-submit").await
    }

    /// A browser in which Alice is signed in.
    pub async fn signed_in(&self) -> Browser {
        let browser = self.browser();
        self.try_sign_in(&browser, "alice", PASSWORD).await.callback().code();
        browser
    }

    /// A code for a browser that is signed in.
    pub async fn code(&self, browser: &Browser) -> Code {
        let request =
            self.discovery.authorization(SHOP.0, CALLBACK).scope("openid offline_access orders:read");
        let callback = browser.get(request.url()).await.callback();
        let code = callback.checked_code(&request, self.discovery.issuer()).to_owned();
        Code { code, verifier: request.pkce.verifier }
    }

    /// A grant of its own for a browser that is signed in.
    pub async fn tokens(&self, browser: &Browser) -> Tokens {
        let code = self.code(browser).await;
        Tokens::of(&self.redeem(&code).send().await.expect_status(200))
    }

    /// Redeems a code.
    pub fn redeem(&self, code: &Code) -> Call {
        self.token_call(&[
            ("grant_type", "authorization_code"),
            ("code", &code.code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", &code.verifier),
        ])
    }

    /// Refreshes.
    pub fn refresh(&self, token: &str) -> Call {
        self.token_call(&[("grant_type", "refresh_token"), ("refresh_token", token)])
    }

    /// A token for the shop itself.
    pub async fn own_token(&self) -> Answer {
        self.own_token_call().send().await
    }

    /// Asks for a token for the shop itself.
    pub fn own_token_call(&self) -> Call {
        self.token_call(&[("grant_type", "client_credentials"), ("scope", "orders:read")])
    }

    fn token_call(&self, form: &[(&str, &str)]) -> Call {
        self.http.post(self.discovery.token_endpoint()).basic(SHOP.0, SHOP.1).form(form)
    }

    /// Revokes.
    pub fn revoke(&self, token: &str) -> Call {
        let endpoint = self.discovery.get("revocation_endpoint");
        self.http.post(endpoint).basic(SHOP.0, SHOP.1).form(&[("token", token)])
    }

    /// What introspection says.
    pub async fn introspect(&self, token: &str) -> Value {
        let endpoint = self.discovery.get("introspection_endpoint");
        let call = self.http.post(endpoint).basic(SHOP.0, SHOP.1).form(&[("token", token)]);
        call.send().await.expect_status(200).json()
    }

    /// Whether introspection calls it active.
    pub async fn is_active(&self, token: &str) -> bool {
        self.introspect(token).await["active"].as_bool().expect("`active`")
    }

    /// The keys that are published.
    pub async fn jwks(&self) -> Jwks {
        Jwks::fetch(&self.http, self.discovery.get("jwks_uri")).await
    }

    /// Status and body of `/health/ready`.
    pub async fn health(&self) -> (u16, String) {
        let url = format!("{}/health/ready", self.discovery.issuer());
        let answer = self.http.call(Method::GET, url).send().await;
        (answer.status, answer.text())
    }
}

/// The answer is this error of RFC 6749 §5.2.
#[track_caller]
pub fn expect_error(answer: &Answer, status: u16, error: &str) {
    assert_eq!((answer.status, answer.field("error").as_str()), (status, error), "{}", answer.text());
}

//! What an operation needs before it can be measured: sessions, grants, tokens, and the script that uses them.

use super::client;
use super::load::CONNECTIONS;
use super::operation::{Alg, Holder, Operation};
use super::script::{CodeFlow, Refreshing, Repeated, Script, WithLast};
use super::server::Server;
use crate::{Answer, AuthorizationUrl, Browser, Discovery, Http, Page};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::net::SocketAddr;
use std::sync::Arc;
use url::{Url, form_urlencoded};

const SECRET: &str = "bench-secret-bench-secret-bench-secret";
const REDIRECT_URI: &str = "http://localhost:9/callback";
const USERNAME: &str = "alice";
const PASSWORD: &str = "correct horse battery staple";

/// A whole request with a wrong password.
pub(super) type Guess = Arc<[u8]>;

/// The server as its clients know it.
pub(super) struct Site {
    pub(super) address: SocketAddr,
    pub(super) pid: u32,
    issuer: String,
    host: String,
    discovery: Discovery,
    http: Http,
    /// Signed-in browsers, one for each connection.
    browsers: Vec<Browser>,
}

impl Site {
    /// Reads the server's discovery document and signs people in.
    pub(super) async fn open(server: &Server) -> Self {
        let address = server.settings.get("server.listen").parse().expect("an address");
        let issuer = server.settings.issuer();
        let host = issuer.trim_start_matches("http://").to_owned();
        let http = Http::new();
        let discovery = Discovery::fetch(&http, &issuer).await;
        let pid = server.pid();
        let mut site = Self { address, pid, issuer, host, discovery, http, browsers: Vec::new() };
        for _ in 0..CONNECTIONS {
            let browser = site.stranger();
            site.sign_in(&browser).await;
            site.browsers.push(browser);
        }
        site
    }

    /// A browser without a session.
    pub(super) fn stranger(&self) -> Browser {
        Browser::new(&self.issuer)
    }

    /// From the authorization request over the password form to the code.
    pub(super) async fn sign_in(&self, browser: &Browser) {
        let page = browser.get(self.authorization(Alg::Es256, "openid").url()).await;
        let form = page.form("#login").fill("username", USERNAME).fill("password", PASSWORD);
        let page: Page = form.press("login-submit").await;
        page.callback().code();
    }

    /// A wrong password, from a sign-in page that was opened once: the same request again and again.
    pub(super) async fn guess(&self) -> Guess {
        let browser = self.stranger();
        let page = browser.get(self.authorization(Alg::Es256, "openid").url()).await;
        let form = page.form("#login").fill("username", USERNAME).fill("password", "a wrong password");
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form.fields()).finish();
        let cookies = cookies(&browser);
        let headers =
            [("cookie", cookies.as_str()), ("origin", &self.issuer), ("sec-fetch-site", "same-origin")];
        client::request("POST", &target(form.action().as_str()), &self.host, &headers, Some(&body)).into()
    }

    /// One script for each connection.
    pub(super) async fn scripts(&self, operation: Operation) -> Vec<Box<dyn Script>> {
        let mut scripts = Vec::new();
        for browser in &self.browsers {
            scripts.push(self.script(operation, browser).await);
        }
        scripts
    }

    async fn script(&self, operation: Operation, browser: &Browser) -> Box<dyn Script> {
        match operation {
            Operation::Jwks => self.repeat(self.get(self.discovery.get("jwks_uri"), &[])),
            Operation::Discovery => {
                let url = format!("{}/.well-known/openid-configuration", self.issuer);
                self.repeat(self.get(&url, &[]))
            }
            Operation::ClientCredentials(alg) => self.repeat(self.client_credentials(alg)),
            Operation::Introspection(Holder::Client) => {
                let form = [("grant_type", "client_credentials"), ("scope", "orders:read")];
                let tokens =
                    self.http.post(self.discovery.token_endpoint()).basic("robot", SECRET).form(&form);
                self.introspect(&tokens.send().await.expect_status(200).field("access_token"))
            }
            Operation::Introspection(Holder::User) => {
                let tokens = self.grant(browser, Alg::Es256, "openid orders:read").await;
                self.introspect(&tokens.field("access_token"))
            }
            Operation::Userinfo => {
                let tokens = self.grant(browser, Alg::Es256, "openid profile email").await;
                let authorization = format!("Bearer {}", tokens.field("access_token"));
                let url = self.discovery.get("userinfo_endpoint");
                self.repeat(self.get(url, &[("authorization", &authorization)]))
            }
            Operation::Refresh(id_token) => {
                let openid = if id_token.is_some() { "openid " } else { "" };
                let scope = format!("{openid}offline_access orders:read");
                let alg = id_token.unwrap_or(Alg::Es256);
                let tokens = self.grant(browser, alg, &scope).await;
                assert_eq!(tokens.json().get("id_token").is_some(), id_token.is_some(), "ID token");
                let form = vec![("grant_type", "refresh_token".to_owned())];
                let request = self.token_request(shop(alg), form, "refresh_token");
                Box::new(Refreshing { request, refresh_token: tokens.field("refresh_token") })
            }
            Operation::CodeFlow(alg) => self.code_flow(browser, alg),
        }
    }

    fn repeat(&self, request: Vec<u8>) -> Box<dyn Script> {
        Box::new(Repeated::new(vec![(request, 200)]))
    }

    fn client_credentials(&self, alg: Alg) -> Vec<u8> {
        let scope = match alg {
            Alg::Es256 => "orders:read",
            Alg::Rs256 => "ledger:read",
        };
        let form = vec![("grant_type", "client_credentials".to_owned())];
        self.token_request("robot", form, "scope")(scope)
    }

    fn introspect(&self, token: &str) -> Box<dyn Script> {
        let url = self.discovery.get("introspection_endpoint").to_owned();
        self.repeat(self.post(&url, "orders-api", Vec::new(), "token")(token))
    }

    fn code_flow(&self, browser: &Browser, alg: Alg) -> Box<dyn Script> {
        let request = self.authorization(alg, "openid profile email offline_access orders:read");
        let cookies = cookies(browser);
        // What a browser sends when a page of the client's links to the issuer.
        let headers =
            [("accept", "text/html"), ("sec-fetch-mode", "navigate"), ("sec-fetch-site", "cross-site")];
        let headers = [&headers[..], &[("cookie", cookies.as_str())]].concat();
        let form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("redirect_uri", REDIRECT_URI.to_owned()),
            ("code_verifier", request.pkce.verifier.clone()),
        ];
        Box::new(CodeFlow {
            authorize: self.get(&request.url(), &headers),
            redeem: self.token_request(shop(alg), form, "code"),
            code: None,
        })
    }

    fn authorization(&self, alg: Alg, scope: &str) -> AuthorizationUrl {
        self.discovery.authorization(shop(alg), REDIRECT_URI).scope(scope)
    }

    /// Tokens for the person who is signed in.
    async fn grant(&self, browser: &Browser, alg: Alg, scope: &str) -> Answer {
        let request = self.authorization(alg, scope);
        let callback = browser.get(request.url()).await.callback();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", callback.checked_code(&request, &self.issuer)),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", &request.pkce.verifier),
        ];
        let call = self.http.post(self.discovery.token_endpoint()).basic(shop(alg), SECRET).form(&form);
        call.send().await.expect_status(200)
    }

    fn get(&self, url: &str, headers: &[(&str, &str)]) -> Vec<u8> {
        client::request("GET", &target(url), &self.host, headers, None)
    }

    fn token_request(&self, client: &str, form: Vec<(&'static str, String)>, last: &'static str) -> WithLast {
        self.post(self.discovery.token_endpoint(), client, form, last)
    }

    /// An authenticated POST; the field `last` gets its value when the request is sent.
    fn post(
        &self,
        url: &str,
        client: &str,
        form: Vec<(&'static str, String)>,
        last: &'static str,
    ) -> WithLast {
        let (target, host) = (target(url), self.host.clone());
        let basic = format!("Basic {}", STANDARD.encode(format!("{client}:{SECRET}")));
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        Box::new(move |value| {
            let mut body = form_urlencoded::Serializer::new(form.clone());
            let body = body.append_pair(last, value).finish();
            client::request("POST", &target, &host, &[("authorization", &basic)], Some(&body))
        })
    }
}

/// The `Cookie` header.
fn cookies(browser: &Browser) -> String {
    let cookies = browser.cookie_names().into_iter().map(|name| {
        let value = browser.cookie(&name).expect("a cookie");
        format!("{name}={value}")
    });
    cookies.collect::<Vec<_>>().join("; ")
}

/// The client that gets its ID tokens with this algorithm.
fn shop(id_token: Alg) -> &'static str {
    match id_token {
        Alg::Es256 => "shop-es256",
        Alg::Rs256 => "shop-rs256",
    }
}

/// Path and query, as a request line has them.
fn target(url: &str) -> String {
    let url = Url::parse(url).expect("a URL");
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}{query}", url.path())
}

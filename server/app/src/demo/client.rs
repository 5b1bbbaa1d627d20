//! What the demo asks the server: discovery, keys, tokens, userinfo; and where it sends the browser.

use super::{CLIENT_ID, SCOPE};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{RequestBuilder, Response, redirect};
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use signet_jose::JwkSet;
use signet_protocol::environment::RandomFailed;
use signet_protocol::secret::Secret;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The longest answer that is read, in bytes.
const MAX_ANSWER: usize = 256 * 1024;

/// What went wrong, for the person at the browser: an OAuth error code or the like, and a sentence.
#[derive(Debug)]
pub struct Failure {
    pub code: String,
    pub description: String,
}

impl Failure {
    pub fn new(code: &str, description: impl fmt::Display) -> Self {
        Self { code: code.to_owned(), description: description.to_string() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.description)
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        let description = if error.is_timeout() { "did not answer in time" } else { "cannot be reached" };
        Self::new("temporarily_unavailable", format_args!("the server {description}"))
    }
}

impl From<RandomFailed> for Failure {
    fn from(error: RandomFailed) -> Self {
        Self::new("server_error", error)
    }
}

/// What the server says about itself (OpenID Connect Discovery §3, RP-Initiated Logout §2.1, RFC 8414 §2).
#[derive(Deserialize)]
pub struct Provider {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    end_session_endpoint: String,
    revocation_endpoint: String,
    jwks_uri: String,
}

/// What one authorization request is recognised by when its answer comes.
pub struct AuthorizationRequest<'a> {
    /// Ties the answer to this browser (RFC 6749 §10.12).
    pub state: &'a str,
    /// Ties the ID token to this request (OpenID Connect Core §3.1.2.1).
    pub nonce: &'a str,
    /// Ties the code to whoever holds this (RFC 7636 §4.1).
    pub code_verifier: &'a Secret<String>,
}

/// The token endpoint's answer (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).
#[derive(Deserialize)]
pub struct TokenResponse {
    pub access_token: Secret<String>,
    token_type: String,
    pub id_token: Option<Secret<String>>,
    pub refresh_token: Option<Secret<String>>,
}

/// RFC 6749 §5.2.
#[derive(Deserialize)]
struct ErrorResponse {
    error: String,
    error_description: Option<String>,
}

/// The client's side of the protocol.
pub struct RelyingParty {
    http: reqwest::Client,
    pub issuer: String,
    pub redirect_uri: String,
    pub post_logout_redirect_uri: String,
}

impl RelyingParty {
    /// A client of `issuer` that lives at `origin`.
    pub fn new(issuer: &str, origin: &str) -> Result<Self, Failure> {
        let nobody = trusting_nobody().map_err(|error| Failure::new("server_error", error))?;
        let http = reqwest::Client::builder()
            // A token endpoint that redirects is none; following it could carry the code elsewhere.
            .redirect(redirect::Policy::none())
            // The server is on this machine, and what is said to it is no proxy's business.
            .no_proxy()
            .timeout(TIMEOUT)
            // It speaks plain http, to this machine; there is nobody whose certificate it should trust.
            .tls_backend_preconfigured(nobody)
            .build()?;
        Ok(Self {
            http,
            issuer: issuer.to_owned(),
            redirect_uri: format!("{origin}/callback"),
            post_logout_redirect_uri: format!("{origin}/signed-out"),
        })
    }

    /// Discovery. It is asked each time, so that whoever watches sees it; a busy client would keep the answer for as
    /// long as its `Cache-Control` allows.
    pub async fn provider(&self) -> Result<Provider, Failure> {
        let address = format!("{}/.well-known/openid-configuration", self.issuer);
        let provider: Provider = ask(self.http.get(address)).await?;
        // OpenID Connect Discovery §4.3: "The issuer value returned MUST be identical to the Issuer URL".
        if provider.issuer != self.issuer {
            return Err(Failure::new("invalid_issuer", "the discovery document is another issuer's"));
        }
        Ok(provider)
    }

    /// The keys that the server signs with.
    pub async fn keys(&self, provider: &Provider) -> Result<JwkSet, Failure> {
        ask(self.http.get(&provider.jwks_uri)).await
    }

    /// Where the browser goes to sign in (OpenID Connect Core §3.1.2.1).
    pub fn authorization_url(
        &self,
        provider: &Provider,
        request: &AuthorizationRequest<'_>,
    ) -> Result<String, Failure> {
        // RFC 7636 §4.2: BASE64URL-ENCODE(SHA256(ASCII(code_verifier))).
        let challenge = digest(&SHA256, request.code_verifier.expose().as_bytes());
        let parameters = [
            ("response_type", "code"),
            ("client_id", CLIENT_ID),
            ("redirect_uri", &self.redirect_uri),
            ("scope", SCOPE),
            ("state", request.state),
            ("nonce", request.nonce),
            ("code_challenge", &URL_SAFE_NO_PAD.encode(challenge)),
            ("code_challenge_method", "S256"),
        ];
        address(&provider.authorization_endpoint, &parameters)
    }

    /// Exchanges a code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.5).
    pub async fn redeem(
        &self,
        provider: &Provider,
        code: &str,
        code_verifier: &Secret<String>,
    ) -> Result<TokenResponse, Failure> {
        let parameters = [
            ("grant_type", "authorization_code"),
            ("client_id", CLIENT_ID),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", code_verifier.expose()),
        ];
        self.tokens(provider, &parameters).await
    }

    /// Exchanges a refresh token for new tokens (RFC 6749 §6).
    pub async fn refresh(
        &self,
        provider: &Provider,
        refresh_token: &Secret<String>,
    ) -> Result<TokenResponse, Failure> {
        let parameters = [
            ("grant_type", "refresh_token"),
            ("client_id", CLIENT_ID),
            ("refresh_token", refresh_token.expose().as_str()),
        ];
        self.tokens(provider, &parameters).await
    }

    async fn tokens(
        &self,
        provider: &Provider,
        parameters: &[(&str, &str)],
    ) -> Result<TokenResponse, Failure> {
        let response: TokenResponse = ask(self.http.post(&provider.token_endpoint).form(parameters)).await?;
        // RFC 6749 §7.1: "The client MUST NOT use an access token if it does not understand the token type."
        if !response.token_type.eq_ignore_ascii_case("Bearer") {
            return Err(Failure::new("invalid_token_type", "the access token is no bearer token"));
        }
        Ok(response)
    }

    /// What the server says about the person `sub` (OpenID Connect Core §5.3).
    pub async fn userinfo(
        &self,
        provider: &Provider,
        access_token: &Secret<String>,
        sub: &str,
    ) -> Result<Map<String, Value>, Failure> {
        let request = self.http.get(&provider.userinfo_endpoint).bearer_auth(access_token.expose());
        let claims: Map<String, Value> = ask(request).await?;
        // OpenID Connect Core §5.3.2: "The sub Claim in the UserInfo Response MUST be verified to exactly match the
        // sub Claim in the ID Token; if they do not match, the UserInfo Response values MUST NOT be used."
        match claims.get("sub").and_then(Value::as_str) {
            Some(found) if found == sub => Ok(claims),
            _ => Err(Failure::new("invalid_userinfo", "userinfo is about someone else")),
        }
    }

    /// Gives a refresh token back, and with it all that the person had allowed (RFC 7009 §2.1). Signing out alone would
    /// not: a refresh token is for when the person is away.
    pub async fn revoke(&self, provider: &Provider, refresh_token: &Secret<String>) -> Result<(), Failure> {
        let parameters = [
            ("token", refresh_token.expose().as_str()),
            ("token_type_hint", "refresh_token"),
            ("client_id", CLIENT_ID),
        ];
        send(self.http.post(&provider.revocation_endpoint).form(&parameters)).await.map(drop)
    }

    /// Where the browser goes to sign out (RP-Initiated Logout §2).
    pub fn end_session_url(
        &self,
        provider: &Provider,
        id_token: &Secret<String>,
        state: &str,
    ) -> Result<String, Failure> {
        let parameters = [
            ("id_token_hint", id_token.expose().as_str()),
            ("post_logout_redirect_uri", &self.post_logout_redirect_uri),
            ("state", state),
        ];
        address(&provider.end_session_endpoint, &parameters)
    }
}

/// Without a provider of its own reqwest would look for one that the process has installed.
fn trusting_nobody() -> Result<rustls::ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth())
}

fn address(endpoint: &str, parameters: &[(&str, &str)]) -> Result<String, Failure> {
    let url = Url::parse_with_params(endpoint, parameters);
    url.map(String::from).map_err(|_| Failure::new("invalid_discovery", "an endpoint is not a URL"))
}

/// Sends a request and reads JSON.
async fn ask<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Failure> {
    let body = send(request).await?;
    serde_json::from_slice(&body)
        .map_err(|_| Failure::new("server_error", "the server's answer cannot be read"))
}

/// Sends a request and reads the answer, or the error that comes instead of it.
async fn send(request: RequestBuilder) -> Result<Vec<u8>, Failure> {
    let response = request.send().await?;
    let status = response.status();
    let body = read(response).await?;
    if status.is_success() {
        return Ok(body);
    }
    let error = serde_json::from_slice(&body).unwrap_or_else(|_| ErrorResponse {
        error: "server_error".to_owned(),
        error_description: Some(format!("the server answered {status}")),
    });
    let description = error.error_description.unwrap_or_else(|| "the server refused it".to_owned());
    Err(Failure::new(&error.error, description))
}

async fn read(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(Failure::new("server_error", "the server's answer is too long"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

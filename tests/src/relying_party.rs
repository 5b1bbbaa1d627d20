//! What a client knows and builds: discovery, the authorization URL, the answer to it.

use crate::pkce::random_text;
use crate::{Http, Pkce};
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;

/// The issuer's discovery document (OpenID Connect Discovery §4): the only place where tests learn endpoints.
#[derive(Clone, Debug)]
pub struct Discovery(Value);

impl Discovery {
    /// Fetches it.
    pub async fn fetch(http: &Http, issuer: &str) -> Self {
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let document = http.get(url).await.expect_status(200).json();
        assert_eq!(document["issuer"], issuer, "the document is another issuer's");
        Self(document)
    }

    /// An endpoint or another text member.
    #[track_caller]
    pub fn get(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_else(|| panic!("no `{name}` in {}", self.0))
    }

    /// The whole document.
    pub fn document(&self) -> &Value {
        &self.0
    }

    /// The issuer.
    pub fn issuer(&self) -> &str {
        self.get("issuer")
    }

    /// The token endpoint.
    pub fn token_endpoint(&self) -> &str {
        self.get("token_endpoint")
    }

    /// An authorization URL to be completed.
    pub fn authorization(&self, client_id: &str, redirect_uri: &str) -> AuthorizationUrl {
        AuthorizationUrl::new(self.get("authorization_endpoint"), client_id, redirect_uri)
    }
}

/// An authorization request: code with PKCE, `state`, `nonce` and `openid`, unless the test says otherwise.
#[derive(Clone, Debug)]
pub struct AuthorizationUrl {
    endpoint: String,
    pairs: Vec<(String, String)>,
    /// The proof key that belongs to it.
    pub pkce: Pkce,
    /// The `state` it sends.
    pub state: String,
    /// The `nonce` it sends.
    pub nonce: String,
}

impl AuthorizationUrl {
    fn new(endpoint: &str, client_id: &str, redirect_uri: &str) -> Self {
        let (pkce, state, nonce) = (Pkce::new(), random_text(), random_text());
        let pairs = [
            ("response_type", "code"),
            ("client_id", client_id),
            ("redirect_uri", redirect_uri),
            ("scope", "openid"),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &pkce.challenge),
            ("code_challenge_method", "S256"),
        ];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Self { endpoint: endpoint.to_owned(), pairs, pkce, state, nonce }
    }

    /// Sets a parameter in place of what it had.
    pub fn with(self, name: &str, value: &str) -> Self {
        self.without(name).and(name, value)
    }

    /// Adds a parameter beside what is there: `resource` may repeat, others must not.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.pairs.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Leaves a parameter out.
    pub fn without(mut self, name: &str) -> Self {
        self.pairs.retain(|(n, _)| n != name);
        self
    }

    /// Sets the scope.
    pub fn scope(self, scope: &str) -> Self {
        self.with("scope", scope)
    }

    /// The parameters, for a POST or a pushed request.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    /// The URL.
    pub fn url(&self) -> String {
        let mut url = Url::parse(&self.endpoint).expect("an authorization endpoint");
        url.query_pairs_mut().extend_pairs(&self.pairs);
        url.to_string()
    }
}

/// An authorization response as the client receives it.
#[derive(Clone, Debug)]
pub struct Callback {
    /// Where it went, without the response's parameters.
    pub redirect_uri: String,
    /// Its parameters.
    pub parameters: BTreeMap<String, String>,
}

impl Callback {
    /// Reads a query response.
    pub fn from_url(url: &Url) -> Self {
        let fields: Vec<_> = url.query_pairs().into_owned().collect();
        Self::from_fields(url, &fields)
    }

    /// Reads a form_post response.
    pub fn from_fields(action: &Url, fields: &[(String, String)]) -> Self {
        let mut redirect_uri = action.clone();
        redirect_uri.set_query(None);
        let mut parameters = BTreeMap::new();
        for (name, value) in fields {
            let before = parameters.insert(name.clone(), value.clone());
            assert_eq!(before, None, "`{name}` came twice in the response");
        }
        Self { redirect_uri: redirect_uri.to_string(), parameters }
    }

    /// A parameter, if it came.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    /// The code; the test fails on an error response.
    #[track_caller]
    pub fn code(&self) -> &str {
        self.get("code").unwrap_or_else(|| panic!("no code in {self:?}"))
    }

    /// The error code; the test fails on a success.
    #[track_caller]
    pub fn error(&self) -> &str {
        self.get("error").unwrap_or_else(|| panic!("no error in {self:?}"))
    }

    /// The code, after the checks that a careful client makes: its own `state`, and this issuer (RFC 9207 §2.4).
    #[track_caller]
    pub fn checked_code(&self, request: &AuthorizationUrl, issuer: &str) -> &str {
        assert_eq!(self.get("state"), Some(request.state.as_str()), "state");
        assert_eq!(self.get("iss"), Some(issuer), "iss");
        self.code()
    }
}

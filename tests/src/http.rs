//! An HTTP client that does exactly what it is told: no redirects, no cookies, no proxy.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Certificate, Client, Method, RequestBuilder, redirect};
use serde_json::Value;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use url::form_urlencoded;

/// The client. Clones share their connections.
#[derive(Clone)]
pub struct Http(Client);

impl Http {
    /// A client for plain HTTP.
    pub fn new() -> Self {
        Self(builder().build().expect("an HTTP client"))
    }

    /// A client that trusts the certificate authority in `pem`, and no other.
    pub fn trusting(pem: &str) -> Self {
        let authority = Certificate::from_pem(pem.as_bytes()).expect("a PEM certificate");
        Self(builder().tls_certs_only([authority]).build().expect("an HTTP client"))
    }

    /// A client that finds `localhost` at this address: what a load balancer would send to that one node.
    pub fn to_node(address: IpAddr) -> Self {
        let client = builder().resolve("localhost", SocketAddr::new(address, 0)).build();
        Self(client.expect("an HTTP client"))
    }

    /// A request to be completed.
    pub fn call(&self, method: Method, url: impl AsRef<str>) -> Call {
        Call(self.0.request(method, url.as_ref()))
    }

    /// GET, at once.
    pub async fn get(&self, url: impl AsRef<str>) -> Answer {
        self.call(Method::GET, url).send().await
    }

    /// A POST to be completed.
    pub fn post(&self, url: impl AsRef<str>) -> Call {
        self.call(Method::POST, url)
    }
}

impl Default for Http {
    fn default() -> Self {
        Self::new()
    }
}

fn builder() -> reqwest::ClientBuilder {
    crate::install_crypto_provider();
    Client::builder().redirect(redirect::Policy::none()).no_proxy().timeout(Duration::from_secs(60))
}

/// A request that is being put together.
#[must_use = "send it"]
pub struct Call(RequestBuilder);

impl Call {
    /// Adds a header; a second one of the same name goes out beside the first.
    pub fn header(self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        // Bytes, since tests send what a careful client would not.
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header value");
        Self(self.0.header(name, value))
    }

    /// `client_secret_basic`: both halves form-encoded before they are joined (RFC 6749 §2.3.1).
    pub fn basic(self, client_id: &str, secret: &str) -> Self {
        let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let joined = STANDARD.encode(format!("{}:{}", encode(client_id), encode(secret)));
        Self(self.0.header(AUTHORIZATION, format!("Basic {joined}")))
    }

    /// `Authorization: Bearer` (RFC 6750 §2.1).
    pub fn bearer(self, token: &str) -> Self {
        Self(self.0.bearer_auth(token))
    }

    /// A form body; a name may repeat.
    pub fn form(self, pairs: &[(&str, &str)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.body("application/x-www-form-urlencoded", body)
    }

    /// Any body.
    pub fn body(self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        Self(self.0.header(CONTENT_TYPE, content_type).body(body))
    }

    /// Sends it. The test fails if no answer comes.
    pub async fn send(self) -> Answer {
        self.try_send().await.unwrap_or_else(|error| panic!("no answer: {error:?}"))
    }

    /// Sends it to a server that may be away.
    pub async fn try_send(self) -> Result<Answer, reqwest::Error> {
        let response = self.0.send().await?;
        let (status, url) = (response.status().as_u16(), response.url().to_string());
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        Ok(Answer { status, url, headers, body: response.bytes().await?.to_vec() })
    }
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The URL that was asked.
    pub url: String,
    /// All headers in their order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The header, if it came; all of its values joined by `, `.
    pub fn header(&self, name: &str) -> Option<String> {
        let values: Vec<_> = self.header_all(name).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// Every value of the header.
    pub fn header_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {} {}", self.status, self.text()))
    }

    /// A string member of the JSON body; the test fails if it is not there.
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        match &self.json()[name] {
            Value::String(text) => text.clone(),
            _ => panic!("no text `{name}` in {} {}", self.status, self.text()),
        }
    }

    /// The answer itself, if it has this status; otherwise the test fails and shows it.
    #[track_caller]
    pub fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} answered {}", self.url, self.text());
        self
    }
}

//! The issuer identifier (RFC 8414 §2, OpenID Connect Discovery §3).

use std::fmt;
use url::Url;

/// The issuer identifier, checked: no query, no fragment, no user name, no slash at the end, written in its
/// normal form, and https unless its host is `localhost`, `127.0.0.1` or `[::1]`.
#[derive(Clone, PartialEq, Eq)]
pub struct Issuer {
    text: String,
    origin: String,
    loopback: bool,
}

/// Why a text is no issuer identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidIssuer {
    /// What is wrong with it.
    pub wrong: String,
    /// What to do about it.
    pub mend: String,
}

impl Issuer {
    /// Checks an issuer identifier.
    pub fn parse(text: &str) -> Result<Self, InvalidIssuer> {
        let refuse = |wrong: &str, mend: &str| {
            Err(InvalidIssuer { wrong: format!("`{text}` {wrong}"), mend: mend.to_owned() })
        };
        let Ok(url) = Url::parse(text) else {
            return refuse("is not an absolute URL", "write it like https://id.example.test");
        };
        if !url.username().is_empty() || url.password().is_some() {
            let (wrong, mend) = ("the issuer holds a user name or password", "take it out");
            return Err(InvalidIssuer { wrong: wrong.into(), mend: mend.into() });
        }
        if !matches!(url.scheme(), "http" | "https") {
            return refuse("is neither https nor http", "write it like https://id.example.test");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("holds a query or a fragment", "take away everything from `?` or `#` on");
        }
        if text.ends_with('/') {
            return refuse("ends in a slash", "take the slash at the end away");
        }
        let normal = url.as_str().trim_end_matches('/');
        if normal != text {
            return refuse(
                "is not in its normal form, and clients compare it exactly",
                &format!("write `{normal}`"),
            );
        }
        let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if url.scheme() == "http" && !loopback {
            return refuse("is http on a host that is not this machine", "use https: tokens travel there");
        }
        Ok(Self { text: text.to_owned(), origin: url.origin().ascii_serialization(), loopback })
    }

    /// `http://localhost:8080`, the issuer of the embedded default.
    pub fn embedded() -> Self {
        let text = "http://localhost:8080".to_owned();
        Self { origin: text.clone(), text, loopback: true }
    }

    /// The identifier as it stands in `iss`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its origin (RFC 6454): scheme, host and port, without a path.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// What follows the origin: empty, or a path that begins with a slash.
    pub fn path(&self) -> &str {
        self.text.strip_prefix(&self.origin).unwrap_or_default()
    }

    /// The domain of its own mail addresses: its host, or `localhost` for whatever is this machine.
    pub fn mail_domain(&self) -> String {
        let host = Url::parse(&self.text).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.filter(|_| !self.loopback).unwrap_or_else(|| "localhost".to_owned())
    }

    /// Whether its host is this machine: `localhost`, `127.0.0.1` or `[::1]`.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether it is https, so that cookies are `Secure`.
    pub fn is_https(&self) -> bool {
        self.text.starts_with("https:")
    }

    /// The URL of a path below the issuer; `path` begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

//! Redirect URIs: what may be registered, and whether a requested one is one of them.

use crate::client::ApplicationType;
use serde::{Deserialize, Serialize};
use std::fmt;
use url::Url;
use url::form_urlencoded;

/// The hosts on which plain http is no risk, because it does not leave the machine.
pub const LOOPBACK_HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The longest redirect URI, in bytes.
const MAX_LENGTH: usize = 2048;

/// Names that the authorization response adds to the query; a registered one of the same name would be confused with it.
const RESPONSE_NAMES: [&str; 7] =
    ["code", "state", "iss", "error", "error_description", "error_uri", "session_state"];

/// A registered redirect URI, kept as its exact text.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RedirectUri(String);

/// Why a text cannot be registered as a redirect URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRedirectUri {
    /// Not an absolute URI in RFC 3986's characters.
    #[error("is not an absolute URI (RFC 3986), written in ASCII and with its scheme in lower case")]
    NotAUri,
    /// Longer than 2048 bytes.
    #[error("is longer than 2048 bytes")]
    TooLong,
    /// RFC 6749 §3.1.2: "The endpoint URI MUST NOT include a fragment component."
    #[error("must not have a fragment")]
    Fragment,
    /// It names a user or a password.
    #[error("must not have a user name or password")]
    Userinfo,
    /// Nothing here is a pattern; who writes `*` expects one.
    #[error("must not hold `*`: redirect URIs are compared exactly")]
    Wildcard,
    /// Browsers would resolve them and arrive elsewhere.
    #[error("must not hold `.` or `..` as a path segment, plain or encoded")]
    DotSegments,
    /// The host is missing or can be read in more than one way.
    #[error("must name a host (and port) in its plain form")]
    Host,
    /// http off this machine.
    #[error("must be https; http is only for localhost, 127.0.0.1 and [::1]")]
    InsecureHttp,
    /// An own scheme for a web application.
    #[error("must be https; own schemes are only for application_type \"native\"")]
    OwnScheme,
    /// RFC 8252 §8.4: schemes without a period should be rejected; that also keeps out `javascript:`, `data:` and their like.
    #[error("an own scheme must be a reversed domain name such as com.example.app (RFC 8252)")]
    NotADomainScheme,
    /// Its query uses a name that belongs to the response.
    #[error(
        "must not use code, state, iss, error, error_description, error_uri or session_state in its query"
    )]
    ResponseParameter,
}

impl RedirectUri {
    /// Checks a redirect URI for registration.
    pub fn register(text: &str, application_type: ApplicationType) -> Result<Self, InvalidRedirectUri> {
        if text.len() > MAX_LENGTH {
            return Err(InvalidRedirectUri::TooLong);
        }
        if text.contains('#') {
            return Err(InvalidRedirectUri::Fragment);
        }
        if text.contains('*') {
            return Err(InvalidRedirectUri::Wildcard);
        }
        if !is_uri_text(text) {
            return Err(InvalidRedirectUri::NotAUri);
        }
        let (scheme, rest) = text.split_once(':').ok_or(InvalidRedirectUri::NotAUri)?;
        let parsed = Url::parse(text).map_err(|_| InvalidRedirectUri::NotAUri)?;
        if parsed.scheme() != scheme {
            return Err(InvalidRedirectUri::NotAUri);
        }
        if has_dot_segments(rest) {
            return Err(InvalidRedirectUri::DotSegments);
        }
        if let Some(authority) = rest.strip_prefix("//").map(authority)
            && authority.contains('@')
        {
            return Err(InvalidRedirectUri::Userinfo);
        }
        match scheme {
            "https" => check_host(rest, &parsed)?,
            "http" => {
                check_host(rest, &parsed)?;
                if split_loopback(text).is_none() {
                    return Err(InvalidRedirectUri::InsecureHttp);
                }
            }
            // RFC 8252 §8.4: "any private-use URI scheme that doesn't contain at least one period character SHOULD be rejected."
            _ if !scheme.contains('.') => return Err(InvalidRedirectUri::NotADomainScheme),
            _ if application_type != ApplicationType::Native => return Err(InvalidRedirectUri::OwnScheme),
            _ => {}
        }
        if parsed.query_pairs().any(|(name, _)| RESPONSE_NAMES.contains(&&*name)) {
            return Err(InvalidRedirectUri::ResponseParameter);
        }
        Ok(Self(text.to_owned()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `requested` is this redirect URI: the same text (RFC 9700 §2.1), except that the port may differ on http
    /// loopback. RFC 8252 §7.3: "The authorization server MUST allow any port to be specified at the time of the request
    /// for loopback IP redirect URIs"; `localhost` is treated alike.
    pub fn matches(&self, requested: &str) -> bool {
        if self.0 == requested {
            return true;
        }
        match (split_loopback(&self.0), split_loopback(requested)) {
            (Some(registered), Some(requested)) => registered == requested,
            _ => false,
        }
    }

    /// The browser origin that it belongs to; none for own schemes.
    pub fn origin(&self) -> Option<String> {
        let origin = Url::parse(&self.0).ok()?.origin();
        origin.is_tuple().then(|| origin.ascii_serialization())
    }
}

impl fmt::Debug for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Adds parameters to a URI's query and leaves its own text as it is. RFC 6749 §3.1.2: a query component of the
/// redirection URI "MUST be retained when adding additional query parameters."
pub fn with_query<'a>(uri: &str, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut added = form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters {
        added.append_pair(name, value);
    }
    let added = added.finish();
    let separator = match uri.split_once('?') {
        _ if added.is_empty() => "",
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{uri}{separator}{added}")
}

/// The host and what follows the port of `http://<loopback host>[:port]<rest>`, by text alone, so that no parser's
/// leniency can make two addresses look like one.
fn split_loopback(text: &str) -> Option<(&'static str, &str)> {
    let rest = text.strip_prefix("http://")?;
    let (host, rest) = LOOPBACK_HOSTS.into_iter().find_map(|host| Some((host, rest.strip_prefix(host)?)))?;
    let rest = match rest.strip_prefix(':') {
        None => rest,
        Some(rest) => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (port, rest) = rest.split_at(digits);
            is_port(port).then_some(rest)?
        }
    };
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((host, rest))
}

fn is_port(text: &str) -> bool {
    !text.starts_with('0') && !text.starts_with('+') && text.parse::<u16>().is_ok()
}

/// Only RFC 3986's characters, and `%` only before two hexadecimal digits.
pub(crate) fn is_uri_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(index, byte)| match byte {
        b'%' => bytes.get(index + 1..index + 3).is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit)),
        byte => byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(byte),
    })
}

fn authority(after_slashes: &str) -> &str {
    after_slashes.split(['/', '?']).next().unwrap_or_default()
}

/// A host that reads the same as text and after a browser's normalisation (`127.1`, `0x7f.1`, … do not).
fn check_host(rest: &str, parsed: &Url) -> Result<(), InvalidRedirectUri> {
    let authority = authority(rest.strip_prefix("//").ok_or(InvalidRedirectUri::Host)?);
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            if !is_port(port) {
                return Err(InvalidRedirectUri::Host);
            }
            host
        }
        _ => authority,
    };
    match parsed.host_str() {
        Some(known) if !host.is_empty() && known.eq_ignore_ascii_case(host) => Ok(()),
        _ => Err(InvalidRedirectUri::Host),
    }
}

fn has_dot_segments(rest: &str) -> bool {
    let path = rest.split('?').next().unwrap_or_default().to_ascii_lowercase();
    let decoded = path.replace("%2e", ".").replace("%2f", "/").replace("%5c", "/");
    decoded.split('/').any(|segment| matches!(segment, "." | ".."))
}

#[cfg(test)]
mod tests;

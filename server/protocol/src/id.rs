//! A newtype per identifier, so that a session's id can never be passed where a grant's belongs.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

macro_rules! string_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps an identifier that was made or read elsewhere.
            pub fn new(value: impl Into<Arc<str>>) -> Self {
                Self(value.into())
            }

            /// The identifier as it travels.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self(value.into())
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    };
}

string_id!(
    /// A client identifier (RFC 6749 §2.2).
    ClientId
);
string_id!(
    /// A user, inside Signet. What a client sees is the `sub` computed from it.
    UserId
);
string_id!(
    /// The public, stable identifier of a browser session (`sid`, OpenID Connect Front-Channel Logout §3).
    /// It proves nothing: the cookie's secret does.
    SessionId
);
string_id!(
    /// A grant: what one user (through one authorization) let one client do.
    GrantId
);
string_id!(
    /// A JWT's own identifier (RFC 7519 §4.1.7).
    Jti
);
string_id!(
    /// A key's identifier (RFC 7517 §4.5).
    KeyId
);
string_id!(
    /// One authorization interaction, from the first request to its answer; called `tx` where it travels.
    InteractionId
);
string_id!(
    /// One HTTP request, as logged and as answered in `X-Request-Id`.
    RequestId
);
string_id!(
    /// A browser in which a person is not asked for a second factor.
    DeviceId
);
string_id!(
    /// A passkey, here. Its authenticator has a name of its own for it.
    PasskeyId
);
string_id!(
    /// A protected resource's identifier: an absolute URI without fragment (RFC 8707 §2).
    ResourceId
);

string_id!(
    /// A tier of clients, which limits may let more or less through for.
    TierName
);

impl TierName {
    /// Whether a tier may have this name: 1 to 32 lower-case letters, digits and single underscores, a letter first.
    pub fn could_be_declared(&self) -> bool {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        (1..=32).contains(&self.0.len())
            && self.0.starts_with(|first: char| first.is_ascii_lowercase())
            && self.0.bytes().all(fits)
            && !self.0.contains("__")
    }
}

impl ClientId {
    /// The longest identifier, in bytes.
    pub const MAX_LENGTH: usize = 128;

    /// Whether a client may be registered by this name: 1 to 128 printable ASCII characters without space. What could not
    /// be registered need not be looked for.
    pub fn could_be_registered(&self) -> bool {
        (1..=Self::MAX_LENGTH).contains(&self.0.len()) && self.0.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

//! What OAuth 2.1 and OpenID Connect say, as pure functions from facts to decisions.
//! No I/O happens here, and neither time nor randomness is taken from the air.

pub mod algorithm;
pub mod audit;
#[cfg(feature = "server")]
pub mod authorize;
pub mod bearer;
pub mod change;
pub mod claims;
pub mod client;
pub mod environment;
pub mod error;
pub mod factor;
pub mod grant;
pub mod id;
pub mod introspection;
pub mod language;
pub mod logout;
pub mod metadata;
pub mod own_profile;
pub mod parameters;
pub mod password;
pub mod pkce;
pub mod recovery_code;
pub mod redirect_uri;
pub mod registration;
pub mod resource;
pub mod revocation;
pub mod role;
pub mod scope;
pub mod secret;
pub mod session;
pub mod token;
pub mod totp;
pub mod user;
pub mod user_agent;

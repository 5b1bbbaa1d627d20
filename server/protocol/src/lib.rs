//! What OAuth 2.1 and OpenID Connect say, as pure functions from facts to decisions.
//! No I/O happens here, and neither time nor randomness is taken from the air.

pub mod algorithm;
pub mod audit;
pub mod change;
pub mod client;
pub mod environment;
pub mod error;
pub mod grant;
pub mod id;
pub mod parameters;
pub mod pkce;
pub mod redirect_uri;
pub mod resource;
pub mod scope;
pub mod secret;
pub mod session;
pub mod user;

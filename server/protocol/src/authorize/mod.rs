//! The authorization endpoint (RFC 6749 §3.1, §4.1; OpenID Connect Core §3.1.2): from the request to its answer.

pub mod interaction;
pub mod request;
pub mod response;
pub mod validate;

pub use interaction::{Facts, Goal, Next, SignInReason, next};
pub use request::{AuthorizeRequest, Prompt, ResponseMode, ResponseTarget};
pub use response::AuthorizeResponse;
pub use validate::{Refused, validate};

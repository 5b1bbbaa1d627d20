//! oxide-auth's token and refresh machines as an oracle: on every request that a strategy can make, our rules say what it
//! says, but for the exceptions listed, where it departs from the standard.

mod authorization_code;
mod refresh_token;

use crate::error::TokenError;
use crate::parameters::Parameters;
use crate::token::fixtures::SECRET;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use oxide_auth::code_grant::error::AccessTokenErrorType;
use oxide_auth::primitives::grant::{Extensions, Grant};

/// The scope that is granted, its values sorted; or the error.
type Outcome = Result<Vec<String>, TokenError>;

/// Where the oracle is wrong, or a choice is ours.
struct Exception<S: 'static> {
    /// The clause, and what the oracle does instead.
    clause: &'static str,
    applies: fn(&S) -> bool,
    /// What is right.
    outcome: fn(&S) -> Outcome,
    /// A case in which the oracle does depart from it.
    example: fn() -> S,
}

/// What is to be expected: what the first exception that applies says, else what the oracle says.
fn expected<S>(situation: &S, exceptions: &[Exception<S>], oracle: fn(&S) -> Outcome) -> Outcome {
    exceptions
        .iter()
        .find(|exception| (exception.applies)(situation))
        .map_or_else(|| oracle(situation), |exception| (exception.outcome)(situation))
}

/// Keeps the lists honest: every exception is needed.
fn assert_needed<S>(exceptions: &[Exception<S>], oracle: fn(&S) -> Outcome, ours: fn(&S) -> Outcome) {
    for exception in exceptions {
        let example = (exception.example)();
        assert!((exception.applies)(&example), "not an example of: {}", exception.clause);
        assert_ne!(oracle(&example), ours(&example), "not an exception: {}", exception.clause);
    }
}

/// How a request presents its client in the `Authorization` header. Client and code or grant belong to `shop`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Credentials {
    Right,
    WrongSecret,
    OtherClient,
    None,
}

impl Credentials {
    fn header(self) -> Option<String> {
        let (user, password) = self.parts()?;
        Some(format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.replace(' ', "+")))))
    }

    fn parts(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Right => Some(("shop", SECRET)),
            Self::WrongSecret => Some(("shop", "wrong")),
            Self::OtherClient => Some(("other", SECRET)),
            Self::None => None,
        }
    }
}

fn form(pairs: &[(&str, Option<&str>)]) -> Parameters {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        if let Some(value) = value {
            form.append_pair(name, value);
        }
    }
    Parameters::parse(form.finish().as_bytes()).unwrap()
}

/// The oracle reads the system's clock, so its grants lie far from the present.
fn oracle_grant(client_id: &str, redirect_uri: &str, scope: &str, expired: bool) -> Box<Grant> {
    let until = if expired { 0 } else { 32_503_680_000 };
    Box::new(Grant {
        owner_id: "user-1".to_owned(),
        client_id: client_id.to_owned(),
        scope: scope.parse().unwrap(),
        redirect_uri: redirect_uri.parse().unwrap(),
        until: DateTime::from_timestamp(until, 0).unwrap(),
        extensions: Extensions::new(),
    })
}

fn sorted<'a>(values: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut values: Vec<_> = values.map(str::to_owned).collect();
    values.sort_unstable();
    values
}

fn error(kind: AccessTokenErrorType) -> TokenError {
    match kind {
        AccessTokenErrorType::InvalidRequest => TokenError::InvalidRequest,
        AccessTokenErrorType::InvalidClient => TokenError::InvalidClient,
        AccessTokenErrorType::InvalidGrant => TokenError::InvalidGrant,
        AccessTokenErrorType::UnauthorizedClient => TokenError::UnauthorizedClient,
        AccessTokenErrorType::UnsupportedGrantType => TokenError::UnsupportedGrantType,
        AccessTokenErrorType::InvalidScope => TokenError::InvalidScope,
    }
}

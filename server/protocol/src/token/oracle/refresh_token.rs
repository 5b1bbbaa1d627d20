//! The refresh grant beside oxide-auth's `code_grant::refresh`.

use super::{Credentials, Exception, Outcome, assert_needed, error, expected, form, oracle_grant, sorted};
use crate::client::{AuthMethod, Client};
use crate::error::TokenError;
use crate::grant::Grant;
use crate::parameters::Parameters;
use crate::scope::Scope;
use crate::token::client_authentication::{check_method, presented};
use crate::token::fixtures::{CALLBACK, SECRET, authorization, client, grant, now, registered};
use crate::token::refresh_token::{RefreshDecision, RefreshFacts, decide};
use crate::token::request::TokenRequest;
use oxide_auth::code_grant::refresh::{Error, Input, Output, Refresh, Request};
use proptest::prelude::*;
use std::borrow::Cow;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    Current,
    Replayed,
    Unknown,
    Absent,
}

#[derive(Clone, Debug)]
struct Refreshing {
    public: bool,
    grant_type: Option<&'static str>,
    credentials: Credentials,
    client_id: Option<&'static str>,
    token: Token,
    expired: bool,
    scope: Option<String>,
    repeated: bool,
}

const REFRESHING: Refreshing = Refreshing {
    public: false,
    grant_type: Some("refresh_token"),
    credentials: Credentials::Right,
    client_id: None,
    token: Token::Current,
    expired: false,
    scope: None,
    repeated: false,
};

impl Refreshing {
    fn parameters(&self) -> Parameters {
        let token = (self.token != Token::Absent).then_some("r");
        let repeated = self.repeated.then_some("x");
        form(&[
            ("grant_type", self.grant_type),
            ("client_id", self.client_id),
            ("refresh_token", token),
            ("scope", self.scope.as_deref()),
            ("state", repeated),
            ("state", repeated),
        ])
    }

    fn readable(&self) -> bool {
        self.grant_type == Some("refresh_token") && self.token != Token::Absent
    }

    fn scope_is_malformed(&self) -> bool {
        let text = self.scope.as_deref().unwrap_or_default();
        !text.is_empty() && !Scope::parse(text).is_ok_and(|scope| !scope.is_empty())
    }
}

fn ours(refreshing: &Refreshing) -> Outcome {
    let parameters = refreshing.parameters();
    let answer = || {
        let request = TokenRequest::parse(&parameters)?;
        let presented = presented(refreshing.credentials.header().as_deref(), &parameters)?;
        let Some(id) = presented.client_id() else { panic!("assertions are not made here") };
        let method = if refreshing.public { AuthMethod::None } else { AuthMethod::ClientSecretBasic };
        let client = Client { client_id: id.clone(), token_endpoint_auth_method: method, ..client() };
        let client = registered(client);
        check_method(&client, &presented, now())?;
        let TokenRequest::RefreshToken { scope, .. } = request else { panic!("another grant") };
        let end = if refreshing.expired { now() } else { grant().expires_at };
        let grant = Grant { expires_at: end, ..grant() };
        let replayed = u64::from(refreshing.token == Token::Replayed);
        let decision = decide(&RefreshFacts {
            grant: (refreshing.token != Token::Unknown).then_some(&grant),
            client: &client.client,
            user_active: true,
            session_alive: true,
            presented_generation: grant.generation - replayed,
            network: None,
            requested_scope: scope.as_ref(),
            now: now(),
        });
        match decision {
            RefreshDecision::Issue { scope, .. } => Ok(sorted(scope.iter())),
            RefreshDecision::Refuse { refusal, .. } => Err(refusal),
        }
    };
    answer().map_err(|refusal| refusal.error)
}

struct OracleRequest<'a>(&'a Refreshing, Parameters);

impl OracleRequest<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        self.1.get(name).map(Cow::Borrowed)
    }
}

impl Request for OracleRequest<'_> {
    fn valid(&self) -> bool {
        true
    }

    fn refresh_token(&self) -> Option<Cow<'_, str>> {
        self.get("refresh_token")
    }

    fn scope(&self) -> Option<Cow<'_, str>> {
        self.get("scope")
    }

    fn grant_type(&self) -> Option<Cow<'_, str>> {
        self.get("grant_type")
    }

    fn authorization(&self) -> Option<(Cow<'_, str>, Cow<'_, [u8]>)> {
        let (user, password) = self.0.credentials.parts()?;
        Some((user.into(), password.as_bytes().into()))
    }

    fn extension(&self, key: &str) -> Option<Cow<'_, str>> {
        self.get(key)
    }
}

fn oracle(refreshing: &Refreshing) -> Outcome {
    let request = OracleRequest(refreshing, refreshing.parameters());
    let secret = (!refreshing.public).then_some(SECRET.as_bytes());
    let mut machine = Refresh::new(&request);
    let mut input = Input::None;
    loop {
        input = match machine.advance(input) {
            Output::Unauthenticated { pass, .. } if pass == secret => {
                Input::Authenticated { scope: request.scope() }
            }
            Output::Unauthenticated { .. } => return Err(TokenError::InvalidClient),
            Output::RecoverRefresh { .. } => Input::Recovered {
                scope: request.scope(),
                // Its issuers forget a refresh token that was used.
                grant: (refreshing.token == Token::Current).then(|| {
                    oracle_grant("shop", CALLBACK, &authorization().scope.to_string(), refreshing.expired)
                }),
            },
            Output::Refresh { grant, .. } => return Ok(sorted(grant.scope.iter())),
            Output::Ok(_) => panic!("nothing was issued"),
            Output::Err(mut refusal) => return Err(told(&mut refusal)),
        };
    }
}

fn told(refusal: &mut Error) -> TokenError {
    refusal.description().map_or(TokenError::ServerError, |description| error(description.kind()))
}

const EXCEPTIONS: &[Exception<Refreshing>] = &[
    Exception {
        clause: "RFC 6749 §3.2: parameters MUST NOT be included more than once. It reads them as absent.",
        applies: |it| it.repeated,
        outcome: |_| Err(TokenError::InvalidRequest),
        example: || Refreshing { repeated: true, ..REFRESHING },
    },
    Exception {
        clause: "RFC 6749 §3.2: unrecognized parameters are ignored, so the grant type is known before what it requires.",
        applies: |it| it.grant_type == Some("password"),
        outcome: |_| Err(TokenError::UnsupportedGrantType),
        example: || Refreshing { grant_type: Some("password"), token: Token::Absent, ..REFRESHING },
    },
    Exception {
        clause: "RFC 6749 §3.3: scope = scope-token *( SP scope-token ). It takes blanks for a scope; and §5.2 gives no order to two errors.",
        applies: |it| it.readable() && it.scope_is_malformed(),
        outcome: |_| Err(TokenError::InvalidScope),
        example: || Refreshing { scope: Some(" ".to_owned()), ..REFRESHING },
    },
    Exception {
        clause: "RFC 6749 §5.2: invalid_client if \"no client authentication included\". It takes the token's word for the client.",
        applies: |it| it.readable() && it.credentials == Credentials::None && it.client_id.is_none(),
        outcome: |_| Err(TokenError::InvalidClient),
        example: || Refreshing { public: true, credentials: Credentials::None, ..REFRESHING },
    },
    Exception {
        clause: "RFC 6749 §5.2 gives no order to two errors: the client's comes first here. It looks for the grant first.",
        applies: |it| it.readable() && it.credentials == Credentials::None && !it.public,
        outcome: |_| Err(TokenError::InvalidClient),
        example: || Refreshing {
            credentials: Credentials::None,
            client_id: Some("shop"),
            token: Token::Unknown,
            ..REFRESHING
        },
    },
    Exception {
        clause: "RFC 6749 §10.4: refresh tokens are bound to their client, public ones too. It does not read client_id.",
        applies: |it| it.readable() && it.credentials == Credentials::None && it.client_id == Some("other"),
        outcome: |_| Err(TokenError::InvalidGrant),
        example: || Refreshing {
            public: true,
            credentials: Credentials::None,
            client_id: Some("other"),
            ..REFRESHING
        },
    },
    Exception {
        clause: "RFC 6749 §2.3: one client in one request. It does not read client_id beside Basic.",
        applies: |it| {
            it.readable()
                && it
                    .credentials
                    .parts()
                    .is_some_and(|(user, _)| it.client_id.is_some_and(|named| named != user))
        },
        outcome: |_| Err(TokenError::InvalidRequest),
        example: || Refreshing { client_id: Some("other"), ..REFRESHING },
    },
];

fn scopes() -> impl Strategy<Value = Option<String>> {
    let values = authorization().scope.iter().map(str::to_owned).collect::<Vec<_>>();
    let count = values.len();
    prop_oneof![
        2 => Just(None),
        3 => proptest::sample::subsequence(values, 0..=count).prop_map(|values| Some(values.join(" "))),
        1 => "(openid|orders:read|orders:write| ){0,4}".prop_map(Some),
        1 => "[^\u{0}]{0,12}".prop_map(Some),
    ]
}

fn refreshings() -> impl Strategy<Value = Refreshing> {
    use proptest::sample::select;
    (
        any::<bool>(),
        prop_oneof![8 => Just(Some("refresh_token")), 1 => select(vec![None, Some("password")])],
        select(vec![
            Credentials::Right,
            Credentials::Right,
            Credentials::WrongSecret,
            Credentials::OtherClient,
            Credentials::None,
            Credentials::None,
        ]),
        select(vec![None, None, Some("shop"), Some("other")]),
        select(vec![Token::Current, Token::Current, Token::Replayed, Token::Unknown, Token::Absent]),
        any::<bool>(),
        scopes(),
        prop_oneof![9 => Just(false), 1 => Just(true)],
    )
        .prop_map(|(public, grant_type, credentials, client_id, token, expired, scope, repeated)| {
            Refreshing { public, grant_type, credentials, client_id, token, expired, scope, repeated }
        })
}

#[test]
fn every_exception_is_needed() {
    assert_needed(EXCEPTIONS, oracle, ours);
}

#[test]
fn both_refresh_a_good_token() {
    assert_eq!(ours(&REFRESHING), oracle(&REFRESHING));
    assert!(ours(&REFRESHING).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn a_token_is_refreshed_as_the_oracle_and_the_standard_say(refreshing in refreshings()) {
        prop_assert_eq!(ours(&refreshing), expected(&refreshing, EXCEPTIONS, oracle));
    }
}

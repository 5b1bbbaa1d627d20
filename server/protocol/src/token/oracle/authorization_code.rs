//! The code grant beside oxide-auth's `code_grant::accesstoken`.

use super::{Credentials, Exception, Outcome, assert_needed, error, expected, form, oracle_grant, sorted};
use crate::client::Client;
use crate::error::TokenError;
use crate::grant::AuthorizationCode;
use crate::parameters::Parameters;
use crate::token::authorization_code::{RedeemDecision, decide};
use crate::token::client_authentication::{check_method, presented};
use crate::token::fixtures::{
    CALLBACK, CHALLENGE, SECRET, VERIFIER, authorization, client, code, now, registered,
};
use crate::token::request::TokenRequest;
use oxide_auth::code_grant::accesstoken::{AccessToken, Authorization, Error, Input, Output, Request};
use oxide_auth::code_grant::extensions::Pkce;
use oxide_auth::primitives::grant::Value;
use proptest::prelude::*;
use std::borrow::Cow;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Code {
    Fresh,
    Expired,
    Used,
    Unknown,
    Absent,
}

#[derive(Clone, Debug)]
struct Redemption {
    grant_type: Option<&'static str>,
    credentials: Credentials,
    client_id: Option<&'static str>,
    code: Code,
    redirect_uri: Option<&'static str>,
    challenged: bool,
    verifier: Option<&'static str>,
    repeated: Option<&'static str>,
}

const REDEMPTION: Redemption = Redemption {
    grant_type: Some("authorization_code"),
    credentials: Credentials::Right,
    client_id: None,
    code: Code::Fresh,
    redirect_uri: Some(CALLBACK),
    challenged: true,
    verifier: Some(VERIFIER),
    repeated: None,
};

const WRONG_VERIFIER: &str = "0123456789012345678901234567890123456789012";

impl Redemption {
    fn parameters(&self) -> Parameters {
        let code = (self.code != Code::Absent).then_some("c");
        form(&[
            ("grant_type", self.grant_type),
            ("client_id", self.client_id),
            ("code", code),
            ("redirect_uri", self.redirect_uri),
            ("code_verifier", self.verifier),
            (self.repeated.unwrap_or_default(), self.repeated),
            (self.repeated.unwrap_or_default(), self.repeated),
        ])
    }

    /// It asks for this grant, and holds a code: no error can be told before the client's.
    fn readable(&self) -> bool {
        self.grant_type == Some("authorization_code") && self.code != Code::Absent
    }

    fn client_is_authentic(&self) -> bool {
        matches!(self.credentials, Credentials::Right | Credentials::OtherClient)
    }

    fn code_is_the_clients(&self) -> bool {
        self.code != Code::Unknown && self.credentials == Credentials::Right
    }
}

fn ours(redemption: &Redemption) -> Outcome {
    let parameters = redemption.parameters();
    let answer = || {
        let request = TokenRequest::parse(&parameters)?;
        let presented = presented(redemption.credentials.header().as_deref(), &parameters)?;
        let Some(id) = presented.client_id() else { panic!("assertions are not made here") };
        let client = registered(Client { client_id: id.clone(), ..client() });
        check_method(&client, &presented, now())?;
        let TokenRequest::AuthorizationCode { redirect_uri, code_verifier, .. } = request else {
            panic!("another grant")
        };
        let code = match redemption.code {
            Code::Unknown | Code::Absent => None,
            Code::Fresh => Some(code()),
            Code::Expired => Some(AuthorizationCode { expires_at: now(), ..code() }),
            Code::Used => Some(AuthorizationCode { redeemed_as: Some("grant-1".into()), ..code() }),
        };
        let challenge = redemption.challenged.then(|| CHALLENGE.to_owned());
        let code = code.map(|code| AuthorizationCode { code_challenge: challenge, ..code });
        let verifier = code_verifier.as_ref().map(|verifier| verifier.expose().as_str());
        match decide(code.as_ref(), &client.client, redirect_uri.as_deref(), verifier, now()) {
            RedeemDecision::Redeem => Ok(sorted(authorization().scope.iter())),
            RedeemDecision::Refuse { refusal, .. } => Err(refusal),
        }
    };
    answer().map_err(|refusal| refusal.error)
}

struct OracleRequest<'a>(&'a Redemption, Parameters);

impl OracleRequest<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        self.1.get(name).map(Cow::Borrowed)
    }
}

impl Request for OracleRequest<'_> {
    fn valid(&self) -> bool {
        true
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        self.get("code")
    }

    fn authorization(&self) -> Authorization<'_> {
        match self.0.credentials.parts() {
            Some((user, password)) => {
                Authorization::UsernamePassword(user.into(), password.as_bytes().into())
            }
            None => Authorization::None,
        }
    }

    fn client_id(&self) -> Option<Cow<'_, str>> {
        self.get("client_id")
    }

    fn redirect_uri(&self) -> Option<Cow<'_, str>> {
        self.get("redirect_uri")
    }

    fn grant_type(&self) -> Option<Cow<'_, str>> {
        self.get("grant_type")
    }

    fn extension(&self, key: &str) -> Option<Cow<'_, str>> {
        self.get(key)
    }
}

fn oracle(redemption: &Redemption) -> Outcome {
    let request = OracleRequest(redemption, redemption.parameters());
    let mut machine = AccessToken::new(&request);
    let mut input = Input::None;
    loop {
        input = match machine.advance(input) {
            Output::Authenticate { passdata, .. } if passdata == Some(SECRET.as_bytes()) => {
                Input::Authenticated
            }
            Output::Authenticate { .. } => return Err(TokenError::InvalidClient),
            Output::Recover { .. } => Input::Recovered(match redemption.code {
                // Its authorizers forget a code that was used.
                Code::Used | Code::Unknown | Code::Absent => None,
                Code::Fresh | Code::Expired => {
                    let scope = authorization().scope.to_string();
                    Some(oracle_grant("shop", CALLBACK, &scope, redemption.code == Code::Expired))
                }
            }),
            Output::Extend { extensions } => {
                let challenge = redemption.challenged.then(|| Value::private(Some(format!("{CHALLENGE}S"))));
                let pkce = if redemption.challenged { Pkce::required() } else { Pkce::optional() };
                // The front end answers a failed extension with its default error.
                if pkce.verify(challenge, request.extension("code_verifier")).is_err() {
                    return Err(TokenError::InvalidRequest);
                }
                Input::Extended { access_extensions: extensions.clone() }
            }
            Output::Issue { grant } => return Ok(sorted(grant.scope.iter())),
            Output::Ok(_) => panic!("nothing was issued"),
            Output::Err(mut refusal) => return Err(told(&mut refusal)),
        };
    }
}

fn told(refusal: &mut Error) -> TokenError {
    refusal.description().map_or(TokenError::ServerError, |description| error(description.kind()))
}

const EXCEPTIONS: &[Exception<Redemption>] = &[
    Exception {
        clause: "RFC 6749 §3.2: parameters MUST NOT be included more than once. It reads them as absent.",
        applies: |it| it.repeated.is_some(),
        outcome: |_| Err(TokenError::InvalidRequest),
        example: || Redemption { repeated: Some("state"), ..REDEMPTION },
    },
    Exception {
        clause: "RFC 6749 §5.2: invalid_client if \"no client authentication included\". It says invalid_request.",
        applies: |it| it.readable() && it.credentials == Credentials::None && it.client_id.is_none(),
        outcome: |_| Err(TokenError::InvalidClient),
        example: || Redemption { credentials: Credentials::None, ..REDEMPTION },
    },
    Exception {
        clause: "RFC 6749 §4.1.3: client_id is no credential, so it may stand beside Basic. It refuses both together.",
        applies: |it| it.readable() && it.credentials != Credentials::None && it.client_id.is_some(),
        outcome: |it| match (it.credentials.parts(), it.client_id) {
            (Some((user, _)), Some(named)) if user == named => {
                right(&Redemption { client_id: None, ..it.clone() })
            }
            _ => Err(TokenError::InvalidRequest),
        },
        example: || Redemption { client_id: Some("shop"), ..REDEMPTION },
    },
    Exception {
        clause: "RFC 6749 §5.2 gives no order to two errors: the client's comes first here. It looks at redirect_uri first.",
        applies: |it| it.readable() && !it.client_is_authentic(),
        outcome: |_| Err(TokenError::InvalidClient),
        example: || Redemption { credentials: Credentials::WrongSecret, redirect_uri: None, ..REDEMPTION },
    },
    Exception {
        clause: "RFC 6749 §5.2: invalid_grant if the code \"is invalid, expired, revoked\". It says invalid_request to an unknown or used one.",
        applies: |it| it.readable() && matches!(it.code, Code::Unknown | Code::Used),
        outcome: |it| match it.redirect_uri {
            None if it.code_is_the_clients() && !it.challenged => Err(TokenError::InvalidRequest),
            _ => Err(TokenError::InvalidGrant),
        },
        example: || Redemption { code: Code::Unknown, ..REDEMPTION },
    },
    Exception {
        clause: "OAuth 2.1 §10.2: redirect_uri may be absent, as PKCE binds the code. It requires it.",
        applies: |it| it.readable() && it.redirect_uri.is_none(),
        outcome: |it| match (it.code_is_the_clients(), it.challenged) {
            (false, _) => Err(TokenError::InvalidGrant),
            (true, false) => Err(TokenError::InvalidRequest),
            (true, true) => right(&Redemption { redirect_uri: Some(CALLBACK), ..it.clone() }),
        },
        example: || Redemption { redirect_uri: None, ..REDEMPTION },
    },
    Exception {
        clause: "RFC 6749 §4.1.3: \"their values are identical\", else invalid_grant. It normalises, and says invalid_request to what is no URL.",
        applies: |it| it.readable() && it.redirect_uri != Some(CALLBACK),
        outcome: |_| Err(TokenError::InvalidGrant),
        example: || Redemption { redirect_uri: Some("https://SHOP.example.test:443/callback"), ..REDEMPTION },
    },
    Exception {
        clause: "RFC 7636 §4.6: invalid_grant if the values are not equal. It says invalid_request.",
        applies: |it| it.readable() && it.challenged && it.verifier != Some(VERIFIER),
        outcome: |_| Err(TokenError::InvalidGrant),
        example: || Redemption { verifier: Some(WRONG_VERIFIER), ..REDEMPTION },
    },
    Exception {
        clause: "RFC 9700 §4.8.2: a verifier without a challenge MUST be refused. It ignores it.",
        applies: |it| it.readable() && !it.challenged && it.verifier.is_some(),
        outcome: |_| Err(TokenError::InvalidGrant),
        example: || Redemption { challenged: false, ..REDEMPTION },
    },
];

fn right(redemption: &Redemption) -> Outcome {
    expected(redemption, EXCEPTIONS, oracle)
}

fn redemptions() -> impl Strategy<Value = Redemption> {
    use proptest::sample::select;
    let usually =
        |right, others: Vec<Option<&'static str>>| prop_oneof![3 => Just(right), 2 => select(others)];
    (
        usually(Some("authorization_code"), vec![None, Some("password")]),
        prop_oneof![
            3 => Just(Credentials::Right),
            3 => select(vec![Credentials::WrongSecret, Credentials::OtherClient, Credentials::None]),
        ],
        usually(None, vec![Some("shop"), Some("other")]),
        select(vec![Code::Fresh, Code::Fresh, Code::Expired, Code::Used, Code::Unknown, Code::Absent]),
        usually(
            Some(CALLBACK),
            vec![
                None,
                Some("https://SHOP.example.test:443/callback"),
                Some("https://other.test/"),
                Some("no url"),
            ],
        ),
        any::<bool>(),
        usually(Some(VERIFIER), vec![None, Some(WRONG_VERIFIER), Some("short")]),
        prop_oneof![9 => Just(None), 1 => select(vec![Some("code"), Some("code_verifier"), Some("state")])],
    )
        .prop_map(
            |(grant_type, credentials, client_id, code, redirect_uri, challenged, verifier, repeated)| {
                Redemption {
                    grant_type,
                    credentials,
                    client_id,
                    code,
                    redirect_uri,
                    challenged,
                    verifier,
                    repeated,
                }
            },
        )
}

#[test]
fn every_exception_is_needed() {
    assert_needed(EXCEPTIONS, oracle, ours);
}

#[test]
fn both_redeem_a_good_code() {
    assert_eq!(ours(&REDEMPTION), oracle(&REDEMPTION));
    assert!(ours(&REDEMPTION).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn a_code_is_redeemed_as_the_oracle_and_the_standard_say(redemption in redemptions()) {
        prop_assert_eq!(ours(&redemption), right(&redemption));
    }
}

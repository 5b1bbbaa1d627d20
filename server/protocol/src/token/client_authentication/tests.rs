use super::*;
use crate::client::Client;
use crate::token::fixtures::{ISSUER, SECRET, client, now, public_client, registered, seconds};
use proptest::prelude::*;

const ENDPOINT: &str = "https://id.example.test/oauth/token";

fn basic_header(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

fn read(header: Option<&str>, form: &str) -> Result<PresentedClient, TokenError> {
    presented(header, &Parameters::parse(form.as_bytes()).unwrap()).map_err(|refusal| refusal.error)
}

fn assertion_form(kind: &str) -> String {
    format!("client_assertion=a.b.c&client_assertion_type={kind}")
}

#[test]
fn each_method_is_recognised() {
    for (header, form, method) in [
        (Some(basic_header("shop", "s")), "".to_owned(), AuthMethod::ClientSecretBasic),
        (Some(basic_header("shop", "s")), "client_id=shop".to_owned(), AuthMethod::ClientSecretBasic),
        (None, "client_id=shop&client_secret=s".to_owned(), AuthMethod::ClientSecretPost),
        (None, assertion_form(JWT_BEARER), AuthMethod::PrivateKeyJwt),
        (None, format!("client_id=shop&{}", assertion_form(JWT_BEARER)), AuthMethod::PrivateKeyJwt),
        (None, "client_id=shop".to_owned(), AuthMethod::None),
    ] {
        let presented = read(header.as_deref(), &form).unwrap();
        assert_eq!(presented.method(), method, "{form}");
        assert!(presented.client_id().is_none_or(|id| id.as_str() == "shop"));
    }
}

/// RFC 6749 §2.3.1: both halves are form-encoded before they become a Basic header.
#[test]
fn basic_credentials_are_form_decoded() {
    let header = basic_header("a%3Ab+c", "p%25%3A+%C3%A9:+plus%2B");
    let Ok(PresentedClient::Basic { client_id, secret }) = read(Some(&header), "") else {
        panic!("not Basic")
    };
    assert_eq!(client_id.as_str(), "a:b c");
    assert_eq!(secret.expose(), "p%: é: plus+");
}

#[test]
fn the_scheme_is_case_insensitive() {
    let header = basic_header("shop", "s").replace("Basic", "bAsIc");
    assert!(matches!(read(Some(&header), ""), Ok(PresentedClient::Basic { .. })));
}

/// RFC 6749 §5.2: "if the client attempted to authenticate via the "Authorization" request header field", 401.
#[test]
fn unusable_authorization_headers_are_invalid_client() {
    let no_colon = format!("Basic {}", STANDARD.encode("shop"));
    let not_utf8 = format!("Basic {}", STANDARD.encode(b"shop:\xff"));
    let (broken, nul) = (basic_header("shop", "a%4"), basic_header("shop%00", "a"));
    let nameless = basic_header("", "secret");
    for header in
        ["", "Basic", "Basic ", "Basic !!!", "Bearer abc", &no_colon, &not_utf8, &broken, &nul, &nameless]
    {
        assert_eq!(read(Some(header), "client_id=shop").err(), Some(TokenError::InvalidClient), "{header}");
    }
}

/// RFC 6749 §2.3 and §5.2 `invalid_request`: "… utilizes more than one mechanism for authenticating the client".
#[test]
fn more_than_one_method_is_an_invalid_request() {
    let basic = basic_header("shop", "s");
    let assertion = assertion_form(JWT_BEARER);
    for (header, form) in [
        (Some(&basic), "client_id=shop&client_secret=s".to_owned()),
        (Some(&basic), "client_secret=s".to_owned()),
        (Some(&basic), assertion.clone()),
        (None, format!("client_id=shop&client_secret=s&{assertion}")),
        (Some(&basic), "client_id=other".to_owned()),
        (None, "client_id=shop&client_id=shop".to_owned()),
        (None, "client_id=shop&client_secret=s&client_secret=s".to_owned()),
    ] {
        assert_eq!(read(header.map(String::as_str), &form).err(), Some(TokenError::InvalidRequest), "{form}");
    }
}

#[test]
fn incomplete_credentials_are_an_invalid_request() {
    for form in ["client_secret=s", "client_assertion=a.b.c", "client_assertion_type=x"] {
        assert_eq!(read(None, form).err(), Some(TokenError::InvalidRequest), "{form}");
    }
}

/// RFC 6749 §5.2 `invalid_client`: "… no client authentication included, or unsupported authentication method".
#[test]
fn no_or_unknown_authentication_is_invalid_client() {
    for form in [
        "",
        "grant_type=client_credentials",
        &assertion_form("urn:ietf:params:oauth:client-assertion-type:saml2-bearer"),
    ] {
        assert_eq!(read(None, form).err(), Some(TokenError::InvalidClient), "{form}");
    }
}

fn by(method: AuthMethod) -> PresentedClient {
    let (client_id, secret) = (ClientId::from("shop"), Secret::new(SECRET.to_owned()));
    match method {
        AuthMethod::ClientSecretBasic => PresentedClient::Basic { client_id, secret },
        AuthMethod::ClientSecretPost => PresentedClient::Post { client_id, secret },
        AuthMethod::PrivateKeyJwt => {
            PresentedClient::Assertion { client_id: Some(client_id), assertion: secret }
        }
        AuthMethod::None => PresentedClient::None { client_id },
    }
}

#[test]
fn only_the_registered_method_is_accepted() {
    let methods = [
        AuthMethod::ClientSecretBasic,
        AuthMethod::ClientSecretPost,
        AuthMethod::PrivateKeyJwt,
        AuthMethod::None,
    ];
    for of_client in methods {
        let client = registered(Client { token_endpoint_auth_method: of_client, ..client() });
        for used in methods {
            let result = check_method(&client, &by(used), now()).map_err(|refusal| refusal.error);
            let expected = if used == of_client { Ok(()) } else { Err(TokenError::InvalidClient) };
            assert_eq!(result, expected, "{of_client:?} {used:?}");
        }
    }
}

#[test]
fn a_wrong_secret_is_invalid_client() {
    for secret in ["", "wrong", &SECRET[1..], &format!("{SECRET} ")] {
        let presented = PresentedClient::Basic { client_id: "shop".into(), secret: secret.to_owned().into() };
        let refusal = check_method(&registered(client()), &presented, now()).unwrap_err();
        assert_eq!(refusal.error, TokenError::InvalidClient);
    }
}

#[test]
fn an_expired_secret_is_refused_and_a_second_one_accepted() {
    let mut client = registered(client());
    let presented = by(AuthMethod::ClientSecretBasic);
    client.secrets[0].expires_at = Some(now());
    assert!(check_method(&client, &presented, now()).is_err());
    assert!(check_method(&client, &presented, now() - seconds(1)).is_ok());
    let second = crate::client::ClientSecret { expires_at: None, ..client.secrets[0].clone() };
    client.secrets.insert(0, second);
    assert!(check_method(&client, &presented, now()).is_ok());
}

#[test]
fn a_disabled_client_cannot_authenticate() {
    let mut client = registered(public_client());
    assert!(check_method(&client, &by(AuthMethod::None), now()).is_ok());
    client.disabled = true;
    assert!(check_method(&client, &by(AuthMethod::None), now()).is_err());
}

#[test]
fn credentials_that_name_another_client_are_refused() {
    let other = registered(Client { client_id: "other".into(), ..client() });
    assert!(check_method(&other, &by(AuthMethod::ClientSecretBasic), now()).is_err());
}

#[test]
fn every_failure_looks_the_same_to_the_client() {
    let unknown = presented(None, &Parameters::default()).unwrap_err();
    let wrong = check_method(&registered(client()), &by(AuthMethod::None), now()).unwrap_err();
    assert_eq!((unknown.error, unknown.description), (wrong.error, wrong.description));
    assert_ne!(unknown.reason, wrong.reason);
}

#[test]
fn credentials_show_nothing_when_debugged() {
    for method in [AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost, AuthMethod::PrivateKeyJwt] {
        assert!(!format!("{:?}", by(method)).contains(SECRET));
    }
}

fn claims() -> AssertionClaims {
    AssertionClaims {
        iss: "shop".to_owned(),
        sub: "shop".to_owned(),
        aud: vec![ISSUER.to_owned()],
        exp: now().timestamp() + 60,
        nbf: Some(now().timestamp()),
        iat: Some(now().timestamp()),
        jti: Some("j".to_owned()),
    }
}

fn check(claims: &AssertionClaims) -> Result<(), TokenError> {
    check_assertion(claims, &"shop".into(), ISSUER, ENDPOINT, now()).map_err(|refusal| refusal.error)
}

#[test]
fn an_assertion_for_the_issuer_or_the_token_endpoint_is_accepted() {
    for aud in [&[ISSUER][..], &[ENDPOINT], &["https://other.test", ISSUER]] {
        let aud = aud.iter().map(|&aud| aud.to_owned()).collect();
        assert_eq!(check(&AssertionClaims { aud, ..claims() }), Ok(()));
    }
    assert_eq!(check(&AssertionClaims { nbf: None, iat: None, ..claims() }), Ok(()));
    assert_eq!(check(&AssertionClaims { jti: Some("j".repeat(256)), ..claims() }), Ok(()));
}

/// RFC 7523 §3, rule by rule.
#[test]
fn an_assertion_that_breaks_a_rule_is_invalid_client() {
    let now = now().timestamp();
    let text = |value: &str| value.to_owned();
    for (rule, broken) in [
        ("iss", AssertionClaims { iss: text("other"), ..claims() }),
        ("sub", AssertionClaims { sub: text("other"), ..claims() }),
        ("another aud", AssertionClaims { aud: vec![text("https://other.test")], ..claims() }),
        ("a longer aud", AssertionClaims { aud: vec![format!("{ISSUER}/")], ..claims() }),
        ("no aud", AssertionClaims { aud: Vec::new(), ..claims() }),
        ("expired", AssertionClaims { exp: now, ..claims() }),
        ("long expired", AssertionClaims { exp: i64::MIN, ..claims() }),
        ("too far ahead", AssertionClaims { exp: now + 601, ..claims() }),
        ("endless", AssertionClaims { exp: i64::MAX, ..claims() }),
        ("nbf", AssertionClaims { nbf: Some(now + 61), ..claims() }),
        ("iat", AssertionClaims { iat: Some(now + 61), ..claims() }),
        ("no jti", AssertionClaims { jti: None, ..claims() }),
        ("empty jti", AssertionClaims { jti: Some(String::new()), ..claims() }),
        ("long jti", AssertionClaims { jti: Some("j".repeat(257)), ..claims() }),
    ] {
        assert_eq!(check(&broken), Err(TokenError::InvalidClient), "{rule}");
    }
    assert_eq!(check(&AssertionClaims { exp: now + 600, ..claims() }), Ok(()));
}

#[test]
fn assertion_claims_are_read_in_the_forms_of_rfc_7519() {
    let read = |json: &str| AssertionClaims::parse(json.as_bytes()).map_err(|refusal| refusal.error);
    let claims =
        read(r#"{"iss":"a","sub":"a","aud":"x","exp":1.9e3,"iat":1800000000.75,"jti":"j","more":[{}]}"#);
    let claims = claims.unwrap();
    assert_eq!(
        (claims.aud.as_slice(), claims.exp, claims.iat),
        (&["x".to_owned()][..], 1900, Some(1_800_000_000))
    );
    for malformed in [
        "",
        "null",
        "[]",
        r#"{"iss":"a","sub":"a","aud":"x"}"#,
        r#"{"iss":"a","sub":"a","exp":1}"#,
        r#"{"iss":"a","sub":"a","aud":"x","exp":"1"}"#,
        r#"{"iss":"a","sub":"a","aud":"x","exp":1e300}"#,
        r#"{"iss":"a","sub":"a","aud":{},"exp":1}"#,
        r#"{"iss":1,"sub":"a","aud":"x","exp":1}"#,
        r#"{"iss":"a","iss":"b","sub":"a","aud":"x","exp":1}"#,
    ] {
        assert_eq!(read(malformed).err(), Some(TokenError::InvalidClient), "{malformed}");
    }
    let deep = format!("{{\"iss\":{}", "[".repeat(100_000));
    assert_eq!(read(&deep).err(), Some(TokenError::InvalidClient));
}

proptest! {
    #[test]
    fn any_header_and_form_is_read_or_refused(header in proptest::option::of(".{0,80}"), id in ".{0,20}") {
        let form = url::form_urlencoded::Serializer::new(String::new()).append_pair("client_id", &id).finish();
        if let Ok(parameters) = Parameters::parse(form.as_bytes())
            && let Err(refusal) = presented(header.as_deref(), &parameters)
        {
            prop_assert!([TokenError::InvalidClient, TokenError::InvalidRequest].contains(&refusal.error));
        }
    }

    #[test]
    fn every_encoded_credential_comes_back(id in "[^\u{0}]{1,40}", secret in "[^\u{0}]{0,80}") {
        let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let header = basic_header(&encode(&id), &encode(&secret));
        let Ok(PresentedClient::Basic { client_id, secret: read }) = read(Some(&header), "") else {
            panic!("not Basic")
        };
        prop_assert_eq!(client_id.as_str(), &id);
        prop_assert_eq!(read.expose(), &secret);
    }

    #[test]
    fn only_the_right_secret_is_accepted(secret in ".{0,60}") {
        let presented = PresentedClient::Basic { client_id: "shop".into(), secret: secret.clone().into() };
        prop_assert_eq!(check_method(&registered(client()), &presented, now()).is_ok(), secret == SECRET);
    }
}

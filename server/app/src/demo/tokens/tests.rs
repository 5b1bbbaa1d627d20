//! Which tokens the demo refuses.

use super::*;
use serde_json::json;
use signet_jose::SigningKey;
use std::sync::LazyLock;

const ISSUER: &str = "http://localhost:8080";
const NOW: i64 = 1_800_000_000;
const NONCE: &str = "n-0S6_WzA2Mj";

/// Making an RSA key takes a while.
static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(Algorithm::RS256).unwrap());

fn keys(key: &SigningKey) -> JwkSet {
    JwkSet::published(&json!({ "keys": [key.public_jwk()] })).unwrap()
}

fn access_token() -> &'static str {
    "eyJ.an.access-token"
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "alice", "aud": CLIENT_ID, "exp": NOW + 600, "iat": NOW, "auth_time": NOW - 5,
        "nonce": NONCE, "at_hash": at_hash(access_token(), SigningAlg::RS256),
    })
}

fn with(changes: &Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

fn check(claims: &Value, occasion: Occasion<'_>) -> Result<IdToken, IdTokenError> {
    let token = KEY.sign_compact("JWT", claims.to_string().as_bytes()).unwrap();
    check_id_token(&keys(&KEY), (&token, access_token()), ISSUER, occasion, NOW)
}

fn at_sign_in(claims: &Value) -> Option<IdTokenError> {
    check(claims, Occasion::SignIn { nonce: NONCE }).err()
}

#[test]
fn an_id_token_that_answers_the_request_is_accepted() {
    assert_eq!(check(&claims(), Occasion::SignIn { nonce: NONCE }).unwrap().sub, "alice");
    assert_eq!(at_sign_in(&with(&json!({ "aud": [CLIENT_ID], "azp": CLIENT_ID }))), None);
    let mut bare = claims();
    bare.as_object_mut().unwrap().remove("at_hash");
    assert_eq!(at_sign_in(&bare), None, "at_hash may be left out with the code flow");
}

#[test]
fn id_tokens_with_a_wrong_claim_are_refused() {
    let cases = [
        (json!({ "iss": "http://localhost:8081" }), IdTokenError::WrongIssuer),
        (json!({ "iss": "http://localhost:8080/" }), IdTokenError::WrongIssuer),
        (json!({ "aud": "another-client" }), IdTokenError::WrongAudience),
        (json!({ "aud": [CLIENT_ID, "another-client"] }), IdTokenError::WrongAudience),
        (json!({ "aud": [] }), IdTokenError::WrongAudience),
        (json!({ "azp": "another-client" }), IdTokenError::WrongAudience),
        (json!({ "exp": NOW - 60 }), IdTokenError::Expired),
        (json!({ "iat": NOW + 60 }), IdTokenError::NotYetValid),
        (json!({ "nonce": "another" }), IdTokenError::WrongNonce),
        (json!({ "nonce": null }), IdTokenError::WrongNonce),
        (json!({ "at_hash": at_hash("another.access.token", SigningAlg::RS256) }), IdTokenError::WrongAtHash),
        (json!({ "sub": null }), IdTokenError::Malformed),
        (json!({ "exp": "soon" }), IdTokenError::Malformed),
    ];
    for (changes, error) in cases {
        assert_eq!(at_sign_in(&with(&changes)), Some(error), "{changes}");
    }
}

#[test]
fn id_tokens_that_the_server_did_not_sign_are_refused() {
    let occasion = Occasion::SignIn { nonce: NONCE };
    let signed = |key: &SigningKey| key.sign_compact("JWT", claims().to_string().as_bytes()).unwrap();
    let check =
        |keys, token: &str| check_id_token(&keys, (token, access_token()), ISSUER, occasion, NOW).err();

    let other = SigningKey::generate(Algorithm::ES256).unwrap();
    let wrong_algorithm = check(keys(&other), &signed(&other));
    assert_eq!(wrong_algorithm, Some(IdTokenError::Signature(JwsError::AlgorithmNotAllowed)));
    let unknown_key = check(keys(&other), &signed(&KEY));
    assert_eq!(unknown_key, Some(IdTokenError::Signature(JwsError::NoKey)));

    let token = signed(&KEY);
    let (start, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = start.split_once('.').unwrap();
    let (_, foreign) =
        signed(&other).split_once('.').map(|(h, rest)| (h.to_owned(), rest.to_owned())).unwrap();
    let foreign_payload = foreign.split_once('.').unwrap().0.replace('e', "f");
    let altered = check(keys(&KEY), &format!("{header}.{foreign_payload}.{signature}"));
    assert_eq!(altered, Some(IdTokenError::Signature(JwsError::BadSignature)));
}

#[test]
fn a_refreshed_id_token_continues_the_same_sign_in() {
    let first = check(&claims(), Occasion::SignIn { nonce: NONCE }).unwrap();
    let after = |changes| check(&with(&changes), Occasion::Refresh { first: &first }).err();
    assert_eq!(after(json!({})), None);
    assert_eq!(after(json!({ "nonce": null, "auth_time": null })), None);
    assert_eq!(after(json!({ "sub": "mallory" })), Some(IdTokenError::OtherSignIn));
    assert_eq!(after(json!({ "auth_time": NOW })), Some(IdTokenError::OtherSignIn));
    assert_eq!(after(json!({ "nonce": "another" })), Some(IdTokenError::WrongNonce));
    assert_eq!(after(json!({ "aud": "another-client" })), Some(IdTokenError::WrongAudience));
}

#[test]
fn an_access_token_is_judged_as_an_api_would() {
    let key = SigningKey::generate(Algorithm::ES256).unwrap();
    let judge = |typ: &str, changes: Value| {
        let mut claims = with(&json!({ "aud": ISSUER, "client_id": CLIENT_ID, "jti": "1" }));
        changes.as_object().unwrap().iter().for_each(|(name, value)| claims[name] = value.clone());
        let token = key.sign_compact(typ, claims.to_string().as_bytes()).unwrap();
        judge_access_token(&keys(&key), &token, ISSUER, NOW)
    };
    let good = judge("at+jwt", json!({}));
    assert!(matches!(&good, Verdict::Valid { alg, .. } if alg == "ES256"), "{good:?}");
    for bad in [
        judge("JWT", json!({})),
        judge("at+jwt", json!({ "aud": CLIENT_ID })),
        judge("at+jwt", json!({ "iss": "http://elsewhere" })),
        judge("at+jwt", json!({ "exp": NOW - 60 })),
    ] {
        assert!(matches!(bad, Verdict::Invalid { .. }), "{bad:?}");
    }
}

#[test]
fn claims_are_shown_as_they_are() {
    let token = KEY.sign_compact("JWT", br#"{"sub":"alice","amr":["pwd"],"exp":1800000600}"#).unwrap();
    let mut shown = claims_of(&token);
    shown.sort();
    let expected = [("amr", "[\"pwd\"]"), ("exp", "1800000600"), ("sub", "alice")];
    assert_eq!(shown, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

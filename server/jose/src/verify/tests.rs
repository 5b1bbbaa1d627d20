use serde_json::{Value, json};

use super::{ClaimError, Expected, MAX_CANDIDATES, verify_access_token, verify_signed};
use crate::testing::{ed25519_public, key_set, p256_public, rsa_public, signed, with};
use crate::{Algorithm, JwsError};

const NOW: i64 = 1_800_000_000;
const HEADER: &str = r#"{"alg":"EdDSA","typ":"at+jwt"}"#;

fn claims() -> Value {
    json!({
        "iss": "https://id.example", "aud": "https://api.example", "sub": "u1", "client_id": "c1", "jti": "j1",
        "iat": NOW - 10, "exp": NOW + 600, "scope": "read write", "sid": "s1",
    })
}

fn expected() -> Expected<'static> {
    Expected {
        issuer: "https://id.example",
        audience: "https://api.example",
        algorithms: &Algorithm::ALL,
        leeway_seconds: 5,
    }
}

fn check(header: &str, payload: &str) -> Result<super::AccessToken, ClaimError> {
    verify_access_token(&key_set(&[ed25519_public()]), &signed(header, payload), &expected(), NOW)
}

fn refusal_of(member: &str, value: Value) -> ClaimError {
    check(HEADER, &with(claims(), member, value).to_string()).unwrap_err()
}

#[test]
fn a_good_access_token_is_taken() {
    let token = check(HEADER, &claims().to_string()).unwrap();
    assert_eq!((token.sub.as_str(), token.client_id.as_str()), ("u1", "c1"));
    assert!(token.has_scope("read") && token.has_scope("write") && !token.has_scope("rea"));
    assert_eq!(token.other["sid"], "s1");
    let full_type = r#"{"alg":"EdDSA","typ":"application/at+jwt"}"#;
    assert!(check(full_type, &claims().to_string()).is_ok());
}

#[test]
fn a_token_of_another_type_is_no_access_token() {
    for header in [r#"{"alg":"EdDSA","typ":"JWT"}"#, r#"{"alg":"EdDSA"}"#, r#"{"alg":"EdDSA","typ":null}"#] {
        assert_eq!(check(header, &claims().to_string()).unwrap_err(), ClaimError::WrongType);
    }
}

#[test]
fn every_claim_of_rfc_9068_section_2_2_is_required() {
    for claim in ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"] {
        let mut without = claims();
        without.as_object_mut().unwrap().remove(claim);
        assert_eq!(check(HEADER, &without.to_string()).unwrap_err(), ClaimError::Malformed, "{claim}");
        assert_eq!(refusal_of(claim, Value::Null), ClaimError::Malformed, "{claim}");
    }
}

#[test]
fn the_issuer_must_match_exactly() {
    for issuer in ["https://id.example/", "https://ID.example", "https://id.example.evil", ""] {
        assert_eq!(refusal_of("iss", json!(issuer)), ClaimError::WrongIssuer);
    }
}

#[test]
fn the_audience_must_name_this_resource_server() {
    let others = [json!("https://other.example"), json!([]), json!(["https://api.example/v2"]), json!("")];
    for audience in others {
        assert_eq!(refusal_of("aud", audience), ClaimError::WrongAudience);
    }
    let several = with(claims(), "aud", json!(["https://id.example", "https://api.example"]));
    assert!(check(HEADER, &several.to_string()).is_ok());
    assert_eq!(refusal_of("aud", json!([7])), ClaimError::Malformed);
    assert_eq!(refusal_of("aud", json!({})), ClaimError::Malformed);
}

#[test]
fn expiry_is_exclusive_after_the_leeway() {
    assert_eq!(refusal_of("exp", json!(NOW - 5)), ClaimError::Expired);
    assert!(check(HEADER, &with(claims(), "exp", json!(NOW - 4)).to_string()).is_ok());
    assert_eq!(refusal_of("exp", json!(i64::MIN)), ClaimError::Expired);
    assert_eq!(refusal_of("exp", json!("tomorrow")), ClaimError::Malformed);
    assert!(check(HEADER, &with(claims(), "exp", json!(1.9e9)).to_string()).is_ok());
}

#[test]
fn tokens_from_the_future_are_refused() {
    for claim in ["iat", "nbf"] {
        assert_eq!(refusal_of(claim, json!(NOW + 6)), ClaimError::NotYetValid);
        assert_eq!(refusal_of(claim, json!(i64::MAX)), ClaimError::NotYetValid);
        assert!(check(HEADER, &with(claims(), claim, json!(NOW + 5)).to_string()).is_ok());
    }
}

#[test]
fn repeated_claims_and_other_shapes_are_refused() {
    let repeated = claims().to_string().replacen('{', r#"{"iss":"https://id.example","#, 1);
    let deep =
        claims().to_string().replacen('{', &format!(r#"{{"x":{}1{},"#, "[".repeat(200), "]".repeat(200)), 1);
    for payload in [repeated.as_str(), &deep, "[]", "", "null", "{}"] {
        assert_eq!(check(HEADER, payload).unwrap_err(), ClaimError::Malformed, "{payload}");
    }
}

#[test]
fn algorithms_outside_the_allowed_list_are_refused() {
    let token = signed(HEADER, &claims().to_string());
    let keys = key_set(&[ed25519_public()]);
    let refusal = verify_signed(&keys, &token, &[Algorithm::ES256, Algorithm::RS256]).unwrap_err();
    assert_eq!(refusal, JwsError::AlgorithmNotAllowed);
}

#[test]
fn kid_selects_the_key_and_its_absence_tries_the_fitting_ones() {
    let named = |kid: &str| with(ed25519_public(), "kid", json!(kid));
    let other = "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg";
    let stranger = with(named("stranger"), "x", json!(other));
    let keys = key_set(&[p256_public(), rsa_public(), stranger, named("mine")]);
    let outcome = |kid: Option<&str>| {
        let header = json!({ "alg": "EdDSA", "kid": kid }).to_string();
        verify_signed(&keys, &signed(&header, "{}"), &Algorithm::ALL).map(|parsed| parsed.payload)
    };
    assert_eq!(outcome(Some("mine")), Ok(b"{}".to_vec()));
    assert_eq!(outcome(None), Ok(b"{}".to_vec()));
    assert_eq!(outcome(Some("stranger")), Err(JwsError::BadSignature));
    assert_eq!(outcome(Some("unknown")), Err(JwsError::NoKey));
}

#[test]
fn no_more_than_a_few_keys_are_tried() {
    let stranger = with(ed25519_public(), "x", json!("A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg"));
    let token = signed(HEADER, "{}");
    let after = |strangers: usize| {
        let keys = [vec![stranger.clone(); strangers], vec![ed25519_public()]].concat();
        verify_signed(&key_set(&keys), &token, &Algorithm::ALL).map(drop)
    };
    assert_eq!(after(MAX_CANDIDATES - 1), Ok(()));
    assert_eq!(after(MAX_CANDIDATES), Err(JwsError::BadSignature));
}

use proptest::prelude::*;
use serde_json::json;

use super::{JwsError, MAX_TOKEN_LEN, Parsed, VerifyingKey};
use crate::testing::{
    ed25519_public, p256_public, public_key, rsa_public, signed, with, with_changed_character,
};
use crate::{Algorithm, JwkError, base64url};

const PAYLOAD: &str =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
const RS256_SIGNATURE: &str = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
const ES256_SIGNATURE: &str =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
const EDDSA: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

fn eddsa_key() -> VerifyingKey {
    VerifyingKey::from_jwk(&public_key(&ed25519_public()), Algorithm::EdDSA).unwrap()
}

fn refusal(token: &str) -> JwsError {
    Parsed::parse(token).and_then(|parsed| parsed.verify(&eddsa_key())).unwrap_err()
}

#[test]
fn rfc_7515_appendix_a_2_verifies() {
    let token = format!("eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}.{RS256_SIGNATURE}");
    let parsed = Parsed::parse(&token).unwrap();
    let key = VerifyingKey::from_jwk(&public_key(&rsa_public()), Algorithm::RS256).unwrap();
    assert_eq!(parsed.verify(&key), Ok(()));
    assert_eq!(parsed.header.alg, "RS256");
}

#[test]
fn rfc_7515_appendix_a_3_verifies() {
    let token = format!("eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.{ES256_SIGNATURE}");
    let key = VerifyingKey::from_jwk(&public_key(&p256_public()), Algorithm::ES256).unwrap();
    assert_eq!(Parsed::parse(&token).unwrap().verify(&key), Ok(()));
}

#[test]
fn rfc_8037_appendix_a_5_verifies() {
    let parsed = Parsed::parse(EDDSA).unwrap();
    assert_eq!(parsed.verify(&eddsa_key()), Ok(()));
    assert_eq!(parsed.payload, b"Example of Ed25519 signing");
}

#[test]
fn a_key_serves_no_other_algorithm_than_its_own() {
    let token = format!("eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}.{RS256_SIGNATURE}");
    let key = VerifyingKey::from_jwk(&public_key(&rsa_public()), Algorithm::PS256).unwrap();
    assert_eq!(Parsed::parse(&token).unwrap().verify(&key), Err(JwsError::AlgorithmMismatch));
    let bound = public_key(&with(rsa_public(), "alg", json!("PS256")));
    assert_eq!(VerifyingKey::from_jwk(&bound, Algorithm::RS256).unwrap_err(), JwkError::UnsupportedAlgorithm);
}

#[test]
fn an_rsa_signature_of_one_padding_is_refused_by_the_other() {
    let input = format!("eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}");
    let signature = base64url::decode(RS256_SIGNATURE).unwrap();
    let verify = |algorithm| {
        let key = VerifyingKey::from_jwk(&public_key(&rsa_public()), algorithm).unwrap();
        key.verify(input.as_bytes(), &signature)
    };
    assert_eq!(verify(Algorithm::RS256), Ok(()));
    assert_eq!(verify(Algorithm::PS256), Err(JwsError::BadSignature));
}

#[test]
fn alg_none_and_unknown_algorithms_are_refused() {
    for alg in ["none", "None", "NONE", "HS256", "RS1", "eddsa", ""] {
        let header = format!(r#"{{"alg":"{alg}"}}"#);
        assert_eq!(refusal(&signed(&header, "{}")), JwsError::AlgorithmNotAllowed, "{alg}");
        let unsigned = format!("{}.e30.", base64url::encode(header.as_bytes()));
        assert_eq!(refusal(&unsigned), JwsError::AlgorithmNotAllowed, "{alg}");
    }
}

#[test]
fn crit_and_b64_are_refused_whatever_their_value() {
    for extension in [
        r#""crit":["exp"]"#,
        r#""crit":[]"#,
        r#""crit":null"#,
        r#""crit":["b64"],"b64":false"#,
        r#""b64":true"#,
    ] {
        let header = format!(r#"{{"alg":"EdDSA",{extension}}}"#);
        assert_eq!(refusal(&signed(&header, "{}")), JwsError::CriticalHeader, "{extension}");
    }
}

#[test]
fn repeated_or_malformed_header_members_are_refused() {
    for header in [
        r#"{"alg":"EdDSA","alg":"EdDSA"}"#,
        r#"{"alg":"EdDSA","kid":"a","kid":"b"}"#,
        r#"{"alg":7}"#,
        r#"{"kid":"a"}"#,
        r#"["EdDSA"]"#,
        r#""EdDSA""#,
        "",
        "{}{}",
    ] {
        assert_eq!(refusal(&signed(header, "{}")), JwsError::Malformed, "{header}");
    }
}

#[test]
fn other_shapes_than_three_base64url_parts_are_refused() {
    let (input, signature) = EDDSA.rsplit_once('.').unwrap();
    for token in [
        String::new(),
        "..".into(),
        "a".into(),
        input.into(),
        format!("{EDDSA}."),
        format!("{EDDSA}.e30"),
        format!("{EDDSA}="),
        format!("{input}.\n{signature}"),
        format!(" {EDDSA}"),
        format!("{input}.{}", signature.replace('_', "/")),
    ] {
        assert_eq!(refusal(&token), JwsError::Malformed, "{token}");
    }
    assert_eq!(refusal(&format!("{input}.")), JwsError::BadSignature);
}

#[test]
fn overlong_tokens_are_refused_unread() {
    assert_eq!(refusal(&"a".repeat(MAX_TOKEN_LEN + 1)), JwsError::TooLong);
    let payload = "x".repeat(MAX_TOKEN_LEN);
    assert_eq!(refusal(&signed(r#"{"alg":"EdDSA"}"#, &payload)), JwsError::TooLong);
}

#[test]
fn a_deeply_nested_header_exhausts_nothing() {
    let deep = "[".repeat(8_000);
    assert_eq!(refusal(&signed(&format!(r#"{{"alg":"EdDSA","x":{deep}"#), "{}")), JwsError::Malformed);
    assert_eq!(refusal(&signed(&format!(r#"{{"alg":{deep}"#), "{}")), JwsError::Malformed);
}

#[test]
fn a_point_off_the_curve_verifies_nothing() {
    let off = public_key(&with(p256_public(), "y", p256_public()["x"].clone()));
    let key = VerifyingKey::from_jwk(&off, Algorithm::ES256).unwrap();
    let token = format!("eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.{ES256_SIGNATURE}");
    assert_eq!(Parsed::parse(&token).unwrap().verify(&key), Err(JwsError::BadSignature));
}

#[test]
fn an_all_zero_ecdsa_signature_is_refused() {
    let token = format!("eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.{}", base64url::encode(&[0; 64]));
    let key = VerifyingKey::from_jwk(&public_key(&p256_public()), Algorithm::ES256).unwrap();
    assert_eq!(Parsed::parse(&token).unwrap().verify(&key), Err(JwsError::BadSignature));
}

#[test]
fn typ_is_compared_as_a_media_type() {
    let is = |typ: &str| {
        let token = signed(&json!({ "alg": "EdDSA", "typ": typ }).to_string(), "{}");
        Parsed::parse(&token).unwrap().header.is_type("at+jwt")
    };
    assert!(is("at+jwt") && is("AT+JWT") && is("application/at+jwt") && is("Application/at+jwt"));
    assert!(!is("JWT") && !is("") && !is("text/at+jwt") && !is("application/application/at+jwt"));
    assert!(!Parsed::parse(EDDSA).unwrap().header.is_type("at+jwt"));
}

proptest! {
    #[test]
    fn a_token_with_any_character_changed_is_refused(position in any::<usize>(), change in 1u8..128) {
        let changed = with_changed_character(EDDSA, position, change);
        let outcome = Parsed::parse(&changed).and_then(|parsed| parsed.verify(&eddsa_key()));
        prop_assert!(outcome.is_err());
    }

    #[test]
    fn any_text_is_refused_without_panic(text in "[a-zA-Z0-9_.é=-]{0,300}") {
        prop_assert!(Parsed::parse(&text).is_err());
    }

    #[test]
    fn any_header_bytes_are_taken_or_refused_without_panic(header in any::<Vec<u8>>()) {
        let token = format!("{}.e30.AA", base64url::encode(&header));
        prop_assert_eq!(Parsed::parse(&token).unwrap_err(), JwsError::Malformed);
    }
}

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{JwkError, JwkSet, MAX_KEYS, PublicJwk};
use crate::Algorithm;
use crate::testing::{ed25519_public, key_set, p256_public, public_key, rsa_public, with};

#[test]
fn thumbprint_is_that_of_rfc_7638_section_3_1() {
    let jwk = public_key(&json!({
        "kty": "RSA", "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZC\
              iFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZ\
              gnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBni\
              Iqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    }));
    assert_eq!(jwk.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

#[test]
fn thumbprint_is_that_of_rfc_8037_appendix_a_3() {
    assert_eq!(public_key(&ed25519_public()).thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#[test]
fn private_members_are_refused_in_any_key() {
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        for key in [p256_public(), rsa_public(), ed25519_public()] {
            let refusal = PublicJwk::from_value(&with(key, member, json!("AQAB")));
            assert_eq!(refusal, Err(JwkError::PrivateMembers), "{member}");
        }
    }
    let set = json!({ "keys": [p256_public(), with(rsa_public(), "d", Value::Null)] });
    assert_eq!(JwkSet::published(&set), Err(JwkError::PrivateMembers));
}

#[test]
fn keys_for_other_uses_are_refused() {
    let encryption = with(rsa_public(), "use", json!("enc"));
    assert_eq!(PublicJwk::from_value(&encryption), Err(JwkError::NotForSignatures));
    let derivation = with(p256_public(), "key_ops", json!(["deriveKey"]));
    assert_eq!(PublicJwk::from_value(&derivation), Err(JwkError::NotForSignatures));
    assert!(PublicJwk::from_value(&with(p256_public(), "key_ops", json!(["verify"]))).is_ok());
}

#[test]
fn an_alg_that_does_not_fit_the_key_is_refused() {
    for (key, alg) in [(p256_public(), "ES384"), (rsa_public(), "ES256"), (ed25519_public(), "RS256")] {
        let refusal = PublicJwk::from_value(&with(key, "alg", json!(alg)));
        assert_eq!(refusal, Err(JwkError::UnsupportedAlgorithm), "{alg}");
    }
    for alg in ["none", "HS256", "RS1", "es256", ""] {
        let refusal = PublicJwk::from_value(&with(p256_public(), "alg", json!(alg)));
        assert_eq!(refusal, Err(JwkError::UnsupportedAlgorithm), "{alg}");
    }
}

#[test]
fn unsupported_key_types_and_curves_are_refused() {
    let keys = [
        with(p256_public(), "crv", json!("secp256k1")),
        with(ed25519_public(), "crv", json!("X25519")),
        json!({ "kty": "oct" }),
    ];
    for key in keys {
        assert_eq!(PublicJwk::from_value(&key), Err(JwkError::UnsupportedKey), "{key}");
    }
}

#[test]
fn weak_or_useless_rsa_keys_are_refused() {
    let odd = |len: usize| crate::base64url::encode(&vec![0xff; len]);
    let short = crate::base64url::encode(&[[0x7f].as_slice(), &[0xff; 255]].concat());
    for n in [odd(128), odd(255), short, odd(1025), crate::base64url::encode(&[0xfe; 256])] {
        let refusal = PublicJwk::from_value(&with(rsa_public(), "n", json!(n)));
        assert_eq!(refusal, Err(JwkError::WeakRsa), "{n}");
    }
    for e in ["AQ", "Ag", "AQAAAAE"] {
        let refusal = PublicJwk::from_value(&with(rsa_public(), "e", json!(e)));
        assert_eq!(refusal, Err(JwkError::WeakRsa), "{e}");
    }
    assert!(PublicJwk::from_value(&with(rsa_public(), "n", json!(odd(256)))).is_ok());
}

#[test]
fn malformed_keys_are_refused() {
    let keys = [
        json!([]),
        json!("key"),
        json!({}),
        with(p256_public(), "x", json!("AQAB")),
        with(p256_public(), "x", json!(7)),
        with(p256_public(), "y", Value::Null),
        with(p256_public(), "kid", json!(7)),
        with(rsa_public(), "e", json!("AAEAAQ")),
        with(rsa_public(), "e", json!("")),
        with(rsa_public(), "e", json!("AQAB=")),
        with(rsa_public(), "e", json!("AQ AB")),
    ];
    for key in keys {
        assert_eq!(PublicJwk::from_value(&key), Err(JwkError::Malformed), "{key}");
    }
}

#[test]
fn a_key_is_written_with_public_members_only() {
    let read = with(with(p256_public(), "kid", json!("one")), "x5c", json!(["ignored"]));
    let written = serde_json::to_value(public_key(&read)).unwrap();
    assert_eq!(written, with(with(p256_public(), "kid", json!("one")), "use", json!("sig")));
    let again: PublicJwk = serde_json::from_value(written).unwrap();
    assert_eq!(again, public_key(&read));
}

#[test]
fn published_sets_skip_keys_that_are_not_understood() {
    let future = json!({ "kty": "AKP", "alg": "ML-DSA-65", "pub": "AQAB" });
    let set = key_set(&[future.clone(), with(rsa_public(), "use", json!("enc")), p256_public()]);
    assert_eq!(set.keys, [public_key(&p256_public())]);
    let registered = JwkSet::registered(&json!({ "keys": [p256_public(), future] }));
    assert_eq!(registered, Err(JwkError::UnsupportedKey));
}

#[test]
fn a_set_has_a_bounded_number_of_keys() {
    let of = |count| json!({ "keys": vec![p256_public(); count] });
    assert_eq!(JwkSet::registered(&of(0)), Err(JwkError::KeyCount));
    assert_eq!(JwkSet::published(&of(0)).unwrap().keys.len(), 0);
    assert_eq!(JwkSet::registered(&of(MAX_KEYS)).unwrap().keys.len(), MAX_KEYS);
    assert_eq!(JwkSet::registered(&of(MAX_KEYS + 1)), Err(JwkError::KeyCount));
    assert_eq!(JwkSet::published(&of(MAX_KEYS + 1)), Err(JwkError::KeyCount));
}

#[test]
fn candidates_are_chosen_by_kid_and_algorithm() {
    let named = |key, kid: &str| with(key, "kid", json!(kid));
    let bound = with(named(rsa_public(), "c"), "alg", json!("PS256"));
    let set = key_set(&[named(p256_public(), "a"), named(rsa_public(), "b"), bound]);
    let kids = |kid, algorithm| set.candidates(kid, algorithm).filter_map(PublicJwk::kid).collect::<Vec<_>>();
    assert_eq!(kids(None, Algorithm::RS256), ["b"]);
    assert_eq!(kids(None, Algorithm::PS256), ["b", "c"]);
    assert_eq!(kids(Some("a"), Algorithm::ES256), ["a"]);
    assert_eq!(kids(Some("a"), Algorithm::RS256), [""; 0]);
    assert_eq!(kids(Some("unknown"), Algorithm::ES256), [""; 0]);
}

proptest! {
    #[test]
    fn reading_any_text_as_a_key_never_panics(text in ".{0,200}") {
        prop_assert!(PublicJwk::from_json(text.as_bytes()).is_err());
    }

    #[test]
    fn any_rsa_integers_are_read_or_refused_without_panic(n in any::<Vec<u8>>(), e in any::<Vec<u8>>()) {
        let key = json!({ "kty": "RSA", "n": crate::base64url::encode(&n), "e": crate::base64url::encode(&e) });
        prop_assert!(n.len() >= 256 || PublicJwk::from_value(&key).is_err());
    }
}

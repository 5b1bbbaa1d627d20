use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use josekit::jwk::alg::ed::{EdCurve, EdKeyPair};
use josekit::jwk::alg::rsa::RsaKeyPair;
use josekit::jwk::{Jwk, KeyPair};
use josekit::jws::{self, JwsHeader, JwsSigner, JwsVerifier};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::LazyLock;

use super::{KeyError, SigningKey};
use crate::testing::{ed25519_private, p256_private, p256_public, with, with_changed_character};
use crate::verify::{Expected, verify_access_token};
use crate::{Algorithm, JwkError, JwkSet, Parsed};

/// One key of each algorithm: RSA keys are slow to make.
static KEYS: LazyLock<Vec<SigningKey>> =
    LazyLock::new(|| Algorithm::ALL.map(|algorithm| SigningKey::generate(algorithm).unwrap()).into());

fn private_value(key: &SigningKey) -> Value {
    serde_json::from_slice(&key.to_private_bytes()).unwrap()
}

fn josekit_key(key: &SigningKey, half: &Value) -> (Box<dyn JwsSigner>, Box<dyn JwsVerifier>) {
    let (private, public) = (jwk(&private_value(key)), jwk(half));
    match key.algorithm() {
        Algorithm::ES256 => both(jws::ES256.signer_from_jwk(&private), jws::ES256.verifier_from_jwk(&public)),
        Algorithm::ES384 => both(jws::ES384.signer_from_jwk(&private), jws::ES384.verifier_from_jwk(&public)),
        Algorithm::RS256 => both(jws::RS256.signer_from_jwk(&private), jws::RS256.verifier_from_jwk(&public)),
        Algorithm::PS256 => both(jws::PS256.signer_from_jwk(&private), jws::PS256.verifier_from_jwk(&public)),
        Algorithm::EdDSA => both(jws::EdDSA.signer_from_jwk(&private), jws::EdDSA.verifier_from_jwk(&public)),
    }
}

fn both<E: std::fmt::Debug>(
    signer: Result<impl JwsSigner + 'static, E>,
    verifier: Result<impl JwsVerifier + 'static, E>,
) -> (Box<dyn JwsSigner>, Box<dyn JwsVerifier>) {
    (Box::new(signer.unwrap()), Box::new(verifier.unwrap()))
}

fn jwk(value: &Value) -> Jwk {
    Jwk::from_map(value.as_object().unwrap().clone()).unwrap()
}

#[test]
fn josekit_verifies_what_every_key_signs() {
    for key in KEYS.iter() {
        let public = serde_json::to_value(key.public_jwk()).unwrap();
        let (_, verifier) = josekit_key(key, &public);
        let token = key.sign_compact("at+jwt", b"payload").unwrap();
        let (payload, header) = jws::deserialize_compact(&token, &*verifier).unwrap();
        assert_eq!(payload, b"payload", "{}", key.algorithm());
        assert_eq!(header.claim("typ"), Some(&json!("at+jwt")));
    }
}

#[test]
fn every_verifying_key_verifies_what_josekit_signs() {
    for key in KEYS.iter() {
        let public = serde_json::to_value(key.public_jwk()).unwrap();
        let (signer, _) = josekit_key(key, &public);
        let token = jws::serialize_compact(b"payload", &JwsHeader::new(), &*signer).unwrap();
        assert_eq!(Parsed::parse(&token).unwrap().verify(key.verifying_key()), Ok(()), "{}", key.algorithm());
    }
}

#[test]
fn the_header_names_algorithm_key_and_type_and_nothing_else() {
    for key in KEYS.iter() {
        for typ in ["at+jwt", "JWT", "token-introspection+jwt"] {
            let token = key.sign_compact(typ, b"{}").unwrap();
            let header = crate::base64url::decode(token.split('.').next().unwrap()).unwrap();
            let header: Value = serde_json::from_slice(&header).unwrap();
            assert_eq!(header, json!({ "alg": key.algorithm().as_str(), "kid": key.kid(), "typ": typ }));
        }
    }
}

#[test]
fn no_key_verifies_what_another_signed() {
    for signer in KEYS.iter() {
        let token = signer.sign_compact("JWT", b"{}").unwrap();
        for other in KEYS.iter().filter(|other| other.kid() != signer.kid()) {
            assert!(Parsed::parse(&token).unwrap().verify(other.verifying_key()).is_err());
        }
    }
}

#[test]
fn an_access_token_verifies_against_the_published_set() {
    let set = JwkSet { keys: KEYS.iter().map(|key| key.public_jwk().clone()).collect() };
    let published: JwkSet = serde_json::from_str(&serde_json::to_string(&set).unwrap()).unwrap();
    let claims = json!({
        "iss": "i", "aud": "a", "sub": "s", "client_id": "c", "jti": "j", "iat": 100, "exp": 200,
    });
    let expected = Expected { issuer: "i", audience: "a", algorithms: &Algorithm::ALL, leeway_seconds: 0 };
    for key in KEYS.iter() {
        let token = key.sign_compact("at+jwt", claims.to_string().as_bytes()).unwrap();
        assert_eq!(verify_access_token(&published, &token, &expected, 150).unwrap().jti, "j");
    }
}

#[test]
fn the_public_half_is_published_without_a_private_member() {
    for key in KEYS.iter() {
        let public = serde_json::to_value(key.public_jwk()).unwrap();
        let object = public.as_object().unwrap();
        for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(!object.contains_key(member), "{member}");
        }
        assert_eq!(public["kid"], json!(key.public_jwk().thumbprint()));
        assert_eq!((&public["use"], &public["alg"]), (&json!("sig"), &json!(key.algorithm().as_str())));
    }
}

#[test]
fn a_kept_key_comes_back_the_same() {
    for key in KEYS.iter() {
        let again = SigningKey::from_private_bytes(&key.to_private_bytes()).unwrap();
        assert_eq!((again.kid(), again.algorithm()), (key.kid(), key.algorithm()));
        assert_eq!(again.public_jwk(), key.public_jwk());
        let token = again.sign_compact("JWT", b"{}").unwrap();
        assert_eq!(Parsed::parse(&token).unwrap().verify(key.verifying_key()), Ok(()));
    }
}

#[test]
fn eddsa_signs_as_in_rfc_8037_appendix_a_4() {
    let key = SigningKey::from_jwk(ed25519_private().to_string().as_bytes(), None).unwrap();
    let signature = key.signer.sign(b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc").unwrap();
    assert_eq!(
        crate::base64url::encode(&signature),
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    );
}

#[test]
fn pem_keys_of_every_form_are_taken() {
    let p256 = EcKeyPair::generate(EcCurve::P256).unwrap();
    let p384 = EcKeyPair::generate(EcCurve::P384).unwrap();
    let ed = EdKeyPair::generate(EdCurve::Ed25519).unwrap();
    let rsa = RsaKeyPair::from_jwk(&jwk(&private_value(&KEYS[2]))).unwrap();
    let forms = [
        (Algorithm::ES256, p256.to_pem_private_key()),
        (Algorithm::ES256, p256.to_traditional_pem_private_key()),
        (Algorithm::ES384, p384.to_pem_private_key()),
        (Algorithm::ES384, p384.to_traditional_pem_private_key()),
        (Algorithm::EdDSA, ed.to_pem_private_key()),
        (Algorithm::RS256, rsa.to_pem_private_key()),
        (Algorithm::RS256, rsa.to_traditional_pem_private_key()),
        (Algorithm::PS256, rsa.to_pem_private_key()),
    ];
    for (algorithm, pem) in forms {
        let pem = String::from_utf8(pem).unwrap();
        let key = SigningKey::from_pem(&format!("# a note\n{pem}\n\n"), algorithm).unwrap();
        let token = key.sign_compact("JWT", b"{}").unwrap();
        assert_eq!(Parsed::parse(&token).unwrap().verify(key.verifying_key()), Ok(()), "{pem}");
    }
    let parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    let sec1 = String::from_utf8(p256.to_traditional_pem_private_key()).unwrap();
    assert!(SigningKey::from_pem(&format!("{parameters}{sec1}"), Algorithm::ES256).is_ok());
}

#[test]
fn unsuitable_pem_is_refused_with_the_reason() {
    let p256 = EcKeyPair::generate(EcCurve::P256).unwrap();
    let pem = String::from_utf8(p256.to_pem_private_key()).unwrap();
    let refusal = |pem: &str, algorithm| SigningKey::from_pem(pem, algorithm).unwrap_err();
    for algorithm in [Algorithm::ES384, Algorithm::EdDSA, Algorithm::RS256, Algorithm::PS256] {
        assert_eq!(refusal(&pem, algorithm), KeyError::Malformed, "{algorithm}");
    }
    let public = String::from_utf8(p256.to_pem_public_key()).unwrap();
    assert_eq!(refusal(&public, Algorithm::ES256), KeyError::PublicOnly);
    let encrypted = pem.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    assert_eq!(refusal(&encrypted, Algorithm::ES256), KeyError::Encrypted);
    for text in ["", "not a key", &pem[..60], &pem.replace("MI", "AA")] {
        assert_eq!(refusal(text, Algorithm::ES256), KeyError::Malformed, "{text}");
    }
}

#[test]
fn weak_rsa_keys_are_not_imported() {
    let weak = RsaKeyPair::generate(1024).unwrap();
    let pem = String::from_utf8(weak.to_pem_private_key()).unwrap();
    let weak_jwk = serde_json::to_vec(weak.to_jwk_key_pair().as_ref()).unwrap();
    for algorithm in [Algorithm::RS256, Algorithm::PS256] {
        let expected = Some(KeyError::Unsuitable(JwkError::WeakRsa));
        assert_eq!(SigningKey::from_pem(&pem, algorithm).err(), expected);
        assert_eq!(SigningKey::from_jwk(&weak_jwk, Some(algorithm)).err(), expected);
    }
}

#[test]
fn halves_of_different_keys_are_refused() {
    let refusal = |value: Value| SigningKey::from_jwk(value.to_string().as_bytes(), None).unwrap_err();
    let other = private_value(&KEYS[0]);
    assert_eq!(refusal(with(p256_private(), "d", other["d"].clone())), KeyError::Inconsistent);
    let other = private_value(&KEYS[4]);
    assert_eq!(refusal(with(ed25519_private(), "d", other["d"].clone())), KeyError::Inconsistent);
    let (one, other) = (private_value(&KEYS[2]), private_value(&KEYS[3]));
    assert_eq!(refusal(with(one, "n", other["n"].clone())), KeyError::Inconsistent);
}

#[test]
fn unsuitable_jwks_are_refused_with_the_reason() {
    let refusal =
        |value: Value, algorithm| SigningKey::from_jwk(value.to_string().as_bytes(), algorithm).unwrap_err();
    assert_eq!(refusal(p256_public(), None), KeyError::PublicOnly);
    assert_eq!(
        refusal(with(p256_private(), "use", json!("enc")), None),
        KeyError::Unsuitable(JwkError::NotForSignatures)
    );
    assert_eq!(
        refusal(p256_private(), Some(Algorithm::ES384)),
        KeyError::Unsuitable(JwkError::UnsupportedAlgorithm)
    );
    assert_eq!(
        refusal(private_value(&KEYS[2]), Some(Algorithm::PS256)),
        KeyError::Unsuitable(JwkError::UnsupportedAlgorithm)
    );
    let mut unbound = private_value(&KEYS[2]);
    unbound.as_object_mut().unwrap().remove("alg");
    assert_eq!(refusal(unbound.clone(), None), KeyError::AlgorithmNeeded);
    let json = unbound.to_string();
    assert!(SigningKey::from_jwk(json.as_bytes(), Some(Algorithm::PS256)).is_ok());
    assert_eq!(SigningKey::from_jwk(b"{", None).unwrap_err(), KeyError::Malformed);
}

#[test]
fn debug_output_shows_no_private_half() {
    for key in KEYS.iter() {
        let secret = private_value(key)["d"].as_str().unwrap().to_owned();
        let shown = format!("{key:?}");
        assert!(shown.contains(key.kid()) && !shown.contains(&secret), "{shown}");
    }
}

proptest! {
    #[test]
    fn a_token_with_any_character_changed_is_refused(
        which in 0..5usize, position in any::<usize>(), change in 1u8..128,
    ) {
        let key = &KEYS[which];
        let token = key.sign_compact("at+jwt", br#"{"sub":"u1"}"#).unwrap();
        let changed = with_changed_character(&token, position, change);
        let outcome = Parsed::parse(&changed).and_then(|parsed| parsed.verify(key.verifying_key()));
        prop_assert!(outcome.is_err());
    }
}

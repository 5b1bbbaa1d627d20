//! Keys and vectors of the standards, for the tests of this crate.

use ring::signature::Ed25519KeyPair;
use serde_json::{Value, json};

use crate::{JwkSet, PublicJwk, base64url};

/// RFC 8037 appendix A.1, the private key.
const ED25519_D: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

/// RFC 8037 appendix A.2.
pub(crate) fn ed25519_public() -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })
}

/// RFC 8037 appendix A.1.
#[cfg(feature = "issue")]
pub(crate) fn ed25519_private() -> Value {
    with(ed25519_public(), "d", json!(ED25519_D))
}

/// RFC 7515 appendix A.3.1, the public members.
pub(crate) fn p256_public() -> Value {
    json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    })
}

/// RFC 7515 appendix A.3.1, the private member.
#[cfg(feature = "issue")]
pub(crate) fn p256_private() -> Value {
    with(p256_public(), "d", json!("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"))
}

/// RFC 7515 appendix A.2.1, the public members.
pub(crate) fn rsa_public() -> Value {
    json!({
        "kty": "RSA", "e": "AQAB",
        "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT\
              -SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQO\
              S-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q\
              2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
    })
}

/// `object` with one member more, or with that member changed.
pub(crate) fn with(mut object: Value, member: &str, value: Value) -> Value {
    object[member] = value;
    object
}

pub(crate) fn public_key(value: &Value) -> PublicJwk {
    PublicJwk::from_value(value).unwrap()
}

pub(crate) fn key_set(keys: &[Value]) -> JwkSet {
    JwkSet::published(&json!({ "keys": keys })).unwrap()
}

/// A compact serialization of exactly this header and payload, signed with the key of RFC 8037.
pub(crate) fn signed(header: &str, payload: &str) -> String {
    let seed = base64url::decode(ED25519_D).unwrap();
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
    let input = format!("{}.{}", base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes()));
    let signature = base64url::encode(pair.sign(input.as_bytes()).as_ref());
    format!("{input}.{signature}")
}

/// `text` with the character at `position` (counted round and round) changed to another ASCII one.
pub(crate) fn with_changed_character(text: &str, position: usize, change: u8) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let position = position % bytes.len();
    bytes[position] ^= change;
    String::from_utf8(bytes).unwrap()
}

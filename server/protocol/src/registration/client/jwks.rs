//! A client's public keys, registered by value (RFC 7517 §5).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// Members of private and symmetric keys (RFC 7518 §6.2.2, §6.3.2, §6.4; RFC 8037 §2).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Checks a JWK Set; the error says what is wrong, without repeating any of it.
pub(super) fn check(jwks: &Value) -> Result<(), &'static str> {
    let keys = jwks.get("keys").and_then(Value::as_array).ok_or("must be a JWK Set: { keys = [ … ] }")?;
    if !(1..=20).contains(&keys.len()) {
        return Err("must hold 1 to 20 keys");
    }
    let mut kids = Vec::new();
    for key in keys {
        let key = key.as_object().ok_or("every key must be a JWK")?;
        check_key(key)?;
        let kid = key.get("kid").and_then(Value::as_str);
        if kid.is_some() && kids.contains(&kid) {
            return Err("two keys have the same kid");
        }
        kids.push(kid);
    }
    Ok(())
}

fn check_key(key: &Map<String, Value>) -> Result<(), &'static str> {
    // RFC 7591 §2 wants public keys; a private one in a file has been disclosed.
    if PRIVATE.iter().any(|member| key.contains_key(*member)) {
        return Err("holds a private or symmetric key; register the public part only, and replace this key");
    }
    let text = |member| key.get(member).and_then(Value::as_str);
    if text("use").is_some_and(|purpose| purpose != "sig") {
        return Err("holds a key that is not for signatures");
    }
    let size =
        |member| text(member).and_then(|value| URL_SAFE_NO_PAD.decode(value).ok()).map(|bytes| bytes.len());
    let sound = match (text("kty"), text("crv")) {
        (Some("EC"), Some("P-256")) => size("x") == Some(32) && size("y") == Some(32),
        (Some("EC"), Some("P-384")) => size("x") == Some(48) && size("y") == Some(48),
        (Some("OKP"), Some("Ed25519")) => size("x") == Some(32),
        (Some("RSA"), None) => {
            // RFC 7518 §3.3: "A key of size 2048 bits or larger MUST be used with these algorithms."
            size("n").is_some_and(|bytes| (256..=1024).contains(&bytes))
                && size("e").is_some_and(|bytes| bytes <= 8)
        }
        _ => return Err("holds a key of another kind than EC (P-256, P-384), RSA and OKP (Ed25519)"),
    };
    if sound { Ok(()) } else { Err("holds a key whose members are missing, malformed or too short") }
}

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn register(json: Value) -> Result<(Client, Option<Secret<String>>), Vec<FieldError>> {
    serde_json::from_value::<ClientMetadata>(json).unwrap().register()
}

/// A sound web client with `changes` made to it.
fn with(changes: Value) -> Value {
    let mut json = json!({"client_id": "shop", "redirect_uris": ["https://shop.test/cb"], "scope": "openid orders:read"});
    for (name, value) in changes.as_object().unwrap() {
        json[name] = value.clone();
    }
    json
}

fn ec_key() -> Value {
    let x = "A".repeat(43);
    json!({"kty": "EC", "crv": "P-256", "x": x, "y": x, "kid": "1", "use": "sig"})
}

fn jwks(key: Value) -> Value {
    with(json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [key]}}))
}

#[test]
fn defaults_are_those_of_the_standards_and_pkce_is_required() {
    let (client, secret) = register(with(json!({}))).unwrap();
    assert_eq!(client.token_endpoint_auth_method, AuthMethod::ClientSecretBasic);
    assert_eq!(client.grant_types.into_iter().collect::<Vec<_>>(), [GrantType::AuthorizationCode]);
    assert_eq!(client.id_token_signed_response_alg, SigningAlg::RS256);
    assert_eq!((client.require_pkce, client.skip_consent, secret.is_none()), (true, false, true));
    assert_eq!(client.client_name, "shop");
}

#[test]
fn the_documented_example_is_accepted() {
    let (client, secret) = register(json!({
        "client_id": "shop", "client_secret": SECRET, "client_name": "Shop",
        "redirect_uris": ["https://shop.example.test/callback"],
        "post_logout_redirect_uris": ["https://shop.example.test/"],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "client_secret_basic",
        "scope": "openid profile email offline_access orders:read", "require_pkce": true, "skip_consent": false
    }))
    .unwrap();
    assert_eq!(secret.unwrap().expose(), SECRET);
    assert!(client.scope.contains("offline_access"));
}

#[test]
fn a_service_needs_no_redirect_uri() {
    let service = json!({"client_id": "job", "grant_types": ["client_credentials"], "scope": "orders:read"});
    assert!(register(service).is_ok());
}

#[test]
fn faults_name_their_field() {
    for (changes, field) in [
        (json!({"client_id": ""}), "client_id"),
        (json!({"client_id": "a b"}), "client_id"),
        (json!({"client_id": "."}), "client_id"),
        (json!({"client_id": ".."}), "client_id"),
        (json!({"client_name": " "}), "client_name"),
        (json!({"client_name": "a\nb"}), "client_name"),
        (json!({"redirect_uris": []}), "redirect_uris"),
        (json!({"redirect_uris": ["http://shop.test/cb"]}), "redirect_uris"),
        (json!({"redirect_uris": ["com.example.app:/cb"]}), "redirect_uris"),
        (json!({"redirect_uris": ["https://a.test/", "https://a.test/"]}), "redirect_uris"),
        (json!({"post_logout_redirect_uris": ["/bye"]}), "post_logout_redirect_uris"),
        (json!({"post_logout_redirect_uris": ["javascript:alert(1)"]}), "post_logout_redirect_uris"),
        (json!({"grant_types": []}), "grant_types"),
        (json!({"grant_types": ["refresh_token"]}), "grant_types"),
        (json!({"response_types": ["token"]}), "response_types"),
        (json!({"scope": "a\"b"}), "scope"),
        (json!({"client_secret": "short"}), "client_secret"),
        (json!({"client_secret": "ü".repeat(40)}), "client_secret"),
        (json!({"allowed_origins": ["https://a.test/"]}), "allowed_origins"),
        (json!({"allowed_origins": ["http://a.test"]}), "allowed_origins"),
        (json!({"allowed_origins": ["*"]}), "allowed_origins"),
        (json!({"allowed_origins": ["null"]}), "allowed_origins"),
        (json!({"access_token_lifetime": 59}), "access_token_lifetime"),
        (json!({"access_token_lifetime": 86_401}), "access_token_lifetime"),
        (json!({"refresh_token_lifetime": 0}), "refresh_token_lifetime"),
        (
            json!({"refresh_token_lifetime": 100, "refresh_token_idle_lifetime": 101}),
            "refresh_token_idle_lifetime",
        ),
        (json!({"client_uri": "javascript:alert(1)"}), "client_uri"),
        (json!({"tos_uri": "terms"}), "tos_uri"),
        (json!({"second_factor": "required_for_administrators"}), "second_factor"),
        (json!({"token_endpoint_auth_method": "private_key_jwt"}), "jwks"),
    ] {
        let faults = register(with(changes.clone())).expect_err("a fault");
        assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), [field], "{changes}");
    }
}

#[test]
fn all_faults_are_reported_at_once() {
    let faults = register(with(json!({"client_id": "", "scope": "\\", "grant_types": []}))).unwrap_err();
    assert_eq!(faults.len(), 3);
}

#[test]
fn a_public_client_has_pkce_no_secret_and_no_client_credentials() {
    let public = |mut changes: Value| {
        changes["token_endpoint_auth_method"] = json!("none");
        register(with(changes))
    };
    assert!(public(json!({})).unwrap().0.is_public());
    for (changes, field) in [
        (json!({"require_pkce": false}), "require_pkce"),
        (json!({"client_secret": SECRET}), "client_secret"),
        (json!({"grant_types": ["authorization_code", "client_credentials"]}), "grant_types"),
    ] {
        assert_eq!(public(changes).unwrap_err()[0].field, field);
    }
}

#[test]
fn a_confidential_client_may_do_without_pkce() {
    assert!(!register(with(json!({"require_pkce": false}))).unwrap().0.require_pkce);
}

#[test]
fn only_public_keys_are_registered() {
    assert!(register(jwks(ec_key())).is_ok());
    let changed = |member: &str, value: Value| {
        let mut key = ec_key();
        key[member] = value;
        jwks(key)
    };
    for bad in [
        changed("d", json!("A".repeat(43))),
        changed("kty", json!("oct")),
        changed("k", json!("AAAA")),
        changed("crv", json!("secp256k1")),
        changed("x", json!("AAAA")),
        changed("y", Value::Null),
        changed("use", json!("enc")),
        jwks(json!({"kty": "RSA", "n": "A".repeat(171), "e": "AQAB"})),
        jwks(json!("key")),
        with(json!({"jwks": {"keys": []}})),
        with(json!({"jwks": {"keys": [ec_key(), ec_key()]}})),
        with(json!({"jwks": []})),
    ] {
        let faults = register(bad.clone()).expect_err("a fault");
        assert_eq!(faults[0].field, "jwks", "{bad}");
        assert!(!faults[0].message.contains("AAAA"), "{bad}");
    }
    assert!(register(jwks(json!({"kty": "RSA", "n": "A".repeat(342), "e": "AQAB"}))).is_ok());
    assert!(register(jwks(json!({"kty": "OKP", "crv": "Ed25519", "x": "A".repeat(43)}))).is_ok());
}

#[test]
fn no_fault_shows_the_secret() {
    let faults = register(with(json!({"client_secret": "hunter2"}))).unwrap_err();
    assert!(faults.iter().all(|fault| !fault.to_string().contains("hunter2")));
}

#[test]
fn unknown_fields_and_values_are_refused() {
    for changes in [json!({"redirect_uri": "https://a.test"}), json!({"grant_types": ["password"]})] {
        assert!(serde_json::from_value::<ClientMetadata>(with(changes)).is_err());
    }
}

proptest! {
    #[test]
    fn no_registered_client_has_an_unsafe_redirect_uri(
        uri in "(https?|javascript|data|com\\.app):/{0,2}[a-z.@:#*%0-9/]{1,20}",
        public: bool,
    ) {
        let method = if public { "none" } else { "client_secret_basic" };
        let json = with(json!({"redirect_uris": [uri], "token_endpoint_auth_method": method}));
        if let Ok((client, _)) = register(json) {
            let text = client.redirect_uris[0].as_str();
            prop_assert!(text.starts_with("https://") || text.starts_with("http://"));
            prop_assert!(!text.contains(['#', '*', '@']) || Url::parse(text).unwrap().username().is_empty());
        }
    }
}

#[test]
fn a_tier_is_a_lower_case_name() {
    let tier = |name: &str| register(with(json!({ "tier": name }))).map(|(client, _)| client.tier);
    for name in ["gold", "b2b_partners", &"a".repeat(32)] {
        assert_eq!(tier(name).unwrap(), Some(name.into()));
    }
    for name in ["", "Gold", "1st", "_a", "a__b", "a-b", "gold ", "größe", &"a".repeat(33)] {
        let faults = tier(name).unwrap_err();
        assert_eq!(faults.len(), 1, "{name}");
        assert_eq!(faults[0].field, "tier");
    }
}

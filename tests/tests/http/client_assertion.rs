//! `private_key_jwt` (RFC 7523 §3, OpenID Connect Core §9). Assertions are made by a library that is not ours.

use crate::client_key::{ClientKey, FOREIGN, REGISTERED};
use crate::world::{World, refused};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, Header, encode};
use serde_json::{Value, json};
use signet_tests::{Answer, FakeClock};

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

async fn world() -> World {
    World::at(FakeClock::still(), &declared()).await
}

fn declared() -> String {
    let jwks = toml::Value::try_from(json!({ "keys": [REGISTERED.public] })).unwrap();
    format!(
        r#"
        [[clients]]
        client_id = "signed"
        token_endpoint_auth_method = "private_key_jwt"
        grant_types = ["client_credentials"]
        scope = "orders:read"
        jwks = {jwks}
        "#
    )
}

/// Good claims, each time with another `jti`.
fn claims(world: &World) -> Value {
    let now = world.server.clock().now().timestamp();
    json!({
        "iss": "signed", "sub": "signed", "aud": world.server.issuer(),
        "exp": now + 60, "iat": now, "jti": signet_tests::Pkce::new().verifier,
    })
}

fn header(kid: Option<&str>) -> Header {
    Header { kid: kid.map(str::to_owned), ..Header::new(Algorithm::ES256) }
}

fn signed(claims: &Value, key: &ClientKey) -> String {
    encode(&header(Some("key-1")), claims, &key.private).unwrap()
}

async fn send(world: &World, assertion: &str, more: &[(&str, &str)]) -> Answer {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", JWT_BEARER),
        ("client_assertion", assertion),
    ];
    let form = [&form, more].concat();
    world.server.http.post(world.endpoint("token_endpoint")).form(&form).send().await
}

/// Sends claims that differ from good ones in one member.
async fn send_with(world: &World, name: &str, value: Value) -> Answer {
    let mut claims = claims(world);
    if value.is_null() {
        claims.as_object_mut().unwrap().remove(name);
    } else {
        claims[name] = value;
    }
    send(world, &signed(&claims, &REGISTERED), &[]).await
}

#[tokio::test]
async fn an_assertion_by_the_registered_key_authenticates() {
    let world = world().await;
    send(&world, &signed(&claims(&world), &REGISTERED), &[]).await.expect_status(200);
    let named = [("client_id", "signed")];
    send(&world, &signed(&claims(&world), &REGISTERED), &named).await.expect_status(200);
    // RFC 7515 §4.1.4: `kid` is optional.
    let nameless = encode(&header(None), &claims(&world), &REGISTERED.private).unwrap();
    send(&world, &nameless, &[]).await.expect_status(200);
}

#[tokio::test]
async fn the_audience_is_the_issuer_or_the_token_endpoint() {
    let world = world().await;
    let (issuer, endpoint) = (world.server.issuer(), world.endpoint("token_endpoint").to_owned());
    for good in [json!(issuer), json!(endpoint), json!(["https://else.example.test", issuer])] {
        send_with(&world, "aud", good).await.expect_status(200);
    }
    let slash = format!("{issuer}/");
    for bad in [json!("https://else.example.test"), json!([]), json!(slash), json!(1), Value::Null] {
        refused(&send_with(&world, "aud", bad).await, 401, "invalid_client");
    }
}

#[tokio::test]
async fn a_replayed_jti_is_refused() {
    let world = world().await;
    let assertion = signed(&claims(&world), &REGISTERED);
    send(&world, &assertion, &[]).await.expect_status(200);
    refused(&send(&world, &assertion, &[]).await, 401, "invalid_client");
    world.advance(59);
    refused(&send(&world, &assertion, &[]).await, 401, "invalid_client");
    // The same identifier in another assertion is a replay, too.
    send_with(&world, "jti", json!("same")).await.expect_status(200);
    refused(&send_with(&world, "jti", json!("same")).await, 401, "invalid_client");
}

#[tokio::test]
async fn one_of_parallel_uses_of_an_assertion_succeeds() {
    let world = world().await;
    let assertion = signed(&claims(&world), &REGISTERED);
    let answers = futures_util::future::join_all((0..20).map(|_| send(&world, &assertion, &[]))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    answers
        .iter()
        .filter(|answer| answer.status != 200)
        .for_each(|answer| refused(answer, 401, "invalid_client"));
}

#[tokio::test]
async fn an_assertion_without_jti_or_exp_is_refused() {
    let world = world().await;
    for (name, value) in [
        ("jti", Value::Null),
        ("jti", json!("")),
        ("jti", json!("x".repeat(257))),
        ("jti", json!(7)),
        ("exp", Value::Null),
        ("exp", json!("tomorrow")),
    ] {
        refused(&send_with(&world, name, value).await, 401, "invalid_client");
    }
}

#[tokio::test]
async fn an_assertion_is_refused_outside_its_time() {
    let world = world().await;
    let now = world.server.clock().now().timestamp();
    for (name, seconds) in
        [("exp", now - 1), ("exp", now), ("exp", now + 3600), ("nbf", now + 300), ("iat", now + 300)]
    {
        refused(&send_with(&world, name, json!(seconds)).await, 401, "invalid_client");
    }
    let assertion = signed(&claims(&world), &REGISTERED);
    world.advance(61);
    refused(&send(&world, &assertion, &[]).await, 401, "invalid_client");
}

#[tokio::test]
async fn issuer_and_subject_are_both_the_client() {
    let world = world().await;
    for (name, value) in
        [("iss", json!("web")), ("sub", json!("web")), ("iss", Value::Null), ("sub", Value::Null)]
    {
        refused(&send_with(&world, name, value).await, 401, "invalid_client");
    }
    let named = [("client_id", "web")];
    refused(&send(&world, &signed(&claims(&world), &REGISTERED), &named).await, 401, "invalid_client");
}

#[tokio::test]
async fn a_signature_by_another_key_is_refused() {
    let world = world().await;
    refused(&send(&world, &signed(&claims(&world), &FOREIGN), &[]).await, 401, "invalid_client");
    let unknown = encode(&header(Some("key-2")), &claims(&world), &REGISTERED.private).unwrap();
    refused(&send(&world, &unknown, &[]).await, 401, "invalid_client");
}

/// RFC 7518 §3.6 and RFC 8725 §3.1: neither an unsigned assertion nor one "signed" with the public key.
#[tokio::test]
async fn algorithms_that_prove_nothing_are_refused() {
    let world = world().await;
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let payload = part(&claims(&world));
    for (alg, signature) in [("none", ""), ("None", ""), ("HS256", "AAAA"), ("ES256", ""), ("ES384", "AAAA")]
    {
        let assertion = format!("{}.{payload}.{signature}", part(&json!({ "alg": alg, "kid": "key-1" })));
        refused(&send(&world, &assertion, &[]).await, 401, "invalid_client");
    }
    let secret = jsonwebtoken::EncodingKey::from_secret(REGISTERED.public.to_string().as_bytes());
    let symmetric = encode(&Header::new(Algorithm::HS256), &claims(&world), &secret).unwrap();
    refused(&send(&world, &symmetric, &[]).await, 401, "invalid_client");
}

/// RFC 7515 §4.1.3, §4.1.11: keys come from the registration, and unknown critical headers are not understood.
#[tokio::test]
async fn a_key_or_a_critical_extension_in_the_header_is_not_believed() {
    let world = world().await;
    let own_key = serde_json::from_value(FOREIGN.public.clone()).unwrap();
    let carried = Header { jwk: Some(own_key), ..header(None) };
    let assertion = encode(&carried, &claims(&world), &FOREIGN.private).unwrap();
    refused(&send(&world, &assertion, &[]).await, 401, "invalid_client");
}

#[tokio::test]
async fn an_assertion_needs_its_type() {
    let world = world().await;
    let assertion = signed(&claims(&world), &REGISTERED);
    let post = |form: Vec<(&'static str, String)>| {
        let call = world.server.http.post(world.endpoint("token_endpoint"));
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        call.form(&form).send()
    };
    let grant_type = ("grant_type", "client_credentials".to_owned());
    let bare = post(vec![grant_type.clone(), ("client_assertion", assertion.clone())]).await;
    refused(&bare, 400, "invalid_request");
    let saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer".to_owned();
    let other =
        post(vec![grant_type, ("client_assertion", assertion), ("client_assertion_type", saml)]).await;
    refused(&other, 401, "invalid_client");
}

#[tokio::test]
async fn a_client_with_keys_cannot_fall_back_to_its_name_or_a_secret() {
    let world = world().await;
    let form = [("grant_type", "client_credentials")];
    refused(&world.token("signed", &form).await, 401, "invalid_client");
    let named = [form[0], ("client_id", "signed")];
    let answer = world.server.http.post(world.endpoint("token_endpoint")).form(&named).send().await;
    refused(&answer, 401, "invalid_client");
}

/// OpenID Connect Core §9 and RFC 7009 §2.1: the same methods hold at the other endpoints.
#[tokio::test]
async fn assertions_authenticate_at_introspection_and_revocation_too() {
    let world = world().await;
    let send = |endpoint: &'static str, token: String, assertion: String| {
        let form = [
            ("token", token.as_str()),
            ("client_assertion_type", JWT_BEARER),
            ("client_assertion", assertion.as_str()),
        ];
        world.server.http.post(world.endpoint(endpoint)).form(&form).send()
    };
    let fresh = || signed(&claims(&world), &REGISTERED);
    let form = [("client_assertion_type", JWT_BEARER), ("grant_type", "client_credentials")];
    let assertion = fresh();
    let call = world.server.http.post(world.endpoint("token_endpoint"));
    let answer = call.form(&[form[0], form[1], ("client_assertion", &assertion)]).send().await;
    let token = answer.expect_status(200).field("access_token");
    // Spent at one endpoint, it is spent at all.
    let replayed = send("introspection_endpoint", token.clone(), assertion).await;
    refused(&replayed, 401, "invalid_client");
    let active = send("introspection_endpoint", token.clone(), fresh()).await.expect_status(200);
    assert_eq!(active.json()["active"], true);
    send("revocation_endpoint", token.clone(), fresh()).await.expect_status(200);
    let after = send("introspection_endpoint", token, fresh()).await.expect_status(200);
    assert_eq!(after.json(), json!({ "active": false }));
}

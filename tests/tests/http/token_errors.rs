//! The token endpoint's refusals (RFC 6749 §5.2), and what surrounds every answer.

use crate::world::{Code, World, not_stored, refused};
use insta::assert_json_snapshot;
use reqwest::Method;

const CLIENT_CREDENTIALS: (&str, &str) = ("grant_type", "client_credentials");

#[tokio::test]
async fn a_missing_parameter_is_invalid_request() {
    let world = World::start().await;
    for form in [
        &[][..],
        &[("scope", "orders:read")],
        &[("grant_type", "authorization_code")],
        &[("grant_type", "refresh_token")],
        // RFC 6749 §3.1: "Parameters sent without a value MUST be treated as if they were omitted from the request."
        &[("grant_type", "")],
        &[("grant_type", "authorization_code"), ("code", "")],
    ] {
        refused(&world.token("web", form).await, 400, "invalid_request");
    }
}

#[tokio::test]
async fn a_repeated_parameter_is_invalid_request() {
    let world = World::start().await;
    for repeated in [("grant_type", "client_credentials"), ("scope", "orders:read"), ("anything", "x")] {
        let answer = world.token("web", &[CLIENT_CREDENTIALS, repeated, repeated]).await;
        refused(&answer, 400, "invalid_request");
    }
}

#[tokio::test]
async fn an_unknown_parameter_is_ignored() {
    let world = World::start().await;
    let form = [CLIENT_CREDENTIALS, ("scope", "orders:read"), ("unheard_of", "x")];
    world.token("web", &form).await.expect_status(200);
}

#[tokio::test]
async fn an_unknown_grant_type_is_unsupported() {
    let world = World::start().await;
    for grant_type in
        ["password", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer", "Client_Credentials"]
    {
        let answer = world.token("web", &[("grant_type", grant_type)]).await;
        refused(&answer, 400, "unsupported_grant_type");
    }
}

#[tokio::test]
async fn a_grant_type_that_is_not_registered_makes_an_unauthorized_client() {
    let world = World::start().await;
    for (client, form) in [
        ("other", &[CLIENT_CREDENTIALS][..]),
        ("spa", &[CLIENT_CREDENTIALS]),
        ("stranger", &[("grant_type", "authorization_code"), ("code", "x")]),
        ("legacy", &[("grant_type", "refresh_token"), ("refresh_token", "x")]),
    ] {
        refused(&world.token(client, form).await, 400, "unauthorized_client");
    }
}

#[tokio::test]
async fn a_scope_that_is_unknown_malformed_or_not_registered_is_invalid_scope() {
    let world = World::start().await;
    for scope in ["unheard:of", "orders:read unheard:of", "openid", "offline_access", "a\"b", "a\\b", "é"] {
        let answer = world.token("web", &[CLIENT_CREDENTIALS, ("scope", scope)]).await;
        refused(&answer, 400, "invalid_scope");
    }
    let answer = world.token("orders-api", &[CLIENT_CREDENTIALS, ("scope", "orders:write")]).await;
    refused(&answer, 400, "invalid_scope");
}

#[tokio::test]
async fn an_unknown_code_or_refresh_token_is_invalid_grant() {
    let world = World::start().await;
    let code = [("grant_type", "authorization_code"), ("code", "unheard-of"), ("code_verifier", "x")];
    refused(&world.token("web", &code).await, 400, "invalid_grant");
    for token in ["unheard-of", "", ".", "AAAA", "é", &"A".repeat(4000)] {
        let answer = world.refresh("web", token).await;
        let error = if token.is_empty() { "invalid_request" } else { "invalid_grant" };
        refused(&answer, 400, error);
    }
}

#[tokio::test]
async fn an_unknown_client_is_invalid_client() {
    let world = World::start().await;
    refused(&world.token("nobody", &[CLIENT_CREDENTIALS]).await, 401, "invalid_client");
}

/// RFC 6749 §5.1: "… with a value of "no-store" in any response containing tokens, credentials, or other sensitive
/// information, as well as the "Pragma" response header field with a value of "no-cache"."
#[tokio::test]
async fn tokens_stay_out_of_caches() {
    let world = World::start().await;
    let answer = world.token("web", &[CLIENT_CREDENTIALS, ("scope", "orders:read")]).await.expect_status(200);
    not_stored(&answer);
    assert_eq!(answer.header("content-type").as_deref(), Some("application/json"));
    let body = answer.json();
    assert_eq!(
        (&body["token_type"], &body["expires_in"], &body["scope"]),
        (&"Bearer".into(), &600.into(), &"orders:read".into())
    );
    // RFC 6749 §4.4.3: "A refresh token SHOULD NOT be included."
    assert!(body.get("refresh_token").is_none() && body.get("id_token").is_none(), "{body}");
}

#[tokio::test]
async fn every_answer_carries_its_own_request_id() {
    let world = World::start().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(world.token("web", &[CLIENT_CREDENTIALS]).await.header("x-request-id").unwrap());
        ids.push(world.server.http.get(world.endpoint("jwks_uri")).await.header("x-request-id").unwrap());
    }
    let given = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), given, "{ids:?}");
    let call = world.server.http.post(world.endpoint("token_endpoint")).header("x-request-id", "mine");
    assert_ne!(call.form(&[]).send().await.header("x-request-id").as_deref(), Some("mine"));
}

/// RFC 6749 §3.2: "The client MUST use the HTTP "POST" method when making access token requests."
#[tokio::test]
async fn other_methods_than_post_are_not_allowed() {
    let world = World::start().await;
    for (endpoint, allowed) in [
        ("token_endpoint", "POST, OPTIONS"),
        ("introspection_endpoint", "POST"),
        ("revocation_endpoint", "POST, OPTIONS"),
    ] {
        for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH] {
            let answer = world.server.http.call(method, world.endpoint(endpoint)).send().await;
            assert_eq!(answer.status, 405, "{endpoint}");
            assert_eq!(answer.header("allow").as_deref(), Some(allowed), "{endpoint}");
        }
    }
}

/// RFC 6749 §3.2: "Parameters … MUST NOT be included in the request URI": they are not read there.
#[tokio::test]
async fn parameters_in_the_url_are_not_read() {
    let world = World::start().await;
    let url = format!("{}?grant_type=client_credentials", world.endpoint("token_endpoint"));
    let answer = world.server.http.post(url).basic("web", crate::world::SECRET).form(&[]).send().await;
    refused(&answer, 400, "invalid_request");
}

#[tokio::test]
async fn error_bodies_say_the_same_each_time() {
    let world = World::start().await;
    let code: Code = world.code("web", "openid").await;
    let verifier = "x".repeat(43);
    for (name, form) in [
        ("invalid_request", vec![]),
        ("unsupported_grant_type", vec![("grant_type", "password")]),
        ("invalid_scope", vec![CLIENT_CREDENTIALS, ("scope", "unheard:of")]),
        ("invalid_target", vec![CLIENT_CREDENTIALS, ("resource", "https://unheard.example.test")]),
        ("invalid_grant", code.form_with("code_verifier", &verifier)),
    ] {
        let answer = world.token("web", &form).await;
        refused(&answer, 400, name);
        assert_json_snapshot!(name, answer.json(), { ".request_id" => "[id]" });
    }
    let answer = world.token("nobody", &[CLIENT_CREDENTIALS]).await;
    assert_json_snapshot!("invalid_client", answer.json(), { ".request_id" => "[id]" });
    let answer = world.token("other", &[CLIENT_CREDENTIALS]).await;
    assert_json_snapshot!("unauthorized_client", answer.json(), { ".request_id" => "[id]" });
}

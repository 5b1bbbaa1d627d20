//! Introspection (RFC 7662): who may ask about what, and what the answer holds.

use crate::world::{OFFLINE, ORDERS, World, not_stored, refused};
use insta::assert_json_snapshot;
use serde_json::json;

#[tokio::test]
async fn a_client_learns_about_its_own_access_token() {
    let world = World::still().await;
    let now = world.server.clock().now().timestamp();
    let token = world.sign_in("web", "openid orders:read").await.field("access_token");
    let answer = world.post("introspection_endpoint", "web", &[("token", &token)]).await.expect_status(200);
    not_stored(&answer);
    assert_eq!(answer.header("content-type").as_deref(), Some("application/json"));
    let body = answer.json();
    assert_eq!(body["active"], true);
    assert_eq!(body["client_id"], "web");
    assert_eq!(body["aud"], json!([ORDERS, world.server.issuer()]));
    assert_eq!((body["iat"].as_i64(), body["exp"].as_i64()), (Some(now), Some(now + 600)));
    assert_json_snapshot!("active", body, {
        ".iss" => "[issuer]", ".aud[1]" => "[issuer]", ".sub" => "[id]", ".jti" => "[id]",
        ".iat" => "[time]", ".exp" => "[time]", ".auth_time" => "[time]",
    });
}

/// RFC 7662 §2.2: "… SHOULD NOT include any additional information about an inactive token".
#[tokio::test]
async fn an_inactive_token_is_only_that() {
    let world = World::start().await;
    let genuine = world.client_token("orders-api", &[]).await;
    let (head, _) = genuine.rsplit_once('.').unwrap();
    for token in
        ["nonsense", "a.b.c", &format!("{head}.AAAA"), &genuine[..genuine.len() - 2], &"x".repeat(5000)]
    {
        assert_eq!(world.introspect("web", token).await, json!({ "active": false }), "{token}");
    }
}

#[tokio::test]
async fn the_apis_introspection_clients_learn_about_its_tokens_and_of_no_others() {
    let world = World::start().await;
    let orders = world.client_token("web", &[("scope", "orders:read")]).await;
    let billing = world.client_token("web", &[("scope", "billing:read")]).await;
    assert_eq!(world.introspect("orders-api", &orders).await["active"], true);
    assert_eq!(world.introspect("orders-api", &billing).await, json!({ "active": false }));
    assert_eq!(world.introspect("stranger", &orders).await, json!({ "active": false }));
    let person = world.sign_in("web", "openid").await.field("access_token");
    assert_eq!(world.introspect("orders-api", &person).await, json!({ "active": false }));
}

#[tokio::test]
async fn a_refresh_token_is_only_its_own_clients_business() {
    let world = World::start().await;
    let token = world.sign_in("web", "openid offline_access orders:read").await.field("refresh_token");
    let own = world.introspect("web", &token).await;
    assert_eq!((&own["active"], &own["client_id"]), (&json!(true), &json!("web")), "{own}");
    for caller in ["other", "orders-api"] {
        assert_eq!(world.introspect(caller, &token).await, json!({ "active": false }), "{caller}");
    }
}

#[tokio::test]
async fn a_used_refresh_token_is_inactive() {
    let world = World::start().await;
    let first = world.sign_in("web", OFFLINE).await.field("refresh_token");
    let second = world.refresh("web", &first).await.expect_status(200).field("refresh_token");
    assert!(!world.is_active(&first).await && world.is_active(&second).await);
}

#[tokio::test]
async fn an_expired_token_is_inactive() {
    let world = World::still().await;
    let token = world.client_token("web", &[("scope", "orders:read")]).await;
    world.advance(599);
    assert!(world.is_active(&token).await);
    world.advance(1);
    assert!(!world.is_active(&token).await);
}

/// RFC 7662 §2.1: "To prevent token scanning attacks, the endpoint MUST also require some form of authorization".
#[tokio::test]
async fn a_public_client_is_refused() {
    let world = World::start().await;
    let token = world.sign_in("spa", "openid").await.field("access_token");
    refused(&world.post("introspection_endpoint", "spa", &[("token", &token)]).await, 401, "invalid_client");
    let nobody = world.server.http.post(world.endpoint("introspection_endpoint")).form(&[("token", &token)]);
    refused(&nobody.send().await, 401, "invalid_client");
    // RFC 7662 §2.1 allows a bearer token as authorization; here it is none.
    let bearer = world.server.http.post(world.endpoint("introspection_endpoint")).bearer(&token);
    refused(&bearer.form(&[("token", &token)]).send().await, 401, "invalid_client");
}

#[tokio::test]
async fn a_request_without_a_token_or_with_two_is_invalid_request() {
    let world = World::start().await;
    for form in [&[][..], &[("token", "")], &[("token", "a"), ("token", "b")]] {
        refused(&world.post("introspection_endpoint", "web", form).await, 400, "invalid_request");
    }
}

/// RFC 7662 §2.1: a hint is a hint.
#[tokio::test]
async fn a_wrong_or_unknown_hint_changes_nothing() {
    let world = World::start().await;
    let answer = world.sign_in("web", OFFLINE).await;
    for token in [answer.field("access_token"), answer.field("refresh_token")] {
        for hint in ["access_token", "refresh_token", "saml_token"] {
            let form = [("token", token.as_str()), ("token_type_hint", hint)];
            let answer = world.post("introspection_endpoint", "web", &form).await.expect_status(200);
            assert_eq!(answer.json()["active"], true, "{hint}");
        }
    }
}

#[tokio::test]
async fn an_id_token_is_no_token_to_introspect() {
    let world = World::start().await;
    let token = world.sign_in("web", "openid").await.field("id_token");
    assert_eq!(world.introspect("web", &token).await, json!({ "active": false }));
}

#[tokio::test]
async fn what_introspection_tells_is_not_for_scripts_of_other_origins() {
    let world = World::start().await;
    let call = world.server.http.post(world.endpoint("introspection_endpoint"));
    let call = call.basic("web", crate::world::SECRET).header("origin", "https://web.example.test");
    let answer = call.form(&[("token", "x")]).send().await.expect_status(200);
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

//! Whom a token is for (RFC 8707, RFC 9068 §3): one API, and userinfo beside it for `openid`.

use crate::world::{BILLING, ORDERS, World, audience_of, refused, scope_of};

const CLIENT_CREDENTIALS: (&str, &str) = ("grant_type", "client_credentials");

#[tokio::test]
async fn a_token_is_for_the_only_api_that_its_scope_belongs_to() {
    let world = World::start().await;
    let token = world.client_token("web", &[("scope", "orders:read orders:write")]).await;
    assert_eq!(audience_of(&token), [ORDERS]);
    let token = world.client_token("web", &[("scope", "billing:read")]).await;
    assert_eq!(audience_of(&token), [BILLING]);
}

#[tokio::test]
async fn scopes_of_several_apis_need_a_resource() {
    let world = World::start().await;
    refused(&world.token("web", &[CLIENT_CREDENTIALS]).await, 400, "invalid_target");
    let scope = ("scope", "orders:read billing:read");
    refused(&world.token("web", &[CLIENT_CREDENTIALS, scope]).await, 400, "invalid_target");
    for (resource, own) in [(ORDERS, "orders:read"), (BILLING, "billing:read")] {
        let token = world.client_token("web", &[scope, ("resource", resource)]).await;
        assert_eq!(audience_of(&token), [resource]);
        // The other API's scope would say more than the token can do.
        assert_eq!(scope_of(&token), [own]);
    }
}

#[tokio::test]
async fn a_resource_that_is_unknown_malformed_or_without_scope_is_invalid_target() {
    let world = World::start().await;
    let scope = ("scope", "orders:read");
    for resource in [
        "https://unheard.example.test",
        "https://orders.example.test/",
        "https://orders.example.test#fragment",
        "orders",
        "/relative",
        BILLING,
    ] {
        let form = [CLIENT_CREDENTIALS, scope, ("resource", resource)];
        refused(&world.token("web", &form).await, 400, "invalid_target");
    }
}

/// Architecture: a token that two APIs accept could be replayed by each of them at the other.
#[tokio::test]
async fn two_resources_for_one_token_are_invalid_target() {
    let world = World::start().await;
    let form = [CLIENT_CREDENTIALS, ("resource", ORDERS), ("resource", BILLING)];
    refused(&world.token("web", &form).await, 400, "invalid_target");
    let same = [CLIENT_CREDENTIALS, ("resource", ORDERS), ("resource", ORDERS)];
    let token = world.token("web", &same).await.expect_status(200).field("access_token");
    assert_eq!(audience_of(&token), [ORDERS]);
}

#[tokio::test]
async fn with_openid_the_issuer_is_an_audience_too() {
    let world = World::start().await;
    let issuer = world.server.issuer();
    let only = world.sign_in("web", "openid profile").await.field("access_token");
    assert_eq!(audience_of(&only), std::slice::from_ref(&issuer));
    let both = world.sign_in("web", "openid orders:read").await.field("access_token");
    assert_eq!(audience_of(&both), [ORDERS.to_owned(), issuer]);
    let api = world.sign_in("web", "orders:read").await.field("access_token");
    assert_eq!(audience_of(&api), [ORDERS]);
}

/// RFC 8707 §2.2: one grant, and for each of its APIs a token of its own.
#[tokio::test]
async fn a_grant_gives_a_token_for_each_of_its_apis_in_turn() {
    let world = World::start().await;
    let code = world.code("web", "offline_access orders:read billing:read").await;
    refused(&world.token("web", &code.form()).await, 400, "invalid_target");
    // A refusal for the target has not spent the code.
    let form = code.form_with("resource", ORDERS);
    let first = world.token("web", &form).await.expect_status(200);
    assert_eq!(audience_of(&first.field("access_token")), [ORDERS]);
    let mut refresh = first.field("refresh_token");
    for resource in [BILLING, ORDERS, BILLING] {
        let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh), ("resource", resource)];
        let next = world.token("web", &form).await.expect_status(200);
        assert_eq!(audience_of(&next.field("access_token")), [resource]);
        refresh = next.field("refresh_token");
    }
    // Nor does it rotate the refresh token.
    refused(&world.refresh("web", &refresh).await, 400, "invalid_target");
    let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh), ("resource", ORDERS)];
    world.token("web", &form).await.expect_status(200);
}

/// RFC 8707 §2.2: "… the resource(s) … are a subset of those originally granted".
#[tokio::test]
async fn a_resource_that_was_not_authorized_is_invalid_target() {
    let world = World::start().await;
    let request = world.request("web", "orders:read billing:read").and("resource", ORDERS);
    let code = world.authorize(&world.server.browser(), request).await;
    refused(&world.token("web", &code.form_with("resource", BILLING)).await, 400, "invalid_target");
    let token = world.token("web", &code.form()).await.expect_status(200).field("access_token");
    assert_eq!(
        (audience_of(&token), scope_of(&token)),
        (vec![ORDERS.to_owned()], vec!["orders:read".to_owned()])
    );
}

/// RFC 8707 §2: "`invalid_target`: The requested resource is invalid, missing, unknown, or malformed."
#[tokio::test]
async fn the_authorization_request_refuses_a_bad_resource_too() {
    let world = World::start().await;
    for resource in ["https://unheard.example.test", "https://orders.example.test#x", "relative"] {
        let request = world.request("web", "orders:read").and("resource", resource);
        let callback = world.server.browser().get(request.url()).await.callback();
        assert_eq!(callback.error(), "invalid_target", "{resource}");
    }
}

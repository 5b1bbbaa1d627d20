//! Revocation (RFC 7009).

use crate::world::{OFFLINE, World, not_stored, refused};
use sea_orm::{ConnectionTrait as _, Database, Statement};

/// RFC 7009 §2.1: "If the particular token is a refresh token … the authorization server SHOULD also invalidate all access
/// tokens based on the same authorization grant".
#[tokio::test]
async fn a_revoked_refresh_token_ends_its_grant_and_its_access_tokens() {
    let world = World::start().await;
    let tokens = world.sign_in("web", OFFLINE).await;
    let (access, refresh) = (tokens.field("access_token"), tokens.field("refresh_token"));
    world.revoke("web", &refresh).await;
    assert!(!world.is_active(&access).await && !world.is_active(&refresh).await);
    assert_eq!(world.userinfo(&access).await.status, 401);
    refused(&world.refresh("web", &refresh).await, 400, "invalid_grant");
}

#[tokio::test]
async fn an_earlier_generation_ends_the_grant_too() {
    let world = World::start().await;
    let first = world.sign_in("web", OFFLINE).await.field("refresh_token");
    let second = world.refresh("web", &first).await.expect_status(200).field("refresh_token");
    let third = world.refresh("web", &second).await.expect_status(200);
    world.revoke("web", &first).await;
    assert!(!world.is_active(&third.field("access_token")).await);
    refused(&world.refresh("web", &third.field("refresh_token")).await, 400, "invalid_grant");
}

#[tokio::test]
async fn a_revoked_access_token_ends_only_itself() {
    let world = World::start().await;
    let tokens = world.sign_in("web", OFFLINE).await;
    let (access, refresh) = (tokens.field("access_token"), tokens.field("refresh_token"));
    world.revoke("web", &access).await;
    assert!(!world.is_active(&access).await);
    assert_eq!(world.userinfo(&access).await.status, 401);
    let next = world.refresh("web", &refresh).await.expect_status(200).field("access_token");
    assert!(world.is_active(&next).await);
}

#[tokio::test]
async fn a_clients_own_token_can_be_revoked() {
    let world = World::start().await;
    let [one, two] = ["orders:read"; 2].map(|scope| [("scope", scope)]);
    let (one, two) = (world.client_token("web", &one).await, world.client_token("web", &two).await);
    world.revoke("web", &one).await;
    assert!(!world.is_active(&one).await && world.is_active(&two).await);
}

/// RFC 7009 §2.1: the server "verifies whether the token was issued to the client making the revocation request".
#[tokio::test]
async fn another_clients_token_is_left_alone() {
    let world = World::start().await;
    let tokens = world.sign_in("web", OFFLINE).await;
    let (access, refresh) = (tokens.field("access_token"), tokens.field("refresh_token"));
    for stranger in ["other", "spa", "orders-api"] {
        world.revoke(stranger, &access).await;
        world.revoke(stranger, &refresh).await;
    }
    assert!(world.is_active(&access).await && world.is_active(&refresh).await);
    world.refresh("web", &refresh).await.expect_status(200);
}

/// RFC 7009 §2.2: "The authorization server responds with HTTP status code 200 if the token has been revoked successfully or
/// if the client submitted an invalid token."
#[tokio::test]
async fn an_unknown_malformed_or_revoked_token_is_answered_with_200() {
    let world = World::start().await;
    let token = world.client_token("web", &[("scope", "orders:read")]).await;
    for token in ["nonsense", "a.b.c", &token, &token, &"x".repeat(5000)] {
        let answer = world.post("revocation_endpoint", "web", &[("token", token)]).await.expect_status(200);
        assert!(answer.body.is_empty());
        not_stored(&answer);
    }
}

#[tokio::test]
async fn revoking_a_token_again_leaves_no_more_rows() {
    let world = World::start().await;
    let database = Database::connect(world.server.settings().get("database.url")).await.unwrap();
    let rows = async || {
        let query = "SELECT (SELECT COUNT(*) FROM changes WHERE kind = 'token_revoked') + \
             (SELECT COUNT(*) FROM audit WHERE event = 'token_revoked') AS n";
        let query = Statement::from_string(database.get_database_backend(), query);
        database.query_one_raw(query).await.unwrap().unwrap().try_get::<i64>("", "n").unwrap()
    };
    let token = world.sign_in("spa", OFFLINE).await.field("access_token");
    for _ in 0..3 {
        world.revoke("spa", &token).await;
        assert_eq!(rows().await, 2);
    }
}

/// RFC 7009 §2.1: "… the authorization server MUST extend its search across all of its supported token types."
#[tokio::test]
async fn a_wrong_or_unknown_hint_changes_nothing() {
    let world = World::start().await;
    for hint in ["access_token", "refresh_token", "unheard_of"] {
        let tokens = world.sign_in("web", OFFLINE).await;
        for token in [tokens.field("access_token"), tokens.field("refresh_token")] {
            assert!(world.is_active(&token).await);
            let form = [("token", token.as_str()), ("token_type_hint", hint)];
            world.post("revocation_endpoint", "web", &form).await.expect_status(200);
            assert!(!world.is_active(&token).await, "{hint}");
        }
    }
}

/// RFC 7009 §2.1: public clients revoke their tokens by naming themselves.
#[tokio::test]
async fn a_public_client_revokes_its_own_tokens() {
    let world = World::start().await;
    let tokens = world.sign_in("spa", OFFLINE).await;
    world.revoke("spa", &tokens.field("refresh_token")).await;
    refused(&world.refresh("spa", &tokens.field("refresh_token")).await, 400, "invalid_grant");
    assert_eq!(world.userinfo(&tokens.field("access_token")).await.status, 401);
}

#[tokio::test]
async fn a_request_without_authentication_or_token_is_refused() {
    let world = World::start().await;
    let call = world.server.http.post(world.endpoint("revocation_endpoint"));
    refused(&call.form(&[("token", "x")]).send().await, 401, "invalid_client");
    for form in [&[][..], &[("token", "")], &[("token", "a"), ("token", "b")]] {
        refused(&world.post("revocation_endpoint", "web", form).await, 400, "invalid_request");
    }
}

#[tokio::test]
async fn what_was_revoked_stays_so_after_a_restart() {
    let world = World::start().await;
    let token = world.client_token("web", &[("scope", "orders:read")]).await;
    let tokens = world.sign_in("web", OFFLINE).await;
    world.revoke("web", &token).await;
    world.revoke("web", &tokens.field("refresh_token")).await;
    let settings = world.server.settings().clone();
    world.server.stop().await;
    let world = World { server: signet_tests::TestServer::start(settings).await };
    assert!(!world.is_active(&token).await);
    assert!(!world.is_active(&tokens.field("access_token")).await);
    refused(&world.refresh("web", &tokens.field("refresh_token")).await, 400, "invalid_grant");
    assert!(world.is_active(&world.client_token("web", &[("scope", "orders:read")]).await).await);
}

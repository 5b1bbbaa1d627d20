//! Redeeming codes (RFC 6749 §4.1.2, §4.1.3, §5.2).

use crate::world::{Code, OFFLINE, REACHES, World, refused};
use signet_tests::{FakeClock, Settings, eventually};

/// Tries to redeem, expects `invalid_grant`, and sees that the code is still good.
async fn refused_but_not_spent(world: &World, code: &Code, form: &[(&str, &str)]) {
    refused(&world.token("web", form).await, 400, "invalid_grant");
    world.token("web", &code.form()).await.expect_status(200);
}

#[tokio::test]
async fn a_code_gives_the_tokens_that_its_scope_asked_for() {
    let world = World::start().await;
    let plain = world.sign_in("web", "orders:read").await.json();
    assert!(plain.get("id_token").is_none(), "{plain}");
    let person = world.sign_in("web", OFFLINE).await.json();
    for name in ["access_token", "id_token", "refresh_token"] {
        assert!(person[name].is_string(), "{name}: {person}");
    }
}

#[tokio::test]
async fn a_client_that_may_not_refresh_gets_no_refresh_token() {
    let world = World::start().await;
    let answer = world.sign_in("legacy", "openid").await.json();
    assert!(answer.get("refresh_token").is_none(), "{answer}");
}

/// RFC 6749 §4.1.2: "If an authorization code is used more than once, the authorization server MUST deny the request and
/// SHOULD revoke (when possible) all tokens previously issued based on that authorization code."
#[tokio::test]
async fn a_replayed_code_ends_its_grant() {
    let world = World::start().await;
    let code = world.code("web", OFFLINE).await;
    let first = world.token("web", &code.form()).await.expect_status(200);
    let (access, refresh) = (first.field("access_token"), first.field("refresh_token"));
    assert!(world.is_active(&access).await);
    refused(&world.token("web", &code.form()).await, 400, "invalid_grant");
    assert!(!world.is_active(&access).await && !world.is_active(&refresh).await);
    assert_eq!(world.userinfo(&access).await.status, 401);
    refused(&world.refresh("web", &refresh).await, 400, "invalid_grant");
}

#[tokio::test]
async fn a_code_replayed_after_its_expiry_ends_its_grant_too() {
    let world = World::still().await;
    let code = world.code("web", OFFLINE).await;
    let access = world.token("web", &code.form()).await.expect_status(200).field("access_token");
    world.advance(120);
    refused(&world.token("web", &code.form()).await, 400, "invalid_grant");
    assert!(!world.is_active(&access).await);
}

#[tokio::test]
async fn of_fifty_parallel_redemptions_one_succeeds_and_its_grant_is_revoked_after() {
    let world = World::start().await;
    let code = world.code("web", OFFLINE).await;
    let form = code.form();
    let answers = futures_util::future::join_all((0..50).map(|_| world.token("web", &form))).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 49));
    lost.into_iter().for_each(|answer| refused(answer, 400, "invalid_grant"));
    let (access, refresh) = (won[0].field("access_token"), won[0].field("refresh_token"));
    assert!(!world.is_active(&access).await);
    refused(&world.refresh("web", &refresh).await, 400, "invalid_grant");
}

#[tokio::test]
async fn an_expired_code_is_refused() {
    let world = World::still().await;
    let (early, late) = (world.code("web", "openid").await, world.code("web", "openid").await);
    world.advance(59);
    world.token("web", &early.form()).await.expect_status(200);
    world.advance(1);
    refused(&world.token("web", &late.form()).await, 400, "invalid_grant");
}

#[tokio::test]
async fn the_lifetime_of_codes_can_be_set() {
    let settings = Settings::new().with("tokens.code_lifetime", 10);
    let world = World::of(settings, FakeClock::still(), "").await;
    let code = world.code("web", "openid").await;
    world.advance(10);
    refused(&world.token("web", &code.form()).await, 400, "invalid_grant");
}

/// RFC 6749 §4.1.3: "ensure that the authorization code was issued to the authenticated confidential client".
#[tokio::test]
async fn another_clients_code_is_refused_and_not_spent() {
    let world = World::start().await;
    let code = world.code("web", OFFLINE).await;
    for stranger in ["other", "spa", "legacy"] {
        refused(&world.token(stranger, &code.form()).await, 400, "invalid_grant");
    }
    let tokens = world.token("web", &code.form()).await.expect_status(200);
    // Nor does a used code in another client's hands end the grant.
    refused(&world.token("other", &code.form()).await, 400, "invalid_grant");
    assert!(world.is_active(&tokens.field("access_token")).await);
}

/// RFC 6749 §4.1.3: "ensure that … their values are identical".
#[tokio::test]
async fn another_redirect_uri_is_refused_and_the_code_not_spent() {
    let world = World::start().await;
    for other in [
        "https://web.example.test/other",
        "https://web.example.test/callback/",
        "https://web.example.test/callback?x=1",
        "https://WEB.example.test/callback",
        "nonsense",
    ] {
        let code = world.code("web", "openid").await;
        refused_but_not_spent(&world, &code, &code.form_with("redirect_uri", other)).await;
    }
}

/// OAuth 2.1 §10.1: with PKCE the parameter is no longer needed.
#[tokio::test]
async fn the_redirect_uri_may_be_absent_only_with_pkce() {
    let world = World::start().await;
    let code = world.code("web", "openid").await;
    world.token("web", &code.form_without("redirect_uri")).await.expect_status(200);
    let request =
        world.request("legacy", "openid").without("code_challenge").without("code_challenge_method");
    let code = world.authorize(&world.server.browser(), request).await;
    let form = [("grant_type", "authorization_code"), ("code", code.code.as_str())];
    refused(&world.token("legacy", &form).await, 400, "invalid_request");
    let form = [form[0], form[1], ("redirect_uri", &code.redirect_uri)];
    world.token("legacy", &form).await.expect_status(200);
}

#[tokio::test]
async fn a_code_of_a_person_who_was_disabled_meanwhile_is_refused() {
    let world = World::start().await;
    let code = world.code("web", OFFLINE).await;
    world.server.apply(crate::refresh_endings::DISABLED).await;
    eventually(REACHES, async || {
        let answer = world.token("web", &code.form()).await;
        refused(&answer, 400, "invalid_grant");
        true
    })
    .await;
}

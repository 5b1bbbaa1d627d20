//! Proof keys (RFC 7636 §4.4.1, §4.6; RFC 9700 §2.1.1 on downgrades).

use crate::world::{World, refused};
use signet_tests::{AuthorizationUrl, Callback, Pkce};

async fn refusal(world: &World, request: AuthorizationUrl) -> Callback {
    world.server.browser().get(request.url()).await.callback()
}

/// RFC 7636 §4.6: "If the values are not equal, an error response indicating "invalid_grant" … MUST be returned."
#[tokio::test]
async fn a_wrong_verifier_is_refused_and_the_code_not_spent() {
    let world = World::start().await;
    let code = world.code("web", "openid").await;
    let challenge = code.request.pkce.challenge.clone();
    let other = Pkce::new().verifier;
    let prolonged = format!("{}A", code.request.pkce.verifier);
    for wrong in [other.as_str(), &challenge, &prolonged, "x", &"x".repeat(129), "é"] {
        refused(&world.token("web", &code.form_with("code_verifier", wrong)).await, 400, "invalid_grant");
    }
    world.token("web", &code.form()).await.expect_status(200);
}

#[tokio::test]
async fn a_missing_verifier_is_refused_and_the_code_not_spent() {
    let world = World::start().await;
    for client in ["web", "spa"] {
        let code = world.code(client, "openid").await;
        refused(&world.token(client, &code.form_without("code_verifier")).await, 400, "invalid_grant");
        refused(&world.token(client, &code.form_with("code_verifier", "")).await, 400, "invalid_grant");
        world.token(client, &code.form()).await.expect_status(200);
    }
}

/// Who replays a code without being able to prove that it is theirs cannot end the grant of who could.
#[tokio::test]
async fn a_used_code_without_its_binding_does_not_end_the_grant() {
    let world = World::start().await;
    let code = world.code("web", "openid").await;
    let access = world.token("web", &code.form()).await.expect_status(200).field("access_token");
    let other = Pkce::new().verifier;
    for form in [
        code.form_without("code_verifier"),
        code.form_with("code_verifier", &other),
        code.form_with("redirect_uri", "https://web.example.test/other"),
    ] {
        refused(&world.token("web", &form).await, 400, "invalid_grant");
    }
    assert!(world.is_active(&access).await);
}

/// RFC 9700 §2.1.1: a verifier is accepted only if there was a challenge, else a code obtained without one could be
/// injected into a client that believes itself protected.
#[tokio::test]
async fn a_verifier_without_a_challenge_is_a_downgrade() {
    let world = World::start().await;
    let request =
        world.request("legacy", "openid").without("code_challenge").without("code_challenge_method");
    let code = world.authorize(&world.server.browser(), request).await;
    refused(&world.token("legacy", &code.form()).await, 400, "invalid_grant");
    world.token("legacy", &code.form_without("code_verifier")).await.expect_status(200);
}

#[tokio::test]
async fn a_challenge_binds_also_a_client_that_need_not_send_one() {
    let world = World::start().await;
    let code = world.code("legacy", "openid").await;
    refused(&world.token("legacy", &code.form_without("code_verifier")).await, 400, "invalid_grant");
    world.token("legacy", &code.form()).await.expect_status(200);
}

/// RFC 7636 §4.4.1: "… with the "error" value set to "invalid_request"".
#[tokio::test]
async fn a_request_without_a_challenge_or_with_a_plain_one_is_refused() {
    let world = World::start().await;
    for client in ["web", "spa"] {
        let request = || world.request(client, "openid");
        for request in [
            request().without("code_challenge").without("code_challenge_method"),
            request().without("code_challenge"),
            // RFC 7636 §4.3: an absent method means `plain`.
            request().without("code_challenge_method"),
            request().with("code_challenge_method", "plain"),
            request().with("code_challenge_method", "s256"),
            request().with("code_challenge", "short"),
            request().with("code_challenge", &"!".repeat(43)),
        ] {
            assert_eq!(refusal(&world, request).await.error(), "invalid_request");
        }
    }
}

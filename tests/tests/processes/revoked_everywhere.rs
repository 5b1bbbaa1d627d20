//! What is revoked on one node is revoked on the other within a second, whatever it was revoked through.

use crate::shop::{PASSWORD, SOON, Shop, expect_error, resources};
use crate::two_nodes::{moved, two};
use signet_tests::{Settings, eventually};

async fn dies_on(shops: [&Shop; 2], access: &str) {
    for shop in shops {
        eventually(SOON, async || !shop.is_active(access).await).await;
    }
}

#[tokio::test]
async fn a_revoked_grant_is_inactive_on_both_nodes() {
    let (_first, _second, a, b) = two(Settings::new()).await;
    let tokens = a.tokens(&a.signed_in().await).await;
    assert!(a.is_active(&tokens.access).await && b.is_active(&tokens.access).await);
    a.revoke(&tokens.refresh).send().await.expect_status(200);
    // On the node that revoked at once: no waiting.
    assert!(!a.is_active(&tokens.access).await);
    dies_on([&a, &b], &tokens.access).await;
    expect_error(&b.refresh(&tokens.refresh).send().await, 400, "invalid_grant");
}

#[tokio::test]
async fn a_revoked_access_token_is_inactive_on_both_nodes_and_its_grant_lives() {
    let (_first, _second, a, b) = two(Settings::new()).await;
    let tokens = a.tokens(&a.signed_in().await).await;
    b.revoke(&tokens.access).send().await.expect_status(200);
    assert!(!b.is_active(&tokens.access).await);
    dies_on([&a, &b], &tokens.access).await;
    a.refresh(&tokens.refresh).send().await.expect_status(200);
}

#[tokio::test]
async fn a_new_password_ends_what_the_old_one_began_on_both_nodes() {
    let (first, _second, a, b) = two(Settings::new()).await;
    let tokens = a.tokens(&a.signed_in().await).await;
    let another = resources().replace(PASSWORD, "another horse, another staple");
    let file = first.settings().write_file("resources.toml", &another).display().to_string();
    first.command(&["apply", "--set-passwords", &file]).await.expect_success();
    dies_on([&a, &b], &tokens.access).await;
    expect_error(&b.refresh(&tokens.refresh).send().await, 400, "invalid_grant");
}

#[tokio::test]
async fn a_removed_client_is_unknown_on_both_nodes() {
    let (first, _second, a, b) = two(Settings::new()).await;
    let resources = resources();
    let (others, _) = resources.split_once("[[clients]]").unwrap();
    a.own_token().await.expect_status(200);
    b.own_token().await.expect_status(200);
    let file = first.settings().write_file("resources.toml", others);
    let exit = first.command(&["apply", "--prune", &file.display().to_string()]).await.expect_success();
    assert_eq!(exit.stdout.trim(), "- remove client shop");
    for shop in [&a, &b] {
        eventually(SOON, async || shop.own_token().await.status == 401).await;
    }
}

#[tokio::test]
async fn sessions_that_are_ended_in_the_console_of_one_node_are_over_on_both() {
    const MANAGER: &str = r#"
        [[users]]
        username = "ursula"
        password = "a password of a manager's own"
        roles = ["signet:user_manager"]
    "#;
    let (first, _second, a, b) = two(Settings::new()).await;
    first.apply(&format!("{}{MANAGER}", resources())).await;
    let alice = moved(&a.signed_in().await, &b);
    let tokens = b.tokens(&alice).await;
    assert!(!alice.get("/account").await.has("#login"));
    let page = a.browser().get("/console/users?search=alice").await.form("#login");
    let page = page.fill("username", "ursula").fill("password", "a password of a manager's own");
    let page = page.press("#login-submit").await.follow("#users a").await;
    let question = page.follow("#user-end-all").await;
    assert!(question.form("#ask").press("#ask-submit").await.has("#console-done"));
    eventually(SOON, async || alice.get("/account").await.has("#login")).await;
    dies_on([&a, &b], &tokens.access).await;
}

#[tokio::test]
async fn in_an_emergency_everything_ends_on_both_nodes() {
    const OWNER: &str = r#"
        [[clients]]
        client_id = "owner"
        client_secret = "a secret of thirty-two characters"
        grant_types = ["client_credentials"]
        scope = "signet:emergency:write"
    "#;
    let (first, _second, a, b) = two(Settings::new()).await;
    first.apply(&format!("{}{OWNER}", resources())).await;
    let tokens = a.tokens(&a.signed_in().await).await;
    assert!(a.is_active(&tokens.access).await && b.is_active(&tokens.access).await);
    let asked = a.http.post(a.discovery.token_endpoint()).basic("owner", "a secret of thirty-two characters");
    let owner = asked.form(&[("grant_type", "client_credentials")]).send().await.expect_status(200);
    let call = a.http.post(format!("{}/api/v1/admin/emergency/end-all", a.discovery.issuer()));
    let call = call.bearer(&owner.field("access_token")).body("application/json", r#"{"reason":"A drill"}"#);
    call.send().await.expect_status(200);
    // On the node that was asked at once: no waiting.
    assert!(!a.is_active(&tokens.access).await);
    dies_on([&a, &b], &tokens.access).await;
    expect_error(&b.refresh(&tokens.refresh).send().await, 400, "invalid_grant");
}

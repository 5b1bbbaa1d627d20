//! The administration API: ending sessions and grants, one by one and all at once.

use crate::api::{Api, fields, problem};
use crate::person::signed_in;
use crate::world::OFFLINE;
use reqwest::Method;
use serde_json::{Value, json};

const ADMINISTRATORS: &str = r#"
    [[users]]
    username = "bob"
    password = "correct horse battery staple"

    [[clients]]
    client_id = "guard"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:users:read signet:sessions:read signet:sessions:write signet:grants:read signet:grants:write signet:emergency:write signet:audit:read"
"#;

async fn api() -> Api {
    Api::of(ADMINISTRATORS, "guard").await
}

impl Api {
    async fn items(&self, path: &str) -> Vec<Value> {
        self.get(path).await.expect_status(200).json()["items"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn a_session_is_listed_and_ended_alone() {
    let api = api().await;
    let (one, other) = (signed_in(&api.world, "alice").await, signed_in(&api.world, "bob").await);
    let alice = api.user("alice").await;
    assert_eq!(api.items("/sessions").await.len(), 2);
    assert_eq!(api.items("/sessions?limit=1&sort=-created_at").await.len(), 1);
    let theirs = api.items(&format!("/sessions?user_id={alice}")).await;
    assert_eq!((theirs.len(), &theirs[0]["acr"]), (1, &json!("aal1")));
    assert!(!theirs[0].to_string().contains("secret"), "{}", theirs[0]);
    let session = format!("/sessions/{}", theirs[0]["sid"].as_str().unwrap());
    api.ask(Method::DELETE, &session, &[]).await.expect_status(204);
    problem(&api.ask(Method::DELETE, &session, &[]).await, 404, "not-found");
    assert!(one.get("/account").await.has("#login") && !other.get("/account").await.has("#login"));
}

#[tokio::test]
async fn somebodys_sessions_end_together_and_their_grants_for_good_stay() {
    let api = api().await;
    let browser = signed_in(&api.world, "alice").await;
    let lasting: String = api.world.sign_in("web", OFFLINE).await.field("access_token");
    let bound: String = api.world.sign_in("web", "openid").await.field("access_token");
    let path = format!("/users/{}/sessions", api.user("alice").await);
    let ended = api.ask(Method::DELETE, &path, &[]).await.expect_status(200).json();
    assert_eq!(ended, json!({"ended": 3}));
    assert!(browser.get("/account").await.has("#login"));
    assert!(api.world.is_active(&lasting).await && !api.world.is_active(&bound).await);
    let path = format!("/users/{}/grants", api.user("alice").await);
    assert_eq!(api.ask(Method::DELETE, &path, &[]).await.expect_status(200).json(), json!({"ended": 1}));
    assert!(!api.world.is_active(&lasting).await);
}

#[tokio::test]
async fn a_grant_is_listed_by_person_and_client_and_ended_with_its_tokens() {
    let api = api().await;
    let tokens = api.world.sign_in("web", OFFLINE).await;
    api.world.sign_in("other", "openid offline_access").await;
    let alice = api.user("alice").await;
    assert_eq!(api.items(&format!("/grants?user_id={alice}")).await.len(), 2);
    let found = api.items(&format!("/grants?user_id={alice}&client_id=web")).await;
    assert_eq!((found.len(), &found[0]["offline"]), (1, &json!(true)));
    let grant = format!("/grants/{}", found[0]["id"].as_str().unwrap());
    api.ask(Method::DELETE, &grant, &[]).await.expect_status(204);
    problem(&api.ask(Method::DELETE, &grant, &[]).await, 404, "not-found");
    assert!(!api.world.is_active(&tokens.field("access_token")).await);
    api.world.refresh("web", &tokens.field("refresh_token")).await.expect_status(400);
    assert_eq!(api.items("/grants").await.len(), 1);
    assert!(api.items("/grants?client_id=nobody").await.is_empty());
}

#[tokio::test]
async fn in_an_emergency_everything_of_everybodys_ends_and_people_begin_anew() {
    let api = api().await;
    let tokens = api.world.sign_in("web", OFFLINE).await;
    let machine = api.world.client_token("web", &[("scope", "orders:read")]).await;
    let browsers = [signed_in(&api.world, "alice").await, signed_in(&api.world, "bob").await];
    let trial = api.post("/emergency/end-all?dry_run=true", &json!({"reason": "A drill"})).await;
    let trial = trial.expect_status(200).json();
    assert_eq!((&trial["sessions"], trial["grants"].as_u64().unwrap() > 0), (&json!(3), true));
    for reason in [json!({}), json!({"reason": ""}), json!({"reason": "x".repeat(501)})] {
        let told = problem(&api.post("/emergency/end-all", &reason).await, 400, "invalid");
        assert_eq!(fields(&told), ["reason"]);
    }
    assert!(api.world.is_active(&tokens.field("access_token")).await);
    let ended = api.post("/emergency/end-all", &json!({"reason": "The key got out"})).await;
    assert_eq!(ended.expect_status(200).json()["sessions"], 3);
    for token in [&tokens.field("access_token"), &machine] {
        assert!(!api.world.is_active(token).await);
    }
    for browser in browsers {
        assert!(browser.get("/account").await.has("#login"));
    }
    api.world.refresh("web", &tokens.field("refresh_token")).await.expect_status(400);
    // The token of the call itself, too.
    problem(&api.get("/sessions").await, 401, "unauthorized");
    let anew: String = api.world.sign_in("web", OFFLINE).await.field("access_token");
    assert!(api.world.is_active(&anew).await);
}

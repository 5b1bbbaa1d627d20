//! The administration API: keys.

use crate::api::{Api, fields, problem};
use crate::world::{OFFLINE, World};
use reqwest::Method;
use serde_json::{Value, json};

const ADMINISTRATORS: &str = r#"
    [[clients]]
    client_id = "keeper"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:keys:read signet:keys:write"

    [[clients]]
    client_id = "owner"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:keys:read signet:keys:write signet:emergency:write"
"#;

async fn api() -> Api {
    Api::of(ADMINISTRATORS, "keeper").await
}

async fn keys(api: &Api) -> Vec<Value> {
    api.get("/keys").await.expect_status(200).json()["items"].as_array().unwrap().clone()
}

/// The key of an algorithm, or of a use, in a state.
fn find<'a>(keys: &'a [Value], named: &str, state: &str) -> &'a Value {
    let fits = |key: &&Value| (key["alg"] == named || key["use"] == named) && key["state"] == state;
    keys.iter().find(fits).unwrap_or_else(|| panic!("no {state} key {named}"))
}

async fn published(world: &World) -> Vec<String> {
    let set = world.server.http.get(world.endpoint("jwks_uri")).await.json();
    set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn keys_are_told_without_anything_secret() {
    let api = api().await;
    let answer = api.get("/keys").await.expect_status(200);
    for secret in ["sealed", "\"d\"", "private"] {
        assert!(!answer.text().contains(secret), "{secret}");
    }
    let keys = keys(&api).await;
    let current = find(&keys, "ES256", "current");
    assert_eq!(current["use"], "sign");
    assert!(published(&api.world).await.contains(&current["kid"].as_str().unwrap().to_owned()));
    find(&keys, "refresh_tokens", "current");
    find(&keys, "forms", "current");
}

#[tokio::test]
async fn a_rotation_is_told_beforehand_and_made_once_by_whoever_saw_the_state() {
    let Api { world, .. } = api().await;
    // So that the next key is known to every verifier.
    world.advance(2 * 86_400);
    let token = world.client_token("keeper", &[]).await;
    let api = Api { world, token };
    let seen = api.get("/keys").await.header("etag").unwrap();
    let before = keys(&api).await;
    let wanted = json!({"algorithm": "ES256"});
    let told = api.post("/keys/rotate?dry_run=true", &wanted).await.expect_status(200).json();
    assert_eq!(told["items"][0]["kid"], find(&before, "ES256", "next")["kid"]);
    assert_eq!(api.get("/keys").await.header("etag").unwrap(), seen);
    let rotate = async || api.send(Method::POST, "/keys/rotate", &wanted, &[("if-match", &seen)]).await;
    let (one, other) = tokio::join!(rotate(), rotate());
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    let after = keys(&api).await;
    assert_eq!(find(&after, "ES256", "current")["kid"], told["items"][0]["kid"]);
    assert_eq!(find(&after, "ES256", "retiring")["kid"], find(&before, "ES256", "current")["kid"]);
    assert_eq!(find(&after, "RS256", "current"), find(&before, "RS256", "current"));
    problem(&rotate().await, 412, "precondition-failed");
}

#[tokio::test]
async fn an_algorithm_without_a_key_is_not_replaced() {
    let api = api().await;
    problem(&api.post("/keys/rotate", &json!({"algorithm": "PS256"})).await, 409, "conflict");
    let wrong = api.post("/keys/rotate", &json!({"algorithm": "none"})).await;
    assert_eq!(fields(&problem(&wrong, 400, "invalid")), ["algorithm"]);
}

#[tokio::test]
async fn a_trial_names_whom_a_revocation_hits_and_revokes_nothing() {
    let api = api().await;
    let keys = keys(&api).await;
    let kid = find(&keys, "ES256", "current")["kid"].as_str().unwrap();
    let told = api.ask(Method::POST, &format!("/keys/{kid}/revoke?dry_run=true"), &[]).await;
    let told = told.expect_status(200).json();
    assert!(told["clients"].as_array().unwrap().contains(&json!("keeper")), "{told}");
    assert!(told["resources"].as_array().unwrap().len() > 1, "{told}");
    assert_eq!(self::keys(&api).await, keys);
    // One that has signed nothing yet takes nothing along.
    let next = find(&keys, "ES256", "next")["kid"].as_str().unwrap();
    let told = api.ask(Method::POST, &format!("/keys/{next}/revoke?dry_run=true"), &[]).await.json();
    assert_eq!((&told["clients"], &told["grants"]), (&json!([]), &json!(0)));
}

#[tokio::test]
async fn a_revoked_key_leaves_the_set_and_what_it_signed_counts_no_more() {
    let api = api().await;
    let keys = keys(&api).await;
    let kid = find(&keys, "ES256", "current")["kid"].as_str().unwrap().to_owned();
    let path = format!("/keys/{kid}/revoke");
    api.ask(Method::POST, &path, &[]).await.expect_status(200);
    assert!(!published(&api.world).await.contains(&kid));
    // The token of this very call was signed by it.
    problem(&api.get("/keys").await, 401, "unauthorized");
    let token = api.world.client_token("keeper", &[]).await;
    let api = Api { token, ..api };
    assert_eq!(find(&self::keys(&api).await, "ES256", "revoked")["kid"], kid.as_str());
    problem(&api.ask(Method::POST, &path, &[]).await, 409, "conflict");
    problem(&api.ask(Method::POST, "/keys/none/revoke", &[]).await, 404, "not-found");
}

#[tokio::test]
async fn revoking_the_key_of_refresh_tokens_counts_the_grants_that_end() {
    let api = api().await;
    let tokens = api.world.sign_in("web", OFFLINE).await;
    let keys = keys(&api).await;
    let kid = find(&keys, "refresh_tokens", "current")["kid"].as_str().unwrap().to_owned();
    let path = format!("/keys/{kid}/revoke");
    let told = api.ask(Method::POST, &format!("{path}?dry_run=true"), &[]).await.expect_status(200).json();
    assert_eq!(told["grants"], 1);
    // Who looks after keys does not end what is granted everywhere: that is an emergency's.
    problem(&api.ask(Method::POST, &path, &[]).await, 403, "forbidden");
    let api = Api { token: api.world.client_token("owner", &[]).await, ..api };
    api.ask(Method::POST, &path, &[]).await.expect_status(200);
    let refused = api.world.refresh("web", &tokens.field("refresh_token")).await;
    assert_eq!(refused.json()["error"], "invalid_grant");
}

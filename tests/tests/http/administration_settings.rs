//! The administration API: settings.

use crate::api::{Api, fields, problem};
use crate::world::World;
use reqwest::Method;
use serde_json::{Value, json};
use signet_tests::{FakeClock, Settings, claims_unchecked};

const ADMINISTRATORS: &str = r#"
    [[clients]]
    client_id = "keeper"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:settings:read signet:settings:write"

    [[clients]]
    client_id = "reader"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:settings:read"
"#;

async fn api(client: &str) -> Api {
    let settings = Settings::new().with("tokens.id_token_lifetime", 300);
    let world = World::of(settings, FakeClock::running(), ADMINISTRATORS).await;
    let token = world.client_token(client, &[]).await;
    Api { world, token }
}

async fn setting(api: &Api, key: &str) -> Value {
    let all = api.get("/settings").await.expect_status(200).json();
    let found = all["items"].as_array().unwrap().iter().find(|setting| setting["key"] == key).cloned();
    found.unwrap_or_else(|| panic!("{key} is not told"))
}

fn life(token: &str) -> i64 {
    let claims = claims_unchecked(token);
    claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap()
}

#[tokio::test]
async fn settings_are_told_with_their_source_and_without_a_secret() {
    let api = api("reader").await;
    let text = api.get("/settings").await.expect_status(200).text();
    for secret in ["sqlite:", "signet.db", "file:"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let told = setting(&api, "tokens.id_token_lifetime").await;
    assert_eq!((&told["value"], &told["source"]), (&json!(300), &json!("file")));
    assert_eq!(told["changeable"], false);
    let told = setting(&api, "tokens.access_token_lifetime").await;
    assert_eq!((&told["value"], &told["source"]), (&json!(600), &json!("default")));
    assert_eq!(told["changeable"], true);
    let told = setting(&api, "database.url").await;
    assert_eq!((&told["value"], &told["secret"]), (&json!(true), &json!(true)));
    let change = json!({"tokens.access_token_lifetime": 120});
    problem(&api.patch("/settings", "*", &change).await, 403, "forbidden");
}

#[tokio::test]
async fn a_setting_is_changed_while_the_server_runs_and_taken_back() {
    let api = api("keeper").await;
    let seen = api.get("/settings").await.header("etag").unwrap();
    let change = json!({"tokens.access_token_lifetime": 120});
    api.patch("/settings?dry_run=true", &seen, &change).await.expect_status(200);
    assert_eq!(life(&api.world.client_token("keeper", &[]).await), 600);
    let changed = api.patch("/settings", &seen, &change).await.expect_status(200);
    assert_eq!(life(&api.world.client_token("keeper", &[]).await), 120);
    assert_eq!(setting(&api, "tokens.access_token_lifetime").await["source"], "run_time");
    problem(&api.patch("/settings", &seen, &change).await, 412, "precondition-failed");
    problem(&api.send(Method::PATCH, "/settings", &change, &[]).await, 428, "precondition-required");
    let seen = changed.header("etag").unwrap();
    let back = json!({"tokens.access_token_lifetime": null});
    api.patch("/settings", &seen, &back).await.expect_status(200);
    assert_eq!(life(&api.world.client_token("keeper", &[]).await), 600);
    assert_eq!(setting(&api, "tokens.access_token_lifetime").await["source"], "default");
}

#[tokio::test]
async fn what_the_file_sets_holds_and_what_protects_people_is_the_files_alone() {
    let api = api("keeper").await;
    for (key, value, told) in [
        ("tokens.id_token_lifetime", json!(600), "configuration file"),
        ("factors.policy", json!("off"), "restart"),
        ("limits.enabled", json!(false), "restart"),
        ("colour", json!("red"), "no such setting"),
    ] {
        let refused = problem(&api.patch("/settings", "*", &json!({key: value})).await, 400, "invalid");
        assert_eq!(fields(&refused), [key]);
        assert!(refused["detail"].as_str().unwrap().contains(told), "{refused}");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_told_with_its_key_and_nothing_is_kept() {
    let api = api("keeper").await;
    for (change, key) in [
        (json!({"tokens.access_token_lifetime": 1}), "tokens.access_token_lifetime"),
        (json!({"tokens.access_token_lifetime": "long"}), "tokens.access_token_lifetime"),
        (json!({"sessions.idle_lifetime": 31_000_000}), "sessions.idle_lifetime"),
        (json!({"accounts.mail_domains": ["a b"]}), "accounts.mail_domains"),
        (json!({"limits.token_client.number": 0}), "limits.token_client.number"),
    ] {
        let both = json!({"tokens.refresh_lifetime": 7_000_000});
        let mut sent = both.clone();
        sent.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let refused = problem(&api.patch("/settings", "*", &sent).await, 400, "invalid");
        assert_eq!(fields(&refused), [key], "{refused}");
    }
    assert_eq!(setting(&api, "tokens.refresh_lifetime").await["source"], "default");
}

#[tokio::test]
async fn a_limits_numbers_hold_from_the_next_request_on() {
    let api = api("keeper").await;
    let change = json!({"limits.token_client.number": 1, "limits.token_client.strategy": "fixed_window"});
    api.patch("/settings", "*", &change).await.expect_status(200);
    let ask = async || api.world.token("keeper", &[("grant_type", "client_credentials")]).await.status;
    assert_eq!((ask().await, ask().await), (200, 429));
    let back = json!({"limits.token_client.number": null, "limits.token_client.strategy": null});
    api.patch("/settings", "*", &back).await.expect_status(200);
    assert_eq!(ask().await, 200);
}

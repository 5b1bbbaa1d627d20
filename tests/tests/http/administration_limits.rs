//! The administration API: limits, whom they hold back, and letting them go.

use crate::api::{Api, fields, problem};
use crate::world::{PASSWORD, World};
use serde_json::{Value, json};
use signet_tests::{FakeClock, Settings};

const ADMINISTRATORS: &str = r#"
    [[users]]
    username = "mona"
    password = "correct horse battery staple"

    [[clients]]
    client_id = "keeper"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:limits:read signet:limits:write signet:users:read"

    [[clients]]
    client_id = "reader"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:limits:read"

    [[clients]]
    client_id = "busy"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:limits:read"
    tier = "small"
"#;

async fn api(client: &str) -> Api {
    let settings = Settings::new()
        .with("limits.sign_in_pair.number", 2)
        .with("limits.sign_in_network.number", 4)
        .with("limits.tiers", vec!["small".to_owned()])
        .with("limits.token_client.tiers.small.number", 1)
        .with("limits.token_client.tiers.small.strategy", "fixed_window");
    let world = World::of(settings, FakeClock::running(), ADMINISTRATORS).await;
    let token = world.client_token(client, &[]).await;
    Api { world, token }
}

/// The status of a sign-in of Mona's: 429 when she is held back.
async fn sign_in(api: &Api, password: &str) -> u16 {
    let page = api.world.server.browser().get(api.world.request("web", "openid").url()).await;
    let form = page.form("#login").fill("username", "mona").fill("password", password);
    form.press("#login-submit").await.status()
}

async fn held(api: &Api) -> Vec<Value> {
    let seen = api.get("/limits/held-back").await.expect_status(200).json();
    seen["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_numbers_that_hold_are_told() {
    let api = api("reader").await;
    let seen = api.get("/limits").await.expect_status(200).json();
    assert_eq!(seen["counted"], "in-process");
    let find = |limit: &str, tier: Value| {
        let items = seen["items"].as_array().unwrap().iter();
        items.clone().find(|item| item["limit"] == limit && item["tier"] == tier).unwrap().clone()
    };
    assert_eq!(find("sign_in_pair", Value::Null)["number"], 2);
    assert_eq!(find("token_client", Value::Null)["number"], Value::Null);
    assert_eq!(find("token_client", json!("small"))["number"], 1);
    problem(&api.post("/limits/release", &json!({"address": "192.0.2.1"})).await, 403, "forbidden");
}

#[tokio::test]
async fn a_person_who_is_held_back_is_listed_and_let_go() {
    let api = api("keeper").await;
    assert!(held(&api).await.is_empty());
    for _ in 0..2 {
        sign_in(&api, "wrong wrong wrong").await;
    }
    assert_eq!(sign_in(&api, PASSWORD).await, 429);
    let mona = api.user("mona").await;
    let listed = held(&api).await;
    let pair = listed.iter().find(|held| held["limit"] == "sign_in_pair").unwrap();
    assert_eq!((&pair["user_id"], &pair["network"]), (&json!(mona), &json!("127.0.0.1")));
    assert!(!pair.to_string().contains("mona"), "{pair}");
    api.post("/limits/release", &json!({"user_id": mona})).await.expect_status(204);
    assert!(held(&api).await.iter().all(|held| held["user_id"].is_null()));
    assert_ne!(sign_in(&api, PASSWORD).await, 429);
}

#[tokio::test]
async fn an_address_and_a_client_are_let_go() {
    let api = api("keeper").await;
    for _ in 0..4 {
        let page = api.world.server.browser().get(api.world.request("web", "openid").url()).await;
        let form = page.form("#login").fill("username", "nobody-of-that-name");
        form.fill("password", "wrong wrong wrong").press("#login-submit").await;
    }
    assert_eq!(sign_in(&api, PASSWORD).await, 429);
    let network = held(&api).await.into_iter().find(|held| held["limit"] == "sign_in_network").unwrap();
    assert_eq!((&network["network"], &network["user_id"]), (&json!("127.0.0.1"), &Value::Null));
    assert!(held(&api).await.iter().all(|held| !held.to_string().contains("nobody")));
    api.post("/limits/release", &json!({"address": "127.0.0.1"})).await.expect_status(204);
    assert_ne!(sign_in(&api, PASSWORD).await, 429);

    let ask = async || api.world.token("busy", &[("grant_type", "client_credentials")]).await.status;
    assert_eq!((ask().await, ask().await), (200, 429));
    let busy = held(&api).await.into_iter().find(|held| held["client_id"] == "busy").unwrap();
    assert_eq!(busy["limit"], "token_client");
    api.post("/limits/release", &json!({"client_id": "busy"})).await.expect_status(204);
    assert_eq!(ask().await, 200);
}

#[tokio::test]
async fn whoever_is_to_be_let_go_is_named_once_and_is_there() {
    let api = api("keeper").await;
    let release = async |who: Value| api.post("/limits/release", &who).await;
    for who in [json!({}), json!({"user_id": "a", "client_id": "b"})] {
        assert_eq!(fields(&problem(&release(who).await, 400, "invalid")), ["user_id"]);
    }
    assert_eq!(fields(&problem(&release(json!({"address": "home"})).await, 400, "invalid")), ["address"]);
    for who in [json!({"client_id": "none"}), json!({"client_id": "no\0ne"}), json!({"user_id": "none"})] {
        problem(&release(who).await, 404, "not-found");
    }
}

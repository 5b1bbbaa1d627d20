//! Two nodes, as an administrator sees and changes them.

use crate::shop::{SHOP, SOON, Shop, resources};
use crate::two_nodes::two;
use reqwest::Method;
use serde_json::{Value, json};
use signet_tests::{Answer, ServerProcess, Settings, claims_unchecked, eventually};
use std::time::Duration;

const ROBOT: (&str, &str) = ("robot", "a secret of thirty-two characters");
const SCOPE: &str = "signet:settings:read signet:settings:write signet:limits:read signet:limits:write";

/// Two nodes, and what a client needs to administer them.
async fn administered(settings: Settings) -> (ServerProcess, ServerProcess, Shop, Shop, String) {
    let (first, second, a, b) = two(settings).await;
    let (id, secret) = ROBOT;
    let robot = format!(
        "[[clients]]\nclient_id = \"{id}\"\nclient_secret = \"{secret}\"\ngrant_types = [\"client_credentials\"]\nscope = \"{SCOPE}\"\n"
    );
    first.apply(&format!("{}\n{robot}", resources())).await;
    let token = eventually(SOON, async || {
        let answer = token(&a, SCOPE).await;
        if answer.status == 200 { Ok(answer.field("access_token")) } else { Err(answer.text()) }
    })
    .await;
    (first, second, a, b, token)
}

async fn token(shop: &Shop, scope: &str) -> Answer {
    let call = shop.http.post(shop.discovery.get("token_endpoint")).basic(ROBOT.0, ROBOT.1);
    call.form(&[("grant_type", "client_credentials"), ("scope", scope)]).send().await
}

async fn call(shop: &Shop, token: &str, (method, path): (Method, &str), body: Value) -> Answer {
    let address = format!("{}/api/v1/admin{path}", shop.discovery.issuer());
    let call = shop.http.call(method, address).bearer(token).header("if-match", "*");
    call.body("application/json", body.to_string()).send().await
}

async fn get(shop: &Shop, token: &str, path: &str) -> Value {
    call(shop, token, (Method::GET, path), json!({})).await.expect_status(200).json()
}

#[tokio::test]
async fn a_setting_that_is_changed_on_one_node_holds_on_the_other() {
    let (_first, _second, a, b, robot) = administered(Settings::new()).await;
    let change = json!({"tokens.access_token_lifetime": 120});
    call(&a, &robot, (Method::PATCH, "/settings"), change).await.expect_status(200);
    for shop in [&a, &b] {
        eventually(SOON, async || {
            let claims = claims_unchecked(&token(shop, "signet:settings:read").await.field("access_token"));
            let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
            if life == 120 { Ok(()) } else { Err(life) }
        })
        .await;
    }
}

#[tokio::test]
async fn each_node_is_listed_and_one_that_was_killed_vanishes() {
    let (_first, mut second, a, _b, robot) = administered(Settings::new()).await;
    let nodes = async || get(&a, &robot, "/overview").await["nodes"].as_array().unwrap().len();
    eventually(Duration::from_secs(15), async || nodes().await == 2).await;
    second.kill9().await;
    eventually(Duration::from_secs(45), async || nodes().await == 1).await;
}

#[tokio::test]
async fn whoever_one_node_held_back_is_listed_by_the_other_and_let_go_on_both() {
    let settings = Settings::new().with("limits.client_authentication.number", 3);
    let (_first, _second, a, b, robot) = administered(settings).await;
    let wrong = async |shop: &Shop| {
        let call = shop.http.post(shop.discovery.get("token_endpoint")).basic(SHOP.0, "wrong");
        call.form(&[("grant_type", "client_credentials")]).send().await.status
    };
    for _ in 0..3 {
        wrong(&a).await;
    }
    assert_eq!(wrong(&a).await, 429);
    let held = async || {
        let seen = get(&b, &robot, "/limits/held-back").await;
        let items = seen["items"].as_array().unwrap().iter();
        items.filter(|held| held["limit"] == "client_authentication").count()
    };
    assert_eq!(held().await, 1);
    let who = json!({"client_id": SHOP.0});
    call(&b, &robot, (Method::POST, "/limits/release"), who).await.expect_status(204);
    assert_eq!(held().await, 0);
    for shop in [&a, &b] {
        eventually(SOON, async || shop.own_token().await.status == 200).await;
    }
}

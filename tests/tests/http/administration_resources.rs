//! The administration API: APIs and their scopes.

use crate::api::{Api, fields, problem};
use reqwest::Method;
use serde_json::{Value, json};
use signet_tests::claims_unchecked;

const ADMINISTRATORS: &str = r#"
    [[roles]]
    name = "clerk"

    [[clients]]
    client_id = "keeper"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:resources:read signet:resources:write"

    [[clients]]
    client_id = "operator"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:resources:read signet:resources:write signet:settings:write"

    [[clients]]
    client_id = "job"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "stock:read stock:write"
"#;

const STOCK: &str = "/resources/https:%2F%2Fstock.example.test%2Fv1";

async fn api() -> Api {
    Api::of(ADMINISTRATORS, "keeper").await
}

fn stock() -> Value {
    json!({"identifier": "https://stock.example.test/v1", "scopes": ["stock:read", "stock:write"]})
}

#[tokio::test]
async fn an_api_is_made_and_tokens_for_it_are_issued_at_once() {
    let api = api().await;
    let sent = json!({"identifier": "https://stock.example.test/v1", "scopes": ["stock:read"], "signing_alg": "PS256", "access_token_lifetime": 60});
    let told = api.post("/resources?dry_run=true", &sent).await.expect_status(200).json();
    assert_eq!(told["signing_alg"], "PS256");
    problem(&api.get(STOCK).await, 404, "not-found");
    let made = api.post("/resources", &sent).await.expect_status(201);
    let at = made.header("location").unwrap();
    assert_eq!(at, api.at("/resources/https:%2F%2Fstock.example.test%2Fv1"));
    let read = api.get(STOCK).await.expect_status(200);
    assert_eq!(read.header("etag"), made.header("etag"));
    assert_eq!((&read.json()["managed_by"], &read.json()["scopes"]), (&Value::Null, &json!(["stock:read"])));
    let token = api.world.client_token("job", &[("scope", "stock:read")]).await;
    assert_eq!(crate::world::audience_of(&token), ["https://stock.example.test/v1"]);
    problem(&api.post("/resources", &stock()).await, 409, "conflict");
}

#[tokio::test]
async fn what_tokens_say_and_who_is_granted_a_guarded_scope_is_not_decided_by_who_looks_after_apis() {
    let api = api().await;
    let claims = json!({"claims": [{"claim": "roles", "value": ["admin"]}]});
    let mut telling = stock();
    telling["claims"] = claims["claims"].clone();
    problem(&api.post("/resources", &telling).await, 403, "forbidden");
    let mut guarded = stock();
    guarded["scope_roles"] = json!({"stock:write": ["clerk"]});
    api.post("/resources", &guarded).await.expect_status(201);
    let loosened = [
        json!({"scope_roles": {"stock:write": null}}),
        json!({"scope_roles": {"stock:write": ["clerk", "signet:auditor"]}}),
        json!({"scope_roles": null}),
        claims,
    ];
    for patch in &loosened {
        problem(&api.patch(STOCK, "*", patch).await, 403, "forbidden");
    }
    problem(&api.ask(Method::DELETE, STOCK, &[("if-match", "*")]).await, 403, "forbidden");
    // To guard more is theirs.
    let more = json!({"scope_roles": {"stock:read": ["clerk"]}});
    api.patch(STOCK, "*", &more).await.expect_status(200);
    let api = Api { token: api.world.client_token("operator", &[]).await, ..api };
    for patch in &loosened {
        api.patch(STOCK, "*", patch).await.expect_status(200);
    }
}

#[tokio::test]
async fn a_scope_belongs_to_one_api_even_when_two_are_made_at_once() {
    let api = api().await;
    let taken = json!({"identifier": "https://other.example.test", "scopes": ["orders:read"]});
    assert_eq!(fields(&problem(&api.post("/resources", &taken).await, 400, "invalid")), ["scopes"]);
    let (one, other) =
        (stock(), json!({"identifier": "https://other.example.test", "scopes": ["stock:read"]}));
    let (one, other) = tokio::join!(api.post("/resources", &one), api.post("/resources", &other));
    assert_eq!([one.status, other.status].iter().filter(|status| **status == 201).count(), 1);
}

#[tokio::test]
async fn what_cannot_be_an_api_is_told_with_its_field() {
    let api = api().await;
    for (member, value, field) in [
        ("identifier", json!("stock"), "identifier"),
        ("identifier", json!(format!("{}/api/v1/admin", api.world.server.issuer())), "identifier"),
        ("scopes", json!([]), "scopes"),
        ("scopes", json!(["signet:users:read"]), "scopes"),
        ("scope_roles", json!({"stock:read": ["nobody"]}), "scope_roles"),
        ("access_token_lifetime", json!(1), "access_token_lifetime"),
        ("colour", json!("red"), "colour"),
    ] {
        let mut sent = stock();
        sent[member] = value;
        let told = problem(&api.post("/resources", &sent).await, 400, "invalid");
        assert_eq!(fields(&told), [field], "{told}");
    }
}

#[tokio::test]
async fn a_trial_names_the_clients_that_lose_scopes_and_changes_nothing() {
    let api = api().await;
    let made = api.post("/resources", &stock()).await.expect_status(201);
    let seen = made.header("etag").unwrap();
    let less = json!({"scopes": ["stock:read"]});
    let told = api.patch(&format!("{STOCK}?dry_run=true"), &seen, &less).await.expect_status(200).json();
    assert_eq!(told["losing_clients"], json!([{"client_id": "job", "scopes": ["stock:write"]}]));
    assert_eq!(api.get(STOCK).await.header("etag").unwrap(), seen);
    let removing = format!("{STOCK}?dry_run=true");
    let told = api.ask(Method::DELETE, &removing, &[("if-match", &seen)]).await.expect_status(200).json();
    assert_eq!(told["losing_clients"][0]["scopes"], json!(["stock:read", "stock:write"]));
    api.get(STOCK).await.expect_status(200);
}

/// RFC 9110 §13.1.1: of two who saw the same, one changes it.
#[tokio::test]
async fn an_api_is_changed_against_its_state_and_removed() {
    let api = Api::of(ADMINISTRATORS, "operator").await;
    let seen = api.post("/resources", &stock()).await.expect_status(201).header("etag").unwrap();
    problem(&api.send(Method::PATCH, STOCK, &json!({}), &[]).await, 428, "precondition-required");
    let roles = json!({"scope_roles": {"stock:write": ["clerk"]}});
    let changed = api.patch(STOCK, &seen, &roles).await.expect_status(200);
    assert_eq!(changed.json()["scope_roles"], roles["scope_roles"]);
    problem(&api.patch(STOCK, &seen, &json!({"signing_alg": "ES384"})).await, 412, "precondition-failed");
    let renamed = api.patch(STOCK, "*", &json!({"identifier": "https://other.example.test"})).await;
    assert_eq!(fields(&problem(&renamed, 400, "invalid")), ["identifier"]);
    let stale = api.ask(Method::DELETE, STOCK, &[("if-match", &seen)]).await;
    problem(&stale, 412, "precondition-failed");
    api.ask(Method::DELETE, STOCK, &[("if-match", "*")]).await.expect_status(200);
    problem(&api.get(STOCK).await, 404, "not-found");
    let asked = [("grant_type", "client_credentials"), ("resource", "https://stock.example.test/v1")];
    let refused = api.world.token("job", &asked).await;
    assert_eq!(refused.json()["error"], "invalid_target");
    // What the client may still ask for is said by a token for this server alone, which no API takes.
    let token = claims_unchecked(&api.world.client_token("job", &[("scope", "stock:read")]).await);
    assert_eq!((&token["aud"], &token["scope"]), (&json!(api.world.server.issuer()), &json!("stock:read")));
}

#[tokio::test]
async fn asking_twice_with_a_key_makes_one_api() {
    let api = api().await;
    let key = [("idempotency-key", "k1")];
    let ask = async || api.send(Method::POST, "/resources", &stock(), &key).await;
    let (one, other) = tokio::join!(ask(), ask());
    assert_eq!(one.expect_status(201).json(), other.expect_status(201).json());
    api.ask(Method::DELETE, STOCK, &[("if-match", "*")]).await.expect_status(200);
    problem(&ask().await, 409, "conflict");
}

#[tokio::test]
async fn apis_are_listed_page_by_page_without_this_servers_own() {
    let api = api().await;
    api.post("/resources", &stock()).await.expect_status(201);
    let mut seen = Vec::new();
    let mut next = "/resources?limit=1".to_owned();
    loop {
        let page = api.get(&next).await.expect_status(200).json();
        let items = page["items"].as_array().unwrap().iter();
        seen.extend(items.map(|item| item["identifier"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        next = format!("/resources?limit=1&cursor={cursor}");
    }
    assert!(seen.is_sorted() && seen.contains(&"https://stock.example.test/v1".to_owned()), "{seen:?}");
    assert!(!seen.iter().any(|identifier| identifier.contains("/api/v1/admin")), "{seen:?}");
}

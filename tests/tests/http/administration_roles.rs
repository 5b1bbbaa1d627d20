//! The administration API: roles, groups, and who is in them.

use crate::api::{Api, fields, problem};
use reqwest::Method;
use serde_json::json;

/// A client that looks after roles and groups and may see people, one that may do everything, and who is looked after.
const ADMINISTRATORS: &str = r#"
    [[users]]
    username = "bob"
    password = "correct horse battery staple"

    [[users]]
    username = "olga"
    password = "correct horse battery staple"

    [[roles]]
    name = "careful"
    second_factor = "required"

    [[groups]]
    name = "owners"
    roles = ["signet:owner"]
    members = ["olga"]

    [[clients]]
    client_id = "keeper"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:roles:read signet:roles:write signet:groups:read signet:groups:write signet:users:read"

    [[clients]]
    client_id = "all"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:users:read signet:users:write signet:groups:read signet:groups:write signet:roles:read signet:roles:write signet:clients:read signet:clients:write signet:resources:read signet:resources:write signet:sessions:read signet:sessions:write signet:grants:read signet:grants:write signet:keys:read signet:keys:write signet:limits:read signet:limits:write signet:mails:read signet:mails:write signet:settings:read signet:settings:write signet:audit:read signet:emergency:write"
"#;

async fn api(client: &str) -> Api {
    Api::of(ADMINISTRATORS, client).await
}

#[tokio::test]
async fn a_role_is_made_changed_against_its_state_and_removed() {
    let api = api("keeper").await;
    let sent = json!({"name": "desk", "description": "The desk", "permissions": ["users:read"]});
    let made = api.post("/roles", &sent).await.expect_status(201);
    assert_eq!(made.header("location").unwrap(), api.at("/roles/desk"));
    let tag = made.header("etag").unwrap();
    problem(&api.post("/roles", &sent).await, 409, "conflict");
    // Trying changes nothing.
    let trial = api.patch("/roles/desk?dry_run=true", &tag, &json!({"permissions": []})).await;
    assert_eq!(trial.expect_status(200).json().get("permissions"), None);
    let changed = api.patch("/roles/desk", &tag, &json!({"description": null, "client_id": null})).await;
    let changed = changed.expect_status(200);
    assert_eq!(
        (&changed.json()["description"], &changed.json()["permissions"]),
        (&json!(null), &json!(["users:read"]))
    );
    problem(&api.patch("/roles/desk", &tag, &json!({"description": "x"})).await, 412, "precondition-failed");
    problem(&api.send(Method::PATCH, "/roles/desk", &json!({}), &[]).await, 428, "precondition-required");
    problem(&api.ask(Method::DELETE, "/roles/desk", &[("if-match", &tag)]).await, 412, "precondition-failed");
    api.ask(Method::DELETE, "/roles/desk", &[("if-match", "*")]).await.expect_status(204);
    problem(&api.get("/roles/desk").await, 404, "not-found");
    problem(&api.get("/roles/de%00sk").await, 404, "not-found");
}

#[tokio::test]
async fn asking_twice_with_a_key_makes_one_role_and_one_group() {
    let api = api("keeper").await;
    let key = [("idempotency-key", "k1")];
    for (path, name) in [("/roles", "desk"), ("/groups", "staff")] {
        let key = [("idempotency-key", name)];
        let first = api.send(Method::POST, path, &json!({"name": name}), &key).await.expect_status(201);
        let second = api.send(Method::POST, path, &json!({"name": name}), &key).await.expect_status(201);
        assert_eq!(first.json(), second.json());
        // What somebody removed meanwhile is not made again by a request that is repeated.
        api.ask(Method::DELETE, &format!("{path}/{name}"), &[("if-match", "*")]).await.expect_status(204);
        let third = api.send(Method::POST, path, &json!({"name": name}), &key).await;
        problem(&third, 409, "conflict");
    }
    api.send(Method::POST, "/roles", &json!({"name": "one"}), &key).await.expect_status(201);
    let other = api.send(Method::POST, "/roles", &json!({"name": "two"}), &key).await;
    problem(&other, 422, "key-reused");
}

#[tokio::test]
async fn roles_are_listed_page_by_page() {
    let api = api("keeper").await;
    for name in ["a", "b", "c"] {
        api.post("/roles", &json!({"name": name})).await.expect_status(201);
    }
    let mut seen = Vec::new();
    let mut next = "/roles?limit=2".to_owned();
    loop {
        let page = api.get(&next).await.expect_status(200).json();
        let names =
            page["items"].as_array().unwrap().iter().map(|role| role["name"].as_str().unwrap().to_owned());
        seen.extend(names);
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        next = format!("/roles?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, ["a", "b", "c", "careful"]);
}

#[tokio::test]
async fn faults_are_told_with_their_field() {
    let api = api("keeper").await;
    for (path, sent, field) in [
        ("/roles", json!({"name": "signet:mine"}), "name"),
        ("/roles", json!({"name": "admin"}), "name"),
        ("/roles", json!({"name": "x", "permissions": ["users:admire"]}), "permissions[0]"),
        ("/roles", json!({"name": "x", "client_id": "nowhere"}), "client_id"),
        ("/groups", json!({"name": "a b"}), "name"),
        ("/groups", json!({"name": "x", "roles": ["nobody"]}), "roles"),
        ("/groups", json!({"name": "x", "members": ["bob"]}), "members"),
    ] {
        assert_eq!(fields(&problem(&api.post(path, &sent).await, 400, "invalid")), [field], "{sent}");
    }
    problem(&api.patch("/roles/careful", "*", &json!({"name": "other"})).await, 400, "invalid");
}

#[tokio::test]
async fn nobody_makes_a_role_or_group_that_gives_more_than_they_may_or_touches_one_that_does() {
    let api = api("keeper").await;
    let olga = api.user("olga").await;
    let bob = api.user("bob").await;
    for (path, sent) in [
        ("/roles", json!({"name": "x", "permissions": ["clients:write"]})),
        ("/groups", json!({"name": "x", "roles": ["admin"]})),
        ("/groups", json!({"name": "x", "roles": ["signet:user_manager"]})),
    ] {
        problem(&api.post(path, &sent).await, 403, "forbidden");
    }
    api.post("/roles", &json!({"name": "desk", "permissions": ["users:read"]})).await.expect_status(201);
    api.post("/groups", &json!({"name": "staff", "roles": ["desk"]})).await.expect_status(201);
    problem(&api.patch("/roles/desk", "*", &json!({"permissions": ["keys:write"]})).await, 403, "forbidden");
    problem(&api.patch("/groups/staff", "*", &json!({"roles": ["signet:owner"]})).await, 403, "forbidden");
    // The owners' group is out of their reach, and so is she.
    problem(&api.patch("/groups/owners", "*", &json!({"roles": []})).await, 403, "forbidden");
    problem(&api.ask(Method::DELETE, "/groups/owners", &[("if-match", "*")]).await, 403, "forbidden");
    for (method, group, who) in
        [(Method::PUT, "owners", &bob), (Method::DELETE, "owners", &olga), (Method::PUT, "staff", &olga)]
    {
        let moved = api.ask(method, &format!("/groups/{group}/members/{who}"), &[]).await;
        problem(&moved, 403, "forbidden");
    }
    api.ask(Method::PUT, &format!("/groups/staff/members/{bob}"), &[]).await.expect_status(204);
    // How well people have to prove themselves is the operator's to say.
    problem(&api.patch("/roles/careful", "*", &json!({"second_factor": null})).await, 403, "forbidden");
    problem(&api.ask(Method::DELETE, "/roles/careful", &[("if-match", "*")]).await, 403, "forbidden");
}

#[tokio::test]
async fn people_come_into_groups_and_leave_them() {
    let api = api("keeper").await;
    let bob = api.user("bob").await;
    api.post("/groups", &json!({"name": "staff"})).await.expect_status(201);
    let member = format!("/groups/staff/members/{bob}");
    for _ in 0..2 {
        api.ask(Method::PUT, &member, &[]).await.expect_status(204);
    }
    let page = api.get("/groups/staff/members").await.expect_status(200).json();
    assert_eq!(page["items"], json!([{"id": bob, "username": "bob"}]));
    api.ask(Method::DELETE, &member, &[]).await.expect_status(204);
    problem(&api.ask(Method::DELETE, &member, &[]).await, 404, "not-found");
    problem(&api.ask(Method::PUT, "/groups/staff/members/nobody", &[]).await, 404, "not-found");
    problem(&api.ask(Method::PUT, &format!("/groups/none/members/{bob}"), &[]).await, 404, "not-found");
}

#[tokio::test]
async fn the_last_owner_stays_also_if_they_own_by_a_group() {
    let api = api("all").await;
    let olga = api.user("olga").await;
    let bob = api.user("bob").await;
    let leave = async || api.ask(Method::DELETE, &format!("/groups/owners/members/{olga}"), &[]).await;
    problem(&leave().await, 409, "conflict");
    problem(&api.patch("/groups/owners", "*", &json!({"roles": ["admin"]})).await, 409, "conflict");
    problem(&api.ask(Method::DELETE, "/groups/owners", &[("if-match", "*")]).await, 409, "conflict");
    assert_eq!(api.get("/groups/owners").await.json()["roles"], json!(["signet:owner"]));
    api.ask(Method::PUT, &format!("/groups/owners/members/{bob}"), &[]).await.expect_status(204);
    leave().await.expect_status(204);
}

//! The administration API: nobody gets further than they were let, by whatever way round.

use crate::api::{Api, fields, problem};
use reqwest::Method;
use sea_orm::{ConnectionTrait as _, Database, Statement};
use serde_json::{Value, json};

/// Who looks after people, after clients, or only after limits; and who may do more than they.
const ADMINISTRATORS: &str = r#"
    [[users]]
    username = "olga"
    password = "correct horse battery staple"
    roles = ["signet:owner"]

    [[users]]
    username = "bob"
    password = "correct horse battery staple"

    [[roles]]
    name = "support"

    [[roles]]
    name = "cashier"
    client_id = "kiosk"

    [[clients]]
    client_id = "kiosk"
    client_secret = "a secret of thirty-two characters"
    redirect_uris = ["https://kiosk.example.test/callback"]
    scope = "openid"
    second_factor = "required"

    [[clients]]
    client_id = "trusted"
    client_secret = "a secret of thirty-two characters"
    redirect_uris = ["https://trusted.example.test/callback", "https://trusted.example.test/other"]
    scope = "openid"
    skip_consent = true

    [[clients]]
    client_id = "people"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:users:read signet:users:write signet:limits:write"

    [[clients]]
    client_id = "clients"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:clients:read signet:clients:write"

    [[clients]]
    client_id = "operator"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:clients:read signet:clients:write signet:settings:write"
"#;

async fn api(client: &str) -> Api {
    Api::of(ADMINISTRATORS, client).await
}

/// What was recorded under this name, oldest first.
async fn recorded(api: &Api, event: &str) -> Vec<Value> {
    let database = Database::connect(api.world.server.settings().get("database.url")).await.unwrap();
    let query = format!("SELECT details FROM audit WHERE event = '{event}' ORDER BY id");
    let query = Statement::from_string(database.get_database_backend(), query);
    let rows = database.query_all_raw(query).await.unwrap();
    rows.iter()
        .map(|row| serde_json::from_str(&row.try_get::<String>("", "details").unwrap()).unwrap())
        .collect()
}

#[tokio::test]
async fn nobody_takes_the_brake_off_guesses_at_whoever_may_do_more() {
    let api = api("people").await;
    let olga = format!("/users/{}/unlock", api.user("olga").await);
    problem(&api.ask(Method::POST, &olga, &[]).await, 403, "forbidden");
    assert_eq!(recorded(&api, "account_unlocked").await.len(), 0);
    let bob = format!("/users/{}/unlock", api.user("bob").await);
    api.ask(Method::POST, &bob, &[]).await.expect_status(204);
    assert_eq!(recorded(&api, "account_unlocked").await.len(), 1);
}

#[tokio::test]
async fn a_client_that_nobody_is_asked_about_is_not_bent_to_go_elsewhere_or_to_ask_for_more() {
    let api = api("clients").await;
    let elsewhere = json!({"redirect_uris": ["https://evil.example.test/callback"]});
    let more = json!({"scope": "openid offline_access"});
    for patch in [&elsewhere, &more] {
        problem(&api.patch("/clients/trusted", "*", patch).await, 403, "forbidden");
    }
    // Less is no harm, and where people are asked they see for themselves.
    let less = json!({"redirect_uris": ["https://trusted.example.test/other"]});
    api.patch("/clients/trusted", "*", &less).await.expect_status(200);
    let asked = json!({"skip_consent": false, "scope": "openid email"});
    api.patch("/clients/trusted", "*", &asked).await.expect_status(200);
}

#[tokio::test]
async fn what_a_client_is_told_of_people_is_not_decided_by_who_looks_after_clients() {
    let everyone = json!({"claims": [{"claim": "roles", "value": ["admin"]}]});
    let attribute = json!({"claims": [{"claim": "pay", "from": "attributes.salary"}]});
    let api = api("clients").await;
    for claims in [&everyone, &attribute] {
        problem(&api.patch("/clients/trusted", "*", claims).await, 403, "forbidden");
        let mut new = json!({"redirect_uris": ["https://new.example.test/callback"]});
        new["claims"] = claims["claims"].clone();
        problem(&api.post("/clients", &new).await, 403, "forbidden");
    }
    let api = Api { token: api.world.client_token("operator", &[]).await, ..api };
    api.patch("/clients/trusted", "*", &attribute).await.expect_status(200);
}

#[tokio::test]
async fn a_client_that_demands_a_factor_is_not_removed_to_be_made_anew_without() {
    let api = api("clients").await;
    problem(&api.ask(Method::DELETE, "/clients/kiosk", &[("if-match", "*")]).await, 403, "forbidden");
    let api = Api { token: api.world.client_token("operator", &[]).await, ..api };
    api.ask(Method::DELETE, "/clients/kiosk", &[("if-match", "*")]).await.expect_status(204);
    // Its roles go with it, and the log says so.
    let removed = recorded(&api, "role_removed").await;
    assert_eq!(removed.iter().map(|event| &event["role"]).collect::<Vec<_>>(), ["cashier"]);
}

#[tokio::test]
async fn the_log_says_who_was_invited_to_what_and_by_which_link_they_came() {
    let api = api("people").await;
    let sent = json!({"email": "dora@example.test", "roles": ["support"]});
    api.post("/invitations", &sent).await.expect_status(201);
    let link = api.world.server.mailbox().latest("dora@example.test").await.link();
    let page = api.world.server.browser().get(&link).await;
    let form =
        page.form("#join").fill("username", "dora").fill("password", "seven green bicycles under water");
    form.press("#join-submit").await;
    let invited = recorded(&api, "user_invited").await.pop().unwrap();
    assert_eq!(invited["roles"], json!(["support"]));
    let created = recorded(&api, "user_created").await.pop().unwrap();
    assert_eq!((&created["through"], &created["invitation"]), (&json!("invitation"), &invited["invitation"]));
    assert_eq!(created["changes"], json!([{"field": "roles", "after": ["support"]}]));
    let secret = link.rsplit(['=', '#', '/']).next().unwrap();
    assert!(
        !format!("{invited}{created}").contains(secret)
            && !invited["invitation"].as_str().unwrap().is_empty()
    );
}

#[tokio::test]
async fn the_log_outlives_people_and_does_not_tell_their_addresses() {
    let api = api("people").await;
    let sent = json!({"username": "erin", "email": "erin@example.test", "birthdate": "1990-01-01"});
    api.post("/users", &sent).await.expect_status(201);
    let path = format!("/users/{}", api.user("erin").await);
    let patch = json!({"email": "erin@example.org", "disabled": true});
    api.patch(&path, "*", &patch).await.expect_status(200);
    let told = [recorded(&api, "user_created").await, recorded(&api, "user_changed").await].concat();
    let told = serde_json::to_string(&told).unwrap();
    assert!(!told.contains("erin@") && !told.contains("1990"), "{told}");
    // What they may do is told.
    assert!(told.contains(r#"{"field":"disabled","before":false,"after":true}"#), "{told}");
}

#[tokio::test]
async fn a_person_whom_a_file_declares_is_not_renamed_by_hand() {
    let api = api("people").await;
    let bob = format!("/users/{}", api.user("bob").await);
    let refused = api.patch(&bob, "*", &json!({"username": "robert"})).await;
    assert_eq!(fields(&problem(&refused, 400, "invalid")), ["username"]);
}

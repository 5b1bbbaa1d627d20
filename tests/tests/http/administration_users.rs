//! The administration API: people.

use crate::api::{Api, fields, problem};
use crate::person::{add_app, add_passkey, signed_in};
use crate::world::{OFFLINE, PASSWORD};
use reqwest::Method;
use serde_json::{Value, json};

const ALICE: &str = "alice@example.test";
const BOB: &str = "bob@example.test";
const NEW: &str = "seven green bicycles under water";

/// A client that does everything, one that looks after people, and people who may do more than it.
const ADMINISTRATORS: &str = r#"
    [[users]]
    username = "olga"
    password = "correct horse battery staple"
    email = "olga@example.test"
    roles = ["signet:owner"]

    [[users]]
    username = "adam"
    password = "correct horse battery staple"
    roles = ["admin"]

    [[users]]
    username = "bob"
    email = "bob@example.test"
    email_verified = true
    password = "correct horse battery staple"

    [[roles]]
    name = "support"

    [[clients]]
    client_id = "all"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:users:read signet:users:write signet:groups:read signet:groups:write signet:roles:read signet:roles:write signet:clients:read signet:clients:write signet:resources:read signet:resources:write signet:sessions:read signet:sessions:write signet:grants:read signet:grants:write signet:keys:read signet:keys:write signet:limits:read signet:limits:write signet:mails:read signet:mails:write signet:settings:read signet:settings:write signet:audit:read signet:emergency:write"

    [[clients]]
    client_id = "people"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:users:read signet:users:write signet:limits:write signet:sessions:write signet:grants:write"
"#;

async fn api(client: &str) -> Api {
    Api::of(ADMINISTRATORS, client).await
}

impl Api {
    /// Whether somebody's password lets in.
    async fn lets_in(&self, username: &str, password: &str) -> bool {
        let request = self.world.request("web", "openid");
        let page = self.world.server.browser().get(request.url()).await;
        let form = page.form("#login").fill("username", username).fill("password", password);
        form.press("#login-submit").await.left_for().is_some()
    }
}

#[tokio::test]
async fn somebody_is_made_with_a_password_and_signs_in() {
    let api = api("people").await;
    let sent = json!({"username": "Dora", "email": "dora@example.test", "email_verified": true,
        "name": "Dora Example", "locale": "de", "roles": ["support"], "password": NEW});
    let made = api.post("/users", &sent).await.expect_status(201);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location").unwrap(), api.at(&format!("/users/{id}")));
    assert!(api.lets_in("dora", NEW).await);
    let read = api.get(&format!("/users/{id}")).await.expect_status(200);
    assert_eq!(read.header("etag"), made.header("etag"));
    let dora = read.json();
    assert_eq!((&dora["name"], &dora["roles"]), (&json!("Dora Example"), &json!(["support"])));
    assert_eq!((&dora["has_password"], &dora["managed_by"]), (&json!(true), &Value::Null));
    assert!(!read.text().contains("argon2") && !read.text().contains(NEW));
}

#[tokio::test]
async fn an_imported_hash_lets_in_with_the_password_it_was_made_of() {
    let api = api("people").await;
    // bcrypt of the password below.
    let hash = "$2b$10$C6UzMDM.H6dfI/f/IKcEeO7ZBzpGZBFjkZCFHN1jP5rXkqfA0Tz0i";
    let sent = json!({"username": "dora", "password_hash": hash});
    let made = api.post("/users", &sent).await;
    assert_eq!(made.expect_status(201).json()["has_password"], true);
    let both = json!({"username": "erik", "password_hash": hash, "password": NEW});
    assert_eq!(fields(&problem(&api.post("/users", &both).await, 400, "invalid")), ["password_hash"]);
}

#[tokio::test]
async fn a_password_that_nobody_may_choose_is_not_given_to_anybody() {
    let api = api("people").await;
    for password in ["short", "password1234", "dora@example.test"] {
        let sent = json!({"username": "dora", "email": "dora@example.test", "password": password});
        let refused = api.post("/users", &sent).await;
        assert_eq!(fields(&problem(&refused, 400, "invalid")), ["password"], "{password}");
        assert!(!refused.text().contains(password), "{}", refused.text());
    }
    assert!(!api.lets_in("dora", "password1234").await);
}

#[tokio::test]
async fn what_does_not_fit_or_is_taken_is_told() {
    let api = api("people").await;
    for (sent, field) in [
        (json!({}), "username"),
        (json!({"username": "dora", "colour": "red"}), "colour"),
        (json!({"username": "dora", "email": "dora"}), "email"),
        (json!({"username": "dora", "roles": ["nobody-declared-it"]}), "roles"),
        (json!({"username": "dora", "address": {"street": "x"}}), "address"),
    ] {
        let told = problem(&api.post("/users", &sent).await, 400, "invalid");
        assert!(fields(&told)[0].starts_with(field), "{sent}: {told}");
    }
    for taken in [json!({"username": "ALICE"}), json!({"username": "dora", "email": "Alice@example.TEST"})] {
        problem(&api.post("/users", &taken).await, 409, "conflict");
        problem(&api.post("/users?dry_run=true", &taken).await, 409, "conflict");
    }
    api.post("/users?dry_run=true", &json!({"username": "dora"})).await.expect_status(200);
    assert!(api.get("/users?search=dora").await.json()["items"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn asking_again_with_the_same_key_makes_nobody_twice() {
    let api = api("people").await;
    let sent = json!({"username": "dora", "password": NEW});
    let ask = async |sent: &Value| api.send(Method::POST, "/users", sent, &[("idempotency-key", "k")]).await;
    let (one, other) = tokio::join!(ask(&sent), ask(&sent));
    let (one, other) = (one.expect_status(201).json(), other.expect_status(201).json());
    assert_eq!(one["id"], other["id"]);
    problem(&ask(&json!({"username": "erik"})).await, 422, "key-reused");
    let path = format!("/users/{}", one["id"].as_str().unwrap());
    api.ask(Method::DELETE, &path, &[("if-match", "*")]).await.expect_status(204);
    problem(&ask(&sent).await, 409, "conflict");
}

#[tokio::test]
async fn people_are_found_by_any_of_their_names_and_by_role() {
    let api = api("people").await;
    let sent = json!({"username": "zoe", "name": "ZOË Ångström", "roles": ["support"]});
    api.post("/users", &sent).await.expect_status(201);
    let found = async |query: &str| {
        let page = api.get(&format!("/users?{query}")).await.expect_status(200).json();
        let names = page["items"].as_array().unwrap().iter().map(|user| user["username"].clone());
        names.map(|name| name.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("search=zo%C3%AB%20%C3%A5ng").await, ["zoe"]);
    assert_eq!(found("search=ALICE%40").await, ["alice"]);
    assert_eq!(found("search=%25").await, [""; 0]);
    assert_eq!(found("role=support").await, ["zoe"]);
    assert_eq!(found("role=admin").await, ["adam"]);
    // Neither in another case nor in part.
    assert_eq!((found("role=SUPPORT").await, found("role=owner").await), (vec![], vec![]));
    assert_eq!(found("disabled=true").await, [""; 0]);
    assert_eq!(found("sort=-username&limit=2").await, ["zoe", "olga"]);
    for sort in ["username", "-username", "name", "-name", "created_at", "-updated_at"] {
        let (mut seen, mut cursor) = (0, String::new());
        loop {
            let page = api.get(&format!("/users?limit=2&sort={sort}{cursor}")).await.expect_status(200);
            let page = page.json();
            seen += page["items"].as_array().unwrap().len();
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, 5, "{sort}");
    }
    for query in ["search=%00", "sort=email", "role=a&role=b"] {
        problem(&api.get(&format!("/users?{query}")).await, 400, "invalid");
    }
    problem(&api.get("/users/nobody").await, 404, "not-found");
    problem(&api.get("/users/no%00body").await, 404, "not-found");
}

#[tokio::test]
async fn a_change_replaces_what_it_names_and_is_refused_if_somebody_was_faster() {
    let api = api("people").await;
    let bob = format!("/users/{}", api.user("bob").await);
    let seen = api.get(&bob).await.header("etag").unwrap();
    let changed = api.patch(&bob, &seen, &json!({"name": "Bob", "roles": ["support"]})).await;
    let tag = changed.header("etag").unwrap();
    assert_eq!(changed.expect_status(200).json()["email"], BOB);
    problem(&api.patch(&bob, &seen, &json!({"name": "Robert"})).await, 412, "precondition-failed");
    problem(&api.send(Method::PATCH, &bob, &json!({"name": "R"}), &[]).await, 428, "precondition-required");
    let back = api.patch(&bob, &tag, &json!({"name": null, "roles": null})).await.expect_status(200).json();
    assert_eq!((&back["name"], &back["roles"]), (&Value::Null, &json!([])));
    let trial = api.patch(&format!("{bob}?dry_run=true"), "*", &json!({"name": "Trial"})).await;
    assert_eq!(trial.expect_status(200).json()["name"], "Trial");
    assert_eq!(api.get(&bob).await.json()["name"], Value::Null);
    problem(&api.patch(&bob, "*", &json!({"email": ALICE})).await, 409, "conflict");
    let refused = api.patch(&bob, "*", &json!({"password": NEW})).await;
    assert_eq!(fields(&problem(&refused, 400, "invalid")), ["password"]);
}

#[tokio::test]
async fn a_new_address_is_not_verified_and_the_old_one_is_told() {
    let api = api("people").await;
    let bob = format!("/users/{}", api.user("bob").await);
    let changed = api.patch(&bob, "*", &json!({"email": "robert@example.test"})).await.expect_status(200);
    assert_eq!(changed.json()["email_verified"], false);
    let mail = api.world.server.mailbox().latest(BOB).await;
    assert!(mail.links().iter().all(|link| !link.contains("token")), "{}", mail.text);
    let said = json!({"email": "bob2@example.test", "email_verified": true});
    assert_eq!(api.patch(&bob, "*", &said).await.expect_status(200).json()["email_verified"], true);
}

#[tokio::test]
async fn disabling_somebody_ends_what_is_theirs_at_once() {
    let api = api("people").await;
    let token: String = api.world.sign_in("web", OFFLINE).await.field("access_token");
    let alice = format!("/users/{}", api.user("alice").await);
    api.patch(&alice, "*", &json!({"disabled": true})).await.expect_status(200);
    api.world.userinfo(&token).await.expect_status(401);
    assert!(!api.lets_in("alice", PASSWORD).await);
    api.patch(&alice, "*", &json!({"disabled": false})).await.expect_status(200);
    api.world.userinfo(&token).await.expect_status(401);
    assert!(api.lets_in("alice", PASSWORD).await);
}

#[tokio::test]
async fn whoever_is_removed_is_gone_with_their_tokens() {
    let api = api("people").await;
    let token: String = api.world.sign_in("web", OFFLINE).await.field("access_token");
    let alice = format!("/users/{}", api.user("alice").await);
    let trial = api.ask(Method::DELETE, &format!("{alice}?dry_run=true"), &[("if-match", "*")]).await;
    trial.expect_status(204);
    problem(&api.ask(Method::DELETE, &alice, &[]).await, 428, "precondition-required");
    api.ask(Method::DELETE, &alice, &[("if-match", "*")]).await.expect_status(204);
    problem(&api.get(&alice).await, 404, "not-found");
    api.world.userinfo(&token).await.expect_status(401);
}

#[tokio::test]
async fn the_last_owner_stays_one() {
    let api = api("all").await;
    stays(&api, "olga").await;
    // An owner can make administrators: there need not always be one.
    let adam = format!("/users/{}", api.user("adam").await);
    api.patch(&adam, "*", &json!({"roles": []})).await.expect_status(200);
    stays(&api, "olga").await;
}

async fn stays(api: &Api, name: &str) {
    let path = format!("/users/{}", api.user(name).await);
    for patch in [json!({"roles": []}), json!({"disabled": true})] {
        problem(&api.patch(&path, "*", &patch).await, 409, "conflict");
    }
    problem(&api.ask(Method::DELETE, &path, &[("if-match", "*")]).await, 409, "conflict");
    // Anything else about them may change.
    api.patch(&path, "*", &json!({"name": "Somebody"})).await.expect_status(200);
}

#[tokio::test]
async fn of_two_owners_who_leave_at_once_one_stays() {
    let api = api("all").await;
    let (olga, bob) = (api.user("olga").await, api.user("bob").await);
    api.patch(&format!("/users/{bob}"), "*", &json!({"roles": ["signet:owner"]})).await.expect_status(200);
    let leave = async |id: &str| api.patch(&format!("/users/{id}"), "*", &json!({"roles": []})).await.status;
    let (one, other) = tokio::join!(leave(&olga), leave(&bob));
    let mut statuses = [one, other];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn nobody_touches_whoever_may_do_more_or_makes_anybody_so() {
    let api = api("people").await;
    let olga = format!("/users/{}", api.user("olga").await);
    for refused in [
        api.patch(&olga, "*", &json!({"email": "mine@example.test"})).await,
        api.patch(&olga, "*", &json!({"roles": []})).await,
        api.ask(Method::DELETE, &olga, &[("if-match", "*")]).await,
        api.ask(Method::POST, &format!("{olga}/reset-password"), &[]).await,
        api.ask(Method::DELETE, &format!("{olga}/factors"), &[]).await,
        api.post("/users", &json!({"username": "me", "roles": ["admin"]})).await,
        api.post("/invitations", &json!({"email": "me@example.test", "roles": ["admin"]})).await,
        api.patch(&format!("/users/{}", api.user("bob").await), "*", &json!({"roles": ["admin"]})).await,
    ] {
        problem(&refused, 403, "forbidden");
    }
    assert!(api.lets_in("olga", PASSWORD).await);
    // Nobody gets further by ending a session, be it an owner's.
    api.ask(Method::POST, &format!("{olga}/end-all"), &[]).await.expect_status(204);
}

#[tokio::test]
async fn a_reset_takes_the_password_away_and_only_its_owner_chooses_another() {
    let api = api("people").await;
    let bob = format!("/users/{}", api.user("bob").await);
    let browser = signed_in(&api.world, "bob").await;
    let reset = api.ask(Method::POST, &format!("{bob}/reset-password"), &[]).await.expect_status(200);
    assert_eq!((&reset.json()["link"], &reset.json()["minutes"]), (&Value::Null, &json!(30)));
    assert!(!api.lets_in("bob", PASSWORD).await);
    assert!(browser.get("/account").await.has("#login"), "the session goes on");
    assert_eq!(api.get(&bob).await.json()["has_password"], false);
    let link = api.world.server.mailbox().latest(BOB).await.link();
    let page = api.world.server.browser().get(&link).await;
    let page = page.form("#reset").fill("password", NEW).press("#reset-submit").await;
    assert!(page.has("#password-changed"), "{}", page.html());
    assert!(api.lets_in("bob", NEW).await);
    let adam = format!("/users/{}", api.user("adam").await);
    problem(&api.ask(Method::POST, &format!("{adam}/reset-password"), &[]).await, 403, "forbidden");
    let dora = api.post("/users", &json!({"username": "dora"})).await.expect_status(201).json();
    let dora = format!("/users/{}/reset-password", dora["id"].as_str().unwrap());
    problem(&api.ask(Method::POST, &dora, &[]).await, 409, "conflict");
}

#[tokio::test]
async fn whoever_lost_their_phone_loses_its_factors_and_whatever_it_was_signed_in_to() {
    let api = api("people").await;
    let bob = format!("/users/{}/factors", api.user("alice").await);
    let browser = signed_in(&api.world, "alice").await;
    add_app(&api.world, &browser).await;
    let page = add_passkey(&api.world, &browser, "Phone").await;
    assert!(page.has("#account-done"), "{}", page.html());
    let told = api.get(&bob).await.expect_status(200).json();
    assert!(told["totp"]["created_at"].is_string());
    assert_eq!(told["passkeys"][0]["name"], "Phone");
    assert!(told["recovery_codes"].as_u64().unwrap() > 0);
    let passkey = told["passkeys"][0]["id"].as_str().unwrap();
    api.ask(Method::DELETE, &format!("{bob}/passkeys/{passkey}"), &[]).await.expect_status(204);
    problem(&api.ask(Method::DELETE, &format!("{bob}/passkeys/{passkey}"), &[]).await, 404, "not-found");
    assert!(browser.get("/account").await.has("#login"), "the session goes on");
    let mail = api.world.server.mailbox().about(ALICE, "One way less").await;
    assert!(mail.text.contains("passkey"), "{}", mail.text);
    api.ask(Method::DELETE, &bob, &[]).await.expect_status(204);
    let told = api.get(&bob).await.expect_status(200).json();
    assert_eq!(told, json!({"totp": null, "passkeys": [], "recovery_codes": 0, "remembered_browsers": 0}));
    // The password alone lets in again.
    assert!(api.lets_in("alice", PASSWORD).await);
    problem(&api.ask(Method::DELETE, &bob, &[]).await, 404, "not-found");
    problem(&api.ask(Method::DELETE, &format!("{bob}/totp"), &[]).await, 404, "not-found");
}

#[tokio::test]
async fn whoever_is_held_back_is_let_go() {
    let api = api("people").await;
    for _ in 0..10 {
        assert!(!api.lets_in("bob", "not the password at all").await);
    }
    assert!(!api.lets_in("bob", PASSWORD).await, "no limit held");
    let bob = format!("/users/{}/unlock", api.user("bob").await);
    signet_tests::eventually(crate::world::REACHES, async || {
        api.ask(Method::POST, &bob, &[]).await.expect_status(204);
        api.lets_in("bob", PASSWORD).await
    })
    .await;
}

#[tokio::test]
async fn everything_of_somebodys_ends_in_one_call() {
    let api = api("people").await;
    let token: String = api.world.sign_in("web", OFFLINE).await.field("access_token");
    let browser = signed_in(&api.world, "alice").await;
    let alice = format!("/users/{}/end-all", api.user("alice").await);
    api.ask(Method::POST, &alice, &[]).await.expect_status(204);
    api.world.userinfo(&token).await.expect_status(401);
    assert!(browser.get("/account").await.has("#login"), "the session goes on");
    assert!(api.lets_in("alice", PASSWORD).await);
}

#[tokio::test]
async fn somebody_who_is_invited_chooses_for_themselves() {
    let api = api("people").await;
    let sent = json!({"email": "dora@example.test", "name": "Dora", "roles": ["support"]});
    let invited = api.post("/invitations", &sent).await.expect_status(201).json();
    assert_eq!(invited, json!({"link": null, "days": 7}));
    let link = api.world.server.mailbox().latest("dora@example.test").await.link();
    assert!(api.world.server.browser().get(&link).await.has("#join"));
    problem(&api.post("/invitations", &json!({"email": ALICE})).await, 409, "conflict");
    let refused = api.post("/invitations", &json!({"email": "dora"})).await;
    assert_eq!(fields(&problem(&refused, 400, "invalid")), ["email"]);
    let refused = api.post("/invitations", &json!({"email": "e@example.test", "roles": ["x"]})).await;
    assert_eq!(fields(&problem(&refused, 400, "invalid")), ["roles"]);
}

//! The administration API: who may call it, and what it does with clients.

use crate::api::{Api, fields, problem};
use crate::world::{OFFLINE, REACHES, SECRET, World, not_stored};
use reqwest::Method;
use serde_json::{Value, json};
use signet_tests::{Answer, eventually};

/// Clients that administer, each as far as its scope says, and people with roles.
const ADMINISTRATORS: &str = r#"
    [[users]]
    username = "carol"
    password = "correct horse battery staple"
    roles = ["signet:client_manager"]

    [[clients]]
    client_id = "robot"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:clients:read signet:clients:write signet:grants:write"

    [[clients]]
    client_id = "reader"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:clients:read"

    [[clients]]
    client_id = "mightier"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "signet:users:write"

    [[clients]]
    client_id = "desk"
    client_secret = "a secret of thirty-two characters"
    redirect_uris = ["https://desk.example.test/callback"]
    scope = "openid signet:clients:read signet:users:write"
    skip_consent = true
"#;

/// The API as one of these clients may call it.
async fn api(client: &str) -> Api {
    Api::of(ADMINISTRATORS, client).await
}

#[tokio::test]
async fn a_client_is_registered_and_gets_tokens_at_once() {
    let api = api("robot").await;
    let sent =
        json!({"client_name": "Night job", "grant_types": ["client_credentials"], "scope": "orders:read"});
    let made = api.post("/clients", &sent).await.expect_status(201);
    not_stored(&made);
    let client = made.json();
    let (id, secret) = (client["client_id"].as_str().unwrap(), client["client_secret"].as_str().unwrap());
    assert_eq!(made.header("location").unwrap(), api.at(&format!("/clients/{id}")));
    let token = api.world.server.http.post(api.world.endpoint("token_endpoint")).basic(id, secret);
    token.form(&[("grant_type", "client_credentials")]).send().await.expect_status(200);
    // The secret is told once.
    let read = api.get(&format!("/clients/{id}")).await.expect_status(200);
    assert!(!read.text().contains(secret) && read.header("etag") == made.header("etag"));
    assert_eq!(read.json()["client_secrets"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn every_fault_is_told_with_its_field_and_nothing_is_kept() {
    let api = api("robot").await;
    let sent = json!({"client_id": "shop", "redirect_uris": ["http://shop.test/cb", "x"], "grant_types": []});
    let refused = api.post("/clients", &sent).await;
    let told = problem(&refused, 400, "invalid");
    assert_eq!(fields(&told), ["redirect_uris", "redirect_uris", "grant_types"]);
    for (sent, field) in [
        (json!({"colour": "red"}), "colour"),
        (json!({"redirect_uris": "https://shop.test/cb"}), "redirect_uris"),
        (json!({"redirect_uris": [7]}), "redirect_uris[0]"),
    ] {
        assert_eq!(fields(&problem(&api.post("/clients", &sent).await, 400, "invalid")), [field]);
    }
    problem(&api.get("/clients/shop").await, 404, "not-found");
}

#[tokio::test]
async fn an_identifier_is_given_once() {
    let api = api("robot").await;
    problem(
        &api.post("/clients", &json!({"client_id": "web", "redirect_uris": ["https://a.test/cb"]})).await,
        409,
        "conflict",
    );
}

#[tokio::test]
async fn asking_again_with_the_same_key_makes_nothing_twice_and_tells_the_same() {
    let api = api("robot").await;
    let sent = json!({"grant_types": ["client_credentials"]});
    let ask =
        async |sent: &Value| api.send(Method::POST, "/clients", sent, &[("idempotency-key", "k-1")]).await;
    let (one, other) = tokio::join!(ask(&sent), ask(&sent));
    let (one, other) = (one.expect_status(201).json(), other.expect_status(201).json());
    assert_eq!((&one["client_id"], &one["client_secret"]), (&other["client_id"], &other["client_secret"]));
    assert_eq!(ask(&sent).await.expect_status(201).json()["client_secret"], one["client_secret"]);
    problem(&ask(&json!({"client_name": "Another"})).await, 422, "key-reused");
    let path = format!("/clients/{}", one["client_id"].as_str().unwrap());
    api.ask(Method::DELETE, &path, &[("if-match", "*")]).await.expect_status(204);
    problem(&ask(&sent).await, 409, "conflict");
}

#[tokio::test]
async fn a_trial_tells_what_would_be_and_keeps_nothing() {
    let api = api("robot").await;
    let sent = json!({"client_id": "shop", "redirect_uris": ["https://shop.test/cb"]});
    let told = api.post("/clients?dry_run=true", &sent).await.expect_status(200).json();
    assert_eq!((&told["client_id"], &told["client_secret"]), (&json!("shop"), &Value::Null));
    problem(&api.get("/clients/shop").await, 404, "not-found");
    let told = api.patch("/clients/web?dry_run=true", "*", &json!({"client_name": "Web two"})).await;
    assert_eq!(told.expect_status(200).json()["client_name"], "Web two");
    assert_eq!(api.get("/clients/web").await.json()["client_name"], "web");
    let gone = api.send(Method::DELETE, "/clients/web?dry_run=true", &json!({}), &[("if-match", "*")]).await;
    gone.expect_status(204);
    api.get("/clients/web").await.expect_status(200);
}

/// RFC 9110 §13.1.1: of two who saw the same, one changes it.
#[tokio::test]
async fn a_change_of_what_was_changed_meanwhile_is_412() {
    let api = api("robot").await;
    let seen = api.get("/clients/web").await.header("etag").unwrap();
    let change = |name: &str| json!({"client_name": name});
    let (one, other) = (change("One"), change("Other"));
    let (one, other) =
        tokio::join!(api.patch("/clients/web", &seen, &one), api.patch("/clients/web", &seen, &other));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412], "{} {}", one.text(), other.text());
    problem(&api.patch("/clients/web", &seen, &change("Three")).await, 412, "precondition-failed");
    problem(
        &api.send(Method::PATCH, "/clients/web", &change("Four"), &[]).await,
        428,
        "precondition-required",
    );
    let gone = api.send(Method::DELETE, "/clients/web", &json!({}), &[("if-match", &seen)]).await;
    problem(&gone, 412, "precondition-failed");
    api.patch("/clients/web", "*", &change("Five")).await.expect_status(200);
}

#[tokio::test]
async fn a_change_takes_away_what_is_null_and_leaves_the_rest() {
    let api = api("robot").await;
    let patch = json!({"client_name": "Shop", "tos_uri": "https://shop.test/terms"});
    api.patch("/clients/web", "*", &patch).await.expect_status(200);
    let changed = api.patch("/clients/web", "*", &json!({"tos_uri": null})).await.expect_status(200).json();
    assert_eq!((&changed["client_name"], &changed["tos_uri"]), (&json!("Shop"), &Value::Null));
    assert_eq!(changed["redirect_uris"].as_array().unwrap().len(), 2);
    let refused = api.patch("/clients/web", "*", &json!({"client_id": "other-name"})).await;
    assert_eq!(fields(&problem(&refused, 400, "invalid")), ["client_id"]);
    let refused = api.patch("/clients/web", "*", &json!({"client_secret": SECRET})).await;
    assert_eq!(fields(&problem(&refused, 400, "invalid")), ["client_secret"]);
}

#[tokio::test]
async fn disabling_a_client_ends_its_tokens_and_enabling_it_brings_none_back() {
    let api = api("robot").await;
    let answer = api.world.sign_in("web", OFFLINE).await;
    let token: String = answer.field("access_token");
    assert!(api.world.is_active(&token).await);
    api.patch("/clients/web", "*", &json!({"disabled": true})).await.expect_status(200);
    api.world.userinfo(&token).await.expect_status(401);
    api.patch("/clients/web", "*", &json!({"disabled": false})).await.expect_status(200);
    api.world.userinfo(&token).await.expect_status(401);
    api.world.client_token("web", &[("scope", "orders:read")]).await;
}

#[tokio::test]
async fn a_secret_is_rotated_without_a_refused_request() {
    let api = api("robot").await;
    let made = api.post("/clients/post/secrets", &json!({"overlap": 60})).await.expect_status(201).json();
    let new = made["client_secret"].as_str().unwrap().to_owned();
    let with = async |secret: &str| {
        let form = [("grant_type", "client_credentials"), ("client_id", "post"), ("client_secret", secret)];
        api.world.server.http.post(api.world.endpoint("token_endpoint")).form(&form).send().await.status
    };
    assert_eq!((with(SECRET).await, with(&new).await), (200, 200));
    // A third one would make it three.
    problem(&api.post("/clients/post/secrets", &json!({})).await, 409, "conflict");
    let secrets = api.get("/clients/post").await.json()["client_secrets"].clone();
    let old = secrets.as_array().unwrap().iter().find(|secret| secret["id"] != made["id"]).unwrap();
    assert_eq!(old["expires_at"], made["others_expire_at"]);
    let path = format!("/clients/post/secrets/{}", old["id"].as_str().unwrap());
    api.send(Method::DELETE, &path, &json!({}), &[]).await.expect_status(204);
    assert_eq!((with(SECRET).await, with(&new).await), (401, 200));
    problem(&api.send(Method::DELETE, &path, &json!({}), &[]).await, 404, "not-found");
    // Another client's secret is not there.
    let other = format!("/clients/web/secrets/{}", made["id"].as_str().unwrap());
    problem(&api.send(Method::DELETE, &other, &json!({}), &[]).await, 404, "not-found");
    assert_eq!(with(&new).await, 200);
}

#[tokio::test]
async fn a_list_is_read_page_by_page_each_client_once() {
    let api = api("reader").await;
    for sort in ["client_id", "-client_id", "client_name", "created_at", "-updated_at"] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page =
                api.get(&format!("/clients?limit=3&sort={sort}{cursor}")).await.expect_status(200).json();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= 3);
            seen.extend(items.iter().map(|client| client["client_id"].as_str().unwrap().to_owned()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let all = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((seen.len(), all), (11, 11), "{sort}");
    }
}

#[tokio::test]
async fn a_list_is_searched_and_wrong_questions_are_told() {
    let api = api("reader").await;
    let found = async |query: &str| {
        let page = api.get(&format!("/clients?{query}")).await.expect_status(200).json();
        let ids = page["items"].as_array().unwrap().iter().map(|client| client["client_id"].clone());
        ids.map(|id| id.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("search=ORDERS").await, ["orders-api"]);
    assert_eq!(found("search=%25").await, [""; 0]);
    assert_eq!(found("search=_").await, [""; 0]);
    assert_eq!(found("disabled=true").await, [""; 0]);
    let by_number = api.get("/clients?sort=created_at&limit=1").await.json()["next_cursor"].clone();
    let by_number = by_number.as_str().unwrap();
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("sort=colour", "sort"),
        ("disabled=perhaps", "disabled"),
        ("cursor=x", "cursor"),
        (&format!("cursor={by_number}"), "cursor"),
        ("colour=red", "colour"),
        ("limit=1&limit=2", "limit"),
    ] {
        let refused = api.get(&format!("/clients?{query}")).await;
        assert_eq!(fields(&problem(&refused, 400, "invalid")), [field], "{query}");
    }
}

#[tokio::test]
async fn a_token_that_is_not_for_this_api_opens_nothing() {
    let world = World::with(ADMINISTRATORS).await;
    let api = format!("{}/api/v1/admin/clients", world.server.issuer());
    let with = async |token: Option<&str>| {
        let call = world.server.http.call(Method::GET, &api);
        match token {
            Some(token) => call.bearer(token).send().await,
            None => call.send().await,
        }
    };
    let bare = with(None).await;
    problem(&bare, 401, "unauthorized");
    assert!(bare.header("www-authenticate").unwrap().starts_with("Bearer realm="));
    let userinfo: String = world.sign_in("web", "openid").await.field("access_token");
    let orders = world.client_token("web", &[("scope", "orders:read")]).await;
    for token in [userinfo.as_str(), orders.as_str(), "nonsense"] {
        problem(&with(Some(token)).await, 401, "unauthorized");
    }
    let good = world.client_token("reader", &[]).await;
    with(Some(&good)).await.expect_status(200);
    world.revoke("reader", &good).await;
    problem(&with(Some(&good)).await, 401, "unauthorized");
}

#[tokio::test]
async fn whoever_may_only_read_changes_nothing() {
    let api = api("reader").await;
    let refusals = [
        api.post("/clients", &json!({"redirect_uris": ["https://a.test/cb"]})).await,
        api.patch("/clients/web", "*", &json!({"client_name": "Mine"})).await,
        api.send(Method::DELETE, "/clients/web", &json!({}), &[("if-match", "*")]).await,
        api.post("/clients/web/secrets", &json!({})).await,
        api.send(Method::DELETE, "/clients/web/secrets/x", &json!({}), &[]).await,
        api.post("/clients/web/end-tokens", &json!({})).await,
    ];
    for refused in &refusals {
        problem(refused, 403, "forbidden");
        let challenge = refused.header("www-authenticate").unwrap();
        assert!(challenge.contains("insufficient_scope") && challenge.contains("signet:"), "{challenge}");
    }
    assert_eq!(api.get("/clients/web").await.json()["client_name"], "web");
}

#[tokio::test]
async fn nobody_raises_a_client_above_themselves_or_touches_one_that_stands_there() {
    let api = api("robot").await;
    let scope = json!({"grant_types": ["client_credentials"], "scope": "signet:users:write"});
    problem(&api.post("/clients", &scope).await, 403, "forbidden");
    problem(
        &api.patch("/clients/robot", "*", &json!({"scope": "signet:users:write"})).await,
        403,
        "forbidden",
    );
    // Its new secret would be theirs.
    problem(&api.post("/clients/mightier/secrets", &json!({})).await, 403, "forbidden");
    problem(&api.patch("/clients/mightier", "*", &json!({"jwks": null})).await, 403, "forbidden");
    problem(
        &api.send(Method::DELETE, "/clients/mightier", &json!({}), &[("if-match", "*")]).await,
        403,
        "forbidden",
    );
    // What they may themselves they may give.
    let scope = json!({"grant_types": ["client_credentials"], "scope": "signet:clients:read"});
    api.post("/clients", &scope).await.expect_status(201);
}

/// A token of somebody's for `desk`, with which they administer.
async fn token_of(world: &World, name: &str) -> String {
    let request = world.request("desk", "openid signet:clients:read signet:users:write");
    let page = world.server.browser().get(request.url()).await;
    let form = page.form("#login").fill("username", name).fill("password", crate::world::PASSWORD);
    let callback = form.press("#login-submit").await.callback();
    let code = callback.checked_code(&request, &world.server.issuer()).to_owned();
    let code = crate::world::Code { code, request, redirect_uri: callback.redirect_uri };
    world.token("desk", &code.form()).await.expect_status(200).field("access_token")
}

async fn list_clients(world: &World, token: &str) -> Answer {
    let api = format!("{}/api/v1/admin/clients", world.server.issuer());
    world.server.http.call(Method::GET, api).bearer(token).send().await
}

#[tokio::test]
async fn a_persons_token_lets_do_what_both_its_scope_and_their_roles_do() {
    let world = World::with(ADMINISTRATORS).await;
    let alice = token_of(&world, "alice").await;
    // She may do nothing there: her token is not even for it.
    problem(&list_clients(&world, &alice).await, 401, "unauthorized");
    let carol = token_of(&world, "carol").await;
    list_clients(&world, &carol).await.expect_status(200);
    let write = world.server.http.post(format!("{}/api/v1/admin/clients", world.server.issuer()));
    let refused = write.bearer(&carol).body("application/json", "{}").send().await;
    problem(&refused, 403, "forbidden");
    // A role that is taken away counts no more, whatever the token says.
    let declared = ADMINISTRATORS.replace(r#"roles = ["signet:client_manager"]"#, "");
    world.server.apply(&declared).await;
    eventually(REACHES, async || list_clients(&world, &carol).await.status == 403).await;
}

#[tokio::test]
async fn a_declared_role_lets_do_what_it_is_made_of_to_whoever_has_it_by_a_group_and_only_so_long() {
    let support = |permission: &str, members: &str| {
        format!(
            r#"{ADMINISTRATORS}
            [[users]]
            username = "dave"
            password = "correct horse battery staple"

            [[roles]]
            name = "overseer"
            permissions = ["{permission}"]

            [[groups]]
            name = "support"
            roles = ["overseer"]
            members = [{members}]"#
        )
    };
    let world = World::with(&support("clients:read", r#""Dave""#)).await;
    let dave = token_of(&world, "dave").await;
    list_clients(&world, &dave).await.expect_status(200);
    // The role becomes another one.
    world.server.apply(&support("mails:read", r#""dave""#)).await;
    eventually(REACHES, async || list_clients(&world, &dave).await.status == 403).await;
    world.server.apply(&support("clients:read", r#""dave""#)).await;
    eventually(REACHES, async || list_clients(&world, &dave).await.status == 200).await;
    // He is in the group no more.
    world.server.apply(&support("clients:read", "")).await;
    eventually(REACHES, async || list_clients(&world, &dave).await.status == 403).await;
}

#[tokio::test]
async fn a_body_that_is_no_object_is_told_so() {
    let api = api("robot").await;
    let send = async |content_type: &str, body: &str| {
        let call = api.world.server.http.post(api.at("/clients")).bearer(&api.token);
        call.body(content_type, body.to_owned()).send().await
    };
    problem(&send("application/json", "{").await, 400, "invalid");
    problem(&send("application/json", "[]").await, 400, "invalid");
    problem(&send("text/plain", "{}").await, 400, "invalid");
    problem(
        &send("application/json", &format!("{{\"a\":\"{}\"}}", "x".repeat(70_000))).await,
        413,
        "invalid",
    );
}

#[tokio::test]
async fn the_description_names_every_permission_that_a_call_needs() {
    let api = api("reader").await;
    let document = api.world.server.http.get(api.at("/openapi.json")).await.expect_status(200).json();
    assert_eq!(document["openapi"], "3.1.0");
    let scopes = &document["components"]["securitySchemes"]["signet"]["flows"]["clientCredentials"]["scopes"];
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let needed = operation["security"][0]["signet"][0].as_str().unwrap();
            assert!(scopes[needed].is_string(), "{method} {path}: {needed}");
            assert!(
                operation["operationId"].is_string() && operation["summary"].is_string(),
                "{method} {path}"
            );
        }
    }
}

/// RFC 9470 §3: a token that is older than the role, or than what policy wants of it, is not enough.
#[tokio::test]
async fn a_role_that_wants_a_second_factor_is_not_used_with_a_password_alone() {
    let world = World::with(ADMINISTRATORS).await;
    let request = world.request("desk", "signet:clients:read");
    let page = world.server.browser().get(request.url()).await;
    let form = page.form("#login").fill("username", "carol").fill("password", crate::world::PASSWORD);
    let callback = form.press("#login-submit").await.callback();
    let code = callback.checked_code(&request, &world.server.issuer()).to_owned();
    let code = crate::world::Code { code, request, redirect_uri: callback.redirect_uri };
    let token: String = world.token("desk", &code.form()).await.expect_status(200).field("access_token");
    let call = async || {
        let api = format!("{}/api/v1/admin/clients", world.server.issuer());
        world.server.http.call(Method::GET, api).bearer(&token).send().await
    };
    call().await.expect_status(200);
    let demanding = ADMINISTRATORS
        .replace(r#"roles = ["signet:client_manager"]"#, r#"roles = ["signet:client_manager", "careful"]"#);
    let role = "[[roles]]\nname = \"careful\"\nsecond_factor = \"required\"\n";
    world.server.apply(&format!("{demanding}\n{role}")).await;
    eventually(REACHES, async || call().await.status == 401).await;
    let refused = call().await;
    problem(&refused, 401, "unauthorized");
    let challenge = refused.header("www-authenticate").unwrap();
    assert!(challenge.contains("insufficient_user_authentication"), "{challenge}");
    assert!(challenge.contains("acr_values=\"aal2\""), "{challenge}");
}

#[tokio::test]
async fn what_is_taken_from_a_client_is_taken_from_its_live_tokens() {
    let api = api("robot").await;
    api.get("/clients").await.expect_status(200);
    let less =
        ADMINISTRATORS.replace("signet:clients:read signet:clients:write signet:grants:write", "orders:read");
    api.world.server.apply(&less).await;
    eventually(REACHES, async || api.get("/clients").await.status == 403).await;
}

#[tokio::test]
async fn who_looks_after_clients_does_not_decide_what_the_operator_does() {
    let api = api("robot").await;
    let spa = json!({"redirect_uris": ["https://a.test/cb"], "token_endpoint_auth_method": "none", "skip_consent": true});
    problem(&api.post("/clients", &spa).await, 403, "forbidden");
    for patch in [json!({"second_factor": "off"}), json!({"second_factor": "optional"})] {
        problem(&api.patch("/clients/web", "*", &patch).await, 403, "forbidden");
    }
    problem(&api.patch("/clients/legacy", "*", &json!({"tier": "gold"})).await, 403, "forbidden");
    // More care is theirs to ask for, and what was decided before stays.
    let changed = api.patch("/clients/web", "*", &json!({"second_factor": "required"})).await;
    assert_eq!(changed.expect_status(200).json()["skip_consent"], true);
}

#[tokio::test]
async fn a_scope_that_is_no_permission_yet_is_given_to_nobody() {
    let api = api("robot").await;
    let sent = json!({"grant_types": ["client_credentials"], "scope": "signet:backups:write"});
    assert_eq!(fields(&problem(&api.post("/clients", &sent).await, 400, "invalid")), ["scope"]);
}

#[tokio::test]
async fn tokens_of_a_client_that_reaches_further_are_not_ended() {
    let api = api("robot").await;
    problem(&api.post("/clients/mightier/end-tokens", &json!({})).await, 403, "forbidden");
    api.post("/clients/web/end-tokens", &json!({})).await.expect_status(204);
}

#[tokio::test]
async fn nothing_is_asked_of_the_database_that_it_cannot_hold() {
    let api = api("robot").await;
    // ["a\u0000","a"]
    problem(&api.get("/clients?cursor=WyJhXHUwMDAwIiwiYSJd").await, 400, "invalid");
    let secret = api.send(Method::DELETE, "/clients/web/secrets/%00", &json!({}), &[]).await;
    problem(&secret, 404, "not-found");
    problem(&api.get("/clients/%00").await, 404, "not-found");
}

#[tokio::test]
async fn secrets_that_have_expired_do_not_gather() {
    let api = api("robot").await;
    for _ in 0..3 {
        api.post("/clients/post/secrets", &json!({"overlap": 0})).await.expect_status(201);
    }
    let secrets = api.get("/clients/post").await.json()["client_secrets"].as_array().unwrap().len();
    assert!(secrets <= 2, "{secrets}");
}

#[tokio::test]
async fn a_trial_under_a_key_tells_no_secret() {
    let api = api("robot").await;
    let sent = json!({"client_id": "job", "grant_types": ["client_credentials"]});
    let key = [("idempotency-key", "k-1")];
    api.send(Method::POST, "/clients", &sent, &key).await.expect_status(201);
    let trial = api.send(Method::POST, "/clients?dry_run=true", &sent, &key).await;
    problem(&trial, 409, "conflict");
}

//! What tokens say of roles, groups and attributes, and to whom.

use crate::api::{Api, fields, problem};
use crate::world::{Code, World};
use serde_json::{Value, json};
use signet_tests::{AuthorizationUrl, Page, claims_unchecked};

/// Alice again, now with attributes: a declaration is whole. `members` are those of the group `staff`.
fn declared(members: &str) -> String {
    format!(
        r#"
        [[users]]
        username = "erin"
        password = "correct horse battery staple"
        roles = ["clerk", "signet:auditor", "painter"]
        attributes = {{ department = "Sales", floor = 3 }}

        [[roles]]
        name = "clerk"

        [[roles]]
        name = "manager"
        client_id = "crm"

        [[roles]]
        name = "painter"
        client_id = "web"

        [[groups]]
        name = "staff"
        roles = ["manager"]
        members = [{members}]

        [[resources]]
        identifier = "https://ledger.example.test"
        scopes = ["ledger:read"]
        [[resources.claims]]
        claim = "department"
        from = "attributes.department"
        [[resources.claims]]
        claim = "teams"
        from = "groups"
        rename = {{ staff = "Staff" }}

        [[resources]]
        identifier = "https://vault.example.test"
        scopes = ["vault:look", "vault:open"]
        [resources.scope_roles]
        "vault:open" = ["manager", "admin"]

        [[clients]]
        client_id = "polite"
        client_secret = "a secret of thirty-two characters"
        redirect_uris = ["https://polite.example.test/callback"]
        scope = "openid vault:look vault:open"

        [[clients]]
        client_id = "crm"
        client_secret = "a secret of thirty-two characters"
        redirect_uris = ["https://crm.example.test/callback"]
        grant_types = ["authorization_code", "refresh_token"]
        scope = "openid offline_access roles groups ledger:read orders:read vault:look vault:open signet:clients:read"
        skip_consent = true
        [[clients.claims]]
        claim = "https://crm.example.test/floor"
        from = "attributes.floor"
        [[clients.claims]]
        claim = "tenant"
        value = "emea"
        "#
    )
}

/// What the tokens say that Erin's sign-in gives to a client.
struct Said {
    access: Value,
    id: Value,
    userinfo: Value,
    refresh_token: String,
}

/// Where Erin's sign-in leads to.
async fn signed_in(world: &World, request: &AuthorizationUrl) -> Page {
    let page = world.server.browser().get(request.url()).await;
    let form = page.form("#login").fill("username", "erin").fill("password", crate::world::PASSWORD);
    form.press("#login-submit").await
}

async fn code(world: &World, scope: &str) -> Code {
    let request = world.request("crm", scope);
    let callback = signed_in(world, &request).await.callback();
    let code = callback.checked_code(&request, &world.server.issuer()).to_owned();
    Code { code, request, redirect_uri: callback.redirect_uri }
}

async fn said(world: &World, scope: &str) -> Said {
    let answer = world.token("crm", &code(world, scope).await.form()).await.expect_status(200).json();
    let access = answer["access_token"].as_str().unwrap();
    Said {
        access: claims_unchecked(access),
        id: claims_unchecked(answer["id_token"].as_str().unwrap()),
        userinfo: world.userinfo(access).await.expect_status(200).json(),
        refresh_token: answer["refresh_token"].as_str().unwrap_or_default().to_owned(),
    }
}

#[tokio::test]
async fn roles_and_groups_are_in_no_token_unless_they_are_asked_for() {
    let world = World::with(&declared("\"erin\"")).await;
    let said = said(&world, "openid orders:read").await;
    for token in [&said.access, &said.id, &said.userinfo] {
        assert!(token.get("roles").is_none() && token.get("groups").is_none(), "{token}");
        assert!(token.get("department").is_none() && token.get("attributes").is_none(), "{token}");
    }
    // What the client asked for at its registration is for it, and not for the API.
    assert_eq!(said.id["https://crm.example.test/floor"], 3);
    assert_eq!((&said.id["tenant"], &said.userinfo["tenant"]), (&json!("emea"), &json!("emea")));
    assert!(said.access.get("tenant").is_none());
}

#[tokio::test]
async fn a_client_that_asks_is_told_of_its_own_roles_and_those_of_all() {
    let world = World::with(&declared("\"erin\"")).await;
    let said = said(&world, "openid roles groups").await;
    for token in [&said.access, &said.id, &said.userinfo] {
        assert_eq!(token["roles"], json!(["clerk", "manager"]), "{token}");
        assert_eq!(token["groups"], json!(["staff"]), "{token}");
    }
}

#[tokio::test]
async fn an_api_is_told_what_it_asks_for() {
    let world = World::with(&declared("\"erin\"")).await;
    let said = said(&world, "openid ledger:read").await;
    assert_eq!((&said.access["department"], &said.access["teams"]), (&json!("Sales"), &json!(["Staff"])));
    assert!(said.id.get("department").is_none() && said.userinfo.get("teams").is_none());
    // Its services have neither.
    let own = claims_unchecked(&world.client_token("web", &[("scope", "orders:read")]).await);
    assert!(own.get("roles").is_none(), "{own}");
}

#[tokio::test]
async fn a_refreshed_token_tells_of_the_roles_of_that_moment() {
    let world = World::with(&declared("\"erin\"")).await;
    let mut token = said(&world, "openid offline_access roles groups").await.refresh_token;
    // She leaves the group.
    world.server.apply(&declared("")).await;
    let mut refreshed = async || {
        let answer = world.refresh("crm", &token).await.expect_status(200).json();
        token = answer["refresh_token"].as_str().unwrap().to_owned();
        ["access_token", "id_token"].map(|name| claims_unchecked(answer[name].as_str().unwrap()))
    };
    for token in refreshed().await {
        assert_eq!((&token["roles"], token.get("groups")), (&json!(["clerk"]), None), "{token}");
    }
    // And a role of her own is taken from her.
    world.server.apply(&declared("").replace("\"clerk\", ", "")).await;
    for token in refreshed().await {
        assert!(token.get("roles").is_none(), "{token}");
    }
}

#[tokio::test]
async fn a_client_asks_only_for_what_it_is_registered_for() {
    let world = World::with(&declared("\"erin\"")).await;
    let page = world.server.browser().get(world.request("web", "openid roles").url()).await;
    assert_eq!(page.callback().error(), "invalid_scope");
}

#[tokio::test]
async fn a_scope_that_needs_a_role_is_dropped_for_whoever_lacks_it_and_the_answer_says_so() {
    let world = World::with(&declared("\"erin\"")).await;
    const ALL: &str = "openid offline_access vault:look vault:open";
    let answer = world.token("crm", &code(&world, ALL).await.form()).await.expect_status(200).json();
    assert_eq!(answer["scope"], ALL);
    let mut token = answer["refresh_token"].as_str().unwrap().to_owned();
    let early = code(&world, ALL).await;
    let mut scope_now = async || {
        let answer = world.refresh("crm", &token).await.expect_status(200).json();
        token = answer["refresh_token"].as_str().unwrap().to_owned();
        assert_eq!(claims_unchecked(answer["access_token"].as_str().unwrap())["scope"], answer["scope"]);
        answer["scope"].clone()
    };
    world.server.apply(&declared("")).await;
    const LEFT: &str = "openid offline_access vault:look";
    assert_eq!(scope_now().await, LEFT);
    // A code that was made while she had the role brings it back as little.
    let answer = world.token("crm", &early.form()).await.expect_status(200).json();
    assert_eq!(answer["scope"], LEFT);
    // What she allowed stays allowed, for when she may again.
    world.server.apply(&declared("\"erin\"")).await;
    assert_eq!(scope_now().await, ALL);
}

#[tokio::test]
async fn nobody_is_asked_to_allow_what_their_roles_do_not() {
    // Her role is `crm`'s: at another client it opens nothing.
    let world = World::with(&declared("\"erin\"")).await;
    let request = world.request("polite", "openid vault:look vault:open");
    let page = signed_in(&world, &request).await;
    assert!(page.has("#consent") && page.html().contains("vault:look"), "{}", page.html());
    assert!(!page.html().contains("vault:open"), "{}", page.html());
    let callback = page.form("#consent").press("#consent-allow").await.callback();
    let code = callback.checked_code(&request, &world.server.issuer()).to_owned();
    let code = Code { code, request, redirect_uri: callback.redirect_uri };
    let answer = world.token("polite", &code.form()).await.expect_status(200).json();
    assert_eq!(answer["scope"], "openid vault:look");
}

#[tokio::test]
async fn where_nothing_is_left_the_client_is_told_that_access_is_denied() {
    let world = World::with(&declared("")).await;
    let callback = signed_in(&world, &world.request("crm", "vault:open")).await.callback();
    assert_eq!(callback.error(), "access_denied");
}

#[tokio::test]
async fn administration_is_granted_to_people_as_far_as_their_roles_go() {
    let granted = async |text: &str| {
        let world = World::with(text).await;
        let code = code(&world, "openid signet:clients:read").await;
        world.token("crm", &code.form()).await.expect_status(200).json()["scope"].clone()
    };
    assert_eq!(granted(&declared("")).await, "openid signet:clients:read");
    assert_eq!(granted(&declared("").replace("\"signet:auditor\", ", "")).await, "openid");
}

#[tokio::test]
async fn a_preview_says_what_the_tokens_then_hold_and_why() {
    let robot = r#"
        [[clients]]
        client_id = "robot"
        client_secret = "a secret of thirty-two characters"
        grant_types = ["client_credentials"]
        scope = "signet:clients:read signet:users:read"
    "#;
    let api = Api::of(&format!("{}{robot}", declared("\"erin\"")), "robot").await;
    let erin = api.user("erin").await;
    const SCOPE: &str = "openid roles ledger:read";
    let ask =
        async |client: &str, body: Value| api.post(&format!("/clients/{client}/token-preview"), &body).await;
    let preview = ask("crm", json!({"user_id": erin, "scope": SCOPE})).await.expect_status(200).json();
    let said = said(&api.world, SCOPE).await;
    for (token, claims) in [("access_token", &said.access), ("id_token", &said.id)] {
        let previewed = preview[token]["claims"].as_array().unwrap();
        assert!(!previewed.is_empty(), "{preview}");
        for claim in previewed {
            assert_eq!(claims[claim["claim"].as_str().unwrap()], claim["value"], "{preview}");
        }
    }
    assert_eq!((&preview["sub"], &preview["aud"]), (&said.access["sub"], &said.access["aud"]));
    assert_eq!(preview["scope"], said.access["scope"]);
    let from = |claim: &str| {
        let claims = preview["access_token"]["claims"].as_array().unwrap();
        claims.iter().find(|known| known["claim"] == claim).unwrap()["from"].clone()
    };
    assert_eq!((from("department"), from("roles")), (json!("attributes.department"), json!("scope")));
    let roles = preview["roles"].as_array().unwrap();
    assert!(roles.contains(&json!({"name": "manager", "group": "staff", "told": true})), "{preview}");
    assert!(roles.contains(&json!({"name": "painter", "group": null, "told": false})), "{preview}");
    // What her roles do not open is said to be withheld.
    let polite = ask("polite", json!({"user_id": erin})).await.expect_status(200).json();
    assert_eq!(
        (&polite["withheld"], &polite["scope"]),
        (&json!(["vault:open"]), &json!("openid vault:look"))
    );
    // What would be refused is refused here, too.
    let wide = json!({"user_id": erin, "scope": "openid orders:write"});
    assert_eq!(fields(&problem(&ask("crm", wide).await, 400, "invalid")), ["scope"]);
    let several = json!({"user_id": erin, "scope": "ledger:read orders:read"});
    assert_eq!(fields(&problem(&ask("crm", several).await, 400, "invalid")), ["resource"]);
    problem(&ask("crm", json!({"user_id": "nobody"})).await, 404, "not-found");
}

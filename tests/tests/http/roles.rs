//! What tokens say of roles, groups and attributes, and to whom.

use crate::world::World;
use serde_json::{Value, json};
use signet_tests::claims_unchecked;

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

        [[clients]]
        client_id = "crm"
        client_secret = "a secret of thirty-two characters"
        redirect_uris = ["https://crm.example.test/callback"]
        grant_types = ["authorization_code", "refresh_token"]
        scope = "openid offline_access roles groups ledger:read orders:read"
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

async fn said(world: &World, scope: &str) -> Said {
    let request = world.request("crm", scope);
    let page = world.server.browser().get(request.url()).await;
    let form = page.form("#login").fill("username", "erin").fill("password", crate::world::PASSWORD);
    let callback = form.press("#login-submit").await.callback();
    let code = callback.checked_code(&request, &world.server.issuer()).to_owned();
    let code = crate::world::Code { code, request, redirect_uri: callback.redirect_uri };
    let answer = world.token("crm", &code.form()).await.expect_status(200).json();
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

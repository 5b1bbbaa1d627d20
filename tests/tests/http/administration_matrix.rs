//! Who may call what, for every call that the API's description names.

use crate::api::problem;
use crate::world::{PASSWORD, World};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Every permission as a scope value, as the description names them.
const ROLES: [&str; 5] =
    ["signet:owner", "admin", "signet:client_manager", "signet:user_manager", "signet:auditor"];

/// A call.
struct Operation {
    method: Method,
    path: String,
    /// The scope values that it needs.
    needs: BTreeSet<String>,
}

impl Operation {
    /// Every one of the description.
    fn all(document: &Value) -> Vec<Self> {
        let mut all = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let needs = operation["security"][0]["signet"].as_array().unwrap();
                all.push(Self {
                    method: method.to_uppercase().parse().unwrap(),
                    // Nothing is called so: whatever is let through finds nothing, and nothing is changed.
                    path: path.replace('{', "no-").replace('}', ""),
                    needs: needs.iter().map(|scope| scope.as_str().unwrap().to_owned()).collect(),
                });
            }
        }
        assert!(all.len() > 15, "{document}");
        all
    }
}

fn scopes(document: &Value) -> BTreeSet<String> {
    let flows = &document["components"]["securitySchemes"]["signet"]["flows"];
    flows["clientCredentials"]["scopes"].as_object().unwrap().keys().cloned().collect()
}

/// A client with each permission alone, one with all, somebody with each role, and a client for them to sign in to.
fn declared(scopes: &BTreeSet<String>) -> String {
    let mut text = String::new();
    let secret = "client_secret = \"a secret of thirty-two characters\"";
    let robot = |text: &mut String, id: &str, scope: &str| {
        let _ = write!(
            text,
            "[[clients]]\nclient_id = \"{id}\"\n{secret}\ngrant_types = [\"client_credentials\"]\nscope = \"{scope}\"\n"
        );
    };
    for (index, scope) in scopes.iter().enumerate() {
        robot(&mut text, &format!("only-{index}"), scope);
    }
    let all = scopes.iter().cloned().collect::<Vec<_>>().join(" ");
    let _ = write!(
        text,
        "[[clients]]\nclient_id = \"desk\"\n{secret}\nredirect_uris = [\"https://desk.example.test/callback\"]\nscope = \"openid {all}\"\nskip_consent = true\n"
    );
    for (index, role) in ROLES.iter().enumerate() {
        let _ = write!(
            text,
            "[[users]]\nusername = \"person-{index}\"\npassword = \"{PASSWORD}\"\nroles = [\"{role}\"]\n"
        );
    }
    text
}

async fn call(world: &World, operation: &Operation, token: Option<&str>) -> signet_tests::Answer {
    let address = format!("{}/api/v1/admin{}", world.server.issuer(), operation.path);
    let mut call = world.server.http.call(operation.method.clone(), address);
    if let Some(token) = token {
        call = call.bearer(token);
    }
    // A member that no call knows: whatever is let through is refused for it.
    call.header("if-match", "*")
        .body("application/json", json!({"no-such-member": 1}).to_string())
        .send()
        .await
}

/// What this token reaches of all there is, which has to be what it has the permissions for.
async fn assert_reaches(
    world: &World,
    operations: &[Operation],
    token: &str,
    has: &BTreeSet<String>,
    who: &str,
) {
    for operation in operations {
        let answer = call(world, operation, Some(token)).await;
        let name = format!("{who}: {} {} {}", operation.method, operation.path, answer.text());
        if operation.needs.is_subset(has) {
            assert!(![401, 403].contains(&answer.status) && answer.status < 500, "{name}");
        } else {
            assert_eq!(answer.status, 403, "{name}");
            assert!(answer.header("www-authenticate").unwrap().contains("insufficient_scope"), "{name}");
        }
    }
}

async fn document() -> Value {
    let world = World::start().await;
    let address = format!("{}/api/v1/admin/openapi.json", world.server.issuer());
    world.server.http.get(address).await.expect_status(200).json()
}

#[tokio::test]
async fn no_call_answers_without_a_token() {
    let document = document().await;
    let world = World::start().await;
    for operation in Operation::all(&document) {
        problem(&call(&world, &operation, None).await, 401, "unauthorized");
    }
}

#[tokio::test]
async fn a_client_reaches_exactly_what_its_permission_opens() {
    let document = document().await;
    let (operations, scopes) = (Operation::all(&document), scopes(&document));
    let world = World::with(&declared(&scopes)).await;
    for (index, scope) in scopes.iter().enumerate() {
        let token = world.client_token(&format!("only-{index}"), &[]).await;
        assert_reaches(&world, &operations, &token, &BTreeSet::from([scope.clone()]), scope).await;
    }
}

#[tokio::test]
async fn a_person_reaches_exactly_what_their_role_opens() {
    let document = document().await;
    let (operations, scopes) = (Operation::all(&document), scopes(&document));
    let world = World::with(&declared(&scopes)).await;
    let all = format!("openid {}", scopes.iter().cloned().collect::<Vec<_>>().join(" "));
    for (index, role) in ROLES.iter().enumerate() {
        let request = world.request("desk", &all);
        let page = world.server.browser().get(request.url()).await;
        let form =
            page.form("#login").fill("username", &format!("person-{index}")).fill("password", PASSWORD);
        let callback = form.press("#login-submit").await.callback();
        let code = callback.checked_code(&request, &world.server.issuer()).to_owned();
        let code = crate::world::Code { code, request, redirect_uri: callback.redirect_uri };
        let answer = world.token("desk", &code.form()).await.expect_status(200);
        assert_reaches(&world, &operations, &answer.field("access_token"), &held(role, &scopes), role).await;
    }
}

/// What each role is for, in words of its own: the code's table is what is tested.
fn held(role: &str, scopes: &BTreeSet<String>) -> BTreeSet<String> {
    let of = |subjects: &[&str]| {
        let any = |scope: &&String| subjects.iter().any(|subject| scope.contains(subject));
        scopes.iter().filter(any).cloned().collect::<BTreeSet<_>>()
    };
    match role {
        "signet:owner" => scopes.clone(),
        "admin" => scopes.difference(&of(&[":emergency:"])).cloned().collect(),
        "signet:client_manager" => of(&[":clients:", ":resources:", ":roles:read"]),
        "signet:user_manager" => {
            of(&[":users:", ":groups:", ":roles:read", ":sessions:", ":grants:", ":limits:"])
        }
        _ => of(&[":read"]),
    }
}

#[tokio::test]
async fn the_documentation_tells_of_every_call_and_of_every_refusal_without_a_script() {
    let document = document().await;
    let world = World::start().await;
    let answer = world.server.http.get(format!("{}/api/v1/admin/docs", world.server.issuer())).await;
    let page = answer.text();
    assert_eq!(answer.status, 200, "{page}");
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert!(!page.contains("<script") && !page.contains("<style"), "{page}");
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(page.contains(&format!("id=\"{id}\"")), "{method} {path}");
        }
    }
    for part in page.split("href=\"#").skip(1) {
        let anchor = part.split('"').next().unwrap();
        assert!(page.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
    // Where the `type` of a refusal leads.
    let refused = world.server.http.get(format!("{}/api/v1/admin/users", world.server.issuer())).await;
    let leads = refused.json()["type"].as_str().unwrap().rsplit('#').next().unwrap().to_owned();
    for anchor in [leads.as_str(), "invalid", "forbidden", "not-found", "conflict", "limited", "key-reused"] {
        assert!(page.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
}

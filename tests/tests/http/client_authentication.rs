//! How clients authenticate (RFC 6749 §2.3, §3.2.1, §5.2): each in the one way that it registered.

use crate::world::{REACHES, SECRET, World, refused};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use signet_tests::{Answer, FakeClock, eventually};

const CLIENT_CREDENTIALS: (&str, &str) = ("grant_type", "client_credentials");
const ODD_ID: &str = "odd:client%2B+&=";
const ODD_SECRET: &str = "per%cent + colon: amp& equal= and \\\"";
const ODD: &str = r#"
    [[clients]]
    client_id = "odd:client%2B+&="
    client_secret = 'per%cent + colon: amp& equal= and \"'
    grant_types = ["client_credentials"]
    scope = "orders:read"
"#;

async fn with_header(world: &World, authorization: &str, form: &[(&str, &str)]) -> Answer {
    let call = world.server.http.post(world.endpoint("token_endpoint"));
    call.header("authorization", authorization).form(form).send().await
}

async fn in_body(world: &World, form: &[(&str, &str)]) -> Answer {
    let form = [&[CLIENT_CREDENTIALS], form].concat();
    world.server.http.post(world.endpoint("token_endpoint")).form(&form).send().await
}

fn basic(credentials: impl AsRef<[u8]>) -> String {
    format!("Basic {}", STANDARD.encode(credentials))
}

/// RFC 6749 §2.3.1: identifier and password are "encoded using the "application/x-www-form-urlencoded" encoding".
#[tokio::test]
async fn basic_credentials_are_form_encoded() {
    let world = World::with(ODD).await;
    let call = world.server.http.post(world.endpoint("token_endpoint")).basic(ODD_ID, ODD_SECRET);
    call.form(&[CLIENT_CREDENTIALS]).send().await.expect_status(200);
    let raw = with_header(&world, &basic(format!("{ODD_ID}:{ODD_SECRET}")), &[CLIENT_CREDENTIALS]).await;
    refused(&raw, 401, "invalid_client");
}

#[tokio::test]
async fn a_client_uses_the_method_that_it_registered_and_no_other() {
    let world = World::start().await;
    in_body(&world, &[("client_id", "post"), ("client_secret", SECRET)]).await.expect_status(200);
    world.token("orders-api", &[CLIENT_CREDENTIALS]).await.expect_status(200);
    for answer in [
        world.token("post", &[CLIENT_CREDENTIALS]).await,
        in_body(&world, &[("client_id", "orders-api"), ("client_secret", SECRET)]).await,
        in_body(&world, &[("client_id", "orders-api")]).await,
        in_body(&world, &[("client_id", "spa"), ("client_secret", SECRET)]).await,
        in_body(&world, &[]).await,
    ] {
        refused(&answer, 401, "invalid_client");
    }
}

/// RFC 6749 §2.3: "The client MUST NOT use more than one authentication method in each request."
#[tokio::test]
async fn two_methods_at_once_are_invalid_request() {
    let world = World::start().await;
    let assertion = [
        ("client_assertion", "a.b.c"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
    ];
    let secret = ("client_secret", SECRET);
    refused(&world.token("web", &[CLIENT_CREDENTIALS, secret]).await, 400, "invalid_request");
    refused(
        &world.token("web", &[CLIENT_CREDENTIALS, assertion[0], assertion[1]]).await,
        400,
        "invalid_request",
    );
    let both = [("client_id", "post"), secret, assertion[0], assertion[1]];
    refused(&in_body(&world, &both).await, 400, "invalid_request");
    let other_name = world.token("web", &[CLIENT_CREDENTIALS, ("client_id", "other")]).await;
    refused(&other_name, 400, "invalid_request");
    // Saying the same name twice is no second method.
    let form = [CLIENT_CREDENTIALS, ("scope", "orders:read"), ("client_id", "web")];
    world.token("web", &form).await.expect_status(200);
}

/// RFC 6749 §5.2: "If the client attempted to authenticate via the "Authorization" request header field, the
/// authorization server MUST … include the "WWW-Authenticate" response header field"; RFC 9110 §15.5.2: every 401 does.
#[tokio::test]
async fn whoever_is_not_authenticated_is_told_the_scheme() {
    let world = World::start().await;
    for header in [
        basic("orders-api:wrong"),
        basic("nobody:wrong"),
        basic("no colon"),
        basic(":"),
        basic("orders-api:"),
        basic(b"orders-api:\xff\xfe"),
        basic("orders-api:%zz"),
        basic("orders-api:%00"),
        "Basic".to_owned(),
        "Basic !!!".to_owned(),
        "Bearer abc".to_owned(),
        "Digest username=\"orders-api\"".to_owned(),
    ] {
        let answer = with_header(&world, &header, &[CLIENT_CREDENTIALS]).await;
        refused(&answer, 401, "invalid_client");
        let challenge = answer.header("www-authenticate").unwrap_or_default();
        assert!(challenge.starts_with("Basic realm=\""), "{header}: {challenge}");
    }
    let without = in_body(&world, &[("client_id", "post"), ("client_secret", "wrong")]).await;
    refused(&without, 401, "invalid_client");
    assert!(without.header("www-authenticate").unwrap_or_default().starts_with("Basic realm=\""));
}

#[tokio::test]
async fn refusals_do_not_tell_which_client_exists() {
    let world = World::start().await;
    let mut told = Vec::new();
    for client in ["orders-api", "nobody", "post"] {
        let answer = with_header(&world, &basic(format!("{client}:wrong")), &[CLIENT_CREDENTIALS]).await;
        told.push(answer.field("error_description"));
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
}

/// RFC 9110 §5.3: one field that comes twice is one list, and no scheme of ours is a list.
#[tokio::test]
async fn two_authorization_headers_are_refused() {
    let world = World::start().await;
    let good = basic(format!("orders-api:{}", SECRET.replace(' ', "+")));
    let call = world.server.http.post(world.endpoint("token_endpoint"));
    let call = call.header("authorization", &good).header("authorization", &good);
    refused(&call.form(&[CLIENT_CREDENTIALS]).send().await, 401, "invalid_client");
}

#[tokio::test]
async fn a_replaced_secret_is_refused_and_the_new_one_accepted() {
    let world = World::start().await;
    let next = "another secret of thirty-two chars";
    let declared = format!(
        "[[clients]]\nclient_id = \"orders-api\"\nclient_secret = \"{next}\"\ngrant_types = [\"client_credentials\"]\nscope = \"orders:read\""
    );
    world.server.apply(&declared).await;
    let ask = async |secret: &str| {
        let call = world.server.http.post(world.endpoint("token_endpoint")).basic("orders-api", secret);
        call.form(&[CLIENT_CREDENTIALS]).send().await
    };
    eventually(REACHES, async || ask(next).await.status == 200).await;
    refused(&ask(SECRET).await, 401, "invalid_client");
}

#[tokio::test]
async fn the_schemes_name_may_be_written_in_any_case() {
    let world = World::start().await;
    let encoded = basic(format!("orders-api:{}", SECRET.replace(' ', "+")));
    let lower = encoded.replacen("Basic", "bAsIc", 1);
    with_header(&world, &lower, &[CLIENT_CREDENTIALS]).await.expect_status(200);
}

#[tokio::test]
async fn a_public_client_that_needs_no_secret_still_has_to_say_its_name() {
    let world = World::start().await;
    let code = world.code("spa", "openid").await;
    let nameless = world.server.http.post(world.endpoint("token_endpoint")).form(&code.form()).send().await;
    refused(&nameless, 401, "invalid_client");
    world.token("spa", &code.form()).await.expect_status(200);
}

#[tokio::test]
async fn every_secret_authentication_holds_at_introspection_and_revocation_too() {
    let world = World::at(FakeClock::running(), "").await;
    for endpoint in ["introspection_endpoint", "revocation_endpoint"] {
        let call = world.server.http.post(world.endpoint(endpoint)).basic("web", "wrong");
        let answer = call.form(&[("token", "x")]).send().await;
        refused(&answer, 401, "invalid_client");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Basic"), "{endpoint}");
        let form = [("token", "x"), ("client_id", "post"), ("client_secret", SECRET)];
        world.server.http.post(world.endpoint(endpoint)).form(&form).send().await.expect_status(200);
    }
}

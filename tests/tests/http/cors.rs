//! Which scripts in a browser may read which answers (the Fetch standard's CORS protocol).

use crate::world::{SECRET, World};
use reqwest::Method;
use signet_tests::Answer;

const SPA: &str = "https://spa.example.test";

fn allowed(answer: &Answer) -> Option<String> {
    assert_eq!(answer.header("access-control-allow-credentials"), None, "{}", answer.url);
    answer.header("access-control-allow-origin")
}

#[track_caller]
fn varies(answer: &Answer) {
    let vary = answer.header("vary").unwrap_or_default().to_ascii_lowercase();
    assert!(vary.split(',').any(|name| name.trim() == "origin"), "{}: Vary: {vary}", answer.url);
}

#[tokio::test]
async fn documents_are_for_every_origin() {
    let world = World::start().await;
    let issuer = world.server.issuer();
    for url in [
        world.endpoint("jwks_uri").to_owned(),
        format!("{issuer}/.well-known/openid-configuration"),
        format!("{issuer}/.well-known/oauth-authorization-server"),
    ] {
        let answer = world
            .server
            .http
            .call(Method::GET, url)
            .header("origin", "https://any.example.test")
            .send()
            .await;
        assert_eq!(allowed(&answer.expect_status(200)).as_deref(), Some("*"));
    }
}

#[tokio::test]
async fn a_preflight_is_answered_for_every_origin() {
    let world = World::start().await;
    for (endpoint, method) in [
        ("token_endpoint", "POST"),
        ("revocation_endpoint", "POST"),
        ("userinfo_endpoint", "GET"),
        ("userinfo_endpoint", "POST"),
        ("jwks_uri", "GET"),
    ] {
        let call = world.server.http.call(Method::OPTIONS, world.endpoint(endpoint));
        let call = call.header("origin", "https://any.example.test");
        let call = call.header("access-control-request-method", method);
        let answer = call.header("access-control-request-headers", "authorization,content-type").send().await;
        assert!(matches!(answer.status, 200 | 204), "{endpoint}: {}", answer.status);
        assert!(allowed(&answer).is_some_and(|origin| origin == "*" || origin.ends_with("any.example.test")));
        let methods = answer.header("access-control-allow-methods").unwrap();
        assert!(methods.contains(method), "{endpoint}: {methods}");
        let headers = answer.header("access-control-allow-headers").unwrap().to_ascii_lowercase();
        assert!(
            headers.contains("authorization") && headers.contains("content-type"),
            "{endpoint}: {headers}"
        );
    }
}

#[tokio::test]
async fn introspection_and_authorization_answer_no_preflight() {
    let world = World::start().await;
    for endpoint in ["introspection_endpoint", "authorization_endpoint", "end_session_endpoint"] {
        let call = world.server.http.call(Method::OPTIONS, world.endpoint(endpoint));
        let answer = call.header("origin", SPA).header("access-control-request-method", "POST").send().await;
        assert_eq!((answer.status, allowed(&answer)), (405, None), "{endpoint}");
    }
}

/// A token request of `client`, sent by a script of `origin`.
async fn token_from(world: &World, client: &str, origin: &str) -> Answer {
    let form = [("grant_type", "refresh_token"), ("refresh_token", "unheard-of"), ("client_id", client)];
    let call = world.server.http.post(world.endpoint("token_endpoint")).header("origin", origin);
    match client {
        "spa" | "nobody" => call.form(&form).send().await,
        _ => call.basic(client, SECRET).form(&form).send().await,
    }
}

#[tokio::test]
async fn a_token_answer_is_for_the_origins_of_its_client() {
    let world = World::start().await;
    for (client, origin, reads) in [
        ("spa", SPA, true),
        ("web", "https://web.example.test", true),
        ("web", "https://console.example.test", true),
        ("spa", "https://web.example.test", false),
        ("web", SPA, false),
        ("spa", "http://spa.example.test", false),
        ("spa", "https://spa.example.test:8443", false),
        ("spa", "https://sub.spa.example.test", false),
        ("spa", "https://spa.example.test.evil.test", false),
        ("spa", "null", false),
        ("spa", "", false),
        ("nobody", SPA, false),
    ] {
        let answer = token_from(&world, client, origin).await;
        // A refusal is for the script to read, too.
        assert!(matches!(answer.status, 400 | 401), "{}", answer.status);
        let expected = reads.then(|| origin.to_owned());
        assert_eq!(allowed(&answer), expected, "{client} from {origin}");
        varies(&answer);
        if reads {
            let exposed = answer.header("access-control-expose-headers").unwrap().to_ascii_lowercase();
            for name in ["www-authenticate", "retry-after", "ratelimit", "ratelimit-policy"] {
                assert!(exposed.split(", ").any(|exposed| exposed == name), "{exposed}");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_without_an_origin_varies_too() {
    let world = World::start().await;
    let answer = world.refresh("spa", "unheard-of").await;
    assert_eq!(allowed(&answer), None);
    varies(&answer);
    varies(&world.userinfo("nonsense").await);
    varies(&world.post("revocation_endpoint", "web", &[("token", "x")]).await);
}

#[tokio::test]
async fn userinfo_is_for_the_origins_of_the_tokens_client() {
    let world = World::start().await;
    let token = world.sign_in("spa", "openid").await.field("access_token");
    for (origin, reads) in [(SPA, true), ("https://web.example.test", false)] {
        let call = world.server.http.call(Method::GET, world.endpoint("userinfo_endpoint"));
        let answer = call.bearer(&token).header("origin", origin).send().await.expect_status(200);
        assert_eq!(allowed(&answer), reads.then(|| origin.to_owned()));
        varies(&answer);
    }
    // Nobody's token is nobody's origin.
    let call = world.server.http.call(Method::GET, world.endpoint("userinfo_endpoint"));
    let answer = call.bearer("nonsense").header("origin", SPA).send().await.expect_status(401);
    assert_eq!(allowed(&answer), None);
}

#[tokio::test]
async fn revocation_is_for_the_origins_of_its_client() {
    let world = World::start().await;
    for (origin, reads) in [(SPA, true), ("https://web.example.test", false)] {
        let form = [("token", "x"), ("client_id", "spa")];
        let call = world.server.http.post(world.endpoint("revocation_endpoint")).header("origin", origin);
        let answer = call.form(&form).send().await.expect_status(200);
        assert_eq!(allowed(&answer), reads.then(|| origin.to_owned()));
        varies(&answer);
    }
}

#[tokio::test]
async fn a_request_that_cannot_be_read_is_nobodys() {
    let world = World::start().await;
    for endpoint in ["token_endpoint", "revocation_endpoint", "userinfo_endpoint"] {
        let call = world.server.http.post(world.endpoint(endpoint)).header("origin", SPA);
        let answer = call.body("application/x-www-form-urlencoded", "a=%zz").send().await.expect_status(400);
        assert_eq!(allowed(&answer), None, "{endpoint}");
        varies(&answer);
    }
}

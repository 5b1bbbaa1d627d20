//! The discovery document (OpenID Connect Discovery §3, §4; RFC 8414 §2, §3): it lists what works, and no more.

use crate::world::World;
use insta::assert_json_snapshot;
use reqwest::Method;
use serde_json::Value;
use signet_tests::{FakeClock, Settings, TestServer};

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

fn list(document: &Value, name: &str) -> Vec<String> {
    serde_json::from_value(document[name].clone()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[tokio::test]
async fn both_paths_give_the_same_document() {
    let world = World::start().await;
    let issuer = world.server.issuer();
    let [one, other] =
        [OPENID, OAUTH].map(|path| world.server.http.call(Method::GET, format!("{issuer}{path}")));
    let (one, other) = (one.send().await.expect_status(200), other.send().await.expect_status(200));
    assert_eq!(one.body, other.body);
    for answer in [one, other] {
        assert_eq!(answer.header("content-type").as_deref(), Some("application/json"));
        assert!(answer.header("cache-control").unwrap().contains("max-age="));
        assert_eq!(answer.json()["issuer"], issuer);
    }
}

#[tokio::test]
async fn the_document_is_as_agreed() {
    let world = World::start().await;
    let issuer = world.server.issuer();
    // The port differs each time.
    let text = world.server.discovery.document().to_string().replace(&issuer, "https://issuer.example.test");
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_json_snapshot!("discovery", document);
}

/// OpenID Connect Discovery §3: what is listed can be had.
#[tokio::test]
async fn levels_are_listed_that_somebody_can_reach() {
    for (policy, host, levels) in [
        ("optional", "localhost", &["aal1", "aal2", "phr"] as &[&str]),
        ("off", "localhost", &["aal1", "phr"]),
        // Browsers know passkeys for names only.
        ("optional", "127.0.0.1", &["aal1", "aal2"]),
        ("off", "127.0.0.1", &["aal1"]),
    ] {
        let settings = Settings::new().with("factors.policy", policy);
        let issuer = settings.issuer().replace("localhost", host);
        let settings = settings.with("server.issuer", issuer);
        let server = TestServer::start_with(settings, FakeClock::running(), "").await;
        assert_eq!(list(server.discovery.document(), "acr_values_supported"), levels, "{policy} {host}");
    }
}

#[tokio::test]
async fn every_endpoint_in_it_answers() {
    let world = World::start().await;
    let document = world.server.discovery.document().clone();
    let mut seen = 0;
    for (name, url) in document.as_object().unwrap() {
        if !name.ends_with("_endpoint") && name != "jwks_uri" {
            continue;
        }
        seen += 1;
        let url = url.as_str().unwrap();
        assert!(url.starts_with(&world.server.issuer()), "{name}: {url}");
        let answer = world.server.http.get(url).await;
        let expected: &[u16] = match name.as_str() {
            "jwks_uri" | "end_session_endpoint" => &[200, 303],
            "authorization_endpoint" => &[400],
            "userinfo_endpoint" => &[401],
            _ => &[405],
        };
        assert!(expected.contains(&answer.status), "{name}: {} {}", answer.status, answer.text());
    }
    assert_eq!(seen, 7);
}

#[tokio::test]
async fn what_is_not_listed_is_not_there() {
    let world = World::start().await;
    let document = world.server.discovery.document();
    for absent in [
        "registration_endpoint",
        "device_authorization_endpoint",
        "pushed_authorization_request_endpoint",
        "backchannel_authentication_endpoint",
        "check_session_iframe",
        "backchannel_logout_supported",
        "frontchannel_logout_supported",
        "dpop_signing_alg_values_supported",
        "tls_client_certificate_bound_access_tokens",
    ] {
        assert!(document.get(absent).is_none(), "{absent}");
    }
    assert_eq!(list(document, "response_types_supported"), ["code"]);
    assert_eq!(list(document, "code_challenge_methods_supported"), ["S256"]);
}

#[tokio::test]
async fn every_listed_grant_type_and_response_mode_works() {
    let world = World::start().await;
    let document = world.server.discovery.document();
    for grant_type in list(document, "grant_types_supported") {
        let answer =
            world.token("web", &[("grant_type", &grant_type), ("code", "x"), ("refresh_token", "x")]).await;
        if answer.status != 200 {
            assert_ne!(answer.field("error"), "unsupported_grant_type", "{grant_type}");
        }
    }
    for mode in list(document, "response_modes_supported") {
        let request = world.request("web", "openid").with("response_mode", &mode);
        let code = world.authorize(&world.server.browser(), request).await;
        world.token("web", &code.form()).await.expect_status(200);
    }
}

#[tokio::test]
async fn every_listed_signing_algorithm_has_a_key() {
    let world = World::start().await;
    let keys = world.server.jwks().await.document;
    let published: Vec<_> =
        keys["keys"].as_array().unwrap().iter().map(|key| key["alg"].as_str().unwrap().to_owned()).collect();
    for name in ["id_token_signing_alg_values_supported", "userinfo_signing_alg_values_supported"] {
        let listed = list(world.server.discovery.document(), name);
        assert!(listed.contains(&"RS256".to_owned()));
        assert!(listed.iter().all(|alg| published.contains(alg)), "{name}: {listed:?} {published:?}");
        let mut distinct = listed.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), listed.len(), "{name}: {listed:?}");
    }
}

#[tokio::test]
async fn a_known_document_is_not_sent_again() {
    let world = World::start().await;
    let url = format!("{}{OPENID}", world.server.issuer());
    let etag = world.server.http.get(&url).await.header("etag").unwrap();
    let again = world.server.http.call(Method::GET, &url).header("if-none-match", &etag).send().await;
    assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(etag)));
    let head = world.server.http.call(Method::HEAD, &url).send().await.expect_status(200);
    assert!(head.body.is_empty());
}

/// A new API's scopes are found without a restart.
#[tokio::test]
async fn scopes_of_an_api_declared_later_are_listed() {
    let world = World::start().await;
    let declared = "[[resources]]\nidentifier = \"https://stock.example.test\"\nscopes = [\"stock:read\"]";
    world.server.apply(declared).await;
    let url = format!("{}{OPENID}", world.server.issuer());
    signet_tests::eventually(crate::world::REACHES, async || {
        let document = world.server.http.get(&url).await.json();
        list(&document, "scopes_supported").contains(&"stock:read".to_owned())
    })
    .await;
}

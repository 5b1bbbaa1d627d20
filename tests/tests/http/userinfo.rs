//! Userinfo (OpenID Connect Core §5.3) and how it refuses (RFC 6750 §2, §3.1).

use crate::world::{World, not_stored};
use insta::assert_json_snapshot;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use reqwest::Method;
use serde_json::{Value, json};
use signet_tests::{Answer, claims_unchecked};

/// RFC 6750 §3: a challenge with the error, which the body repeats.
#[track_caller]
fn refused(answer: &Answer, status: u16, error: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    let challenge = answer.header("www-authenticate").unwrap();
    assert!(challenge.starts_with("Bearer realm=\""), "{challenge}");
    assert!(challenge.contains(&format!("error=\"{error}\"")), "{challenge}");
    assert_eq!(answer.json()["error"], error);
    not_stored(answer);
}

#[tokio::test]
async fn the_claims_are_those_of_the_scope() {
    let world = World::start().await;
    for (scope, there, absent) in [
        ("openid", &["sub"][..], &["name", "email", "phone_number"][..]),
        ("openid profile", &["sub", "name", "preferred_username"], &["email", "phone_number"]),
        ("openid email", &["sub", "email", "email_verified"], &["name", "phone_number"]),
        ("openid phone", &["sub", "phone_number"], &["name", "email"]),
    ] {
        let tokens = world.sign_in("web", scope).await;
        let answer = world.userinfo(&tokens.field("access_token")).await.expect_status(200);
        not_stored(&answer);
        assert_eq!(answer.header("content-type").as_deref(), Some("application/json"));
        let claims = answer.json();
        there.iter().for_each(|name| assert!(!claims[name].is_null(), "{scope}: no {name} in {claims}"));
        absent.iter().for_each(|name| assert!(claims.get(name).is_none(), "{scope}: {name} in {claims}"));
        // OpenID Connect Core §5.3.2: "The sub Claim in the UserInfo Response MUST be verified to exactly match".
        assert_eq!(claims["sub"], claims_unchecked(&tokens.field("id_token"))["sub"]);
    }
}

#[tokio::test]
async fn the_token_comes_in_the_header_or_in_a_form() {
    let world = World::start().await;
    let token = world.sign_in("web", "openid").await.field("access_token");
    let url = world.endpoint("userinfo_endpoint");
    let http = &world.server.http;
    let expected = world.userinfo(&token).await.expect_status(200).json();
    for call in [
        http.post(url).bearer(&token),
        http.post(url).form(&[("access_token", &token)]),
        http.post(url).bearer(&token).body("application/json", "{}"),
        http.call(Method::GET, url).header("authorization", &format!("bearer {token}")),
    ] {
        assert_eq!(call.send().await.expect_status(200).json(), expected);
    }
}

/// RFC 6750 §2: "Clients MUST NOT use more than one method to transmit the token in each request."
#[tokio::test]
async fn two_tokens_or_one_in_the_url_are_invalid_request() {
    let world = World::start().await;
    let token = world.sign_in("web", "openid").await.field("access_token");
    let url = world.endpoint("userinfo_endpoint");
    let http = &world.server.http;
    let in_url = format!("{url}?access_token={token}");
    for call in [
        http.post(url).bearer(&token).form(&[("access_token", &token)]),
        http.post(url).form(&[("access_token", &token), ("access_token", &token)]),
        http.call(Method::GET, &in_url),
        http.call(Method::GET, &in_url).bearer(&token),
        http.call(Method::GET, url).header("authorization", "Bearer a b"),
        http.call(Method::GET, url).header("authorization", "Bearer "),
    ] {
        refused(&call.send().await, 400, "invalid_request");
    }
}

/// RFC 6750 §3.1: "If the request lacks any authentication information … the resource server SHOULD NOT include an error
/// code or other error information."
#[tokio::test]
async fn a_request_without_a_token_is_told_no_error() {
    let world = World::start().await;
    let url = world.endpoint("userinfo_endpoint");
    for call in [
        world.server.http.call(Method::GET, url),
        world.server.http.post(url).form(&[]),
        world.server.http.call(Method::GET, url).basic("web", crate::world::SECRET),
    ] {
        let answer = call.send().await.expect_status(401);
        let challenge = answer.header("www-authenticate").unwrap();
        assert!(challenge.starts_with("Bearer") && !challenge.contains("error"), "{challenge}");
        assert!(answer.body.is_empty(), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_token_that_is_forged_expired_or_of_another_kind_is_invalid_token() {
    let world = World::still().await;
    let tokens = world.sign_in("web", "openid offline_access").await;
    let access = tokens.field("access_token");
    let (head, _) = access.rsplit_once('.').unwrap();
    let unsigned = format!("{}.", head);
    for token in [
        "nonsense",
        "a.b.c",
        &unsigned,
        &format!("{head}.AAAA"),
        &tokens.field("id_token"),
        &tokens.field("refresh_token"),
    ] {
        refused(&world.userinfo(token).await, 401, "invalid_token");
    }
    world.userinfo(&access).await.expect_status(200);
    world.advance(600);
    refused(&world.userinfo(&access).await, 401, "invalid_token");
}

/// Only tokens that name the issuer in `aud` are userinfo's.
#[tokio::test]
async fn a_token_for_an_api_alone_is_invalid_token() {
    let world = World::start().await;
    let person = world.sign_in("web", "profile orders:read").await.field("access_token");
    let service = world.client_token("web", &[("scope", "orders:read")]).await;
    for token in [person, service] {
        refused(&world.userinfo(&token).await, 401, "invalid_token");
    }
    let both = world.sign_in("web", "openid orders:read").await.field("access_token");
    world.userinfo(&both).await.expect_status(200);
}

#[tokio::test]
async fn without_openid_the_scope_is_insufficient() {
    let world = World::start().await;
    let token = world.sign_in("web", "profile").await.field("access_token");
    let answer = world.userinfo(&token).await;
    refused(&answer, 403, "insufficient_scope");
    assert!(answer.header("www-authenticate").unwrap().contains("scope=\"openid\""));
}

/// RFC 6750 §3: the challenge is what clients read.
#[tokio::test]
async fn the_challenges_are_as_agreed() {
    let world = World::start().await;
    let narrow = world.sign_in("web", "profile").await.field("access_token");
    let url = world.endpoint("userinfo_endpoint");
    let http = &world.server.http;
    let mut challenges = Vec::new();
    for call in [
        http.call(Method::GET, url),
        http.call(Method::GET, url).bearer("a b"),
        http.call(Method::GET, url).bearer("nonsense"),
        http.call(Method::GET, url).bearer(&narrow),
    ] {
        let answer = call.send().await;
        let challenge = answer.header("www-authenticate").unwrap();
        challenges.push((answer.status, challenge.replace(&world.server.issuer(), "[issuer]")));
    }
    assert_json_snapshot!("challenges", challenges);
}

/// OpenID Connect Core §5.3.2: "If signed, the UserInfo Response MUST contain the Claims iss (issuer) and aud (audience)".
#[tokio::test]
async fn a_client_that_registered_an_algorithm_gets_a_signed_answer() {
    for alg in ["ES256", "RS256"] {
        let world = World::with(&format!(
            r#"
            [[clients]]
            client_id = "wary"
            client_secret = "a secret of thirty-two characters"
            redirect_uris = ["https://wary.example.test/callback"]
            scope = "openid email"
            skip_consent = true
            userinfo_signed_response_alg = "{alg}"
            "#
        ))
        .await;
        let token = world.sign_in("wary", "openid email").await.field("access_token");
        let answer = world.userinfo(&token).await.expect_status(200);
        assert_eq!(answer.header("content-type").as_deref(), Some("application/jwt"));
        let (issuer, jwt) = (world.server.issuer(), answer.text());
        assert_eq!(signet_tests::header_unchecked(&jwt)["alg"], alg);
        // It is an answer, no token: it has no exp, which the library would insist on.
        let mut validation = Validation::new(alg.parse().unwrap());
        validation.set_required_spec_claims(&["iss", "aud"]);
        validation.validate_exp = false;
        validation.set_audience(&["wary"]);
        validation.set_issuer(&[&issuer]);
        let keys: JwkSet = serde_json::from_value(world.server.jwks().await.document).unwrap();
        let kid = decode_header(&jwt).unwrap().kid.unwrap();
        let key = DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap();
        let claims = decode::<Value>(&jwt, &key, &validation).unwrap().claims;
        assert_eq!(
            (&claims["iss"], &claims["aud"], &claims["email"]),
            (&json!(issuer), &json!("wary"), &json!("alice@example.test"))
        );
        assert_eq!(claims["sub"], claims_unchecked(&token)["sub"]);
    }
}

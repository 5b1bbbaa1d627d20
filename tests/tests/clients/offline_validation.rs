//! APIs that validate access tokens with nothing but the key set, by two libraries (jose and jsonwebtoken), whichever
//! algorithm the API asked for, before and after a rotation.

use crate::site::{self, ALGORITHMS, BASIC, SECRET};
use serde_json::{Value, json};
use signet_protocol::environment::Moment;
use signet_tests::{
    Discovery, Expected, FakeClock, Http, Jwks, NodeClient, ServerProcess, Settings, TestServer, eventually,
    header_unchecked, let_keys_be_seen,
};
use std::time::Duration;

/// How long a change takes to reach a running server, with room for a busy machine.
const REACHES: Duration = Duration::from_secs(20);
/// How often keys rotate by default, in seconds.
const ROTATION: i64 = 90 * 86_400;

/// A token for each API, in the order of [`ALGORITHMS`].
async fn tokens(http: &Http, discovery: &Discovery) -> Vec<String> {
    let mut tokens = Vec::new();
    for algorithm in ALGORITHMS {
        let scope = site::api_scope(algorithm);
        let form = [("grant_type", "client_credentials"), ("scope", scope.as_str())];
        let answer = http.post(discovery.token_endpoint()).basic(BASIC.id, SECRET).form(&form).send().await;
        tokens.push(answer.expect_status(200).field("access_token"));
    }
    tokens
}

fn kids(tokens: &[String]) -> Vec<Value> {
    tokens.iter().map(|token| header_unchecked(token)["kid"].clone()).collect()
}

/// Both libraries accept every token with these keys, each for its API and by its algorithm.
async fn accepted(jwks: &Jwks, issuer: &str, now: Moment, tokens: &[String]) {
    for (algorithm, token) in ALGORITHMS.iter().zip(tokens) {
        let audience = site::api(algorithm);
        let expected = Expected { issuer, audience: &audience, typ: Some("at+jwt"), at: Some(now) };
        let claims = jwks.verify(token, &expected).unwrap_or_else(|error| panic!("{algorithm}: {error}"));
        assert_eq!(claims["client_id"], BASIC.id);
    }
    let mut script = jose(jwks, issuer, now, ALGORITHMS.map(site::api).iter().zip(tokens)).await;
    for algorithm in ALGORITHMS {
        let step = script.step("verified").await;
        assert_eq!(step["header"]["alg"], algorithm);
        assert_eq!(step["claims"]["scope"], site::api_scope(algorithm));
    }
    script.finish().await;
}

async fn jose(
    jwks: &Jwks,
    issuer: &str,
    now: Moment,
    tokens: impl Iterator<Item = (&String, &String)>,
) -> NodeClient {
    let tokens: Vec<Value> =
        tokens.map(|(audience, token)| json!({ "audience": audience, "token": token })).collect();
    let options =
        json!({ "jwks": jwks.document, "issuer": issuer, "now": now.timestamp(), "tokens": tokens });
    NodeClient::start("verify.mjs", &options).await
}

/// The keys once each has its successor beside it, which happens right after the start.
async fn complete(server: &TestServer) -> Jwks {
    eventually(REACHES, async || {
        let keys = server.jwks().await;
        if keys.kids().len() == 2 * ALGORITHMS.len() { Ok(keys) } else { Err(keys.kids()) }
    })
    .await
}

#[tokio::test]
async fn an_api_validates_every_algorithm_across_a_scheduled_rotation_with_keys_of_either_side() {
    let clock = FakeClock::still();
    let server = TestServer::start_with(Settings::new(), clock.clone(), &site::declared()).await;
    let issuer = server.issuer();
    let cached = complete(&server).await;
    clock.advance(ROTATION - 60);
    let last = tokens(&server.http, &server.discovery).await;
    accepted(&cached, &issuer, clock.now(), &last).await;
    clock.advance(60);
    let first = tokens(&server.http, &server.discovery).await;
    for (before, after) in kids(&last).iter().zip(kids(&first)) {
        assert_ne!(*before, after, "every key has rotated");
    }
    let fetched = server.jwks().await;
    for keys in [&cached, &fetched] {
        accepted(keys, &issuer, clock.now(), &last).await;
        accepted(keys, &issuer, clock.now(), &first).await;
    }
}

#[tokio::test]
async fn an_api_validates_tokens_from_before_and_after_a_rotation_on_command() {
    let server = ServerProcess::start(env!("CARGO_BIN_EXE_signet-under-test"), Settings::new()).await;
    server.apply(&site::declared()).await;
    let (http, issuer) = (Http::new(), server.issuer());
    let discovery = Discovery::fetch(&http, &issuer).await;
    let keys = async || Jwks::fetch(&http, discovery.get("jwks_uri")).await;
    let now = signet_tests::system_clock();
    let before = tokens(&http, &discovery).await;
    accepted(&keys().await, &issuer, now.now(), &before).await;

    let_keys_be_seen(server.settings()).await;
    server.command(&["keys", "rotate"]).await.expect_success();
    let after = eventually(REACHES, async || {
        let after = tokens(&http, &discovery).await;
        kids(&before).iter().zip(kids(&after)).all(|(old, new)| *old != new).then_some(after)
    })
    .await;
    let fetched = keys().await;
    accepted(&fetched, &issuer, now.now(), &before).await;
    accepted(&fetched, &issuer, now.now(), &after).await;
}

#[tokio::test]
async fn an_api_refuses_what_is_not_meant_for_it_not_genuine_or_too_old() {
    let clock = FakeClock::still();
    let server = TestServer::start_with(Settings::new(), clock.clone(), &site::declared()).await;
    let (issuer, jwks) = (server.issuer(), server.jwks().await);
    let token = tokens(&server.http, &server.discovery).await.swap_remove(0);
    let (head, signature) = token.rsplit_once('.').unwrap();
    let flipped = if signature.starts_with('A') { "B" } else { "A" };
    let forged = format!("{head}.{flipped}{}", &signature[1..]);
    let (own, other) = (site::api("ES256"), site::api("ES384"));

    let mut script = jose(&jwks, &issuer, clock.now(), [(&other, &token), (&own, &forged)].into_iter()).await;
    assert_eq!(script.step("refused").await["code"], "ERR_JWT_CLAIM_VALIDATION_FAILED");
    assert_eq!(script.step("refused").await["code"], "ERR_JWS_SIGNATURE_VERIFICATION_FAILED");
    script.finish().await;
    clock.advance(600);
    let mut script = jose(&jwks, &issuer, clock.now(), [(&own, &token)].into_iter()).await;
    assert_eq!(script.step("refused").await["code"], "ERR_JWT_EXPIRED");
    script.finish().await;
}

//! Access tokens (RFC 9068), as a library that is not ours verifies them.

use crate::world::{ORDERS, World};
use signet_tests::{Expected, claims_unchecked, header_unchecked};

/// APIs that ask for different algorithms, and a client of them all.
const APIS: &str = r#"
    [[resources]]
    identifier = "https://es384.example.test"
    scopes = ["es384"]
    signing_alg = "ES384"

    [[resources]]
    identifier = "https://rs256.example.test"
    scopes = ["rs256"]
    signing_alg = "RS256"

    [[resources]]
    identifier = "https://ps256.example.test"
    scopes = ["ps256"]
    signing_alg = "PS256"

    [[resources]]
    identifier = "https://eddsa.example.test"
    scopes = ["eddsa"]
    signing_alg = "EdDSA"
    access_token_lifetime = 120

    [[clients]]
    client_id = "many"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "es384 rs256 ps256 eddsa orders:read"

    [[clients]]
    client_id = "brief"
    client_secret = "a secret of thirty-two characters"
    grant_types = ["client_credentials"]
    scope = "eddsa"
    access_token_lifetime = 60
"#;

#[tokio::test]
async fn each_api_gets_the_algorithm_that_it_asks_for() {
    let world = World::with(APIS).await;
    let (issuer, keys) = (world.server.issuer(), world.server.jwks().await);
    for (alg, scope, audience) in [
        ("ES256", "orders:read", ORDERS),
        ("ES384", "es384", "https://es384.example.test"),
        ("RS256", "rs256", "https://rs256.example.test"),
        ("PS256", "ps256", "https://ps256.example.test"),
        ("EdDSA", "eddsa", "https://eddsa.example.test"),
    ] {
        let token = world.client_token("many", &[("scope", scope)]).await;
        assert_eq!(header_unchecked(&token)["alg"], alg);
        let expected = Expected { issuer: &issuer, audience, typ: Some("at+jwt"), at: None };
        keys.verify(&token, &expected).unwrap_or_else(|error| panic!("{alg}: {error}"));
        let elsewhere = Expected { audience: "https://else.example.test", ..expected };
        assert!(keys.verify(&token, &elsewhere).is_err(), "{alg}");
        assert_eq!(world.introspect("many", &token).await["active"], true, "{alg}");
    }
}

/// RFC 9068 §2.2.
#[tokio::test]
async fn a_clients_own_token_has_the_claims_of_the_profile() {
    let world = World::still().await;
    let now = world.server.clock().now().timestamp();
    let token = world.client_token("web", &[("scope", "orders:read")]).await;
    let claims = claims_unchecked(&token);
    assert_eq!(claims["iss"], world.server.issuer());
    // RFC 9068 §2.2: without a resource owner, "the value of sub SHOULD correspond to an identifier the authorization
    // server uses to indicate the client application".
    assert_eq!((&claims["sub"], &claims["client_id"]), (&"web".into(), &"web".into()));
    assert_eq!((claims["iat"].as_i64(), claims["exp"].as_i64()), (Some(now), Some(now + 600)));
    assert_eq!(claims["scope"], "orders:read");
    assert!(claims["jti"].as_str().is_some_and(|jti| jti.len() >= 16));
    for absent in ["auth_time", "acr", "amr", "sid", "gid", "nonce"] {
        assert!(claims.get(absent).is_none(), "{absent} in {claims}");
    }
    let again = world.client_token("web", &[("scope", "orders:read")]).await;
    assert_ne!(claims_unchecked(&again)["jti"], claims["jti"]);
}

#[tokio::test]
async fn a_persons_token_tells_how_they_signed_in() {
    let world = World::still().await;
    let now = world.server.clock().now().timestamp();
    let tokens = world.sign_in("web", "openid orders:read").await;
    let claims = claims_unchecked(&tokens.field("access_token"));
    assert_eq!(claims["sub"], claims_unchecked(&tokens.field("id_token"))["sub"]);
    assert_ne!(claims["sub"], "alice");
    assert_eq!((claims["auth_time"].as_i64(), &claims["acr"]), (Some(now), &"aal1".into()));
    assert_eq!(claims["amr"], serde_json::json!(["pwd"]));
    assert_eq!(claims["client_id"], "web");
}

#[tokio::test]
async fn the_lifetime_is_the_clients_else_the_apis_else_ten_minutes() {
    let world = World::with(APIS).await;
    for (client, scope, seconds) in
        [("many", "orders:read", 600), ("many", "eddsa", 120), ("brief", "eddsa", 60)]
    {
        let form = [("grant_type", "client_credentials"), ("scope", scope)];
        let answer = world.token(client, &form).await.expect_status(200);
        assert_eq!(answer.json()["expires_in"], seconds, "{client} {scope}");
        let claims = claims_unchecked(&answer.field("access_token"));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), seconds);
    }
}

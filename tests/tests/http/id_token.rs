//! ID tokens (OpenID Connect Core §2, §3.1.3.6, §12.2), as a library that is not ours verifies them.

use crate::world::{OFFLINE, World};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{Algorithm, SHA256, SHA384, SHA512, digest};
use serde_json::json;
use signet_tests::{Expected, claims_unchecked, header_unchecked};

fn half_hash(algorithm: &'static Algorithm, token: &str) -> String {
    let hash = digest(algorithm, token.as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..hash.as_ref().len() / 2])
}

#[tokio::test]
async fn an_id_token_says_who_signed_in_when_and_how() {
    let world = World::still().await;
    let now = world.server.clock().now();
    let code = world.code("web", "openid profile email").await;
    let answer = world.token("web", &code.form()).await.expect_status(200);
    let token = answer.field("id_token");
    let issuer = world.server.issuer();
    let expected = Expected { issuer: &issuer, audience: "web", typ: None, at: Some(now) };
    let claims = world.server.jwks().await.verify(&token, &expected).unwrap();
    assert_eq!(claims["nonce"], code.request.nonce);
    assert_eq!(claims["at_hash"], half_hash(&SHA256, &answer.field("access_token")));
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!("aal1"), &json!(["pwd"])));
    assert_eq!(claims["auth_time"], now.timestamp());
    assert_eq!(
        (claims["iat"].as_i64(), claims["exp"].as_i64()),
        (Some(now.timestamp()), Some(now.timestamp() + 600))
    );
    assert!(claims["sid"].is_string() && claims["sub"].is_string(), "{claims}");
    // OpenID Connect Core §5.4: with an access token beside it, the scope's claims are userinfo's.
    for absent in ["name", "email", "phone_number"] {
        assert!(claims.get(absent).is_none(), "{absent} in {claims}");
    }
    assert_ne!(header_unchecked(&token)["typ"], "at+jwt");
}

/// OpenID Connect Dynamic Client Registration §2: "The default, if omitted, is RS256."
#[tokio::test]
async fn the_algorithm_is_rs256_unless_the_client_registers_another() {
    for alg in ["RS256", "ES256", "ES384", "EdDSA"] {
        let registered = match alg {
            "RS256" => String::new(),
            _ => format!("id_token_signed_response_alg = \"{alg}\""),
        };
        let world = World::with(&format!(
            r#"
            [[clients]]
            client_id = "choosy"
            client_secret = "a secret of thirty-two characters"
            redirect_uris = ["https://choosy.example.test/callback"]
            scope = "openid"
            skip_consent = true
            {registered}
            "#
        ))
        .await;
        let answer = world.sign_in("choosy", "openid").await;
        let (token, issuer) = (answer.field("id_token"), world.server.issuer());
        assert_eq!(header_unchecked(&token)["alg"], alg);
        let expected = Expected { issuer: &issuer, audience: "choosy", typ: None, at: None };
        let claims = world.server.jwks().await.verify(&token, &expected).unwrap();
        let access = answer.field("access_token");
        // OpenID Connect Core §3.1.3.6: the hash is that of the ID token's alg.
        match alg {
            "ES384" => assert_eq!(claims["at_hash"], half_hash(&SHA384, &access)),
            "EdDSA" => assert_eq!(claims["at_hash"], half_hash(&SHA512, &access)),
            _ => assert_eq!(claims["at_hash"], half_hash(&SHA256, &access), "{alg}"),
        }
    }
}

/// OpenID Connect Core §12.2: the same `iss`, `sub`, `aud` and `auth_time`, and no `nonce` needs to be there.
#[tokio::test]
async fn a_refreshed_id_token_is_about_the_same_sign_in() {
    let world = World::still().await;
    let first = world.sign_in("web", OFFLINE).await;
    world.advance(300);
    let second = world.refresh("web", &first.field("refresh_token")).await.expect_status(200);
    let (before, after) = (first.field("id_token"), second.field("id_token"));
    let (before, after) = (claims_unchecked(&before), claims_unchecked(&after));
    for same in ["iss", "sub", "aud", "auth_time", "sid", "acr", "amr"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_eq!(after["iat"].as_i64().unwrap() - before["iat"].as_i64().unwrap(), 300);
    assert_eq!(after["at_hash"], half_hash(&SHA256, &second.field("access_token")));
}

#[tokio::test]
async fn a_request_without_a_nonce_gives_an_id_token_without_one() {
    let world = World::start().await;
    let request = world.request("web", "openid").without("nonce");
    let code = world.authorize(&world.server.browser(), request).await;
    let token = world.token("web", &code.form()).await.expect_status(200).field("id_token");
    assert!(claims_unchecked(&token).get("nonce").is_none());
}

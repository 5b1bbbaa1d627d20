//! The key set (RFC 7517 §5) and the rotation of keys: no token that some verifier cannot verify.

use crate::world::{ORDERS, REACHES, World};
use reqwest::Method;
use signet_tests::{Expected, Jwks, eventually, header_unchecked};

/// A day, in seconds.
const DAY: i64 = 86_400;

/// The keys once each has its successor beside it, which happens right after the start.
async fn complete(world: &World) -> Jwks {
    eventually(REACHES, async || {
        let keys = world.server.jwks().await;
        (keys.kids().len() == 4).then_some(keys)
    })
    .await
}

fn verified(keys: &Jwks, world: &World, token: &str) -> Result<String, String> {
    let issuer = world.server.issuer();
    let at = Some(world.server.clock().now());
    let expected = Expected { issuer: &issuer, audience: ORDERS, typ: Some("at+jwt"), at };
    keys.verify(token, &expected)?;
    Ok(header_unchecked(token)["kid"].as_str().unwrap().to_owned())
}

/// RFC 7518 §6: what would give the key away has these names.
#[tokio::test]
async fn only_public_members_are_published() {
    let world = World::start().await;
    let keys = complete(&world).await;
    for key in keys.document["keys"].as_array().unwrap() {
        let key = key.as_object().unwrap();
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(!key.contains_key(private), "{private} in {key:?}");
        }
        for public in ["kty", "kid", "alg", "use"] {
            assert!(key.contains_key(public), "no {public} in {key:?}");
        }
        assert_eq!(key["use"], "sig");
    }
    let mut kids = keys.kids();
    kids.sort();
    kids.dedup();
    assert_eq!(kids.len(), 4);
}

#[tokio::test]
async fn the_key_set_is_cacheable_and_not_sent_to_who_has_it() {
    let world = World::start().await;
    complete(&world).await;
    let url = world.endpoint("jwks_uri");
    let first = world.server.http.get(url).await.expect_status(200);
    let control = first.header("cache-control").unwrap();
    assert!(control.contains("max-age=") && !control.contains("no-store"), "{control}");
    let kind = first.header("content-type").unwrap();
    assert!(kind == "application/json" || kind == "application/jwk-set+json", "{kind}");
    let etag = first.header("etag").unwrap();
    for known in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}"), "*".to_owned()] {
        let again = world.server.http.call(Method::GET, url).header("if-none-match", &known).send().await;
        assert_eq!((again.status, again.body.len()), (304, 0), "{known}");
        assert_eq!(again.header("etag"), Some(etag.clone()));
    }
    let other = world.server.http.call(Method::GET, url).header("if-none-match", "\"other\"").send().await;
    assert_eq!((other.status, other.body), (200, first.body));
}

#[tokio::test]
async fn tokens_from_before_and_after_a_rotation_verify_with_the_keys_as_cached_before() {
    let world = World::still().await;
    let cached = complete(&world).await;
    let form = [("scope", "orders:read")];
    let before = world.client_token("web", &form).await;
    let first = verified(&cached, &world, &before).unwrap();
    // Until a moment before its turn the successor waits; then it signs, though nobody was told.
    world.advance(90 * DAY - 1);
    let last = world.client_token("web", &form).await;
    assert_eq!(verified(&cached, &world, &last).unwrap(), first);
    world.advance(1);
    let after = world.client_token("web", &form).await;
    let second = verified(&cached, &world, &after).unwrap();
    assert_ne!(first, second);
    // The verifier that comes now finds both, and the token of the old key lives on here, too.
    let fetched = world.server.jwks().await;
    verified(&fetched, &world, &last).unwrap();
    verified(&fetched, &world, &after).unwrap();
    assert!(world.is_active(&last).await && world.is_active(&after).await);
    // A day after the last token it can have signed, the old key is gone.
    world.advance(2 * DAY);
    assert!(!world.is_active(&after).await);
    let token = world.client_token("web", &form).await;
    assert_eq!(verified(&cached, &world, &token).unwrap(), second);
}

#[tokio::test]
async fn a_retired_key_leaves_the_key_set_when_its_last_token_has_expired() {
    let world = World::still().await;
    let cached = complete(&world).await;
    let token = world.client_token("web", &[("scope", "orders:read")]).await;
    let old = verified(&cached, &world, &token).unwrap();
    world.advance(90 * DAY + DAY - 1);
    assert!(world.server.jwks().await.kids().contains(&old));
    world.advance(2);
    eventually(REACHES, async || !world.server.jwks().await.kids().contains(&old)).await;
}

#[tokio::test]
async fn a_token_made_with_a_foreign_key_of_the_same_name_is_refused() {
    let world = World::start().await;
    let keys = complete(&world).await;
    let genuine = world.client_token("web", &[("scope", "orders:read")]).await;
    let kid = verified(&keys, &world, &genuine).unwrap();
    let header = jsonwebtoken::Header {
        kid: Some(kid),
        typ: Some("at+jwt".to_owned()),
        ..jsonwebtoken::Header::new(jsonwebtoken::Algorithm::ES256)
    };
    let claims = signet_tests::claims_unchecked(&genuine);
    let forged = jsonwebtoken::encode(&header, &claims, &crate::client_key::FOREIGN.private).unwrap();
    assert!(verified(&keys, &world, &forged).is_err());
    assert!(world.is_active(&genuine).await && !world.is_active(&forged).await);
}

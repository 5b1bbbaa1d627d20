use super::*;
use crate::token::fixtures::{ISSUER, ORDERS, STOCK, client, resources, scope};
use proptest::prelude::*;

/// `Ok` is the audiences and the token's scope.
fn found(
    granted: &str,
    requested: &[&str],
    authorized: &[&str],
) -> Result<(Vec<String>, String), TokenError> {
    let ids = |list: &[&str]| list.iter().map(|&id| ResourceId::from(id)).collect::<Vec<_>>();
    audience(&scope(granted), &ids(requested), &ids(authorized), &resources(), ISSUER)
        .map(|found| (found.aud.to_vec(), found.scope.to_string()))
        .map_err(|refusal| refusal.error)
}

fn token_for(aud: &[&str], scope: &str) -> Result<(Vec<String>, String), TokenError> {
    Ok((aud.iter().map(|&aud| aud.to_owned()).collect(), scope.to_owned()))
}

#[test]
fn without_a_resource_the_token_is_for_the_api_of_its_scope() {
    assert_eq!(found("orders:read", &[], &[]), token_for(&[ORDERS], "orders:read"));
    assert_eq!(found("stock:read", &[], &[]), token_for(&[STOCK], "stock:read"));
}

#[test]
fn with_openid_the_issuer_is_an_audience_too() {
    assert_eq!(
        found("openid profile orders:read", &[], &[]),
        token_for(&[ORDERS, ISSUER], "openid profile orders:read")
    );
    assert_eq!(found("profile orders:read", &[], &[]), token_for(&[ORDERS], "profile orders:read"));
}

#[test]
fn a_scope_of_no_api_makes_a_token_for_the_issuer_alone() {
    assert_eq!(found("openid email", &[], &[]), token_for(&[ISSUER], "openid email"));
    assert_eq!(found("own", &[], &[]), token_for(&[ISSUER], "own"));
    assert_eq!(found("", &[], &[]), token_for(&[ISSUER], ""));
}

#[test]
fn scopes_of_several_apis_without_a_resource_are_invalid_target() {
    assert_eq!(found("orders:read stock:read", &[], &[]), Err(TokenError::InvalidTarget));
    assert_eq!(found("shared", &[], &[]), Err(TokenError::InvalidTarget));
}

#[test]
fn a_requested_resource_gets_its_own_scopes_and_openid_connects() {
    assert_eq!(
        found("openid offline_access orders:read stock:read shared", &[STOCK], &[]),
        token_for(&[STOCK, ISSUER], "openid offline_access stock:read shared")
    );
    assert_eq!(found("shared", &[ORDERS], &[]), token_for(&[ORDERS], "shared"));
}

#[test]
fn the_same_resource_twice_is_one() {
    assert_eq!(found("orders:read", &[ORDERS, ORDERS], &[]), token_for(&[ORDERS], "orders:read"));
}

/// RFC 8707 §2, `invalid_target`: "The requested resource is invalid, missing, unknown, or malformed."
#[test]
fn resources_that_cannot_be_served_are_invalid_target() {
    for (granted, requested, authorized) in [
        ("orders:read", &["https://unknown.test"][..], &[][..]),
        ("orders:read", &["not a uri"], &[]),
        ("orders:read", &["https://orders.example.test/"], &[]),
        ("orders:read stock:read", &[ORDERS, STOCK], &[]),
        ("openid", &[ORDERS], &[]),
        ("stock:read", &[ORDERS], &[]),
        ("orders:read stock:read", &[STOCK], &[ORDERS]),
        ("orders:read", &[], &["https://gone.test"]),
        ("orders:read stock:read", &[], &[ORDERS, STOCK]),
        ("stock:read", &[], &[ORDERS]),
    ] {
        assert_eq!(
            found(granted, requested, authorized),
            Err(TokenError::InvalidTarget),
            "{granted} {requested:?} {authorized:?}"
        );
    }
}

#[test]
fn a_grant_for_one_resource_needs_none_named() {
    assert_eq!(found("orders:read stock:read", &[], &[ORDERS]), token_for(&[ORDERS], "orders:read"));
    assert_eq!(
        found("orders:read stock:read", &[], &[ORDERS, "https://gone.test"]),
        token_for(&[ORDERS], "orders:read")
    );
}

#[test]
fn a_grant_for_several_resources_serves_each_that_is_named() {
    let both = [ORDERS, STOCK];
    assert_eq!(found("orders:read stock:read", &[ORDERS], &both), token_for(&[ORDERS], "orders:read"));
    assert_eq!(found("orders:read stock:read", &[STOCK], &both), token_for(&[STOCK], "stock:read"));
    assert_eq!(found("stock:read", &[], &both), token_for(&[STOCK], "stock:read"));
}

#[test]
fn a_grant_narrowed_to_openid_connect_is_for_the_issuer_alone() {
    assert_eq!(found("openid profile", &[], &[ORDERS]), token_for(&[ISSUER], "openid profile"));
}

/// None can be registered; one that is there all the same is nobody's, not everybody's.
#[test]
fn an_api_without_scopes_is_reached_by_nobody() {
    let bare = [Resource { scopes: Vec::new(), ..resources().remove(0) }];
    let orders = [ResourceId::from(ORDERS)];
    for granted in [Scope::default(), scope("openid"), scope("orders:read")] {
        let named = audience(&granted, &orders, &[], &bare, ISSUER);
        assert_eq!(named.unwrap_err().error, TokenError::InvalidTarget);
        for authorized in [&[][..], &orders] {
            assert_eq!(audience(&granted, &[], authorized, &bare, ISSUER).unwrap().aud, Aud::one(ISSUER));
        }
    }
}

#[test]
fn the_api_decides_the_algorithm_and_the_issuer_signs_es256() {
    let resources = resources();
    let alg = |text: &str| audience(&scope(text), &[], &[], &resources, ISSUER).unwrap().signing_alg;
    assert_eq!((alg("orders:read"), alg("openid")), (SigningAlg::EdDSA, SigningAlg::ES256));
}

#[test]
fn the_clients_lifetime_wins_over_the_apis_and_both_are_capped() {
    let resources = resources();
    let granted = scope("orders:read");
    let found = audience(&granted, &[], &[], &resources, ISSUER).unwrap();
    for (of_client, of_api, expected) in [
        (None, None, 600),
        (None, Some(300), 300),
        (Some(120), Some(300), 120),
        (Some(120), None, 120),
        (None, Some(10_000_000), 86_400),
    ] {
        let client = Client { access_token_lifetime: of_client, ..client() };
        assert_eq!(Audience { lifetime: of_api, ..found.clone() }.lifetime_for(&client, 600), expected);
    }
}

#[test]
fn a_whole_scope_is_not_copied() {
    let resources = resources();
    for text in ["orders:read orders:write", "openid orders:read", "openid"] {
        let granted = scope(text);
        let found = audience(&granted, &[], &[], &resources, ISSUER).unwrap();
        assert!(matches!(found.scope, Cow::Borrowed(_)), "{text}");
    }
}

fn some_scope() -> impl Strategy<Value = Scope> {
    let values =
        ["openid", "profile", "offline_access", "orders:read", "orders:write", "stock:read", "shared", "own"];
    proptest::sample::subsequence(values.to_vec(), 0..=values.len())
        .prop_map(|values| scope(&values.join(" ")))
}

fn some_resources() -> impl Strategy<Value = Vec<ResourceId>> {
    let known = [ORDERS, STOCK, "https://unknown.test"];
    proptest::sample::subsequence(known.to_vec(), 0..=known.len())
        .prop_map(|ids| ids.into_iter().map(ResourceId::from).collect())
}

proptest! {
    #[test]
    fn no_token_reaches_beyond_its_grant_or_two_apis(
        granted in some_scope(), requested in some_resources(), authorized in some_resources(),
    ) {
        let resources = resources();
        let Ok(found) = audience(&granted, &requested, &authorized, &resources, ISSUER)
            .map_err(|refusal| assert_eq!(refusal.error, TokenError::InvalidTarget)) else { return Ok(()) };
        prop_assert!(found.scope.is_subset_of(&granted));
        let apis: Vec<_> = found.aud.iter().filter(|aud| *aud != ISSUER).collect();
        prop_assert!(apis.len() <= 1);
        prop_assert_eq!(apis.first().copied(), found.resource.map(ResourceId::as_str));
        prop_assert_eq!(
            found.aud.iter().any(|aud| aud == ISSUER),
            found.resource.is_none() || granted.contains("openid")
        );
        if let Some(api) = found.resource {
            prop_assert!(authorized.is_empty() || authorized.contains(api));
            prop_assert!(requested.is_empty() || requested.contains(api));
            let api = resources.iter().find(|known| known.identifier == *api).unwrap();
            prop_assert!(found.scope.iter().all(|value| is_user_scope(value) || api.scopes.iter().any(|own| own == value)));
        } else {
            prop_assert!(requested.is_empty());
        }
    }
}

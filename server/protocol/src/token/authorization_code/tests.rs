use super::*;
use crate::scope::Scope;
use crate::token::fixtures::{CALLBACK, VERIFIER, client, code, now, seconds};

fn refused(decision: RedeemDecision) -> (TokenError, Option<GrantId>) {
    match decision {
        RedeemDecision::Refuse { refusal, revoke } => (refusal.error, revoke),
        RedeemDecision::Redeem => panic!("redeemed"),
    }
}

fn with(code: &AuthorizationCode, uri: Option<&str>, verifier: Option<&str>) -> RedeemDecision {
    decide(Some(code), &client(), uri, verifier, now())
}

fn unused_without_pkce() -> AuthorizationCode {
    AuthorizationCode { code_challenge: None, ..code() }
}

fn used() -> AuthorizationCode {
    AuthorizationCode { redeemed_as: Some("grant-1".into()), ..code() }
}

#[test]
fn a_bound_and_fresh_code_is_redeemed() {
    assert_eq!(with(&code(), Some(CALLBACK), Some(VERIFIER)), RedeemDecision::Redeem);
}

#[test]
fn an_unknown_code_is_invalid_grant() {
    let decision = decide(None, &client(), Some(CALLBACK), Some(VERIFIER), now());
    assert_eq!(refused(decision), (TokenError::InvalidGrant, None));
}

#[test]
fn another_clients_code_is_invalid_grant_and_stays() {
    let other = Client { client_id: "other".into(), ..client() };
    for code in [code(), used()] {
        let decision = decide(Some(&code), &other, Some(CALLBACK), Some(VERIFIER), now());
        assert_eq!(refused(decision), (TokenError::InvalidGrant, None));
    }
}

/// RFC 6749 §4.1.3: identical, so no normalisation.
#[test]
fn a_redirect_uri_that_differs_is_invalid_grant() {
    for uri in [
        "https://shop.example.test/callback/",
        "https://SHOP.example.test/callback",
        "https://other.test/",
        "x",
    ] {
        assert_eq!(
            refused(with(&code(), Some(uri), Some(VERIFIER))),
            (TokenError::InvalidGrant, None),
            "{uri}"
        );
    }
}

/// OAuth 2.1 §10.2.
#[test]
fn redirect_uri_may_be_absent_only_with_pkce() {
    assert_eq!(with(&code(), None, Some(VERIFIER)), RedeemDecision::Redeem);
    assert_eq!(refused(with(&unused_without_pkce(), None, None)), (TokenError::InvalidRequest, None));
    assert_eq!(with(&unused_without_pkce(), Some(CALLBACK), None), RedeemDecision::Redeem);
}

/// RFC 7636 §4.6: "If the values are not equal, an error response indicating "invalid_grant" … MUST be returned."
#[test]
fn a_wrong_missing_or_unexpected_verifier_is_invalid_grant_and_stays() {
    let wrong = "x".repeat(43);
    for (code, verifier) in [
        (code(), Some(wrong.as_str())),
        (code(), Some("short")),
        (code(), None),
        (unused_without_pkce(), Some(VERIFIER)),
    ] {
        assert_eq!(refused(with(&code, Some(CALLBACK), verifier)), (TokenError::InvalidGrant, None));
    }
}

#[test]
fn an_expired_code_is_invalid_grant() {
    let expired = AuthorizationCode { expires_at: now(), ..code() };
    assert_eq!(refused(with(&expired, Some(CALLBACK), Some(VERIFIER))), (TokenError::InvalidGrant, None));
    let last = AuthorizationCode { expires_at: now() + seconds(1), ..code() };
    assert_eq!(with(&last, Some(CALLBACK), Some(VERIFIER)), RedeemDecision::Redeem);
}

#[test]
fn a_code_for_a_scope_withdrawn_from_the_client_is_invalid_scope_and_stays() {
    let client = Client { scope: Scope::parse("openid offline_access orders:read").unwrap(), ..client() };
    let decision = decide(Some(&code()), &client, Some(CALLBACK), Some(VERIFIER), now());
    assert_eq!(refused(decision), (TokenError::InvalidScope, None));
}

#[test]
fn replayed_code_revokes_its_grant() {
    let grant = Some(GrantId::from("grant-1"));
    assert_eq!(refused(with(&used(), Some(CALLBACK), Some(VERIFIER))), (TokenError::InvalidGrant, grant));
}

#[test]
fn replay_after_expiry_revokes_the_grant_too() {
    let code = AuthorizationCode { expires_at: now() - seconds(600), ..used() };
    assert_eq!(refused(with(&code, Some(CALLBACK), Some(VERIFIER))).1, Some("grant-1".into()));
}

#[test]
fn replay_without_the_binding_revokes_nothing() {
    let wrong = "x".repeat(43);
    for (uri, verifier) in [
        (Some("https://other.test/"), Some(VERIFIER)),
        (Some(CALLBACK), Some(wrong.as_str())),
        (Some(CALLBACK), None),
    ] {
        assert_eq!(refused(with(&used(), uri, verifier)).1, None);
    }
}

#[test]
fn a_client_not_registered_for_the_grant_is_unauthorized() {
    let mut client = client();
    client.grant_types.remove(&GrantType::AuthorizationCode);
    let decision = decide(Some(&code()), &client, Some(CALLBACK), Some(VERIFIER), now());
    assert_eq!(refused(decision), (TokenError::UnauthorizedClient, None));
}

#[test]
fn whoever_guesses_learns_nothing_from_the_description() {
    let other = Client { client_id: "other".into(), ..client() };
    let description = |decision| match decision {
        RedeemDecision::Refuse { refusal, .. } => refusal.description,
        RedeemDecision::Redeem => panic!("redeemed"),
    };
    let unknown = description(decide(None, &client(), None, None, now()));
    assert_eq!(description(decide(Some(&code()), &other, Some(CALLBACK), Some(VERIFIER), now())), unknown);
    assert_eq!(description(with(&code(), Some("https://other.test/"), Some(VERIFIER))), unknown);
}

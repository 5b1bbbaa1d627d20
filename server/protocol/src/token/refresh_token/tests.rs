use super::*;
use crate::token::fixtures::{authorization, client, grant, now, public_client, scope, seconds};
use proptest::prelude::*;

fn facts<'a>(grant: &'a Grant, client: &'a Client) -> RefreshFacts<'a> {
    RefreshFacts {
        grant: Some(grant),
        client,
        user_active: true,
        session_alive: true,
        presented_generation: grant.generation,
        network: Some("192.0.2.0/24"),
        requested_scope: None,
        now: now(),
    }
}

fn issued(decision: &RefreshDecision) -> Option<(Rotate, u64)> {
    match decision {
        RefreshDecision::Issue { rotate, successor_generation, .. } => Some((*rotate, *successor_generation)),
        RefreshDecision::Refuse { .. } => None,
    }
}

/// The error, whether the grant is revoked, and whether it counts as a replay.
fn refused(decision: &RefreshDecision) -> Option<(TokenError, bool, bool)> {
    match decision {
        RefreshDecision::Refuse { refusal, revoke, replayed } => {
            Some((refusal.error, revoke.is_some(), *replayed))
        }
        RefreshDecision::Issue { .. } => None,
    }
}

const WITHOUT_EFFECT: Option<(TokenError, bool, bool)> = Some((TokenError::InvalidGrant, false, false));
const REPLAYED: Option<(TokenError, bool, bool)> = Some((TokenError::InvalidGrant, true, true));

#[test]
fn the_current_refresh_token_gets_the_next_one() {
    assert_eq!(issued(&decide(&facts(&grant(), &client()))), Some((Rotate::Fresh, 6)));
}

#[test]
fn an_unknown_grant_is_invalid_grant() {
    let (grant, client) = (grant(), client());
    assert_eq!(refused(&decide(&RefreshFacts { grant: None, ..facts(&grant, &client) })), WITHOUT_EFFECT);
}

/// RFC 6749 §6: bound to its client; and no client can end another's grant with a used token.
#[test]
fn another_clients_refresh_token_is_invalid_grant_without_effect() {
    let grant = grant();
    let other = Client { client_id: "other".into(), ..client() };
    for presented_generation in [1, 4, 5, 6] {
        let facts = RefreshFacts { presented_generation, ..facts(&grant, &other) };
        assert_eq!(refused(&decide(&facts)), WITHOUT_EFFECT);
    }
}

#[test]
fn an_ended_grant_is_invalid_grant() {
    let online = crate::grant::Authorization { offline: false, ..authorization() };
    let session_over = crate::grant::Authorization { session_expires_at: now(), ..online.clone() };
    for (why, ended) in [
        ("revoked", Grant { revoked_at: Some(now()), ..grant() }),
        ("idle", Grant { idle_expires_at: now(), ..grant() }),
        ("absolute", Grant { expires_at: now(), ..grant() }),
        ("without refresh tokens", Grant { refreshable: false, ..grant() }),
        ("after its session's absolute end", Grant { authorization: session_over, ..grant() }),
    ] {
        for presented_generation in [1, 5] {
            let client = client();
            let facts = RefreshFacts { presented_generation, ..facts(&ended, &client) };
            assert_eq!(refused(&decide(&facts)), WITHOUT_EFFECT, "{why}");
        }
    }
}

#[test]
fn a_disabled_user_ends_refreshing() {
    let (grant, client) = (grant(), client());
    let facts = RefreshFacts { user_active: false, ..facts(&grant, &client) };
    assert_eq!(refused(&decide(&facts)), WITHOUT_EFFECT);
}

/// OpenID Connect Core §11.
#[test]
fn only_offline_access_outlives_the_session() {
    let client = client();
    let ended = crate::grant::Authorization { session_expires_at: now() - seconds(1), ..authorization() };
    let offline = Grant { authorization: ended, ..grant() };
    assert!(issued(&decide(&RefreshFacts { session_alive: false, ..facts(&offline, &client) })).is_some());
    let online = crate::grant::Authorization { offline: false, ..authorization() };
    let online = Grant { authorization: online, ..grant() };
    assert!(issued(&decide(&facts(&online, &client))).is_some());
    assert_eq!(
        refused(&decide(&RefreshFacts { session_alive: false, ..facts(&online, &client) })),
        WITHOUT_EFFECT
    );
}

#[test]
fn the_previous_refresh_token_gets_the_same_successor_for_a_moment() {
    for (client, age, network, retried) in [
        (client(), 0, Some("192.0.2.0/24"), true),
        (client(), 30, Some("192.0.2.0/24"), true),
        (client(), 31, Some("192.0.2.0/24"), false),
        (client(), 30, Some("198.51.100.0/24"), true),
        (client(), -2, None, true),
        (public_client(), 10, Some("192.0.2.0/24"), true),
        (public_client(), 11, Some("192.0.2.0/24"), false),
        (public_client(), 1, Some("198.51.100.0/24"), false),
        (public_client(), 1, None, false),
    ] {
        let grant = Grant { rotated_at: now() - seconds(age), ..grant() };
        let facts = RefreshFacts { presented_generation: 4, network, ..facts(&grant, &client) };
        let decision = decide(&facts);
        let case = format!("{:?} {age} {network:?}", client.token_endpoint_auth_method);
        if retried {
            assert_eq!(issued(&decision), Some((Rotate::Retry, 5)), "{case}");
        } else {
            assert_eq!(refused(&decision), REPLAYED, "{case}");
        }
    }
}

#[test]
fn a_network_that_was_not_recorded_is_not_the_same_one() {
    let client = public_client();
    let grant = Grant { rotated_at: now(), rotated_from: None, ..grant() };
    let facts = RefreshFacts { presented_generation: 4, network: None, ..facts(&grant, &client) };
    assert_eq!(refused(&decide(&facts)), REPLAYED);
}

#[test]
fn replayed_refresh_token_revokes_its_grant() {
    let client = client();
    let grant = Grant { rotated_at: now(), ..grant() };
    for presented_generation in 0..4 {
        let facts = RefreshFacts { presented_generation, ..facts(&grant, &client) };
        assert_eq!(refused(&decide(&facts)), REPLAYED, "{presented_generation}");
    }
}

#[test]
fn nothing_precedes_the_first_refresh_token() {
    let client = client();
    let grant = Grant { generation: 1, rotated_at: now(), ..grant() };
    let facts = RefreshFacts { presented_generation: 0, ..facts(&grant, &client) };
    assert_eq!(refused(&decide(&facts)), REPLAYED);
}

#[test]
fn a_refresh_token_from_before_a_database_was_restored_jumps_ahead() {
    let (grant, client) = (grant(), client());
    let facts = RefreshFacts { presented_generation: 9, ..facts(&grant, &client) };
    assert_eq!(issued(&decide(&facts)), Some((Rotate::Ahead, 10)));
}

/// RFC 6749 §6.
#[test]
fn a_narrowed_scope_narrows_the_access_token() {
    let (grant, client) = (grant(), client());
    let narrow = scope("orders:read");
    for (requested, expected) in [
        (None, &grant.authorization.scope),
        (Some(&narrow), &narrow),
        (Some(&grant.authorization.scope), &grant.authorization.scope),
    ] {
        let decision = decide(&RefreshFacts { requested_scope: requested, ..facts(&grant, &client) });
        assert!(matches!(&decision, RefreshDecision::Issue { scope, .. } if scope == expected));
    }
}

#[test]
fn a_scope_beyond_the_grant_is_invalid_scope_and_spends_nothing() {
    let (grant, client) = (grant(), client());
    // The client is registered for orders:write, but the user did not grant it.
    for text in ["orders:write", "orders:read email", "unknown"] {
        let wide = scope(text);
        let decision = decide(&RefreshFacts { requested_scope: Some(&wide), ..facts(&grant, &client) });
        assert_eq!(refused(&decision), Some((TokenError::InvalidScope, false, false)), "{text}");
    }
}

#[test]
fn a_scope_withdrawn_from_the_client_is_granted_no_more() {
    let grant = grant();
    let client = Client { scope: scope("openid offline_access orders:read"), ..client() };
    let decision = decide(&facts(&grant, &client));
    let left = scope("openid offline_access orders:read");
    assert!(matches!(&decision, RefreshDecision::Issue { scope, .. } if *scope == left), "{decision:?}");
    let withdrawn = scope("openid profile");
    let asked = RefreshFacts { requested_scope: Some(&withdrawn), ..facts(&grant, &client) };
    assert_eq!(refused(&decide(&asked)), Some((TokenError::InvalidScope, false, false)));
    let nothing_left = Client { scope: scope("stock:read"), ..client };
    let decision = decide(&facts(&grant, &nothing_left));
    assert_eq!(refused(&decision), Some((TokenError::InvalidScope, false, false)));
}

#[test]
fn without_offline_access_in_its_registration_a_client_needs_the_session_again() {
    let grant = grant();
    let client = Client { scope: scope("openid orders:read"), ..client() };
    assert!(issued(&decide(&facts(&grant, &client))).is_some());
    let ended = RefreshFacts { session_alive: false, ..facts(&grant, &client) };
    assert_eq!(refused(&decide(&ended)), WITHOUT_EFFECT);
}

#[test]
fn a_replay_with_a_bad_scope_is_still_a_replay() {
    let (grant, client, wide) = (grant(), client(), scope("orders:write"));
    let facts =
        RefreshFacts { presented_generation: 2, requested_scope: Some(&wide), ..facts(&grant, &client) };
    assert_eq!(refused(&decide(&facts)), REPLAYED);
}

#[test]
fn a_client_not_registered_for_the_grant_is_unauthorized() {
    let (grant, mut client) = (grant(), client());
    client.grant_types.remove(&GrantType::RefreshToken);
    assert_eq!(
        refused(&decide(&facts(&grant, &client))),
        Some((TokenError::UnauthorizedClient, false, false))
    );
}

proptest! {
    #[test]
    fn a_successor_is_never_older_than_what_counts_now(
        current in 1_u64..1_000, presented in 0_u64..1_002, age in -5_i64..60, public in any::<bool>(),
    ) {
        let client = if public { public_client() } else { client() };
        let grant = Grant { generation: current, rotated_at: now() - seconds(age), ..grant() };
        let decision = decide(&RefreshFacts { presented_generation: presented, ..facts(&grant, &client) });
        match issued(&decision) {
            Some((Rotate::Fresh, next)) => prop_assert!(presented == current && next == current + 1),
            Some((Rotate::Retry, same)) => prop_assert!(presented + 1 == current && same == current && age <= 30),
            Some((Rotate::Ahead, next)) => prop_assert!(presented > current && next == presented + 1),
            None => {
                prop_assert!(presented < current);
                prop_assert_eq!(refused(&decision), REPLAYED);
            }
        }
    }
}

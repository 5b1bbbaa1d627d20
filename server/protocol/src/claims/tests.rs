use super::*;
use crate::token::fixtures::{ISSUER, ORDERS, client, now, scope, user};
use proptest::prelude::*;
use serde_json::json;

fn claims_for<'a>(aud: Aud<'a>, client_id: &'a ClientId, scope: &'a Scope) -> AccessTokenClaims<'a> {
    AccessTokenClaims {
        iss: ISSUER,
        sub: "user-1",
        aud,
        exp: 1_600,
        iat: 1_000,
        jti: "j",
        client_id,
        scope,
        auth_time: None,
        acr: None,
        amr: None,
        sid: None,
        grant: None,
        rev: 0,
    }
}

/// RFC 9068 §2.2: iss, exp, aud, sub, client_id, iat and jti are REQUIRED.
#[test]
fn an_access_token_has_every_required_claim_and_no_empty_one() {
    let (client_id, scope) = (ClientId::from("shop"), scope("orders:read orders:write"));
    assert_eq!(
        serde_json::to_value(claims_for(Aud::one(ORDERS), &client_id, &scope)).unwrap(),
        json!({
            "iss": ISSUER, "sub": "user-1", "aud": ORDERS, "exp": 1_600, "iat": 1_000, "jti": "j",
            "client_id": "shop", "scope": "orders:read orders:write", "rev": 0,
        })
    );
    let none = Scope::default();
    let value = serde_json::to_value(claims_for(Aud::two(ORDERS, ISSUER), &client_id, &none)).unwrap();
    assert_eq!(value["aud"], json!([ORDERS, ISSUER]));
    assert!(value.get("scope").is_none());
}

#[test]
fn an_access_token_is_read_as_it_was_written() {
    let (client_id, scope, grant) = (ClientId::from("shop"), scope("openid orders:read"), GrantId::from("g"));
    let (amr, sid) = (vec!["pwd".to_owned()], SessionId::from("s"));
    let written = AccessTokenClaims {
        auth_time: Some(900),
        acr: Some(Acr::Aal1),
        amr: Some(&amr),
        sid: Some(&sid),
        grant: Some(&grant),
        rev: 3,
        ..claims_for(Aud::two(ORDERS, ISSUER), &client_id, &scope)
    };
    let read: PresentedAccessToken = serde_json::from_slice(&serde_json::to_vec(&written).unwrap()).unwrap();
    assert_eq!(
        read,
        PresentedAccessToken {
            iss: ISSUER.to_owned(),
            sub: "user-1".to_owned(),
            aud: vec![ORDERS.to_owned(), ISSUER.to_owned()],
            exp: 1_600,
            iat: 1_000,
            jti: "j".into(),
            client_id: client_id.clone(),
            scope: scope.clone(),
            auth_time: Some(900),
            acr: Some(Acr::Aal1),
            amr: Some(amr.clone()),
            sid: Some(sid.clone()),
            grant: Some(grant.clone()),
            rev: 3,
        }
    );
    assert!(read.is_of_a_user());
}

#[test]
fn an_access_token_without_a_required_claim_is_not_read() {
    let (client_id, scope) = (ClientId::from("shop"), scope("a"));
    let whole = serde_json::to_value(claims_for(Aud::one(ORDERS), &client_id, &scope)).unwrap();
    assert!(serde_json::from_value::<PresentedAccessToken>(whole.clone()).is_ok());
    for name in ["iss", "sub", "aud", "exp", "iat", "jti", "client_id", "rev"] {
        let mut partial = whole.clone();
        partial.as_object_mut().unwrap().remove(name);
        assert!(serde_json::from_value::<PresentedAccessToken>(partial).is_err(), "{name}");
    }
    for aud in [json!(1), json!({"a": "b"}), json!([1]), json!(null)] {
        let mut wrong = whole.clone();
        wrong["aud"] = aud;
        assert!(serde_json::from_value::<PresentedAccessToken>(wrong).is_err());
    }
}

#[test]
fn an_id_token_repeats_the_nonce_and_leaves_out_what_is_not() {
    let (client_id, amr) = (ClientId::from("shop"), vec!["pwd".to_owned()]);
    let claims = IdTokenClaims {
        iss: ISSUER,
        sub: "user-1",
        aud: &client_id,
        exp: 1_600,
        iat: 1_000,
        auth_time: 900,
        nonce: Some("n"),
        acr: Acr::Aal1,
        amr: &amr,
        at_hash: None,
        sid: None,
    };
    assert_eq!(
        serde_json::to_value(&claims).unwrap(),
        json!({
            "iss": ISSUER, "sub": "user-1", "aud": "shop", "exp": 1_600, "iat": 1_000, "auth_time": 900,
            "nonce": "n", "acr": "aal1", "amr": ["pwd"],
        })
    );
}

/// OpenID Connect Core Appendix A.3's access token and hash.
#[test]
fn at_hash_is_the_left_half_of_the_access_tokens_hash() {
    let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    for alg in [SigningAlg::RS256, SigningAlg::PS256, SigningAlg::ES256] {
        assert_eq!(at_hash(token, alg), "77QmUPtjPfzWtF2AnpK9RQ");
    }
    // 24 and 32 bytes: half of SHA-384 and of SHA-512.
    assert_eq!(at_hash(token, SigningAlg::ES384).len(), 32);
    assert_eq!(at_hash(token, SigningAlg::EdDSA).len(), 43);
}

/// OpenID Connect Core §5.4.
#[test]
fn each_scope_gives_its_own_claims_and_no_other() {
    for (text, expected) in [
        ("openid", &[][..]),
        ("openid email", &["email", "email_verified"]),
        ("openid phone", &["phone_number", "phone_number_verified"]),
        ("openid address", &["address"]),
        (
            "profile",
            &[
                "name",
                "family_name",
                "given_name",
                "middle_name",
                "nickname",
                "preferred_username",
                "profile",
                "picture",
                "website",
                "gender",
                "birthdate",
                "zoneinfo",
                "locale",
                "updated_at",
            ],
        ),
        ("orders:read offline_access", &[]),
    ] {
        let claims = user_claims(&user(), &scope(text));
        let mut names: Vec<_> = claims.keys().map(String::as_str).collect();
        let mut expected = expected.to_vec();
        names.sort_unstable();
        expected.sort_unstable();
        assert_eq!(names, expected, "{text}");
    }
}

#[test]
fn claims_have_the_types_of_section_5_1() {
    let claims = user_claims(&user(), &scope("profile email address phone"));
    assert_eq!(claims["updated_at"], json!(now().timestamp()));
    assert_eq!(claims["email_verified"], json!(true));
    assert_eq!(claims["phone_number_verified"], json!(true));
    assert_eq!(claims["address"], json!({"country": "DE"}));
    assert_eq!(claims["preferred_username"], json!("alice"));
}

/// OpenID Connect Core §5.3.2: a claim without a value is omitted, not null or empty.
#[test]
fn claims_without_a_value_are_left_out() {
    let bare = User {
        email: None,
        profile: crate::user::Profile {
            name: Some(String::new()),
            phone_number_verified: Some(true),
            address: Some(crate::user::Address::default()),
            ..crate::user::Profile::default()
        },
        ..user()
    };
    let claims = user_claims(&bare, &scope("profile email address phone"));
    let mut names: Vec<_> = claims.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["preferred_username", "updated_at"]);
}

#[test]
fn the_subject_is_the_same_for_every_client() {
    let other = Client { client_id: "other".into(), ..client() };
    let id = UserId::from("user-1");
    assert_eq!(sub(&id, &client()), sub(&id, &other));
}

proptest! {
    #[test]
    fn any_audience_and_scope_survive_the_way_through_json(
        first in ".{1,40}", second in proptest::option::of(".{1,40}"), text in "[!#-\\[\\]-~ ]{0,60}",
    ) {
        let scope = Scope::parse(&text).unwrap();
        let aud = second.as_deref().map_or(Aud::one(&first), |second| Aud::two(&first, second));
        let client_id = ClientId::from("shop");
        let json = serde_json::to_vec(&claims_for(aud, &client_id, &scope)).unwrap();
        let read: PresentedAccessToken = serde_json::from_slice(&json).unwrap();
        prop_assert_eq!(read.aud, aud.to_vec());
        prop_assert_eq!(read.scope, scope);
    }
}

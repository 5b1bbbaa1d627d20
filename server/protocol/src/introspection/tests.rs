use super::*;
use crate::grant::Authorization;
use crate::token::fixtures::{
    ISSUER, ORDERS, STOCK, client, grant, now, public_client, resources, scope, seconds,
};
use serde_json::json;

fn owned(list: &[&str]) -> Vec<String> {
    list.iter().map(|&entry| entry.to_owned()).collect()
}

fn token() -> PresentedAccessToken {
    PresentedAccessToken {
        iss: ISSUER.to_owned(),
        sub: "user-1".to_owned(),
        aud: owned(&[ORDERS]),
        exp: 1_600,
        iat: 1_000,
        jti: "j".into(),
        client_id: "shop".into(),
        scope: scope("orders:read"),
        auth_time: Some(900),
        acr: Some(Acr::Aal1),
        amr: None,
        sid: Some("s".into()),
        grant: Some("g".into()),
        rev: 4,
    }
}

/// RFC 7662 §2.1.
#[test]
fn a_public_client_may_not_introspect() {
    assert_eq!(check_caller(&public_client()).unwrap_err().error, TokenError::InvalidClient);
    assert!(check_caller(&client()).is_ok());
}

#[test]
fn an_access_token_is_told_to_its_client_and_to_its_apis_clients_alone() {
    let orders_api = format!("{ORDERS}#api");
    for (caller, aud, allowed) in [
        ("shop", &[ORDERS][..], true),
        ("shop", &[ISSUER], true),
        (&orders_api, &[ORDERS], true),
        (&orders_api, &[ORDERS, ISSUER], true),
        (&orders_api, &[STOCK], false),
        (&orders_api, &[ISSUER], false),
        (&orders_api, &[], false),
        ("other", &[ORDERS], false),
    ] {
        let may = may_introspect_access(&caller.into(), &"shop".into(), &owned(aud), &resources());
        assert_eq!(may, allowed, "{caller} {aud:?}");
    }
}

#[test]
fn a_refresh_token_is_told_to_its_client_alone() {
    assert!(may_introspect_refresh(&"shop".into(), &grant()));
    assert!(!may_introspect_refresh(&format!("{ORDERS}#api").into(), &grant()));
}

#[test]
fn an_inactive_token_is_told_nothing_of() {
    assert_eq!(serde_json::to_string(&Introspection::Inactive).unwrap(), r#"{"active":false}"#);
}

#[test]
fn an_active_access_token_is_described_as_rfc_7662_says() {
    let token = token();
    let answer = Introspection::Active(ActiveToken::access(&token, Some("alice")));
    assert_eq!(
        serde_json::to_value(answer).unwrap(),
        json!({
            "active": true, "scope": "orders:read", "client_id": "shop", "username": "alice",
            "token_type": "Bearer", "exp": 1_600, "iat": 1_000, "sub": "user-1", "aud": ORDERS, "iss": ISSUER,
            "jti": "j", "auth_time": 900, "acr": "aal1",
        })
    );
    let both = PresentedAccessToken { aud: owned(&[ORDERS, ISSUER]), ..token };
    assert_eq!(
        serde_json::to_value(ActiveToken::access(&both, None)).unwrap()["aud"],
        json!([ORDERS, ISSUER])
    );
}

#[test]
fn a_refresh_token_ends_when_its_grant_does() {
    let exp = |grant: &Grant| ActiveToken::refresh(grant, "user-1", None, ISSUER).exp;
    assert_eq!(exp(&grant()), grant().idle_expires_at.timestamp());
    let short = Grant { expires_at: now() + seconds(5), ..grant() };
    assert_eq!(exp(&short), now().timestamp() + 5);
    let online = Authorization { offline: false, ..grant().authorization };
    let online = Grant { authorization: online, ..grant() };
    assert_eq!(exp(&online), online.authorization.session_expires_at.timestamp());
}

#[test]
fn a_refresh_token_has_no_audience_and_no_token_type() {
    let grant = grant();
    let answer = serde_json::to_value(ActiveToken::refresh(&grant, "user-1", Some("alice"), ISSUER)).unwrap();
    for absent in ["aud", "token_type", "jti"] {
        assert!(answer.get(absent).is_none(), "{absent}");
    }
    assert_eq!((&answer["active"], &answer["sub"]), (&json!(true), &json!("user-1")));
}

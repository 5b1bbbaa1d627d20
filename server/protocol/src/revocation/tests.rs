use super::*;
use crate::token::fixtures::{ISSUER, grant, now, scope};

fn parse(form: &str) -> Result<PresentedToken, TokenError> {
    PresentedToken::parse(&Parameters::parse(form.as_bytes()).unwrap()).map_err(|refusal| refusal.error)
}

fn token(exp: i64) -> PresentedAccessToken {
    PresentedAccessToken {
        iss: ISSUER.to_owned(),
        sub: "user-1".to_owned(),
        aud: vec![ISSUER.to_owned()],
        exp,
        iat: 0,
        jti: "j".into(),
        client_id: "shop".into(),
        scope: scope("openid"),
        auth_time: None,
        acr: None,
        amr: None,
        sid: None,
        grant: Some("grant-1".into()),
        rev: 0,
    }
}

/// RFC 7009 §2.1: `token` is REQUIRED.
#[test]
fn a_missing_or_repeated_token_is_an_invalid_request() {
    for form in ["", "token=", "token_type_hint=access_token", "token=a&token=a"] {
        assert_eq!(parse(form).err(), Some(TokenError::InvalidRequest), "{form}");
    }
}

#[test]
fn an_unknown_hint_is_ignored() {
    for (form, hint) in [
        ("token=a", None),
        ("token=a&token_type_hint=access_token", Some(TokenTypeHint::AccessToken)),
        ("token=a&token_type_hint=refresh_token", Some(TokenTypeHint::RefreshToken)),
        ("token=a&token_type_hint=saml", None),
    ] {
        assert_eq!(parse(form).unwrap().hint, hint, "{form}");
    }
    assert_eq!(parse("token=a").unwrap().token.expose(), "a");
}

#[test]
fn a_refresh_token_of_any_generation_ends_its_grant() {
    let grant = grant();
    assert_eq!(
        decide(&"shop".into(), Found::Refresh(Some(&grant)), now()),
        RevocationDecision::EndGrant("grant-1".into())
    );
}

#[test]
fn an_access_token_ends_only_itself() {
    let token = token(now().timestamp() + 60);
    let expires_at = now() + chrono::TimeDelta::seconds(60);
    assert_eq!(
        decide(&"shop".into(), Found::Access(&token), now()),
        RevocationDecision::EndToken { jti: "j".into(), expires_at }
    );
}

#[test]
fn another_clients_token_is_left_alone() {
    let (grant, token) = (grant(), token(now().timestamp() + 60));
    for found in [Found::Refresh(Some(&grant)), Found::Access(&token)] {
        assert_eq!(decide(&"other".into(), found, now()), RevocationDecision::Nothing);
    }
}

/// RFC 7009 §2.2: "The authorization server responds with HTTP status code 200 … if the client submitted an invalid token."
#[test]
fn what_has_ended_already_needs_nothing() {
    let revoked = Grant { revoked_at: Some(now()), ..grant() };
    let (expired, absurd) = (token(now().timestamp()), token(i64::MAX));
    for found in [
        Found::Refresh(Some(&revoked)),
        Found::Refresh(None),
        Found::Access(&expired),
        Found::Access(&absurd),
        Found::Nothing,
    ] {
        assert_eq!(decide(&"shop".into(), found, now()), RevocationDecision::Nothing);
    }
}

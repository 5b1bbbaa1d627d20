//! A client, a grant, a code and two APIs, for the tests of the token endpoint's rules.

use crate::algorithm::SigningAlg;
use crate::attributes::Attributes;
use crate::client::{ApplicationType, AuthMethod, Client, ClientSecret, GrantType, RegisteredClient};
use crate::environment::Moment;
use crate::grant::{Authorization, AuthorizationCode, Grant};
use crate::resource::Resource;
use crate::scope::Scope;
use crate::secret::SecretHash;
use crate::session::{Acr, Authentication};
use crate::user::{Address, Profile, User};
use chrono::{DateTime, TimeDelta};
use std::collections::BTreeMap;

pub(crate) const ISSUER: &str = "https://id.example.test";
pub(crate) const ORDERS: &str = "https://orders.example.test";
pub(crate) const STOCK: &str = "https://stock.example.test";
pub(crate) const CALLBACK: &str = "https://shop.example.test/callback";
pub(crate) const SECRET: &str = "a secret of more than thirty-two characters";
/// RFC 7636 Appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) fn now() -> Moment {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

pub(crate) fn seconds(seconds: i64) -> TimeDelta {
    TimeDelta::seconds(seconds)
}

pub(crate) fn scope(text: &str) -> Scope {
    Scope::parse(text).unwrap()
}

pub(crate) fn client() -> Client {
    Client {
        client_id: "shop".into(),
        client_name: "Shop".to_owned(),
        application_type: ApplicationType::Web,
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        grant_types: [GrantType::AuthorizationCode, GrantType::ClientCredentials, GrantType::RefreshToken]
            .into(),
        token_endpoint_auth_method: AuthMethod::ClientSecretBasic,
        jwks: None,
        scope: scope("openid profile email offline_access orders:read orders:write"),
        require_pkce: true,
        skip_consent: false,
        allowed_origins: Vec::new(),
        id_token_signed_response_alg: SigningAlg::RS256,
        userinfo_signed_response_alg: None,
        default_max_age: None,
        access_token_lifetime: None,
        refresh_token_idle_lifetime: None,
        refresh_token_lifetime: None,
        client_uri: None,
        policy_uri: None,
        tos_uri: None,
        second_factor: None,
        tier: None,
        claims: Vec::new(),
    }
}

pub(crate) fn public_client() -> Client {
    Client { token_endpoint_auth_method: AuthMethod::None, ..client() }
}

pub(crate) fn registered(client: Client) -> RegisteredClient {
    let secret = ClientSecret {
        id: "first".to_owned(),
        hash: SecretHash::of(SECRET.as_bytes()),
        created_at: now() - seconds(1000),
        expires_at: None,
    };
    RegisteredClient { client, secrets: vec![secret], revocation_counter: 0, disabled: false }
}

pub(crate) fn authorization() -> Authorization {
    Authorization {
        user_id: "user-1".into(),
        client_id: "shop".into(),
        scope: scope("openid profile offline_access orders:read"),
        resources: Vec::new(),
        sid: "session-1".into(),
        offline: true,
        authentication: Authentication {
            auth_time: now() - seconds(300),
            acr: Acr::Aal1,
            amr: vec!["pwd".to_owned()],
        },
        session_expires_at: now() + seconds(3600),
    }
}

pub(crate) fn code() -> AuthorizationCode {
    AuthorizationCode {
        tx: "tx-1".into(),
        authorization: authorization(),
        redirect_uri: CALLBACK.to_owned(),
        code_challenge: Some(CHALLENGE.to_owned()),
        nonce: None,
        expires_at: now() + seconds(30),
        redeemed_as: None,
    }
}

pub(crate) fn grant() -> Grant {
    Grant {
        id: "grant-1".into(),
        handle: [7; 16],
        authorization: authorization(),
        refreshable: true,
        created_at: now() - seconds(7200),
        idle_expires_at: now() + seconds(7 * 86_400),
        expires_at: now() + seconds(30 * 86_400),
        access_token_expires_at: now() + seconds(60),
        generation: 5,
        refresh_key: "refresh-1".into(),
        rotated_at: now() - seconds(3600),
        rotated_from: Some("192.0.2.0/24".to_owned()),
        revoked_at: None,
    }
}

pub(crate) fn resources() -> Vec<Resource> {
    let resource = |identifier: &str, scopes: &[&str], signing_alg| Resource {
        identifier: identifier.into(),
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        signing_alg,
        introspection_clients: vec![format!("{identifier}#api").into()],
        access_token_lifetime: None,
        claims: Vec::new(),
        scope_roles: BTreeMap::new(),
    };
    vec![
        resource(ORDERS, &["orders:read", "orders:write", "shared"], SigningAlg::EdDSA),
        resource(STOCK, &["stock:read", "shared"], SigningAlg::ES256),
    ]
}

pub(crate) fn user() -> User {
    let text = |value: &str| Some(value.to_owned());
    User {
        id: "user-1".into(),
        username: "alice".to_owned(),
        email: text("alice@example.test"),
        email_verified: true,
        profile: Profile {
            name: text("Alice Example"),
            given_name: text("Alice"),
            family_name: text("Example"),
            middle_name: text("B"),
            nickname: text("al"),
            profile: text("https://alice.test/"),
            picture: text("https://alice.test/me.png"),
            website: text("https://alice.test/blog"),
            gender: text("female"),
            birthdate: text("1990-01-31"),
            zoneinfo: text("Europe/Berlin"),
            locale: text("de-DE"),
            phone_number: text("+49 30 1234"),
            phone_number_verified: Some(true),
            address: Some(Address { country: text("DE"), ..Address::default() }),
            attributes: Attributes::new(),
        },
        roles: vec!["admin".to_owned()],
        disabled: false,
        password_hash: None,
        updated_at: now(),
    }
}

//! A database of a test's own, and the things that tests put into it.

use chrono::{DateTime, TimeDelta};
use serde_json::json;
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::client::Client;
use signet_protocol::environment::Moment;
use signet_protocol::grant::{Authorization, AuthorizationCode, Grant};
use signet_protocol::id::{ClientId, GrantId, InteractionId, KeyId, SessionId, UserId};
use signet_protocol::scope::Scope;
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::session::{Acr, Authentication, Session};
use signet_protocol::user::{Profile, User};
use signet_store::{Committed, NewCode, NewSession, Rotation, Store, StoreOptions};
use signet_tests::Services;
use std::time::Duration;
use tempfile::TempDir;

pub struct Fixture {
    pub store: Store,
    pub url: String,
    // Removed when dropped.
    _folder: Option<TempDir>,
}

/// The moment at which every test happens.
pub fn now() -> Moment {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a moment")
}

pub fn after(seconds: i64) -> Moment {
    now() + TimeDelta::seconds(seconds)
}

impl Fixture {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // The folder in between is the store's to make.
        let file = folder.path().join("data").join("signet.db");
        Self::open(format!("sqlite://{}?mode=rwc", file.display()), Some(folder)).await
    }

    pub async fn postgres() -> Self {
        Self::open(Services::from_environment().postgres_database().await, None).await
    }

    async fn open(url: String, folder: Option<TempDir>) -> Self {
        let store = Store::open(&url, StoreOptions::default()).await.expect("a database");
        store.migrate().await.expect("the migrations");
        Self { store, url, _folder: folder }
    }

    /// A user `alice`, a client `shop`, and a session `sid` of hers.
    pub async fn with_alice(&self) -> &Self {
        self.add_user("alice").await;
        self.add_client("shop").await;
        self.add_session("alice", "sid").await;
        self
    }

    pub async fn add_user(&self, name: &str) {
        let created = self.store.users().create(user(name), None, vec![]).await;
        assert_eq!(created, Ok(Committed::Yes));
    }

    pub async fn add_client(&self, id: &str) {
        let put = self.store.clients().put(client(id), (None, None), None, now(), vec![]).await;
        assert_eq!(put.expect("a client").committed, Committed::Yes);
    }

    pub async fn add_session(&self, user: &str, sid: &str) {
        let begun = self.store.sessions().begin(session(user, sid), vec![]).await;
        assert_eq!(begun.expect("a session").committed, Committed::Yes);
    }

    /// A code named `name` of alice's, for shop.
    pub async fn add_code(&self, name: &str, offline: bool) -> SecretHash {
        let new = code(name, offline);
        let hash = new.hash;
        assert_eq!(self.store.codes().issue(new, None, now(), vec![]).await, Ok(Committed::Yes));
        hash
    }

    /// A grant of alice's for shop, through a code as always.
    pub async fn add_grant(&self, name: &str, offline: bool) -> Grant {
        let hash = self.add_code(name, offline).await;
        let grant = grant(name, offline);
        let redeemed = self.store.codes().redeem(hash, grant.clone(), vec![]).await;
        assert_eq!(redeemed, Ok(Committed::Yes));
        grant
    }

    pub async fn reload(&self, grant: &Grant) -> Grant {
        self.store.grants().by_id(&grant.id).await.expect("an answer").expect("the grant")
    }

    /// The names of all recorded events, oldest first.
    pub async fn events(&self) -> Vec<String> {
        let recent = self.store.audit().recent(1000).await.expect("an answer");
        recent.into_iter().rev().map(|event| event.name).collect()
    }
}

pub fn user(name: &str) -> User {
    User {
        id: UserId::from(name),
        username: name.to_owned(),
        email: Some(format!("{name}@example.test")),
        email_verified: true,
        profile: Profile { name: Some(name.to_uppercase()), ..Profile::default() },
        roles: vec!["admin".to_owned()],
        disabled: false,
        password_hash: Some(Secret::new("$argon2id$old".to_owned())),
        updated_at: now(),
    }
}

pub fn client(id: &str) -> Client {
    serde_json::from_value(json!({
        "client_id": id,
        "client_name": "Shop",
        "application_type": "web",
        "redirect_uris": ["https://shop.example.test/callback"],
        "post_logout_redirect_uris": [],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "client_secret_basic",
        "scope": "openid offline_access orders:read",
        "require_pkce": true,
        "skip_consent": false,
        "allowed_origins": [],
        "id_token_signed_response_alg": "RS256",
    }))
    .expect("a client")
}

pub fn session(user: &str, sid: &str) -> NewSession {
    NewSession {
        session: Session {
            sid: SessionId::from(sid),
            user_id: UserId::from(user),
            authentication: authentication(),
            authenticated_in: Some(InteractionId::from("tx-sign-in")),
            second_step: None,
            created_at: now(),
            last_seen_at: now(),
            expires_at: after(36_000),
        },
        secret_hash: SecretHash::of(sid.as_bytes()),
        idle_lifetime: Duration::from_secs(3_600),
        address: "192.0.2.1".parse().ok(),
        user_agent: Some("a browser".to_owned()),
        ends: None,
        verified: None,
        completes: None,
    }
}

pub fn authentication() -> Authentication {
    Authentication { auth_time: now(), acr: Acr::Aal1, amr: vec!["pwd".to_owned()] }
}

fn authorization(offline: bool) -> Authorization {
    Authorization {
        user_id: UserId::from("alice"),
        client_id: ClientId::from("shop"),
        scope: Scope::parse("openid orders:read").expect("a scope"),
        resources: vec![],
        sid: SessionId::from("sid"),
        offline,
        authentication: authentication(),
        session_expires_at: after(36_000),
    }
}

pub fn code(name: &str, offline: bool) -> NewCode {
    NewCode {
        hash: SecretHash::of(name.as_bytes()),
        code: AuthorizationCode {
            tx: InteractionId::new(format!("tx-{name}")),
            authorization: authorization(offline),
            redirect_uri: "https://shop.example.test/callback".to_owned(),
            code_challenge: Some("challenge".to_owned()),
            nonce: Some("nonce".to_owned()),
            expires_at: after(60),
            redeemed_as: None,
        },
        uses_sign_in: true,
    }
}

pub fn grant(name: &str, offline: bool) -> Grant {
    let mut handle = [0; 16];
    handle.copy_from_slice(&SecretHash::of(name.as_bytes()).0[..16]);
    Grant {
        id: GrantId::from(name),
        handle,
        authorization: authorization(offline),
        refreshable: true,
        created_at: now(),
        idle_expires_at: after(7 * 86_400),
        expires_at: after(90 * 86_400),
        access_token_expires_at: after(600),
        generation: 1,
        refresh_key: KeyId::from("r1"),
        rotated_at: now(),
        rotated_from: Some("192.0.2.0/24".to_owned()),
        revoked_at: None,
    }
}

/// The succession of `from`, with an access token that expires at `token_expires_at`.
pub fn rotation(grant: &Grant, from: u64, token_expires_at: Moment) -> Rotation {
    Rotation {
        grant_id: grant.id.clone(),
        from_generation: from,
        to_generation: from + 1,
        key_id: KeyId::from("r2"),
        rotated_at: after(10),
        rotated_from: None,
        idle_expires_at: after(8 * 86_400),
        access_token_expires_at: token_expires_at,
    }
}

pub fn event(event: Event) -> AuditEvent {
    AuditEvent {
        at: now(),
        origin: Origin { address: "192.0.2.1".parse().ok(), ..Origin::default() },
        subjects: Subjects::default(),
        event,
    }
}

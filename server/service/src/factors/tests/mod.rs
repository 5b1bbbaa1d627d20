mod devices;
mod email_codes;
mod limits;
mod mails;
mod passkeys;
mod recovery_codes;
mod reseal;
// The same one that tests from outside use; it needs nothing of theirs.
#[path = "../../../../../tests/src/soft_authenticator.rs"]
mod soft_authenticator;
mod totp;

use super::*;
use crate::audit::TokenIssue;
use crate::audit::{AuditWriter, audit_log};
use crate::keys::tests::World;
use crate::settings::{Changeable, Live};
use signet_protocol::factor::FactorPolicy;
use signet_protocol::id::SessionId;
use signet_protocol::secret::SecretHash;
use signet_protocol::session::{Authentication, Session};
use signet_protocol::totp::{code_at, step};
use signet_protocol::user::Profile;
use signet_store::{Ephemeral, NewSession};

/// People with factors, on a clock in the test's hand.
struct Site {
    world: World,
    factors: Factors,
    // Holds what was refused.
    _writer: AuditWriter,
}

impl Site {
    async fn new() -> Self {
        let world = World::new().await;
        let (audit, writer) = audit_log(world.store.clone(), world.clock.clone());
        let master = Arc::new(MasterKeys::new(&[1; 32], &[]).unwrap());
        let random = Random::new(Arc::new(ring::rand::SystemRandom::new()));
        let environment = (world.clock.clone(), random.clone());
        let mails = Mails::new(world.store.clone(), master.clone(), environment, true);
        let factors = Factors::new(Foundation {
            store: world.store.clone(),
            master,
            audit,
            mails,
            limits: Limits::new(Live::new(Changeable::usual()), Ephemeral::local(), world.clock.clone()),
            clock: world.clock.clone(),
            random,
            settings: Arc::new(settings()),
        });
        Self { world, factors, _writer: writer }
    }

    async fn person(&self, name: &str) -> User {
        let user = User {
            id: UserId::from(name),
            username: name.to_owned(),
            email: Some(format!("{name}@example.test")),
            email_verified: true,
            profile: Profile::default(),
            roles: vec![],
            disabled: false,
            password_hash: None,
            updated_at: self.world.clock.now(),
        };
        self.world.store.users().create(user.clone(), None, vec![]).await.unwrap();
        self.sign_in(&user).await;
        user
    }

    async fn sign_in(&self, user: &User) {
        let now = self.world.clock.now();
        let session = Session {
            sid: SessionId::from(user.id.as_str()),
            user_id: user.id.clone(),
            authentication: Authentication::by_password(now),
            authenticated_in: None,
            second_step: None,
            created_at: now,
            last_seen_at: now,
            expires_at: now + chrono::TimeDelta::days(1),
        };
        let new = NewSession {
            session,
            secret_hash: SecretHash::of(user.id.as_str().as_bytes()),
            idle_lifetime: std::time::Duration::from_secs(86_400),
            address: None,
            user_agent: None,
            ends: None,
            verified: None,
            completes: None,
        };
        self.world.store.sessions().begin(new, vec![]).await.unwrap();
    }

    /// A person with an authenticator app whose first code was a minute ago.
    async fn with_totp(&self, name: &str) -> (User, TotpSecret) {
        let user = self.person(name).await;
        let secret = self.factors.begin_totp(&user).unwrap().secret;
        let code = self.code(&secret, 0);
        let by = (&by(&user), &Origin::default());
        self.factors.confirm_totp(&user, &secret, &code, by).await.unwrap();
        self.world.wait(60);
        (user, secret)
    }

    /// The code that an app shows so many steps from now.
    fn code(&self, secret: &TotpSecret, steps: i64) -> String {
        code_at(secret.expose(), step(self.world.clock.now()) + steps)
    }

    async fn events(&self) -> Vec<String> {
        let recent = self.world.store.audit().recent(100).await.unwrap();
        recent.into_iter().rev().map(|event| event.name).collect()
    }
}

/// A signed-in person may set up what they like.
fn by(user: &User) -> Grounds {
    let secret = SecretHash::of(user.id.as_str().as_bytes());
    Grounds { standing: Standing::Session(SessionId::from(user.id.as_str()), secret), first: false }
}

fn settings() -> Settings {
    Settings {
        issuer: "http://localhost:8080".into(),
        code_lifetime: 60,
        product_name: "Signet".into(),
        loopback: true,
        factor_policy: FactorPolicy::default(),
        email_codes: true,
        audit_retention_days: 0,
        refusal_days: 7,
        refusal_rows: 1_000,
        token_issue: TokenIssue::default(),
        audit_sinks: Arc::new([]),
        host: "id.example.test".into(),
        fingerprint: "".into(),
        key_rotation: 600,
        key_publish_ahead: 600,
        live: Live::new(Changeable::usual()),
    }
}

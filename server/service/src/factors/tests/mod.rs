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
use crate::audit::{AuditWriter, audit_log};
use crate::keys::tests::World;
use crate::limits::LimitTable;
use signet_protocol::factor::FactorPolicy;
use signet_protocol::totp::{code_at, step};
use signet_protocol::user::Profile;
use signet_store::Ephemeral;

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
            limits: Limits::new(LimitTable::default(), Ephemeral::local(), world.clock.clone()),
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
        user
    }

    /// A person with an authenticator app whose first code was a minute ago.
    async fn with_totp(&self, name: &str) -> (User, TotpSecret) {
        let user = self.person(name).await;
        let secret = self.factors.begin_totp(&user).unwrap().secret;
        let code = self.code(&secret, 0);
        self.factors.confirm_totp(&user, &secret, &code, &Origin::default()).await.unwrap();
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

fn settings() -> Settings {
    Settings {
        issuer: "http://localhost:8080".into(),
        access_token_lifetime: 600,
        id_token_lifetime: 600,
        code_lifetime: 60,
        refresh_idle_lifetime: 600,
        refresh_lifetime: 600,
        session_idle_lifetime: 600,
        session_lifetime: 600,
        limits: LimitTable::default(),
        product_name: "Signet".into(),
        loopback: true,
        factor_policy: FactorPolicy::default(),
        email_codes: true,
        remember_days: 30,
        self_registration: false,
        registration_domains: Vec::new(),
        deletion_grace_days: 14,
        key_rotation: 600,
        key_publish_ahead: 600,
    }
}

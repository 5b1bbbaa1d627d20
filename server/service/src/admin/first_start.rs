//! The first start on a localhost issuer with an empty database: an administrator is made, and a client for the demo.

use super::{Actor, Admin, ApplyError, Declared, DeclaredClient};
use signet_protocol::registration::{ClientMetadata, FieldError, NewUser};
use signet_protocol::secret::Secret;
use signet_protocol::user::Profile;

/// The administrator's user name.
const ADMIN: &str = "admin";

impl Admin {
    /// Makes the administrator if there is no user at all; returns the password, which nobody can read again.
    pub async fn first_administrator(&self) -> Result<Option<Secret<String>>, ApplyError> {
        if self.store.users().any().await? {
            return Ok(None);
        }
        // 128 bits, easier to copy than 256.
        let password = Secret::new(self.random.id()?);
        let profile = Profile { name: Some("Administrator".to_owned()), ..Profile::default() };
        let admin = NewUser {
            username: ADMIN.to_owned(),
            email: None,
            email_verified: false,
            profile,
            roles: vec!["admin".to_owned()],
            disabled: false,
            password: Some(password.clone()),
            password_hash: None,
        };
        match self.create_user(admin, None, Actor::FirstStart).await {
            Ok(_) => Ok(Some(password)),
            // Another node was faster.
            Err(ApplyError::Conflict(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sees to it that a client is registered just so; it belongs to the server, not to `apply`.
    pub async fn ensure_client(&self, metadata: ClientMetadata) -> Result<(), ApplyError> {
        let faults = |faults: Vec<FieldError>| {
            ApplyError::Declaration(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        };
        let (client, secret) = metadata.register().map_err(faults)?;
        let known = self.store.clients().get(&client.client_id).await?;
        if known.is_some_and(|known| known.client == client) {
            return Ok(());
        }
        let declared = Declared { clients: vec![DeclaredClient { client, secret }], ..Declared::default() };
        let plan = self.plan(declared, false).await?;
        self.carry_out(plan, Actor::FirstStart).await.map(drop)
    }
}

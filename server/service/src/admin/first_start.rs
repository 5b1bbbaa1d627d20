//! The first start on a localhost issuer with an empty database: an administrator is made, and a client for the demo.

use super::{Actor, Admin, ApplyError};
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
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

    /// Sees to it that a client without a secret is registered just so. It belongs to the server itself:
    /// `apply --prune` leaves it alone.
    pub async fn ensure_client(&self, metadata: ClientMetadata) -> Result<(), ApplyError> {
        let faults = |faults: Vec<FieldError>| {
            ApplyError::Declaration(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        };
        let (client, _) = metadata.register().map_err(faults)?;
        let (now, by) = (self.clock.now(), Actor::FirstStart.as_str());
        let subjects = Subjects { client_id: Some(client.client_id.clone()), ..Subjects::default() };
        let event = |event| vec![AuditEvent { at: now, origin: Origin::default(), subjects, event }];
        let clients = self.store.clients();
        match clients.get(&client.client_id).await? {
            Some(known) if known.client == client => {}
            Some(_) => {
                let events = event(Event::ClientChanged { by, fields: vec!["metadata".to_owned()] });
                clients.update(client, None, None, now, events).await?;
            }
            None => {
                clients.put(client, None, None, now, event(Event::ClientCreated { by })).await?;
            }
        }
        Ok(())
    }
}

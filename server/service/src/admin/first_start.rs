//! The first start on a localhost issuer with an empty database: an administrator is made, and a client for the demo.

use super::{Actor, Admin, ApplyError};
use signet_protocol::audit::{AuditEvent, Event, FieldChange, Subjects};
use signet_protocol::environment::Moment;
use signet_protocol::id::ClientId;
use signet_protocol::permission::BuiltIn;
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
            roles: vec![BuiltIn::Owner.name().to_owned(), BuiltIn::Administrator.name().to_owned()],
            disabled: None,
            password: Some(password.clone()),
            password_hash: None,
        };
        match self.create_user(admin, Vec::new(), None, &Actor::first_start()).await {
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
        let now = self.clock.now();
        let id = client.client_id.clone();
        let clients = self.store.clients();
        match clients.get(&client.client_id).await? {
            Some(known) => {
                if known.disabled {
                    let events = about(&id, changed("disabled"), now);
                    clients.set_disabled(id.clone(), false, (None, now), events).await?;
                }
                if known.client != client {
                    let events = about(&id, changed("metadata"), now);
                    clients.update(client, None, None, (None, now), events).await?;
                }
            }
            None => {
                let created = Event::ClientCreated { changes: Vec::new() };
                clients.put(client, (None, None), None, now, about(&id, created, now)).await?;
            }
        }
        Ok(())
    }

    /// Disables a client that the server made for itself, if it is there: nothing that is not served is to be signed in to.
    pub async fn disable_client(&self, client_id: ClientId) -> Result<(), ApplyError> {
        let clients = self.store.clients();
        if clients.get(&client_id).await?.is_some_and(|known| !known.disabled) {
            let now = self.clock.now();
            let events = about(&client_id, changed("disabled"), now);
            clients.set_disabled(client_id, true, (None, now), events).await?;
        }
        Ok(())
    }
}

fn about(client_id: &ClientId, event: Event, at: Moment) -> Vec<AuditEvent> {
    let subjects = Subjects { client_id: Some(client_id.clone()), ..Subjects::default() };
    vec![Actor::first_start().event(at, subjects, event)]
}

fn changed(field: &str) -> Event {
    Event::ClientChanged { changes: vec![FieldChange::untold(field)] }
}

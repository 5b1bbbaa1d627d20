//! The secrets of clients: two live at once while one replaces the other.

use super::{ClientRecord, of, reach, takes_a_secret};
use crate::admin::error::fault;
use crate::admin::{Actor, Admin, AdminError};
use chrono::TimeDelta;
use signet_protocol::audit::{Event, FieldChange};
use signet_protocol::environment::Moment;
use signet_protocol::id::ClientId;
use signet_protocol::permission::Permission;
use signet_protocol::secret::{Secret, SecretHash};
use signet_store::{Committed, NewSecret};

/// How many secrets of one client are live at once.
const MOST_SECRETS: usize = 2;
/// The longest time, in seconds, for which an old secret goes on beside a new one: 30 days.
const LONGEST_OVERLAP: u32 = 30 * 86_400;

/// A secret that was made. Nobody can read it again.
#[derive(Debug)]
pub struct ShownSecret {
    /// The secret.
    pub secret: Secret<String>,
    /// What names it.
    pub id: String,
    /// Until when the one before it goes on.
    pub others_expire_at: Moment,
    /// The client with it.
    pub record: ClientRecord,
}

impl Admin {
    /// Gives a client a new secret. Those it has go on for `overlap` seconds, so that its every instance can be brought
    /// the new one without a refused request; with 0 they end at once.
    pub async fn rotate_client_secret(
        &self,
        actor: &Actor,
        client_id: &ClientId,
        overlap: u32,
    ) -> Result<ShownSecret, AdminError> {
        actor.must_have(Permission::ClientsWrite)?;
        let known = self.known_client(client_id).await?;
        actor.must_cover(reach(&known.item.client))?;
        if !takes_a_secret(&known.item.client) {
            return Err(AdminError::Conflict("this client does not authenticate with a secret".to_owned()));
        }
        if overlap > LONGEST_OVERLAP {
            return Err(fault("overlap", format!("must be 0 to {LONGEST_OVERLAP} seconds")));
        }
        let now = self.clock.now();
        let live = |end: Option<Moment>| end.is_none_or(|end| end > now);
        let live = known.item.secrets.iter().filter(|secret| live(secret.expires_at)).count();
        if overlap > 0 && live >= MOST_SECRETS {
            return Err(AdminError::Conflict(
                "two secrets are live already: remove one of them, or wait until the older one expires"
                    .to_owned(),
            ));
        }
        let secret = Secret::new(self.random.secret()?);
        let new = self.new_secret(&secret, None)?;
        let id = new.id.clone();
        let others_expire_at = now + TimeDelta::seconds(overlap.into());
        let changes = vec![FieldChange::untold("client_secret")];
        let event = actor.event(now, of(client_id), Event::ClientChanged { changes });
        let clients = self.store.clients();
        let written = clients
            .add_secret(client_id.clone(), new, Some(others_expire_at), (known.updated_at, now), vec![event])
            .await?;
        self.carried_out(&written).await?;
        Ok(ShownSecret { secret, id, others_expire_at, record: self.known_client(client_id).await? })
    }

    /// Removes one of a client's secrets at once.
    pub async fn remove_client_secret(
        &self,
        actor: &Actor,
        client_id: &ClientId,
        secret_id: &str,
    ) -> Result<(), AdminError> {
        actor.must_have(Permission::ClientsWrite)?;
        let known = self.known_client(client_id).await?;
        actor.must_cover(reach(&known.item.client))?;
        if !known.item.secrets.iter().any(|secret| secret.id == secret_id) {
            return Err(AdminError::NotFound("secret"));
        }
        let now = self.clock.now();
        let changes = vec![FieldChange::untold("client_secret")];
        let event = actor.event(now, of(client_id), Event::ClientChanged { changes });
        let (id, secret_id) = (client_id.clone(), secret_id.to_owned());
        let written = self.store.clients().remove_secret(id, secret_id, now, vec![event]).await?;
        match written.committed {
            Committed::Stale => Err(AdminError::NotFound("secret")),
            _ => self.carried_out(&written).await,
        }
    }

    pub(super) fn new_secret(
        &self,
        secret: &Secret<String>,
        expires_at: Option<Moment>,
    ) -> Result<NewSecret, AdminError> {
        let hash = SecretHash::of(secret.expose().as_bytes());
        Ok(NewSecret { id: self.random.id()?, hash, sealed: None, expires_at })
    }
}

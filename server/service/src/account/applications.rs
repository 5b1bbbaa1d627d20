//! The applications that a person let in.

use super::Account;
use crate::authorize::Present;
use signet_protocol::audit::{Event, Origin};
use signet_protocol::client::RegisteredClient;
use signet_protocol::environment::Moment;
use signet_protocol::id::ClientId;
use signet_protocol::scope::Scope;
use signet_store::{Applications, Committed, StoreError};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An application with what it may do in a person's name.
#[derive(Clone, Debug)]
pub struct Connected {
    /// The application.
    pub client: Arc<RegisteredClient>,
    /// What it was allowed or holds.
    pub scope: Scope,
    /// Since when.
    pub since: Moment,
    /// When it last had a token; none: it has none now.
    pub last_used: Option<Moment>,
    /// Whether it keeps its access when the person signs out.
    pub offline: bool,
}

/// The same before the client is known.
struct Access {
    scope: Scope,
    since: Moment,
    last_used: Option<Moment>,
    offline: bool,
}

impl Access {
    fn join(self, other: Self) -> Self {
        Self {
            scope: self.scope.union(&other.scope),
            since: self.since.min(other.since),
            last_used: self.last_used.max(other.last_used),
            offline: self.offline || other.offline,
        }
    }
}

impl Account {
    /// The applications with access, by name.
    pub async fn applications(&self, present: &Present) -> Result<Vec<Connected>, StoreError> {
        let found = self.of(present).applications(self.clock.now()).await?;
        let mut connected = Vec::new();
        for (client_id, access) in by_client(found) {
            let Some(client) = self.directory.client(&client_id).await? else { continue };
            let Access { scope, since, last_used, offline } = access;
            connected.push(Connected { client, scope, since, last_used, offline });
        }
        connected.sort_by_key(|one| one.client.client.client_name.to_lowercase());
        Ok(connected)
    }

    /// Takes an application's access back: it is asked for consent again, and its grants and tokens end at once. False:
    /// it had none.
    pub async fn withdraw(
        &self,
        present: &Present,
        client_id: ClientId,
        origin: &Origin,
    ) -> Result<bool, StoreError> {
        let mut event = self.event(present, origin, Event::AccessWithdrawn);
        event.subjects.client_id = Some(client_id.clone());
        let written = self.of(present).withdraw(client_id, event.at, vec![event]).await?;
        self.feed.announce(&written.changes).await;
        Ok(written.committed == Committed::Yes)
    }
}

fn by_client(found: Applications) -> BTreeMap<ClientId, Access> {
    let consents = found.consents.into_iter().map(|consent| {
        let access = Access { scope: consent.scope, since: consent.at, last_used: None, offline: false };
        (consent.client_id, access)
    });
    let grants = found.grants.into_iter().map(|grant| {
        let access = Access {
            scope: grant.authorization.scope,
            since: grant.created_at,
            last_used: Some(grant.rotated_at),
            offline: grant.authorization.offline,
        };
        (grant.authorization.client_id, access)
    });
    let mut all: BTreeMap<ClientId, Access> = BTreeMap::new();
    for (client_id, access) in consents.chain(grants) {
        let access = match all.remove(&client_id) {
            Some(known) => known.join(access),
            None => access,
        };
        all.insert(client_id, access);
    }
    all
}

//! What `apply` would do to clients.

use super::{
    Action, DeclaredClient, Kind, PlannedStep, SecretChange, Work, changes, fields_of, is_orphan, put, step,
};
use crate::admin::{Admin, ApplyError};
use signet_protocol::audit::FieldChange;
use signet_protocol::client::{AuthMethod, Client, RegisteredClient};
use signet_protocol::environment::Moment;
use signet_protocol::secret::Secret;
use std::collections::HashSet;

impl Admin {
    pub(super) async fn plan_clients(
        &self,
        declared: Vec<DeclaredClient>,
        removals: &mut Vec<PlannedStep>,
    ) -> Result<Vec<PlannedStep>, ApplyError> {
        let existing = self.store.clients().list().await?;
        let names: HashSet<_> = declared.iter().map(|declared| declared.client.client_id.clone()).collect();
        let kept = |known: &RegisteredClient| names.contains(&known.client.client_id);
        for orphan in existing.iter().filter(|known| is_orphan(known, kept)) {
            let client = orphan.item.client.clone();
            let name = client.client_id.to_string();
            removals.push(step(Action::Remove, Kind::Client, name, Work::RemoveClient(Box::new(client))));
        }
        let now = self.clock.now();
        let mut steps = Vec::new();
        for DeclaredClient { client, secret } in declared {
            let name = client.client_id.to_string();
            let before = existing.iter().find(|known| known.item.client.client_id == client.client_id);
            let secret = secret_change(&client, secret, before.map(|known| &known.item), now);
            let known = fields_of(&before.map(|known| &known.item.client));
            let mut changes = changes(before, &known, &fields_of(&client));
            let new_secret = !matches!(secret, SecretChange::Keep);
            changes.extend(new_secret.then(|| FieldChange::untold("client_secret")));
            let work = Work::PutClient { client: Box::new(client), secret, exists: before.is_some() };
            steps.extend(put(Kind::Client, name, (before.is_some(), changes), work));
        }
        Ok(steps)
    }
}

fn secret_change(
    client: &Client,
    declared: Option<Secret<String>>,
    known: Option<&RegisteredClient>,
    now: Moment,
) -> SecretChange {
    let needs_one = matches!(
        client.token_endpoint_auth_method,
        AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost
    );
    match declared {
        Some(secret) if known.is_some_and(|known| known.accepts_secret(&secret, now)) => SecretChange::Keep,
        Some(secret) => SecretChange::Set(secret),
        None if needs_one && known.is_none_or(|known| known.secrets.is_empty()) => SecretChange::Make,
        None => SecretChange::Keep,
    }
}

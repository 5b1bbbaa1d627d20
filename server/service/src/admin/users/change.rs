//! Changing and removing people.

use super::super::apply::user;
use super::super::body::{merge, read};
use super::super::clients::{Changed, Changing, as_seen};
use super::super::error::fault;
use super::super::plan::TOLD_OF_PEOPLE;
use super::super::{Actor, Admin, AdminError};
use super::{UserRecord, of, told_of};
use crate::mail::Mail;
use serde_json::{Map, Value};
use signet_protocol::audit::{Event, FieldChange};
use signet_protocol::id::UserId;
use signet_protocol::registration::UserMetadata;
use signet_protocol::user::User;
use signet_store::StoreError;

impl Admin {
    /// Changes somebody's user name, address, claims and roles, and whether they are `disabled` (RFC 7396 over the names of a
    /// declaration). A new address counts as not verified unless it is said to be; the old one is told.
    pub async fn edit_user(
        &self,
        actor: &Actor,
        id: &UserId,
        patch: Map<String, Value>,
        how: Changing,
    ) -> Result<Changed<UserRecord>, AdminError> {
        let mut record = self.changeable_user(actor, id).await?;
        as_seen(&record, how)?;
        let known = record.item.user.clone();
        let before = told_of(&known);
        let new =
            read_changed(&before, patch)?.register(self.password_policy()).map_err(AdminError::Invalid)?;
        if record.managed_by.is_some() && new.username != known.username {
            return Err(fault("username", "is how a declaration knows this person: it is changed there"));
        }
        actor.must_cover(self.reach_of_roles(&new.roles).await?)?;
        let added: Vec<_> = new.roles.iter().filter(|role| !known.roles.contains(role)).cloned().collect();
        self.roles_are_known(&added).await?;
        let now = self.clock.now();
        let changed = user(id.clone(), new, now);
        let changes = FieldChange::between(&before, &told_of(&changed));
        if how.dry_run || changes.is_empty() {
            let (password_hash, updated_at) = (known.password_hash, known.updated_at);
            record.item.user = User { password_hash, updated_at, ..changed };
            return Ok(Changed { record, changes });
        }
        let mails = match changed.email == known.email {
            true => Vec::new(),
            false => self.server()?.mails.to_user(&known, Mail::EmailChanged).map_err(StoreError::from)?,
        };
        let told = FieldChange::without_values(changes.clone(), &TOLD_OF_PEOPLE);
        let event = actor.event(now, of(id), Event::UserChanged { changes: told });
        let times = (record.updated_at, now);
        let written = self.store.users().change(changed, times, (vec![event], mails)).await?;
        self.user_written(written).await?;
        if let Some(server) = &self.server {
            server.mails.wake();
        }
        Ok(Changed { record: self.known_user(id).await?, changes })
    }

    /// Removes somebody for good; their sessions, grants and tokens end.
    pub async fn erase_user(&self, actor: &Actor, id: &UserId, how: Changing) -> Result<(), AdminError> {
        let record = self.changeable_user(actor, id).await?;
        as_seen(&record, how)?;
        if how.dry_run {
            return Ok(());
        }
        let now = self.clock.now();
        let event = actor.event(now, of(id), Event::UserRemoved);
        let times = (record.updated_at, now);
        let written = self.store.users().remove_as_seen(id.clone(), times, vec![event]).await?;
        self.user_written(written).await
    }
}

/// Somebody's declaration as it is with the patch.
fn read_changed(before: &Map<String, Value>, patch: Map<String, Value>) -> Result<UserMetadata, AdminError> {
    if let Some(name) = ["password", "password_hash"].into_iter().find(|name| patch.contains_key(*name)) {
        return Err(fault(name, "is chosen by its owner: see reset-password"));
    }
    let says_verified = patch.contains_key("email_verified");
    let mut after = before.clone();
    merge(&mut after, patch);
    if after.get("email") != before.get("email") && !says_verified {
        after.insert("email_verified".to_owned(), false.into());
    }
    read(after)
}

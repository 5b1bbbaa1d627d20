//! Roles.

use super::body::{merge, read};
use super::clients::{Changed, Changing, as_seen};
use super::error::fault;
use super::idempotent::as_it_is;
use super::plan::fields_of;
use super::{Actor, Admin, AdminError, Idempotent, Page, PageRequest};
use serde_json::{Map, Value};
use signet_protocol::audit::{Event, FieldChange, Subjects};
use signet_protocol::permission::{BuiltIn, Permission, Permissions};
use signet_protocol::role::Role;
use signet_store::{ByName, Committed, Position, Record, Written};

/// A role as administration sees it.
pub type RoleRecord = Record<Role>;

impl Admin {
    /// A page of the declared roles, by name.
    pub async fn roles(
        &self,
        actor: &Actor,
        request: &PageRequest<ByName>,
    ) -> Result<Page<RoleRecord>, AdminError> {
        actor.must_have(Permission::RolesRead)?;
        let found = self.store.roles().page(request.paging()?).await?;
        Ok(request.page(found, |record| Position::of_name(&record.item.name)))
    }

    /// One role.
    pub async fn role(&self, actor: &Actor, name: &str) -> Result<RoleRecord, AdminError> {
        actor.must_have(Permission::RolesRead)?;
        self.known_role(name).await
    }

    /// Makes a role.
    pub async fn create_role(
        &self,
        actor: &Actor,
        sent: Map<String, Value>,
        (idempotent, dry_run): (Option<&Idempotent>, bool),
    ) -> Result<RoleRecord, AdminError> {
        actor.must_have(Permission::RolesWrite)?;
        let role = read::<Role>(sent)?.register().map_err(AdminError::Invalid)?;
        actor.must_cover(reach(&role))?;
        self.check_role(&role).await?;
        let idempotent = idempotent.filter(|_| !dry_run);
        if self.made_before(actor, idempotent).await?.is_some_and(|made| made.id == role.name) {
            return as_it_is(self.known_role(&role.name).await);
        }
        let now = self.clock.now();
        if dry_run {
            if self.store.roles().record(&role.name).await?.is_some() {
                return Err(taken(&role.name));
            }
            return Ok(Record { item: role, managed_by: None, created_at: now, updated_at: now });
        }
        let name = role.name.clone();
        let claim = self.claim(actor, idempotent, (&name, None), now)?;
        let changes = FieldChange::between(&Map::new(), &fields_of(&role));
        let event = Event::RoleCreated { role: name.clone(), changes };
        let events = vec![actor.event(now, Subjects::default(), event)];
        let written = self.store.roles().create(role, claim, now, events).await?;
        if written.committed != Committed::Yes {
            // It may have been the same request, which came twice at once.
            let made = self.made_before(actor, idempotent).await?;
            made.filter(|made| made.id == name).ok_or_else(|| taken(&name))?;
        }
        self.announce(&written).await;
        self.known_role(&name).await
    }

    /// Changes a role (RFC 7396), but not its name.
    pub async fn change_role(
        &self,
        actor: &Actor,
        name: &str,
        patch: Map<String, Value>,
        how: Changing,
    ) -> Result<Changed<RoleRecord>, AdminError> {
        actor.must_have(Permission::RolesWrite)?;
        let mut record = self.known_role(name).await?;
        actor.must_cover(reach(&record.item))?;
        as_seen(&record, how)?;
        let before = fields_of(&record.item);
        let mut after = before.clone();
        merge(&mut after, patch);
        let role = read::<Role>(after)?.register().map_err(AdminError::Invalid)?;
        if role.name != name {
            return Err(fault("name", "cannot be changed: people and groups hold it by its name"));
        }
        actor.must_cover(reach(&role))?;
        if record.item.demands_a_second_factor() && !role.demands_a_second_factor() {
            // How well people have to prove themselves is not for whoever looks after roles to lower.
            actor.must_have(Permission::SettingsWrite)?;
        }
        self.check_role(&role).await?;
        let changes = FieldChange::between(&before, &fields_of(&role));
        if how.dry_run || changes.is_empty() {
            record.item = role;
            return Ok(Changed { record, changes });
        }
        let now = self.clock.now();
        let event = Event::RoleChanged { role: name.to_owned(), changes: changes.clone() };
        let events = vec![actor.event(now, Subjects::default(), event)];
        let written = self.store.roles().change(role, (record.updated_at, now), events).await?;
        self.done(&written, "role").await?;
        Ok(Changed { record: self.known_role(name).await?, changes })
    }

    /// Removes a role; nobody holds it any more.
    pub async fn delete_role(&self, actor: &Actor, name: &str, how: Changing) -> Result<(), AdminError> {
        actor.must_have(Permission::RolesWrite)?;
        let record = self.known_role(name).await?;
        actor.must_cover(reach(&record.item))?;
        if record.item.demands_a_second_factor() {
            actor.must_have(Permission::SettingsWrite)?;
        }
        as_seen(&record, how)?;
        if how.dry_run {
            return Ok(());
        }
        let now = self.clock.now();
        let changes = FieldChange::between(&fields_of(&record.item), &Map::new());
        let event = Event::RoleRemoved { role: name.to_owned(), changes };
        let events = vec![actor.event(now, Subjects::default(), event)];
        let times = (record.updated_at, now);
        let written = self.store.roles().remove_as_seen(name.to_owned(), times, events).await?;
        self.done(&written, "role").await
    }

    async fn known_role(&self, name: &str) -> Result<RoleRecord, AdminError> {
        // PostgreSQL knows no text with this character.
        let known = match name.contains('\0') {
            true => None,
            false => self.store.roles().record(name).await?,
        };
        known.ok_or(AdminError::NotFound("role"))
    }

    /// The name is free for a declared role, and the client is there that it belongs to.
    async fn check_role(&self, role: &Role) -> Result<(), AdminError> {
        if BuiltIn::named(&role.name).is_some() {
            return Err(fault("name", "is built in: what it lets do cannot be changed"));
        }
        match &role.client_id {
            Some(id) if !id.could_be_registered() || self.store.clients().get(id).await?.is_none() => {
                Err(fault("client_id", "is no client"))
            }
            _ => Ok(()),
        }
    }

    /// Has a change take effect here, if it was made.
    pub(super) async fn done(&self, written: &Written, what: &'static str) -> Result<(), AdminError> {
        match written.committed {
            Committed::Yes => {
                self.announce(written).await;
                Ok(())
            }
            Committed::Stale => Err(AdminError::Overtaken),
            Committed::SubjectGone => Err(AdminError::NotFound(what)),
        }
    }
}

/// What whoever holds a role may do: nobody makes one that reaches further than they do, or touches one that does.
fn reach(role: &Role) -> Permissions {
    role.permissions.iter().copied().collect()
}

fn taken(name: &str) -> AdminError {
    AdminError::Conflict(format!("there is a role {name} already"))
}

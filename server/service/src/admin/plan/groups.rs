//! What `apply` would do to groups, and doing it.

use super::{Action, Declared, Kind, PlannedStep, Work, changes, fields_of, is_orphan, put, step};
use crate::admin::apply::managed;
use crate::admin::{Actor, Admin, ApplyError};
use serde_json::Map;
use signet_protocol::audit::{Event, FieldChange, Subjects};
use signet_protocol::group::Group;
use signet_protocol::id::UserId;
use signet_protocol::login::login_key;
use signet_protocol::registration::DeclaredGroup;
use signet_store::Membership;
use std::collections::HashSet;

impl Admin {
    /// Compares the declared groups with those that there are; `users` are the keys of the names that are declared.
    pub(super) async fn plan_groups(
        &self,
        declared: Vec<DeclaredGroup>,
        users: &HashSet<String>,
        removals: &mut Vec<PlannedStep>,
    ) -> Result<Vec<PlannedStep>, ApplyError> {
        let existing = self.store.groups().all().await?;
        let names: HashSet<_> = declared.iter().map(|declared| declared.group.name.clone()).collect();
        for orphan in existing.iter().filter(|known| is_orphan(known, |group| names.contains(&group.name))) {
            let (name, work) = (orphan.item.name.clone(), Work::RemoveGroup(orphan.item.clone()));
            removals.push(step(Action::Remove, Kind::Group, name, work));
        }
        let mut steps = Vec::new();
        for declared in declared {
            self.check_members(&declared, users).await?;
            let name = declared.group.name.clone();
            let known = existing.iter().find(|known| known.item.name == name);
            let before = fields_of(&known.map(|known| &known.item));
            let mut changes = changes(known, &before, &fields_of(&declared.group));
            // Each who comes or goes has an event of their own.
            changes.extend(self.members_differ(&declared).await?.then(|| FieldChange::untold("members")));
            steps.extend(put(Kind::Group, name, (known.is_some(), changes), Work::PutGroup(declared)));
        }
        Ok(steps)
    }

    async fn members_differ(&self, declared: &DeclaredGroup) -> Result<bool, ApplyError> {
        let Some(members) = &declared.members else { return Ok(false) };
        let present = self.store.groups().members(&declared.group.name).await?;
        let present: HashSet<_> = present.iter().map(|(_, name)| login_key(name)).collect();
        Ok(present != members.iter().map(|name| login_key(name)).collect())
    }

    /// Every member is declared, too, or there already.
    async fn check_members(
        &self,
        declared: &DeclaredGroup,
        users: &HashSet<String>,
    ) -> Result<(), ApplyError> {
        for member in declared.members.iter().flatten() {
            if !users.contains(&login_key(member)) && self.user_named(member).await?.is_none() {
                let group = &declared.group.name;
                return Err(ApplyError::Declaration(format!(
                    "group {group}: members: there is no user {member}"
                )));
            }
        }
        Ok(())
    }

    /// The client that a role belongs to is declared, too, or there already.
    pub(super) async fn check_owners(&self, declared: &Declared) -> Result<(), ApplyError> {
        for role in &declared.roles {
            let Some(owner) = &role.client_id else { continue };
            let is_declared = declared.clients.iter().any(|declared| declared.client.client_id == *owner);
            if !is_declared && self.store.clients().get(owner).await?.is_none() {
                let name = &role.name;
                return Err(ApplyError::Declaration(format!(
                    "role {name}: client_id: there is no client {owner}"
                )));
            }
        }
        Ok(())
    }

    async fn user_named(&self, name: &str) -> Result<Option<UserId>, ApplyError> {
        let found = self.store.users().by_login(name).await?;
        let found = found.filter(|user| login_key(&user.username) == login_key(name));
        Ok(found.map(|user| user.id))
    }

    pub(in crate::admin) async fn put_group(
        &self,
        declared: DeclaredGroup,
        (action, changes): (Action, Vec<FieldChange>),
        actor: &Actor,
    ) -> Result<(), ApplyError> {
        let DeclaredGroup { group, members } = declared;
        let name = group.name.clone();
        let membership = match members {
            Some(members) => self.membership(&name, &members).await?,
            None => Membership::default(),
        };
        let event = match action {
            Action::Create => Event::GroupCreated { group: name.clone(), changes },
            _ => Event::GroupChanged { group: name.clone(), changes },
        };
        let now = self.clock.now();
        let mut events = vec![actor.event(now, Subjects::default(), event)];
        let about = |id: &UserId| Subjects { user_id: Some(id.clone()), ..Subjects::default() };
        let joined = |id| actor.event(now, about(id), Event::GroupJoined { group: name.clone() });
        let left = |id| actor.event(now, about(id), Event::GroupLeft { group: name.clone() });
        events.extend(membership.join.iter().map(joined));
        events.extend(membership.leave.iter().map(left));
        Ok(self.store.groups().put(group, membership, managed(), now, events).await?)
    }

    pub(in crate::admin) async fn remove_group(&self, group: Group, actor: &Actor) -> Result<(), ApplyError> {
        let now = self.clock.now();
        let changes = FieldChange::between(&fields_of(&group), &Map::new());
        let event = Event::GroupRemoved { group: group.name.clone(), changes };
        let events = vec![actor.event(now, Subjects::default(), event)];
        Ok(self.store.groups().remove(group.name, now, events).await?)
    }

    /// Who has to come and who has to go, so that these are in a group and nobody else.
    async fn membership(&self, group: &str, names: &[String]) -> Result<Membership, ApplyError> {
        let mut wanted = HashSet::new();
        for name in names {
            let gone = || ApplyError::Conflict(format!("group {group}: there is no user {name} any more"));
            wanted.insert(self.user_named(name).await?.ok_or_else(gone)?);
        }
        let present = self.store.groups().members(group).await?.into_iter().map(|(id, _)| id);
        let present: HashSet<_> = present.collect();
        Ok(Membership {
            join: wanted.difference(&present).cloned().collect(),
            leave: present.difference(&wanted).cloned().collect(),
        })
    }
}

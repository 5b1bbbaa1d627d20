//! Groups, and who is in them.

use super::body::{merge, read};
use super::clients::{Changed, Changing, as_seen};
use super::error::fault;
use super::idempotent::as_it_is;
use super::plan::fields_of;
use super::{Actor, Admin, AdminError, Idempotent, Page, PageRequest};
use serde_json::{Map, Value};
use signet_protocol::audit::{Event, FieldChange, Subjects};
use signet_protocol::group::Group;
use signet_protocol::id::UserId;
use signet_protocol::permission::{Permission, Permissions};
use signet_protocol::registration::GroupMetadata;
use signet_protocol::role::RoleBook;
use signet_store::{ByName, Committed, GroupChange, GroupMember, Membership, Position, Record};

/// A group as administration sees it.
pub type GroupRecord = Record<Group>;

impl Admin {
    /// A page of the groups, by name.
    pub async fn groups(
        &self,
        actor: &Actor,
        request: &PageRequest<ByName>,
    ) -> Result<Page<GroupRecord>, AdminError> {
        actor.must_have(Permission::GroupsRead)?;
        let found = self.store.groups().page(request.paging()?).await?;
        Ok(request.page(found, |record| Position::of_name(&record.item.name)))
    }

    /// One group.
    pub async fn group(&self, actor: &Actor, name: &str) -> Result<GroupRecord, AdminError> {
        actor.must_have(Permission::GroupsRead)?;
        self.known_group(name).await
    }

    /// A page of those who are in a group, by user name.
    pub async fn group_members(
        &self,
        actor: &Actor,
        name: &str,
        request: &PageRequest<ByName>,
    ) -> Result<Page<GroupMember>, AdminError> {
        actor.must_have(Permission::GroupsRead)?;
        actor.must_have(Permission::UsersRead)?;
        self.known_group(name).await?;
        let found = self.store.groups().member_page(name, request.paging()?).await?;
        Ok(request.page(found, |member| Position::of_name(&member.username_key)))
    }

    /// Makes a group without anybody in it.
    pub async fn create_group(
        &self,
        actor: &Actor,
        sent: Map<String, Value>,
        (idempotent, dry_run): (Option<&Idempotent>, bool),
    ) -> Result<GroupRecord, AdminError> {
        actor.must_have(Permission::GroupsWrite)?;
        let group = registered(sent)?;
        let book = self.store.roles().book().await?;
        may_give(actor, &book, &group, &[])?;
        let idempotent = idempotent.filter(|_| !dry_run);
        if self.made_before(actor, idempotent).await?.is_some_and(|made| made.id == group.name) {
            return as_it_is(self.known_group(&group.name).await);
        }
        let now = self.clock.now();
        if dry_run {
            if book.group(&group.name).is_some() {
                return Err(taken(&group.name));
            }
            return Ok(Record { item: group, managed_by: None, created_at: now, updated_at: now });
        }
        let name = group.name.clone();
        let claim = self.claim(actor, idempotent, (&name, None), now)?;
        let changes = FieldChange::between(&Map::new(), &fields_of(&group));
        let event = Event::GroupCreated { group: name.clone(), changes };
        let events = vec![actor.event(now, Subjects::default(), event)];
        let written = self.store.groups().create(group, claim, now, events).await?;
        if written.committed != Committed::Yes {
            // It may have been the same request, which came twice at once.
            let made = self.made_before(actor, idempotent).await?;
            made.filter(|made| made.id == name).ok_or_else(|| taken(&name))?;
        }
        self.announce(&written).await;
        self.known_group(&name).await
    }

    /// Changes a group (RFC 7396), but not its name.
    pub async fn change_group(
        &self,
        actor: &Actor,
        name: &str,
        patch: Map<String, Value>,
        how: Changing,
    ) -> Result<Changed<GroupRecord>, AdminError> {
        actor.must_have(Permission::GroupsWrite)?;
        let mut record = self.known_group(name).await?;
        let book = self.store.roles().book().await?;
        actor.must_cover(reach(&book, &record.item))?;
        as_seen(&record, how)?;
        let before = fields_of(&record.item);
        let mut after = before.clone();
        merge(&mut after, patch);
        let group = registered(after)?;
        if group.name != name {
            return Err(fault("name", "cannot be changed: tokens tell of it"));
        }
        may_give(actor, &book, &group, &record.item.roles)?;
        let changes = FieldChange::between(&before, &fields_of(&group));
        if how.dry_run || changes.is_empty() {
            record.item = group;
            return Ok(Changed { record, changes });
        }
        let now = self.clock.now();
        let event = Event::GroupChanged { group: name.to_owned(), changes: changes.clone() };
        let events = vec![actor.event(now, Subjects::default(), event)];
        let change = self.store.groups().change(group, (record.updated_at, now), events).await?;
        self.group_changed(change).await?;
        Ok(Changed { record: self.known_group(name).await?, changes })
    }

    /// Removes a group; nobody holds anything by it any more.
    pub async fn delete_group(&self, actor: &Actor, name: &str, how: Changing) -> Result<(), AdminError> {
        actor.must_have(Permission::GroupsWrite)?;
        let record = self.known_group(name).await?;
        actor.must_cover(reach(&self.store.roles().book().await?, &record.item))?;
        as_seen(&record, how)?;
        if how.dry_run {
            return Ok(());
        }
        let now = self.clock.now();
        let changes = FieldChange::between(&fields_of(&record.item), &Map::new());
        let event = Event::GroupRemoved { group: name.to_owned(), changes };
        let events = vec![actor.event(now, Subjects::default(), event)];
        let times = (record.updated_at, now);
        let change = self.store.groups().remove_as_seen(name.to_owned(), times, events).await?;
        self.group_changed(change).await
    }

    /// Has somebody be in a group. Who is in it already stays.
    pub async fn join_group(&self, actor: &Actor, name: &str, id: &UserId) -> Result<(), AdminError> {
        let is_in = self.may_move(actor, name, id).await?;
        if is_in {
            return Ok(());
        }
        let join = Membership { join: vec![id.clone()], leave: Vec::new() };
        self.move_person(actor, (name, id), join, Event::GroupJoined { group: name.to_owned() }).await
    }

    /// Has somebody be in a group no more.
    pub async fn leave_group(&self, actor: &Actor, name: &str, id: &UserId) -> Result<(), AdminError> {
        let is_in = self.may_move(actor, name, id).await?;
        if !is_in {
            return Err(AdminError::NotFound("member"));
        }
        let leave = Membership { join: Vec::new(), leave: vec![id.clone()] };
        self.move_person(actor, (name, id), leave, Event::GroupLeft { group: name.to_owned() }).await
    }

    /// Refuses whoever does not reach as far as a group or a person does; tells whether the one is in the other.
    async fn may_move(&self, actor: &Actor, name: &str, id: &UserId) -> Result<bool, AdminError> {
        actor.must_have(Permission::GroupsWrite)?;
        let record = self.known_group(name).await?;
        let found = match id.as_str().contains('\0') {
            true => None,
            false => self.store.users().with_groups(id).await?,
        };
        let (user, groups) = found.ok_or(AdminError::NotFound("user"))?;
        let book = self.store.roles().book().await?;
        actor.must_cover(reach(&book, &record.item))?;
        actor.must_cover(book.permissions(book.held(&user.roles, &groups).names()))?;
        Ok(groups.contains(&record.item.name))
    }

    async fn move_person(
        &self,
        actor: &Actor,
        (name, id): (&str, &UserId),
        membership: Membership,
        event: Event,
    ) -> Result<(), AdminError> {
        let now = self.clock.now();
        let subjects = Subjects { user_id: Some(id.clone()), ..Subjects::default() };
        let events = vec![actor.event(now, subjects, event)];
        let change = self.store.groups().move_people(name.to_owned(), membership, now, events).await?;
        self.group_changed(change).await
    }

    async fn known_group(&self, name: &str) -> Result<GroupRecord, AdminError> {
        // PostgreSQL knows no text with this character.
        let known = match name.contains('\0') {
            true => None,
            false => self.store.groups().record(name).await?,
        };
        known.ok_or(AdminError::NotFound("group"))
    }

    async fn group_changed(&self, change: GroupChange) -> Result<(), AdminError> {
        match change {
            GroupChange::Written(written) => self.done(&written, "group").await,
            GroupChange::LastOwner => Err(AdminError::Conflict(
                "nobody would own this server any more: let somebody else own it first".into(),
            )),
        }
    }
}

fn registered(sent: Map<String, Value>) -> Result<Group, AdminError> {
    if sent.contains_key("members") {
        return Err(fault("members", "come and go one by one, under members"));
    }
    Ok(read::<GroupMetadata>(sent)?.register().map_err(AdminError::Invalid)?.group)
}

/// What whoever is in a group may do by it.
fn reach(book: &RoleBook, group: &Group) -> Permissions {
    book.permissions(&group.roles)
}

/// A group gives roles that there are (besides those that it gave `before`), and no more than whoever makes it so may.
fn may_give(actor: &Actor, book: &RoleBook, group: &Group, before: &[String]) -> Result<(), AdminError> {
    let unknown = group.roles.iter().find(|role| !book.knows(role) && !before.contains(role));
    if let Some(role) = unknown {
        return Err(fault("roles", format!("there is no role {role:?}")));
    }
    Ok(actor.must_cover(reach(book, group))?)
}

fn taken(name: &str) -> AdminError {
    AdminError::Conflict(format!("there is a group {name} already"))
}

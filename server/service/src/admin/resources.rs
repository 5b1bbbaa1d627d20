//! APIs and their scopes.

use super::body::{merge, read};
use super::clients::{Changed, Changing, as_seen};
use super::error::fault;
use super::idempotent::as_it_is;
use super::plan::fields_of;
use super::{Actor, Admin, AdminError, Idempotent, Page, PageRequest};
use crate::keys::algorithm;
use serde_json::{Map, Value};
use signet_protocol::audit::{Event, FieldChange, Subjects};
use signet_protocol::id::{ClientId, ResourceId};
use signet_protocol::permission::{BuiltIn, Permission, administration_api};
use signet_protocol::registration::ResourceMetadata;
use signet_protocol::resource::Resource;
use signet_store::{ByName, Committed, Position, Record};

/// An API as administration sees it.
pub type ResourceRecord = Record<Resource>;

/// A client that loses scopes with an API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LosingClient {
    /// The client.
    pub client_id: ClientId,
    /// What it may ask for, and no longer gets.
    pub scopes: Vec<String>,
}

impl Admin {
    /// A page of the APIs, by identifier.
    pub async fn resources(
        &self,
        actor: &Actor,
        request: &PageRequest<ByName>,
    ) -> Result<Page<ResourceRecord>, AdminError> {
        actor.must_have(Permission::ResourcesRead)?;
        let found = self.store.resources().page(request.paging()?).await?;
        Ok(request.page(found, |record| Position::of_name(record.item.identifier.as_str())))
    }

    /// One API.
    pub async fn resource(&self, actor: &Actor, id: &ResourceId) -> Result<ResourceRecord, AdminError> {
        actor.must_have(Permission::ResourcesRead)?;
        self.known_resource(id).await
    }

    /// Makes an API from its declaration.
    pub async fn create_resource(
        &self,
        actor: &Actor,
        sent: Map<String, Value>,
        (idempotent, dry_run): (Option<&Idempotent>, bool),
    ) -> Result<ResourceRecord, AdminError> {
        actor.must_have(Permission::ResourcesWrite)?;
        let resource = read::<ResourceMetadata>(sent)?.register().map_err(AdminError::Invalid)?;
        let id = resource.identifier.clone();
        let idempotent = idempotent.filter(|_| !dry_run);
        if self.made_before(actor, idempotent).await?.is_some_and(|made| made.id == id.as_str()) {
            return as_it_is(self.known_resource(&id).await);
        }
        may_say(actor, None, Some(&resource))?;
        self.check_resource(&resource).await?;
        let now = self.clock.now();
        if dry_run {
            if self.store.resources().record(&id).await?.is_some() {
                return Err(taken(&id));
            }
            return Ok(Record { item: resource, managed_by: None, created_at: now, updated_at: now });
        }
        self.ensure_key(&resource).await?;
        let claim = self.claim(actor, idempotent, (id.as_str(), None), now)?;
        let changes = FieldChange::between(&Map::new(), &fields_of(&resource));
        let event = Event::ResourceCreated { identifier: id.to_string(), changes };
        let events = vec![actor.event(now, Subjects::default(), event)];
        let written = self.store.resources().create(resource, claim, now, events).await?;
        if written.committed != Committed::Yes {
            // It may have been the same request, which came twice at once.
            let made = self.made_before(actor, idempotent).await?;
            made.filter(|made| made.id == id.as_str()).ok_or_else(|| taken(&id))?;
        }
        self.announce(&written).await;
        self.known_resource(&id).await
    }

    /// Changes an API (RFC 7396), but not its identifier; tells which clients lose scopes by it.
    pub async fn change_resource(
        &self,
        actor: &Actor,
        id: &ResourceId,
        patch: Map<String, Value>,
        how: Changing,
    ) -> Result<(Changed<ResourceRecord>, Vec<LosingClient>), AdminError> {
        actor.must_have(Permission::ResourcesWrite)?;
        let mut record = self.known_resource(id).await?;
        as_seen(&record, how)?;
        let before = fields_of(&record.item);
        let mut after = before.clone();
        // `scope_roles` is left out where there are none, and merged like any other object.
        merge(&mut after, patch);
        let resource = read::<ResourceMetadata>(after)?.register().map_err(AdminError::Invalid)?;
        if resource.identifier != *id {
            return Err(fault("identifier", "cannot be changed: tokens name it as their audience"));
        }
        may_say(actor, Some(&record.item), Some(&resource))?;
        self.check_resource(&resource).await?;
        let gone = record.item.scopes.iter().filter(|scope| !resource.scopes.contains(scope));
        let losing = self.losing(&gone.cloned().collect::<Vec<_>>()).await?;
        let changes = FieldChange::between(&before, &fields_of(&resource));
        if how.dry_run || changes.is_empty() {
            record.item = resource;
            return Ok((Changed { record, changes }, losing));
        }
        self.ensure_key(&resource).await?;
        let now = self.clock.now();
        let event = Event::ResourceChanged { identifier: id.to_string(), changes: changes.clone() };
        let events = vec![actor.event(now, Subjects::default(), event)];
        let written = self.store.resources().change(resource, (record.updated_at, now), events).await?;
        self.done(&written, "resource").await?;
        Ok((Changed { record: self.known_resource(id).await?, changes }, losing))
    }

    /// Removes an API; no new token is for it, and those that are live until they expire. Tells which clients lose scopes.
    pub async fn delete_resource(
        &self,
        actor: &Actor,
        id: &ResourceId,
        how: Changing,
    ) -> Result<Vec<LosingClient>, AdminError> {
        actor.must_have(Permission::ResourcesWrite)?;
        let record = self.known_resource(id).await?;
        // Whoever removes it could make another one of its name.
        may_say(actor, Some(&record.item), None)?;
        as_seen(&record, how)?;
        let losing = self.losing(&record.item.scopes).await?;
        if how.dry_run {
            return Ok(losing);
        }
        let now = self.clock.now();
        let changes = FieldChange::between(&fields_of(&record.item), &Map::new());
        let event = Event::ResourceRemoved { identifier: id.to_string(), changes };
        let events = vec![actor.event(now, Subjects::default(), event)];
        let times = (record.updated_at, now);
        let written = self.store.resources().remove_as_seen(id.clone(), times, events).await?;
        self.done(&written, "resource").await?;
        Ok(losing)
    }

    async fn known_resource(&self, id: &ResourceId) -> Result<ResourceRecord, AdminError> {
        // PostgreSQL knows no text with this character.
        let known = match id.as_str().contains('\0') {
            true => None,
            false => self.store.resources().record(id).await?,
        };
        known.ok_or(AdminError::NotFound("resource"))
    }

    /// The clients that may ask for any of these scopes.
    async fn losing(&self, scopes: &[String]) -> Result<Vec<LosingClient>, AdminError> {
        if scopes.is_empty() {
            return Ok(Vec::new());
        }
        let clients = self.store.clients().all().await?;
        let losing = clients.into_iter().filter_map(|client| {
            let scopes: Vec<_> =
                scopes.iter().filter(|scope| client.scope.contains(scope)).cloned().collect();
            (!scopes.is_empty()).then_some(LosingClient { client_id: client.client_id, scopes })
        });
        Ok(losing.collect())
    }

    /// The API is not this server's own, its scopes belong to no other, and there is every role that it asks for.
    async fn check_resource(&self, resource: &Resource) -> Result<(), AdminError> {
        let issuer = &self.server()?.settings.issuer;
        if resource.identifier.as_str() == administration_api(issuer) {
            return Err(fault("identifier", "is this server's own API, which nobody declares"));
        }
        for other in self.store.resources().all().await?.into_iter().map(|known| known.item) {
            let shared = other.scopes.iter().find(|scope| resource.scopes.contains(scope));
            if let Some(scope) = shared.filter(|_| other.identifier != resource.identifier) {
                let told = format!("{scope:?} belongs to {}: a scope belongs to one API", other.identifier);
                return Err(fault("scopes", told));
            }
        }
        let roles = self.store.roles().all().await?;
        let known =
            |name: &str| BuiltIn::named(name).is_some() || roles.iter().any(|role| role.item.name == name);
        match resource.scope_roles.values().flatten().find(|name| !known(name)) {
            Some(unknown) => Err(fault("scope_roles", format!("there is no role {unknown:?}"))),
            None => Ok(()),
        }
    }

    /// Whoever asks for a token for the API finds a key for it from the first request on.
    async fn ensure_key(&self, resource: &Resource) -> Result<(), AdminError> {
        Ok(self.server()?.keys.ensure([algorithm(resource.signing_alg)]).await?)
    }
}

/// Who looks after APIs does not decide what tokens say of people, nor who is granted what only some roles are: that is the
/// operator's.
fn may_say(actor: &Actor, before: Option<&Resource>, after: Option<&Resource>) -> Result<(), AdminError> {
    let claims = |api: Option<&Resource>| api.map(|api| api.claims.clone()).unwrap_or_default();
    let loosened = before.into_iter().flat_map(|api| &api.scope_roles).any(|(scope, roles)| {
        let now = after.and_then(|api| api.scope_roles.get(scope));
        // A scope that goes is granted to nobody, unless it could come again in another API.
        now.is_none_or(|now| now.iter().any(|role| !roles.contains(role)))
    });
    if loosened || claims(before) != claims(after) {
        actor.must_have(Permission::SettingsWrite)?;
    }
    Ok(())
}

fn taken(id: &ResourceId) -> AdminError {
    AdminError::Conflict(format!("there is an API {id} already, or another has one of its scopes"))
}

//! Clients.

mod secrets;

pub use secrets::ShownSecret;

use super::body::{merge, read};
use super::error::fault;
use super::idempotent::as_it_is;
use super::plan::fields_of;
use super::{Actor, Admin, AdminError, Forbidden, Idempotent, Page, PageRequest};
use serde_json::{Map, Value};
use signet_protocol::audit::{Event, FieldChange, Subjects};
use signet_protocol::client::{AuthMethod, Client, GrantType, RegisteredClient};
use signet_protocol::environment::Moment;
use signet_protocol::factor::FactorPolicy;
use signet_protocol::id::ClientId;
use signet_protocol::permission::{Permission, Permissions};
use signet_protocol::registration::ClientMetadata;
use signet_protocol::secret::Secret;
use signet_store::{ClientFilter, ClientSort, Committed, Record, Written};

/// A client as administration sees it.
pub type ClientRecord = Record<RegisteredClient>;

/// Something that was made, with a secret that nobody can read again.
#[derive(Debug)]
pub struct Made<T> {
    /// What was made.
    pub record: T,
    /// Its secret, if one was made with it.
    pub secret: Option<Secret<String>>,
}

/// How a change is to be made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Changing {
    /// The state that was seen; none: whatever it is now.
    pub seen: Option<Moment>,
    /// Whether nothing is to be kept: only to be checked, and told.
    pub dry_run: bool,
}

/// A change, made or only planned.
#[derive(Debug)]
pub struct Changed<T> {
    /// How it is after that.
    pub record: T,
    /// In what it differs from before.
    pub changes: Vec<FieldChange>,
}

impl Admin {
    /// A page of the clients.
    pub async fn clients(
        &self,
        actor: &Actor,
        filter: &ClientFilter,
        request: &PageRequest<ClientSort>,
    ) -> Result<Page<ClientRecord>, AdminError> {
        actor.must_have(Permission::ClientsRead)?;
        let found = self.store.clients().page(filter, request.paging()?).await?;
        Ok(request.page(found, |record| request.sort.position(record)))
    }

    /// One client.
    pub async fn client(&self, actor: &Actor, id: &ClientId) -> Result<ClientRecord, AdminError> {
        actor.must_have(Permission::ClientsRead)?;
        self.known_client(id).await
    }

    /// Registers a client from its metadata (RFC 7591 §2 names); an identifier and a secret are made where none is given
    /// and one is needed.
    pub async fn create_client(
        &self,
        actor: &Actor,
        mut sent: Map<String, Value>,
        (idempotent, dry_run): (Option<&Idempotent>, bool),
    ) -> Result<Made<ClientRecord>, AdminError> {
        actor.must_have(Permission::ClientsWrite)?;
        let idempotent = idempotent.filter(|_| !dry_run);
        if let Some(made) = self.made_client(actor, idempotent).await? {
            return Ok(made);
        }
        if !sent.contains_key("client_id") {
            sent.insert("client_id".to_owned(), self.random.id()?.into());
        }
        let metadata: ClientMetadata = read(sent)?;
        let (client, secret) = metadata.register().map_err(AdminError::Invalid)?;
        actor.must_cover(reach(&client))?;
        may_trust(actor, None, &client)?;
        let id = client.client_id.clone();
        let now = self.clock.now();
        let shown = match secret {
            None if takes_a_secret(&client) && !dry_run => Some(Secret::new(self.random.secret()?)),
            given => given,
        };
        if dry_run {
            if self.store.clients().get(&id).await?.is_some() {
                return Err(taken(&id));
            }
            let item =
                RegisteredClient { client, secrets: Vec::new(), revocation_counter: 0, disabled: false };
            let record = Record { item, managed_by: None, created_at: now, updated_at: now };
            return Ok(Made { record, secret: None });
        }
        let claim = self.claim(actor, idempotent, (id.as_str(), shown.as_ref()), now)?;
        let secret = shown.as_ref().map(|shown| self.new_secret(shown, None)).transpose()?;
        let changes = FieldChange::between(&Map::new(), &fields_of(&client));
        let event = actor.event(now, of(&id), Event::ClientCreated { changes });
        let written = self.store.clients().put(client, (secret, claim), None, now, vec![event]).await?;
        if written.committed != Committed::Yes {
            // It may have been the same request, which came twice at once.
            return self.made_client(actor, idempotent).await?.ok_or_else(|| taken(&id));
        }
        self.announce(&written).await;
        Ok(Made { record: self.known_client(&id).await?, secret: shown })
    }

    /// The client that was made under the same key before, and its secret: to whoever may still make such a one.
    async fn made_client(
        &self,
        actor: &Actor,
        idempotent: Option<&Idempotent>,
    ) -> Result<Option<Made<ClientRecord>>, AdminError> {
        let Some(made) = self.made_before(actor, idempotent).await? else { return Ok(None) };
        let record = as_it_is(self.known_client(&ClientId::new(made.id)).await)?;
        actor.must_cover(reach(&record.item.client))?;
        Ok(Some(Made { record, secret: made.secret }))
    }

    /// Changes a client's metadata (RFC 7396 over RFC 7591 names), and whether it is `disabled`.
    pub async fn change_client(
        &self,
        actor: &Actor,
        id: &ClientId,
        mut patch: Map<String, Value>,
        how: Changing,
    ) -> Result<Changed<ClientRecord>, AdminError> {
        actor.must_have(Permission::ClientsWrite)?;
        let mut record = self.known_client(id).await?;
        actor.must_cover(reach(&record.item.client))?;
        as_seen(&record, how)?;
        if patch.contains_key("client_secret") {
            return Err(fault(
                "client_secret",
                "is replaced under secrets, where the old one can go on for a while",
            ));
        }
        let disabled = match patch.remove("disabled") {
            None => record.item.disabled,
            Some(Value::Bool(disabled)) => disabled,
            Some(_) => return Err(fault("disabled", "must be true or false")),
        };
        let before = fields_of(&record.item.client);
        let mut after = before.clone();
        merge(&mut after, patch);
        let (client, _) = read::<ClientMetadata>(after)?.register().map_err(AdminError::Invalid)?;
        if client.client_id != *id {
            return Err(fault("client_id", "cannot be changed: tokens name it"));
        }
        actor.must_cover(reach(&client))?;
        may_trust(actor, Some(&record.item.client), &client)?;
        let mut changes = FieldChange::between(&before, &fields_of(&client));
        changes.extend((disabled != record.item.disabled).then(|| FieldChange {
            field: "disabled".to_owned(),
            before: Some(record.item.disabled.into()),
            after: Some(disabled.into()),
        }));
        if how.dry_run || changes.is_empty() {
            record.item.client = client;
            record.item.disabled = disabled;
            return Ok(Changed { record, changes });
        }
        let now = self.clock.now();
        let event = actor.event(now, of(id), Event::ClientChanged { changes: changes.clone() });
        let times = (record.updated_at, now);
        let written = self.store.clients().change(client, disabled, times, vec![event]).await?;
        self.carried_out(&written).await?;
        Ok(Changed { record: self.known_client(id).await?, changes })
    }

    /// Removes a client; its grants and tokens end.
    pub async fn remove_client(&self, actor: &Actor, id: &ClientId, how: Changing) -> Result<(), AdminError> {
        actor.must_have(Permission::ClientsWrite)?;
        let record = self.known_client(id).await?;
        actor.must_cover(reach(&record.item.client))?;
        // Whoever removes it could register another one under its name.
        let client = &record.item.client;
        let roles = self.store.roles().of_client(id).await?;
        let asks_more = client.second_factor == Some(FactorPolicy::Required)
            || roles.iter().any(|role| role.second_factor.is_some());
        if asks_more || client.tier.is_some() {
            actor.must_have(Permission::SettingsWrite)?;
        }
        as_seen(&record, how)?;
        if how.dry_run {
            return Ok(());
        }
        let now = self.clock.now();
        let changes = FieldChange::between(&fields_of(&record.item.client), &Map::new());
        let mut events = vec![actor.event(now, of(id), Event::ClientRemoved { changes })];
        events.extend(roles.into_iter().map(|role| {
            let changes = FieldChange::between(&fields_of(&role), &Map::new());
            actor.event(now, of(id), Event::RoleRemoved { role: role.name, changes })
        }));
        let times = (Some(record.updated_at), now);
        let written = self.store.clients().remove(id.clone(), times, events).await?;
        self.carried_out(&written).await
    }

    /// Ends every grant and token of a client; it may get new ones at once.
    pub async fn end_client_tokens(&self, actor: &Actor, id: &ClientId) -> Result<(), AdminError> {
        actor.must_have(Permission::GrantsWrite)?;
        let record = self.known_client(id).await?;
        actor.must_cover(reach(&record.item.client))?;
        let now = self.clock.now();
        let event = actor.event(now, of(id), Event::TokenRevoked { reason: "client_tokens_revoked" });
        let written = self.store.clients().revoke_all_tokens(id.clone(), now, vec![event]).await?;
        self.carried_out(&written).await
    }

    /// The client, if this actor may try its code flow out.
    pub async fn triable_client(&self, actor: &Actor, id: &ClientId) -> Result<ClientRecord, AdminError> {
        actor.must_have(Permission::ClientsWrite)?;
        let record = self.known_client(id).await?;
        may_try(actor, &record.item.client)?;
        if !record.item.client.may_use(GrantType::AuthorizationCode) {
            return Err(AdminError::Conflict("nobody signs in with this client".to_owned()));
        }
        Ok(record)
    }

    async fn known_client(&self, id: &ClientId) -> Result<ClientRecord, AdminError> {
        let known = match id.could_be_registered() {
            true => self.store.clients().record(id).await?,
            false => None,
        };
        known.ok_or(AdminError::NotFound("client"))
    }

    /// Has a change take effect here, if it was made.
    async fn carried_out(&self, written: &Written) -> Result<(), AdminError> {
        match written.committed {
            Committed::Yes => {
                self.announce(written).await;
                Ok(())
            }
            Committed::Stale => Err(AdminError::Overtaken),
            Committed::SubjectGone => Err(AdminError::NotFound("client")),
        }
    }
}

/// What whoever holds a client's secret may do here: nobody may touch a client that reaches further than they do.
fn reach(client: &Client) -> Permissions {
    Permissions::of_scopes(client.scope.iter())
}

/// Whether this actor may try a client's code flow out: who may change it may.
pub(crate) fn may_try(actor: &Actor, client: &Client) -> Result<(), Forbidden> {
    actor.must_have(Permission::ClientsWrite)?;
    actor.must_cover(reach(client))
}

/// Who looks after clients does not decide what the operator decides for all of them: that people are not asked, and where
/// to and with what a client goes that they are not asked for; that fewer factors do; that more requests are let through;
/// what clients are told of people without a scope that says so.
fn may_trust(actor: &Actor, before: Option<&Client>, after: &Client) -> Result<(), AdminError> {
    let consent = after.skip_consent && !before.is_some_and(|before| asks_for_no_more(before, after));
    let factor = before.and_then(|before| before.second_factor) != after.second_factor
        && after.second_factor != Some(FactorPolicy::Required);
    let tier = before.and_then(|before| before.tier.as_ref()) != after.tier.as_ref();
    let claims = before.map_or(&[][..], |before| &before.claims) != after.claims.as_slice();
    if consent || factor || tier || claims {
        actor.must_have(Permission::SettingsWrite)?;
    }
    Ok(())
}

/// Whether what a client gets without anybody being asked is what it got before, and goes where it went.
fn asks_for_no_more(before: &Client, after: &Client) -> bool {
    before.skip_consent
        && after.redirect_uris.iter().all(|uri| before.redirect_uris.contains(uri))
        && after.scope.iter().all(|value| before.scope.contains(value))
}

fn takes_a_secret(client: &Client) -> bool {
    matches!(client.token_endpoint_auth_method, AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost)
}

/// Whether something is still as whoever changes it saw it.
pub(super) fn as_seen<T>(record: &Record<T>, how: Changing) -> Result<(), AdminError> {
    match how.seen {
        Some(seen) if seen != record.updated_at => Err(AdminError::Overtaken),
        _ => Ok(()),
    }
}

fn taken(id: &ClientId) -> AdminError {
    AdminError::Conflict(format!("there is a client {id} already"))
}

fn of(id: &ClientId) -> Subjects {
    Subjects { client_id: Some(id.clone()), ..Subjects::default() }
}

//! Carrying out a plan. Each step is a transaction of its own, and all of it may be run again.

use super::plan::{Action, MANAGED_BY, Plan, PlannedStep, SecretChange, Work, fields_of};
use super::{Actor, Admin};
use serde_json::Map;
use signet_protocol::audit::{Event, FieldChange, Subjects};
use signet_protocol::client::Client;
use signet_protocol::environment::{Moment, RandomFailed};
use signet_protocol::id::{ClientId, UserId};
use signet_protocol::registration::NewUser;
use signet_protocol::resource::Resource;
use signet_protocol::role::Role;
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::user::User;
use signet_store::{Committed, NewSecret, StoreError};

/// Why a plan could not be made or carried out.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The files contradict themselves.
    #[error("{0}")]
    Declaration(String),
    /// Something else has the name or address already, or was changed meanwhile.
    #[error("{0}")]
    Conflict(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomFailed),
    /// A password could not be hashed.
    #[error("a password could not be hashed")]
    Hash,
}

/// What came of a plan. After a failure, the steps before it stay.
#[derive(Debug, Default)]
pub struct CarriedOut {
    /// How many steps were taken, from the first on.
    pub steps: usize,
    /// The client secrets that were made, which nobody can read again. If the database went away just when the last one
    /// was to be kept, it may not have been.
    pub made_secrets: Vec<(ClientId, Secret<String>)>,
    /// Why the steps after these were not taken.
    pub failure: Option<ApplyError>,
}

impl Admin {
    /// Does what the plan says, up to the first step that fails.
    pub async fn carry_out(&self, plan: Plan, actor: &Actor) -> CarriedOut {
        let mut done = CarriedOut::default();
        for step in plan.steps {
            if let Err(error) = self.take(step, actor, &mut done.made_secrets).await {
                done.failure = Some(error);
                break;
            }
            done.steps += 1;
        }
        done
    }

    async fn take(
        &self,
        PlannedStep { action, changes, work, .. }: PlannedStep,
        actor: &Actor,
        made: &mut Vec<(ClientId, Secret<String>)>,
    ) -> Result<(), ApplyError> {
        match work {
            Work::PutResource(resource) => self.put_resource(resource, (action, changes), actor).await,
            Work::RemoveResource(resource) => self.remove_resource(resource, actor).await,
            Work::PutRole(role) => self.put_role(role, (action, changes), actor).await,
            Work::RemoveRole(role) => self.remove_role(role, actor).await,
            Work::PutGroup(group) => self.put_group(group, (action, changes), actor).await,
            Work::RemoveGroup(group) => self.remove_group(group, actor).await,
            Work::CreateUser(user) => self.create_user(*user, changes, managed(), actor).await.map(drop),
            Work::ChangeUser { before, after, password, managed_by } => {
                self.change_user(*before, (*after, managed_by), (password, changes), actor).await
            }
            Work::RemoveUser(user) => self.remove_user(user.id, actor).await,
            Work::PutClient { client, secret, exists } => {
                let before = made.len();
                let secret = self.secret(&client.client_id, secret, made)?;
                let put = self.put_client(*client, secret, (exists, changes), actor).await;
                if matches!(put, Err(ApplyError::Conflict(_))) {
                    // It was certainly not kept.
                    made.truncate(before);
                }
                put
            }
            Work::RemoveClient(client) => self.unregister_client(*client, actor).await,
        }
    }

    async fn put_resource(
        &self,
        resource: Resource,
        (action, changes): (Action, Vec<FieldChange>),
        actor: &Actor,
    ) -> Result<(), ApplyError> {
        let identifier = resource.identifier.to_string();
        let event = match action {
            Action::Create => Event::ResourceCreated { identifier, changes },
            _ => Event::ResourceChanged { identifier, changes },
        };
        let now = self.clock.now();
        let events = vec![actor.event(now, Subjects::default(), event)];
        self.store.resources().put(resource, managed(), now, events).await?;
        Ok(())
    }

    async fn remove_resource(&self, resource: Resource, actor: &Actor) -> Result<(), ApplyError> {
        let now = self.clock.now();
        let identifier = resource.identifier.to_string();
        let changes = FieldChange::between(&fields_of(&resource), &Map::new());
        let event = Event::ResourceRemoved { identifier, changes };
        let events = vec![actor.event(now, Subjects::default(), event)];
        self.store.resources().remove(resource.identifier, now, events).await?;
        Ok(())
    }

    async fn put_role(
        &self,
        role: Role,
        (action, changes): (Action, Vec<FieldChange>),
        actor: &Actor,
    ) -> Result<(), ApplyError> {
        let name = role.name.clone();
        let event = match action {
            Action::Create => Event::RoleCreated { role: name, changes },
            _ => Event::RoleChanged { role: name, changes },
        };
        let now = self.clock.now();
        let events = vec![actor.event(now, Subjects::default(), event)];
        Ok(self.store.roles().put(role, managed(), now, events).await?)
    }

    async fn remove_role(&self, role: Role, actor: &Actor) -> Result<(), ApplyError> {
        let changes = FieldChange::between(&fields_of(&role), &Map::new());
        let event = Event::RoleRemoved { role: role.name.clone(), changes };
        let now = self.clock.now();
        let events = vec![actor.event(now, Subjects::default(), event)];
        Ok(self.store.roles().remove(role.name, now, events).await?)
    }

    async fn remove_user(&self, id: UserId, actor: &Actor) -> Result<(), ApplyError> {
        let now = self.clock.now();
        let event = actor.event(now, of_user(&id), Event::UserRemoved);
        self.store.users().remove(id, now, vec![event]).await?;
        Ok(())
    }

    async fn unregister_client(&self, client: Client, actor: &Actor) -> Result<(), ApplyError> {
        let now = self.clock.now();
        let changes = FieldChange::between(&fields_of(&client), &Map::new());
        let id = client.client_id;
        let event = actor.event(now, of_client(&id), Event::ClientRemoved { changes });
        self.store.clients().remove(id, (None, now), vec![event]).await?;
        Ok(())
    }

    /// Makes a user.
    pub(super) async fn create_user(
        &self,
        new: NewUser,
        changes: Vec<FieldChange>,
        managed_by: Option<String>,
        actor: &Actor,
    ) -> Result<UserId, ApplyError> {
        let now = self.clock.now();
        let id = UserId::from(self.random.id()?);
        let username = new.username.clone();
        let password_hash = self.hashed(&new)?;
        let declared = password_hash.clone().filter(|_| managed_by.is_some());
        let user = User { password_hash, ..user(id.clone(), new, now) };
        let event = actor.event(
            now,
            of_user(&id),
            Event::UserCreated { through: "administration", invitation: None, changes },
        );
        match self.store.users().create(user, managed_by, vec![event]).await? {
            Committed::Yes => {
                if let Some(hash) = declared {
                    self.store.users().made_with_declared(id.clone(), &hash).await?;
                }
                Ok(id)
            }
            _ => Err(ApplyError::Conflict(format!(
                "user {username}: the user name or the email address belongs to someone else"
            ))),
        }
    }

    async fn change_user(
        &self,
        before: User,
        (after, managed_by): (NewUser, &'static str),
        (password, changes): (bool, Vec<FieldChange>),
        actor: &Actor,
    ) -> Result<(), ApplyError> {
        let now = self.clock.now();
        let id = before.id.clone();
        if password && let Some(hash) = self.hashed(&after)? {
            let event = actor.event(now, of_user(&id), Event::PasswordChanged { by: "administration" });
            let hashes = (before.password_hash.clone(), hash);
            let written = self.store.users().declare_password(id.clone(), hashes, now, vec![event]).await?;
            if written.committed != Committed::Yes {
                let told =
                    format!("the password of {} was changed meanwhile: run apply again", after.username);
                return Err(ApplyError::Conflict(told));
            }
        }
        let changed = |changes| actor.event(now, of_user(&id), Event::UserChanged { changes });
        let (disabled, rest): (Vec<_>, Vec<_>) = changes
            .into_iter()
            .filter(|change| change.field != "password")
            .partition(|change| change.field == "disabled");
        if let Some(is_disabled) = after.disabled.filter(|after| *after != before.disabled) {
            let event = changed(disabled);
            self.store.users().set_disabled(id.clone(), is_disabled, now, vec![event]).await?;
        }
        let username = after.username.clone();
        if rest.is_empty() {
            return Ok(());
        }
        let event = changed(rest);
        let (after, managed_by) = (user(id.clone(), after, now), Some(managed_by.to_owned()));
        match self.store.users().update(after, managed_by, vec![event]).await? {
            Committed::Yes => Ok(()),
            _ => Err(ApplyError::Conflict(format!(
                "user {username}: the email address belongs to someone else"
            ))),
        }
    }

    fn hashed(&self, new: &NewUser) -> Result<Option<Secret<String>>, ApplyError> {
        match (&new.password, &new.password_hash) {
            (Some(password), _) => {
                self.hashing.hash_now(password, &self.random).map(Some).ok_or(ApplyError::Hash)
            }
            (None, hash) => Ok(hash.clone()),
        }
    }

    fn secret(
        &self,
        client_id: &ClientId,
        change: SecretChange,
        made: &mut Vec<(ClientId, Secret<String>)>,
    ) -> Result<Option<NewSecret>, ApplyError> {
        let secret = match change {
            SecretChange::Keep => return Ok(None),
            SecretChange::Set(secret) => secret,
            SecretChange::Make => {
                let secret = Secret::new(self.random.secret()?);
                made.push((client_id.clone(), secret.clone()));
                secret
            }
        };
        let hash = SecretHash::of(secret.expose().as_bytes());
        Ok(Some(NewSecret { id: self.random.id()?, hash, sealed: None, expires_at: None }))
    }

    async fn put_client(
        &self,
        client: Client,
        secret: Option<NewSecret>,
        (exists, changes): (bool, Vec<FieldChange>),
        actor: &Actor,
    ) -> Result<(), ApplyError> {
        let now = self.clock.now();
        let id = client.client_id.clone();
        let written = if exists {
            let event = actor.event(now, of_client(&id), Event::ClientChanged { changes });
            self.store.clients().update(client, secret, managed(), (None, now), vec![event]).await?
        } else {
            let event = actor.event(now, of_client(&id), Event::ClientCreated { changes });
            self.store.clients().put(client, (secret, None), managed(), now, vec![event]).await?
        };
        match written.committed {
            Committed::Yes => Ok(()),
            _ => Err(ApplyError::Conflict(format!("client {id} was changed meanwhile: run apply again"))),
        }
    }
}

pub(super) fn managed() -> Option<String> {
    Some(MANAGED_BY.to_owned())
}

/// Somebody with this identifier, and no password yet.
pub(super) fn user(id: UserId, new: NewUser, now: Moment) -> User {
    User {
        id,
        username: new.username,
        email: new.email,
        email_verified: new.email_verified,
        profile: new.profile,
        roles: new.roles,
        disabled: new.disabled.unwrap_or(false),
        password_hash: None,
        updated_at: now,
    }
}

fn of_user(id: &UserId) -> Subjects {
    Subjects { user_id: Some(id.clone()), ..Subjects::default() }
}

fn of_client(id: &ClientId) -> Subjects {
    Subjects { client_id: Some(id.clone()), ..Subjects::default() }
}

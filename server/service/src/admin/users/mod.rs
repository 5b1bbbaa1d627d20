//! People.

mod change;
mod endings;
mod factors;
mod password;
mod standing;
mod unlock;

pub(super) use endings::REASON;
pub use factors::KnownFactors;
pub use password::ResetLink;
pub use standing::{OfferedRole, Standing};

use super::apply::user;
use super::body::read;
use super::error::fault;
use super::idempotent::as_it_is;
use super::plan::{TOLD_OF_PEOPLE, fields_of};
use super::{Actor, Admin, AdminError, Idempotent, Page, PageRequest};
use crate::signin::password::Unfit;
use serde_json::{Map, Value};
use signet_protocol::audit::{Event, FieldChange, Subjects};
use signet_protocol::id::UserId;
use signet_protocol::password::{PasswordFault, Person};
use signet_protocol::permission::Permission;
use signet_protocol::registration::{NewUser, UserMetadata};
use signet_protocol::secret::Secret;
use signet_protocol::user::User;
use signet_store::{Committed, Record, StoreError, UserEntry, UserFilter, UserSort, UserWritten};
use std::collections::{BTreeMap, BTreeSet};

/// A person as administration sees them.
pub type UserRecord = Record<UserEntry>;

/// No identifier is longer, in bytes.
const LONGEST_ID: usize = 128;

impl Admin {
    /// A page of the people.
    pub async fn users(
        &self,
        actor: &Actor,
        filter: &UserFilter,
        request: &PageRequest<UserSort>,
    ) -> Result<Page<UserRecord>, AdminError> {
        actor.must_have(Permission::UsersRead)?;
        let found = self.store.users().page(filter, request.paging()?).await?;
        Ok(request.page(found, |record| request.sort.position(record)))
    }

    /// One person.
    pub async fn user(&self, actor: &Actor, id: &UserId) -> Result<UserRecord, AdminError> {
        actor.must_have(Permission::UsersRead)?;
        self.known_user(id).await
    }

    /// Whoever signs in by this user name or email address, in any case.
    pub async fn user_by_login(&self, actor: &Actor, login: &str) -> Result<UserRecord, AdminError> {
        actor.must_have(Permission::UsersRead)?;
        let known = self.store.users().by_login(login).await?.ok_or(AdminError::NotFound("user"))?;
        self.known_user(&known.id).await
    }

    /// What these people sign in with; of those who are there no more, nothing.
    pub async fn usernames(
        &self,
        actor: &Actor,
        ids: BTreeSet<UserId>,
    ) -> Result<BTreeMap<UserId, String>, AdminError> {
        actor.must_have(Permission::UsersRead)?;
        Ok(self.store.users().usernames(ids).await?)
    }

    /// Makes somebody an account. A password has to be one that they could choose themselves; whoever has neither that nor a
    /// hash of one gets in by a link (see [`Admin::reset_password`]).
    pub async fn add_user(
        &self,
        actor: &Actor,
        sent: Map<String, Value>,
        (idempotent, dry_run): (Option<&Idempotent>, bool),
    ) -> Result<UserRecord, AdminError> {
        actor.must_have(Permission::UsersWrite)?;
        if let Some(made) = self.made_before(actor, idempotent).await? {
            return as_it_is(self.known_user(&made.id.into()).await);
        }
        let metadata: UserMetadata = read(sent)?;
        let new = metadata.register(self.server()?.passwords.policy()).map_err(AdminError::Invalid)?;
        actor.must_cover(self.reach_of_roles(&new.roles).await?)?;
        self.roles_are_known(&new.roles).await?;
        let password_hash = self.fit_password(&new).await?;
        let now = self.clock.now();
        let id = UserId::from(self.random.id()?);
        let user = User { password_hash, ..user(id.clone(), new, now) };
        if dry_run {
            return self.would_be_made(user).await;
        }
        let claim = self.claim(actor, idempotent, (id.as_str(), None), now)?;
        let changes = FieldChange::between(&Map::new(), &told_of(&user));
        let changes = FieldChange::without_values(changes, &TOLD_OF_PEOPLE);
        let event = actor.event(
            now,
            of(&id),
            Event::UserCreated { through: "administration", invitation: None, changes },
        );
        match self.store.users().create_once(user, None, claim, vec![event]).await? {
            Committed::Yes => self.known_user(&id).await,
            // It may have been the same request, which came twice at once.
            _ => match self.made_before(actor, idempotent).await? {
                Some(made) => as_it_is(self.known_user(&made.id.into()).await),
                None => Err(taken()),
            },
        }
    }

    async fn would_be_made(&self, user: User) -> Result<UserRecord, AdminError> {
        for name in [Some(&user.username), user.email.as_ref()].into_iter().flatten() {
            if self.store.users().by_login(name).await?.is_some() {
                return Err(taken());
            }
        }
        let (created_at, updated_at) = (user.updated_at, user.updated_at);
        Ok(Record { item: UserEntry { user, deletes_at: None }, managed_by: None, created_at, updated_at })
    }

    pub(super) async fn known_user(&self, id: &UserId) -> Result<UserRecord, AdminError> {
        let could_be = id.as_str().len() <= LONGEST_ID && !id.as_str().contains(char::is_control);
        let known = match could_be {
            true => self.store.users().record(id).await?,
            false => None,
        };
        known.ok_or(AdminError::NotFound("user"))
    }

    /// Somebody whom this administrator may change: nobody touches whoever may do more than they.
    async fn changeable_user(&self, actor: &Actor, id: &UserId) -> Result<UserRecord, AdminError> {
        actor.must_have(Permission::UsersWrite)?;
        let record = self.known_user(id).await?;
        actor.must_cover(self.reach_of(&record.item.user).await?)?;
        Ok(record)
    }

    async fn roles_are_known(&self, roles: &[String]) -> Result<(), AdminError> {
        match self.unknown_role(roles).await? {
            None => Ok(()),
            Some(unknown) => Err(fault("roles", format!("there is no role {unknown:?}"))),
        }
    }

    /// The hash to keep, of a password that is fit to be chosen.
    async fn fit_password(&self, new: &NewUser) -> Result<Option<Secret<String>>, AdminError> {
        let Some(password) = &new.password else { return Ok(new.password_hash.clone()) };
        let names = Person::names_of(&new.profile);
        let person = Person { username: &new.username, email: new.email.as_deref(), names };
        match self.server()?.passwords.choose(password, person).await {
            Ok(hash) => Ok(Some(hash)),
            Err(Unfit::Faults(faults)) => {
                let told = faults.into_iter().map(told_fault).collect::<Vec<_>>().join("; ");
                Err(fault("password", told))
            }
            Err(Unfit::Busy(busy)) => Err(StoreError::Unavailable(busy.to_string().into()).into()),
        }
    }

    /// Has a change take effect here, if it was made.
    async fn user_written(&self, written: UserWritten) -> Result<(), AdminError> {
        match written {
            UserWritten::Yes(changes) => {
                self.announce_changes(&changes).await;
                Ok(())
            }
            UserWritten::Overtaken => Err(AdminError::Overtaken),
            UserWritten::Taken => Err(taken()),
            UserWritten::Gone => Err(AdminError::NotFound("user")),
            UserWritten::LastOf(role) => Err(AdminError::Conflict(format!(
                "nobody else holds the role {}: give it to somebody else first",
                role.name()
            ))),
        }
    }
}

/// Everything about somebody that administration sets, under the names of their declaration.
fn told_of(user: &User) -> Map<String, Value> {
    let mut fields = fields_of(&user.profile);
    fields.insert("username".into(), user.username.clone().into());
    fields.insert("email".into(), user.email.clone().into());
    fields.insert("email_verified".into(), user.email_verified.into());
    fields.insert("roles".into(), user.roles.clone().into());
    fields.insert("disabled".into(), user.disabled.into());
    fields
}

fn told_fault(fault: PasswordFault) -> String {
    match fault {
        PasswordFault::TooShort { min } => format!("needs at least {min} characters"),
        PasswordFault::TooLong { max } => format!("may have at most {max} characters"),
        PasswordFault::Breached => "is on a list of passwords that became known".to_owned(),
        PasswordFault::OwnWords => {
            "is little more than their name, their address or this service's name".to_owned()
        }
        PasswordFault::Guessable => "follows patterns that guessers try first".to_owned(),
    }
}

fn taken() -> AdminError {
    AdminError::Conflict("the user name or the email address belongs to somebody already".to_owned())
}

fn of(id: &UserId) -> Subjects {
    Subjects { user_id: Some(id.clone()), ..Subjects::default() }
}

//! A new account by an invitation, or by the link that somebody asked for: the address is theirs by having the link.

use super::{Links, NotChosen, name_of, offered};
use crate::authorize::{Visit, internal, unavailable};
use serde_json::Value;
use signet_protocol::audit::{Event, FieldChange};
use signet_protocol::error::AuthorizeRefusal;
use signet_protocol::id::UserId;
use signet_protocol::login::{is_unseen, login_key};
use signet_protocol::password::Person;
use signet_protocol::registration::user::is_own_choice;
use signet_protocol::secret::Secret;
use signet_protocol::user::{Profile, User};
use signet_store::{ActionPurpose, Joined};

/// What the person says of themselves.
#[derive(Debug)]
pub struct NewAccount {
    /// What they want to sign in with.
    pub username: String,
    /// Their name; empty: they said none.
    pub name: String,
    /// Their password.
    pub password: Secret<String>,
    /// The language that they read the page in.
    pub language: String,
}

/// How making an account came out.
#[derive(Debug)]
pub enum JoinOutcome {
    /// It is there.
    Done,
    /// The link is good for nothing any more.
    Gone,
    /// Nobody can be called so.
    Username,
    /// Somebody else is called so.
    UsernameTaken,
    /// The password was not taken.
    NotChosen(NotChosen),
}

/// The longest name, in characters.
const LONGEST_NAME: usize = 128;

impl Links {
    /// The form with the new account was sent.
    pub async fn join(
        &self,
        sealed: &str,
        account: NewAccount,
        visit: &Visit<'_>,
    ) -> Result<JoinOutcome, AuthorizeRefusal> {
        const PURPOSES: [ActionPurpose; 2] = [ActionPurpose::Invitation, ActionPurpose::Registration];
        let found = self.carried(sealed, &PURPOSES, visit).await?;
        let Some((link, hash)) = found else { return Ok(JoinOutcome::Gone) };
        let NewAccount { username, name, password, language } = account;
        let username = username.trim().to_owned();
        if !is_own_choice(&username, Some(&link.address)) {
            return Ok(JoinOutcome::Username);
        }
        if let Err(limited) = self.take_choice(&hash, None, visit).await {
            return Ok(JoinOutcome::NotChosen(limited.into()));
        }
        if self.is_taken(&username).await? {
            return Ok(JoinOutcome::UsernameTaken);
        }
        let offered = offered(&link);
        let profile = Profile {
            name: named(&name).or(offered.name),
            locale: offered.language.or(Some(language)),
            ..Profile::default()
        };
        let mut user = User {
            id: UserId::from(self.random.id().map_err(internal)?),
            username,
            email: Some(link.address),
            email_verified: true,
            profile,
            roles: offered.roles,
            disabled: false,
            password_hash: None,
            updated_at: self.clock.now(),
        };
        user.password_hash = match self.passwords.choose(&password, Person::of(&user)).await {
            Ok(hash) => Some(hash),
            Err(unfit) => return Ok(JoinOutcome::NotChosen(unfit.into())),
        };
        let (through, invitation) = match link.purpose {
            ActionPurpose::Invitation => ("invitation", Some(name_of(&hash))),
            _ => ("registration", None),
        };
        let roles = Value::from(user.roles.clone());
        let roles = FieldChange { field: "roles".to_owned(), before: None, after: Some(roles) };
        let changes = if user.roles.is_empty() { Vec::new() } else { vec![roles] };
        let created = Event::UserCreated { through, invitation, changes };
        let events = vec![self.event(visit.origin, Some(&user.id), created)];
        let joined = self.store.action_tokens().join(hash, user, self.clock.now(), events).await;
        Ok(match joined.map_err(unavailable)? {
            Joined::Yes => JoinOutcome::Done,
            Joined::LinkGone => JoinOutcome::Gone,
            Joined::NameTaken => JoinOutcome::UsernameTaken,
        })
    }

    /// Whether somebody is called so: asked before a password is hashed for nothing.
    async fn is_taken(&self, username: &str) -> Result<bool, AuthorizeRefusal> {
        let namesake = self.store.users().by_login(username).await.map_err(unavailable)?;
        Ok(namesake.is_some_and(|user| login_key(&user.username) == login_key(username)))
    }
}

fn named(name: &str) -> Option<String> {
    let seen: String = name.chars().filter(|c| !c.is_control() && !is_unseen(*c)).collect();
    let plain: String = seen.trim().chars().take(LONGEST_NAME).collect();
    (!plain.is_empty()).then_some(plain)
}

//! Inviting somebody to an account.

use super::error::fault;
use super::{Actor, Admin, AdminError, ApplyError};
use crate::links::{Offered, Sending, link, name_of, paths};
use crate::mail::{Addressee, Mail, Mails, is_address};
use chrono::TimeDelta;
use signet_protocol::audit::{Event, Subjects};
use signet_protocol::permission::Permission;
use signet_protocol::secret::{Secret, SecretHash};
use signet_store::{ActionPurpose, Committed, NewActionToken, StoreError};

/// How long an invitation is good for.
const DAYS: u32 = 7;

/// Whom to invite.
#[derive(Clone, Debug)]
pub struct Invite {
    /// Where the invitation goes; it becomes the account's address.
    pub address: String,
    /// What to suggest as their name.
    pub name: Option<String>,
    /// The roles that they will have.
    pub roles: Vec<String>,
    /// The language of the invitation (BCP 47); none: the operator's default.
    pub language: Option<String>,
}

/// An invitation.
#[derive(Debug)]
pub struct Invited {
    /// Its link, if no mail leaves this server: somebody else has to pass it on. Nobody can read it again.
    pub link: Option<Secret<String>>,
    /// How many days it is good for.
    pub days: u32,
}

impl Admin {
    /// Invites somebody, for an administrator who asks a running server to.
    pub async fn invite_user(&self, actor: &Actor, invite: Invite) -> Result<Invited, AdminError> {
        actor.must_have(Permission::UsersWrite)?;
        actor.must_cover(self.reach_of_roles(&invite.roles).await?)?;
        if let Some(unknown) = self.unknown_role(&invite.roles).await? {
            return Err(fault("roles", format!("there is no role {unknown:?}")));
        }
        if !is_address(&invite.address) {
            return Err(fault("email", "must be an email address"));
        }
        let server = self.server()?;
        let invited = self.invite(invite, (&server.mails, &server.settings.issuer), actor).await;
        invited.map_err(|error| match error {
            ApplyError::Declaration(told) | ApplyError::Conflict(told) => AdminError::Conflict(told),
            ApplyError::Store(error) => error.into(),
            other => AdminError::Internal(other.to_string()),
        })
    }

    /// Invites somebody; an earlier invitation to the same address is good for nothing from then on. `issuer` is where the
    /// link leads.
    pub async fn invite(
        &self,
        invite: Invite,
        (mails, issuer): (&Mails, &str),
        actor: &Actor,
    ) -> Result<Invited, ApplyError> {
        let Invite { address, name, roles, language } = invite;
        if !is_address(&address) {
            return Err(ApplyError::Declaration(format!("{address}: is no email address")));
        }
        if let Some(unknown) = self.unknown_role(&roles).await? {
            return Err(ApplyError::Declaration(format!(
                "{unknown}: no such role is declared, see `signet apply`"
            )));
        }
        if self.store.users().by_login(&address).await?.is_some() {
            return Err(ApplyError::Conflict(format!("{address}: there is an account with this address")));
        }
        let now = self.clock.now();
        let secret = Secret::new(self.random.secret()?);
        let url = Secret::new(link(issuer, paths::JOIN, &secret));
        let token = NewActionToken {
            hash: SecretHash::of(secret.expose().as_bytes()),
            purpose: ActionPurpose::Invitation,
            user: None,
            address: address.clone(),
            details: serde_json::json!(Offered {
                name: name.clone(),
                roles: roles.clone(),
                language: language.clone()
            }),
            created_at: now,
            expires_at: now + TimeDelta::days(DAYS.into()),
        };
        let to = Addressee { name, ..Addressee::stranger(address, language) };
        let mail = Mail::Invitation { link: url.expose().clone(), days: DAYS };
        let invited = Event::UserInvited { invitation: name_of(&token.hash), roles };
        let event = actor.event(now, Subjects::default(), invited);
        let sending = Sending { store: &self.store, mails, token, to, mail };
        match sending.send(vec![event]).await? {
            Committed::Yes => Ok(Invited { link: (!mails.is_on()).then_some(url), days: DAYS }),
            _ => Err(ApplyError::Conflict("the invitation could not be kept: try again".to_owned())),
        }
    }

    /// The first of these roles that neither exists by itself nor is declared.
    pub(super) async fn unknown_role(&self, roles: &[String]) -> Result<Option<String>, StoreError> {
        let book = self.store.roles().book().await?;
        Ok(roles.iter().find(|name| !book.knows(name)).cloned())
    }
}

//! Somebody gets another password. Only they choose it: what an administrator had chosen, the administrator would know.

use super::super::clients::{Changing, as_seen};
use super::super::{Actor, Admin, AdminError};
use super::of;
use crate::links::{RESET_MINUTES, link, paths};
use crate::mail::{Addressee, Mail};
use chrono::TimeDelta;
use signet_protocol::audit::Event;
use signet_protocol::environment::Moment;
use signet_protocol::id::UserId;
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::user::User;
use signet_store::{ActionPurpose, NewActionToken, StoreError};

/// A link to a new password.
#[derive(Debug)]
pub struct ResetLink {
    /// The link itself, if no mail leaves this server: somebody has to pass it on. Nobody can read it again.
    pub link: Option<Secret<String>>,
    /// How many minutes it is good for. After that its owner asks for another one themselves, where mail leaves.
    pub minutes: u32,
}

impl Admin {
    /// Takes somebody's password away and ends whatever it let in; they are mailed a link by which they choose another.
    /// `seen`: the state that was seen; none: whatever it is now.
    pub async fn reset_password(
        &self,
        actor: &Actor,
        id: &UserId,
        seen: Option<Moment>,
    ) -> Result<ResetLink, AdminError> {
        let record = self.changeable_user(actor, id).await?;
        as_seen(&record, Changing { seen, dry_run: false })?;
        let user = User { password_hash: None, updated_at: record.updated_at, ..record.item.user };
        if user.disabled {
            return Err(AdminError::Conflict("they are disabled: enable them first".to_owned()));
        }
        let Some(to) = Addressee::of(&user) else {
            return Err(AdminError::Conflict("they have no email address: give them one first".to_owned()));
        };
        let server = self.server()?;
        let now = self.clock.now();
        let secret = Secret::new(self.random.secret()?);
        let url = Secret::new(link(&server.settings.issuer, paths::RESET, &secret));
        let token = NewActionToken {
            hash: SecretHash::of(secret.expose().as_bytes()),
            purpose: ActionPurpose::ResetPassword,
            address: to.address.clone(),
            user: Some(user),
            details: serde_json::Value::Null,
            created_at: now,
            expires_at: now + TimeDelta::minutes(RESET_MINUTES.into()),
        };
        let mail = Mail::ResetPassword { link: url.expose().clone(), minutes: RESET_MINUTES };
        let mails = server.mails.to(to, mail).map_err(StoreError::from)?;
        let events =
            [Event::PasswordChanged { by: "administration" }, Event::LinkSent { purpose: "reset_password" }];
        let events = events.into_iter().map(|event| actor.event(now, of(id), event)).collect();
        let written = self.store.users().reset_password(token, now, (events, mails)).await?;
        self.user_written(written).await?;
        server.mails.wake();
        Ok(ResetLink { link: (!server.mails.is_on()).then_some(url), minutes: RESET_MINUTES })
    }
}

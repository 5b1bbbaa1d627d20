//! A new password by a link. Everything that the old one let in ends; a second factor is asked for as ever.

use super::{Links, NotChosen};
use crate::authorize::{Visit, unavailable};
use crate::mail::Mail;
use signet_protocol::audit::Event;
use signet_protocol::error::AuthorizeRefusal;
use signet_protocol::password::Person;
use signet_protocol::secret::Secret;
use signet_store::{ActionPurpose, Committed};

/// How replacing a password came out.
#[derive(Debug)]
pub enum ResetOutcome {
    /// It is replaced.
    Done,
    /// The link is good for nothing any more.
    Gone,
    /// The new password was not taken.
    NotChosen(NotChosen),
}

impl Links {
    /// The form with the new password was sent.
    pub async fn reset(
        &self,
        sealed: &str,
        password: &Secret<String>,
        visit: &Visit<'_>,
    ) -> Result<ResetOutcome, AuthorizeRefusal> {
        let found = self.carried(sealed, &[ActionPurpose::ResetPassword], visit).await?;
        let Some((link, hash)) = found else { return Ok(ResetOutcome::Gone) };
        let Some(user) = link.user else { return Ok(ResetOutcome::Gone) };
        if let Err(limited) = self.take_choice(&hash, Some(&user.id), visit).await {
            return Ok(ResetOutcome::NotChosen(limited.into()));
        }
        let new = match self.passwords.choose(password, Person::of(&user)).await {
            Ok(new) => new,
            Err(unfit) => return Ok(ResetOutcome::NotChosen(unfit.into())),
        };
        let event = self.event(visit.origin, Some(&user.id), Event::PasswordChanged { by: "link" });
        let mails = self.mails.to_user(&user, Mail::PasswordChanged).map_err(crate::authorize::internal)?;
        let tokens = self.store.action_tokens();
        let written = tokens.reset_password(hash, new, self.clock.now(), (vec![event], mails)).await;
        let written = written.map_err(unavailable)?;
        self.feed.announce(&written.changes).await;
        if written.committed != Committed::Yes {
            return Ok(ResetOutcome::Gone);
        }
        self.mails.wake();
        Ok(ResetOutcome::Done)
    }
}

//! What people prove themselves with besides the password: seeing what kinds there are, and taking them away from whoever lost
//! them.

use super::super::{Actor, Admin, AdminError};
use crate::factors::Passkey;
use crate::mail::Mail;
use signet_protocol::environment::Moment;
use signet_protocol::factor::Factor;
use signet_protocol::id::UserId;
use signet_protocol::permission::Permission;
use signet_store::{RemovalMails, StoreError, TakenAway, TakenOutcome};

/// What somebody has. Nothing by which anything could be proved is in it.
#[derive(Debug)]
pub struct KnownFactors {
    /// Since when they have their authenticator app, and when it was last used, if it was.
    pub app: Option<(Moment, Option<Moment>)>,
    /// Their passkeys, oldest first.
    pub passkeys: Vec<Passkey>,
    /// How many recovery codes were not used yet.
    pub recovery_codes: u32,
    /// In how many browsers they are not asked for a second step.
    pub remembered_browsers: usize,
}

impl Admin {
    /// What kinds of factors somebody has.
    pub async fn user_factors(&self, actor: &Actor, id: &UserId) -> Result<KnownFactors, AdminError> {
        actor.must_have(Permission::UsersRead)?;
        let record = self.known_user(id).await?;
        let factors = &self.server()?.factors;
        Ok(KnownFactors {
            app: factors.own_app(id).await?,
            passkeys: factors.list_passkeys(id).await?,
            recovery_codes: factors.enrolled(&record.item.user).await?.recovery_codes,
            remembered_browsers: factors.list_remembered(id).await?.len(),
        })
    }

    /// Takes factors away from somebody who lost them. Whoever has found them may be signed in: everything of the person's
    /// ends. They are told by mail.
    pub async fn take_factors(&self, actor: &Actor, id: &UserId, what: TakenAway) -> Result<(), AdminError> {
        let record = self.changeable_user(actor, id).await?;
        let server = self.server()?;
        let mail = |factor| {
            let mail = Mail::FactorRemoved { factor };
            server.mails.to_user(&record.item.user, mail).map_err(StoreError::from)
        };
        let mails = RemovalMails { app: mail(Factor::Totp)?, passkey: mail(Factor::Passkey)? };
        let told = (actor.origin().clone(), mails);
        let times = (record.updated_at, self.clock.now());
        match self.store.factors().take_away(id.clone(), what, times, told).await? {
            TakenOutcome::Taken(changes) => {
                self.announce_changes(&changes).await;
                server.mails.wake();
                Ok(())
            }
            TakenOutcome::NoFactor => Err(AdminError::NotFound("factor")),
            TakenOutcome::Nobody => Err(AdminError::NotFound("user")),
            TakenOutcome::Overtaken => Err(AdminError::Overtaken),
        }
    }
}

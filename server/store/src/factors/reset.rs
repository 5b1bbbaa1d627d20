//! Factors are taken away from somebody who cannot do it themselves any more: the phone is lost, or in the wrong hands.

use super::{Factors, forget_idle_recovery_codes};
use crate::audit;
use crate::column::millis;
use crate::entity::{passkey, recovery_code, totp, user};
use crate::error::StoreError;
use crate::mails::{self, NewMail};
use crate::revoke::{Ending, end_all_of_user};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use signet_protocol::factor::Factor;
use signet_protocol::id::{PasskeyId, UserId};

/// What is taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakenAway {
    /// Everything that they prove themselves with besides the password.
    All,
    /// The authenticator app.
    App,
    /// One passkey.
    Passkey(PasskeyId),
}

/// How it came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakenOutcome {
    /// They are gone, and with them what the changes say.
    Taken(Vec<Change>),
    /// The person has no such factor.
    NoFactor,
    /// There is no such person.
    Nobody,
    /// The person was changed, or came into a group or left one, since they were looked at.
    Overtaken,
}

/// Mails to queue, each if what it tells of comes to be.
#[derive(Clone, Debug, Default)]
pub struct RemovalMails {
    /// The authenticator app is gone.
    pub app: Vec<NewMail>,
    /// A passkey is gone.
    pub passkey: Vec<NewMail>,
}

impl Factors<'_> {
    /// Takes factors away, and ends whatever is signed in or granted in the person's name: whoever has the factor may be
    /// there. Recovery codes go with the last one. `seen`: what the person was like who may lose them.
    pub async fn take_away(
        self,
        user: UserId,
        what: TakenAway,
        (seen, now): (Moment, Moment),
        (origin, mails): (Origin, RemovalMails),
    ) -> Result<TakenOutcome, StoreError> {
        let ending = Ending { now, reason: "factor_removed", origin };
        self.0
            .write((user, (what, seen), ending, mails), |(user, (what, seen), ending, mails), transaction| {
                Box::pin(take_away(transaction, (user, what, *seen), ending, mails))
            })
            .await
    }
}

async fn take_away(
    transaction: &DatabaseTransaction,
    (user, what, seen): (&UserId, &TakenAway, Moment),
    ending: &Ending,
    mails: &RemovalMails,
) -> Result<TakenOutcome, StoreError> {
    let person = user::Entity::find_by_id(user.as_str()).lock_exclusive().one(transaction).await?;
    let Some(person) = person else { return Ok(TakenOutcome::Nobody) };
    if person.updated_at != millis(seen) {
        return Ok(TakenOutcome::Overtaken);
    }
    let apps = match what {
        TakenAway::All | TakenAway::App => {
            totp::Entity::delete_by_id(user.as_str()).exec(transaction).await?.rows_affected
        }
        TakenAway::Passkey(_) => 0,
    };
    let mut theirs = Condition::all().add(passkey::Column::UserId.eq(user.as_str()));
    if let TakenAway::Passkey(id) = what {
        theirs = theirs.add(passkey::Column::Id.eq(id.as_str()));
    }
    let passkeys = match what {
        TakenAway::App => 0,
        _ => passkey::Entity::delete_many().filter(theirs).exec(transaction).await?.rows_affected,
    };
    if apps + passkeys == 0 {
        return Ok(TakenOutcome::NoFactor);
    }
    if *what == TakenAway::All {
        let theirs = recovery_code::Column::UserId.eq(user.as_str());
        recovery_code::Entity::delete_many().filter(theirs).exec(transaction).await?;
    }
    forget_idle_recovery_codes(transaction, user).await?;
    let mut events = Vec::new();
    for (count, factor, mails) in
        [(apps, Factor::Totp, &mails.app), (passkeys, Factor::Passkey, &mails.passkey)]
    {
        if count > 0 {
            mails::insert(transaction, mails).await?;
        }
        events.extend((0..count).map(|_| removed(user, factor, ending)));
    }
    let changes = end_all_of_user(transaction, user, ending).await?;
    audit::insert(transaction, &events).await?;
    Ok(TakenOutcome::Taken(changes))
}

fn removed(user: &UserId, factor: Factor, ending: &Ending) -> AuditEvent {
    AuditEvent {
        at: ending.now,
        origin: ending.origin.clone(),
        subjects: Subjects { user_id: Some(user.clone()), ..Subjects::default() },
        event: Event::FactorRemoved { factor },
    }
}

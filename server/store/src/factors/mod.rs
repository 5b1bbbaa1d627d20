//! What people prove themselves with besides the password.

pub(crate) mod devices;
mod email_codes;
mod grounds;
mod passkeys;
mod recovery_codes;
mod removal;
mod reset;
mod totp;

pub use devices::{RememberedDevice, RememberedDevices};
pub use email_codes::{EmailCodes, SentCode};
pub use grounds::{Grounds, Standing};
pub use passkeys::{Answered, MAX_PASSKEYS, PasskeyAdded, PasskeyRow, Passkeys};
pub use recovery_codes::RecoveryCodes;
pub use removal::{Removal, Removed};
pub use reset::{RemovalMails, TakenAway, TakenOutcome};
pub use totp::{TotpRow, Totps};

use crate::Store;
use crate::audit;
use crate::email_changes;
use crate::entity::{passkey, recovery_code, totp as totp_entity};
use crate::error::StoreError;
use crate::mails::{self, NewMail};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, Statement};
use signet_protocol::audit::AuditEvent;
use signet_protocol::factor::Enrolled;
use signet_protocol::id::{PasskeyId, UserId};

/// One query: it is asked at every sign-in.
const ENROLLED: &str = "SELECT \
     (SELECT count(*) FROM totp WHERE user_id = $1), \
     (SELECT count(*) FROM passkeys WHERE user_id = $1), \
     (SELECT count(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL)";

/// Factors of all kinds.
#[derive(Clone, Copy, Debug)]
pub struct Factors<'a>(pub(crate) &'a Store);

impl Factors<'_> {
    /// What a person has enrolled, as far as the database knows: whether their address counts is the operator's decision.
    pub async fn enrolled(self, user: &UserId) -> Result<Enrolled, StoreError> {
        let backend = self.0.reads().get_database_backend();
        let statement = Statement::from_sql_and_values(backend, ENROLLED, [user.as_str().into()]);
        let row = self.0.reads().query_one_raw(statement).await?;
        let row = row.ok_or_else(|| StoreError::Corrupt("counting gave no row".into()))?;
        let count = |index| row.try_get_by_index::<i64>(index);
        Ok(Enrolled {
            totp: count(0)? > 0,
            passkey: count(1)? > 0,
            recovery_codes: u32::try_from(count(2)?).unwrap_or(u32::MAX),
            email: false,
        })
    }
}

/// Records and queues what tells of a change.
async fn tell(
    transaction: &DatabaseTransaction,
    (events, mails): &(Vec<AuditEvent>, Vec<NewMail>),
) -> Result<(), StoreError> {
    mails::insert(transaction, mails).await?;
    audit::insert(transaction, events).await
}

/// What ends when a factor is set up: what a person could do without it elsewhere.
async fn strengthened(
    transaction: &DatabaseTransaction,
    user: &UserId,
    standing: &Standing,
) -> Result<(), StoreError> {
    devices::forget_all(transaction, user).await?;
    email_changes::end_of_others(transaction, user, standing).await
}

/// Whether a person has an authenticator app or a passkey.
async fn has_factor(transaction: &DatabaseTransaction, user: &UserId) -> Result<bool, StoreError> {
    Ok(has_app(transaction, user).await? || has_passkey_besides(transaction, user, None).await?)
}

async fn has_app(transaction: &DatabaseTransaction, user: &UserId) -> Result<bool, StoreError> {
    Ok(totp_entity::Entity::find_by_id(user.as_str()).one(transaction).await?.is_some())
}

/// Whether a person has a passkey that is not this one.
async fn has_passkey_besides(
    transaction: &DatabaseTransaction,
    user: &UserId,
    id: Option<&PasskeyId>,
) -> Result<bool, StoreError> {
    let mut theirs = passkey::Entity::find().filter(passkey::Column::UserId.eq(user.as_str()));
    if let Some(id) = id {
        theirs = theirs.filter(passkey::Column::Id.ne(id.as_str()));
    }
    Ok(theirs.one(transaction).await?.is_some())
}

/// Recovery codes stand in for a factor: they go with the last one.
async fn forget_idle_recovery_codes(
    transaction: &DatabaseTransaction,
    user: &UserId,
) -> Result<(), StoreError> {
    if has_factor(transaction, user).await? {
        return Ok(());
    }
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(user.as_str()))
        .exec(transaction)
        .await?;
    Ok(())
}

//! The applications that a person let in.

use super::Account;
use crate::audit;
use crate::column::moment;
use crate::entity::{code, consent, grant};
use crate::error::StoreError;
use crate::grants::{grant as loaded, live};
use crate::revoke::{Ending, end_grants, forget_codes};
use crate::store::{Committed, Written};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::grant::Grant;
use signet_protocol::id::{ClientId, UserId};
use signet_protocol::scope::Scope;

/// Consent that is remembered.
#[derive(Clone, Debug, PartialEq)]
pub struct RememberedConsent {
    /// Whom it was given.
    pub client_id: ClientId,
    /// What for.
    pub scope: Scope,
    /// When it was last given.
    pub at: Moment,
}

/// What applications may do in a person's name.
#[derive(Clone, Debug, Default)]
pub struct Applications {
    /// What they need not ask for again.
    pub consents: Vec<RememberedConsent>,
    /// What they hold now.
    pub grants: Vec<Grant>,
}

impl Account<'_> {
    /// The consents that are remembered and the grants that are live, each by client.
    pub async fn applications(&self, now: Moment) -> Result<Applications, StoreError> {
        let consents = consent::Entity::find()
            .filter(consent::Column::UserId.eq(self.person.as_str()))
            .order_by_asc(consent::Column::ClientId)
            .all(self.store.reads())
            .await?;
        let grants = grant::Entity::find()
            .filter(grant::Column::UserId.eq(self.person.as_str()))
            .filter(live(now))
            .order_by_asc(grant::Column::ClientId)
            .order_by_asc(grant::Column::CreatedAt)
            .all(self.store.reads())
            .await?;
        Ok(Applications {
            consents: consents.into_iter().map(remembered).collect::<Result<_, _>>()?,
            grants: grants.into_iter().map(loaded).collect::<Result<_, _>>()?,
        })
    }

    /// Takes back what this person allowed a client: the consent is forgotten, and its grants, their tokens and unspent
    /// codes end. [`Committed::Stale`]: there was nothing to take back.
    pub async fn withdraw(
        &self,
        client_id: ClientId,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Written, StoreError> {
        let data = (self.person.clone(), client_id, now, events);
        self.store
            .write(data, |(person, client_id, now, events), transaction| {
                Box::pin(withdraw(transaction, (person, client_id), *now, events))
            })
            .await
    }
}

async fn withdraw(
    transaction: &DatabaseTransaction,
    (person, client_id): (&UserId, &ClientId),
    now: Moment,
    events: &[AuditEvent],
) -> Result<Written, StoreError> {
    let key = (person.as_str().to_owned(), client_id.as_str().to_owned());
    let forgotten = consent::Entity::delete_by_id(key).exec(transaction).await?.rows_affected;
    // Codes first: one that is being redeemed at this moment is waited for, and its grant is then there to end.
    let codes = Condition::all()
        .add(code::Column::UserId.eq(person.as_str()))
        .add(code::Column::ClientId.eq(client_id.as_str()));
    forget_codes(transaction, codes).await?;
    let grants = Condition::all()
        .add(grant::Column::UserId.eq(person.as_str()))
        .add(grant::Column::ClientId.eq(client_id.as_str()));
    let changes = end_grants(transaction, grants, &Ending::told_by(events, now, "withdrawn_by_user")).await?;
    if forgotten == 0 && changes.is_empty() {
        return Ok(Written::not(Committed::Stale));
    }
    audit::insert(transaction, events).await?;
    Ok(Written::yes(changes))
}

fn remembered(row: consent::Model) -> Result<RememberedConsent, StoreError> {
    Ok(RememberedConsent {
        client_id: ClientId::new(row.client_id),
        scope: Scope::parse(&row.scope)
            .map_err(|_| StoreError::Corrupt("a consent is not readable".into()))?,
        at: moment(row.updated_at)?,
    })
}

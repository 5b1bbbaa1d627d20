//! Browsers in which a person is not asked for a second factor. What they are kept by says no more than that.

use crate::Store;
use crate::audit;
use crate::column::{millis, moment};
use crate::entity::remembered_device::{Column, Entity, Model};
use crate::error::StoreError;
use crate::revoke::user_is_live;
use crate::store::Committed;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::id::{DeviceId, UserId};
use signet_protocol::secret::SecretHash;
use std::net::IpAddr;

/// Remembered browsers.
#[derive(Clone, Copy, Debug)]
pub struct RememberedDevices<'a>(pub(crate) &'a Store);

/// A remembered browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RememberedDevice {
    /// Names it in forms.
    pub id: DeviceId,
    /// Whose it is.
    pub user_id: UserId,
    /// Since when.
    pub created_at: Moment,
    /// Until when.
    pub expires_at: Moment,
    /// Where it was then.
    pub address: Option<IpAddr>,
    /// What it called itself.
    pub user_agent: Option<String>,
}

impl RememberedDevices<'_> {
    /// Remembers a browser by the hash of a secret that it keeps. [`Committed::SubjectGone`]: the person is not live.
    pub async fn remember(
        self,
        device: RememberedDevice,
        secret: SecretHash,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        let row = Model {
            id: device.id.as_str().to_owned(),
            user_id: device.user_id.as_str().to_owned(),
            secret_hash: secret.0.to_vec(),
            created_at: millis(device.created_at),
            expires_at: millis(device.expires_at),
            address: device.address.map(|address| address.to_string()),
            user_agent: device.user_agent,
        };
        self.0
            .write((device.user_id, row, events), |(user, row, events), transaction| {
                Box::pin(async move {
                    if !user_is_live(transaction, user).await? {
                        return Ok(Committed::SubjectGone);
                    }
                    Entity::insert(row.clone().into_active_model())
                        .exec_without_returning(transaction)
                        .await?;
                    audit::insert(transaction, events).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }

    /// Whether this secret is one of a person's remembered browsers, and since when.
    pub async fn since(
        self,
        user: &UserId,
        secret: &SecretHash,
        now: Moment,
    ) -> Result<Option<Moment>, StoreError> {
        let found = Entity::find()
            .filter(Column::SecretHash.eq(secret.0.to_vec()))
            .filter(Column::UserId.eq(user.as_str()))
            .filter(Column::ExpiresAt.gt(millis(now)))
            .one(self.0.reads())
            .await?;
        found.map(|row| moment(row.created_at)).transpose()
    }

    /// A person's remembered browsers, latest first.
    pub async fn of(self, user: &UserId, now: Moment) -> Result<Vec<RememberedDevice>, StoreError> {
        let rows = Entity::find()
            .filter(Column::UserId.eq(user.as_str()))
            .filter(Column::ExpiresAt.gt(millis(now)))
            .order_by_desc(Column::CreatedAt)
            .order_by_asc(Column::Id)
            .all(self.0.reads())
            .await?;
        rows.into_iter().map(device).collect()
    }

    /// Forgets one of a person's browsers, or all of them. [`Committed::Stale`]: there is none.
    pub async fn forget(
        self,
        user: UserId,
        id: Option<DeviceId>,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        self.0
            .write((user, id, events), |(user, id, events), transaction| {
                Box::pin(async move {
                    let mut theirs = Entity::delete_many().filter(Column::UserId.eq(user.as_str()));
                    if let Some(id) = id {
                        theirs = theirs.filter(Column::Id.eq(id.as_str()));
                    }
                    if theirs.exec(transaction).await?.rows_affected == 0 {
                        return Ok(Committed::Stale);
                    }
                    audit::insert(transaction, events).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }
}

/// Forgets a person's browsers within a transaction: another password or factor is asked for everywhere.
pub(crate) async fn forget_all(transaction: &DatabaseTransaction, user: &UserId) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::UserId.eq(user.as_str())).exec(transaction).await?;
    Ok(())
}

fn device(row: Model) -> Result<RememberedDevice, StoreError> {
    Ok(RememberedDevice {
        id: DeviceId::new(row.id),
        user_id: UserId::new(row.user_id),
        created_at: moment(row.created_at)?,
        expires_at: moment(row.expires_at)?,
        address: row.address.and_then(|address| address.parse().ok()),
        user_agent: row.user_agent,
    })
}

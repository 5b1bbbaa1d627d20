//! A person's claims.

use super::Account;
use crate::audit;
use crate::column::{json, millis};
use crate::entity::user::{Column, Entity};
use crate::error::StoreError;
use crate::page::next_change;
use crate::revoke::user_is_live;
use crate::store::Committed;
use crate::users::name_key;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::user::Profile;

impl Account<'_> {
    /// Changes the claims that stood since `last_changed`. [`Committed::Stale`]: something about this person was changed
    /// after that. [`Committed::SubjectGone`]: the person is not live.
    pub async fn change_profile(
        &self,
        profile: Profile,
        last_changed: Moment,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        let profile = (json(&profile)?, name_key(&profile));
        let data = (self.person.clone(), profile, last_changed, now, events);
        self.store
            .write(data, |(person, (profile, name), last_changed, now, events), transaction| {
                Box::pin(async move {
                    let updated = Entity::update_many()
                        .col_expr(Column::Profile, Expr::value(&**profile))
                        .col_expr(Column::NameKey, Expr::value(&**name))
                        .col_expr(Column::UpdatedAt, next_change(Column::UpdatedAt, millis(*now)))
                        .filter(Column::Id.eq(person.as_str()))
                        .filter(Column::UpdatedAt.eq(millis(*last_changed)))
                        .filter(Column::Disabled.eq(false))
                        .exec(transaction)
                        .await?;
                    if updated.rows_affected == 1 {
                        audit::insert(transaction, events).await?;
                        return Ok(Committed::Yes);
                    }
                    let live = user_is_live(transaction, person).await?;
                    Ok(if live { Committed::Stale } else { Committed::SubjectGone })
                })
            })
            .await
    }
}

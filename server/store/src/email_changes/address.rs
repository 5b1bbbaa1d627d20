//! A person gets another address.

use crate::column::millis;
use crate::entity::email_change;
use crate::entity::user::{Column, Entity, Model};
use crate::error::StoreError;
use crate::page::next_change;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter};
use signet_protocol::environment::Moment;

/// Whether a user name is an address, which names nobody but its owner, and could not become the new one along with the
/// old: it is another one, or a declaration knows the person by it.
pub(super) fn name_stays(owner: &Model, key: &str) -> bool {
    moves(owner, key) && (owner.managed_by.is_some() || owner.email_key.as_ref() != Some(&owner.username_key))
}

fn moves(owner: &Model, key: &str) -> bool {
    owner.username_key.contains('@') && owner.username_key != key
}

/// Gives a person the new address, unless somebody else goes by it. A user name that was the old address goes along.
pub(super) async fn replace(
    transaction: &DatabaseTransaction,
    owner: &Model,
    change: &email_change::Model,
    now: Moment,
) -> Result<bool, StoreError> {
    let key = &*change.address_key;
    if name_stays(owner, key) {
        return Ok(false);
    }
    let others = Query::select()
        .expr(Expr::val(1))
        .from_as(Entity, "other")
        .and_where(Expr::col(("other", Column::Id)).ne(&*owner.id))
        .cond_where(
            Condition::any()
                .add(Expr::col(("other", Column::UsernameKey)).eq(key))
                .add(Expr::col(("other", Column::EmailKey)).eq(key)),
        )
        .take();
    let mut update = Entity::update_many()
        .col_expr(Column::Email, Expr::value(&*change.address))
        .col_expr(Column::EmailKey, Expr::value(key))
        .col_expr(Column::EmailVerified, Expr::value(true))
        .col_expr(Column::UpdatedAt, next_change(Column::UpdatedAt, millis(now)));
    if moves(owner, key) {
        update = update
            .col_expr(Column::Username, Expr::value(&*change.address))
            .col_expr(Column::UsernameKey, Expr::value(key));
    }
    let update = update.filter(Column::Id.eq(&*owner.id)).filter(Expr::exists(others).not());
    Ok(update.exec(transaction).await?.rows_affected == 1)
}

//! What several verbs have in common: whether those concerned are live, and ending sessions and grants.

use crate::audit;
use crate::changes;
use crate::column::{millis, moment};
use crate::email_changes;
use crate::entity::{client, code, grant, partial_sign_in, session, user};
use crate::error::StoreError;
use crate::factors::devices::forget_all;
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use signet_protocol::audit::{AuditEvent, Event, Origin, Subjects};
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use signet_protocol::id::{ClientId, GrantId, SessionId, UserId};

/// Whether a user and a client are live (and the user's account is not going to be deleted), and a session where one is named (at a moment), all held in that state until the
/// transaction ends: whoever disables or ends one of them waits, and then sees what this transaction made.
pub(crate) async fn subjects_are_live(
    transaction: &DatabaseTransaction,
    user_id: &UserId,
    client_id: &ClientId,
    session: Option<(&SessionId, Moment)>,
) -> Result<bool, StoreError> {
    let mut query = Query::select()
        .expr(Expr::val(1))
        .from(user::Entity)
        .inner_join(
            client::Entity,
            Expr::col((client::Entity, client::Column::ClientId)).eq(client_id.as_str()),
        )
        .and_where(Expr::col((user::Entity, user::Column::Id)).eq(user_id.as_str()))
        .and_where(Expr::col((user::Entity, user::Column::Disabled)).eq(false))
        .and_where(Expr::col((user::Entity, user::Column::DeletesAt)).is_null())
        .and_where(Expr::col((client::Entity, client::Column::Disabled)).eq(false))
        .lock_shared()
        .take();
    if let Some((sid, now)) = session {
        query
            .inner_join(session::Entity, Expr::col((session::Entity, session::Column::Sid)).eq(sid.as_str()))
            .and_where(Expr::col((session::Entity, session::Column::EndedAt)).is_null())
            .and_where(Expr::col((session::Entity, session::Column::ExpiresAt)).gt(millis(now)));
    }
    Ok(transaction.query_one(&query).await?.is_some())
}

/// Whether a user is live, held in that state until the transaction ends.
pub(crate) async fn user_is_live(
    transaction: &DatabaseTransaction,
    user_id: &UserId,
) -> Result<bool, StoreError> {
    let found: Option<String> = user::Entity::find_by_id(user_id.as_str())
        .filter(user::Column::Disabled.eq(false))
        .select_only()
        .column(user::Column::Id)
        .lock_shared()
        .into_tuple()
        .one(transaction)
        .await?;
    Ok(found.is_some())
}

/// Why something ends, when, and on whose request.
#[derive(Clone, Debug)]
pub(crate) struct Ending {
    pub(crate) now: Moment,
    pub(crate) reason: &'static str,
    pub(crate) origin: Origin,
}

impl Ending {
    /// An ending on the request that `events` tell of.
    pub(crate) fn told_by(events: &[AuditEvent], now: Moment, reason: &'static str) -> Self {
        let origin = events.first().map(|event| event.origin.clone()).unwrap_or_default();
        Self { now, reason, origin }
    }
}

/// Ends the live grants that meet `condition`; each gets an entry in the feed and in the audit log.
pub(crate) async fn end_grants(
    transaction: &DatabaseTransaction,
    condition: Condition,
    ending: &Ending,
) -> Result<Vec<Change>, StoreError> {
    let ended = update_grants(transaction, condition, ending).await?;
    let mut changes = Vec::with_capacity(ended.len());
    let mut events = Vec::with_capacity(ended.len());
    for row in &ended {
        changes.push(revocation(row)?);
        events.push(AuditEvent {
            at: ending.now,
            origin: ending.origin.clone(),
            subjects: Subjects {
                user_id: Some(row.user_id.as_str().into()),
                client_id: Some(row.client_id.as_str().into()),
                sid: Some(row.sid.as_str().into()),
                grant_id: Some(row.id.as_str().into()),
            },
            event: Event::GrantRevoked { reason: ending.reason },
        });
    }
    changes::insert(transaction, &changes, ending.now).await?;
    audit::insert(transaction, &events).await?;
    Ok(changes)
}

/// Marks the live grants that meet `condition` as revoked and gives their rows as they are then.
pub(crate) async fn update_grants(
    transaction: &DatabaseTransaction,
    condition: Condition,
    ending: &Ending,
) -> Result<Vec<grant::Model>, StoreError> {
    Ok(grant::Entity::update_many()
        .col_expr(grant::Column::RevokedAt, Expr::value(millis(ending.now)))
        .col_expr(grant::Column::RevokedBecause, Expr::value(ending.reason))
        .filter(condition)
        .filter(grant::Column::RevokedAt.is_null())
        .exec_with_returning(transaction)
        .await?)
}

/// The feed's entry for a grant that was just revoked.
pub(crate) fn revocation(row: &grant::Model) -> Result<Change, StoreError> {
    Ok(Change::GrantRevoked {
        grant_id: GrantId::new(row.id.as_str()),
        expires_at: moment(row.access_token_expires_at)?,
    })
}

/// Ends a user's sessions, grants, unspent codes and ways back.
pub(crate) async fn end_all_of_user(
    transaction: &DatabaseTransaction,
    user_id: &UserId,
    ending: &Ending,
) -> Result<Vec<Change>, StoreError> {
    let sessions = session::Column::UserId.eq(user_id.as_str()).into_condition();
    mark_sessions_ended(transaction, sessions, ending.now).await?;
    forget_ways_back(transaction, user_id).await?;
    forget_codes(transaction, code::Column::UserId.eq(user_id.as_str()).into_condition()).await?;
    end_grants(transaction, grant::Column::UserId.eq(user_id.as_str()).into_condition(), ending).await
}

/// Forgets what would let somebody in without the whole of a sign-in, now or later: half sign-ins, browsers in which no second
/// factor is asked for, and a change of address that is not done yet. Sessions are ended first, so that none of them leaves
/// anything of it behind.
pub(crate) async fn forget_ways_back(
    transaction: &DatabaseTransaction,
    user_id: &UserId,
) -> Result<(), StoreError> {
    partial_sign_in::Entity::delete_many()
        .filter(partial_sign_in::Column::UserId.eq(user_id.as_str()))
        .exec(transaction)
        .await?;
    email_changes::end(transaction, user_id).await?;
    forget_all(transaction, user_id).await
}

/// Ends a client's grants and unspent codes. There may be any number: its counter, which rises with that, ends their tokens,
/// so that none is named one by one.
pub(crate) async fn end_all_of_client(
    transaction: &DatabaseTransaction,
    client_id: &ClientId,
    (now, reason): (Moment, &'static str),
) -> Result<(), StoreError> {
    forget_codes(transaction, code::Column::ClientId.eq(client_id.as_str()).into_condition()).await?;
    grant::Entity::update_many()
        .col_expr(grant::Column::RevokedAt, Expr::value(millis(now)))
        .col_expr(grant::Column::RevokedBecause, Expr::value(reason))
        .filter(grant::Column::ClientId.eq(client_id.as_str()))
        .filter(grant::Column::RevokedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(())
}

/// Ends a session, and with it what was granted for as long as it lasts; nothing if it has ended already.
pub(crate) async fn end_session(
    transaction: &DatabaseTransaction,
    sid: &SessionId,
    ending: &Ending,
) -> Result<Option<Vec<Change>>, StoreError> {
    let this = session::Column::Sid.eq(sid.as_str()).into_condition();
    if mark_sessions_ended(transaction, this, ending.now).await? == 0 {
        return Ok(None);
    }
    let codes = Condition::all().add(code::Column::Sid.eq(sid.as_str())).add(code::Column::Offline.eq(false));
    forget_codes(transaction, codes).await?;
    let grants =
        Condition::all().add(grant::Column::Sid.eq(sid.as_str())).add(grant::Column::Offline.eq(false));
    Ok(Some(end_grants(transaction, grants, ending).await?))
}

/// Sessions that were ended together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndedSessions {
    /// Those that were live until then.
    pub sids: Vec<SessionId>,
    /// What nodes must hear of.
    pub changes: Vec<Change>,
}

/// Ends the sessions that meet `condition`, and with them what was granted for as long as they last; each gets an entry
/// in the audit log.
pub(crate) async fn end_sessions(
    transaction: &DatabaseTransaction,
    condition: Condition,
    ending: &Ending,
) -> Result<EndedSessions, StoreError> {
    let ended = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(millis(ending.now)))
        .filter(condition)
        .filter(session::Column::EndedAt.is_null())
        .exec_with_returning(transaction)
        .await?;
    if ended.is_empty() {
        return Ok(EndedSessions::default());
    }
    let sids: Vec<String> = ended.iter().map(|row| row.sid.clone()).collect();
    let of_these = code::Column::Sid.is_in(sids.clone()).and(code::Column::Offline.eq(false));
    forget_codes(transaction, of_these.into_condition()).await?;
    let of_these = grant::Column::Sid.is_in(sids.clone()).and(grant::Column::Offline.eq(false));
    let changes = end_grants(transaction, of_these.into_condition(), ending).await?;
    let events: Vec<AuditEvent> = ended.into_iter().map(|row| session_ended(row, ending)).collect();
    audit::insert(transaction, &events).await?;
    Ok(EndedSessions { sids: sids.into_iter().map(SessionId::new).collect(), changes })
}

fn session_ended(row: session::Model, ending: &Ending) -> AuditEvent {
    AuditEvent {
        at: ending.now,
        origin: ending.origin.clone(),
        subjects: Subjects {
            user_id: Some(UserId::new(row.user_id)),
            sid: Some(SessionId::new(row.sid)),
            ..Subjects::default()
        },
        event: Event::SessionEnded { reason: ending.reason },
    }
}

async fn mark_sessions_ended(
    transaction: &DatabaseTransaction,
    condition: Condition,
    now: Moment,
) -> Result<u64, StoreError> {
    let ended = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(millis(now)))
        .filter(condition)
        .filter(session::Column::EndedAt.is_null())
        .exec(transaction)
        .await?;
    Ok(ended.rows_affected)
}

/// Forgets codes that nobody has redeemed. Redeemed ones stay, so that a replay is still known for one.
pub(crate) async fn forget_codes(
    transaction: &DatabaseTransaction,
    condition: Condition,
) -> Result<(), StoreError> {
    code::Entity::delete_many()
        .filter(condition)
        .filter(code::Column::RedeemedAs.is_null())
        .exec(transaction)
        .await?;
    Ok(())
}

//! Browser sessions.

use crate::Store;
use crate::audit;
use crate::column::{from_json, json, millis, moment};
use crate::entity::{session, user};
use crate::error::StoreError;
use crate::revoke::{Ending, end_session, user_is_live};
use crate::store::{Committed, Written};
use crate::users;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use signet_protocol::id::{InteractionId, SessionId, UserId};
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::session::{Acr, Authentication, Session};
use signet_protocol::user::User;
use std::net::IpAddr;
use std::time::Duration;

/// A session to begin.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The session.
    pub session: Session,
    /// SHA-256 of the secret that its cookie holds.
    pub secret_hash: SecretHash,
    /// It ends when unused for so long.
    pub idle_lifetime: Duration,
    /// Where the browser was.
    pub address: Option<IpAddr>,
    /// What it called itself.
    pub user_agent: Option<String>,
    /// The session that this one takes the place of: it ends.
    pub ends: Option<SessionId>,
    /// The hash that the person's password was compared with. If it is no longer theirs, no session begins.
    pub verified: Option<Secret<String>>,
}

/// Browser sessions.
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'a>(pub(crate) &'a Store);

impl Sessions<'_> {
    /// The session that a cookie's secret proves, and whose it is, while it is live: neither ended nor expired, nor idle
    /// for too long, nor a disabled user's.
    pub async fn by_secret(
        self,
        secret: &SecretHash,
        now: Moment,
    ) -> Result<Option<(Session, User)>, StoreError> {
        let now = millis(now);
        let column = |column| Expr::col((session::Entity, column));
        let idle_end = column(session::Column::LastSeenAt).add(column(session::Column::IdleLifetime));
        let found = session::Entity::find()
            .filter(session::Column::SecretHash.eq(secret.0.to_vec()))
            .filter(session::Column::EndedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(now))
            .filter(idle_end.gt(now))
            .filter(user::Column::Disabled.eq(false))
            .find_also_related(user::Entity)
            .one(self.0.reads())
            .await?;
        let Some((row, Some(person))) = found else { return Ok(None) };
        Ok(Some((session(row)?, users::user(person)?)))
    }

    /// The session behind a cookie that has not been ended, even if it has expired or was idle for too long: nobody is
    /// signed in by it any more, but grants may still hang on it.
    pub async fn unended(self, secret: &SecretHash) -> Result<Option<(SessionId, UserId)>, StoreError> {
        let row = session::Entity::find()
            .filter(session::Column::SecretHash.eq(secret.0.to_vec()))
            .filter(session::Column::EndedAt.is_null())
            .one(self.0.reads())
            .await?;
        Ok(row.map(|row| (SessionId::new(row.sid), UserId::new(row.user_id))))
    }

    /// Begins a session and ends the one it replaces. [`Committed::SubjectGone`]: the user is not live, or has got another
    /// password meanwhile.
    pub async fn begin(self, new: NewSession, events: Vec<AuditEvent>) -> Result<Written, StoreError> {
        self.0
            .write((new, events), |(new, events), transaction| Box::pin(begin(transaction, new, events)))
            .await
    }

    /// Records a new authentication in a session, under a new secret. [`Committed::Stale`]: the secret has changed or
    /// the session has ended meanwhile. [`Committed::SubjectGone`]: the user is not live.
    pub async fn reauthenticate(
        self,
        sid: SessionId,
        old: SecretHash,
        new: SecretHash,
        authentication: Authentication,
        tx: Option<InteractionId>,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        let amr = json(&authentication.amr)?;
        let data = (sid, old, new, authentication, amr, tx, events);
        self.0
            .write(data, |(sid, old, new, authentication, amr, tx, events), transaction| {
                Box::pin(async move {
                    let live_user = Query::select()
                        .expr(Expr::val(1))
                        .from(user::Entity)
                        .and_where(
                            Expr::col((user::Entity, user::Column::Id))
                                .equals((session::Entity, session::Column::UserId)),
                        )
                        .and_where(Expr::col((user::Entity, user::Column::Disabled)).eq(false))
                        .take();
                    let auth_time = millis(authentication.auth_time);
                    let updated = session::Entity::update_many()
                        .col_expr(session::Column::SecretHash, Expr::value(new.0.to_vec()))
                        .col_expr(session::Column::AuthTime, Expr::value(auth_time))
                        .col_expr(session::Column::LastSeenAt, Expr::value(auth_time))
                        .col_expr(session::Column::Acr, Expr::value(authentication.acr.as_str()))
                        .col_expr(session::Column::Amr, Expr::value(&**amr))
                        .col_expr(
                            session::Column::AuthenticatedIn,
                            Expr::value(tx.as_ref().map(|tx| tx.as_str().to_owned())),
                        )
                        .filter(session::Column::Sid.eq(sid.as_str()))
                        .filter(session::Column::SecretHash.eq(old.0.to_vec()))
                        .filter(session::Column::EndedAt.is_null())
                        .filter(Expr::exists(live_user))
                        .exec(transaction)
                        .await?;
                    if updated.rows_affected == 1 {
                        audit::insert(transaction, events).await?;
                        return Ok(Committed::Yes);
                    }
                    why_not(transaction, sid).await
                })
            })
            .await
    }

    /// Notes that a session was used. Worth a write once a minute, not at each request.
    pub async fn touch(self, sid: SessionId, now: Moment) -> Result<(), StoreError> {
        self.0
            .write((sid, now), |(sid, now), transaction| {
                Box::pin(async move {
                    session::Entity::update_many()
                        .col_expr(session::Column::LastSeenAt, Expr::value(millis(*now)))
                        .filter(session::Column::Sid.eq(sid.as_str()))
                        .filter(session::Column::LastSeenAt.lt(millis(*now)))
                        .exec(transaction)
                        .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Ends a session and the grants that last only as long as it does; gives what nodes must hear of. A session that has
    /// ended already changes nothing.
    pub async fn end(
        self,
        sid: SessionId,
        now: Moment,
        reason: &'static str,
        events: Vec<AuditEvent>,
    ) -> Result<Vec<Change>, StoreError> {
        self.0
            .write((sid, now, reason, events), |(sid, now, reason, events), transaction| {
                Box::pin(async move {
                    let ending = Ending::told_by(events, *now, reason);
                    let Some(changes) = end_session(transaction, sid, &ending).await? else {
                        return Ok(Vec::new());
                    };
                    audit::insert(transaction, events).await?;
                    Ok(changes)
                })
            })
            .await
    }
}

async fn begin(
    transaction: &DatabaseTransaction,
    new: &NewSession,
    events: &[AuditEvent],
) -> Result<Written, StoreError> {
    if !user_is_live(transaction, &new.session.user_id).await? {
        return Ok(Written::not(Committed::SubjectGone));
    }
    if let Some(verified) = &new.verified
        && !is_password_hash(transaction, &new.session.user_id, verified).await?
    {
        return Ok(Written::not(Committed::SubjectGone));
    }
    let changes = match &new.ends {
        Some(sid) => {
            let ending = Ending::told_by(events, new.session.created_at, "session_replaced");
            end_session(transaction, sid, &ending).await?.unwrap_or_default()
        }
        None => Vec::new(),
    };
    session::Entity::insert(row(new)?.into_active_model()).exec_without_returning(transaction).await?;
    audit::insert(transaction, events).await?;
    Ok(Written::yes(changes))
}

async fn is_password_hash(
    transaction: &DatabaseTransaction,
    id: &UserId,
    hash: &Secret<String>,
) -> Result<bool, StoreError> {
    let same = user::Entity::find_by_id(id.as_str())
        .filter(user::Column::PasswordHash.eq(hash.expose().as_str()))
        .one(transaction)
        .await?;
    Ok(same.is_some())
}

/// Why a session could not be changed.
async fn why_not(transaction: &DatabaseTransaction, sid: &SessionId) -> Result<Committed, StoreError> {
    let Some(row) = session::Entity::find_by_id(sid.as_str()).one(transaction).await? else {
        return Ok(Committed::Stale);
    };
    let live = user_is_live(transaction, &UserId::new(row.user_id)).await?;
    Ok(if live { Committed::Stale } else { Committed::SubjectGone })
}

pub(crate) fn session(row: session::Model) -> Result<Session, StoreError> {
    Ok(Session {
        authentication: Authentication {
            auth_time: moment(row.auth_time)?,
            acr: acr(&row.acr)?,
            amr: from_json(&row.amr, "an amr")?,
        },
        authenticated_in: row.authenticated_in.map(InteractionId::new),
        created_at: moment(row.created_at)?,
        last_seen_at: moment(row.last_seen_at)?,
        expires_at: moment(row.expires_at)?,
        sid: SessionId::new(row.sid),
        user_id: UserId::new(row.user_id),
    })
}

fn acr(text: &str) -> Result<Acr, StoreError> {
    [Acr::Aal1, Acr::Aal2, Acr::Phr]
        .into_iter()
        .find(|acr| acr.as_str() == text)
        .ok_or_else(|| StoreError::Corrupt("an acr is unknown".into()))
}

fn row(new: &NewSession) -> Result<session::Model, StoreError> {
    let session = &new.session;
    Ok(session::Model {
        sid: session.sid.as_str().to_owned(),
        user_id: session.user_id.as_str().to_owned(),
        secret_hash: new.secret_hash.0.to_vec(),
        auth_time: millis(session.authentication.auth_time),
        acr: session.authentication.acr.as_str().to_owned(),
        amr: json(&session.authentication.amr)?,
        authenticated_in: session.authenticated_in.as_ref().map(|tx| tx.as_str().to_owned()),
        created_at: millis(session.created_at),
        last_seen_at: millis(session.last_seen_at),
        idle_lifetime: i64::try_from(new.idle_lifetime.as_millis()).unwrap_or(i64::MAX / 4),
        expires_at: millis(session.expires_at),
        ended_at: None,
        address: new.address.map(|address| address.to_string()),
        user_agent: new.user_agent.clone(),
    })
}

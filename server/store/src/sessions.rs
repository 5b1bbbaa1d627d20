//! Browser sessions.

mod list;

pub use list::{SessionFilter, SessionSort};

use crate::Store;
use crate::audit;
use crate::column::{from_json, json, millis, moment};
use crate::entity::{session, user};
use crate::error::StoreError;
use crate::partials;
use crate::revoke::{Ending, end_session, user_is_live};
use crate::store::{Committed, Written};
use crate::users;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};
use signet_protocol::audit::AuditEvent;
use signet_protocol::change::Change;
use signet_protocol::environment::Moment;
use signet_protocol::id::{InteractionId, SessionId, UserId};
use signet_protocol::secret::{Secret, SecretHash};
use signet_protocol::session::{Acr, Authentication, SecondStep, Session};
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
    /// The half sign-in that it completes. If that is used up, no session begins.
    pub completes: Option<SecretHash>,
}

/// A new authentication in a session.
#[derive(Clone, Debug)]
pub struct Reauthentication {
    /// The session as it is from now on.
    pub session: Session,
    /// SHA-256 of the secret that its cookie holds.
    pub old: SecretHash,
    /// SHA-256 of the secret that it will hold.
    pub new: SecretHash,
    /// The hash that the person's password was compared with, if it was. If it is no longer theirs, nothing changes.
    pub verified: Option<Secret<String>>,
    /// The half sign-in that it completes. If that is used up, nothing changes.
    pub completes: Option<SecretHash>,
    /// The present moment.
    pub now: Moment,
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
    /// password meanwhile. [`Committed::Stale`]: the half sign-in was used up.
    pub async fn begin(self, new: NewSession, events: Vec<AuditEvent>) -> Result<Written, StoreError> {
        self.0
            .write((new, events), |(new, events), transaction| Box::pin(begin(transaction, new, events)))
            .await
    }

    /// Records a new authentication in a session, under a new secret. [`Committed::Stale`]: the secret has changed or
    /// the session has ended meanwhile, or the half sign-in was used up. [`Committed::SubjectGone`]: the user is not live,
    /// or has got another password meanwhile.
    pub async fn reauthenticate(
        self,
        change: Reauthentication,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        let amr = json(&change.session.authentication.amr)?;
        self.0
            .write((change, amr, events), |(change, amr, events), transaction| {
                Box::pin(reauthenticate(transaction, change, amr, events))
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
    if let Some(partial) = &new.completes
        && !partials::complete(transaction, partial, new.session.created_at).await?
    {
        return Ok(Written::not(Committed::Stale));
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

async fn reauthenticate(
    transaction: &DatabaseTransaction,
    change: &Reauthentication,
    amr: &str,
    events: &[AuditEvent],
) -> Result<Committed, StoreError> {
    let Session { sid, user_id, authentication, authenticated_in, second_step, .. } = &change.session;
    if !user_is_live(transaction, user_id).await? {
        return Ok(Committed::SubjectGone);
    }
    if let Some(verified) = &change.verified
        && !is_password_hash(transaction, user_id, verified).await?
    {
        return Ok(Committed::SubjectGone);
    }
    // A half sign-in is used up even if its session has ended meanwhile: the person signs in again.
    if let Some(partial) = &change.completes
        && !partials::complete(transaction, partial, change.now).await?
    {
        return Ok(Committed::Stale);
    }
    let updated = session::Entity::update_many()
        .col_expr(session::Column::SecretHash, Expr::value(change.new.0.to_vec()))
        .col_expr(session::Column::AuthTime, Expr::value(millis(authentication.auth_time)))
        .col_expr(session::Column::LastSeenAt, Expr::value(millis(change.now)))
        .col_expr(session::Column::Acr, Expr::value(authentication.acr.as_str()))
        .col_expr(session::Column::Amr, Expr::value(amr))
        .col_expr(session::Column::SecondStep, Expr::value(second_step.map(SecondStep::as_str)))
        .col_expr(
            session::Column::AuthenticatedIn,
            Expr::value(authenticated_in.as_ref().map(|tx| tx.as_str().to_owned())),
        )
        .filter(session::Column::Sid.eq(sid.as_str()))
        .filter(session::Column::SecretHash.eq(change.old.0.to_vec()))
        .filter(session::Column::EndedAt.is_null())
        .exec(transaction)
        .await?;
    if updated.rows_affected == 0 {
        return Ok(Committed::Stale);
    }
    audit::insert(transaction, events).await?;
    Ok(Committed::Yes)
}

pub(crate) async fn is_password_hash(
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

pub(crate) fn session(row: session::Model) -> Result<Session, StoreError> {
    Ok(Session {
        authentication: Authentication {
            auth_time: moment(row.auth_time)?,
            acr: acr(&row.acr)?,
            amr: from_json(&row.amr, "an amr")?,
        },
        authenticated_in: row.authenticated_in.map(InteractionId::new),
        second_step: row.second_step.as_deref().map(second_step).transpose()?,
        created_at: moment(row.created_at)?,
        last_seen_at: moment(row.last_seen_at)?,
        expires_at: moment(row.expires_at)?,
        sid: SessionId::new(row.sid),
        user_id: UserId::new(row.user_id),
    })
}

/// Sessions that have not ended, nor expired, nor been idle for too long.
pub(crate) fn live(now: Moment) -> Condition {
    let now = millis(now);
    let idle_end = Expr::col(session::Column::LastSeenAt).add(Expr::col(session::Column::IdleLifetime));
    Condition::all()
        .add(session::Column::EndedAt.is_null())
        .add(session::Column::ExpiresAt.gt(now))
        .add(idle_end.gt(now))
}

fn acr(text: &str) -> Result<Acr, StoreError> {
    Acr::named(text).ok_or_else(|| StoreError::Corrupt("an acr is unknown".into()))
}

fn second_step(text: &str) -> Result<SecondStep, StoreError> {
    SecondStep::named(text).ok_or_else(|| StoreError::Corrupt("a second step is unknown".into()))
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
        second_step: session.second_step.map(|step| step.as_str().to_owned()),
    })
}

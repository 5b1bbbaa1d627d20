//! A person's sessions.

use super::Account;
use crate::column::moment_or_none;
use crate::email_changes;
use crate::entity::session::{Column, Entity, Model};
use crate::error::StoreError;
use crate::revoke::{EndedSessions, Ending, end_sessions, forget_ways_back};
use crate::sessions::{live, session};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use signet_protocol::audit::Origin;
use signet_protocol::environment::Moment;
use signet_protocol::id::SessionId;
use signet_protocol::session::Session;

/// A session with what its browser told of itself.
#[derive(Clone, Debug)]
pub struct OwnSession {
    /// The session.
    pub session: Session,
    /// Where the browser was when it began.
    pub address: Option<String>,
    /// What it called itself (`User-Agent`).
    pub user_agent: Option<String>,
    /// When it was ended, if it was.
    pub ended_at: Option<Moment>,
}

pub(crate) fn own(mut row: Model) -> Result<OwnSession, StoreError> {
    let (address, user_agent) = (row.address.take(), row.user_agent.take());
    let ended_at = moment_or_none(row.ended_at)?;
    Ok(OwnSession { session: session(row)?, address, user_agent, ended_at })
}

impl Account<'_> {
    /// The sessions that are live, the one last used first.
    pub async fn sessions(&self, now: Moment) -> Result<Vec<OwnSession>, StoreError> {
        let rows = Entity::find()
            .filter(Column::UserId.eq(self.person.as_str()))
            .filter(live(now))
            .order_by_desc(Column::LastSeenAt)
            .order_by_asc(Column::Sid)
            .all(self.store.reads())
            .await?;
        rows.into_iter().map(own).collect()
    }

    /// Ends one session of this person's, what was granted for as long as it lasts, and the change of address that was asked
    /// for in it.
    pub async fn end_session(
        &self,
        sid: SessionId,
        now: Moment,
        (reason, origin): (&'static str, Origin),
    ) -> Result<EndedSessions, StoreError> {
        let ending = Ending { now, reason, origin };
        self.store
            .write((self.person.clone(), sid, ending), |(person, sid, ending), transaction| {
                Box::pin(async move {
                    let this = Condition::all()
                        .add(Column::UserId.eq(person.as_str()))
                        .add(Column::Sid.eq(sid.as_str()));
                    let ended = end_sessions(transaction, this, ending).await?;
                    email_changes::end_of_session(transaction, person, sid).await?;
                    Ok(ended)
                })
            })
            .await
    }

    /// Ends every session of this person's, but one that is kept, if there is such, and what was granted for as long as they last. Browsers in which no
    /// second factor is asked for are forgotten with them, and so is a change of address that is not done yet.
    pub async fn end_other_sessions(
        &self,
        kept: Option<SessionId>,
        now: Moment,
        (reason, origin): (&'static str, Origin),
    ) -> Result<EndedSessions, StoreError> {
        let ending = Ending { now, reason, origin };
        self.store
            .write((self.person.clone(), kept, ending), |(person, kept, ending), transaction| {
                Box::pin(async move {
                    let mut others = Condition::all().add(Column::UserId.eq(person.as_str()));
                    if let Some(kept) = kept {
                        others = others.add(Column::Sid.ne(kept.as_str()));
                    }
                    let ended = end_sessions(transaction, others, ending).await?;
                    forget_ways_back(transaction, person).await?;
                    Ok(ended)
                })
            })
            .await
    }
}

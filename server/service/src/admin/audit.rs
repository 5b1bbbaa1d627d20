//! Reading the audit log.

use super::{Actor, Admin, AdminError, Page, PageRequest};
use crate::audit::{AuditHealth, HoldingSeal, Progress, holding_seal, progress};
use signet_protocol::id::{ClientId, UserId};
use signet_protocol::permission::Permission;
use signet_store::{EventFilter, EventSort, Paging, RecordedEvent, SinkState};

/// What a history is told of.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A client.
    Client(ClientId),
    /// A person.
    User(UserId),
}

/// An event, and what shows that it is as it was recorded.
#[derive(Debug)]
pub struct ReadEvent {
    /// The event.
    pub event: RecordedEvent,
    /// The seal that holds it; none: it was recorded a moment ago, or sealing does not work.
    pub seal: Option<HoldingSeal>,
}

/// How far the audit log is sealed, and what is wrong with it.
#[derive(Debug)]
pub struct SealsState {
    /// As the database has it.
    pub progress: Progress,
    /// As this node has it.
    pub health: AuditHealth,
    /// How far each sink was reached.
    pub sinks: Vec<SinkState>,
}

/// What somebody changed about a client.
const OF_CLIENT: &[&str] = &["client_created", "client_changed", "client_removed"];
/// What somebody changed about a person.
const OF_USER: &[&str] = &[
    "user_created",
    "user_changed",
    "user_removed",
    "user_invited",
    "password_changed",
    "account_unlocked",
    "everything_ended",
    "group_joined",
    "group_left",
    "factor_added",
    "factor_removed",
    "recovery_codes_made",
    "email_changed",
    "deletion_scheduled",
    "deletion_cancelled",
];

impl Admin {
    /// A page of the events that are wanted, by when they happened.
    pub async fn events(
        &self,
        actor: &Actor,
        filter: &EventFilter,
        request: &PageRequest<EventSort>,
    ) -> Result<Page<RecordedEvent>, AdminError> {
        actor.must_have(Permission::AuditRead)?;
        let found = self.store.audit().page(filter, request.paging()?).await?;
        Ok(request.page(found, |event| request.sort.position(event)))
    }

    /// One event.
    pub async fn event(&self, actor: &Actor, id: i64) -> Result<ReadEvent, AdminError> {
        actor.must_have(Permission::AuditRead)?;
        let event = self.store.audit().event(id).await?.ok_or(AdminError::NotFound("event"))?;
        let seal = holding_seal(&self.store, &event).await?;
        Ok(ReadEvent { event, seal })
    }

    /// Who changed something, newest first, so many changes at most.
    pub async fn history(
        &self,
        actor: &Actor,
        subject: &Subject,
        limit: u64,
    ) -> Result<Vec<RecordedEvent>, AdminError> {
        actor.must_have(Permission::AuditRead)?;
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let filter = match subject.clone() {
            Subject::Client(client) => {
                EventFilter { names: names(OF_CLIENT), client: Some(client), ..EventFilter::default() }
            }
            Subject::User(user) => {
                EventFilter { names: names(OF_USER), user: Some(user), ..EventFilter::default() }
            }
        };
        let paging = Paging { sort: EventSort, descending: true, after: None, limit };
        Ok(self.store.audit().page(&filter, paging).await?)
    }

    /// How far the audit log is sealed, and whether that works.
    pub async fn seals(&self, actor: &Actor) -> Result<SealsState, AdminError> {
        actor.must_have(Permission::AuditRead)?;
        let progress = progress(&self.store, &self.clock).await?;
        let server = self.server()?;
        let is_set_up =
            |state: &SinkState| server.settings.audit_sinks.iter().any(|sink| sink.name == state.name);
        let mut sinks = self.store.audit_sinks().all().await?;
        sinks.retain(is_set_up);
        Ok(SealsState { progress, health: server.audit.health(), sinks })
    }
}

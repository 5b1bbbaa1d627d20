//! `/audit`: what happened, and whether it is sealed.

use super::caller::{Caller, Query};
use super::problem::{Problem, ProblemBody};
use super::{answer, told};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;
use serde_json::Value;
use signet_protocol::audit::Event;
use signet_protocol::id::{ClientId, GrantId, RequestId, SessionId, UserId};
use signet_service::admin::{AdminError, Page, SealsState};
use signet_service::audit::{
    EventFilter, EventSort, HoldingSeal, RecordedEvent, SealLine, SinkState, Trouble,
};
use std::collections::BTreeSet;
use std::net::IpAddr;
use utoipa::ToSchema;

const SORTS: [(&str, EventSort); 1] = [("at", EventSort)];

/// What happened.
#[derive(Serialize, ToSchema)]
pub struct EventAnswer {
    /// Its number.
    id: i64,
    /// When (RFC 3339).
    at: String,
    /// Its name.
    event: String,
    /// The request that it happened in.
    request_id: Option<String>,
    /// The address that this came from.
    address: Option<String>,
    /// Who did it, as far as they had shown who they are: `user:…`, `client:…`, `command line`, `first start` or `server`.
    actor: Option<String>,
    /// The person concerned.
    user_id: Option<String>,
    /// The client concerned.
    client_id: Option<String>,
    /// The session concerned.
    sid: Option<String>,
    /// The grant concerned.
    grant_id: Option<String>,
    /// The event's own fields; `changes` has what a field was and what it became.
    #[schema(value_type = Object)]
    details: Value,
}

/// A page of the audit log.
#[derive(Serialize, ToSchema)]
pub struct EventPage {
    /// The events.
    items: Vec<EventAnswer>,
    /// What to send as `cursor` for the next page; null: this is the last one.
    next_cursor: Option<String>,
}

/// The seal that holds an event.
#[derive(Serialize, ToSchema)]
pub struct HoldingSealAnswer {
    /// Its number.
    seq: i64,
    /// When it was made (RFC 3339).
    at: String,
    /// The key that signed it.
    kid: String,
    /// Whether the event is as it was then.
    unchanged: bool,
}

/// An event, and what holds it.
#[derive(Serialize, ToSchema)]
pub struct SealedEventAnswer {
    #[serde(flatten)]
    event: EventAnswer,
    /// Its seal; null: there is none yet.
    seal: Option<HoldingSealAnswer>,
}

/// A seal as it is exported. Hashes and the signature are hexadecimal.
#[derive(Serialize, ToSchema)]
pub struct SealAnswer {
    /// 1, 2, 3 …
    seq: i64,
    /// When it was made (RFC 3339).
    at: String,
    /// The hash of the one before.
    previous: String,
    /// The least number of an event in it; 0: it has none.
    first_id: i64,
    /// The greatest number of an event in it; 0: it has none.
    last_id: i64,
    /// How far events were dropped for their age.
    dropped_through: i64,
    /// SHA-256 of the numbers and digests of its events.
    rows_sha256: String,
    /// The key that signed it.
    kid: String,
    /// Its hash.
    hash: String,
    /// The Ed25519 signature over the hash.
    signature: String,
}

/// Something that does not work.
#[derive(Serialize, ToSchema)]
pub struct TroubleAnswer {
    /// Since when (RFC 3339).
    since: String,
    /// Why, when it was last tried.
    reason: String,
}

/// Where seals are sent.
#[derive(Serialize, ToSchema)]
pub struct SinkAnswer {
    /// Its name.
    name: String,
    /// The last seal that reached it; 0: none did.
    seq: i64,
    /// When that was (RFC 3339).
    shipped_at: Option<String>,
    /// Since when nothing reaches it (RFC 3339); null: it works.
    failing_since: Option<String>,
    /// Why.
    error: Option<String>,
}

impl From<SinkState> for SinkAnswer {
    fn from(state: SinkState) -> Self {
        Self {
            name: state.name,
            seq: state.seq,
            shipped_at: state.shipped_at.map(told),
            failing_since: state.failing_since.map(told),
            error: state.error,
        }
    }
}

/// How far the audit log is sealed, and what is wrong with it.
#[derive(Serialize, ToSchema)]
pub struct SealsAnswer {
    /// The last seal; null: there is none yet.
    last: Option<SealAnswer>,
    /// How many events came after it; 10000: at least so many.
    unsealed: u64,
    /// When the first of them was recorded (RFC 3339).
    waiting_since: Option<String>,
    /// They should have been sealed long ago.
    late: bool,
    /// Why the node that answers cannot seal; null: it can, or leaves it to another one.
    sealing: Option<TroubleAnswer>,
    /// Why the node that answers cannot write events; it keeps them, and tries again.
    writing: Option<TroubleAnswer>,
    /// How many events it keeps.
    unwritten: usize,
    /// Where seals are sent, as far as any were.
    sinks: Vec<SinkAnswer>,
}

impl From<RecordedEvent> for EventAnswer {
    fn from(event: RecordedEvent) -> Self {
        Self {
            id: event.id,
            at: told(event.at),
            event: event.name,
            request_id: event.request_id,
            address: event.address,
            actor: event.actor,
            user_id: event.user_id,
            client_id: event.client_id,
            sid: event.sid,
            grant_id: event.grant_id,
            details: event.details,
        }
    }
}

impl From<HoldingSeal> for HoldingSealAnswer {
    fn from(seal: HoldingSeal) -> Self {
        Self { seq: seal.seq, at: told(seal.at), kid: seal.kid, unchanged: seal.unchanged }
    }
}

impl From<SealLine> for SealAnswer {
    fn from(line: SealLine) -> Self {
        let SealLine { seq, at, previous, first_id, last_id, dropped_through, .. } = line;
        let SealLine { rows_sha256, kid, hash, signature, .. } = line;
        Self { seq, at, previous, first_id, last_id, dropped_through, rows_sha256, kid, hash, signature }
    }
}

impl From<Trouble> for TroubleAnswer {
    fn from(trouble: Trouble) -> Self {
        Self { since: told(trouble.since), reason: trouble.reason }
    }
}

impl From<SealsState> for SealsAnswer {
    fn from(SealsState { progress, health, sinks }: SealsState) -> Self {
        Self {
            last: progress.last.map(SealAnswer::from),
            unsealed: progress.unsealed,
            waiting_since: progress.waiting_since.map(told),
            late: progress.late,
            sealing: health.sealing.map(TroubleAnswer::from),
            writing: health.writing.map(TroubleAnswer::from),
            unwritten: health.waiting,
            sinks: sinks.into_iter().map(SinkAnswer::from).collect(),
        }
    }
}

/// List events
///
/// Those that match, newest first.
#[utoipa::path(
    get,
    path = "/audit",
    tag = "audit",
    operation_id = "listEvents",
    params(
        ("event" = Option<String>, Query, description = "Only events of this name; several are separated by commas."),
        ("actor" = Option<String>, Query, description = "Only what they did, as events name them: `user:…`, `client:…`."),
        ("user_id" = Option<String>, Query, description = "Only what concerns this person."),
        ("client_id" = Option<String>, Query, description = "Only what concerns this client."),
        ("sid" = Option<String>, Query, description = "Only what concerns this session."),
        ("grant_id" = Option<String>, Query, description = "Only what concerns this grant."),
        ("request_id" = Option<String>, Query, description = "Only what happened in this request."),
        ("address" = Option<String>, Query, description = "Only what came from this IP address."),
        ("from" = Option<String>, Query, description = "Not before this moment (RFC 3339)."),
        ("to" = Option<String>, Query, description = "Before this moment (RFC 3339)."),
        ("sort" = Option<String>, Query, description = "-at (the default) or at."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many, 50 if it is not said."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page.", body = EventPage)),
    security(("signet" = ["signet:audit:read"])),
)]
pub async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let query = caller.query(&[
        "event",
        "actor",
        "user_id",
        "client_id",
        "sid",
        "grant_id",
        "request_id",
        "address",
        "from",
        "to",
        "sort",
        "limit",
        "cursor",
    ])?;
    let mut request = query.page(&SORTS)?;
    request.descending |= query.text("sort")?.is_none();
    let page = caller.admin().events(&caller.actor, &filter(&query)?, &request).await;
    let Page { items, next_cursor } = page.map_err(|error| caller.refuse(error))?;
    let items = items.into_iter().map(EventAnswer::from).collect();
    Ok(answer(StatusCode::OK, &EventPage { items, next_cursor }))
}

fn filter(query: &Query<'_>) -> Result<EventFilter, Problem> {
    let asked = query.filter("event")?.unwrap_or_default();
    let names: BTreeSet<&str> = asked.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.iter().any(|name| !Event::NAMES.contains(name)) {
        return Err(query.fault("event", "must be names of events, separated by commas"));
    }
    let address: Option<IpAddr> = query.parsed("address", "must be an IP address")?;
    Ok(EventFilter {
        from: query.parsed("from", "must be a moment (RFC 3339)")?,
        to: query.parsed("to", "must be a moment (RFC 3339)")?,
        names: names.into_iter().map(str::to_owned).collect(),
        actor: query.filter("actor")?,
        user: query.filter("user_id")?.map(UserId::new),
        client: query.filter("client_id")?.map(ClientId::new),
        sid: query.filter("sid")?.map(SessionId::new),
        grant: query.filter("grant_id")?.map(GrantId::new),
        request: query.filter("request_id")?.map(RequestId::new),
        address: address.map(|address| address.to_string()),
    })
}

/// Read an event
#[utoipa::path(
    get,
    path = "/audit/{event_id}",
    tag = "audit",
    operation_id = "readEvent",
    params(("event_id" = i64, Path, description = "The event's number.")),
    responses(
        (status = 200, description = "The event.", body = SealedEventAnswer),
        (status = 404, description = "There is none.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:audit:read"])),
)]
pub async fn read(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    caller.needs(signet_protocol::permission::Permission::AuditRead)?;
    let id = id.parse().map_err(|_| caller.refuse(AdminError::NotFound("event")))?;
    let found = caller.admin().event(&caller.actor, id).await.map_err(|error| caller.refuse(error))?;
    let seal = found.seal.map(HoldingSealAnswer::from);
    Ok(answer(StatusCode::OK, &SealedEventAnswer { event: found.event.into(), seal }))
}

/// Ask how far events are sealed
#[utoipa::path(
    get,
    path = "/audit/seals",
    tag = "audit",
    operation_id = "readSeals",
    responses((status = 200, description = "How far, and what is wrong, if anything is.", body = SealsAnswer)),
    security(("signet" = ["signet:audit:read"])),
)]
pub async fn seals(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let state = caller.admin().seals(&caller.actor).await.map_err(|error| caller.refuse(error))?;
    Ok(answer(StatusCode::OK, &SealsAnswer::from(state)))
}

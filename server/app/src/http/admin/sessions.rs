//! `/sessions`: who is signed in where.

use super::caller::{Caller, named};
use super::problem::{Problem, ProblemBody};
use super::{Ended, answer, told};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;
use signet_protocol::id::{ClientId, SessionId, UserId};
use signet_service::admin::{OwnSession, Page, SessionFilter, SessionSort};
use utoipa::ToSchema;

const SORTS: [(&str, SessionSort); 1] = [("created_at", SessionSort)];

/// A browser in which somebody is signed in.
#[derive(Serialize, ToSchema)]
pub struct SessionAnswer {
    /// What names it; tokens have it as `sid`.
    sid: String,
    /// Who is signed in.
    user_id: String,
    /// When it began (RFC 3339).
    created_at: String,
    /// When it was last used, to the minute (RFC 3339).
    last_seen_at: String,
    /// When it ends by itself (RFC 3339).
    expires_at: String,
    /// When the person last proved themselves (RFC 3339).
    auth_time: String,
    /// How strongly.
    acr: String,
    /// By which means (RFC 8176).
    amr: Vec<String>,
    /// Where the browser was when it began.
    address: Option<String>,
    /// What it called itself.
    user_agent: Option<String>,
}

/// A page of the sessions.
#[derive(Serialize, ToSchema)]
pub struct SessionPage {
    /// The sessions.
    items: Vec<SessionAnswer>,
    /// What to send as `cursor` for the next page; null: this is the last one.
    next_cursor: Option<String>,
}

impl From<OwnSession> for SessionAnswer {
    fn from(own: OwnSession) -> Self {
        let session = own.session;
        Self {
            sid: session.sid.to_string(),
            user_id: session.user_id.to_string(),
            created_at: told(session.created_at),
            last_seen_at: told(session.last_seen_at),
            expires_at: told(session.expires_at),
            auth_time: told(session.authentication.auth_time),
            acr: session.authentication.acr.as_str().to_owned(),
            amr: session.authentication.amr,
            address: own.address,
            user_agent: own.user_agent,
        }
    }
}

/// List sessions
///
/// Those that are live.
#[utoipa::path(
    get,
    path = "/sessions",
    tag = "sessions",
    operation_id = "listSessions",
    params(
        ("user_id" = Option<String>, Query, description = "Only this person's."),
        ("client_id" = Option<String>, Query, description = "Only those that a live grant of this client's came from; `signet:grants:read` is needed, too."),
        ("sort" = Option<String>, Query, description = "created_at (the default); with - before it from the end."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many, 50 if it is not said."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page.", body = SessionPage)),
    security(("signet" = ["signet:sessions:read"])),
)]
pub async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let query = caller.query(&["user_id", "client_id", "sort", "limit", "cursor"])?;
    let filter = SessionFilter {
        user_id: query.filter("user_id")?.map(UserId::new),
        client_id: query.filter("client_id")?.map(ClientId::new),
    };
    let request = query.page(&SORTS)?;
    let page = caller.admin().sessions(&caller.actor, &filter, &request).await;
    let Page { items, next_cursor } = page.map_err(|error| caller.refuse(error))?;
    let items = items.into_iter().map(SessionAnswer::from).collect();
    Ok(answer(StatusCode::OK, &SessionPage { items, next_cursor }))
}

/// End a session
///
/// What was granted for as long as it lasts ends with it; grants with `offline_access` go on.
#[utoipa::path(
    delete,
    path = "/sessions/{sid}",
    tag = "sessions",
    operation_id = "endSession",
    params(("sid" = String, Path, description = "The session's identifier.")),
    responses(
        (status = 204, description = "It has ended."),
        (status = 404, description = "There is no live one of that name.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:sessions:write"])),
)]
pub async fn end(caller: Caller, sid: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let sid = SessionId::new(named(&caller, sid.into_inner(), "session")?);
    caller.admin().end_session(&caller.actor, sid).await.map_err(|error| caller.refuse(error))?;
    Ok(super::nothing())
}

/// End a user's sessions
///
/// What was granted for as long as they last ends with them, and browsers in which no second step is asked for are forgotten.
#[utoipa::path(
    delete,
    path = "/users/{user_id}/sessions",
    tag = "sessions",
    operation_id = "endUserSessions",
    params(("user_id" = String, Path, description = "The person's identifier.")),
    responses(
        (status = 200, description = "They have ended.", body = Ended),
        (status = 404, description = "There is nobody of that name.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:sessions:write"])),
)]
pub async fn end_of_user(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let id = UserId::new(id.into_inner());
    let ended = caller.admin().end_sessions_of(&caller.actor, &id).await;
    let ended = ended.map_err(|error| caller.refuse(error))?;
    Ok(answer(StatusCode::OK, &Ended { ended }))
}

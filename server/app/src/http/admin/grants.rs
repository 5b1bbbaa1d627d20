//! `/grants`: which client may act for whom.

use super::caller::{Caller, named};
use super::problem::{Problem, ProblemBody};
use super::{Ended, answer, told};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;
use signet_protocol::grant::Grant;
use signet_protocol::id::{ClientId, GrantId, UserId};
use signet_service::admin::{GrantFilter, GrantSort, Page};
use utoipa::ToSchema;

const SORTS: [(&str, GrantSort); 1] = [("id", GrantSort)];

/// What a client may do in somebody's name.
#[derive(Serialize, ToSchema)]
pub struct GrantAnswer {
    /// What names it.
    id: String,
    /// Whose it is.
    user_id: String,
    /// What for.
    client_id: String,
    /// What was granted.
    scope: String,
    /// The session that it came from.
    sid: String,
    /// Whether it outlives that session.
    offline: bool,
    /// Whether it has a refresh token.
    refreshable: bool,
    /// When it was made (RFC 3339).
    created_at: String,
    /// When its refresh token ends unless it is used (RFC 3339).
    idle_expires_at: String,
    /// When its refresh token ends at the latest (RFC 3339).
    expires_at: String,
    /// When its latest access token ends (RFC 3339).
    access_token_expires_at: String,
}

/// A page of the grants.
#[derive(Serialize, ToSchema)]
pub struct GrantPage {
    /// The grants.
    items: Vec<GrantAnswer>,
    /// What to send as `cursor` for the next page; null: this is the last one.
    next_cursor: Option<String>,
}

impl From<Grant> for GrantAnswer {
    fn from(grant: Grant) -> Self {
        let authorization = grant.authorization;
        Self {
            id: grant.id.to_string(),
            user_id: authorization.user_id.to_string(),
            client_id: authorization.client_id.to_string(),
            scope: authorization.scope.to_string(),
            sid: authorization.sid.to_string(),
            offline: authorization.offline,
            refreshable: grant.refreshable,
            created_at: told(grant.created_at),
            idle_expires_at: told(grant.idle_expires_at),
            expires_at: told(grant.expires_at),
            access_token_expires_at: told(grant.access_token_expires_at),
        }
    }
}

/// List grants
///
/// Those by which a token may be had or used.
#[utoipa::path(
    get,
    path = "/grants",
    tag = "grants",
    operation_id = "listGrants",
    params(
        ("user_id" = Option<String>, Query, description = "Only this person's."),
        ("client_id" = Option<String>, Query, description = "Only this client's."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "How many, 50 if it is not said."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page.", body = GrantPage)),
    security(("signet" = ["signet:grants:read"])),
)]
pub async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let query = caller.query(&["user_id", "client_id", "limit", "cursor"])?;
    let filter = GrantFilter {
        user_id: query.filter("user_id")?.map(UserId::new),
        client_id: query.filter("client_id")?.map(ClientId::new),
    };
    let request = query.page(&SORTS)?;
    let page = caller.admin().grants(&caller.actor, &filter, &request).await;
    let Page { items, next_cursor } = page.map_err(|error| caller.refuse(error))?;
    let items = items.into_iter().map(GrantAnswer::from).collect();
    Ok(answer(StatusCode::OK, &GrantPage { items, next_cursor }))
}

/// End a grant
///
/// Its tokens end with it, on every node within a second.
#[utoipa::path(
    delete,
    path = "/grants/{grant_id}",
    tag = "grants",
    operation_id = "endGrant",
    params(("grant_id" = String, Path, description = "The grant's identifier.")),
    responses(
        (status = 204, description = "It has ended."),
        (status = 404, description = "There is none of that name, or it has ended already.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:grants:write"])),
)]
pub async fn end(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let id = GrantId::new(named(&caller, id.into_inner(), "grant")?);
    caller.admin().end_grant(&caller.actor, id).await.map_err(|error| caller.refuse(error))?;
    Ok(super::nothing())
}

/// End a user's grants
///
/// With their tokens, on every node within a second. What the person consented to stays, and so do their sessions.
#[utoipa::path(
    delete,
    path = "/users/{user_id}/grants",
    tag = "grants",
    operation_id = "endUserGrants",
    params(("user_id" = String, Path, description = "The person's identifier.")),
    responses(
        (status = 200, description = "They have ended.", body = Ended),
        (status = 404, description = "There is nobody of that name.", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("signet" = ["signet:grants:write"])),
)]
pub async fn end_of_user(caller: Caller, id: Path<String>) -> Result<HttpResponse, Problem> {
    caller.query(&[])?;
    let id = UserId::new(id.into_inner());
    let ended = caller.admin().end_grants_of(&caller.actor, &id).await;
    let ended = ended.map_err(|error| caller.refuse(error))?;
    Ok(answer(StatusCode::OK, &Ended { ended }))
}

//! `/emergency`: what is left when nothing else helps.

use super::answer;
use super::caller::Caller;
use super::problem::Problem;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use serde::{Deserialize, Serialize};
use signet_protocol::permission::Permission;
use utoipa::ToSchema;

/// Why everything has to end.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Emergency {
    /// The reason, for the audit log.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// What ended. With `dry_run` neither is counted beyond 10000, which then says: at least so many.
#[derive(Serialize, ToSchema)]
pub struct EverythingEnded {
    /// So many sessions.
    sessions: u64,
    /// So many grants.
    grants: u64,
}

/// End everything
///
/// Every session, grant and token of everybody's ends, on every node within a second: those of clients too, and the one of this
/// call. People sign in again, and clients ask for tokens again.
#[utoipa::path(
    post,
    path = "/emergency/end-all",
    tag = "emergency",
    operation_id = "endEverything",
    params(("dry_run" = Option<bool>, Query, description = "Only count what would end.")),
    request_body = Emergency,
    responses((status = 200, description = "It has ended (or would).", body = EverythingEnded)),
    security(("signet" = ["signet:emergency:write"])),
)]
pub async fn end_all(caller: Caller, payload: Payload) -> Result<HttpResponse, Problem> {
    caller.needs(Permission::EmergencyWrite)?;
    let dry_run = caller.query(&["dry_run"])?.flag("dry_run")?.unwrap_or(false);
    let Emergency { reason } = caller.read(payload).await?;
    let ended = caller.admin().end_everything(&caller.actor, reason, dry_run).await;
    let ended = ended.map_err(|error| caller.refuse(error))?;
    Ok(answer(StatusCode::OK, &EverythingEnded { sessions: ended.sessions, grants: ended.grants }))
}
